/* SPDX-License-Identifier: MIT */
/* Completion for zsh, over its _arguments. */
#include <stdio.h>
#include <string.h>

#include "completions.h"
#include "dispatch.h"

/* A text within '...' where brackets and colons have a meaning. */
static void put_quoted(cli_text *out, const char *text) {
    cli_text escaped = CLI_TEXT_INIT;
    cli_put_escaped(&escaped, text, "\\[]:");
    for (const char *c = cli_text_string(&escaped); *c != '\0'; c++) {
        cli_put_bytes(out, *c == '\'' ? "'\\''" : c, *c == '\'' ? 4 : 1);
    }
    cli_text_fail(out, escaped.status);
    cli_text_dispose(&escaped);
}

/* What completes it: the part behind the last colon. */
static void put_action(cli_text *out, cli_filling filling, const char *const *words) {
    switch (filling) {
    case CLI_FILL_NOTHING:
        cli_put(out, " ");
        break;
    case CLI_FILL_FILES:
        cli_put(out, "_files");
        break;
    case CLI_FILL_DIRECTORIES:
        cli_put(out, "_files -/");
        break;
    case CLI_FILL_COMMANDS:
        cli_put_script(out, "@_commands");
        break;
    case CLI_FILL_WORDS:
        cli_put(out, "(");
        cli_put_words(out, words);
        cli_put(out, ")");
        break;
    }
}

static void put_option(cli_text *out, const cli_option *option) {
    const char *const *words;
    bool list = option->kind == CLI_LIST;
    const char *takes = option->kind == CLI_FLAG ? "" : "=";
    cli_put(out, "        ");
    if (option->letter != 0) {
        const char *plus = option->kind == CLI_FLAG ? "" : "+";
        cli_put_format(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", option->letter, option->name,
                       option->letter, plus, option->name, takes);
    } else {
        cli_put_format(out, "'%s--%s%s[", list ? "*" : "", option->name, takes);
    }
    put_quoted(out, option->summary);
    cli_put(out, "]");
    if (option->kind != CLI_FLAG) {
        cli_filling filling = cli_fill_option(option, &words);
        cli_put_format(out, ":%s:", option->metavar);
        put_action(out, filling, words);
    }
    cli_put(out, "' \\\n");
}

static void put_operands(cli_text *out, const char *arguments) {
    cli_operand operand;
    for (int i = 1; cli_operand_next(&operand, &arguments); i++) {
        const char *const *words;
        char place[16] = "*";
        if (!operand.repeatable) {
            (void)snprintf(place, sizeof(place), "%d", i);
        }
        bool optional = !operand.required && !operand.repeatable; /* `*::` means something else */
        cli_put_format(out, "        '%s:%s%.*s:", place, optional ? ":" : "", operand.name_len,
                       operand.name);
        cli_filling filling = cli_fill_operand(&operand, &words);
        put_action(out, filling, words);
        cli_put(out, "' \\\n");
    }
}

static void put_options(cli_text *out, const cli_command *command) {
    const cli_option *option;
    for (size_t i = 0; (option = cli_option_at(command, i, NULL)) != NULL; i++) {
        put_option(out, option);
    }
}

static void put_commands(cli_text *out) {
    cli_put_script(out, "@_commands() {\n    local -a commands=(\n");
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        cli_put_format(out, "        '%s:", cli_commands[i]->name);
        put_quoted(out, cli_commands[i]->summary);
        cli_put(out, "'\n");
    }
    cli_put(out, "    )\n    _describe -t commands command commands\n}\n\n");
}

void cli_completions_zsh(cli_text *out) {
    cli_put(out, "#compdef " CLI_NAME "\n"
                 "# Completion of " CLI_NAME " for zsh: put it into a folder of $fpath as\n"
                 "# _" CLI_NAME ", or source it behind compinit.\n\n");
    put_commands(out);
    cli_put_script(out, "@_arguments() {\n    case $words[1] in\n");
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        cli_put_format(out, "    %s)\n        _arguments -s -S \\\n", cli_commands[i]->name);
        put_options(out, cli_commands[i]);
        put_operands(out, cli_commands[i]->arguments);
        cli_put(out, "        ;;\n");
    }
    cli_put_script(out, "    esac\n}\n\n@() {\n"
                        "    local curcontext=$curcontext state line\n"
                        "    local -A opt_args\n"
                        "    _arguments -C -s -S \\\n");
    put_options(out, &cli_top);
    cli_put_script(out, "        '1:command:@_commands' \\\n"
                        "        '*::argument:@_arguments'\n"
                        "}\n\n"
                        "if [[ $funcstack[1] == _" CLI_NAME " ]]; then\n"
                        "    @ \"$@@\"\n"
                        "else\n"
                        "    compdef @ " CLI_NAME "\n"
                        "fi\n");
}
