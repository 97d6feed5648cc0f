/* SPDX-License-Identifier: MIT */
#include "lookup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tpl/hash.h"

enum {
    MANY = 20000,
    PATH_SIZE = 16
};

typedef struct row {
    tpl__path_ref ref;
    char text[PATH_SIZE];
} row;

static row rows[MANY];
static tpl__poll nobody = {NULL, 0};

static void name(row *r, const char *text) {
    snprintf(r->text, sizeof(r->text), "%s", text);
    r->ref = (tpl__path_ref){r->text, (uint32_t)strlen(r->text)};
}

static void every_row_is_found_and_nothing_else(void **state) {
    (void)state;
    for (int i = 0; i < MANY; i++) {
        char text[PATH_SIZE];
        snprintf(text, sizeof(text), "d%d/f%d", i % 7, i);
        name(&rows[i], text);
    }
    tpl__lookup lookup;
    assert_int_equal(tpl__lookup_init(&lookup, rows, MANY, sizeof(row), &nobody), TPL_OK);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(tpl__lookup_find(&lookup, rows[i].text, strlen(rows[i].text)), i);
    }
    assert_true(tpl__lookup_find(&lookup, "d0/f1", 5) == TPL__LOOKUP_NONE);
    assert_true(tpl__lookup_find(&lookup, "d1/f1x", 6) == TPL__LOOKUP_NONE);
    assert_int_equal(tpl__lookup_find(&lookup, "d1/f1x", 5), 1);
    tpl__lookup_dispose(&lookup);
    tpl__lookup_dispose(&lookup);
}

static void an_empty_table_finds_nothing(void **state) {
    (void)state;
    tpl__lookup lookup;
    assert_int_equal(tpl__lookup_init(&lookup, NULL, 0, sizeof(row), &nobody), TPL_OK);
    assert_true(tpl__lookup_find(&lookup, "", 0) == TPL__LOOKUP_NONE);
    tpl__lookup_dispose(&lookup);
}

static void of_many_rows_of_one_path_the_last_is_found(void **state) {
    (void)state;
    for (int i = 0; i < MANY; i++) {
        name(&rows[i], "same");
    }
    tpl__lookup lookup;
    assert_int_equal(tpl__lookup_init(&lookup, rows, MANY, sizeof(row), &nobody), TPL_OK);
    assert_int_equal(tpl__lookup_find(&lookup, "same", 4), MANY - 1);
    assert_true(tpl__lookup_find(&lookup, "other", 5) == TPL__LOOKUP_NONE);
    tpl__lookup_dispose(&lookup);
}

static size_t slot_of(const char *text, size_t mask) {
    return (size_t)tpl_hash_bytes(text, strlen(text)).low & mask;
}

/* No choice of names makes a look-up slow: it goes on for a while, and gives up. */
static void of_paths_that_fall_together_some_are_not_found(void **state) {
    (void)state;
    enum {
        TOGETHER = 200,
        MASK = 511 /* of that many rows */
    };
    int next = 0;
    for (int i = 0; i < TOGETHER; i++) {
        char text[PATH_SIZE];
        do {
            snprintf(text, sizeof(text), "%d", next++);
        } while (slot_of(text, MASK) != 7);
        name(&rows[i], text);
    }
    tpl__lookup lookup;
    assert_int_equal(tpl__lookup_init(&lookup, rows, TOGETHER, sizeof(row), &nobody), TPL_OK);
    size_t found = 0;
    for (size_t i = 0; i < TOGETHER; i++) {
        size_t number = tpl__lookup_find(&lookup, rows[i].text, strlen(rows[i].text));
        assert_true(number == i || number == TPL__LOOKUP_NONE);
        found += number == i;
    }
    assert_true(found > 100 && found < TOGETHER);
    tpl__lookup_dispose(&lookup);
}

typedef struct tagged {
    uint32_t tag; /* what a slot keeps of the hash */
    uint32_t number;
} tagged;

static int by_tag(const void *a, const void *b) {
    const tagged *left = a;
    const tagged *right = b;
    return left->tag < right->tag ? -1 : left->tag > right->tag;
}

static void paths_whose_hashes_agree_are_told_apart(void **state) {
    (void)state;
    enum {
        TRIED = 400000
    };
    tagged *all = calloc(TRIED, sizeof(*all));
    assert_non_null(all);
    for (uint32_t i = 0; i < TRIED; i++) {
        char text[PATH_SIZE];
        snprintf(text, sizeof(text), "%u", i);
        all[i] = (tagged){(uint32_t)(tpl_hash_bytes(text, strlen(text)).low >> 32), i};
    }
    qsort(all, TRIED, sizeof(*all), by_tag);
    int alike = 0;
    for (size_t i = 1; i < TRIED; i++) {
        char other[PATH_SIZE];
        snprintf(rows[0].text, PATH_SIZE, "%u", all[i - 1].number);
        snprintf(other, sizeof(other), "%u", all[i].number);
        if (all[i].tag != all[i - 1].tag || slot_of(other, 1) != slot_of(rows[0].text, 1)) {
            continue;
        }
        tpl__lookup lookup;
        rows[0].ref = (tpl__path_ref){rows[0].text, (uint32_t)strlen(rows[0].text)};
        assert_int_equal(tpl__lookup_init(&lookup, rows, 1, sizeof(row), &nobody), TPL_OK);
        assert_true(tpl__lookup_find(&lookup, other, strlen(other)) == TPL__LOOKUP_NONE);
        tpl__lookup_dispose(&lookup);
        alike++;
    }
    free(all);
    assert_true(alike > 0); /* the hash is always the same one */
}

static int refuse(void *payload) {
    (void)payload;
    return 1;
}

static void making_a_table_can_be_cancelled(void **state) {
    (void)state;
    const tpl_run run = {.poll = refuse};
    tpl__poll poll = {&run, 0};
    tpl__lookup lookup;
    for (int i = 0; i < MANY; i++) {
        name(&rows[i], "x");
    }
    assert_int_equal(tpl__lookup_init(&lookup, rows, MANY, sizeof(row), &poll), TPL_E_CANCELLED);
    tpl__lookup_dispose(&lookup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_and_nothing_else),
        cmocka_unit_test(an_empty_table_finds_nothing),
        cmocka_unit_test(of_many_rows_of_one_path_the_last_is_found),
        cmocka_unit_test(of_paths_that_fall_together_some_are_not_found),
        cmocka_unit_test(paths_whose_hashes_agree_are_told_apart),
        cmocka_unit_test(making_a_table_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
