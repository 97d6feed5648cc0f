/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "states_tables.h"

static tpl__reach below(states_compile *compile, const char *pattern, const char *dir) {
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__states states;
    tpl__pattern_problem problem = NULL;
    assert_true(compile(&states, &arena, pattern, &problem));
    tpl__reach reach = tpl__states_below(&states, dir, strlen(dir));
    tpl__arena_dispose(&arena);
    return reach;
}

static void tells_what_could_match_below_a_directory(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *dir;
        tpl__reach reach;
    } rows[] = {
        {"**", "", TPL__REACH_ALL},         {"**/*", "", TPL__REACH_ALL},
        {"*.c", "", TPL__REACH_SOME},       {"*.c", "d/e", TPL__REACH_SOME},
        {"a/b", "", TPL__REACH_SOME},       {"a/b", "a", TPL__REACH_SOME},
        {"a/b", "a/b", TPL__REACH_NONE},    {"a/b", "b", TPL__REACH_NONE},
        {"a/**", "a", TPL__REACH_ALL},      {"a/**", "a/b", TPL__REACH_ALL},
        {"a/**", "b", TPL__REACH_NONE},     {"a/**/c", "a/b", TPL__REACH_SOME},
        {"{a,b}/**", "b", TPL__REACH_ALL},  {"{a/**,*.c}", "a", TPL__REACH_SOME},
        {"a*", "a", TPL__REACH_ALL},        {"", "", TPL__REACH_NONE},
        {"**/x/**", "a/x", TPL__REACH_ALL}, {"**/x/**", "a", TPL__REACH_SOME},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        tpl__reach got = below(tpl__states_globset, rows[i].pattern, rows[i].dir);
        if (got != rows[i].reach) {
            fail_msg("'%s' below '%s': got %d", rows[i].pattern, rows[i].dir, (int)got);
        }
    }
    assert_int_equal(below(tpl__states_fnmatch, "/a/", "a"), TPL__REACH_ALL);
    assert_int_equal(below(tpl__states_fnmatch, "/a/", ""), TPL__REACH_SOME);
    assert_int_equal(below(tpl__states_fnmatch, "/", ""), TPL__REACH_ALL);
}

/* `times` copies of `unit`, freed by the caller. */
static char *repeat(const char *unit, size_t times, const char *end) {
    size_t len = strlen(unit);
    char *text = malloc(len * times + strlen(end) + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++) {
        memcpy(text + i * len, unit, len);
    }
    memcpy(text + len * times, end, strlen(end) + 1);
    return text;
}

static void long_patterns_and_paths_take_no_longer_than_their_product(void **state) {
    (void)state;
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__states states;
    tpl__pattern_problem problem = NULL;
    char *pattern = repeat("{a,*b}", 200, "c");
    char *path = repeat("a", 1000, "c");
    assert_true(tpl__states_globset(&states, &arena, pattern, &problem));
    assert_false(tpl__states_match(&states, path, 1001));
    assert_true(tpl__states_match(&states, path + 800, 201));
    path[400] = 'b'; /* a star may take all before it, but then 199 letters are too few */
    assert_false(tpl__states_match(&states, path, 1001));
    path[801] = 'b';
    assert_true(tpl__states_match(&states, path, 1001));
    tpl__arena_dispose(&arena);
    free(pattern);
    free(path);
}

static void what_is_longer_than_the_limit_is_refused(void **state) {
    (void)state;
    char *fits = repeat("a", TPL__STATES_MAX - 1, "");
    char *longer = repeat("a", TPL__STATES_MAX, "");
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__states states;
    tpl__pattern_problem problem = NULL;
    assert_true(tpl__states_globset(&states, &arena, fits, &problem));
    assert_true(tpl__states_match(&states, fits, TPL__STATES_MAX - 1));
    assert_false(tpl__states_match(&states, longer, TPL__STATES_MAX));
    check_refused(tpl__states_globset, longer, "too long for a pattern");
    check_refused(tpl__states_fnmatch, longer, "too long for a pattern");
    tpl__arena_dispose(&arena);
    free(fits);
    free(longer);
}

static void a_character_is_the_bytes_of_its_name(void **state) {
    (void)state;
    unsigned char bytes[4];
    assert_int_equal(tpl__states_bytes(bytes, 'a'), 1);
    assert_int_equal(bytes[0], 'a');
    assert_int_equal(tpl__states_bytes(bytes, 0x1f600), 4);
    assert_memory_equal(bytes, "\xf0\x9f\x98\x80", 4);
    assert_int_equal(tpl__states_bytes(bytes, 0xdc80), 1);
    assert_int_equal(bytes[0], 0x80);
    assert_int_equal(tpl__states_bytes(bytes, 0xdcff), 1);
    assert_int_equal(bytes[0], 0xff);
    assert_int_equal(tpl__states_bytes(bytes, 0xdc7f), 3); /* a surrogate that is none of a byte */
    assert_int_equal(tpl__states_bytes(bytes, 0xdd00), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_could_match_below_a_directory),
        cmocka_unit_test(long_patterns_and_paths_take_no_longer_than_their_product),
        cmocka_unit_test(what_is_longer_than_the_limit_is_refused),
        cmocka_unit_test(a_character_is_the_bytes_of_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
