/* SPDX-License-Identifier: MIT */
/* Composes the manual page: all commands on one. */
#include "man.h"

#include <string.h>

#include "dispatch.h"
#include "tpl/version.h"

enum {
    LONGEST_LINE = 78
};

/* How many bytes the last line has. */
static size_t column(const cli_text *out) {
    size_t at = out->bytes.len;
    while (at > 0 && out->bytes.data[at - 1] != '\n') {
        at--;
    }
    return out->bytes.len - at;
}

/* A character that is one, and no request of the language. */
static void put_character(cli_text *out, char c) {
    if (column(out) == 0 && (c == '.' || c == '\'')) {
        cli_put(out, "\\&");
    }
    if (c == '-') {
        cli_put(out, "\\-");
    } else if (c == '\\') {
        cli_put(out, "\\e");
    } else if (c == '\'') {
        cli_put(out, "\\(aq");
    } else {
        cli_put_bytes(out, &c, 1);
    }
}

static void put(cli_text *out, const char *text) {
    for (; *text != '\0'; text++) {
        put_character(out, *text);
    }
}

/* The same in lines of a moderate length. */
static void put_filled(cli_text *out, const char *text) {
    for (; *text != '\0'; text++) {
        bool full = *text == ' ' && column(out) + strcspn(text + 1, " ") > LONGEST_LINE;
        put_character(out, full ? '\n' : *text);
    }
}

static void put_bold(cli_text *out, const char *text) {
    cli_put(out, "\\fB");
    put(out, text);
    cli_put(out, "\\fR");
}

static void put_italic(cli_text *out, const char *text) {
    cli_put(out, "\\fI");
    put(out, text);
    cli_put(out, "\\fR");
}

static void put_value(cli_text *out, const cli_option *option) {
    if (option->choices == NULL) {
        put_italic(out, option->metavar);
        return;
    }
    for (size_t i = 0; option->choices[i] != NULL; i++) {
        cli_put(out, i == 0 ? "" : "|");
        put_bold(out, option->choices[i]);
    }
}

static void put_option(cli_text *out, const cli_option *option) {
    const char letter[] = {'-', option->letter, '\0'};
    cli_put(out, ".TP\n");
    if (option->letter != 0) {
        put_bold(out, letter);
        cli_put(out, ", ");
    }
    put_bold(out, "--");
    put_bold(out, option->name);
    if (option->kind != CLI_FLAG) {
        cli_put(out, " ");
        put_value(out, option);
    }
    cli_put(out, "\n");
    put_filled(out, option->summary);
    if (option->kind == CLI_LIST) {
        put_filled(out, " (can be repeated)");
    }
    if (option->fallback != NULL) {
        put_filled(out, " (default: ");
        put(out, option->fallback);
        cli_put(out, ")");
    }
    cli_put(out, ".\n");
}

static void put_options(cli_text *out, const cli_command *command, bool common) {
    const cli_option *option;
    cli_scope scope;
    for (size_t i = 0; (option = cli_option_at(command, i, &scope)) != NULL; i++) {
        if ((scope == CLI_COMMON) == common) {
            put_option(out, option);
        }
    }
}

static void put_sentence(cli_text *out, const char *text) {
    put_filled(out, text);
    cli_put(out, ".\n");
}

static void put_command(cli_text *out, const cli_command *command) {
    cli_put(out, ".SS ");
    put(out, command->name);
    cli_put(out, " [\\fIOPTION\\fR]...");
    if (command->arguments[0] != '\0') {
        cli_put(out, " ");
        put_italic(out, command->arguments);
    }
    cli_put(out, "\n");
    put_sentence(out, command->summary);
    if (command->details != NULL) {
        put_filled(out, command->details);
        cli_put(out, "\n");
    }
    put_options(out, command, false);
    if (command->examples != NULL) {
        cli_put(out, ".PP\nExamples:\n.PP\n.nf\n");
        put(out, command->examples);
        cli_put(out, ".fi\n");
    }
}

static void put_exit_codes(cli_text *out) {
    cli_put(out, ".SH EXIT STATUS\n");
#define PUT(name, code, meaning)                                                                   \
    cli_put_format(out, ".TP\n\\fB%d\\fR\n", code);                                                \
    put_sentence(out, meaning);
    CLI_EXIT_MAP(PUT)
#undef PUT
}

static void put_head(cli_text *out) {
    cli_put(out, ".TH ");
    for (const char *c = CLI_NAME; *c != '\0'; c++) {
        const char upper[] = {(char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c), '\0'};
        put(out, upper);
    }
    cli_put(out, " 1 \"\" \"" CLI_NAME " ");
    put(out, tpl_version());
    cli_put(out, "\"\n.SH NAME\n");
    put(out, CLI_NAME);
    cli_put(out, " \\- ");
    put_filled(out, cli_top.summary);
    cli_put(out, "\n.SH SYNOPSIS\n");
    put_bold(out, CLI_NAME);
    cli_put(out, " [\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n");
}

void cli_man_put(cli_text *out) {
    put_head(out);
    cli_put(out, ".SH COMMANDS\n");
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        put_command(out, cli_commands[i]);
    }
    cli_put(out, ".SH COMMON OPTIONS\n");
    put_options(out, &cli_top, false);
    put_options(out, &cli_top, true);
    cli_put(out, ".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fR\n"
                 "When set and not empty, listings have no colors unless they are asked for.\n");
    put_exit_codes(out);
}
