/* SPDX-License-Identifier: MIT */
/* Lines for a person on stderr, and what a failure is as an exit code and as a document. */
#include "report.h"

#include <stdio.h>
#include <string.h>

#include "out.h"
#include "platform.h"
#include "tpl/text.h"

static const unsigned char EXIT_CODES[TPL_STATUS_COUNT] = {
    [TPL_OK] = CLI_EXIT_DONE,
    [TPL_E_NOMEM] = CLI_EXIT_IO,
    [TPL_E_ARGUMENT] = CLI_EXIT_USAGE,
    [TPL_E_IO] = CLI_EXIT_IO,
    [TPL_E_CHANGED] = CLI_EXIT_IO,
    [TPL_E_CANCELLED] = CLI_EXIT_INTERRUPTED,
    [TPL_E_SYNTAX] = CLI_EXIT_DATA,
    [TPL_E_MANIFEST] = CLI_EXIT_DATA,
    [TPL_E_VERSION] = CLI_EXIT_DATA,
    [TPL_E_RANGE] = CLI_EXIT_DATA,
    [TPL_E_EMPTY] = CLI_EXIT_DATA,
    [TPL_E_UNSAFE_PATH] = CLI_EXIT_DATA,
    [TPL_E_DOCUMENT] = CLI_EXIT_DATA,
    [TPL_E_INPUTS] = CLI_EXIT_DATA,
    [TPL_E_INTERNAL] = CLI_EXIT_INTERNAL,
};

_Static_assert(TPL_E_INTERNAL + 1 == TPL_STATUS_COUNT, "every status has an exit code");

cli_exit cli_exit_of(tpl_status status) {
    int signal = cli_signal_caught();
    if (status == TPL_E_CANCELLED && signal != 0 && !cli_signal_is_interrupt(signal)) {
        return CLI_EXIT_TERMINATED;
    }
    return (cli_exit)EXIT_CODES[(unsigned)status < TPL_STATUS_COUNT ? status : TPL_E_INTERNAL];
}

tpl_status cli_error(tpl_error *err, tpl_status status) {
    tpl_error_dispose(err);
    err->status = status;
    (void)snprintf(err->message, sizeof(err->message), "%s", tpl_status_text(status));
    return status;
}

tpl_status cli_error_stream(tpl_error *err, int sys_errno, const char *stream) {
    char text[128];
    tpl_error_dispose(err);
    err->status = TPL_E_IO;
    err->sys_errno = sys_errno;
    (void)snprintf(err->message, sizeof(err->message), "%s: %s", stream,
                   tpl_errno_text(sys_errno, text, sizeof(text)));
    return TPL_E_IO;
}

static void print_line(cli_context *cli, cli_text *line) {
    static const char NO_MEMORY[] = CLI_NAME ": out of memory\n";
    cli_progress_clear(&cli->bar);
    cli_put(line, "\n");
    if (line->status == TPL_OK) {
        cli_stderr_write(line->bytes.data, line->bytes.len);
    } else {
        cli_stderr_write(NO_MEMORY, sizeof(NO_MEMORY) - 1);
    }
    cli_text_dispose(line);
}

/* A failure, whatever it was that reported it. */
typedef struct failure {
    tpl_status status;
    const char *path; /* WTF-8; NULL when it is about none */
    size_t path_len;
    const char *message;
    size_t message_len;
    const char *hint; /* or NULL */
} failure;

/* The document that a failure is with --json. Standard output may be what failed: then the lines on
 * stderr have to do. */
static void print_document(const failure *what, cli_exit code) {
    cli_json json = CLI_JSON_INIT;
    tpl_error ignored = TPL_ERROR_INIT;
    cli_json_begin(&json, "error");
    cli_json_string(&json, "status", tpl_status_name(what->status));
    cli_json_unsigned(&json, "exitCode", code);
    if (what->path == NULL) {
        cli_json_null(&json, "path");
    } else {
        cli_json_text(&json, "path", what->path, what->path_len);
    }
    cli_json_text(&json, "message", what->message, what->message_len);
    cli_json_string(&json, "hint", what->hint);
    if (cli_json_end(&json, &ignored) == TPL_OK) {
        (void)cli_stdout_write(json.text.data, json.text.len);
    }
    cli_json_dispose(&json);
}

static void print_lines(cli_context *cli, const failure *what) {
    cli_text line = CLI_TEXT_INIT;
    cli_put(&line, CLI_NAME ": ");
    if (what->path != NULL) {
        cli_put_path(&line, what->path, what->path_len);
        cli_put(&line, ": ");
    }
    cli_put_bytes(&line, what->message, what->message_len);
    print_line(cli, &line);
    if (what->hint != NULL) {
        cli_put(&line, "hint: ");
        cli_put(&line, what->hint);
        print_line(cli, &line);
    }
}

