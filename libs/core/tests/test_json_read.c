/* SPDX-License-Identifier: MIT */
#include "json_read.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "mem.h"

static bool reads_whole(const char *text, size_t len, tpl__json *json, tpl__json_value *value) {
    tpl__json_init(json, text, len);
    return tpl__json_value_read(json, value) && tpl__json_end(json);
}

static void expect_kind(const char *text, tpl__json_kind kind) {
    tpl__json json;
    tpl__json_value value;
    assert_true(reads_whole(text, strlen(text), &json, &value));
    assert_int_equal(value.kind, kind);
}

static void reads_values_of_every_kind(void **state) {
    (void)state;
    expect_kind("null", TPL__JSON_NULL);
    expect_kind(" \t\r\ntrue\n", TPL__JSON_BOOL);
    expect_kind("false", TPL__JSON_BOOL);
    expect_kind("\"\"", TPL__JSON_STRING);
    expect_kind("[ ]", TPL__JSON_ARRAY);
    expect_kind("[1 , [2,{} ] ,\"]\", {\"a\" :[]}]", TPL__JSON_ARRAY);
    expect_kind("{ }", TPL__JSON_OBJECT);
    expect_kind("{\"a\": {\"b\":null, \"}\":[{}]} , \"\":1}", TPL__JSON_OBJECT);
    expect_kind("NaN", TPL__JSON_NUMBER);
    expect_kind("[Infinity,-Infinity]", TPL__JSON_ARRAY);
}

static void expect_integer(const char *text, bool negative, bool huge, uint64_t magnitude) {
    tpl__json json;
    tpl__json_value value;
    assert_true(reads_whole(text, strlen(text), &json, &value));
    assert_int_equal(value.kind, TPL__JSON_INTEGER);
    assert_int_equal(value.negative, negative);
    assert_int_equal(value.huge, huge);
    if (!huge) {
        assert_int_equal(value.magnitude, magnitude);
    }
}

static void reads_integers_and_notices_huge_ones(void **state) {
    (void)state;
    expect_integer("0", false, false, 0);
    expect_integer("-0", true, false, 0);
    expect_integer("10", false, false, 10);
    expect_integer("-9223372036854775808", true, false, UINT64_C(9223372036854775808));
    expect_integer("18446744073709551615", false, false, UINT64_MAX);
    expect_integer("18446744073709551616", false, true, 0);
    expect_integer("18446744073709551620", false, true, 0);
    expect_integer("100000000000000000000000000000000000", false, true, 0);
}

static void numbers_with_fraction_or_exponent_are_no_integers(void **state) {
    (void)state;
    static const char *const numbers[] = {"0.0", "-0.5", "1e3", "1E+3", "1.25e-2", "12.0", "0e0"};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        expect_kind(numbers[i], TPL__JSON_NUMBER);
    }
}

static void expect_text(const char *json_text, const char *text, size_t len) {
    tpl__json json;
    tpl__json_value value;
    assert_true(reads_whole(json_text, strlen(json_text), &json, &value));
    assert_int_equal(value.kind, TPL__JSON_STRING);
    assert_int_equal(value.len, len);
    char *out = tpl__alloc_array(len + 1, 1);
    assert_non_null(out);
    tpl__json_text(&value, out);
    assert_memory_equal(out, text, len);
    tpl__free(out);
}

#define TEXT(json, text) expect_text(json, text, sizeof(text) - 1)

static void takes_strings_apart(void **state) {
    (void)state;
    TEXT("\"\"", "");
    TEXT("\"a plain one, longer than a word\"", "a plain one, longer than a word");
    TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
    TEXT("\"\\u0000\\u001F\\u007f\\u00e9\\uFFEE\"", "\0\x1f\x7f\xc3\xa9\xef\xbf\xae");
    TEXT("\"\x7f\xc2\x80\xed\x9f\xbf\xf4\x8f\xbf\xbf\"",
         "\x7f\xc2\x80\xed\x9f\xbf\xf4\x8f\xbf\xbf");
}

