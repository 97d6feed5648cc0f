/* SPDX-License-Identifier: MIT */
/* `hash --check`: a line a file, OK or FAILED, or a document. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "input.h"
#include "out.h"
#include "platform.h"
#include "report.h"
#include "sums.h"

typedef struct checker {
    cli_context *cli;
    const char *file;
    tpl_run run;
    cli_out out;
    cli_json items; /* of the document's `files` */
    size_t ok;
    size_t failed;
    size_t unreadable;
    size_t malformed;
    size_t first_malformed; /* line number */
} checker;

static void answer(checker *c, const char *name, const char *word, const tpl_error *err) {
    if (c->cli->json) {
        cli_json_object(&c->items, NULL);
        cli_json_os(&c->items, "path", name);
        cli_json_bool(&c->items, "ok", strcmp(word, "OK") == 0);
        cli_json_string(&c->items, "error", err == NULL ? NULL : err->message);
        cli_json_object_end(&c->items);
    } else if (!c->cli->quiet || strcmp(word, "OK") != 0) {
        cli_text line = CLI_TEXT_INIT;
        cli_sum_put_name(&line, name);
        cli_put_format(&line, ": %s\n", word);
        (void)cli_out_text(&c->out, &line);
        cli_text_dispose(&line);
    }
}

/* TPL_OK also when the file is not what it should be or cannot be read: that is an answer. */
static tpl_status check_one(checker *c, cli_sum *sum, tpl_error *err) {
    const char *name = cli_text_string(&sum->name);
    if (sum->name.status != TPL_OK) {
        return cli_error(err, sum->name.status); /* a part of a name may be that of another file */
    }
    tpl_file_hash found;
    tpl_status status = cli_input_hash(&found, name, &c->run, err);
    if (status == TPL_E_CANCELLED || status == TPL_E_NOMEM) {
        return status;
    }
    if (status != TPL_OK) {
        c->unreadable++;
        answer(c, name, "FAILED open or read", err);
        cli_complain(c->cli, err);
    } else if (found.hash.high == sum->hash.high && found.hash.low == sum->hash.low) {
        c->ok++;
        answer(c, name, "OK", NULL);
    } else {
        c->failed++;
        answer(c, name, "FAILED", NULL);
    }
    return c->out.failed;
}

static tpl_status check_lines(checker *c, const tpl_buffer *data, tpl_error *err) {
    cli_sum sum = {{0, 0}, CLI_TEXT_INIT};
    const char *line = data->data;
    const char *end = data->data + data->len;
    tpl_status status = TPL_OK;
    for (size_t number = 1; line < end && status == TPL_OK; number++) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline == NULL ? end : newline;
        cli_sum_kind kind = cli_sum_parse(&sum, line, (size_t)(stop - line));
        if (kind == CLI_SUM_LINE) {
            status = check_one(c, &sum, err);
        } else if (kind == CLI_SUM_MALFORMED) {
            c->malformed++;
            c->first_malformed = c->first_malformed == 0 ? number : c->first_malformed;
        }
        line = stop + 1;
    }
    cli_text_dispose(&sum.name);
    return status;
}

static tpl_status finish(checker *c, tpl_error *err) {
    if (c->cli->json) {
        cli_json json = CLI_JSON_INIT;
        cli_json_begin(&json, "hash-check");
        cli_json_bool(&json, "ok", c->failed + c->unreadable == 0);
        cli_json_items(&json, "files", &c->items);
        cli_json_unsigned(&json, "malformedLines", c->malformed);
        return cli_out_json(&c->out, &json, err);
    }
    tpl_status status = cli_out_commit(&c->out, err);
    if (status == TPL_OK) {
        cli_text line = CLI_TEXT_INIT;
        cli_put_format(&line, "%zu OK, %zu failed, %zu unreadable", c->ok, c->failed,
                       c->unreadable);
        cli_note(c->cli, &line);
    }
    return status;
}

static void warn_of_malformed(checker *c) {
    cli_text text = CLI_TEXT_INIT;
    cli_put_format(&text, "%zu %s not \"HASH  NAME\" (the first is line %zu)", c->malformed,
                   c->malformed == 1 ? "line is" : "lines are", c->first_malformed);
    cli_warn(c->cli, c->file, cli_text_string(&text));
    cli_text_dispose(&text);
}

static tpl_status check(checker *c, tpl_error *err) {
    tpl_buffer data = TPL_BUFFER_INIT;
    tpl_status status = cli_input_read(&data, c->cli, c->file, NULL, err);
    if (status == TPL_OK) {
        status = check_lines(c, &data, err);
    }
    tpl_buffer_dispose(&data);
    if (status == TPL_OK && c->ok + c->failed + c->unreadable == 0) {
        (void)cli_error(err, TPL_E_SYNTAX);
        (void)snprintf(err->message, sizeof(err->message), "no line is \"HASH  NAME\"");
        return TPL_E_SYNTAX;
    }
    if (status == TPL_OK && c->malformed > 0) {
        warn_of_malformed(c);
    }
    if (status == TPL_OK || c->out.failed != TPL_OK) {
        c->cli->subject = NULL;
        status = finish(c, err);
    }
    return status;
}

cli_exit cli_check_sums(cli_context *cli, const char *file) {
    tpl_error err = TPL_ERROR_INIT;
    checker c = {.cli = cli, .file = file, .run = cli_run(cli)};
    tpl_status status = check(&c, &err);
    cli_exit code = CLI_EXIT_DONE;
    if (status != TPL_OK) {
        code = cli_fail(cli, &err);
    } else if (c.unreadable > 0) {
        code = CLI_EXIT_IO;
    } else if (c.failed > 0) {
        code = CLI_EXIT_NO;
    }
    cli_json_dispose(&c.items);
    cli_out_dispose(&c.out);
    tpl_error_dispose(&err);
    return code;
}
