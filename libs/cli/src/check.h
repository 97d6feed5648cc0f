/* SPDX-License-Identifier: MIT */
/* Checks files against a list of check sums. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli.h"

/* Reads the sums of `file` ("-" is standard input), hashes what they name, and reports. */
cli_exit cli_check_sums(cli_context *cli, const char *file);

#endif