static void joins_surrogate_pairs_and_keeps_lone_ones(void **state) {
    (void)state;
    TEXT("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80");
    TEXT("\"\\uD800\\uDC00\\uDBFF\\uDFFF\"", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
    TEXT("\"\\ud83d\"", "\xed\xa0\xbd");
    TEXT("\"\\ude00\\ud83d\"", "\xed\xb8\x80\xed\xa0\xbd");
    TEXT("\"\\ud83d\\ud83d\\ude00\"", "\xed\xa0\xbd\xf0\x9f\x98\x80");
    TEXT("\"\\ud83d\\n\\ude00\"", "\xed\xa0\xbd\n\xed\xb8\x80");
    TEXT("\"\\ud83d\\u0041\"", "\xed\xa0\xbd"
                               "A");
}

static void compares_texts_however_they_are_spelt(void **state) {
    (void)state;
    tpl__json json;
    tpl__json_value value;
    static const char plain[] = "\"path\"";
    static const char spelt[] = "\"p\\u0061t\\u0068\"";
    static const char other[] = "\"p\xc3\xa9h\"";
    assert_true(reads_whole(plain, sizeof(plain) - 1, &json, &value));
    assert_true(tpl__json_text_is(&value, "path", 4));
    assert_false(tpl__json_text_is(&value, "pat", 3));
    assert_false(tpl__json_text_is(&value, "paty", 4));
    assert_true(reads_whole(spelt, sizeof(spelt) - 1, &json, &value));
    assert_true(tpl__json_text_is(&value, "path", 4));
    assert_false(tpl__json_text_is(&value, "pith", 4));
    assert_true(reads_whole(other, sizeof(other) - 1, &json, &value));
    assert_false(tpl__json_text_is(&value, "path", 4));
}

typedef struct broken {
    const char *text;
    const char *message; /* with Python's position */
} broken;

static void expect_broken(const char *text, size_t len, const char *message) {
    tpl__json json;
    tpl__json_value value;
    char *exact = tpl__alloc(len + 1); /* so that a read past the end is noticed */
    assert_non_null(exact);
    memcpy(exact, text, len);
    assert_false(reads_whole(exact, len, &json, &value));
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl__json_fail(&json, &err), TPL_E_SYNTAX);
    assert_string_equal(err.message, message);
    tpl__free(exact);
}

