/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>

#include <limits.h>
#include <pthread.h>

#include "check.h"
#include "few_threads.h"
#include "pool.h"
#include "thread.h"
#include "tpl/status.h"

enum {
    MOST = 5
};

typedef struct job {
    tpl__pool pool;
    atomic_uint ran; /* a bit a worker */
    atomic_uint on_the_caller;
    atomic_uint begun[MOST];
    unsigned all; /* all bits */
    pthread_t caller;
    bool wait_for_stop;
} job;

typedef struct calls {
    int polls;
    int progress;
    int stop_at_poll;
    int stop_at_progress;
    tpl_progress last;
    tpl_phase first_phase;
} calls;

static void body(unsigned worker, void *arg) {
    job *j = arg;
    atomic_fetch_or(&j->ran, 1U << worker);
    atomic_fetch_add(&j->on_the_caller, pthread_equal(pthread_self(), j->caller) ? 1 : 0);
    for (int i = 0; i < 5000 && j->wait_for_stop && !tpl__pool_stopped(&j->pool); i++) {
        tpl__sleep_ms(1);
    }
}

static int poll_count(void *payload) {
    calls *c = payload;
    c->polls++;
    return c->stop_at_poll != 0 && c->polls >= c->stop_at_poll;
}

static int progress_count(const tpl_progress *progress, void *payload) {
    calls *c = payload;
    if (c->progress++ == 0) {
        c->first_phase = progress->phase;
    }
    c->last = *progress;
    return c->stop_at_progress != 0 && c->progress >= c->stop_at_progress;
}

static tpl_status run(job *j, calls *c, unsigned workers, tpl_error *err) {
    tpl_run r = {workers, progress_count, NULL, poll_count, c};
    tpl__pool_init(&j->pool, NULL, 0);
    atomic_init(&j->ran, 0);
    atomic_init(&j->on_the_caller, 0);
    j->caller = pthread_self();
    return tpl__pool_run(&j->pool, workers, body, j, &r, err);
}

static void runs_at_least_the_first_worker(void **state) {
    (void)state;
    job j = {.wait_for_stop = false};
    calls c = {0};
    assert_int_equal(run(&j, &c, 4, NULL), TPL_OK);
    assert_true((atomic_load(&j.ran) & 1) == 1);
    assert_int_equal(c.first_phase, TPL_PHASE_SCAN);
    assert_int_equal(c.last.phase, TPL_PHASE_DONE);
    assert_int_equal(tpl__pool_run(&j.pool, 1, body, &j, NULL, NULL), TPL_OK);
}

static void a_poll_that_says_so_cancels(void **state) {
    (void)state;
    job j = {.wait_for_stop = true};
    calls c = {.stop_at_poll = 2};
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(run(&j, &c, 3, &err), TPL_E_CANCELLED);
    assert_int_equal(err.status, TPL_E_CANCELLED);
    assert_int_equal(atomic_load(&j.ran), 7);
    assert_int_equal(c.polls, 2);
    tpl_error_dispose(&err);
}

static void progress_cancels_first_in_between_and_last(void **state) {
    (void)state;
    for (int at = 1; at <= 2; at++) {
        job j = {.wait_for_stop = at == 2};
        calls c = {.stop_at_progress = at};
        assert_int_equal(run(&j, &c, 2, NULL), TPL_E_CANCELLED);
        assert_int_equal(c.progress, at);
    }
    job j = {.wait_for_stop = false};
    calls c = {0};
    for (int i = 0; i < 20 && c.last.phase != TPL_PHASE_DONE; i++) {
        c = (calls){.stop_at_progress = 2}; /* the last one, when it all takes less than 100 ms */
        assert_int_equal(run(&j, &c, 1, NULL), TPL_E_CANCELLED);
    }
    assert_int_equal(c.last.phase, TPL_PHASE_DONE);
}

static void progress_comes_at_most_every_tenth_of_a_second(void **state) {
    (void)state;
    job j = {.wait_for_stop = true};
    calls c = {.stop_at_poll = 15}; /* about 300 ms */
    assert_int_equal(run(&j, &c, 2, NULL), TPL_E_CANCELLED);
    assert_true(c.progress >= 2 && c.progress <= 6);
}

