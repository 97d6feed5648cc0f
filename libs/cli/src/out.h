/* SPDX-License-Identifier: MIT */
/* Where a result goes: standard output, or a file that is replaced as a whole. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>

#include "cli.h"
#include "json.h"
#include "text.h"
#include "tpl/buffer.h"
#include "tpl/file.h"
#include "tpl/status.h"

typedef struct cli_out {
    tpl_output *file;   /* owned; NULL: standard output */
    tpl_buffer pending; /* for standard output */
    tpl_status failed;  /* how a write failed, else TPL_OK */
    int sys_errno;      /* why standard output could not be written, or 0 */
} cli_out;

#define CLI_OUT_INIT {NULL, TPL_BUFFER_INIT, TPL_OK, 0}

/* Whether an -o value means a file: neither NULL nor "-". */
bool cli_out_is_file(const char *path);

/* Checks early that the file can be written; for standard output nothing can fail. */
tpl_status cli_out_open(cli_out *out, cli_context *cli, const char *path, tpl_error *err);

/* A tpl_write_fn whose payload is a cli_out. What fails is kept for cli_out_commit() to report. */
tpl_status cli_out_write(const void *data, size_t len, void *payload);

tpl_status cli_out_text(cli_out *out, const cli_text *text);

/* Everything is written: flushes, and puts a file in place. Fails when a write before it did. */
tpl_status cli_out_commit(cli_out *out, tpl_error *err);

/* Drops what was not committed to a file. */
void cli_out_dispose(cli_out *out);

/* Writes a document to an opened output and commits that; the document is ended and disposed. */
tpl_status cli_out_json(cli_out *out, cli_json *json, tpl_error *err);

/* The same, to standard output. */
tpl_status cli_print_json(cli_json *json, tpl_error *err);

/* Writes text to standard output; it is disposed. */
tpl_status cli_print(cli_text *text, tpl_error *err);

#endif
