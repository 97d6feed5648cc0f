/* SPDX-License-Identifier: MIT */
#include "lower.h"

#include "check.h"

static void letters_of_every_script_have_their_lower_case(void **state) {
    (void)state;
    static const uint32_t pairs[][2] = {
        {'A', 'a'},         {'Z', 'z'},       {'[', '['},           {'a', 'a'},     {'@', '@'},
        {0xc9, 0xe9},       {0xd7, 0xd7},     {0xdf, 0xdf},         {0x100, 0x101}, {0x101, 0x101},
        {0x130, 0x130},     {0x391, 0x3b1},   {0x3a3, 0x3c3},       {0x410, 0x430}, {0x1e9e, 0xdf},
        {0x10400, 0x10428}, {0xd800, 0xd800}, {0x10ffff, 0x10ffff},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        assert_int_equal(tpl__lower(pairs[i][0]), pairs[i][1]);
    }
}

static void lower_case_is_its_own(void **state) {
    (void)state;
    size_t changed = 0;
    for (uint32_t code = 0; code < 0x110000; code++) {
        uint32_t lower = tpl__lower(code);
        assert_int_equal(tpl__lower(lower), lower);
        changed += lower != code;
    }
    assert_true(changed > 1400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_every_script_have_their_lower_case),
        cmocka_unit_test(lower_case_is_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
