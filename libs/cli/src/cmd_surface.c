/* SPDX-License-Identifier: MIT */
/* `surface`: commands, options and exit codes as JSON, for tools that call or document them. */
#include <stdio.h>

#include "commands.h"
#include "dispatch.h"
#include "out.h"
#include "report.h"
#include "tpl/version.h"

static const cli_option OPTIONS[] = {{0}};

static void add_option(cli_json *json, const cli_option *option) {
    char name[48];
    cli_json_object(json, NULL);
    cli_json_array(json, "names");
    if (option->letter != 0) {
        const char letter[] = {'-', option->letter, '\0'};
        cli_json_string(json, NULL, letter);
    }
    (void)snprintf(name, sizeof(name), "--%s", option->name);
    cli_json_string(json, NULL, name);
    cli_json_array_end(json);
    cli_json_string(json, "metavar", option->metavar);
    cli_json_bool(json, "repeatable", option->kind == CLI_LIST);
    cli_json_string(json, "default", option->fallback);
    cli_json_string(json, "summary", option->summary);
    if (option->choices != NULL) {
        cli_json_array(json, "choices");
        for (size_t i = 0; option->choices[i] != NULL; i++) {
            cli_json_string(json, NULL, option->choices[i]);
        }
        cli_json_array_end(json);
    } else {
        cli_json_null(json, "choices");
    }
    cli_json_object_end(json);
}

static void add_options(cli_json *json, const cli_command *command) {
    const cli_option *option;
    cli_json_array(json, "options");
    for (size_t i = 0; (option = cli_option_at(command, i, NULL)) != NULL; i++) {
        add_option(json, option);
    }
    cli_json_array_end(json);
}

static void add_arguments(cli_json *json, const char *arguments) {
    cli_operand operand;
    cli_json_array(json, "arguments");
    while (cli_operand_next(&operand, &arguments)) {
        cli_json_object(json, NULL);
        cli_json_text(json, "name", operand.name, (size_t)operand.name_len);
        cli_json_bool(json, "required", operand.required);
        cli_json_bool(json, "repeatable", operand.repeatable);
        cli_json_object_end(json);
    }
    cli_json_array_end(json);
}

static void add_command(cli_json *json, const cli_command *command) {
    cli_json_object(json, NULL);
    cli_json_string(json, "name", command->name);
    cli_json_string(json, "summary", command->summary);
    add_arguments(json, command->arguments);
    add_options(json, command);
    cli_json_object_end(json);
}

static void add_exit_code(cli_json *json, unsigned code, const char *meaning) {
    cli_json_object(json, NULL);
    cli_json_unsigned(json, "code", code);
    cli_json_string(json, "meaning", meaning);
    cli_json_object_end(json);
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    cli_exit code;
    if (!cli_parse(cli, NULL, argc, argv, &code)) {
        return code;
    }
    cli_json json = CLI_JSON_INIT;
    cli_json_begin(&json, "surface");
    cli_json_string(&json, "name", CLI_NAME);
    cli_json_string(&json, "version", tpl_version());
    cli_json_array(&json, "commands");
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        add_command(&json, cli_commands[i]);
    }
    cli_json_array_end(&json);
    cli_json_array(&json, "exitCodes");
#define ADD(name, number, meaning) add_exit_code(&json, number, meaning);
    CLI_EXIT_MAP(ADD)
#undef ADD
    cli_json_array_end(&json);
    add_options(&json, &cli_top); /* what may stand before a command */
    tpl_error err = TPL_ERROR_INIT;
    return cli_print_json(&json, &err) == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

const cli_command cli_cmd_surface = {
    .name = "surface",
    .arguments = "",
    .summary = "Print all commands, options and exit codes as JSON",
    .options = OPTIONS,
    .run = run,
};
