/* SPDX-License-Identifier: MIT */
#include "relay.h"

#include "check.h"
#include "poll.h"
#include "thread.h"

static uint64_t clock_ms;

uint64_t __wrap_tpl__monotonic_ms(void);

uint64_t __wrap_tpl__monotonic_ms(void) {
    return clock_ms;
}

typedef struct caller {
    int told;
    tpl_progress last;
    int answer;
    int warned;
    int polled;
} caller;

static int on_progress(const tpl_progress *progress, void *payload) {
    caller *c = payload;
    c->told++;
    c->last = *progress;
    return c->answer;
}

static void on_warning(const tpl_warning *warning, void *payload) {
    assert_int_equal(warning->kind, TPL_WARN_CHANGED);
    ((caller *)payload)->warned++;
}

static int on_poll(void *payload) {
    caller *c = payload;
    c->polled++;
    return c->answer;
}

static tpl_run run_of(caller *c) {
    return (tpl_run){3, on_progress, on_warning, on_poll, c};
}

static int report(const tpl_run *run, tpl_phase phase, uint64_t files, bool known) {
    const tpl_progress progress = {phase, known, files, files + 1, 10 * files, 100 * files};
    return run->progress(&progress, run->payload);
}

static void expect(const caller *c, int told, tpl_phase phase, uint64_t files, bool known) {
    assert_int_equal(c->told, told);
    assert_int_equal(c->last.phase, phase);
    assert_true(c->last.files_done == files);
    assert_true(c->last.bytes_done == 10 * files);
    assert_true(c->last.total_known == known);
}

static void several_calls_begin_once_add_up_and_are_done_once(void **state) {
    (void)state;
    caller c = {0};
    tpl_run run = run_of(&c);
    tpl__relay relay = tpl__relay_start(&run, TPL_PHASE_HASH);
    tpl_run relayed = tpl__relay_run(&relay);
    assert_int_equal(relayed.jobs, 3);
    assert_int_equal(tpl__relay_begin(&relay, NULL), TPL_OK);
    expect(&c, 1, TPL_PHASE_SCAN, 0, false);
    relay.more = true;
    assert_int_equal(report(&relayed, TPL_PHASE_SCAN, 0, false), 0);
    assert_int_equal(report(&relayed, TPL_PHASE_HASH, 2, true), 0);
    expect(&c, 2, TPL_PHASE_HASH, 2, false);
    assert_int_equal(report(&relayed, TPL_PHASE_DONE, 5, true), 0);
    relay.more = false;
    assert_int_equal(report(&relayed, TPL_PHASE_SCAN, 0, false), 0);
    assert_int_equal(c.told, 2);
    assert_int_equal(report(&relayed, TPL_PHASE_HASH, 1, true), 0);
    expect(&c, 3, TPL_PHASE_HASH, 6, true);
    assert_true(c.last.files_total == 8 && c.last.bytes_total == 600);
    assert_int_equal(report(&relayed, TPL_PHASE_DONE, 3, true), 0);
    assert_int_equal(c.told, 3);
    assert_int_equal(tpl__relay_end(&relay, NULL), TPL_OK);
    expect(&c, 4, TPL_PHASE_DONE, 8, true);
}

static void many_short_calls_are_told_now_and_then(void **state) {
    (void)state;
    caller c = {0};
    tpl_run run = run_of(&c);
    tpl__relay relay = tpl__relay_start(&run, TPL_PHASE_SCAN);
    tpl_run relayed = tpl__relay_run(&relay);
    for (uint64_t i = 1; i <= 10; i++) {
        clock_ms += TPL__PROGRESS_MS / 4;
        assert_int_equal(report(&relayed, TPL_PHASE_DONE, 1, true), 0);
        assert_int_equal(c.told, i / 4);
    }
    expect(&c, 2, TPL_PHASE_SCAN, 8, true);
    c.answer = 1;
    clock_ms += TPL__PROGRESS_MS;
    assert_int_equal(report(&relayed, TPL_PHASE_SCAN, 0, false), 1);
}

static void totals_that_are_known_beforehand_count_from_the_first_record_on(void **state) {
    (void)state;
    caller c = {0};
    tpl_run run = run_of(&c);
    const tpl_progress totals = {.files_total = 70, .bytes_total = 700};
    tpl__relay relay = tpl__relay_start(&run, TPL_PHASE_HASH);
    tpl_run relayed = tpl__relay_run(&relay);
    relay.totals = &totals;
    assert_int_equal(report(&relayed, TPL_PHASE_HASH, 1, false), 0);
    expect(&c, 1, TPL_PHASE_HASH, 1, true);
    assert_true(c.last.files_total == 70 && c.last.bytes_total == 700);
}

static void everything_else_reaches_the_caller_as_it_is(void **state) {
    (void)state;
    caller c = {.answer = 1};
    tpl_run run = run_of(&c);
    tpl__relay relay = tpl__relay_start(&run, TPL_PHASE_HASH);
    tpl_run relayed = tpl__relay_run(&relay);
    const tpl_warning warning = {.kind = TPL_WARN_CHANGED};
    relayed.warning(&warning, relayed.payload);
    assert_int_equal(relayed.poll(relayed.payload), 1);
    assert_true(c.warned == 1 && c.polled == 1);
    assert_int_equal(report(&relayed, TPL_PHASE_HASH, 1, true), 1);
    assert_int_equal(tpl__relay_begin(&relay, NULL), TPL_E_CANCELLED);
    assert_int_equal(tpl__relay_end(&relay, NULL), TPL_E_CANCELLED);
}

static void a_caller_may_have_no_callbacks(void **state) {
    (void)state;
    const tpl_run none = TPL_RUN_INIT;
    for (int i = 0; i < 2; i++) {
        tpl__relay relay = tpl__relay_start(i == 0 ? NULL : &none, TPL_PHASE_HASH);
        tpl_run relayed = tpl__relay_run(&relay);
        assert_true(relayed.progress == NULL && relayed.warning == NULL && relayed.poll == NULL);
        assert_int_equal(tpl__relay_begin(&relay, NULL), TPL_OK);
        assert_int_equal(tpl__relay_end(&relay, NULL), TPL_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_calls_begin_once_add_up_and_are_done_once),
        cmocka_unit_test(many_short_calls_are_told_now_and_then),
        cmocka_unit_test(totals_that_are_known_beforehand_count_from_the_first_record_on),
        cmocka_unit_test(everything_else_reaches_the_caller_as_it_is),
        cmocka_unit_test(a_caller_may_have_no_callbacks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
