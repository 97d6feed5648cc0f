/* SPDX-License-Identifier: MIT */
/* What stands before a command's name. */
#ifndef CLI_DISPATCH_H
#define CLI_DISPATCH_H

#include "cli.h"

/* The program as a whole: a row without a name. */
extern const cli_command cli_top;

/* Reports that there is no such command. */
cli_exit cli_unknown_command(cli_context *cli, const char *name);

#endif
