/* SPDX-License-Identifier: MIT */
/* Composes help pages out of commands and options. */
#include "help.h"

#include <string.h>

#include "out.h"
#include "report.h"

#define OPTION_COLUMN 30
#define COMMAND_COLUMN 15
#define LINE_COLUMNS 80

/* Appends a text in the right-hand column, which begins at `column`, and ends the line; `at`
 * columns are filled. */
static void put_wrapped(cli_text *out, size_t at, size_t column, const char *text) {
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        if (at > column && at + 1 + len > LINE_COLUMNS) {
            cli_put(out, "\n");
            at = 0;
        }
        if (at < column) {
            cli_put_format(out, "%*s", (int)(column - at), "");
            at = column;
        } else if (at > column) {
            cli_put(out, " ");
            at++;
        }
        cli_put_bytes(out, text, len);
        at += len;
        text += len + strspn(text + len, " ");
    }
    cli_put(out, "\n");
}

static void put_choices(cli_text *out, const char *const *choices) {
    for (size_t i = 0; choices[i] != NULL; i++) {
        cli_put(out, i == 0 ? "" : "|");
        cli_put(out, choices[i]);
    }
}

static void put_option(cli_text *out, const cli_option *option) {
    size_t start = out->bytes.len;
    if (option->letter != 0) {
        cli_put_format(out, "  -%c, --%s", option->letter, option->name);
    } else {
        cli_put_format(out, "      --%s", option->name);
    }
    if (option->kind != CLI_FLAG) {
        cli_put(out, " ");
        if (option->choices != NULL) {
            put_choices(out, option->choices);
        } else {
            cli_put(out, option->metavar);
        }
    }
    size_t at = out->bytes.len - start;
    if (at >= OPTION_COLUMN) {
        cli_put(out, "\n");
        at = 0;
    }
    cli_text text = CLI_TEXT_INIT;
    cli_put(&text, option->summary);
    if (option->kind == CLI_LIST) {
        cli_put(&text, " (can be repeated)");
    }
    if (option->fallback != NULL) {
        cli_put_format(&text, " (default: %s)", option->fallback);
    }
    put_wrapped(out, at, OPTION_COLUMN, cli_text_string(&text));
    cli_text_fail(out, text.status);
    cli_text_dispose(&text);
}

static void put_options(cli_text *out, const cli_command *command, bool common, const char *title) {
    const cli_option *option;
    cli_scope scope;
    for (size_t i = 0; (option = cli_option_at(command, i, &scope)) != NULL; i++) {
        if ((scope == CLI_COMMON) == common) {
            cli_put(out, title);
            put_option(out, option);
            title = "";
        }
    }
}

static void put_commands(cli_text *out) {
    cli_put(out, "\nCommands:\n");
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        cli_put_format(out, "  %s", cli_commands[i]->name);
        put_wrapped(out, 2 + strlen(cli_commands[i]->name), COMMAND_COLUMN,
                    cli_commands[i]->summary);
    }
}

static void put_exit_codes(cli_text *out) {
    cli_put(out, "\nExit codes:\n");
#define PUT(name, code, meaning) cli_put_format(out, "  %3d  %s\n", code, meaning);
    CLI_EXIT_MAP(PUT)
#undef PUT
}

void cli_help_put(cli_text *out, const cli_command *command) {
    bool whole = command->name == NULL;
    cli_put_format(out, "Usage: " CLI_NAME "%s%s", whole ? "" : " ", whole ? "" : command->name);
    cli_put(out, " [OPTION]...");
    if (command->arguments[0] != '\0') {
        cli_put_format(out, " %s", command->arguments);
    }
    cli_put(out, "\n");
    cli_put(out, command->summary);
    cli_put(out, ".\n");
    if (command->details != NULL) {
        cli_put(out, "\n");
        put_wrapped(out, 0, 0, command->details);
    }
    if (command->examples != NULL) {
        cli_put(out, "\nExamples:\n");
        cli_put(out, command->examples);
    }
    if (whole) {
        put_commands(out);
    }
    put_options(out, command, false, "\nOptions:\n");
    put_options(out, command, true, "\nCommon options:\n");
    if (whole) {
        put_exit_codes(out);
        cli_put(out, "\nSee '" CLI_NAME " help COMMAND' for one command.\n");
    }
}

cli_exit cli_help(cli_context *cli, const cli_command *command) {
    tpl_error err = TPL_ERROR_INIT;
    cli_text text = CLI_TEXT_INIT;
    cli_help_put(&text, command);
    return cli_print(&text, &err) == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}
