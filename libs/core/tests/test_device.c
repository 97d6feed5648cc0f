/* SPDX-License-Identifier: MIT */
#include "device.h"

#include "check.h"

static void a_disk_without_heads_has_a_queue_to_fill(void **state) {
    (void)state;
    assert_int_equal(tpl__device_readers(TPL__DEVICE_SOLID, 1), 16);
    assert_int_equal(tpl__device_readers(TPL__DEVICE_SOLID, 4), 16);
    assert_int_equal(tpl__device_readers(TPL__DEVICE_SOLID, 64), 256);
}

static void what_is_far_away_gets_more_readers(void **state) {
    (void)state;
    assert_int_equal(tpl__device_readers(TPL__DEVICE_REMOTE, 2), 32);
    assert_int_equal(tpl__device_readers(TPL__DEVICE_REMOTE, 16), 64);
}

static void heads_that_would_have_to_move_get_few(void **state) {
    (void)state;
    assert_int_equal(tpl__device_readers(TPL__DEVICE_SPINNING, 1), 2);
    assert_int_equal(tpl__device_readers(TPL__DEVICE_SPINNING, 64), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_without_heads_has_a_queue_to_fill),
        cmocka_unit_test(what_is_far_away_gets_more_readers),
        cmocka_unit_test(heads_that_would_have_to_move_get_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
