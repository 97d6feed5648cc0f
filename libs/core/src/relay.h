/* SPDX-License-Identifier: MIT */
/* Makes several calls look like one piece of work: its progress begins once, is a sum that only
 * grows, and is done once. */
#ifndef TPL__RELAY_H
#define TPL__RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "tpl/run.h"
#include "tpl/status.h"

typedef struct tpl__relay {
    const tpl_run *run;         /* the caller's, may be NULL */
    tpl_phase phase;            /* what the calls' progress is told as */
    bool more;                  /* calls follow whose totals nobody knows yet */
    const tpl_progress *totals; /* of all calls, where they are known beforehand; else NULL */
    tpl_progress earlier;       /* what the calls until now came to */
    uint64_t told;              /* when the caller heard last */
} tpl__relay;

tpl__relay tpl__relay_start(const tpl_run *run, tpl_phase phase);

/* What the calls are given; it lives no longer than the relay. */
tpl_run tpl__relay_run(tpl__relay *relay);

/* The first record and the last one. TPL_E_CANCELLED. */
tpl_status tpl__relay_begin(const tpl__relay *relay, tpl_error *err);
tpl_status tpl__relay_end(const tpl__relay *relay, tpl_error *err);

#endif
