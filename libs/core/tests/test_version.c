/* SPDX-License-Identifier: MIT */
#include "tpl/version.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

static void says_what_the_version_file_says(void **state) {
    (void)state;
    char line[64] = "";
    FILE *file = fopen(TPL_TEST_VERSION_FILE, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    assert_string_equal(tpl_version(), line);
}

static void a_build_id_is_sixteen_hex_digits(void **state) {
    (void)state;
    assert_int_equal(strlen(tpl_build_id()), 16);
    assert_int_equal(strspn(tpl_build_id(), "0123456789abcdef"), 16);
    assert_non_null(strstr(tpl_features(), "xxhash-"));
    assert_int_equal(strncmp(tpl_hash_kernel(), "xxh3-", 5), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_the_version_file_says),
        cmocka_unit_test(a_build_id_is_sixteen_hex_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
