/* SPDX-License-Identifier: MIT */
/* What the scripts of all shells have in common. */
#include "completions.h"

#include <string.h>

static const char *const SHELLS[] = {
#define NAME(name, function) #name,
    CLI_SHELL_MAP(NAME)
#undef NAME
        NULL};

static cli_filling fill(const char *name, size_t len) {
    static const struct {
        const char *name;
        cli_filling filling;
    } FILLINGS[] = {
        {"FILE", CLI_FILL_FILES},      {"MANIFEST", CLI_FILL_FILES}, {"OLD", CLI_FILL_FILES},
        {"NEW", CLI_FILL_FILES},       {"BASE", CLI_FILL_FILES},     {"DIFF", CLI_FILL_FILES},
        {"DIR", CLI_FILL_DIRECTORIES}, {"GLOB", CLI_FILL_FILES},     {"COMMAND", CLI_FILL_COMMANDS},
    };
    for (size_t i = 0; i < sizeof(FILLINGS) / sizeof(*FILLINGS); i++) {
        if (strlen(FILLINGS[i].name) == len && memcmp(FILLINGS[i].name, name, len) == 0) {
            return FILLINGS[i].filling;
        }
    }
    return CLI_FILL_NOTHING;
}

cli_filling cli_fill_option(const cli_option *option, const char *const **words) {
    *words = option->choices;
    return option->choices != NULL ? CLI_FILL_WORDS
                                   : fill(option->metavar, strlen(option->metavar));
}

cli_filling cli_fill_operand(const cli_operand *operand, const char *const **words) {
    static const char SHELL[] = "SHELL";
    size_t len = (size_t)operand->name_len;
    bool shell = len == strlen(SHELL) && memcmp(operand->name, SHELL, len) == 0;
    *words = shell ? SHELLS : NULL;
    return shell ? CLI_FILL_WORDS : fill(operand->name, len);
}

static void put_name(cli_text *out) {
    for (const char *name = CLI_NAME; *name != '\0'; name++) {
        cli_put_bytes(out, *name == '-' ? "_" : name, 1);
    }
}

void cli_put_script(cli_text *out, const char *text) {
    while (*text != '\0') {
        size_t plain = strcspn(text, "@");
        cli_put_bytes(out, text, plain);
        text += plain;
        if (text[0] == '@' && text[1] == '@') {
            cli_put(out, "@");
            text += 2;
        } else if (text[0] == '@') {
            put_name(out);
            text++;
        }
    }
}

void cli_put_words(cli_text *out, const char *const *words) {
    for (size_t i = 0; words[i] != NULL; i++) {
        cli_put(out, i == 0 ? "" : " ");
        cli_put(out, words[i]);
    }
}

void cli_put_commands(cli_text *out) {
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        cli_put(out, i == 0 ? "" : " ");
        cli_put(out, cli_commands[i]->name);
    }
}

void cli_put_escaped(cli_text *out, const char *text, const char *which) {
    for (; *text != '\0'; text++) {
        if (strchr(which, *text) != NULL) {
            cli_put(out, "\\");
        }
        cli_put_bytes(out, text, 1);
    }
}
