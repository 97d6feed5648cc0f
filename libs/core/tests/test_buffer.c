/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "tpl/buffer.h"

static void appends_and_disposes_twice(void **state) {
    (void)state;
    tpl_buffer buf = TPL_BUFFER_INIT;
    assert_int_equal(tpl_buffer_append(&buf, "abc", 3), TPL_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(tpl_buffer_append(&buf, "0123456789", 10), TPL_OK);
    }
    assert_int_equal(buf.len, 10003);
    assert_memory_equal(buf.data + 9993, "0123456789", 10);
    tpl_buffer_dispose(&buf);
    tpl_buffer_dispose(&buf);
    assert_null(buf.data);
}

static void stops_at_its_ceiling(void **state) {
    (void)state;
    tpl_buffer buf = {NULL, 0, 0, 100};
    assert_int_equal(tpl_buffer_reserve(&buf, 100), TPL_OK);
    assert_int_equal(tpl_buffer_append(&buf, "x", 1), TPL_OK);
    assert_int_equal(tpl_buffer_reserve(&buf, 100), TPL_E_NOMEM);
    assert_int_equal(tpl_buffer_reserve(&buf, SIZE_MAX), TPL_E_NOMEM);
    assert_int_equal(buf.len, 1);
    tpl_buffer_dispose(&buf);
    tpl_buffer small = {NULL, 0, 0, 5};
    assert_int_equal(tpl_buffer_append(&small, "12345", 5), TPL_OK);
    assert_int_equal(small.cap, 5);
    assert_int_equal(tpl_buffer_append(&small, "6", 1), TPL_E_NOMEM);
    small.max = 3; /* lowered below what is there */
    assert_int_equal(tpl_buffer_reserve(&small, 1), TPL_E_NOMEM);
    tpl_buffer_dispose(&small);
}

static void lists_borrow_strings(void **state) {
    (void)state;
    tpl_strings list = TPL_STRINGS_INIT;
    static const char *const words[] = {"a", "b"};
    for (int i = 0; i < 20; i++) {
        assert_int_equal(tpl_strings_append(&list, words[i % 2]), TPL_OK);
    }
    assert_int_equal(list.count, 20);
    assert_ptr_equal(list.items[19], words[1]);
    tpl_strings_dispose(&list);
    tpl_strings_dispose(&list);
    assert_int_equal(list.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_and_disposes_twice),
        cmocka_unit_test(stops_at_its_ceiling),
        cmocka_unit_test(lists_borrow_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
