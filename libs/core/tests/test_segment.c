/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "segment.h"

typedef struct verdict {
    const char *pattern;
    const char *name;
    bool matches;
} verdict;

static bool matches(const char *pattern, const char *name) {
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__segment segment;
    assert_true(tpl__segment_compile(&segment, &arena, pattern, strlen(pattern)));
    bool yes = tpl__segment_matches(&segment, name, strlen(name));
    tpl__arena_dispose(&arena);
    return yes;
}

static void check_all(const verdict *table, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (matches(table[i].pattern, table[i].name) != table[i].matches) {
            fail_msg("pattern '%s', name '%s': expected %d", table[i].pattern, table[i].name,
                     table[i].matches);
        }
    }
}

static void stars_and_question_marks_match_as_in_a_shell(void **state) {
    (void)state;
    static const verdict table[] = {
        {"", "", true},           {"", "a", false},
        {"a", "a", true},         {"a", "A", false},
        {"a", "ab", false},       {"*", "", true},
        {"*", "anything", true},  {"***", "x", true},
        {"?", "", false},         {"?", "a", true},
        {"?", "ab", false},       {"a*", "a", true},
        {"a*", "ba", false},      {"*.exr", "a.exr", true},
        {"*.exr", ".exr", true},  {"*.exr", "a.exR", false},
        {"*a*b", "xaxbxb", true}, {"*a*b", "xaxbx", false},
        {"*?", "a", true},        {"*?", "", false},
        {"a?c*e", "abcde", true}, {"a?c*e", "abde", false},
        {"*aab", "aaaab", true},  {"ab*ab", "ab", false},
        {"ab*ab", "abab", true},  {"*ab*ab*", "xabxab", true},
        {"*a?b", "a1a2b", true},  {"*a?b", "a1cb", false},
        {"{a,b}", "{a,b}", true}, {"{a,b}", "a", false},
        {"a\\*", "a\\b", true},   {"a\\*", "a*", false},
        {"*", "a\nb", true},      {"a?b", "a\nb", true},
    };
    check_all(table, sizeof(table) / sizeof(*table));
}

static void sets_follow_fnmatch(void **state) {
    (void)state;
    static const verdict table[] = {
        {"[abc]", "b", true},         {"[abc]", "d", false},  {"[abc]", "", false},
        {"[a-c]", "b", true},         {"[a-c]", "-", false},  {"[!a-c]", "b", false},
        {"[!a-c]", "x", true},        {"[!a-c]", "", false},  {"[]]", "]", true},
        {"[]a]", "a", true},          {"[!]]", "]", false},   {"[!]]", "a", true},
        {"[]-a]", "^", true},         {"[a-]", "-", true},    {"[a-]", "b", false},
        {"[-a]", "-", true},          {"[!-a]", "-", false},  {"[--0]", ".", true},
        {"[a-c-e]", "d", false},      {"[a-c-e]", "-", true}, {"[a-c-e]", "e", true},
        {"[a-c-]", "-", true},        {"[c-a]", "b", false},  {"[c-a]", "c", false},
        {"[c-ax]", "x", true},        {"[!c-a]", "b", true},  {"[!c-a]", "", false},
        {"[^a]", "^", true},          {"[^a]", "b", false},   {"[[]", "[", true},
        {"we[[]ird", "we[ird", true}, {"[\\]", "\\", true},   {"[a&&b]", "&", true},
        {"[!!]", "!", false},         {"[!!]", "a", true},    {"[a!]", "!", true},
        {"[*]", "*", true},           {"[*]", "a", false},    {"[?]*", "?x", true},
    };
    check_all(table, sizeof(table) / sizeof(*table));
}

static void what_no_bracket_closes_is_literal(void **state) {
    (void)state;
    static const verdict table[] = {
        {"we[ird", "we[ird", true}, {"[", "[", true},      {"[]", "[]", true},
        {"[]", "]", false},         {"[!", "[!", true},    {"[!]", "[!]", true},
        {"[!]", "x", false},        {"a[*", "a[bc", true}, {"a[*", "abc", false},
        {"[a", "a", false},         {"]", "]", true},      {"[!]*", "[!]x", true},
    };
    check_all(table, sizeof(table) / sizeof(*table));
}

