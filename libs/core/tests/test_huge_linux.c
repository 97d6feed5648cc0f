/* SPDX-License-Identifier: MIT */
#include "huge.h"

#include <string.h>

#include "check.h"
#include "mem.h"

#define MEGABYTE ((size_t)1 << 20)

static void blocks_keep_their_bytes_and_grow(void **state) {
    (void)state;
    char *block = NULL;
    for (size_t size = MEGABYTE; size <= 32 * MEGABYTE; size *= 2) {
        char *grown = tpl__realloc_array(block, size, 1);
        assert_non_null(grown);
        block = grown;
        tpl__huge_hint(block, size);
        if (size > MEGABYTE) {
            assert_int_equal(block[size / 2 - 1], size / MEGABYTE / 2);
        }
        memset(block + size / 2, (int)(size / MEGABYTE), size / 2);
    }
    tpl__free(block);
}

static void a_part_of_a_block_may_be_hinted(void **state) {
    (void)state;
    char *block = tpl__alloc_array(16 * MEGABYTE, 1);
    assert_non_null(block);
    tpl__huge_hint(block + 12345, 8 * MEGABYTE + 1);
    for (size_t at = 0; at < 16 * MEGABYTE; at += 4096) {
        assert_int_equal(block[at], 0);
        block[at] = 1;
    }
    tpl__free(block);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_keep_their_bytes_and_grow),
        cmocka_unit_test(a_part_of_a_block_may_be_hinted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
