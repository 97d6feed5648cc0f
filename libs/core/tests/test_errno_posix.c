/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "check.h"
#include "fail.h"

static void texts_begin_in_lower_case(void **state) {
    (void)state;
    char buf[128];
    assert_string_equal(tpl_errno_text(ENOENT, buf, sizeof(buf)), "no such file or directory");
    assert_string_equal(tpl_errno_text(EIO, buf, sizeof(buf)), "input/output error");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_begin_in_lower_case)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
