/* SPDX-License-Identifier: MIT */
#include "lookup.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

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
        cmocka_unit_test(making_a_table_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
