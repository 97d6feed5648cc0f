/* SPDX-License-Identifier: MIT */
/* Parses options by table: --name value, --name=value, -n value, -nvalue, flags together, --. */
#include "args.h"

#include <stdint.h>
#include <string.h>

#include "cli.h"
#include "help.h"
#include "report.h"
#include "suggest.h"

typedef struct parser {
    cli_context *cli;
    void *values; /* of the command's own table */
    int argc;
    char **argv;
    int next;           /* the argument to look at */
    bool leading;       /* options end at the first operand */
    bool only_operands; /* from here on */
    bool done;          /* nothing more is to be parsed */
    cli_exit code;
} parser;

void cli_look_for_json(cli_context *cli, int argc, char *const *argv) {
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") == 0 && !cli->command->no_json) {
            cli->json = true;
        }
    }
}

static void fail(parser *p, const char *message, const char *word, const char *similar) {
    if (!p->only_operands) {
        cli_look_for_json(p->cli, p->argc - p->next, p->argv + p->next);
    }
    p->code = cli_usage(p->cli, message, word, similar);
    p->done = true;
}

/* Fails about an option, shown as "--name" or "-n". */
static void fail_option(parser *p, const char *what, const cli_option *option, const char *word) {
    cli_text text = CLI_TEXT_INIT;
    cli_put_format(&text, "%s --%s", what, option->name);
    if (word != NULL) {
        cli_put(&text, ": ");
        cli_put_os(&text, word);
    }
    if (option->choices != NULL) {
        cli_put(&text, " (one of");
        for (size_t i = 0; option->choices[i] != NULL; i++) {
            cli_put_format(&text, "%s %s", i == 0 ? "" : ",", option->choices[i]);
        }
        cli_put(&text, ")");
    } else if (option->kind == CLI_NUMBER) {
        cli_put_format(&text, " (0 to %u)", CLI_NUMBER_MAX);
    }
    fail(p, cli_text_string(&text), NULL, NULL);
    cli_text_dispose(&text);
}

static bool parse_number(const char *text, unsigned *out) {
    unsigned value = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(text[i] - '0');
        if (value > CLI_NUMBER_MAX) {
            return false;
        }
    }
    *out = value;
    return text[0] != '\0';
}

static bool parse_choice(const cli_option *option, const char *text, int *out) {
    for (int i = 0; option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], text) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* Stores a value; `text` is NULL for a flag. */
static void store(parser *p, const cli_option *option, void *values, const char *text) {
    void *value = (char *)values + option->offset;
    switch (option->kind) {
    case CLI_FLAG:
        *(bool *)value = true;
        break;
    case CLI_TEXT:
        *(const char **)value = text;
        break;
    case CLI_LIST:
        if (tpl_strings_append(value, text) != TPL_OK) {
            tpl_error err = TPL_ERROR_INIT;
            (void)cli_error(&err, TPL_E_NOMEM);
            p->code = cli_fail(p->cli, &err);
            p->done = true;
        }
        break;
    case CLI_NUMBER:
        if (!parse_number(text, value)) {
            fail_option(p, "invalid number for", option, text);
        }
        break;
    case CLI_CHOICE:
        if (!parse_choice(option, text, value)) {
            fail_option(p, "invalid choice for", option, text);
        }
        break;
    }
}

static void *values_of(const parser *p, cli_scope scope) {
    switch (scope) {
    case CLI_OWN:
        break;
    case CLI_SHARED:
        return (char *)p->values + p->cli->command->shared_offset;
    case CLI_COMMON:
        return p->cli;
    }
    return p->values;
}

/* The row with this long name (or, without one, this letter) and where its value goes. */
static const cli_option *find(const parser *p, const char *name, size_t len, char letter,
                              void **values) {
    const cli_option *option;
    cli_scope scope;
    for (size_t i = 0; (option = cli_option_at(p->cli->command, i, &scope)) != NULL; i++) {
        *values = values_of(p, scope);
        if (name == NULL ? option->letter == letter
                         : strlen(option->name) == len && memcmp(option->name, name, len) == 0) {
            return option;
        }
    }
    return NULL;
}

static void apply(parser *p, const cli_option *option, void *values, const char *text) {
    if (option->kind != CLI_FLAG && text == NULL) {
        if (p->next == p->argc) {
            fail_option(p, "value missing for", option, NULL);
            return;
        }
        text = p->argv[p->next++];
    }
    store(p, option, values, text);
    if (p->cli->help && !p->done) {
        p->code = cli_help(p->cli, p->cli->command);
        p->done = true;
    }
}

