/* SPDX-License-Identifier: MIT */
/* One thread of a walk, and what the threads share: for the files that make up the walk. */
#ifndef TPL__WALK_WORKER_H
#define TPL__WALK_WORKER_H

#include "tpl/buffer.h"
#include "walk.h"
#include "walk_notes.h"
#include "walk_queue.h"

typedef struct tpl__walk_state {
    const tpl__walk_order *order;
    tpl__glob *glob;
    tpl__walk_queue queue;
    tpl__dir *root;
    unsigned open_budget;        /* directories that may be open at a time */
    atomic_bool *pattern_is_dir; /* one for each pattern, include patterns first */
    atomic_bool failed;          /* set once, by whom `error` then belongs to */
    tpl_error error;
} tpl__walk_state;

#define TPL__LISTING_SIZE ((size_t)32 << 10)

typedef struct tpl__walk_worker {
    tpl__walk_state *walk;
    unsigned number;
    unsigned char *listing; /* one block of a directory: TPL__LISTING_SIZE bytes */
    tpl_buffer listed;      /* all blocks of the directory being listed */
    tpl_buffer records;     /* the names of that block that are to be visited */
    unsigned record_count;
    tpl_buffer path;          /* WTF-8: the directory's path with a slash, then a name */
    const tpl__dir *path_dir; /* of the task at hand, or NULL */
    size_t prefix_len;
    tpl__dir *kept; /* a directory past the budget, open here only; holds a reference */
    int kept_fd;
    tpl__notes notes;
} tpl__walk_worker;

/* Makes `path` the directory's path with a slash behind it, or that and a name. 0 or ENOMEM. */
int tpl__walk_set_dir(tpl__walk_worker *worker, tpl__dir *dir);
int tpl__walk_set_name(tpl__walk_worker *worker, const char *name, size_t len);

/* A descriptor of a directory that was listed already; it stays the walk's. 0 or an errno. */
int tpl__walk_fd(tpl__walk_worker *worker, tpl__dir *dir, int *fd);

/* Opens a directory to list it: sets dir->fd, or the worker's kept one past the budget. */
int tpl__walk_open(tpl__walk_worker *worker, tpl__dir *dir, int *fd, tpl__stat *stat);

/* Hands what was found to the visitor, and acts on its answer. */
void tpl__walk_visit(tpl__walk_worker *worker, const tpl__found *found);

/* Drops what the worker keeps open. */
void tpl__walk_let_go(tpl__walk_worker *worker);

/* Ends the walk with an error about worker->path (or with the cause alone when memory is out). */
void tpl__walk_fail(tpl__walk_worker *worker, tpl_status status, int sys_errno);

/* What cannot be read: a warning, or the end, as the filter wants it. */
void tpl__walk_trouble(tpl__walk_worker *worker, tpl__outcome outcome, int sys_errno);

/* A warning about worker->path. */
void tpl__walk_warn(tpl__walk_worker *worker, tpl_warning_kind kind, int sys_errno);

#endif
