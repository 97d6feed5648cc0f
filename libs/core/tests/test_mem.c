/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "mem.h"

static void arrays_come_zeroed(void **state) {
    (void)state;
    unsigned char *bytes = tpl__alloc_array(100, 7);
    assert_non_null(bytes);
    for (size_t i = 0; i < 700; i++) {
        assert_int_equal(bytes[i], 0);
    }
    tpl__free(bytes);
}

static void an_empty_array_is_not_a_failure(void **state) {
    (void)state;
    void *none = tpl__alloc_array(0, 16);
    assert_non_null(none);
    void *still = tpl__realloc_array(none, 0, 16);
    assert_non_null(still);
    tpl__free(still);
}

static void sizes_that_overflow_are_refused(void **state) {
    (void)state;
    assert_null(tpl__alloc_array(SIZE_MAX / 2, 3));
    char *bytes = tpl__alloc(4);
    assert_non_null(bytes);
    memcpy(bytes, "abc", 4);
    assert_null(tpl__realloc_array(bytes, SIZE_MAX / 2, 3));
    assert_string_equal(bytes, "abc"); /* the old block is still there */
    tpl__free(bytes);
}

static void growing_keeps_the_contents(void **state) {
    (void)state;
    int *numbers = NULL;
    for (int count = 1; count <= 1000; count++) {
        int *grown = tpl__realloc_array(numbers, (size_t)count, sizeof(*numbers));
        assert_non_null(grown);
        numbers = grown;
        numbers[count - 1] = count;
    }
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(numbers[i], i + 1);
    }
    tpl__free(numbers);
}

static void no_bytes_at_all_are_memory_too(void **state) {
    (void)state;
    void *none = tpl__alloc_array(7, 0);
    assert_non_null(none);
    none = tpl__realloc_array(none, SIZE_MAX, 0);
    assert_non_null(none);
    tpl__free(none);
    none = tpl__alloc_array(0, 7);
    assert_non_null(none);
    tpl__free(none);
}

static void nothing_may_be_freed(void **state) {
    (void)state;
    tpl__free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_come_zeroed),
        cmocka_unit_test(an_empty_array_is_not_a_failure),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(growing_keeps_the_contents),
        cmocka_unit_test(no_bytes_at_all_are_memory_too),
        cmocka_unit_test(nothing_may_be_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
