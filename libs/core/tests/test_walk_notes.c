/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "walk_notes.h"

static void append_path(const tpl_warning *warning, void *payload) {
    char *all = payload;
    size_t len = strlen(all);
    snprintf(all + len, 100 - len, "%s:%d ", warning->path, (int)warning->kind);
}

static void tells_all_workers_warnings_in_path_order(void **state) {
    (void)state;
    tpl__notes a = TPL__NOTES_INIT;
    tpl__notes b = TPL__NOTES_INIT;
    assert_int_equal(tpl__notes_add(&a, TPL_WARN_LINK_LOOP, "z", 1, 0), TPL_OK);
    assert_int_equal(tpl__notes_add(&b, TPL_WARN_UNREADABLE, "b", 1, 13), TPL_OK);
    assert_int_equal(tpl__notes_add(&b, TPL_WARN_SPECIAL_FILE, "a", 1, 0), TPL_OK);
    assert_int_equal(tpl__notes_adopt(&a, &b), TPL_OK);
    assert_int_equal(b.warnings.len, 0);
    char all[100] = "";
    tpl_run run = TPL_RUN_INIT;
    run.warning = append_path;
    run.payload = all;
    tpl__notes_tell(&a, &run);
    assert_string_equal(all, "a:0 b:3 z:2 ");
    tpl__notes_tell(&a, NULL);
    tpl__notes_dispose(&a);
    tpl__notes_dispose(&b);
}

static void warnings_about_one_path_come_in_the_order_of_their_kinds(void **state) {
    (void)state;
    tpl__notes notes = TPL__NOTES_INIT;
    assert_int_equal(tpl__notes_add(&notes, TPL_WARN_UNREADABLE, "a", 1, 13), TPL_OK);
    assert_int_equal(tpl__notes_add(&notes, TPL_WARN_SPECIAL_FILE, "a", 1, 0), TPL_OK);
    assert_int_equal(tpl__notes_add(&notes, TPL_WARN_LINK_LOOP, "a", 1, 0), TPL_OK);
    char all[100] = "";
    const tpl_run run = {.warning = append_path, .payload = all};
    tpl__notes_tell(&notes, &run);
    assert_string_equal(all, "a:0 a:2 a:3 ");
    tpl__notes_dispose(&notes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_all_workers_warnings_in_path_order),
        cmocka_unit_test(warnings_about_one_path_come_in_the_order_of_their_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
