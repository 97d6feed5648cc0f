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
    MOST_WORKERS = 1024
};

typedef struct crew {
    tpl__pool *pool;
    void (*body)(unsigned worker, void *arg);
    void *arg;
    tpl__mutex lock;
    tpl__cond idle;
    unsigned next;   /* the number the next worker takes */
    unsigned active; /* workers that have not ended */
} crew;

void tpl__pool_init(tpl__pool *pool, tpl__tally *tallies, unsigned count) {
    atomic_init(&pool->stop, false);
    atomic_init(&pool->total_known, false);
    atomic_init(&pool->files_total, 0);
    atomic_init(&pool->bytes_total, 0);
    pool->tallies = tallies;
    pool->tally_count = tallies == NULL ? 0 : count;
    pool->lone = NULL;
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
    unsigned number = c->next++;
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
static int start_workers(crew *c, tpl__thread *threads, unsigned *started, unsigned wanted) {
    while (*started < wanted) {
        tpl__mutex_lock(&c->lock);
        bool done = *started > 0 && c->active == 0;
        c->active += !done;
        tpl__mutex_unlock(&c->lock);
        if (done) {
            return 0;
        }
        int failed = tpl__thread_start(&threads[*started], worker_body, c);
        if (failed != 0) {
            tpl__mutex_lock(&c->lock);
            c->active--;
            tpl__mutex_unlock(&c->lock);
            return failed;
        }
        *started += 1;
    }
    return 0;
}

typedef struct tpl__lone {
    const tpl_run *run;
    uint64_t asked;
    uint64_t reported;
} tpl__lone;

bool tpl__pool_lone_stops(tpl__pool *pool) {
    tpl__lone *lone = pool->lone;
    uint64_t now = tpl__monotonic_ms();
    if (now - lone->asked < TPL__POLL_MS) {
        return false;
    }
    lone->asked = now;
    if (attend(pool, lone->run, &lone->reported)) {
        return false;
    }
    lone->run = NULL; /* nobody is asked again */
    atomic_store(&pool->stop, true);
    return true;
}

/* The work of worker 0 on the caller's thread; false: the caller wants it to end. */
static bool work_alone(crew *c, const tpl_run *run) {
    uint64_t now = tpl__monotonic_ms();
    tpl__lone lone = {run, now, now};
    c->pool->lone = &lone;
    c->body(0, c->arg);
    c->pool->lone = NULL;
    return run == NULL || lone.run != NULL;
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

tpl_status tpl__pool_run(tpl__pool *pool, unsigned workers,
                         void (*body)(unsigned worker, void *arg), void *arg, const tpl_run *run,
                         tpl_error *err) {
    tpl__thread *threads = tpl__alloc_array(workers, sizeof(*threads));
    if (threads == NULL) {
        return tpl__fail_nomem(err);
    }
    crew c = {.pool = pool, .body = body, .arg = arg};
    tpl__mutex_init(&c.lock);
    tpl__cond_init(&c.idle);
    unsigned started = 0;
    bool wanted = report(pool, run, TPL_PHASE_SCAN);
    int failed = wanted ? start_workers(&c, threads, &started, 1) : 0;
    if (failed != 0 && failed != ENOMEM) {
        wanted = work_alone(&c, run);
    } else if (started == 1) {
        if (workers > 1 && !first_worker_is_enough(&c)) {
            start_workers(&c, threads, &started, workers); /* fewer will do */
        }
        wanted = wait_for_workers(&c, run);
    }
    for (unsigned i = 0; i < started; i++) {
        tpl__thread_join(threads[i]);
    }
    tpl__cond_dispose(&c.idle);
    tpl__mutex_dispose(&c.lock);
    tpl__free(threads);
    if (failed == ENOMEM) {
        return tpl__fail_nomem(err);
    }
    if (wanted && !tpl__pool_stopped(pool)) {
        wanted = report(pool, run, TPL_PHASE_DONE);
    }
    return wanted ? TPL_OK : tpl__fail_cancelled(err);
}
