/* SPDX-License-Identifier: MIT */
/* Calls of the command, each in a process of its own in which something fails. */
#ifndef CLI_TEST_ATTEMPTS_H
#define CLI_TEST_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MOST_WORDS = 12,
    MOST_TEXT = 1 << 18,
    MOST_ATTEMPTS = 5000 /* at one call: it must come to an end */
};

typedef struct call {
    const char *words[MOST_WORDS];
    int otherwise; /* how it ends when nothing fails */
} call;

extern const call attempts_calls[];
extern const size_t attempts_calls_count;

/* What is to fail: armed in the child, `nth` being 0 for nothing, and asked at its end. */
typedef struct trouble {
    const char *what;
    void (*arm)(uint64_t nth);
    uint64_t (*failed)(void); /* how many times something did */
} trouble;

/* What an attempt came to. */
typedef struct outcome {
    int code;
    uint64_t failed;
    int64_t live; /* allocations that were not freed */
    char out[MOST_TEXT];
    char err[MOST_TEXT];
    char made[MOST_TEXT]; /* what -o names; empty when it was not made */
} outcome;

/* The files that the calls name, in the scratch directory. */
void attempts_make_files(void);

/* Makes the call over and over, until nothing fails any more. `fault` says what is wrong with an
 * outcome beside that of a call in which nothing fails, or NULL. */
void attempts_sweep(const call *c, const trouble *t,
                    const char *(*fault)(const outcome *o, const outcome *whole));

size_t attempts_lines(const char *text);

#endif
