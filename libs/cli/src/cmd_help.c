/* SPDX-License-Identifier: MIT */
/* `help`: how the program or one command is used. */
#include "commands.h"
#include "dispatch.h"
#include "help.h"

static const cli_option OPTIONS[] = {{0}};

static cli_exit run(cli_context *cli, int argc, char **argv) {
    cli_exit code;
    if (!cli_parse(cli, NULL, argc, argv, &code)) {
        return code;
    }
    if (cli->operand_count == 0) {
        return cli_help(cli, &cli_top);
    }
    const cli_command *command = cli_command_find(cli->operands[0]);
    return command != NULL ? cli_help(cli, command) : cli_unknown_command(cli, cli->operands[0]);
}

const cli_command cli_cmd_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "Print how the program, or one command, is used",
    .options = OPTIONS,
    .no_json = true,
    .run = run,
};
