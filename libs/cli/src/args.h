/* SPDX-License-Identifier: MIT */
/* The option parser: GNU conventions, driven by one table a command. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "exit.h"

struct cli_context;

/* What an option's value is stored as. */
typedef enum cli_kind {
    CLI_FLAG,   /* bool */
    CLI_TEXT,   /* const char *, borrowed from argv; the last one given counts */
    CLI_LIST,   /* tpl_strings: may be repeated */
    CLI_NUMBER, /* unsigned, at most CLI_NUMBER_MAX */
    CLI_CHOICE  /* int: position in `choices` */
} cli_kind;

#define CLI_NUMBER_MAX 1024u

typedef struct cli_option {
    const char *name; /* long, without dashes; NULL ends a table */
    char letter;      /* short, or 0 */
    cli_kind kind;
    size_t offset;              /* of the value, in the struct that the table is for */
    const char *metavar;        /* NULL for a flag */
    const char *const *choices; /* up to NULL */
    const char *fallback;       /* the value when it is not given; may be NULL */
    const char *summary;
} cli_option;

/* An operand that a command expects, as its `arguments` name it. */
typedef struct cli_operand {
    const char *name; /* not NUL-terminated */
    int name_len;
    bool required;
    bool repeatable;
} cli_operand;

/* Takes the next operand from the text `*arguments`; false at its end. */
bool cli_operand_next(cli_operand *out, const char **arguments);

/* Parses what follows the command's name into `values` (the struct that its table is for) and
 * cli->operands, which reuses argv. False when the call ends here, after its help page or a usage
 * error; `*code` is then how. */
bool cli_parse(struct cli_context *cli, void *values, int argc, char **argv, cli_exit *code);

/* The same for what stands before the command's name: stops at the first operand and leaves the
 * rest in cli->operands. */
bool cli_parse_leading(struct cli_context *cli, void *values, int argc, char **argv,
                       cli_exit *code);

/* An error that comes before --json is reached has to be a document all the same: looks for it in
 * what was not parsed. */
void cli_look_for_json(struct cli_context *cli, int argc, char *const *argv);

#endif
