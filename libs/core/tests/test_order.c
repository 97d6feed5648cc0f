/* SPDX-License-Identifier: MIT */
#include "order.h"

#include <string.h>

#include "check.h"
#include "codec.h"
#include "mem.h"
#include "tpl/text.h"

static int compare_rows(const tpl__row *rows, uint32_t a, uint32_t b) {
    int order = tpl_text_compare(rows[a].path, rows[a].path_len, rows[b].path, rows[b].path_len);
    return order != 0 ? order : (a > b) - (a < b);
}

/* Sorts, and demands a permutation in strictly ascending (path, row) order and the right number of
 * duplicates. */
static void expect_sorted(const tpl__row *rows, size_t count) {
    size_t duplicates = SIZE_MAX;
    uint32_t *order = NULL;
    tpl__poll nobody = TPL__POLL_INIT(NULL);
    assert_int_equal(tpl__order_sort(&order, rows, count, &nobody, &duplicates), TPL_OK);
    assert_non_null(order);
    size_t equal = 0;
    for (size_t i = 1; i < count; i++) {
        uint32_t a = order[i - 1];
        uint32_t b = order[i];
        assert_true(a < count && b < count);
        assert_true(compare_rows(rows, a, b) < 0); /* strict: no row twice */
        equal +=
            tpl_text_compare(rows[a].path, rows[a].path_len, rows[b].path, rows[b].path_len) == 0;
    }
    assert_int_equal(duplicates, equal);
    tpl__free(order);
}

typedef struct texts {
    tpl_buffer buffer;
    tpl__row *rows;
    size_t count;
} texts;

static texts random_texts(uint64_t *seed, size_t count, size_t max, bool exotic) {
    texts t = {TPL_BUFFER_INIT, tpl__alloc_array(count, sizeof(tpl__row)), count};
    assert_non_null(t.rows);
    for (size_t i = 0; i < count; i++) {
        size_t before = t.buffer.len;
        append_random_text(&t.buffer, seed, max, exotic);
        t.rows[i].path_len = (uint32_t)(t.buffer.len - before);
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        t.rows[i].path = t.buffer.data + at;
        at += t.rows[i].path_len;
    }
    return t;
}

static void dispose(texts *t) {
    tpl_buffer_dispose(&t->buffer);
    tpl__free(t->rows);
}

static void sorts_random_texts(void **state) {
    (void)state;
    static const size_t counts[] = {1, 2, 3, 31, 32, 33, 100, 1000, 5000};
    uint64_t seed = 7;
    for (int exotic = 0; exotic < 2; exotic++) {
        for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
            for (size_t max = 0; max < 40; max = max * 3 + 1) {
                texts t = random_texts(&seed, counts[i], max, exotic != 0);
                expect_sorted(t.rows, t.count);
                dispose(&t);
            }
        }
    }
}

static void sorts_many_equal_texts_by_row(void **state) {
    (void)state;
    tpl__row rows[300];
    for (size_t i = 0; i < 300; i++) {
        rows[i] = (tpl__row){.path = "the same path for all of them", .path_len = 29};
    }
    rows[150].path = "the same path for all of thex";
    expect_sorted(rows, 300);
}

/* Texts that differ only in how many NULs end them, on both sides of a chunk's border. */
static void tells_trailing_nuls_from_the_end(void **state) {
    (void)state;
    static const char nuls[24] = "ab";
    tpl__row rows[100];
    for (size_t i = 0; i < 100; i++) {
        rows[i] = (tpl__row){.path = nuls, .path_len = (uint32_t)((i * 37 + 11) % 25)};
    }
    expect_sorted(rows, 100);
}

/* Each byte of it takes as much room as an encoded surrogate. */
static void sorts_bytes_that_are_no_text(void **state) {
    (void)state;
    enum {
        LENGTH = 100000 /* with its three bytes for each more than a block of an arena */
    };
    char *bytes = tpl__alloc(LENGTH);
    assert_non_null(bytes);
    memset(bytes, 0xff, LENGTH);
    const tpl__row rows[] = {{.path = bytes, .path_len = LENGTH},
                             {.path = "a", .path_len = 1},
                             {.path = bytes, .path_len = LENGTH - 1}};
    expect_sorted(rows, 3);
    tpl__free(bytes);
}

static void sorts_long_common_prefixes(void **state) {
    (void)state;
    enum {
        COUNT = 400,
        LENGTH = 4 * COUNT
    };
    static char text[LENGTH + 1];
    memset(text, 'p', LENGTH);
    tpl__row rows[COUNT];
    for (size_t i = 0; i < COUNT; i++) { /* every prefix is a text */
        rows[i] = (tpl__row){.path = text, .path_len = (uint32_t)(4 * ((i * 171) % COUNT))};
    }
    expect_sorted(rows, COUNT);
}

/* Two texts with much in common, and many that leave them eight bytes later each. */
static void does_not_look_ahead_in_vain(void **state) {
    (void)state;
    enum {
        COUNT = 2000
    };
    size_t longest = (size_t)20 << 20;
    char *text = tpl__alloc(longest);
    char *other = tpl__alloc(longest);
    tpl__row *rows = tpl__alloc_array(COUNT, sizeof(*rows));
    assert_non_null(text);
    assert_non_null(other);
    assert_non_null(rows);
    memset(text, 'p', longest);
    memset(other, 'p', longest);
    other[longest - 1] = 'q';
    rows[0] = (tpl__row){.path = other, .path_len = (uint32_t)longest};
    rows[1] = (tpl__row){.path = text, .path_len = (uint32_t)longest};
    for (size_t i = 2; i < COUNT; i++) {
        rows[i] = (tpl__row){.path = text, .path_len = (uint32_t)(8 * i)};
    }
    expect_sorted(rows, COUNT);
    tpl__free(rows);
    tpl__free(other);
    tpl__free(text);
}

static void notices_canonical_order(void **state) {
    (void)state;
    tpl__row rows[] = {{.path = "a", .path_len = 1},
                       {.path = "b", .path_len = 1},
                       {.path = "b", .path_len = 1},
                       {.path = "b/c", .path_len = 3},
                       {.path = "b/c", .path_len = 3}};
    tpl__poll nobody = TPL__POLL_INIT(NULL);
    size_t duplicates = SIZE_MAX;
    assert_true(tpl__order_is_canonical(rows, 0, &nobody, &duplicates));
    assert_int_equal(duplicates, 0);
    assert_true(tpl__order_is_canonical(rows, 5, &nobody, &duplicates));
    assert_int_equal(duplicates, 2);
    rows[4].path = "b/b";
    assert_false(tpl__order_is_canonical(rows, 5, &nobody, &duplicates));
}

static void a_sort_can_be_given_up(void **state) {
    (void)state;
    uint64_t seed = 11;
    texts t = random_texts(&seed, 70000, 20, true);
    uint32_t *order = (uint32_t *)&t;
    size_t duplicates = 0;
    tpl__poll poll = TPL__POLL_INIT(&no_more);
    assert_int_equal(tpl__order_sort(&order, t.rows, t.count, &poll, &duplicates), TPL_E_CANCELLED);
    assert_null(order);
    dispose(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_random_texts),
        cmocka_unit_test(sorts_many_equal_texts_by_row),
        cmocka_unit_test(tells_trailing_nuls_from_the_end),
        cmocka_unit_test(sorts_bytes_that_are_no_text),
        cmocka_unit_test(sorts_long_common_prefixes),
        cmocka_unit_test(does_not_look_ahead_in_vain),
        cmocka_unit_test(notices_canonical_order),
        cmocka_unit_test(a_sort_can_be_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
