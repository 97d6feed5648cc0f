/* SPDX-License-Identifier: MIT */
/* For work on the caller's own thread: asking now and then whether it is still wanted. */
#ifndef TPL__POLL_H
#define TPL__POLL_H

#include <stdbool.h>
#include <stdint.h>

#include "tpl/run.h"

#define TPL__POLL_MS 20
#define TPL__PROGRESS_MS 100          /* records in between come no sooner than this */
#define TPL__POLL_ROWS ((size_t)4096) /* so many are worked on between two questions */

typedef struct tpl__poll {
    const tpl_run *run; /* borrowed, may be NULL */
    uint64_t asked;     /* milliseconds of the monotonic clock; 0 asks at the first question */
    bool stopped;       /* he has said so, and is asked no more */
} tpl__poll;

/* Asks at the first question, or not before TPL__POLL_MS have gone by. */
#define TPL__POLL_INIT(run) {run, 0, false}
tpl__poll tpl__poll_start(const tpl_run *run);

/* Whether the caller wants the work to end. He is asked every TPL__POLL_MS at most. */
bool tpl__poll_stops(tpl__poll *poll);

/* The same at every TPL__POLL_ROWS-th row. */
static inline bool tpl__poll_stops_at(tpl__poll *poll, size_t row) {
    return row % TPL__POLL_ROWS == TPL__POLL_ROWS - 1 && tpl__poll_stops(poll);
}

#endif
