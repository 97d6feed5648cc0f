/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fail.h"
#include "tpl/status.h"

static void every_status_has_a_name_and_a_one_line_text(void **state) {
    (void)state;
    assert_string_equal(tpl_status_name(TPL_OK), "OK");
    for (int i = 0; i < TPL_STATUS_COUNT; i++) {
        const char *name = tpl_status_name((tpl_status)i);
        const char *text = tpl_status_text((tpl_status)i);
        assert_true(i == 0 || strncmp(name, "E_", 2) == 0);
        assert_true(strlen(text) > 0 && strchr(text, '\n') == NULL);
        for (int other = 0; other < i; other++) {
            assert_true(strcmp(name, tpl_status_name((tpl_status)other)) != 0);
        }
    }
}

static void a_value_outside_the_list_is_an_internal_error(void **state) {
    (void)state;
    assert_string_equal(tpl_status_name(TPL_STATUS_COUNT), "E_INTERNAL");
    assert_string_equal(tpl_status_text((tpl_status)-1), tpl_status_text(TPL_E_INTERNAL));
}

static void a_record_is_filled_and_filled_anew(void **state) {
    (void)state;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl__fail_text(&err, TPL_E_MANIFEST, "a\0b", 3, "line %d", 7), TPL_E_MANIFEST);
    assert_int_equal(err.status, TPL_E_MANIFEST);
    assert_string_equal(err.message, "line 7");
    assert_int_equal(err.path_len, 3);
    assert_memory_equal(err.path, "a\0b", 4);
    assert_int_equal(err.sys_errno, 0);
    assert_int_equal(tpl__fail(&err, TPL_E_RANGE, "too large"), TPL_E_RANGE);
    assert_string_equal(err.message, "too large");
    assert_null(err.path);
    assert_int_equal(err.path_len, 0);
    tpl_error_dispose(&err);
    tpl_error_dispose(&err);
    assert_int_equal(err.status, TPL_OK);
    assert_string_equal(err.message, "");
}

static void a_record_can_be_about_the_path_it_holds(void **state) {
    (void)state;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl__fail_text(&err, TPL_E_MANIFEST, "path", 4, "first"), TPL_E_MANIFEST);
    tpl__fail_text(&err, TPL_E_MANIFEST, err.path, err.path_len, "second");
    assert_string_equal(err.path, "path");
    assert_string_equal(err.message, "second");
    tpl_error_dispose(&err);
}

static void long_messages_are_cut(void **state) {
    (void)state;
    char text[1000];
    memset(text, 'x', 999);
    text[999] = '\0';
    tpl_error err = TPL_ERROR_INIT;
    tpl__fail(&err, TPL_E_SYNTAX, "%s", text);
    assert_int_equal(strlen(err.message), TPL_ERROR_MESSAGE_SIZE - 1);
    tpl_error_dispose(&err);
}

static void no_record_is_needed(void **state) {
    (void)state;
    assert_int_equal(tpl__fail(NULL, TPL_E_SYNTAX, "x"), TPL_E_SYNTAX);
    assert_int_equal(tpl__fail_text(NULL, TPL_E_RANGE, "x", 1, "x"), TPL_E_RANGE);
    assert_int_equal(tpl__fail_at(NULL, TPL_E_CHANGED, "x", "x"), TPL_E_CHANGED);
    assert_int_equal(tpl__fail_os(NULL, EIO, "x"), TPL_E_IO);
    assert_int_equal(tpl__fail_os(NULL, ENOMEM, "x"), TPL_E_NOMEM);
    assert_int_equal(tpl__fail_nomem(NULL), TPL_E_NOMEM);
    assert_int_equal(tpl__fail_cancelled(NULL), TPL_E_CANCELLED);
}

static void operating_system_errors_keep_number_text_and_path(void **state) {
    (void)state;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl__fail_os(&err, ENOENT, "a\xff"), TPL_E_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_string_equal(err.message, "no such file or directory");
    assert_string_equal(err.path, "a\xed\xb3\xbf"); /* the byte as its surrogate */
    assert_int_equal(tpl__fail_os(&err, ENOMEM, "a"), TPL_E_NOMEM);
    assert_int_equal(err.sys_errno, 0);
    assert_null(err.path);
    assert_int_equal(tpl__fail_at(&err, TPL_E_CHANGED, "b", "changed"), TPL_E_CHANGED);
    assert_string_equal(err.path, "b");
    assert_string_equal(err.message, "changed");
    tpl_error_dispose(&err);
}

static void texts_of_errors_begin_in_lower_case_but_for_abbreviations(void **state) {
    (void)state;
    char buf[128];
    assert_string_equal(tpl_errno_text(EACCES, buf, sizeof(buf)), "permission denied");
    assert_true(strlen(tpl_errno_text(EIO, buf, sizeof(buf))) > 0);
    assert_true(strlen(tpl_errno_text(99999, buf, sizeof(buf))) > 0);
    for (int i = 1; i < 130; i++) {
        const char *text = tpl_errno_text(i, buf, sizeof(buf));
        assert_false(isupper((unsigned char)text[0]) && islower((unsigned char)text[1]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_and_a_one_line_text),
        cmocka_unit_test(a_value_outside_the_list_is_an_internal_error),
        cmocka_unit_test(a_record_is_filled_and_filled_anew),
        cmocka_unit_test(a_record_can_be_about_the_path_it_holds),
        cmocka_unit_test(long_messages_are_cut),
        cmocka_unit_test(no_record_is_needed),
        cmocka_unit_test(operating_system_errors_keep_number_text_and_path),
        cmocka_unit_test(texts_of_errors_begin_in_lower_case_but_for_abbreviations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
