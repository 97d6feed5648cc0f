/* SPDX-License-Identifier: MIT */
/* Scripts that teach a shell to complete the command, made from the option tables. */
#ifndef CLI_COMPLETIONS_H
#define CLI_COMPLETIONS_H

#include "cli.h"
#include "text.h"

/* Name, what writes the script. */
#define CLI_SHELL_MAP(X)                                                                           \
    X(bash, cli_completions_bash)                                                                  \
    X(zsh, cli_completions_zsh)                                                                    \
    X(fish, cli_completions_fish)

#define CLI_SHELL_DECLARE(name, function) void function(cli_text *out);
CLI_SHELL_MAP(CLI_SHELL_DECLARE)
#undef CLI_SHELL_DECLARE

/* What may stand in a place. */
typedef enum cli_filling {
    CLI_FILL_NOTHING, /* something that no shell can know */
    CLI_FILL_FILES,
    CLI_FILL_DIRECTORIES,
    CLI_FILL_COMMANDS,
    CLI_FILL_WORDS
} cli_filling;

/* Of an option's value, or of an operand; *words, up to NULL, when it is one of these. */
cli_filling cli_fill_option(const cli_option *option, const char *const **words);
cli_filling cli_fill_operand(const cli_operand *operand, const char *const **words);

/* Appends a text in which `@` stands for the program's name as a shell function may have it, and
 * `@@` for `@`. */
void cli_put_script(cli_text *out, const char *text);

/* Appends words with blanks between them. */
void cli_put_words(cli_text *out, const char *const *words);
void cli_put_commands(cli_text *out);

/* Appends a text with a backslash before each of some characters. */
void cli_put_escaped(cli_text *out, const char *text, const char *which);

#endif
