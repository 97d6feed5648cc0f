/* SPDX-License-Identifier: MIT */
/* Adds up what several calls report. */
#include "relay.h"

#include <stddef.h>

#include "fail.h"
#include "poll.h"
#include "thread.h"

static bool wanted(const tpl__relay *relay) {
    return relay->run != NULL && relay->run->progress != NULL;
}

tpl__relay tpl__relay_start(const tpl_run *run, tpl_phase phase) {
    tpl__relay relay = {.run = run, .phase = phase};
    relay.told = wanted(&relay) ? tpl__monotonic_ms() : 0;
    return relay;
}

static int tell(const tpl__relay *relay, tpl_phase phase, const tpl_progress *progress) {
    tpl_progress told = *progress;
    told.phase = phase;
    if (relay->totals != NULL) {
        told.total_known = true;
        told.files_total = relay->totals->files_total;
        told.bytes_total = relay->totals->bytes_total;
    }
    return relay->run->progress(&told, relay->run->payload);
}

static int on_progress(const tpl_progress *progress, void *payload) {
    tpl__relay *relay = payload;
    const tpl_progress *earlier = &relay->earlier;
    tpl_progress sum = {.total_known = progress->total_known && !relay->more,
                        .files_done = earlier->files_done + progress->files_done,
                        .files_total = earlier->files_total + progress->files_total,
                        .bytes_done = earlier->bytes_done + progress->bytes_done,
                        .bytes_total = earlier->bytes_total + progress->bytes_total};
    if (progress->phase == TPL_PHASE_DONE) {
        relay->earlier = sum;
    }
    uint64_t now = tpl__monotonic_ms();
    bool due = progress->phase != TPL_PHASE_SCAN && progress->phase != TPL_PHASE_DONE;
    if (!due && now - relay->told < TPL__PROGRESS_MS) {
        return 0; /* a call's first and last records come when they like */
    }
    relay->told = now;
    return tell(relay, relay->phase, &sum);
}

static void on_warning(const tpl_warning *warning, void *payload) {
    const tpl__relay *relay = payload;
    relay->run->warning(warning, relay->run->payload);
}

static int on_poll(void *payload) {
    const tpl__relay *relay = payload;
    return relay->run->poll(relay->run->payload);
}

tpl_run tpl__relay_run(tpl__relay *relay) {
    const tpl_run *run = relay->run;
    if (run == NULL) {
        return (tpl_run)TPL_RUN_INIT;
    }
    return (tpl_run){
        .jobs = run->jobs,
        .progress = run->progress == NULL ? NULL : on_progress,
        .warning = run->warning == NULL ? NULL : on_warning,
        .poll = run->poll == NULL ? NULL : on_poll,
        .payload = relay,
    };
}

tpl_status tpl__relay_begin(const tpl__relay *relay, tpl_error *err) {
    static const tpl_progress NOTHING = {.phase = TPL_PHASE_SCAN};
    return wanted(relay) && tell(relay, TPL_PHASE_SCAN, &NOTHING) != 0 ? tpl__fail_cancelled(err)
                                                                       : TPL_OK;
}

tpl_status tpl__relay_end(const tpl__relay *relay, tpl_error *err) {
    tpl_progress all = relay->earlier;
    all.total_known = true;
    return wanted(relay) && tell(relay, TPL_PHASE_DONE, &all) != 0 ? tpl__fail_cancelled(err)
                                                                   : TPL_OK;
}
