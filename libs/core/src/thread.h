/* SPDX-License-Identifier: MIT */
/* Threads, one lock and one condition; opaque storage so that no platform header is needed here. */
#ifndef TPL__THREAD_H
#define TPL__THREAD_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tpl__thread {
    uintptr_t handle;
} tpl__thread;

typedef struct tpl__mutex {
    alignas(max_align_t) unsigned char storage[64];
} tpl__mutex;

typedef struct tpl__cond {
    alignas(max_align_t) unsigned char storage[64];
} tpl__cond;

/* Starts a thread that takes no signals; 0 or a positive errno. Every started thread is joined. */
int tpl__thread_start(tpl__thread *thread, void (*body)(void *arg), void *arg);
void tpl__thread_join(tpl__thread thread);

/* A number that no other thread has which runs now. */
uintptr_t tpl__thread_self(void);

void tpl__mutex_init(tpl__mutex *mutex);
void tpl__mutex_dispose(tpl__mutex *mutex);
void tpl__mutex_lock(tpl__mutex *mutex);
void tpl__mutex_unlock(tpl__mutex *mutex);

void tpl__cond_init(tpl__cond *cond);
void tpl__cond_dispose(tpl__cond *cond);
void tpl__cond_wait(tpl__cond *cond, tpl__mutex *mutex);
bool tpl__cond_wait_ms(tpl__cond *cond, tpl__mutex *mutex,
                       unsigned milliseconds); /* false: time is up */
void tpl__cond_signal(tpl__cond *cond);
void tpl__cond_broadcast(tpl__cond *cond);

unsigned tpl__cpu_count(void); /* processors this process may run on, >= 1 */
uint64_t tpl__monotonic_ms(void);
void tpl__sleep_ms(unsigned milliseconds);

#endif
