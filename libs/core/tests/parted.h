/* SPDX-License-Identifier: MIT */
/* A text in memory as a source of parts, which fails, hides or waits as a test wants it. */
#ifndef TPL_TEST_PARTED_H
#define TPL_TEST_PARTED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "manifest_v2023.h"
#include "pool.h"
#include "tpl/buffer.h"

typedef struct parted {
    const tpl_buffer *data;
    atomic_size_t opened;
    size_t broken; /* this part cannot be read; SIZE_MAX: all can */
    bool hidden;   /* no entry is in sight */
    tpl_status (*more)(tpl__window *window);
    tpl__window windows[TPL__PROCESSORS_MOST];
} parted;

/* Of parts of `part_size` bytes, or of one entry each; none is opened yet. */
tpl__v2023_source parted_source(parted *text, uint64_t part_size, unsigned readers);

/* As tpl_run's poll on a parted text: wants the work to end once a part was opened. */
int parted_stop(void *of_parted);

/* As its `more`: goes on when that has been said, and had time to be heard. */
tpl_status parted_wait(tpl__window *window);

#endif
