/* SPDX-License-Identifier: MIT */
/* `completions`: what a shell needs to complete the command. */
#include <string.h>

#include "commands.h"
#include "completions.h"
#include "out.h"
#include "report.h"

static const cli_option OPTIONS[] = {{0}};

typedef struct shell {
    const char *name;
    void (*put)(cli_text *out);
} shell;

static const shell SHELLS[] = {
#define ROW(name, function) {#name, function},
    CLI_SHELL_MAP(ROW)
#undef ROW
        {NULL, NULL}};

static cli_exit run(cli_context *cli, int argc, char **argv) {
    cli_exit code;
    cli_text script = CLI_TEXT_INIT;
    tpl_error err = TPL_ERROR_INIT;
    if (!cli_parse(cli, NULL, argc, argv, &code)) {
        return code;
    }
    const shell *found = SHELLS;
    while (found->name != NULL && strcmp(found->name, cli->operands[0]) != 0) {
        found++;
    }
    if (found->name == NULL) {
        return cli_usage(cli, "no completions (bash, zsh, fish) for: ", cli->operands[0], NULL);
    }
    found->put(&script);
    return cli_print(&script, &err) == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

const cli_command cli_cmd_completions = {
    .name = "completions",
    .arguments = "SHELL",
    .summary = "Print a script that makes bash, zsh or fish complete the command",
    .examples = "  source <(template-cli completions bash)\n"
                "  template-cli completions zsh >~/.zfunc/_template-cli\n"
                "  template-cli completions fish >~/.config/fish/completions/template-cli.fish\n",
    .options = OPTIONS,
    .no_json = true,
    .run = run,
};
