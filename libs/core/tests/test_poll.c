/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "poll.h"
#include "thread.h"

static int count(void *payload) {
    int *asked = payload;
    return ++*asked == 3;
}

static void nobody_to_ask_means_no_end(void **state) {
    (void)state;
    tpl_run silent = TPL_RUN_INIT;
    tpl__poll none = tpl__poll_start(NULL);
    tpl__poll mute = tpl__poll_start(&silent);
    tpl__sleep_ms(2 * TPL__POLL_MS);
    assert_false(tpl__poll_stops(&none));
    assert_false(tpl__poll_stops(&mute));
}

static void the_caller_is_asked_now_and_then(void **state) {
    (void)state;
    int asked = 0;
    tpl_run run = TPL_RUN_INIT;
    run.poll = count;
    run.payload = &asked;
    uint64_t begun = tpl__monotonic_ms();
    tpl__poll poll = tpl__poll_start(&run);
    while (!tpl__poll_stops(&poll)) {
    }
    assert_int_equal(asked, 3);
    assert_true(tpl__monotonic_ms() - begun >= 3 * TPL__POLL_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_to_ask_means_no_end),
        cmocka_unit_test(the_caller_is_asked_now_and_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