static void fail_unknown_long(parser *p, const char *name, size_t len) {
    cli_suggestion suggestion;
    const cli_option *option;
    cli_suggest_start(&suggestion, name, len);
    for (size_t i = 0; (option = cli_option_at(p->cli->command, i, NULL)) != NULL; i++) {
        cli_suggest_consider(&suggestion, option->name);
    }
    cli_text word = CLI_TEXT_INIT;
    cli_text similar = CLI_TEXT_INIT;
    cli_put(&word, "--");
    cli_put_bytes(&word, name, len);
    if (suggestion.best != NULL) {
        cli_put_format(&similar, "--%s", suggestion.best);
    }
    fail(p, "unknown option: ", cli_text_string(&word),
         suggestion.best == NULL ? NULL : cli_text_string(&similar));
    cli_text_dispose(&word);
    cli_text_dispose(&similar);
}

static void parse_long(parser *p, const char *name) {
    const char *equals = strchr(name, '=');
    size_t len = equals == NULL ? strlen(name) : (size_t)(equals - name);
    void *values;
    const cli_option *option = find(p, name, len, 0, &values);
    if (option == NULL) {
        fail_unknown_long(p, name, len);
    } else if (option->kind == CLI_FLAG && equals != NULL) {
        fail_option(p, "no value is taken by", option, NULL);
    } else {
        apply(p, option, values, equals == NULL ? NULL : equals + 1);
    }
}

static void parse_letters(parser *p, const char *letters) {
    for (size_t i = 0; letters[i] != '\0' && !p->done; i++) {
        void *values;
        const cli_option *option = find(p, NULL, 0, letters[i], &values);
        if (option == NULL) {
            const char word[] = {'-', letters[i], '\0'};
            fail(p, "unknown option: ", word, NULL);
        } else if (option->kind == CLI_FLAG) {
            apply(p, option, values, NULL);
        } else {
            apply(p, option, values, letters[i + 1] == '\0' ? NULL : letters + i + 1);
            return;
        }
    }
}

bool cli_operand_next(cli_operand *out, const char **arguments) {
    const char *text = *arguments + strspn(*arguments, " ");
    size_t len = strcspn(text, " ");
    *arguments = text + len;
    if (len == 0) {
        return false;
    }
    out->required = text[0] != '[';
    if (!out->required) {
        text++;
        len -= 2;
    }
    out->repeatable = len > 3 && memcmp(text + len - 3, "...", 3) == 0;
    out->name = text;
    out->name_len = (int)(out->repeatable ? len - 3 : len);
    return true;
}

static void check_operands(parser *p) {
    const char *arguments = p->cli->command->arguments;
    cli_operand operand = {NULL, 0, false, false};
    int expected = 0;
    while (cli_operand_next(&operand, &arguments)) {
        if (operand.required && expected == p->cli->operand_count) {
            cli_text text = CLI_TEXT_INIT;
            cli_put_format(&text, "missing argument: %.*s", operand.name_len, operand.name);
            fail(p, cli_text_string(&text), NULL, NULL);
            cli_text_dispose(&text);
            return;
        }
        expected = operand.repeatable ? INT32_MAX : expected + 1;
    }
    if (p->cli->operand_count > expected) {
        fail(p, "unexpected argument: ", p->cli->operands[expected], NULL);
    }
}

/* The common ones have theirs from the start, and perhaps other values from before the command. */
static void apply_fallbacks(parser *p) {
    const cli_option *option;
    cli_scope scope;
    for (size_t i = 0; (option = cli_option_at(p->cli->command, i, &scope)) != NULL; i++) {
        if (option->fallback != NULL && scope != CLI_COMMON) {
            store(p, option, values_of(p, scope), option->fallback);
        }
    }
}

static void parse_all(parser *p) {
    while (p->next < p->argc && !p->done) {
        char *word = p->argv[p->next++];
        if (p->only_operands || word[0] != '-' || word[1] == '\0') {
            p->argv[p->cli->operand_count++] = word;
            p->only_operands = p->only_operands || p->leading;
        } else if (strcmp(word, "--") == 0) {
            p->only_operands = true;
        } else if (word[1] == '-') {
            parse_long(p, word + 2);
        } else {
            parse_letters(p, word + 1);
        }
    }
}

static bool parse(parser *p, cli_exit *code) {
    p->cli->operands = p->argv;
    p->cli->operand_count = 0;
    apply_fallbacks(p);
    parse_all(p);
    if (!p->done && !p->leading) {
        check_operands(p);
    }
    *code = p->code;
    return !p->done;
}

bool cli_parse(cli_context *cli, void *values, int argc, char **argv, cli_exit *code) {
    parser p = {.cli = cli, .values = values, .argc = argc, .argv = argv};
    return parse(&p, code);
}

bool cli_parse_leading(cli_context *cli, void *values, int argc, char **argv, cli_exit *code) {
    parser p = {.cli = cli, .values = values, .argc = argc, .argv = argv, .leading = true};
    return parse(&p, code);
}
