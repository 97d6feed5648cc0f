/* SPDX-License-Identifier: MIT */
/* Results on their way to standard output or to a file. */
#include "out.h"

#include <errno.h>
#include <string.h>

#include "platform.h"
#include "report.h"

#define PIECE_SIZE ((size_t)256 * 1024)

bool cli_out_is_file(const char *path) {
    return path != NULL && strcmp(path, "-") != 0;
}

tpl_status cli_out_open(cli_out *out, cli_context *cli, const char *path, tpl_error *err) {
    if (!cli_out_is_file(path)) {
        return TPL_OK;
    }
    tpl_run run = cli_run(cli);
    return tpl_output_new(&out->file, path, &run, err);
}

static tpl_status write_stream(cli_out *out, const void *data, size_t len) {
    out->sys_errno = cli_stdout_write(data, len);
    if (out->sys_errno == 0) {
        return TPL_OK;
    }
    return out->sys_errno == EINTR ? TPL_E_CANCELLED : TPL_E_IO;
}

static tpl_status flush(cli_out *out) {
    tpl_status status = write_stream(out, out->pending.data, out->pending.len);
    out->pending.len = 0;
    return status;
}

/* At most PIECE_SIZE bytes, between which a signal is noticed. */
static tpl_status write_piece(cli_out *out, const void *data, size_t len) {
    if (cli_signal_caught() != 0) {
        return TPL_E_CANCELLED;
    }
    if (out->file != NULL) {
        return tpl_output_write(data, len, out->file);
    }
    tpl_status status = out->pending.len + len > PIECE_SIZE ? flush(out) : TPL_OK;
    return status == TPL_OK ? tpl_buffer_append(&out->pending, data, len) : status;
}

tpl_status cli_out_write(const void *data, size_t len, void *payload) {
    cli_out *out = payload;
    const char *bytes = data;
    while (len > 0 && out->failed == TPL_OK) {
        size_t piece = len < PIECE_SIZE ? len : PIECE_SIZE;
        out->failed = write_piece(out, bytes, piece);
        bytes += piece;
        len -= piece;
    }
    return out->failed;
}

tpl_status cli_out_commit(cli_out *out, tpl_error *err) {
    bool own = out->failed == TPL_E_CANCELLED || out->failed == TPL_E_NOMEM;
    if (out->file != NULL && !own) {
        return tpl_output_commit(out->file, err);
    }
    if (out->failed == TPL_OK) {
        out->failed = flush(out);
    }
    if (out->failed == TPL_E_IO) {
        return cli_error_stream(err, out->sys_errno, "standard output");
    }
    return out->failed == TPL_OK ? TPL_OK : cli_error(err, out->failed);
}

void cli_out_dispose(cli_out *out) {
    tpl_output_free(out->file);
    tpl_buffer_dispose(&out->pending);
    *out = (cli_out)CLI_OUT_INIT;
}

tpl_status cli_out_json(cli_out *out, cli_json *json, tpl_error *err) {
    tpl_status status = cli_json_end(json, err);
    if (status == TPL_OK) {
        (void)cli_out_write(json->text.data, json->text.len, out); /* commit tells of a failure */
        status = cli_out_commit(out, err);
    }
    cli_json_dispose(json);
    return status;
}

tpl_status cli_print_json(cli_json *json, tpl_error *err) {
    cli_out out = CLI_OUT_INIT;
    tpl_status status = cli_out_json(&out, json, err);
    cli_out_dispose(&out);
    return status;
}

tpl_status cli_out_text(cli_out *out, const cli_text *text) {
    if (text->status != TPL_OK && out->failed == TPL_OK) {
        out->failed = text->status;
    }
    return cli_out_write(text->bytes.data, text->bytes.len, out);
}

tpl_status cli_print(cli_text *text, tpl_error *err) {
    cli_out out = CLI_OUT_INIT;
    (void)cli_out_text(&out, text);
    tpl_status status = cli_out_commit(&out, err);
    cli_out_dispose(&out);
    cli_text_dispose(text);
    return status;
}
