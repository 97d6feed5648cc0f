/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "scratch.h"

static void expect_place(tpl__places *places, const char *name, size_t expected, bool is_shared) {
    char path[600];
    bool shared = !is_shared;
    size_t index = 99;
    assert_non_null(getcwd(path, 500));
    size_t length = strlen(path);
    snprintf(path + length, sizeof(path) - length, "%s", name);
    assert_int_equal(tpl__places_find(places, path, strlen(path), &shared, &index), 0);
    assert_true(index == expected);
    assert_true(shared == is_shared);
}

static void neighbours_may_lead_elsewhere(void **state) {
    char cwd[500];
    (void)state;
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    scratch_write("a/x", "");
    scratch_write("b/x", "");
    scratch_link("a/to-b", "../b/x");
    scratch_link("c", "a");
    tpl_location locations[] = {{"A", "a", false}, {"B", "b", true}, {"\xc3\xa9", "c", false}};
    tpl_profile profile = {NULL, false, locations, 3};
    tpl__places places = TPL__PLACES_INIT;
    assert_int_equal(tpl__places_fill(&places, &profile, cwd, 0, NULL), TPL_OK);
    assert_int_equal(places.count, 3);
    expect_place(&places, "/a/x", 0, false); /* of equal length the first counts */
    expect_place(&places, "/a/to-b", SIZE_MAX, true);
    expect_place(&places, "/a/new", 0, false);
    expect_place(&places, "/b/x", SIZE_MAX, true);
    expect_place(&places, "/c/x", 0, false);
    expect_place(&places, "/c/to-b", SIZE_MAX, true);
    expect_place(&places, "", SIZE_MAX, false);
    bool shared = true;
    size_t index = 0;
    assert_int_equal(tpl__places_find(&places, "/", 1, &shared, &index), 0);
    assert_true(index == SIZE_MAX && !shared);
    tpl__places_dispose(&places);
    tpl__places_dispose(&places);
}

static void the_longest_path_is_counted_in_characters(void **state) {
    char cwd[500];
    (void)state;
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    scratch_write("\xc3\xa9\xc3\xa9/x", "");
    scratch_link("abc", "\xc3\xa9\xc3\xa9");
    tpl_location locations[] = {{"accents", "\xc3\xa9\xc3\xa9", false}, {"letters", "abc", false}};
    tpl_profile profile = {NULL, false, locations, 2};
    tpl__places places = TPL__PLACES_INIT;
    assert_int_equal(tpl__places_fill(&places, &profile, cwd, 0, NULL), TPL_OK);
    expect_place(&places, "/abc/x", 1, false);
    tpl__places_dispose(&places);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(neighbours_may_lead_elsewhere),
        IN_SCRATCH(the_longest_path_is_counted_in_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
