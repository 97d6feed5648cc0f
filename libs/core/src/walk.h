/* SPDX-License-Identifier: MIT */
/* A parallel walk through a directory tree, relative to directory descriptors. It finds, filters
 * and judges names; what to do with a file is its caller's business. */
#ifndef TPL__WALK_H
#define TPL__WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "fs.h"
#include "glob.h"
#include "pool.h"
#include "reader.h"
#include "tpl/snapshot.h"

/* A file that counts, or a directory or a link where those are wanted; everything is borrowed for
 * the call. */
typedef struct tpl__found {
    tpl__file_type type;
    int at;           /* the directory it is in; -1 for a directory */
    const char *name; /* operating-system name there */
    const char *path; /* WTF-8, relative to the root */
    size_t path_len;
    tpl__links links;      /* how to open it */
    const tpl__stat *stat; /* when it was needed already (links), else NULL */
    const char *target;    /* WTF-8 text of a link that is kept, else NULL */
    size_t target_len;
} tpl__found;

/* Called on worker threads, `worker` being the thread's number. TPL__DONE goes on; TPL__FAILED with
 * *sys_errno, TPL__CHANGED, TPL__NOT_FILE and TPL__OUTSIDE are warned about or end the walk as the
 * filter wants it; TPL__STOPPED ends it (a worker that is out of memory fails with ENOMEM). */
typedef tpl__outcome (*tpl__visit_fn)(unsigned worker, const tpl__found *file, int *sys_errno,
                                      void *payload);

typedef struct tpl__walk_order {
    const char *root; /* operating-system path */
    const tpl_filter *filter;
    const tpl_run *run;
    tpl__pool *pool; /* initialised; the visitor counts files_done and bytes_done */
    unsigned workers;
    tpl__visit_fn visit;
    void *payload;
    bool directories; /* are visited, too: those that count themselves */
    bool brief; /* a visit takes next to nothing: directories wait for few names, and the total
                   is known late */
} tpl__walk_order;

/* Visits every file that counts, in no order, twice perhaps where a directory changes meanwhile;
 * then hands the warnings to run->warning in the order of their paths. TPL_E_IO, TPL_E_CHANGED,
 * TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl__walk(const tpl__walk_order *order, tpl_error *err);

#endif
