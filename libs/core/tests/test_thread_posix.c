/* SPDX-License-Identifier: MIT */
#include <signal.h>

#include "check.h"
#include "thread.h"

typedef struct shared {
    tpl__mutex lock;
    tpl__cond changed;
    int count;
    bool signals_blocked;
} shared;

static void count_up(void *arg) {
    shared *s = arg;
    sigset_t blocked;
    sigemptyset(&blocked);
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    tpl__mutex_lock(&s->lock);
    s->count++;
    s->signals_blocked = sigismember(&blocked, SIGINT) == 1;
    tpl__cond_broadcast(&s->changed);
    tpl__mutex_unlock(&s->lock);
}

static void threads_count_wake_and_take_no_signals(void **state) {
    (void)state;
    enum {
        THREADS = 4
    };
    shared s = {.count = 0};
    tpl__mutex_init(&s.lock);
    tpl__cond_init(&s.changed);
    tpl__thread threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(tpl__thread_start(&threads[i], count_up, &s), 0);
    }
    tpl__mutex_lock(&s.lock);
    while (s.count < THREADS) {
        tpl__cond_wait(&s.changed, &s.lock);
    }
    tpl__mutex_unlock(&s.lock);
    for (int i = 0; i < THREADS; i++) {
        tpl__thread_join(threads[i]);
    }
    assert_true(s.signals_blocked);
    tpl__cond_dispose(&s.changed);
    tpl__mutex_dispose(&s.lock);
}

static void a_timed_wait_ends_by_itself(void **state) {
    (void)state;
    shared s = {.count = 0};
    tpl__mutex_init(&s.lock);
    tpl__cond_init(&s.changed);
    uint64_t begin = tpl__monotonic_ms();
    tpl__mutex_lock(&s.lock);
    assert_false(tpl__cond_wait_ms(&s.changed, &s.lock, 30));
    tpl__cond_signal(&s.changed); /* nobody waits: it is lost */
    assert_false(tpl__cond_wait_ms(&s.changed, &s.lock, 1));
    tpl__mutex_unlock(&s.lock);
    assert_true(tpl__monotonic_ms() - begin >= 30);
    tpl__sleep_ms(2);
    assert_true(tpl__monotonic_ms() - begin >= 32);
    assert_true(tpl__cpu_count() >= 1);
    tpl__cond_dispose(&s.changed);
    tpl__mutex_dispose(&s.lock);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_count_wake_and_take_no_signals),
        cmocka_unit_test(a_timed_wait_ends_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
