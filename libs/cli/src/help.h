/* SPDX-License-Identifier: MIT */
/* Help pages, made from the command table. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli.h"
#include "text.h"

/* Appends the page of a command; of the whole program for a row without a name. */
void cli_help_put(cli_text *out, const cli_command *command);

/* Prints it on standard output. */
cli_exit cli_help(cli_context *cli, const cli_command *command);

#endif
