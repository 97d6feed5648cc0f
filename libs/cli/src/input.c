/* SPDX-License-Identifier: MIT */
/* Reads and hashes what arguments name. */
#include "input.h"

#include <string.h>

#include "platform.h"
#include "report.h"
#include "tpl/file.h"

#define STDIN_NAME "standard input"

bool cli_input_is_stdin(const char *argument) {
    return strcmp(argument, "-") == 0;
}

const char *cli_input_name(const char *argument) {
    return cli_input_is_stdin(argument) ? STDIN_NAME : argument;
}

bool cli_stdin_twice(cli_context *cli, char *const *arguments, int count) {
    int found = 0;
    for (int i = 0; i < count; i++) {
        found += cli_input_is_stdin(arguments[i]) ? 1 : 0;
    }
    if (found > 1) {
        (void)cli_usage(cli, "standard input can be only one of the arguments", NULL, NULL);
    }
    return found > 1;
}

tpl_status cli_input_read(tpl_buffer *out, cli_context *cli, const char *argument,
                          int64_t *mtime_ns, tpl_error *err) {
    tpl_run run = cli_run(cli);
    tpl_status status;
    if (cli_input_is_stdin(argument)) {
        status = tpl_file_read_fd(out, CLI_STDIN, STDIN_NAME, &run, err);
        if (mtime_ns != NULL) {
            *mtime_ns = INT64_MIN;
        }
    } else {
        status = tpl_file_read(out, argument, mtime_ns, &run, err);
    }
    cli->subject = cli_input_name(argument);
    return status;
}

tpl_status cli_input_hash(tpl_file_hash *out, const char *argument, const tpl_run *run,
                          tpl_error *err) {
    return cli_input_is_stdin(argument) ? tpl_hash_fd(out, CLI_STDIN, STDIN_NAME, run, err)
                                        : tpl_hash_file(out, argument, run, err);
}
