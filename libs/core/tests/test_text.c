/* SPDX-License-Identifier: MIT */
#include "tpl/text.h"

#include <string.h>

#include "check.h"
#include "codec.h"
#include "wtf8.h"

typedef tpl_status (*conversion)(tpl_buffer *out, const char *text, size_t len);

static void expect_bytes(conversion convert, const char *in, size_t in_len, const char *out,
                         size_t out_len) {
    tpl_buffer buf = TPL_BUFFER_INIT;
    assert_int_equal(tpl_buffer_append(&buf, ">", 1), TPL_OK);
    assert_int_equal(convert(&buf, in, in_len), TPL_OK);
    assert_int_equal(buf.len, out_len + 1);
    assert_memory_equal(buf.data + 1, out, out_len);
    tpl_buffer_dispose(&buf);
}

#define EXPECT(convert, in, out) expect_bytes((convert), in, sizeof(in) - 1, out, sizeof(out) - 1)

static void keeps_utf8_names(void **state) {
    (void)state;
    EXPECT(tpl_text_from_os, "", "");
    EXPECT(tpl_text_from_os, "plain/name.txt and more of it", "plain/name.txt and more of it");
    EXPECT(tpl_text_from_os,
           "\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf",
           "\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf");
    EXPECT(tpl_text_from_os, "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
           "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

/* U+DC80 is ED B2 80, U+DCFF is ED B3 BF. */
static void maps_bytes_that_are_not_utf8_to_lone_surrogates(void **state) {
    (void)state;
    EXPECT(tpl_text_from_os, "\x80\xff", "\xed\xb2\x80\xed\xb3\xbf");
    EXPECT(tpl_text_from_os, "a\xc3", "a\xed\xb3\x83");
    EXPECT(tpl_text_from_os, "\xc0\x80", "\xed\xb3\x80\xed\xb2\x80");
    EXPECT(tpl_text_from_os, "\xe2\x82x", "\xed\xb3\xa2\xed\xb2\x82x");
    EXPECT(tpl_text_from_os, "\xe0\x9f\xbf", "\xed\xb3\xa0\xed\xb2\x9f\xed\xb2\xbf");
    EXPECT(tpl_text_from_os, "\xf4\x90\x80\x80",
           "\xed\xb3\xb4\xed\xb2\x90\xed\xb2\x80\xed\xb2\x80");
    EXPECT(tpl_text_from_os, "\xf0\x90\xe2\x82\xac", "\xed\xb3\xb0\xed\xb2\x90\xe2\x82\xac");
}

static void maps_every_byte_of_an_encoded_surrogate(void **state) {
    (void)state;
    EXPECT(tpl_text_from_os, "\xed\xa0\x80", "\xed\xb3\xad\xed\xb2\xa0\xed\xb2\x80");
    EXPECT(tpl_text_from_os, "\xed\xb2\x80", "\xed\xb3\xad\xed\xb2\xb2\xed\xb2\x80");
}

static bool is_valid(const char *text) {
    return tpl__wtf8_is_valid(text, strlen(text));
}

static void text_that_is_wtf8_is_told_from_other_bytes(void **state) {
    (void)state;
    assert_true(is_valid(""));
    assert_true(is_valid("long enough for words of eight \xc2\x80 \xf0\x90\x80\x80"));
    assert_true(is_valid("a\xed\xb2\x80\xed\xb3\xbf z"));
    assert_true(is_valid("\xed\xa0\x80"));             /* a high one alone */
    assert_true(is_valid("\xed\xb0\x80\xed\xa0\x80")); /* a low one before it */
    assert_true(is_valid("\xed\xa0\x80-\xed\xb0\x80"));
    assert_true(is_valid("\xed\xa0\x80\xed\xa0\x80"));
    assert_false(is_valid("\xed\xa0\x80\xed\xb0\x80")); /* U+10000 has one spelling */
    assert_false(is_valid("\xed\xa0\x80\xed\xaf\xbf\xed\xbf\xbf"));
    assert_false(is_valid("\xff"));
    assert_false(is_valid("behind eight\x80"));
    assert_false(is_valid("\xed\xa0"));
    assert_false(is_valid("\xed\xb2\x80\xc3"));
    assert_false(is_valid("\xf4\x90\x80\x80"));
}

static void any_name_comes_back(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 3000; round++) {
        char name[24];
        size_t len = next_random(&seed) % sizeof(name);
        for (size_t i = 0; i < len; i++) {
            static const unsigned char BYTES[] = {'a', 0x80, 0xbf, 0xc3, 0xa0, 0xe2, 0xed, 0xf0};
            uint64_t dice = next_random(&seed);
            name[i] = (char)(dice % 2 == 0 ? BYTES[dice / 2 % 8] : 1 + dice / 2 % 255);
        }
        tpl_buffer text = TPL_BUFFER_INIT;
        tpl_buffer back = TPL_BUFFER_INIT;
        assert_int_equal(tpl_text_from_os(&text, name, len), TPL_OK);
        assert_int_equal(tpl_text_to_os(&back, text.data, text.len), TPL_OK);
        assert_int_equal(back.len, len);
        assert_true(len == 0 || memcmp(back.data, name, len) == 0);
        tpl_buffer_dispose(&text);
        tpl_buffer_dispose(&back);
    }
}

static void refuses_text_that_no_file_can_have_as_its_name(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t len;
    } cases[] = {{"a\0b", 3},
                 {"\xed\xa0\x80", 3},
                 {"\xed\xb1\xbf", 3},
                 {"\xed\xb4\x80", 3},
                 {"x\xed\xbf\xbf", 4}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tpl_buffer buf = TPL_BUFFER_INIT;
        assert_int_equal(tpl_buffer_append(&buf, "kept", 4), TPL_OK);
        assert_int_equal(tpl_text_to_os(&buf, cases[i].text, cases[i].len), TPL_E_UNSAFE_PATH);
        assert_int_equal(buf.len, 4);
        tpl_buffer_dispose(&buf);
    }
}

