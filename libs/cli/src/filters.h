/* SPDX-License-Identifier: MIT */
/* The options that say which files of a tree count, shared by the commands that walk one. */
#ifndef CLI_FILTERS_H
#define CLI_FILTERS_H

#include "cli.h"
#include "tpl/snapshot.h"

typedef struct cli_filters {
    tpl_strings include;
    tpl_strings exclude;
    int symlinks; /* position of the choice */
    int compat;   /* position of the choice; -1: not given */
    int dialect;  /* a tpl_dialect */
    bool skip_unreadable;
    unsigned jobs;
} cli_filters;

#define CLI_FILTERS_INIT {TPL_STRINGS_INIT, TPL_STRINGS_INIT, 0, -1, 0, false, 0}

/* The words of tpl_dialect, for a table's row. */
extern const char *const cli_dialect_choices[];

/* The table for it. */
extern const cli_option cli_filter_options[];

/* The --jobs row of a table without filters. */
#define CLI_JOBS_OPTION(type, member)                                                              \
    {"jobs", 'j',  CLI_NUMBER, offsetof(type, member),                                             \
     "N",    NULL, "0",        "work with N threads; 0 chooses"}

/* Whether two of them contradict each other, or the format that the result is going to have; then
 * says so. */
bool cli_filters_clash(cli_context *cli, const cli_filters *filters, tpl_format format,
                       cli_exit *code);

/* Moves what was given into core's filter, which then owns it, and omits the output. */
tpl_status cli_filters_take(tpl_filter *out, cli_filters *filters, const char *output,
                            tpl_error *err);

/* What a command writes to (the -o value or NULL; standard output, wherever it leads) and what it
 * reads as a manifest is no part of a tree. The strings are borrowed. */
tpl_status cli_omit_output(tpl_strings *omit, const char *output, tpl_error *err);
tpl_status cli_omit_manifest(tpl_strings *omit, const char *argument, tpl_error *err);

void cli_filters_dispose(cli_filters *filters);

#endif
