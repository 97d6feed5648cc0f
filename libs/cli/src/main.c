/* SPDX-License-Identifier: MIT */
/* The table of commands, and the way to the one that is called. */
#include <string.h>

#include "commands.h"
#include "dispatch.h"
#include "help.h"
#include "out.h"
#include "platform.h"
#include "report.h"
#include "suggest.h"

const cli_command *const cli_commands[] = {
    &cli_cmd_snapshot,    &cli_cmd_diff,    &cli_cmd_report,  &cli_cmd_merge,  &cli_cmd_verify,
    &cli_cmd_hash,        &cli_cmd_inspect, &cli_cmd_convert, &cli_cmd_submit, &cli_cmd_surface,
    &cli_cmd_completions, &cli_cmd_man,     &cli_cmd_version, &cli_cmd_help,   NULL,
};

typedef struct arguments {
    bool version;
} arguments;

static const cli_option OPTIONS[] = {
    {"version", 0, CLI_FLAG, offsetof(arguments, version), NULL, NULL, NULL,
     "print the version, as the command version does"},
    {0},
};

const cli_command cli_top = {
    .arguments = "COMMAND [ARGUMENT...]",
    .summary = "Content-addressed manifests of directory trees: make, compare and verify them",
    .options = OPTIONS,
};

cli_exit cli_unknown_command(cli_context *cli, const char *name) {
    cli_suggestion suggestion;
    cli_suggest_start(&suggestion, name, strlen(name));
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        cli_suggest_consider(&suggestion, cli_commands[i]->name);
    }
    cli->command = &cli_top;
    return cli_usage(cli, "unknown command: ", name, suggestion.best);
}

/* A call without any argument: the help, as what was missing. */
static cli_exit greet(void) {
    cli_text text = CLI_TEXT_INIT;
    cli_help_put(&text, &cli_top);
    cli_stderr_write(text.bytes.data, text.bytes.len);
    cli_text_dispose(&text);
    return CLI_EXIT_USAGE;
}

static cli_exit dispatch(cli_context *cli, int argc, char **argv) {
    arguments args = {0};
    cli_exit code;
    if (argc == 0) {
        return greet();
    }
    if (!cli_parse_leading(cli, &args, argc, argv, &code)) {
        return code;
    }
    int count = cli->operand_count;
    char **operands = cli->operands;
    if (args.version) {
        cli->command = &cli_cmd_version;
        return cli->command->run(cli, count, operands);
    }
    if (count == 0) {
        return cli_usage(cli, "missing argument: COMMAND", NULL, NULL);
    }
    const cli_command *command = cli_command_find(operands[0]);
    if (command == NULL) {
        cli_look_for_json(cli, count, operands);
        return cli_unknown_command(cli, operands[0]);
    }
    cli->command = command;
    return command->run(cli, count - 1, operands + 1);
}

int main(int argc, char **argv) {
    cli_context cli = CLI_CONTEXT_INIT(&cli_top);
    cli_streams_start();
    cli_exit code = dispatch(&cli, argc < 1 ? 0 : argc - 1, argv + 1);
    int sys_errno = cli_stdout_close(); /* a network file system reports a full disk here */
    if (sys_errno != 0 && (code == CLI_EXIT_DONE || code == CLI_EXIT_NO)) {
        tpl_error err = TPL_ERROR_INIT;
        (void)cli_error_stream(&err, sys_errno, "standard output");
        code = cli_fail(&cli, &err);
    }
    cli_context_dispose(&cli);
    return (int)code;
}
