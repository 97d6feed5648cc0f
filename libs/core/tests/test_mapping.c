/* SPDX-License-Identifier: MIT */
#include "tpl/mapping.h"

#include <string.h>

#include "check.h"

enum {
    MOST = 4
};

/* `expected` is NULL when no rule applies. */
static void expect(const tpl_mapping_rule *rules, const char *path, const char *expected) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_mapping mapping = {rules, 0};
    bool mapped = expected == NULL;
    while (mapping.count < MOST && rules[mapping.count].source != NULL) {
        mapping.count++;
    }
    assert_int_equal(tpl_buffer_append(&out, "kept", 4), TPL_OK);
    assert_int_equal(tpl_mapping_apply(&out, &mapped, &mapping, path, NULL), TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "", 1), TPL_OK);
    assert_true(mapped == (expected != NULL));
    assert_string_equal(out.data + 4, expected == NULL ? "" : expected);
    tpl_buffer_dispose(&out);
}

static void the_longest_source_counts(void **state) {
    (void)state;
    const tpl_mapping_rule rules[MOST] = {
        {false, "/mnt/p", "/x"}, {false, "/mnt/p/special/", "/y"}, {false, "/mnt/p", "/last"}};
    expect(rules, "/mnt/p/a/b", "/last/a/b");
    expect(rules, "/mnt/p", "/last");
    expect(rules, "/mnt//./p/special//f/", "/y/f");
    expect(rules, "/mnt/p/special2", "/last/special2");
    expect(rules, "/mnt/P/x", NULL);
    expect(rules, "/mnt", NULL);
    expect(rules, "mnt/p", NULL);
    expect(rules, "//mnt/p", NULL); /* a root of its own, as POSIX has it */
    expect(rules, "///mnt/p", "/last");
    expect(rules, "/mnt/p/../q", "/last/../q");
    expect(rules, "", NULL);
}

static void destinations_are_joined_without_a_change_of_their_slashes(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"/d//e/./", "/d/e/n"}, {"", "n"},        {".", "n"},           {"/", "/n"},
        {"//h/s", "//h/s/n"},   {"///h", "/h/n"}, {"X:\\p", "X:\\p/n"}, {"../up", "../up/n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const tpl_mapping_rule rules[MOST] = {{false, "/s", cases[i][0]}};
        expect(rules, "/s/n", cases[i][1]);
    }
    const tpl_mapping_rule nothing[MOST] = {{false, "/s", ""}};
    expect(nothing, "/s", ".");
}

static void windows_sources_have_either_slash_and_letters_of_either_case(void **state) {
    (void)state;
    const tpl_mapping_rule rules[MOST] = {
        {true, "C:\\Pr\xc3\x96jects", "/p"}, {true, "\\\\Server\\Share", "/s"}, {true, "D:", "/d"}};
    expect(rules, "c:/pr\xc3\xb6jECTS\\Mixed\\Case.txt", "/p/Mixed/Case.txt");
    expect(rules, "C:\\Pr\xc3\x96jects", "/p");
    expect(rules, "C:Pr\xc3\x96jects", NULL); /* relative to the drive's directory */
    expect(rules, "\\Pr\xc3\x96jects", NULL);
    expect(rules, "//server/SHARE/a\\b", "/s/a/b");
    expect(rules, "\\\\server\\share2\\a", NULL);
    expect(rules, "\\\\server", NULL);
    expect(rules, "d:x", "/d/x");
    expect(rules, "d:\\x", NULL);
    const tpl_mapping_rule extended[MOST] = {{true, "\\\\?\\UNC\\h\\s", "/u"}};
    expect(extended, "//?/unc/H/S/x", "/u/x");
    expect(extended, "\\\\h\\s\\x", NULL);
    const tpl_mapping_rule rooted[MOST] = {{true, "\\", "/r"}};
    expect(rooted, "/a", "/r/a");
    expect(rooted, "C:\\a", NULL);
}

static void a_rule_without_a_source_applies_to_nothing(void **state) {
    (void)state;
    const tpl_mapping_rule rules[MOST] = {{false, "", "/x"}, {false, ".", "/x"}};
    expect(rules, "a", NULL);
    expect(rules, "", NULL);
    const tpl_mapping_rule none[MOST] = {{false, NULL, NULL}};
    expect(none, "a", NULL);
    const tpl_mapping_rule relative[MOST] = {{false, "a/b", "/x"}};
    expect(relative, "./a/b/c", "/x/c");
}

static void formats_are_not_mixed(void **state) {
    (void)state;
    const tpl_mapping_rule rules[] = {{false, "/a", "/x"}, {true, "/b", "/y"}};
    tpl_mapping mapping = {rules, 2};
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_error err = TPL_ERROR_INIT;
    bool mapped = true;
    assert_int_equal(tpl_mapping_apply(&out, &mapped, &mapping, "/a/b", &err), TPL_E_ARGUMENT);
    assert_string_equal(err.message, "path mapping rules have source paths of several formats");
    assert_false(mapped);
    assert_int_equal(out.len, 0);
    tpl_error_dispose(&err);
}

static void rules_are_made_for_names_in_both_profiles(void **state) {
    (void)state;
    const tpl_location here[] = {{"one", "C:\\1", false},
                                 {"only here", "C:\\2", true},
                                 {"two", "C:\\3", true},
                                 {"one", "C:\\4", true}};
    const tpl_location there[] = {{"two", "/x", false},
                                  {"one", "/y", false},
                                  {"two", "/z", true},
                                  {"only there", "/w", false}};
    tpl_profile from = {"a", true, here, 4};
    tpl_profile to = {"b", false, there, 4};
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_mapping_between(&out, &from, &to), TPL_OK);
    const tpl_mapping_rule *rules = (const void *)out.data;
    assert_int_equal(out.len / sizeof(*rules), 2);
    assert_true(rules[0].windows && rules[1].windows);
    assert_string_equal(rules[0].source, "C:\\4");
    assert_string_equal(rules[0].destination, "/y");
    assert_string_equal(rules[1].source, "C:\\3");
    assert_string_equal(rules[1].destination, "/z");
    to.id = "a";
    assert_int_equal(tpl_mapping_between(&out, &from, &to), TPL_OK);
    assert_int_equal(out.len / sizeof(*rules), 2);
    from.id = to.id = NULL; /* not known to be the same */
    assert_int_equal(tpl_mapping_between(&out, &from, &to), TPL_OK);
    assert_int_equal(out.len / sizeof(*rules), 4);
    tpl_buffer_dispose(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_source_counts),
        cmocka_unit_test(destinations_are_joined_without_a_change_of_their_slashes),
        cmocka_unit_test(windows_sources_have_either_slash_and_letters_of_either_case),
        cmocka_unit_test(a_rule_without_a_source_applies_to_nothing),
        cmocka_unit_test(formats_are_not_mixed),
        cmocka_unit_test(rules_are_made_for_names_in_both_profiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
