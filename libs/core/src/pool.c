/* SPDX-License-Identifier: MIT */
/* Starts the workers of one call, and keeps the caller informed until they are done. */
#include "pool.h"

#include <errno.h>

#include "device.h"
#include "fail.h"
#include "fs.h"
#include "mem.h"
#include "poll.h"
#include "thread.h"

enum {
    FIRST_WAIT_MS = 1,
    MOMENT_MS = 2, /* of a clock that tells whole milliseconds: more than one */
    MOST_WORKERS = 1024
};

/* The caller's thread while it works; others look at `thread` alone. */
typedef struct tpl__lone {
    uintptr_t thread;
    struct crew *crew;
    const tpl_run *run; /* NULL: nobody is asked, or asked any more */
    uint64_t began;
    uint64_t asked;
    uint64_t reported;
    bool may_leave;
    bool leaves;
} tpl__lone;

typedef struct crew {
    tpl__pool *pool;
    void (*body)(unsigned worker, void *arg);
    void *arg;
    unsigned workers;
    tpl__thread *threads; /* as many */
    unsigned started;
    tpl__lone lone;
    tpl__mutex lock;
    tpl__cond idle;
    unsigned next;   /* the number the next worker takes, but for whole rounds */
    unsigned active; /* workers that have not ended */
} crew;

void tpl__pool_init(tpl__pool *pool, tpl__tally *tallies, unsigned count) {
    atomic_init(&pool->stop, false);
    atomic_init(&pool->total_known, false);
    atomic_init(&pool->files_total, 0);
    atomic_init(&pool->bytes_total, 0);
    pool->tallies = tallies;
    pool->tally_count = tallies == NULL ? 0 : count;
    atomic_init(&pool->lone, NULL);
}

unsigned tpl__pool_workers(const tpl_run *run, const char *path) {
    unsigned wanted = run == NULL ? 0 : run->jobs;
    if (wanted == 0) {
        tpl__device device = path == NULL ? TPL__DEVICE_SOLID : tpl__device_of(path);
        wanted = tpl__device_readers(device, tpl__cpu_count());
    }
    unsigned most = tpl__fs_open_budget() / (TPL__FDS_PER_WORKER + 1); /* one more for all */
    most = most == 0 ? 1 : most < MOST_WORKERS ? most : MOST_WORKERS;
    return wanted < most ? wanted : most;
}

unsigned tpl__pool_processors(const tpl_run *run) {
    unsigned wanted = run == NULL || run->jobs == 0 ? tpl__cpu_count() : run->jobs;
    return wanted < TPL__PROCESSORS_MOST ? wanted : TPL__PROCESSORS_MOST;
}

static void worker_body(void *arg) {
    crew *c = arg;
    tpl__mutex_lock(&c->lock);
    unsigned number = c->next++ % c->workers;
    tpl__mutex_unlock(&c->lock);
    c->body(number, c->arg);
    tpl__mutex_lock(&c->lock);
    c->active--;
    tpl__cond_signal(&c->idle);
    tpl__mutex_unlock(&c->lock);
}

static bool report(tpl__pool *pool, const tpl_run *run, tpl_phase phase) {
    if (run == NULL || run->progress == NULL) {
        return true;
    }
    tpl_progress now = {
        .phase = phase,
        .total_known = atomic_load(&pool->total_known),
        .files_total = atomic_load(&pool->files_total),
        .bytes_total = atomic_load(&pool->bytes_total),
    };
    for (unsigned i = 0; i < pool->tally_count; i++) {
        now.files_done += atomic_load_explicit(&pool->tallies[i].files, memory_order_relaxed);
        now.bytes_done += atomic_load_explicit(&pool->tallies[i].bytes, memory_order_relaxed);
    }
    return run->progress(&now, run->payload) == 0;
}

/* False: the caller wants the work to end. */
static bool attend(tpl__pool *pool, const tpl_run *run, uint64_t *reported) {
    if (run == NULL) {
        return true;
    }
    if (run->poll != NULL && run->poll(run->payload) != 0) {
        return false;
    }
    uint64_t now = tpl__monotonic_ms();
    if (now - *reported < TPL__PROGRESS_MS) {
        return true;
    }
    *reported = now;
    return report(pool, run, TPL_PHASE_HASH);
}

static bool wait_for_workers(crew *c, const tpl_run *run) {
    bool wanted = true;
    uint64_t reported = tpl__monotonic_ms();
    tpl__mutex_lock(&c->lock);
    while (c->active > 0) {
        bool ended = tpl__cond_wait_ms(&c->idle, &c->lock, TPL__POLL_MS);
        if (ended || !wanted) {
            continue;
        }
        tpl__mutex_unlock(&c->lock);
        wanted = attend(c->pool, run, &reported);
        if (!wanted) {
            atomic_store(&c->pool->stop, true);
        }
        tpl__mutex_lock(&c->lock);
    }
    tpl__mutex_unlock(&c->lock);
    return wanted;
}

/* Starts workers until `wanted` have been, or those there were have done it all; 0, or the errno of
 * the one that did not start. */
