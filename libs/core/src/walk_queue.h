/* SPDX-License-Identifier: MIT */
/* What a walk has still to do: directories to list and batches of names to visit. */
#ifndef TPL__WALK_QUEUE_H
#define TPL__WALK_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fs.h"
#include "pool.h"
#include "thread.h"

/* A directory on the way, counted by its children, its batches and whoever works in it. */
typedef struct tpl__dir {
    struct tpl__dir *parent; /* NULL: the root */
    struct tpl__dir *next;   /* in the queue */
    atomic_uint refs;
    int fd;    /* -1: not kept open, its descendants reopen it by name */
    bool link; /* entered through a symbolic link */
    uint64_t dev;
    uint64_t ino;
    const char *name; /* operating-system bytes, NUL-terminated */
    const char *text; /* the same as WTF-8; the same pointer where they are equal */
    size_t text_len;
    char storage[];
} tpl__dir;

/* Takes a reference on `parent`. NULL: no memory. */
tpl__dir *tpl__dir_new(tpl__dir *parent, const char *name, size_t len, bool link);
void tpl__dir_release(tpl__dir *dir, atomic_uint *open_dirs);

/* Names of one directory; a record is a type byte, the name and a NUL. */
typedef struct tpl__batch {
    struct tpl__batch *next;
    struct tpl__batch *previous;
    tpl__dir *dir;
    const char *rest; /* records that nobody has taken */
    unsigned left;
    unsigned users; /* tasks under way */
    char records[];
} tpl__batch;

typedef struct tpl__task {
    tpl__dir *dir; /* to list (when batch is NULL), or where the names are */
    tpl__batch *batch;
    const char *records; /* `count` of them */
    unsigned count;
} tpl__task;

typedef struct tpl__walk_queue {
    tpl__mutex lock;
    tpl__cond changed;
    tpl__pool *pool;
    tpl__dir *dirs;      /* the newest first: depth before breadth keeps memory small */
    tpl__batch *batches; /* likewise */
    size_t batch_count;
    size_t names;    /* in batches */
    size_t most;     /* names that may wait before they go first */
    bool full;       /* names are too many: they go first until half of them are gone */
    size_t pending;  /* tasks queued or under way */
    size_t unlisted; /* of these, directories */
    unsigned workers;
    atomic_uint open_dirs;
} tpl__walk_queue;

/* `brief` as in tpl__walk_order. */
void tpl__walk_queue_init(tpl__walk_queue *queue, tpl__pool *pool, unsigned workers, bool brief);
void tpl__walk_queue_dispose(tpl__walk_queue *queue); /* with what is left in it */

/* Hands a directory over, reference included. */
void tpl__walk_queue_push_dir(tpl__walk_queue *queue, tpl__dir *dir);

/* Copies records; takes a reference on `dir`. 0 or ENOMEM. */
int tpl__walk_queue_push_names(tpl__walk_queue *queue, tpl__dir *dir, const char *records,
                               size_t size, unsigned count);

/* Waits for a task; false when there will be none for this thread. Every task is given back by
 * done. */
bool tpl__walk_queue_take(tpl__walk_queue *queue, tpl__task *task);

/* The next few names of the same batch: a worker stays in a directory as long as there are names
 * that nobody has taken, unless directories come first. False: the task is to be given back. */
bool tpl__walk_queue_more(tpl__walk_queue *queue, tpl__task *task);
void tpl__walk_queue_done(tpl__walk_queue *queue, tpl__task *task);

#endif
