/* SPDX-License-Identifier: MIT */
/* A call's worker threads. They start and end within tpl__pool_run(), on whose thread every
 * callback is called, so a fork between calls finds no thread of ours. Where a process may have no
 * more threads, that one does the work. */
#ifndef TPL__POOL_H
#define TPL__POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/run.h"
#include "tpl/status.h"

/* What one worker has done: it alone writes, on a cache line of its own. */
typedef struct tpl__tally {
    atomic_uint_least64_t files;
    atomic_uint_least64_t bytes;
    char apart[48];
} tpl__tally;

static inline void tpl__tally_add(tpl__tally *tally, uint64_t files, uint64_t bytes) {
    uint64_t f = atomic_load_explicit(&tally->files, memory_order_relaxed);
    uint64_t b = atomic_load_explicit(&tally->bytes, memory_order_relaxed);
    atomic_store_explicit(&tally->files, f + files, memory_order_relaxed);
    atomic_store_explicit(&tally->bytes, b + bytes, memory_order_relaxed);
}

/* What the threads of one call share. Workers look at `stop` at every step of their work. */
typedef struct tpl__pool {
    atomic_bool stop;
    atomic_bool total_known;
    atomic_uint_least64_t files_total;
    atomic_uint_least64_t bytes_total;
    tpl__tally *tallies; /* one a worker, borrowed */
    unsigned tally_count;
    _Atomic(struct tpl__lone *)
        lone; /* not NULL: the caller's thread works and looks after itself */
} tpl__pool;

/* `tallies` are zeroed and outlive the pool; NULL where nothing is counted. */
void tpl__pool_init(tpl__pool *pool, tpl__tally *tallies, unsigned count);

/* Where the caller's thread does the work: asks, now and then, whether it is still wanted; false on
 * any other thread. */
bool tpl__pool_lone_stops(tpl__pool *pool);
bool tpl__pool_lone_leaves(tpl__pool *pool);

static inline bool tpl__pool_is_lone(tpl__pool *pool) {
    return atomic_load_explicit(&pool->lone, memory_order_relaxed) != NULL;
}

static inline bool tpl__pool_stopped(tpl__pool *pool) {
    return atomic_load_explicit(&pool->stop, memory_order_relaxed) ||
           (tpl__pool_is_lone(pool) && tpl__pool_lone_stops(pool));
}

/* Whether this is the caller's thread and is to leave what it has not begun to others. */
static inline bool tpl__pool_leaves(tpl__pool *pool) {
    return tpl__pool_is_lone(pool) && tpl__pool_lone_leaves(pool);
}

/* Runs `body(worker, arg)` on `workers` threads, worker = 0 .. workers - 1, and waits for all of
 * them, calling run's poll and progress meanwhile. TPL_E_CANCELLED when a callback said so: `stop`
 * is set and the workers are waited for. `stop` set by a worker is its own way to end the others.
 * Where the system gives not one thread, the caller's does the work of worker 0. TPL_E_NOMEM.
 * `run` may be NULL. */
tpl_status tpl__pool_run(tpl__pool *pool, unsigned workers,
                         void (*body)(unsigned worker, void *arg), void *arg, const tpl_run *run,
                         tpl_error *err);

/* The same of what is often small: the caller's thread begins it as worker 0, before there is a
 * thread to wait for. When it takes more than a moment, the other workers start, and `body` has to
 * end once tpl__pool_leaves() says so; it is then called again, as worker 0 on another thread. */
tpl_status tpl__pool_run_small(tpl__pool *pool, unsigned workers,
                               void (*body)(unsigned worker, void *arg), void *arg,
                               const tpl_run *run, tpl_error *err);

/* The number of workers that run->jobs asks for, or what suits this machine and what the path
 * (NULL: none) lies on; no more than may have TPL__FDS_PER_WORKER files open each, and at most
 * 1,024. */
#define TPL__FDS_PER_WORKER 3

unsigned tpl__pool_workers(const tpl_run *run, const char *path);

/* The number of threads for work that waits for nothing: run->jobs, or the processors there are;
 * TPL__PROCESSORS_MOST at most. `run` may be NULL. */
#define TPL__PROCESSORS_MOST 16

unsigned tpl__pool_processors(const tpl_run *run);

#endif
