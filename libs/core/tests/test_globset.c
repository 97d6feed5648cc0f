/* SPDX-License-Identifier: MIT */
#include "states_tables.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void wildcards_match_slashes(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"*", "a a/b .env /", ""},
        {"*.exr", "a.exr d/a.exr .exr", "a.exrs exr"},
        {"a?b", "axb a/b", "ab axxb"},
        {"some/*/needle.txt", "some/one/needle.txt some/one/two/needle.txt", "some/needle.txt"},
        {"a*a*a*b", "aaab axaxa/b", "aab aaa"},
        {"", "", "a"},
    };
    check_states(tpl__states_globset, rows, LENGTH(rows));
}

static void two_stars_are_directories_between_slashes_alone(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"**", "a a/b", ""},
        {"**/", "a a/b", ""},
        {"**/**", "a a/b", ""},
        {"**/**/a", "a b/a", "ba"},
        {"**/a", "a b/a b/c/a", "ba a/b"},
        {"a/**", "a/ a/b a/b/c", "a b/a"},
        {"a/**/**", "a/b", "a"},
        {"a/**/b", "a/b a/x/b a/x/y/b", "ab a/xb"},
        {"a/**/**/b", "a/b a/x/y/b", "ab"},
        {"/**/a", "/a /b/a", "a"},
        {"a**", "a ab a/b", "b"},
        {"**a", "a ba b/a", "b"},
        {"a/**b", "a/b a/xb a/x/b", "ab"},
        {"***", "a a/b", ""},
        {"a\\/**", "a/b", "a"},
        {"**/*", "a a/b .a/b", ""},
    };
    check_states(tpl__states_globset, rows, LENGTH(rows));
}

static void alternatives_nest_and_empty_ones_are_passed_over(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"{a,b}", "a b", "{a,b} , ab"},
        {"{foo}", "foo", "f"},
        {"x{a,b{c,d},e}y", "xay xbcy xbdy xey", "xy xby xbcd"},
        {"{{a,b},{c,d}}", "a b c d", "ac"},
        {"foo{,.txt}", "foo.txt", "foo"},
        {"foo{.txt,}", "foo.txt", "foo"},
        {"{a,,b}c", "ac bc", "c"},
        {"a{}b", "ab", "a{}b"},
        {"a{,}b", "ab", "a,b"},
        {"a{{},{,}}b", "ab", "a"},
        {"{}**/a", "b/a", "a ba"},
        {"{**/src/**,foo}", "abc/src/bar src/bar foo", "src"},
        {"a{**/b}", "ab a/b", "a"},
        {"{a/**,b}", "a/x b", "a b/x"},
        {"{a/**/b,c}", "a/b a/x/b c", "ab"},
        {"{a,b**}", "a b bx/y", "ax"},
        {"{a\\,**}", "a/b", "a a, a,b"},
        {"{a\\{**}", "a/b", "a{"},
        {"a,**", "a, a,b", "a"},
        {"a,b", "a,b", "a b"},
        {"{[}],foo}", "} foo", "{"},
    };
    check_states(tpl__states_globset, rows, LENGTH(rows));
}

static void a_backslash_takes_a_meaning_away(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"\\*", "*", "a \\*"}, {"\\[a]", "[a]", "a"}, {"\\{a,b\\}", "{a,b}", "a"},
        {"\\\\", "\\", "a"},   {"\\a", "a", "\\a"},   {"[\\]", "\\", "]"},
    };
    check_states(tpl__states_globset, rows, LENGTH(rows));
}

static void sets_are_of_bytes(void **state) {
    (void)state;
    static const states_row rows[] = {
        {"[ab]", "a b", "c ab"},
        {"[!a-c]", "d / -", "a b c"},
        {"[^a]", "^ b", "a"},
        {"[]]", "]", "["},
        {"[!]a]", "b", "] a"},
        {"[-a]", "- a", "b"},
        {"[a-]", "- a", "b"},
        {"[!-]", "a", "-"},
        {"[--b]", "- a b", "c ,"},
        {"[a-b-d]", "a b c d", "- e"},
        {"[]-a]", "] ^ a", "b"},
        {"?", "a", "\xc3\xa9"},
        {"??", "\xc3\xa9", "a"},
        {"[\xc3\xa9][\xc3\xa9]", "\xc3\xa9", "a"},
        {"[a-\xc3\xa9]?", "a\xc3 \xc3\xa9 \xc2\xa9", "\xc4\xa9 Aa"},
        {"[\xc3\xa0-\xc3\xa9]*", "\xc3\xa9 \xa0", "a"},
        {"\xff?", "\xed\xb3\xbf\xed\xb3\xbf", "\xc3\xbf"},
        {"\xed\xa0\x80", "\xed\xa0\x80", "a"},
    };
    check_states(tpl__states_globset, rows, LENGTH(rows));
}

static void what_is_no_pattern_is_refused_with_the_reason(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *problem;
    } rows[] = {
        {"[", "nothing closes the '[' of a set"},
        {"[]", "nothing closes the '[' of a set"},
        {"[!]", "nothing closes the '[' of a set"},
        {"a[b", "nothing closes the '[' of a set"},
        {"{a,[}", "nothing closes the '[' of a set"},
        {"[b-a]", "a range of a set ends before it begins"},
        {"[a--]", "a range of a set ends before it begins"},
        {"{a", "nothing closes a '{'"},
        {"{a,{b}", "nothing closes a '{'"},
        {"a}", "nothing opens what a '}' closes"},
        {"{a}}", "nothing opens what a '}' closes"},
        {"a\\", "nothing follows the '\\' at the end"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        check_refused(tpl__states_globset, rows[i].pattern, rows[i].problem);
    }
}

static void the_last_name_is_wild_or_not(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        bool wild;
    } rows[] = {
        {"a", false}, {"*/a", false}, {"a/{b}", true}, {"a/*", true}, {"[a]", true}, {"?", true},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        tpl__arena arena = TPL__ARENA_INIT;
        tpl__states states;
        tpl__pattern_problem problem = NULL;
        assert_true(tpl__states_globset(&states, &arena, rows[i].pattern, &problem));
        assert_int_equal(states.wild, rows[i].wild);
        tpl__arena_dispose(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wildcards_match_slashes),
        cmocka_unit_test(two_stars_are_directories_between_slashes_alone),
        cmocka_unit_test(alternatives_nest_and_empty_ones_are_passed_over),
        cmocka_unit_test(a_backslash_takes_a_meaning_away),
        cmocka_unit_test(sets_are_of_bytes),
        cmocka_unit_test(what_is_no_pattern_is_refused_with_the_reason),
        cmocka_unit_test(the_last_name_is_wild_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
