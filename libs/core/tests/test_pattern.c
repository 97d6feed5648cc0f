/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#include <string.h>

#include "check.h"

/* Files and directories in their places are test_glob.c's; these are what it cannot tell apart. */

static void compile(tpl__pattern *out, tpl__arena *arena, const char *text) {
    assert_true(tpl__pattern_compile(out, arena, text));
}

static void segments_are_counted_as_they_are_after_normalising(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        size_t first_any;
        size_t dots_end;
        bool files;
        bool above;
    } rows[] = {
        {"a/b", 2, 2, 0, true, false},      {"**", 2, 0, 0, true, false},
        {"**/**/a", 2, 0, 0, true, false},  {"a/../.b/c", 2, 2, 1, true, false},
        {".a/**/.b", 3, 1, 3, true, false}, {"../a", 1, 1, 0, false, true},
        {"a/", 1, 1, 0, false, false},      {"", 0, 0, 0, false, false},
        {"**/..", 1, 0, 0, false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        tpl__arena arena = TPL__ARENA_INIT;
        tpl__pattern pattern;
        compile(&pattern, &arena, rows[i].text);
        assert_int_equal(pattern.count, rows[i].count);
        assert_int_equal(pattern.first_any, rows[i].first_any);
        assert_int_equal(pattern.dots_end, rows[i].dots_end);
        assert_int_equal(pattern.files, rows[i].files);
        assert_int_equal(pattern.above, rows[i].above);
        tpl__arena_dispose(&arena);
    }
}

static void opens_at_the_segment_from_which_it_goes_on(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *dir;
        size_t shown;
        size_t hidden;
    } rows[] = {
        {"a/b/c", "", 0, 0},
        {"a/b/c", "a", 1, 1},
        {"a/b/c", "x", TPL__PATTERN_SHUT, TPL__PATTERN_SHUT},
        {"a/**/c", "a/x", 1, 1},
        {"a/**/c", "a/.x", 1, TPL__PATTERN_SHUT},
        {"**/.b/c", "a/.b", 0, 2},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        tpl__arena arena = TPL__ARENA_INIT;
        tpl__pattern pattern;
        compile(&pattern, &arena, rows[i].text);
        size_t len = strlen(rows[i].dir);
        assert_int_equal(tpl__pattern_opens(&pattern, false, rows[i].dir, len), rows[i].shown);
        assert_int_equal(tpl__pattern_opens(&pattern, true, rows[i].dir, len), rows[i].hidden);
        tpl__arena_dispose(&arena);
    }
}

static void covers_what_a_last_pair_of_stars_reaches(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__pattern tree;
    tpl__pattern star;
    tpl__pattern all;
    compile(&tree, &arena, "a/**");
    compile(&star, &arena, "a/*");
    compile(&all, &arena, "**/*");
    assert_true(tpl__pattern_covers(&tree, false, "a", 1));
    assert_true(tpl__pattern_covers(&tree, false, "a/b", 3));
    assert_true(tpl__pattern_covers(&tree, false, "a/.b", 4));
    assert_false(tpl__pattern_covers(&tree, true, "a/.b", 4));
    assert_false(tpl__pattern_covers(&tree, false, "b", 1));
    assert_false(tpl__pattern_covers(&star, false, "a", 1));
    assert_true(tpl__pattern_is_all(&all));
    assert_false(tpl__pattern_is_all(&tree));
    assert_false(tpl__pattern_is_all(&star));
    tpl__arena_dispose(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_counted_as_they_are_after_normalising),
        cmocka_unit_test(opens_at_the_segment_from_which_it_goes_on),
        cmocka_unit_test(covers_what_a_last_pair_of_stars_reaches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
