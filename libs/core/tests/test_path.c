/* SPDX-License-Identifier: MIT */
#include "path.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "scratch.h"

static void absolute_paths_are_made_from_text_alone(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"/c/w", "a", "/c/w/a"},
        {"/c/w", "/a//b/./c/", "/a/b/c"},
        {"/c/w", "..", "/c"},
        {"/c/w", "../../../..", "/"},
        {"/c/w", "/", "/"},
        {"/c/w", "//a", "/a"},
        {"/", "a", "/a"},
        {"/", ".", "/"},
        {"/c/w", "", "/c/w"},
        {"/c/w", "/../a", "/a"},
        {"/c/w", ".../..a", "/c/w/.../..a"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        tpl_buffer out = TPL_BUFFER_INIT;
        assert_int_equal(tpl_buffer_append(&out, "kept", 4), TPL_OK);
        assert_int_equal(tpl__path_absolute(&out, cases[i][0], cases[i][1]), TPL_OK);
        assert_string_equal(out.data + 4, cases[i][2]);
        assert_int_equal(out.len, 4 + strlen(cases[i][2]));
        tpl_buffer_dispose(&out);
    }
}

static void expect_leads(const char *path, const char *where) {
    char cwd[512];
    char whole[1024];
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    snprintf(whole, sizeof(whole), "%s%s", where[0] == '/' ? "" : cwd, where[0] == '/' ? "" : "/");
    strncat(whole, where, sizeof(whole) - strlen(whole) - 1);
    assert_int_equal(tpl__path_resolve(&out, cwd, path), 0);
    assert_string_equal(out.data, whole);
    tpl_buffer_dispose(&out);
}

static void links_are_resolved_and_what_is_missing_stays(void **state) {
    (void)state;
    scratch_write("d/e/f", "");
    scratch_link("link", "d/e");
    scratch_link("d/e/up", "../..");
    scratch_link("absolute", "/dev/null");
    scratch_link("gone", "no/where");
    expect_leads("d/e/f", "d/e/f");
    expect_leads("link/f", "d/e/f");
    expect_leads("link/../x", "d/x"); /* the parent of what the link leads to */
    expect_leads("link/up/link/f", "d/e/f");
    expect_leads("absolute", "/dev/null");
    expect_leads("gone/../x", "no/x");
    expect_leads("d/e/f/g", "d/e/f/g");
    expect_leads("./nothing//at/all/", "nothing/at/all");
    expect_leads("/..", "/");
}

static void a_circle_of_links_comes_to_an_end(void **state) {
    char cwd[512];
    (void)state;
    scratch_link("one", "two");
    scratch_link("two", "one");
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    assert_int_equal(tpl__path_resolve(&out, cwd, "one/x"), 0);
    assert_string_equal(out.data + out.len - 2, "/x");
    tpl_buffer_dispose(&out);
}

static bool below(const char *path, const char *base) {
    return tpl__path_is_below(path, strlen(path), base, strlen(base));
}

static void below_is_a_matter_of_components(void **state) {
    (void)state;
    assert_true(below("/a/b", "/a"));
    assert_true(below("/a", "/a"));
    assert_true(below("/a", "/"));
    assert_true(below("/", "/"));
    assert_false(below("/ab", "/a"));
    assert_false(below("/", "/a"));
    assert_false(below("/b/a", "/a"));
}

static int order(const char *a, const char *b) {
    int forth = tpl__path_compare(a, strlen(a), b, strlen(b));
    int back = tpl__path_compare(b, strlen(b), a, strlen(a));
    assert_true((forth < 0) == (back > 0) && (forth == 0) == (back == 0));
    return forth;
}

static void order_is_by_components(void **state) {
    (void)state;
    assert_true(order("/a/b", "/a-b") < 0);
    assert_true(order("/a", "/a/b") < 0);
    assert_true(order("/a/\x01", "/a\x01") < 0);
    assert_true(order("/a", "/b") < 0);
    assert_true(order("/\xed\xb2\x80", "/\xee\x80\x80") < 0);
    assert_int_equal(order("/a/b", "/a/b"), 0);
}

static void expect_common(const char *a, const char *b, const char *common) {
    assert_int_equal(tpl__path_common(a, strlen(a), b, strlen(b)), strlen(common));
    assert_int_equal(tpl__path_common(b, strlen(b), a, strlen(a)), strlen(common));
    assert_memory_equal(a, common, strlen(common));
}

static void what_is_common_ends_with_a_component(void **state) {
    (void)state;
    expect_common("/a/b/c", "/a/b/d", "/a/b");
    expect_common("/a/bc", "/a/bd", "/a");
    expect_common("/a/b", "/a/bc", "/a");
    expect_common("/a/b", "/a/b", "/a/b");
    expect_common("/a/b", "/a/b/c", "/a/b");
    expect_common("/a", "/b", "/");
    expect_common("/", "/b", "/");
    expect_common("/", "/", "/");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absolute_paths_are_made_from_text_alone),
        IN_SCRATCH(links_are_resolved_and_what_is_missing_stays),
        IN_SCRATCH(a_circle_of_links_comes_to_an_end),
        cmocka_unit_test(below_is_a_matter_of_components),
        cmocka_unit_test(order_is_by_components),
        cmocka_unit_test(what_is_common_ends_with_a_component),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
