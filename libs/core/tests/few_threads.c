/* SPDX-License-Identifier: MIT */
/* In the place of tpl__thread_start, by the linker's --wrap. */
#include "few_threads.h"

#include <errno.h>

#include "thread.h"

unsigned threads_left = ENOUGH_THREADS;

int __real_tpl__thread_start(tpl__thread *thread, void (*body)(void *arg), void *arg);
int __wrap_tpl__thread_start(tpl__thread *thread, void (*body)(void *arg), void *arg);

int __wrap_tpl__thread_start(tpl__thread *thread, void (*body)(void *arg), void *arg) {
    if (threads_left == 0) {
        return EAGAIN;
    }
    threads_left--;
    return __real_tpl__thread_start(thread, body, arg);
}
