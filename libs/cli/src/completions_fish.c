/* SPDX-License-Identifier: MIT */
/* Completion for fish. */
#include "completions.h"
#include "dispatch.h"

/* Which command stands on the line; values of options before it are passed over. */
static const char HEAD[] = "function __@_command\n"
                           "    set -l words (commandline -opc)\n"
                           "    set -e words[1]\n"
                           "    set -l value 0\n"
                           "    for word in $words\n"
                           "        if test $value -eq 1\n"
                           "            set value 0\n"
                           "            continue\n"
                           "        end\n"
                           "        switch $word\n";

static const char TAIL[] = "            case '-*'\n"
                           "            case '*'\n"
                           "                echo $word\n"
                           "                return 0\n"
                           "        end\n"
                           "    end\n"
                           "    return 1\n"
                           "end\n"
                           "\n"
                           "function __@_uses\n"
                           "    test \"$(__@_command)\" = $argv[1]\n"
                           "end\n"
                           "\n";

static void put_quoted(cli_text *out, const char *text) {
    cli_put(out, "'");
    cli_put_escaped(out, text, "\\'");
    cli_put(out, "'");
}

/* The beginning of a line about one command, or about what stands before any. */
static void put_start(cli_text *out, const cli_command *command) {
    cli_put(out, "complete -c " CLI_NAME " -n '");
    cli_put_script(out, command->name == NULL ? "not __@_command >/dev/null" : "__@_uses ");
    cli_put(out, command->name == NULL ? "" : command->name);
    cli_put(out, "'");
}

static void put_filling(cli_text *out, cli_filling filling, const char *const *words) {
    switch (filling) {
    case CLI_FILL_NOTHING:
        break;
    case CLI_FILL_FILES:
        cli_put(out, " -F");
        break;
    case CLI_FILL_DIRECTORIES:
        cli_put(out, " -f -a '(__fish_complete_directories)'");
        break;
    case CLI_FILL_COMMANDS:
        cli_put(out, " -f -a '");
        cli_put_commands(out);
        cli_put(out, "'");
        break;
    case CLI_FILL_WORDS:
        cli_put(out, " -f -a '");
        cli_put_words(out, words);
        cli_put(out, "'");
        break;
    }
}

static void put_options(cli_text *out, const cli_command *command) {
    const cli_option *option;
    for (size_t i = 0; (option = cli_option_at(command, i, NULL)) != NULL; i++) {
        const char *const *words;
        put_start(out, command);
        if (option->letter != 0) {
            cli_put_format(out, " -s %c", option->letter);
        }
        cli_put_format(out, " -l %s", option->name);
        if (option->kind != CLI_FLAG) {
            cli_put(out, " -r");
            cli_filling filling = cli_fill_option(option, &words);
            put_filling(out, filling, words);
        }
        cli_put(out, " -d ");
        put_quoted(out, option->summary);
        cli_put(out, "\n");
    }
}

static void put_operands(cli_text *out, const cli_command *command) {
    const char *arguments = command->arguments;
    cli_operand operand;
    while (cli_operand_next(&operand, &arguments)) {
        const char *const *words;
        cli_filling filling = cli_fill_operand(&operand, &words);
        if (filling != CLI_FILL_NOTHING) {
            put_start(out, command);
            put_filling(out, filling, words);
            cli_put(out, "\n");
        }
    }
}

void cli_completions_fish(cli_text *out) {
    const cli_option *option;
    cli_put(out, "# Completion of " CLI_NAME " for fish: put it into\n"
                 "# ~/.config/fish/completions as " CLI_NAME ".fish, or source it.\n\n");
    cli_put_script(out, HEAD);
    for (size_t i = 0; (option = cli_option_at(&cli_top, i, NULL)) != NULL; i++) {
        if (option->kind != CLI_FLAG) {
            cli_put_format(out, "            case --%s\n                set value 1\n",
                           option->name);
        }
    }
    cli_put_script(out, TAIL);
    cli_put(out, "complete -c " CLI_NAME " -f\n");
    put_options(out, &cli_top);
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        put_start(out, &cli_top);
        cli_put_format(out, " -a %s -d ", cli_commands[i]->name);
        put_quoted(out, cli_commands[i]->summary);
        cli_put(out, "\n");
    }
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        put_options(out, cli_commands[i]);
        put_operands(out, cli_commands[i]);
    }
}
