/* SPDX-License-Identifier: MIT */
/* Asks the caller, but not too often. */
#include "poll.h"

#include <stddef.h>

#include "thread.h"

tpl__poll tpl__poll_start(const tpl_run *run) {
    return (tpl__poll){run, tpl__monotonic_ms(), false};
}

bool tpl__poll_stops(tpl__poll *poll) {
    if (poll->stopped || poll->run == NULL || poll->run->poll == NULL) {
        return poll->stopped;
    }
    uint64_t now = tpl__monotonic_ms();
    if (now - poll->asked < TPL__POLL_MS) {
        return false;
    }
    poll->asked = now;
    poll->stopped = poll->run->poll(poll->run->payload) != 0;
    return poll->stopped;
}