static void escapes_for_json(void **state) {
    (void)state;
    EXPECT(tpl_text_append_json, "", "\"\"");
    EXPECT(tpl_text_append_json, "a/b 'c' <&> ~ long enough to be copied by words",
           "\"a/b 'c' <&> ~ long enough to be copied by words\"");
    EXPECT(tpl_text_append_json, "q\"b\\", "\"q\\\"b\\\\\"");
    EXPECT(tpl_text_append_json, "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
    EXPECT(tpl_text_append_json, "\0\1\x1f", "\"\\u0000\\u0001\\u001f\"");
    EXPECT(tpl_text_append_json, "12345678\x7f", "\"12345678\\u007f\"");
    EXPECT(tpl_text_append_json, "\xc3\xa9\xef\xbf\xae", "\"\\u00e9\\uffee\"");
    EXPECT(tpl_text_append_json, "\xf0\x90\x80\x80\xf0\x9f\x98\x80",
           "\"\\ud800\\udc00\\ud83d\\ude00\"");
    EXPECT(tpl_text_append_json, "\xed\xa0\xbd|\xed\xb2\x80", "\"\\ud83d|\\udc80\"");
}

static void shows_names_on_one_line(void **state) {
    (void)state;
    EXPECT(tpl_text_append_display, "", "");
    EXPECT(tpl_text_append_display, "a b/\xc3\xa9/\xf0\x9f\x98\x80'",
           "a b/\xc3\xa9/\xf0\x9f\x98\x80'");
    EXPECT(tpl_text_append_display, "a\nb", "\"a\\nb\"");
    EXPECT(tpl_text_append_display, "\a\b\t\n\v\f\r", "\"\\a\\b\\t\\n\\v\\f\\r\"");
    EXPECT(tpl_text_append_display, "\"\\", "\"\\\"\\\\\"");
    EXPECT(tpl_text_append_display, "\0\x1b\x7f", "\"\\000\\033\\177\"");
    EXPECT(tpl_text_append_display, "\xc2\x9b\xe2\x80\xa8\xc3\xa9",
           "\"\\302\\233\\342\\200\\250\xc3\xa9\"");
    EXPECT(tpl_text_append_display, "a\xed\xb3\xbf\xed\xb2\x80", "\"a\\377\\200\"");
    EXPECT(tpl_text_append_display, "\xed\xa0\x80", "\"\\355\\240\\200\"");
    EXPECT(tpl_text_append_display, "\xed\xb4\x80", "\"\\355\\264\\200\"");
    EXPECT(tpl_text_append_display, "\xe2\x80\xa9\x01\x0e", "\"\\342\\200\\251\\001\\016\"");
    EXPECT(tpl_text_append_display, "a\"b", "\"a\\\"b\"");
    EXPECT(tpl_text_append_display, "a\\b", "\"a\\\\b\"");
}

/* Each is less than the next: UTF-16 code units, not bytes or code points. */
static void orders_by_utf16_code_units(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t len;
    } sorted[] = {{"", 0},
                  {"\0", 1},
                  {"a", 1},
                  {"a\0", 2},
                  {"a.b", 3},
                  {"a/b", 3},
                  {"a0", 2},
                  {"z", 1},
                  {"\xed\x9f\xbf", 3},             /* U+D7FF */
                  {"\xed\xa0\x80", 3},             /* U+D800 */
                  {"\xed\xa0\x80x", 4},            /* U+D800 x */
                  {"\xf0\x90\x80\x80", 4},         /* U+10000 */
                  {"\xed\xa0\x80\xee\x80\x80", 6}, /* U+D800 U+E000 */
                  {"\xed\xa0\xbd", 3},             /* U+D83D */
                  {"\xf0\x9f\x98\x80", 4},         /* U+1F600 */
                  {"\xf0\x9f\x98\x80x", 5},        /* U+1F600 x */
                  {"\xf4\x8f\xbf\xbf", 4},         /* U+10FFFF */
                  {"\xed\xb0\x80", 3},             /* U+DC00 */
                  {"\xed\xbf\xbf", 3},             /* U+DFFF */
                  {"\xee\x80\x80", 3},             /* U+E000 */
                  {"\xef\xbf\xae", 3}};            /* U+FFEE */
    size_t count = sizeof(sorted) / sizeof(sorted[0]);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            int order =
                tpl_text_compare(sorted[i].text, sorted[i].len, sorted[j].text, sorted[j].len);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void tells_paths_that_stay_inside(void **state) {
    (void)state;
    static const char *const inside[] = {"a", "a/b",  "..a", "a..", "a/..b/c",
                                         ".", "a//b", "...", "\\"};
    static const char *const outside[] = {"", "/", "/a", "..", "../a", "a/..", "a/../b", "a/b/.."};
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
        assert_true(tpl_text_is_inside(inside[i], strlen(inside[i])));
    }
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        assert_false(tpl_text_is_inside(outside[i], strlen(outside[i])));
    }
    assert_false(tpl_text_is_inside("a\0b", 3));
    assert_true(tpl_text_is_inside("a/..", 3));
}

