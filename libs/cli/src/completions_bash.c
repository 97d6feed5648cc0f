/* SPDX-License-Identifier: MIT */
/* Completion for bash, from 3.2 on, without the package bash-completion. */
#include "completions.h"
#include "dispatch.h"

/* `=` is a word of its own to bash: --name=value comes as three. */
static const char SCRIPT[] =
    "@_reply() {\n"
    "    local word\n"
    "    while IFS= read -r word; do\n"
    "        COMPREPLY+=(\"$word\")\n"
    "    done < <(compgen \"$@@\" -- \"$cur\")\n"
    "}\n"
    "\n"
    "@_fill() {\n"
    "    case $1 in\n"
    "    files) compopt -o filenames 2>/dev/null; @_reply -f ;;\n"
    "    directories) compopt -o filenames 2>/dev/null; @_reply -d ;;\n"
    "    words) @_reply -W \"$2\" ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "@() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} command= only= value= kind= words= i word\n"
    "    local -i operand=0\n"
    "    COMPREPLY=()\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ -z $only && $word == -- ]]; then\n"
    "            only=1\n"
    "        elif [[ -z $only && $word == -?* ]]; then\n"
    "            @_value \"$command\" \"$word\"\n"
    "            if [[ -n $kind ]]; then\n"
    "                [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))\n"
    "                ((++i >= COMP_CWORD)) && value=$kind\n"
    "            fi\n"
    "        elif [[ -z $command ]]; then\n"
    "            command=$word\n"
    "        else\n"
    "            operand+=1\n"
    "        fi\n"
    "    done\n"
    "    [[ $cur == = ]] && cur=\n"
    "    if [[ -n $value ]]; then\n"
    "        @_fill \"$value\" \"$words\"\n"
    "    elif [[ -z $only && $cur == -* ]]; then\n"
    "        @_options \"$command\"\n"
    "        @_fill words \"$words\"\n"
    "    elif [[ -z $command ]]; then\n"
    "        @_fill words \"$(@_commands)\"\n"
    "    else\n"
    "        @_operand \"$command\" \"$operand\"\n"
    "        @_fill \"$kind\" \"$words\"\n"
    "    fi\n"
    "}\n"
    "\n";

static void put_filling(cli_text *out, cli_filling filling, const char *const *words) {
    static const char *const KINDS[] = {[CLI_FILL_NOTHING] = "nothing",
                                        [CLI_FILL_FILES] = "files",
                                        [CLI_FILL_DIRECTORIES] = "directories",
                                        [CLI_FILL_COMMANDS] = "words",
                                        [CLI_FILL_WORDS] = "words"};
    cli_put_format(out, "kind=%s words='", KINDS[filling]);
    if (filling == CLI_FILL_COMMANDS) {
        cli_put_commands(out);
    } else if (words != NULL) {
        cli_put_words(out, words);
    }
    cli_put(out, "' ;;\n");
}

static const char *name_of(const cli_command *command) {
    return command->name == NULL ? "" : command->name;
}

static void put_values(cli_text *out, const cli_command *command) {
    const cli_option *option;
    for (size_t i = 0; (option = cli_option_at(command, i, NULL)) != NULL; i++) {
        const char *const *words;
        if (option->kind == CLI_FLAG) {
            continue;
        }
        cli_put_format(out, "    '%s --%s'", name_of(command), option->name);
        if (option->letter != 0) {
            cli_put_format(out, " | '%s -%c'", name_of(command), option->letter);
        }
        cli_put(out, ") ");
        cli_filling filling = cli_fill_option(option, &words);
        put_filling(out, filling, words);
    }
}

static void put_options(cli_text *out, const cli_command *command) {
    const cli_option *option;
    cli_put_format(out, "    '%s') words='", name_of(command));
    for (size_t i = 0; (option = cli_option_at(command, i, NULL)) != NULL; i++) {
        cli_put_format(out, "%s--%s", i == 0 ? "" : " ", option->name);
        if (option->letter != 0) {
            cli_put_format(out, " -%c", option->letter);
        }
    }
    cli_put(out, "' ;;\n");
}

static void put_operands(cli_text *out, const cli_command *command) {
    const char *arguments = command->arguments;
    cli_operand operand;
    for (int i = 0; cli_operand_next(&operand, &arguments); i++) {
        const char *const *words;
        cli_put_format(out, operand.repeatable ? "    '%s '*) " : "    '%s %d') ", command->name,
                       i);
        cli_filling filling = cli_fill_operand(&operand, &words);
        put_filling(out, filling, words);
    }
}

/* A function that is one `case` over the commands. */
static void put_case(cli_text *out, const char *head, bool with_top,
                     void (*row)(cli_text *out, const cli_command *command)) {
    cli_put_script(out, head);
    if (with_top) {
        row(out, &cli_top);
    }
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        row(out, cli_commands[i]);
    }
    cli_put(out, "    esac\n}\n\n");
}

void cli_completions_bash(cli_text *out) {
    cli_put(out, "# Completion of " CLI_NAME " for bash: source it, or put it where\n"
                 "# bash-completion looks, as " CLI_NAME ".\n\n");
    put_case(out, "@_value() {\n    kind= words=\n    case \"$1 $2\" in\n", true, put_values);
    put_case(out, "@_options() {\n    words=\n    case $1 in\n", true, put_options);
    put_case(out, "@_operand() {\n    kind= words=\n    case \"$1 $2\" in\n", false, put_operands);
    cli_put_script(out, "@_commands() {\n    printf '%s\\n' ");
    cli_put_commands(out);
    cli_put(out, "\n}\n\n");
    cli_put_script(out, SCRIPT);
    cli_put_script(out, "complete -F @ " CLI_NAME "\n");
}
