/* SPDX-License-Identifier: MIT */
/* POSIX threads behind thread.h. */
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"

enum {
    MS_PER_SEC = 1000,
    NS_PER_MS = 1000000,
    NS_PER_SEC = 1000000000
};

_Static_assert(sizeof(pthread_mutex_t) <= sizeof(tpl__mutex), "tpl__mutex is too small");
_Static_assert(sizeof(pthread_cond_t) <= sizeof(tpl__cond), "tpl__cond is too small");
_Static_assert(sizeof(pthread_t) <= sizeof(uintptr_t), "tpl__thread is too small");

typedef struct start_order {
    void (*body)(void *arg);
    void *arg;
} start_order;

static void *run_body(void *memory) {
    start_order order = *(start_order *)memory;
    tpl__free(memory);
    order.body(order.arg);
    return NULL;
}

int tpl__thread_start(tpl__thread *thread, void (*body)(void *arg), void *arg) {
    start_order *order = tpl__alloc(sizeof(*order));
    if (order == NULL) {
        return ENOMEM;
    }
    *order = (start_order){body, arg};
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t id;
    int failed = pthread_create(&id, NULL, run_body, order);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed != 0) {
        tpl__free(order);
        return failed;
    }
    thread->handle = (uintptr_t)id;
    return 0;
}

void tpl__thread_join(tpl__thread thread) {
    pthread_join((pthread_t)thread.handle, NULL);
}

uintptr_t tpl__thread_self(void) {
    return (uintptr_t)pthread_self();
}

static pthread_mutex_t *mutex_of(tpl__mutex *mutex) {
    return (pthread_mutex_t *)(void *)mutex->storage;
}

static pthread_cond_t *cond_of(tpl__cond *cond) {
    return (pthread_cond_t *)(void *)cond->storage;
}

void tpl__mutex_init(tpl__mutex *mutex) {
    pthread_mutex_init(mutex_of(mutex), NULL);
}

void tpl__mutex_dispose(tpl__mutex *mutex) {
    pthread_mutex_destroy(mutex_of(mutex));
}

void tpl__mutex_lock(tpl__mutex *mutex) {
    pthread_mutex_lock(mutex_of(mutex));
}

void tpl__mutex_unlock(tpl__mutex *mutex) {
    pthread_mutex_unlock(mutex_of(mutex));
}

void tpl__cond_init(tpl__cond *cond) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond_of(cond), &attributes);
    pthread_condattr_destroy(&attributes);
}

void tpl__cond_dispose(tpl__cond *cond) {
    pthread_cond_destroy(cond_of(cond));
}

void tpl__cond_wait(tpl__cond *cond, tpl__mutex *mutex) {
    pthread_cond_wait(cond_of(cond), mutex_of(mutex));
}

bool tpl__cond_wait_ms(tpl__cond *cond, tpl__mutex *mutex, unsigned milliseconds) {
    struct timespec until = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / MS_PER_SEC;
    until.tv_nsec += (long)(milliseconds % MS_PER_SEC) * NS_PER_MS;
    if (until.tv_nsec >= NS_PER_SEC) {
        until.tv_sec += 1;
        until.tv_nsec -= NS_PER_SEC;
    }
    return pthread_cond_timedwait(cond_of(cond), mutex_of(mutex), &until) == 0;
}

void tpl__cond_signal(tpl__cond *cond) {
    pthread_cond_signal(cond_of(cond));
}

void tpl__cond_broadcast(tpl__cond *cond) {
    pthread_cond_broadcast(cond_of(cond));
}

unsigned tpl__cpu_count(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) == 0) {
        return (unsigned)CPU_COUNT(&set);
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : (unsigned)online;
}

uint64_t tpl__monotonic_ms(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * MS_PER_SEC + (uint64_t)(now.tv_nsec / NS_PER_MS);
}

void tpl__sleep_ms(unsigned milliseconds) {
    struct timespec span = {milliseconds / MS_PER_SEC,
                            (long)(milliseconds % MS_PER_SEC) * NS_PER_MS};
    nanosleep(&span, NULL);
}
