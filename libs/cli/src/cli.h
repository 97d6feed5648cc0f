/* SPDX-License-Identifier: MIT */
/* What every part of the command shares: the context of one call, the row of a command, exit codes.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "args.h"
#include "exit.h"
#include "json.h"
#include "progress.h"
#include "tpl/buffer.h"
#include "tpl/run.h"

#define CLI_NAME "template-cli"

typedef struct cli_context cli_context;

/* One command. Usage, help and `surface` are made from it. */
typedef struct cli_command {
    const char *name; /* NULL for what comes before a command's name */
    const char
        *arguments;       /* "MANIFEST [DIR]", "BASE [DIFF...]": what is expected is read from it */
    const char *summary;  /* one line */
    const char *details;  /* a paragraph for its help page, may be NULL */
    const char *examples; /* lines for its help page, may be NULL */
    const cli_option *options; /* its own, up to a row without a name */
    const cli_option *shared;  /* a table that several commands have, or NULL */
    size_t shared_offset;      /* of the struct it is for, in that of `options` */
    bool no_json;              /* has no --json */
    cli_exit (*run)(cli_context *cli, int argc, char **argv);
} cli_command;

typedef enum cli_when {
    CLI_WHEN_AUTO,
    CLI_WHEN_ALWAYS,
    CLI_WHEN_NEVER
} cli_when;

/* One call of the command. */
struct cli_context {
    const cli_command *command; /* borrowed */
    char **operands;            /* arguments that are no options; borrowed from argv */
    int operand_count;
    bool json; /* the common options */
    bool quiet;
    bool help;
    int progress;        /* cli_when */
    int color;           /* cli_when */
    unsigned jobs;       /* threads that a command's own --jobs allows; 0 chooses */
    const char *subject; /* what an error without a path of its own is about; OS path, borrowed */
    const char *hint;    /* what to do about the error that is going to be reported; borrowed */
    cli_progress bar;
    cli_json skipped;   /* what warnings passed over, as the items of an array */
    tpl_buffer pattern; /* the first pattern that names a directory; WTF-8 */
};

#define CLI_CONTEXT_INIT(row)                                                                      \
    {.command = (row), .skipped = CLI_JSON_INIT, .pattern = TPL_BUFFER_INIT}

void cli_context_dispose(cli_context *cli);

/* The commands in the order of help, up to NULL. */
extern const cli_command *const cli_commands[];

const cli_command *cli_command_find(const char *name); /* NULL: none has that name */

typedef enum cli_scope {
    CLI_OWN,
    CLI_SHARED,
    CLI_COMMON /* in cli_context */
} cli_scope;

/* Row `index` of all options that a command has, in the order of the scopes; NULL past the last.
 * `scope` may be NULL. */
const cli_option *cli_option_at(const cli_command *command, size_t index, cli_scope *scope);

/* Makes ready for a call that may take long (signals are caught, many files can be open) and gives
 * it threads, progress, warnings and cancellation. */
tpl_run cli_run(cli_context *cli);

/* Whether a listing has colors. */
bool cli_wants_color(const cli_context *cli, bool to_stdout);

#endif
