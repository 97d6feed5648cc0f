/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>

#include "check.h"
#include "tpl/entry.h"
#include "tpl/run.h"

static void phases_have_words(void **state) {
    (void)state;
    assert_string_equal(tpl_phase_word(TPL_PHASE_SCAN), "scanning");
    assert_string_equal(tpl_phase_word(TPL_PHASE_DONE), "done");
    assert_string_equal(tpl_phase_word(TPL_PHASE_COUNT), "unknown");
    assert_string_equal(tpl_phase_word((tpl_phase)-1), "unknown");
}

static void warnings_have_names_and_texts(void **state) {
    (void)state;
    assert_string_equal(tpl_warning_name(TPL_WARN_SPECIAL_FILE), "special-file");
    assert_string_equal(tpl_warning_text(TPL_WARN_UNREADABLE), "cannot be read, skipped");
    assert_string_equal(tpl_warning_name(TPL_WARNING_COUNT), "unknown");
    assert_string_equal(tpl_warning_text((tpl_warning_kind)-1), "unknown");
}

static void every_warning_name_is_lower_case_with_hyphens_and_its_own(void **state) {
    (void)state;
    for (int i = 0; i < TPL_WARNING_COUNT; i++) {
        const char *name = tpl_warning_name((tpl_warning_kind)i);
        assert_true(strlen(name) > 0);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
        assert_true(strlen(tpl_warning_text((tpl_warning_kind)i)) > 0);
        for (int other = 0; other < i; other++) {
            assert_true(strcmp(name, tpl_warning_name((tpl_warning_kind)other)) != 0);
        }
    }
}

static void what_is_passed_over_is_told_from_what_is_only_said(void **state) {
    (void)state;
    for (int i = 0; i < TPL_WARNING_COUNT; i++) {
        tpl_warning_kind kind = (tpl_warning_kind)i;
        bool said = kind == TPL_WARN_PATTERN_IS_DIRECTORY ||
                    strncmp(tpl_warning_name(kind), "index-", 6) == 0 ||
                    strncmp(tpl_warning_name(kind), "input-", 6) == 0;
        assert_true(tpl_warning_is_skip(kind) == !said);
    }
}

static void every_kind_of_entry_has_a_word(void **state) {
    (void)state;
    for (int i = 0; i < TPL_KIND_COUNT; i++) {
        assert_true(strcmp(tpl_kind_word((tpl_kind)i), "unknown") != 0);
    }
    assert_string_equal(tpl_kind_word(TPL_KIND_COUNT), "unknown");
    assert_string_equal(tpl_kind_word((tpl_kind)-1), "unknown");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_have_words),
        cmocka_unit_test(warnings_have_names_and_texts),
        cmocka_unit_test(what_is_passed_over_is_told_from_what_is_only_said),
        cmocka_unit_test(every_kind_of_entry_has_a_word),
        cmocka_unit_test(every_warning_name_is_lower_case_with_hyphens_and_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