static void put_hint(cli_text *hint, const cli_context *cli, tpl_status status) {
    if (status == TPL_E_EMPTY) {
        cli_put(hint, "format 2023-03-03 cannot hold an empty tree");
        if (cli->pattern.len > 0) {
            cli_put(hint, "; ");
            cli_put_pattern_below(hint, cli->pattern.data, cli->pattern.len);
        }
    } else if (cli->hint != NULL) {
        cli_put(hint, cli->hint);
    }
}

/* Reports what a record tells of, with a document or without, and releases it. */
static cli_exit report(cli_context *cli, tpl_error *err, bool document) {
    cli_exit code = cli_exit_of(err->status);
    failure what = {err->status,          err->path, err->path_len, err->message,
                    strlen(err->message), NULL};
    tpl_buffer subject = TPL_BUFFER_INIT;
    cli_text hint = CLI_TEXT_INIT;
    if (err->status == TPL_E_CANCELLED) {
        what.path = NULL;
    } else {
        if (err->path == NULL && cli->subject != NULL &&
            tpl_text_from_os(&subject, cli->subject, strlen(cli->subject)) == TPL_OK) {
            what.path = subject.len == 0 ? "" : subject.data;
            what.path_len = subject.len;
        }
        put_hint(&hint, cli, err->status);
        what.hint = hint.bytes.len == 0 ? NULL : cli_text_string(&hint);
    }
    print_lines(cli, &what);
    if (document) {
        print_document(&what, code);
    }
    tpl_buffer_dispose(&subject);
    cli_text_dispose(&hint);
    tpl_error_dispose(err);
    return code;
}

cli_exit cli_fail(cli_context *cli, tpl_error *err) {
    return report(cli, err, cli->json);
}

void cli_complain(cli_context *cli, tpl_error *err) {
    (void)report(cli, err, false);
}

cli_exit cli_usage(cli_context *cli, const char *message, const char *word, const char *similar) {
    cli_text text = CLI_TEXT_INIT;
    cli_text hint = CLI_TEXT_INIT;
    cli_put(&text, message);
    if (word != NULL) {
        cli_put_os(&text, word);
    }
    if (similar != NULL) {
        cli_put_format(&hint, "did you mean %s? See ", similar);
    }
    cli_put(&hint, CLI_NAME " help");
    if (cli->command->name != NULL) {
        cli_put_format(&hint, " %s", cli->command->name);
    }
    failure what = {TPL_E_ARGUMENT,  NULL,           0,
                    text.bytes.data, text.bytes.len, cli_text_string(&hint)};
    print_lines(cli, &what);
    if (cli->json) {
        print_document(&what, CLI_EXIT_USAGE);
    }
    cli_text_dispose(&text);
    cli_text_dispose(&hint);
    return CLI_EXIT_USAGE;
}

static void put_warning(cli_text *line) {
    cli_put(line, CLI_NAME ": warning: ");
}

void cli_warn(cli_context *cli, const char *os_path, const char *message) {
    cli_text line = CLI_TEXT_INIT;
    put_warning(&line);
    cli_put_os(&line, os_path);
    cli_put(&line, ": ");
    cli_put(&line, message);
    cli_note(cli, &line);
}

static void keep_skipped(cli_context *cli, const tpl_warning *warning) {
    cli_json_object(&cli->skipped, NULL);
    cli_json_text(&cli->skipped, "path", warning->path, warning->path_len);
    cli_json_string(&cli->skipped, "reason", tpl_warning_name(warning->kind));
    cli_json_object_end(&cli->skipped);
}

void cli_on_warning(const tpl_warning *warning, void *payload) {
    cli_context *cli = payload;
    bool is_pattern = warning->kind == TPL_WARN_PATTERN_IS_DIRECTORY;
    if (is_pattern && cli->pattern.len == 0) {
        (void)tpl_buffer_append(&cli->pattern, warning->path, warning->path_len);
    } else if (tpl_warning_is_skip(warning->kind) && cli->json) {
        keep_skipped(cli, warning);
    }
    cli_text line = CLI_TEXT_INIT;
    put_warning(&line);
    cli_put_path(&line, warning->path, warning->path_len);
    cli_put(&line, ": ");
    cli_put(&line, tpl_warning_text(warning->kind));
    if (warning->sys_errno != 0) {
        cli_put(&line, " (");
        cli_put_errno(&line, warning->sys_errno);
        cli_put(&line, ")");
    }
    cli_note(cli, &line);
    if (is_pattern) {
        cli_put(&line, "hint: ");
        cli_put_pattern_below(&line, warning->path, warning->path_len);
        cli_note(cli, &line);
    }
}

void cli_put_pattern_below(cli_text *text, const char *pattern, size_t len) {
    while (len > 0 && pattern[len - 1] == '/') {
        len--;
    }
    cli_put_path(text, pattern, len);
    cli_put(text, "/** selects the files below it");
}

void cli_note(cli_context *cli, cli_text *line) {
    if (cli->quiet) {
        cli_text_dispose(line);
    } else {
        print_line(cli, line);
    }
}