static void knows_links_that_lead_outside(void **state) {
    (void)state;
    static const struct {
        const char *path;
        const char *target;
        bool inside;
    } links[] = {
        {"l", "a", true},          {"l", "..", false},         {"l", ".x", true},
        {"l", "ab", true},         {"l", ".a/../b", true},     {"l", "a/", true},
        {"d/l", "../a/", true},    {"d/l", "..a/b", true},     {"d/l", "a./../..", true},
        {"d/l", "x\\y", true},     {"d/l", "\\x", true},       {"d/l", "\\", true},
        {"l", "../a", false},      {"l", "a/../..", false},    {"l", "a/..", true},
        {"l", ".", true},          {"l", "..a", true},         {"l", "", false},
        {"l", "/a", false},        {"l", "C:a", false},        {"l", "\\\\a\\b", false},
        {"l", "\\a", true},        {"d/l", "..", true},        {"d/l", "../a", true},
        {"d/l", "../../a", false}, {"d/e/l", "../../a", true}, {"d/l", ".//.././a/", true},
        {"d/l", "../..", false},
    };
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        assert_int_equal(tpl_text_link_is_inside(links[i].path, strlen(links[i].path),
                                                 links[i].target, strlen(links[i].target)),
                         links[i].inside);
    }
}

static void a_full_buffer_stays_as_it_was(void **state) {
    (void)state;
    static const conversion conversions[] = {tpl_text_from_os, tpl_text_to_os, tpl_text_append_json,
                                             tpl_text_append_display};
    static const char text[] = "a\xed\xb2\x80 \xed\xb2\x80\xc3\xa9";
    for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++) {
        size_t max = 0;
        tpl_status status = TPL_E_NOMEM;
        while (status == TPL_E_NOMEM && max < 100) {
            tpl_buffer buf = {NULL, 0, 0, ++max};
            assert_int_equal(tpl_buffer_append(&buf, "k", 1), TPL_OK);
            status = conversions[i](&buf, text, sizeof(text) - 1);
            assert_true(status == TPL_OK || buf.len == 1);
            tpl_buffer_dispose(&buf);
        }
        assert_int_equal(status, TPL_OK);
        assert_true(max > 8);
    }
}

static void each_character_has_one_escape(void **state) {
    (void)state;
    static const struct {
        uint32_t code;
        const char *escape;
    } cases[] = {{'a', "a"},          {' ', " "},
                 {'~', "~"},          {0x7f, "\\u007f"},
                 {'"', "\\\""},       {'\n', "\\n"},
                 {0, "\\u0000"},      {0xd800, "\\ud800"},
                 {0xffff, "\\uffff"}, {0x1f600, "\\ud83d\\ude00"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char escape[TPL__ESCAPE_MAX];
        size_t len = tpl__json_escape(escape, cases[i].code);
        assert_int_equal(len, strlen(cases[i].escape));
        assert_memory_equal(escape, cases[i].escape, len);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_character_has_one_escape),
        cmocka_unit_test(keeps_utf8_names),
        cmocka_unit_test(maps_bytes_that_are_not_utf8_to_lone_surrogates),
        cmocka_unit_test(maps_every_byte_of_an_encoded_surrogate),
        cmocka_unit_test(text_that_is_wtf8_is_told_from_other_bytes),
        cmocka_unit_test(any_name_comes_back),
        cmocka_unit_test(refuses_text_that_no_file_can_have_as_its_name),
        cmocka_unit_test(escapes_for_json),
        cmocka_unit_test(shows_names_on_one_line),
        cmocka_unit_test(orders_by_utf16_code_units),
        cmocka_unit_test(tells_paths_that_stay_inside),
        cmocka_unit_test(knows_links_that_lead_outside),
        cmocka_unit_test(a_full_buffer_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