static void a_character_is_a_code_point(void **state) {
    (void)state;
    static const verdict table[] = {
        {"?", "\xc3\xa9", true},
        {"??", "\xc3\xa9", false},
        {"*?", "\xc3\xa9", true},
        {"*??", "\xc3\xa9", false},
        {"*??", "a\xc3\xa9", true},
        {"?.txt", "\xf0\x9f\x98\x80.txt", true},
        {"[\xc3\xa0-\xc3\xaf]", "\xc3\xa9", true},
        {"[\xc3\xa0-\xc3\xaf]", "\xc3\xbf", false},
        {"[!a]", "\xe2\x82\xac", true},
        {"[\xf0\x9f\x98\x80]", "\xf0\x9f\x98\x80", true},
        {"[\xf0\x9f\x98\x80]", "\xf0\x9f\x98\x81", false},
        {"?", "\xed\xa0\x80", true}, /* a lone surrogate */
        {"[\xed\xb2\x80-\xed\xb3\xbf]", "\xed\xb3\xbf", true},
        {"*\xa9", "\xc3\xa9", false}, /* never half a character */
    };
    check_all(table, sizeof(table) / sizeof(*table));
}

static void a_stray_byte_in_a_pattern_means_its_surrogate(void **state) {
    (void)state;
    static const verdict table[] = {
        {"a\xff", "a\xed\xb3\xbf", true},
        {"a\x80"
         "b",
         "a\xed\xb2\x80"
         "b",
         true},
        {"[\xff]", "\xed\xb3\xbf", true},
        {"[\x80-\xff]", "\xed\xb3\x80", true},
        {"\xc3", "\xed\xb3\x83", true},
        {"\xf8\x88", "\xed\xb3\xb8\xed\xb2\x88", true},
        {"\xc0\x80", "\xed\xb3\x80\xed\xb2\x80", true},
        {"\xff", "\xed\xb3\xbe", false},
        {"\xe0\x80\x80", "\xed\xb3\xa0\xed\xb2\x80\xed\xb2\x80", true},
        {"\xf4\x90\x80\x80", "\xed\xb3\xb4\xed\xb2\x90\xed\xb2\x80\xed\xb2\x80", true},
    };
    check_all(table, sizeof(table) / sizeof(*table));
}

static void knows_dots_wildcards_and_the_lone_star(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        bool wild, dot, star;
    } table[] = {
        {"a", false, false, false}, {".a", false, true, false},   {".*", true, true, false},
        {"*", true, false, true},   {"**a", true, false, false},  {"***", true, false, true},
        {"[", false, false, false}, {"[.]a", true, false, false}, {"a?", true, false, false},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        tpl__arena arena = TPL__ARENA_INIT;
        tpl__segment segment;
        const char *text = table[i].pattern;
        assert_true(tpl__segment_compile(&segment, &arena, text, strlen(text)));
        assert_int_equal(segment.wild, table[i].wild);
        assert_int_equal(segment.dot, table[i].dot);
        assert_int_equal(tpl__segment_is_star(&segment), table[i].star);
        assert_int_equal(segment.any_number, false);
        tpl__arena_dispose(&arena);
    }
}

/* Backtracking at every star would take longer than the universe has. */
static void a_hostile_pattern_takes_no_longer_than_its_product(void **state) {
    (void)state;
    char pattern[401];
    char name[4001];
    for (size_t i = 0; i < 400; i += 2) {
        pattern[i] = '*';
        pattern[i + 1] = 'a';
    }
    pattern[399] = 'b';
    pattern[400] = '\0';
    memset(name, 'a', 4000);
    name[4000] = '\0';
    assert_false(matches(pattern, name));
    name[3999] = 'b';
    assert_true(matches(pattern, name));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stars_and_question_marks_match_as_in_a_shell),
        cmocka_unit_test(sets_follow_fnmatch),
        cmocka_unit_test(what_no_bracket_closes_is_literal),
        cmocka_unit_test(a_character_is_a_code_point),
        cmocka_unit_test(a_stray_byte_in_a_pattern_means_its_surrogate),
        cmocka_unit_test(knows_dots_wildcards_and_the_lone_star),
        cmocka_unit_test(a_hostile_pattern_takes_no_longer_than_its_product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