static void says_what_is_wrong_and_where(void **state) {
    (void)state;
    static const broken cases[] = {
        {"", "expected a value at line 1 column 1"},
        {" \n ", "expected a value at line 2 column 2"},
        {"nul", "expected a value at line 1 column 1"},
        {"True", "expected a value at line 1 column 1"},
        {"'a'", "expected a value at line 1 column 1"},
        {"\v1", "expected a value at line 1 column 1"},
        {"\xc2\xa0{}", "expected a value at line 1 column 1"},
        {"\xef\xbb\xbf{}", "byte order mark at line 1 column 1"},
        {" \xef\xbb\xbf{}", "expected a value at line 1 column 2"},
        {"// no\n{}", "expected a value at line 1 column 1"},
        {"+1", "expected a value at line 1 column 1"},
        {"-", "expected a value at line 1 column 1"},
        {"-a", "expected a value at line 1 column 1"},
        {"-Infinit", "expected a value at line 1 column 1"},
        {".5", "expected a value at line 1 column 1"},
        {"01", "text after the document at line 1 column 2"},
        {"1.", "text after the document at line 1 column 2"},
        {"1.e5", "text after the document at line 1 column 2"},
        {"1.5e", "text after the document at line 1 column 4"},
        {"1e+", "text after the document at line 1 column 2"},
        {"nullx", "text after the document at line 1 column 5"},
        {"{} {}", "text after the document at line 1 column 4"},
        {"[", "expected a value at line 1 column 2"},
        {"[1", "expected ',' or ']' at line 1 column 3"},
        {"[1 2]", "expected ',' or ']' at line 1 column 4"},
        {"[1,]", "expected a value at line 1 column 4"},
        {"[,1]", "expected a value at line 1 column 2"},
        {"[1}", "expected ',' or ']' at line 1 column 3"},
        {"[[1]", "expected ',' or ']' at line 1 column 5"},
        {"{", "expected a member name in double quotes at line 1 column 2"},
        {"{a:1}", "expected a member name in double quotes at line 1 column 2"},
        {"{\"a\":1,}", "expected a member name in double quotes at line 1 column 8"},
        {"{\"a\"}", "expected ':' at line 1 column 5"},
        {"{\"a\":}", "expected a value at line 1 column 6"},
        {"{\"a\":1]", "expected ',' or '}' at line 1 column 7"},
        {"{\"a\":{\"b\":[]}", "expected ',' or '}' at line 1 column 14"},
        {"{\n \"a\" 1}", "expected ':' at line 2 column 6"},
        {"\"abc", "string without an end at line 1 column 1"},
        {"[\"\xc3\xa9\", \"abcdefghijkl", "string without an end at line 1 column 7"},
        {"\"a\\", "string without an end at line 1 column 1"},
        {"\"a\\\"", "string without an end at line 1 column 1"},
        {"\"a\tb\"", "control character in a string at line 1 column 3"},
        {"\"12345678\n\"", "control character in a string at line 1 column 10"},
        {"\"\\q\"", "bad escape at line 1 column 2"},
        {"\"\xf0\x9f\x98\x80\\'\"", "bad escape at line 1 column 3"},
        {"\"\\u12\"", "bad \\u escape at line 1 column 3"},
        {"\"\\u12", "bad \\u escape at line 1 column 3"},
        {"\"\\u12g4\"", "bad \\u escape at line 1 column 3"},
        {"\"\\U0041\"", "bad escape at line 1 column 2"},
        {"\"\\ud83d\\ude0\"", "bad \\u escape at line 1 column 9"},
        {"\"a\x80\"", "not UTF-8 at line 1 column 3"},
        {"\"\xc3\"", "not UTF-8 at line 1 column 2"},
        {"\"\xe2\x82", "not UTF-8 at line 1 column 2"},
        {"\"\xc0\xaf\"", "not UTF-8 at line 1 column 2"},
        {"\"\xed\xa0\x80\"", "not UTF-8 at line 1 column 2"},
        {"\"\xf4\x90\x80\x80\"", "not UTF-8 at line 1 column 2"},
        {"{\"\xff\":1}", "not UTF-8 at line 1 column 3"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_broken(cases[i].text, strlen(cases[i].text), cases[i].message);
    }
    expect_broken("\"a\0\"", 4, "control character in a string at line 1 column 3");
    expect_broken("1\0", 2, "text after the document at line 1 column 2");
    expect_broken("\"\\\0\"", 4, "bad escape at line 1 column 2");
}

/* `opening` again and again, then `inner`, then as many closing brackets. */
static char *nested(const char *opening, size_t depth, const char *inner, size_t *len) {
    size_t step = strlen(opening);
    char *text = tpl__alloc(depth * (step + 1) + strlen(inner) + 1);
    assert_non_null(text);
    char *at = text;
    for (size_t i = 0; i < depth; i++) {
        memcpy(at, opening, step);
        at += step;
    }
    memcpy(at, inner, strlen(inner));
    at += strlen(inner);
    memset(at, opening[0] == '[' ? ']' : '}', depth);
    *len = (size_t)(at - text) + depth;
    return text;
}

static void nests_deep_and_not_deeper(void **state) {
    (void)state;
    static const char *const openings[] = {"[", "{\"a\":", "[1,"};
    for (size_t i = 0; i < 3; i++) {
        tpl__json json;
        tpl__json_value value;
        size_t len;
        char *text = nested(openings[i], TPL__JSON_DEPTH_MAX, "1", &len);
        assert_true(reads_whole(text, len, &json, &value));
        tpl__free(text);
        text = nested(openings[i], TPL__JSON_DEPTH_MAX + 1, "1", &len);
        char message[64];
        snprintf(message, sizeof(message), "nested too deeply at line 1 column %zu",
                 strlen(openings[i]) * TPL__JSON_DEPTH_MAX + 1);
        expect_broken(text, len, message);
        tpl__free(text);
    }
}

static void remembers_which_bracket_closes_at_every_depth(void **state) {
    (void)state;
    expect_kind("[{\"a\":[{\"b\":[[{\"c\":[]}]]}]},{}]", TPL__JSON_ARRAY);
    expect_broken("[{\"a\":[{\"b\":[[{\"c\":[]]]]}]},{}]", 31,
                  "expected ',' or '}' at line 1 column 22");
    expect_broken("[{\"a\":[{\"b\":[[{\"c\":[]}]}}]},{}]", 31,
                  "expected ',' or ']' at line 1 column 24");
}

static void an_escape_may_be_cut_off_anywhere(void **state) {
    (void)state;
    static const char whole[] = "\"a\\ud83d\\ude00\"";
    tpl__json json;
    tpl__json_value value;
    assert_true(reads_whole(whole, strlen(whole), &json, &value));
    for (size_t len = 0; len < strlen(whole); len++) {
        char *exact = tpl__alloc_array(len + 1, 1); /* nothing behind it may be looked at */
        assert_non_null(exact);
        memcpy(exact, whole, len);
        assert_false(reads_whole(exact, len, &json, &value));
        tpl__free(exact);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_of_every_kind),
        cmocka_unit_test(reads_integers_and_notices_huge_ones),
        cmocka_unit_test(numbers_with_fraction_or_exponent_are_no_integers),
        cmocka_unit_test(takes_strings_apart),
        cmocka_unit_test(joins_surrogate_pairs_and_keeps_lone_ones),
        cmocka_unit_test(an_escape_may_be_cut_off_anywhere),
        cmocka_unit_test(compares_texts_however_they_are_spelt),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(nests_deep_and_not_deeper),
        cmocka_unit_test(remembers_which_bracket_closes_at_every_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
