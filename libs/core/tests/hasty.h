/* SPDX-License-Identifier: MIT */
/* A caller who is asked at every question, and who says stop at one of them: for tests that wrap
 * tpl__monotonic_ms, whose clock takes the step of a poll at each look. */
#ifndef HASTY_H
#define HASTY_H

typedef struct hasty {
    int patience; /* how often he is asked before he says stop */
    int asked;
} hasty;

int hasty_poll(void *of_hasty); /* as tpl_run's poll */

#endif