static void the_number_of_workers_has_bounds(void **state) {
    (void)state;
    tpl_run r = TPL_RUN_INIT;
    assert_true(tpl__pool_workers(NULL, NULL) >= 1);
    r.jobs = 3;
    assert_int_equal(tpl__pool_workers(&r, "."), 3);
    r.jobs = 1000000;
    unsigned most = tpl__pool_workers(&r, ".");
    assert_true(most >= 1 && most <= 1024);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit few = {24, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    most = tpl__pool_workers(&r, ".");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(most, 4); /* and 4 * 3 descriptors of the 24 */
}

static void the_number_of_processors_has_bounds(void **state) {
    (void)state;
    tpl_run run = {.jobs = 3};
    assert_int_equal(tpl__pool_processors(&run), 3);
    run.jobs = UINT_MAX;
    assert_int_equal(tpl__pool_processors(&run), TPL__PROCESSORS_MOST);
    unsigned own = tpl__pool_processors(NULL);
    assert_true(own >= 1 && own <= TPL__PROCESSORS_MOST);
}

static void with_hardly_a_descriptor_one_works(void **state) {
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit few = {4, before.rlim_max};
    const tpl_run run = {.jobs = 8};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    unsigned workers = tpl__pool_workers(&run, NULL);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(workers, 1);
}

static void without_a_thread_the_caller_works(void **state) {
    (void)state;
    job j = {.wait_for_stop = false};
    calls c = {0};
    threads_left = 0;
    assert_int_equal(run(&j, &c, 4, NULL), TPL_OK);
    assert_int_equal(atomic_load(&j.ran), 1);
    assert_int_equal(atomic_load(&j.on_the_caller), 1);
    assert_int_equal(c.first_phase, TPL_PHASE_SCAN);
    assert_int_equal(c.last.phase, TPL_PHASE_DONE);
    assert_int_equal(c.progress, 2);
    assert_int_equal(tpl__pool_run(&j.pool, 4, body, &j, NULL, NULL), TPL_OK);
    assert_int_equal(atomic_load(&j.on_the_caller), 2);
    threads_left = ENOUGH_THREADS;
    assert_int_equal(run(&j, &c, 1, NULL), TPL_OK);
    assert_int_equal(atomic_load(&j.on_the_caller), 0);
}

static void with_one_thread_the_caller_does_not_work(void **state) {
    (void)state;
    job j = {.wait_for_stop = false};
    calls c = {0};
    threads_left = 1;
    assert_int_equal(run(&j, &c, 4, NULL), TPL_OK);
    assert_int_equal(atomic_load(&j.ran), 1);
    assert_int_equal(atomic_load(&j.on_the_caller), 0);
    threads_left = ENOUGH_THREADS;
}

static void a_caller_that_works_is_asked_all_the_same(void **state) {
    (void)state;
    threads_left = 0;
    job j = {.wait_for_stop = true};
    calls c = {.stop_at_poll = 15}; /* about 300 ms */
    uint64_t began = tpl__monotonic_ms();
    assert_int_equal(run(&j, &c, 4, NULL), TPL_E_CANCELLED);
    assert_true(tpl__monotonic_ms() - began < 4000);
    assert_int_equal(c.polls, 15);
    assert_true(c.progress >= 2 && c.progress <= 6);
    calls by_progress = {.stop_at_progress = 2};
    assert_int_equal(run(&j, &by_progress, 4, NULL), TPL_E_CANCELLED);
    assert_int_equal(by_progress.progress, 2);
    calls at_once = {.stop_at_progress = 1};
    assert_int_equal(run(&j, &at_once, 4, NULL), TPL_E_CANCELLED);
    assert_int_equal(atomic_load(&j.ran), 0);
    threads_left = ENOUGH_THREADS;
}

/* Works until all have been seen to work, but for the caller, who leaves when he is to. */
static void body_in_company(unsigned worker, void *arg) {
    job *j = arg;
    atomic_fetch_add(&j->begun[worker], 1);
    bool here = pthread_equal(pthread_self(), j->caller);
    atomic_fetch_add(&j->on_the_caller, here ? 1 : 0);
    for (int i = 0; i < 5000 && !tpl__pool_stopped(&j->pool); i++) {
        if (tpl__pool_leaves(&j->pool)) {
            assert_true(here);
            return;
        }
        atomic_fetch_or(&j->ran, here ? 0 : 1U << worker);
        if (atomic_load(&j->ran) == j->all && !j->wait_for_stop) {
            return;
        }
        tpl__sleep_ms(1);
    }
}

static tpl_status run_small(job *j, calls *c, unsigned workers,
                            void (*work)(unsigned worker, void *arg)) {
    tpl_run r = {workers, progress_count, NULL, poll_count, c};
    tpl__pool_init(&j->pool, NULL, 0);
    atomic_init(&j->ran, 0);
    atomic_init(&j->on_the_caller, 0);
    for (int i = 0; i < MOST; i++) {
        atomic_init(&j->begun[i], 0);
    }
    j->caller = pthread_self();
    j->all = (1U << workers) - 1;
    return tpl__pool_run_small(&j->pool, workers, work, j, &r, NULL);
}

static void small_work_is_done_by_the_caller(void **state) {
    (void)state;
    job j = {.wait_for_stop = false};
    calls c = {0};
    assert_int_equal(run_small(&j, &c, 4, body), TPL_OK);
    assert_int_equal(atomic_load(&j.ran), 1);
    assert_int_equal(atomic_load(&j.on_the_caller), 1);
    assert_int_equal(c.first_phase, TPL_PHASE_SCAN);
    assert_int_equal(c.last.phase, TPL_PHASE_DONE);
    assert_int_equal(c.progress, 2);
    assert_int_equal(tpl__pool_run_small(&j.pool, 4, body, &j, NULL, NULL), TPL_OK);
    assert_int_equal(atomic_load(&j.on_the_caller), 2);
}

static void what_takes_longer_is_left_to_threads(void **state) {
    (void)state;
    for (unsigned workers = 1; workers <= MOST; workers++) {
        job j = {.wait_for_stop = false};
        calls c = {0};
        assert_int_equal(run_small(&j, &c, workers, body_in_company), TPL_OK);
        assert_int_equal(atomic_load(&j.ran), j.all);
        assert_int_equal(atomic_load(&j.on_the_caller), 1);
        for (unsigned i = 0; i < workers; i++) {
            assert_int_equal(atomic_load(&j.begun[i]), i == 0 ? 2 : 1);
        }
    }
}

static void what_no_thread_can_be_left_to_goes_on_here(void **state) {
    (void)state;
    job j = {.wait_for_stop = true};
    calls c = {.stop_at_poll = 3};
    threads_left = 0;
    assert_int_equal(run_small(&j, &c, 4, body_in_company), TPL_E_CANCELLED);
    threads_left = ENOUGH_THREADS;
    assert_int_equal(atomic_load(&j.begun[0]), 2);
    assert_int_equal(atomic_load(&j.on_the_caller), 2);
    assert_int_equal(c.polls, 3);
}

/* Whether they heed that they are to leave, or not. */
static void small_work_can_be_stopped(void **state) {
    (void)state;
    job j = {.wait_for_stop = true};
    calls c = {.stop_at_poll = 3};
    assert_int_equal(run_small(&j, &c, 3, body_in_company), TPL_E_CANCELLED);
    assert_int_equal(c.polls, 3);
    c = (calls){.stop_at_poll = 3};
    assert_int_equal(run_small(&j, &c, 3, body), TPL_E_CANCELLED);
    assert_int_equal(c.polls, 3);
    assert_int_equal(atomic_load(&j.ran), 7);
    c = (calls){.stop_at_progress = 1};
    assert_int_equal(run_small(&j, &c, 3, body), TPL_E_CANCELLED);
    assert_int_equal(atomic_load(&j.ran), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_at_least_the_first_worker),
        cmocka_unit_test(a_poll_that_says_so_cancels),
        cmocka_unit_test(progress_cancels_first_in_between_and_last),
        cmocka_unit_test(progress_comes_at_most_every_tenth_of_a_second),
        cmocka_unit_test(the_number_of_workers_has_bounds),
        cmocka_unit_test(the_number_of_processors_has_bounds),
        cmocka_unit_test(without_a_thread_the_caller_works),
        cmocka_unit_test(with_one_thread_the_caller_does_not_work),
        cmocka_unit_test(a_caller_that_works_is_asked_all_the_same),
        cmocka_unit_test(with_hardly_a_descriptor_one_works),
        cmocka_unit_test(small_work_is_done_by_the_caller),
        cmocka_unit_test(what_takes_longer_is_left_to_threads),
        cmocka_unit_test(what_no_thread_can_be_left_to_goes_on_here),
        cmocka_unit_test(small_work_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
