/* SPDX-License-Identifier: MIT */
/* `version`: what this build is. */
#include <string.h>

#include "commands.h"
#include "out.h"
#include "report.h"
#include "tpl/version.h"

static const cli_option OPTIONS[] = {{0}};

static tpl_status print_document(tpl_error *err) {
    cli_json json = CLI_JSON_INIT;
    cli_json_begin(&json, "version");
    cli_json_string(&json, "name", CLI_NAME);
    cli_json_string(&json, "version", tpl_version());
    cli_json_string(&json, "buildId", tpl_build_id());
    cli_json_array(&json, "features");
    for (const char *word = tpl_features(); *word != '\0';) {
        size_t len = strcspn(word, " ");
        cli_json_text(&json, NULL, word, len);
        word += len + strspn(word + len, " ");
    }
    cli_json_array_end(&json);
    return cli_print_json(&json, err);
}

static tpl_status print_text(tpl_error *err) {
    cli_text text = CLI_TEXT_INIT;
    cli_put_format(&text, CLI_NAME " %s (build %s)", tpl_version(), tpl_build_id());
    cli_put_format(&text, "%s%s\n", tpl_features()[0] == '\0' ? "" : " ", tpl_features());
    return cli_print(&text, err);
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    tpl_error err = TPL_ERROR_INIT;
    cli_exit code;
    if (!cli_parse(cli, NULL, argc, argv, &code)) {
        return code;
    }
    tpl_status status = cli->json ? print_document(&err) : print_text(&err);
    return status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

const cli_command cli_cmd_version = {
    .name = "version",
    .arguments = "",
    .summary = "Print the version, the build and what it was made with",
    .options = OPTIONS,
    .run = run,
};