static int start_workers(crew *c, unsigned wanted) {
    while (c->started < wanted) {
        tpl__mutex_lock(&c->lock);
        bool done = c->started > 0 && c->active == 0;
        c->active += !done;
        tpl__mutex_unlock(&c->lock);
        if (done) {
            return 0;
        }
        int failed = tpl__thread_start(&c->threads[c->started], worker_body, c);
        if (failed != 0) {
            tpl__mutex_lock(&c->lock);
            c->active--;
            tpl__mutex_unlock(&c->lock);
            return failed;
        }
        c->started++;
    }
    return 0;
}

static tpl__lone *lone_here(tpl__pool *pool) {
    tpl__lone *lone = atomic_load(&pool->lone);
    return lone != NULL && lone->thread == tpl__thread_self() ? lone : NULL;
}

bool tpl__pool_lone_leaves(tpl__pool *pool) {
    const tpl__lone *lone = lone_here(pool);
    return lone != NULL && lone->leaves;
}

bool tpl__pool_lone_stops(tpl__pool *pool) {
    tpl__lone *lone = lone_here(pool);
    if (lone == NULL) {
        return false;
    }
    uint64_t now = tpl__monotonic_ms();
    if (lone->may_leave && !lone->leaves && now - lone->began >= MOMENT_MS) {
        crew *c = lone->crew;
        start_workers(c, c->workers - 1); /* fewer will do */
        lone->leaves = true;
    }
    if (now - lone->asked < TPL__POLL_MS) {
        return false;
    }
    lone->asked = now;
    if (attend(pool, lone->run, &lone->reported)) {
        return false;
    }
    lone->run = NULL;
    atomic_store(&pool->stop, true);
    return true;
}

/* The work of worker 0 on the caller's thread. False: the caller wants it to end. */
static bool work_here(crew *c, const tpl_run *run, bool may_leave) {
    uint64_t now = tpl__monotonic_ms();
    c->lone = (tpl__lone){.thread = tpl__thread_self(),
                          .crew = c,
                          .run = run,
                          .began = now,
                          .asked = now,
                          .reported = now,
                          .may_leave = may_leave};
    atomic_store(&c->pool->lone, &c->lone);
    c->body(0, c->arg);
    atomic_store(&c->pool->lone, NULL);
    return run == NULL || c->lone.run != NULL;
}

/* Small work is done before a second worker is worth its start. */
static bool first_worker_is_enough(crew *c) {
    tpl__mutex_lock(&c->lock);
    bool done = c->active == 0;
    if (!done) {
        tpl__cond_wait_ms(&c->idle, &c->lock, FIRST_WAIT_MS);
        done = c->active == 0;
    }
    tpl__mutex_unlock(&c->lock);
    return done;
}

/* By threads, or by the caller's where the system gives none. False: the caller wants it to end.
 * *failed: memory is out. */
static bool work_by_threads(crew *c, const tpl_run *run, bool *failed) {
    int error = start_workers(c, 1);
    if (c->started == 0) {
        *failed = error == ENOMEM;
        return *failed || work_here(c, run, false);
    }
    if (c->started < c->workers && !first_worker_is_enough(c)) {
        start_workers(c, c->workers); /* fewer will do */
    }
    return wait_for_workers(c, run);
}

static tpl_status run_crew(crew *c, const tpl_run *run, bool small, tpl_error *err) {
    tpl__pool *pool = c->pool;
    bool failed = false;
    bool wanted = report(pool, run, TPL_PHASE_SCAN);
    bool left = wanted;
    if (wanted && small) {
        wanted = work_here(c, run, true);
        left = c->lone.leaves;
    }
    if (wanted && left) {
        wanted = work_by_threads(c, run, &failed);
    } else if (c->started > 0) {
        wait_for_workers(c, NULL); /* which have been told to end */
    }
    for (unsigned i = 0; i < c->started; i++) {
        tpl__thread_join(c->threads[i]);
    }
    if (failed) {
        return tpl__fail_nomem(err);
    }
    if (wanted && !tpl__pool_stopped(pool)) {
        wanted = report(pool, run, TPL_PHASE_DONE);
    }
    return wanted ? TPL_OK : tpl__fail_cancelled(err);
}

static tpl_status run_all(crew *c, const tpl_run *run, bool small, tpl_error *err) {
    c->threads = tpl__alloc_array(c->workers, sizeof(*c->threads));
    if (c->threads == NULL) {
        return tpl__fail_nomem(err);
    }
    c->next = small; /* 0 is the caller's */
    tpl__mutex_init(&c->lock);
    tpl__cond_init(&c->idle);
    tpl_status status = run_crew(c, run, small, err);
    tpl__cond_dispose(&c->idle);
    tpl__mutex_dispose(&c->lock);
    tpl__free(c->threads);
    return status;
}

tpl_status tpl__pool_run(tpl__pool *pool, unsigned workers,
                         void (*body)(unsigned worker, void *arg), void *arg, const tpl_run *run,
                         tpl_error *err) {
    crew c = {.pool = pool, .body = body, .arg = arg, .workers = workers};
    return run_all(&c, run, false, err);
}

tpl_status tpl__pool_run_small(tpl__pool *pool, unsigned workers,
                               void (*body)(unsigned worker, void *arg), void *arg,
                               const tpl_run *run, tpl_error *err) {
    crew c = {.pool = pool, .body = body, .arg = arg, .workers = workers};
    return run_all(&c, run, true, err);
}
