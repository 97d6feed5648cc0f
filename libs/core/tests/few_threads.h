/* SPDX-License-Identifier: MIT */
/* A system that has not a thread more: for tests that wrap tpl__thread_start. */
#ifndef FEW_THREADS_H
#define FEW_THREADS_H

/* Threads that start before one does not: EAGAIN. Enough at first. */
extern unsigned threads_left;

#define ENOUGH_THREADS 1000

#endif
