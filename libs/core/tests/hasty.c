/* SPDX-License-Identifier: MIT */
/* In the place of tpl__monotonic_ms, by the linker's --wrap. */
#include "hasty.h"

#include <stdatomic.h>

#include "poll.h"
#include "thread.h"

static atomic_uint_least64_t clock_ms;

uint64_t __wrap_tpl__monotonic_ms(void);

uint64_t __wrap_tpl__monotonic_ms(void) {
    return atomic_fetch_add(&clock_ms, TPL__POLL_MS) + TPL__POLL_MS;
}

int hasty_poll(void *of_hasty) {
    hasty *caller = of_hasty;
    return caller->asked++ >= caller->patience;
}
