/* SPDX-License-Identifier: MIT */
/* Arguments, one a line: parsed for a command with options of every kind. What it prints is taken
 * down instead of printed. */
#include <string.h>

#include "cli.h"
#include "dispatch.h"
#include "filters.h"
#include "fuzz.h"
#include "help.h"
#include "platform.h"

enum {
    MOST_WORDS = 32
};

typedef struct values {
    const char *output;
    bool strict;
    unsigned depth;
    cli_filters filters;
} values;

static const cli_option OPTIONS[] = {
    {"output", 'o', CLI_TEXT, offsetof(values, output), "FILE", NULL, "-", "where to"},
    {"strict", 's', CLI_FLAG, offsetof(values, strict), NULL, NULL, NULL, "all of it"},
    {"depth", 'd', CLI_NUMBER, offsetof(values, depth), "N", NULL, NULL, "how deep"},
    {0},
};

static const cli_command COMMAND = {
    .name = "try",
    .arguments = "ONE [MORE...]",
    .summary = "is parsed",
    .options = OPTIONS,
    .shared = cli_filter_options,
    .shared_offset = offsetof(values, filters),
};

const cli_command cli_top = {.arguments = "COMMAND", .summary = "has one command"};
const cli_command *const cli_commands[] = {&COMMAND, NULL};

/* --- a platform that remembers --- */

typedef struct platform {
    tpl_buffer out;
    tpl_buffer err;
} platform;

static platform *said(void) {
    static platform streams;
    return &streams;
}

int cli_stdout_write(const void *data, size_t len) {
    MUST(tpl_buffer_append(&said()->out, data, len) == TPL_OK);
    return 0;
}

void cli_stderr_write(const void *data, size_t len) {
    MUST(tpl_buffer_append(&said()->err, data, len) == TPL_OK);
}

bool cli_stream_is_terminal(int stream) {
    return stream < 0;
}

int cli_terminal_width(void) {
    return 80;
}

const char *cli_stream_path(int stream) {
    (void)stream;
    return "/dev/null";
}

const char *cli_environment(const char *name) {
    (void)name;
    return NULL;
}

uint64_t cli_clock_ms(void) {
    return 0;
}

void cli_signals_catch(void) {
}

int cli_signal_caught(void) {
    return 0;
}

bool cli_signal_is_interrupt(int signal) {
    return signal != 0;
}

void cli_files_unlimit(void) {
}

/* --- what must hold --- */

static bool is_among(const char *text, const char *words, size_t len) {
    return text >= words && text < words + len;
}

/* A call that goes on has its operands, all of them the caller's words, and values in range. */
static void check_parsed(const cli_context *cli, const values *v, const char *words, size_t len) {
    MUST(cli->operand_count >= 1 && said()->out.len == 0 && said()->err.len == 0);
    for (int i = 0; i < cli->operand_count; i++) {
        MUST(is_among(cli->operands[i], words, len));
    }
    MUST(strcmp(v->output, "-") == 0 || is_among(v->output, words, len));
    MUST(v->depth <= CLI_NUMBER_MAX && v->filters.jobs <= CLI_NUMBER_MAX);
    MUST(cli->color >= CLI_WHEN_AUTO && cli->color <= CLI_WHEN_NEVER);
}

/* One that ends has said why: a page, or one line of error and lines of hints; with --json, one
 * document of one line as well. */
static void check_ended(const cli_context *cli, cli_exit code) {
    MUST(code == (cli->help ? CLI_EXIT_DONE : CLI_EXIT_USAGE));
    const tpl_buffer *text = code == CLI_EXIT_DONE ? &said()->out : &said()->err;
    MUST(text->len > 0 && text->data[text->len - 1] == '\n');
    MUST(code == CLI_EXIT_DONE || strncmp(text->data, CLI_NAME ": ", strlen(CLI_NAME) + 2) == 0);
    for (size_t i = 0; i < text->len; i++) {
        unsigned char c = (unsigned char)text->data[i];
        MUST(c == '\n' || (c >= 0x20 && c != 0x7f));
        bool line = c == '\n' && i + 1 < text->len && code == CLI_EXIT_USAGE;
        MUST(!line || strncmp(text->data + i + 1, "hint: ", strlen("hint: ")) == 0);
    }
    if (code == CLI_EXIT_USAGE && cli->json) {
        const tpl_buffer *out = &said()->out;
        MUST(out->len > 1 && out->data[0] == '{');
        MUST(memchr(out->data, '\n', out->len) == out->data + out->len - 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *words = malloc(size + 1);
    MUST(words != NULL);
    memcpy(words, data, size);
    words[size] = '\0';
    char *argv[MOST_WORDS];
    int argc = 0;
    for (char *at = words; at < words + size && argc < MOST_WORDS; at += strlen(at) + 1) {
        argv[argc++] = at;
        at[strcspn(at, "\n")] = '\0';
    }
    cli_context cli = CLI_CONTEXT_INIT(&COMMAND);
    values v = {NULL, false, 0, CLI_FILTERS_INIT};
    cli_exit code = CLI_EXIT_INTERNAL;
    if (cli_parse(&cli, &v, argc, argv, &code)) {
        check_parsed(&cli, &v, words, size + 1);
    } else {
        check_ended(&cli, code);
    }
    cli_filters_dispose(&v.filters);
    cli_context_dispose(&cli);
    tpl_buffer_dispose(&said()->out);
    tpl_buffer_dispose(&said()->err);
    free(words);
    return 0;
}
