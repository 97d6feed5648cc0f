/* SPDX-License-Identifier: MIT */
/* Files that arguments name, "-" being standard input. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "cli.h"
#include "tpl/hash.h"

bool cli_input_is_stdin(const char *argument);

/* What to call it in a message: the path, or "standard input". */
const char *cli_input_name(const char *argument);

/* Whether more than one of these arguments is standard input; then it was reported. */
bool cli_stdin_twice(cli_context *cli, char *const *arguments, int count);

/* Reads all of one. A failure leaves in the context what it is about. `mtime_ns` (may be NULL) gets
 * the file's modification time, INT64_MIN for standard input. */
tpl_status cli_input_read(tpl_buffer *out, cli_context *cli, const char *argument,
                          int64_t *mtime_ns, tpl_error *err);

/* Hashes one. */
tpl_status cli_input_hash(tpl_file_hash *out, const char *argument, const tpl_run *run,
                          tpl_error *err);

#endif
