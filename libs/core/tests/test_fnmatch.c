/* SPDX-License-Identifier: MIT */
#include "states_tables.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void a_pattern_without_an_anchor_begins_at_any_name(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"frame.exr", "frame.exr d/frame.exr d/e/frame.exr", "xframe.exr frame.exr/x"},
        {"d/*.exr", "d/a.exr e/d/a.exr d/e/a.exr", "dd/a.exr a.exr"},
        {"c:/a", "", "c:/a a"},
        {"\xc3\xa9:a", "", "\xc3\xa9:a"},
        {"[a", "[a d/[a", "a"},
    };
    check_states(tpl__states_fnmatch, rows, LENGTH(rows));
}

static void a_pattern_with_an_anchor_is_the_whole_path(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"/d/a", "d/a", "e/d/a a"},       {"*.exr", "a.exr d/a.exr .exr", "a.exrs"},
        {"*/d/*", "d/a e/d/a", "d dd/a"}, {"*", "a d/a", ""},
        {"?:a", ":a", "x:a a"},
    };
    check_states(tpl__states_fnmatch, rows, LENGTH(rows));
}

static void a_slash_at_the_end_is_everything_below(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"d/", "d/a d/e/a e/d/a", "d dd/a"},
        {"/d/", "d/a d/e/a", "e/d/a d"},
        {"/", "a d/a", ""},
    };
    check_states(tpl__states_fnmatch, rows, LENGTH(rows));
}

static void wildcards_are_code_points_and_match_slashes(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"/a?b",
         "axb a/b a\xc3\xa9"
         "b a\xed\xb3\xbf"
         "b",
         "ab axxb"},
        {"/a[!x]b", "a/b ayb", "axb"},
        {"/[a-c]", "a c", "d -"},
        {"/[\xc3\xa9]", "\xc3\xa9", "e"},
        {"/\xff", "\xed\xb3\xbf", "\xc3\xbf"},
        {"", "", "a"},
    };
    check_states(tpl__states_fnmatch, rows, LENGTH(rows));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_without_an_anchor_begins_at_any_name),
        cmocka_unit_test(a_pattern_with_an_anchor_is_the_whole_path),
        cmocka_unit_test(a_slash_at_the_end_is_everything_below),
        cmocka_unit_test(wildcards_are_code_points_and_match_slashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
