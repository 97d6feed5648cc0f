/* SPDX-License-Identifier: MIT */
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "check.h"

static void gives_out_bytes_that_do_not_overlap(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    char *pieces[500];
    for (size_t i = 0; i < 500; i++) {
        pieces[i] = tpl__arena_bytes(&arena, i);
        assert_non_null(pieces[i]);
        memset(pieces[i], (int)(i % 251), i);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t at = 0; at < i; at++) {
            assert_int_equal((unsigned char)pieces[i][at], i % 251);
        }
    }
    tpl__arena_dispose(&arena);
}

static void objects_are_aligned_whatever_came_before(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    for (size_t i = 1; i < 3000; i++) {
        assert_non_null(tpl__arena_bytes(&arena, i % 7));
        char *object = tpl__arena_object(&arena, sizeof(max_align_t) + i % 5);
        assert_non_null(object);
        assert_int_equal((uintptr_t)object % alignof(max_align_t), 0);
        memset(object, 0xff, sizeof(max_align_t) + i % 5);
    }
    tpl__arena_dispose(&arena);
}

static void a_large_request_does_not_waste_the_block_in_use(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    char *first = tpl__arena_bytes(&arena, 10);
    char *large = tpl__arena_bytes(&arena, (size_t)3 << 20);
    assert_non_null(large);
    memset(large, 1, (size_t)3 << 20);
    assert_ptr_equal(tpl__arena_bytes(&arena, 10), first + 10);
    tpl__arena_dispose(&arena);
}

static void a_large_request_may_come_first(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    assert_non_null(tpl__arena_bytes(&arena, (size_t)1 << 20));
    char *small = tpl__arena_bytes(&arena, 10);
    assert_non_null(small);
    memset(small, 1, 10);
    tpl__arena_dispose(&arena);
}

static void a_cleared_one_gives_the_same_bytes_again(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__arena_clear(&arena);
    assert_null(arena.blocks);
    assert_non_null(tpl__arena_bytes(&arena, (size_t)1 << 20)); /* a block of its own alone */
    tpl__arena_clear(&arena);
    assert_null(arena.blocks);
    for (int i = 0; i < 100; i++) {
        assert_non_null(tpl__arena_bytes(&arena, 1000));
    }
    tpl__arena_clear(&arena);
    char *first = tpl__arena_bytes(&arena, 10);
    for (int i = 0; i < 3; i++) {
        tpl__arena_clear(&arena);
        assert_ptr_equal(tpl__arena_bytes(&arena, 10), first);
        memset(first, i, 10);
    }
    tpl__arena_dispose(&arena);
}

static void sizes_that_overflow_are_refused(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    assert_null(tpl__arena_bytes(&arena, SIZE_MAX));
    assert_null(tpl__arena_object(&arena, SIZE_MAX));
    assert_null(tpl__arena_copy(&arena, "", SIZE_MAX));
    assert_non_null(tpl__arena_bytes(&arena, 3)); /* and the arena goes on working */
    assert_null(tpl__arena_object(&arena, SIZE_MAX - 1));
    tpl__arena_dispose(&arena);
}

static void copies_end_in_a_nul(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    assert_string_equal(tpl__arena_copy(&arena, "abcdef", 3), "abc");
    assert_string_equal(tpl__arena_copy(&arena, NULL, 0), "");
    tpl__arena_dispose(&arena);
}

static void adopting_moves_everything(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__arena other = TPL__ARENA_INIT;
    char *mine = tpl__arena_copy(&arena, "mine", 4);
    char *theirs = tpl__arena_copy(&other, "theirs", 6);
    assert_non_null(tpl__arena_bytes(&other, 100000));
    tpl__arena_adopt(&arena, &other);
    assert_null(other.blocks);
    assert_string_equal(mine, "mine");
    assert_string_equal(theirs, "theirs");
    assert_ptr_equal(tpl__arena_bytes(&arena, 1), mine + 5); /* our own block stays in use */

    tpl__arena empty = TPL__ARENA_INIT;
    tpl__arena_adopt(&empty, &arena);
    assert_string_equal(theirs, "theirs");
    tpl__arena_adopt(&empty, &arena); /* nothing to take */
    tpl__arena_dispose(&empty);
    tpl__arena_dispose(&arena);
    tpl__arena_dispose(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_out_bytes_that_do_not_overlap),
        cmocka_unit_test(objects_are_aligned_whatever_came_before),
        cmocka_unit_test(a_large_request_does_not_waste_the_block_in_use),
        cmocka_unit_test(a_large_request_may_come_first),
        cmocka_unit_test(a_cleared_one_gives_the_same_bytes_again),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(copies_end_in_a_nul),
        cmocka_unit_test(adopting_moves_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
