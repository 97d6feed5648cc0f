/* SPDX-License-Identifier: MIT */
#include "document.h"

#include <string.h>

#include "check.h"

typedef struct pair {
    const char *text;
    const char *path;
    int items;
} pair;

static bool count_item(tpl__document *d, const char *what, void *into) {
    const char *text = NULL;
    *(int *)into += 1;
    return tpl__document_text(d, what, &text);
}

static bool read_member(tpl__document *d, size_t index, void *into) {
    pair *p = into;
    return index == 0   ? tpl__document_text(d, "text", &p->text)
           : index == 1 ? tpl__document_path(d, "path", &p->path)
                        : tpl__document_array(d, "items", count_item, &p->items);
}

static tpl_status read(const char *json, pair *out, tpl_error *err) {
    static const tpl__member MEMBERS[] = {TPL__MEMBER("text"), TPL__MEMBER("path"),
                                          TPL__MEMBER("items")};
    static tpl__arena arena = TPL__ARENA_INIT;
    tpl__document d = {.arena = &arena, .err = err};
    tpl__arena_dispose(&arena);
    *out = (pair){NULL, NULL, 0};
    if (json == NULL) {
        return TPL_OK;
    }
    tpl__json_init(&d.json, json, strlen(json));
    return tpl__document_read(&d, "it", (tpl__document_shape){MEMBERS, 3, read_member}, out);
}

static void known_members_are_read_and_others_passed_over(void **state) {
    (void)state;
    pair p;
    assert_int_equal(read("{}", &p, NULL), TPL_OK);
    assert_null(p.text);
    assert_int_equal(read(" {\"more\": [{}, 1e9], \"text\": \"\\u00e9\", \"path\": \"a\\udcff\","
                          "\"items\": [\"\", \"b\"]} ",
                          &p, NULL),
                     TPL_OK);
    assert_string_equal(p.text, "\xc3\xa9");
    assert_string_equal(p.path, "a\xff");
    assert_int_equal(p.items, 2);
    assert_int_equal(read(NULL, &p, NULL), TPL_OK);
}

static void each_fault_is_told(void **state) {
    (void)state;
    static const struct {
        const char *json;
        tpl_status status;
        const char *message;
    } cases[] = {
        {"", TPL_E_SYNTAX, "expected a value at line 1 column 1"},
        {"text: x", TPL_E_SYNTAX, "expected a value at line 1 column 1"},
        {"[]", TPL_E_DOCUMENT, "it is not an object"},
        {"null", TPL_E_DOCUMENT, "it is not an object"},
        {"{} x", TPL_E_SYNTAX, "text after the document at line 1 column 4"},
        {"{\"text\":1}", TPL_E_DOCUMENT, "text is not a string"},
        {"{\"text\":{\"a\":1}}", TPL_E_DOCUMENT, "text is not a string"},
        {"{\"text\":\"a\\u0000\"}", TPL_E_DOCUMENT, "text holds a NUL"},
        {"{\"path\":\"a\\ud800\"}", TPL_E_DOCUMENT, "path is a name that no file can have"},
        {"{\"items\":\"x\"}", TPL_E_DOCUMENT, "items is not an array"},
        {"{\"items\":[\"x\",2]}", TPL_E_DOCUMENT, "items is not a string"},
        {"{\"items\":[\"x\",]}", TPL_E_SYNTAX, "expected a value at line 1 column 15"},
        {"{\"items\":[\"x\"}", TPL_E_SYNTAX, "expected ',' or ']' at line 1 column 14"},
        {"{\"other\":x}", TPL_E_SYNTAX, "expected a value at line 1 column 10"},
        {"{1:2}", TPL_E_SYNTAX, "expected a member name in double quotes at line 1 column 2"},
        {"{\"path\":", TPL_E_SYNTAX, "expected a value at line 1 column 9"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        tpl_error err = TPL_ERROR_INIT;
        pair p;
        assert_int_equal(read(cases[i].json, &p, &err), cases[i].status);
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(err.status, cases[i].status);
        assert_int_equal(read(cases[i].json, &p, NULL), cases[i].status);
        tpl_error_dispose(&err);
    }
    pair p;
    assert_int_equal(read(NULL, &p, NULL), TPL_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_members_are_read_and_others_passed_over),
        cmocka_unit_test(each_fault_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
