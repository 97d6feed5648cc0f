/* SPDX-License-Identifier: MIT */
/* `man`: the manual page. */
#include "commands.h"
#include "man.h"
#include "out.h"
#include "report.h"

static const cli_option OPTIONS[] = {{0}};

static cli_exit run(cli_context *cli, int argc, char **argv) {
    cli_exit code;
    cli_text page = CLI_TEXT_INIT;
    tpl_error err = TPL_ERROR_INIT;
    if (!cli_parse(cli, NULL, argc, argv, &code)) {
        return code;
    }
    cli_man_put(&page);
    return cli_print(&page, &err) == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

const cli_command cli_cmd_man = {
    .name = "man",
    .arguments = "",
    .summary = "Print the manual page, for man to show",
    .examples = "  template-cli man | man -l -\n"
                "  template-cli man >~/.local/share/man/man1/template-cli.1\n",
    .options = OPTIONS,
    .no_json = true,
    .run = run,
};
