/* SPDX-License-Identifier: MIT */
/* The calls that are tried with memory running out at every point. */
#ifndef TPL_TEST_OOM_H
#define TPL_TEST_OOM_H

#include <stdbool.h>
#include <stddef.h>

#include "tpl/status.h"

typedef struct oom_case {
    const char *functions; /* public functions it is about, space separated */
    const char *about;
    /* Does the work from its first allocation to its last, checks what came out, and frees it. On
     * failure it checks that nothing came out. */
    tpl_status (*run)(tpl_error *err);
    tpl_status otherwise; /* what comes of it with enough memory */
    bool silent;          /* takes no error record */
    bool recovers;        /* may do with less than it asked for: a smaller buffer, fewer threads */
} oom_case;

extern const oom_case oom_values[];
extern const size_t oom_values_count;
extern const oom_case oom_files[];
extern const size_t oom_files_count;
extern const oom_case oom_jobs[]; /* work on the same files */
extern const size_t oom_jobs_count;

/* Inputs, made and freed while memory is plenty. Files are in the scratch directory. */
void oom_values_setup(void);
void oom_values_teardown(void);
void oom_files_setup(void);
void oom_files_teardown(void);

/* Whether every file is as setup left it; called behind every failure. */
bool oom_files_untouched(void);

#endif
