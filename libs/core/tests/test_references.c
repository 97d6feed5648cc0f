/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "tpl/profile.h"

static tpl_status decode(tpl_asset_references **out, const char *json, tpl_error *err) {
    return tpl_asset_references_decode(out, json, strlen(json), err);
}

static void the_paths_of_a_bundle_are_appended(void **state) {
    (void)state;
    tpl_asset_references *document = NULL;
    tpl_references paths = TPL_REFERENCES_INIT;
    assert_int_equal(tpl_strings_append(&paths.inputs, "first"), TPL_OK);
    assert_int_equal(decode(&document,
                            "{\"assetReferences\":{\"inputs\":{\"filenames\":[\"a\",\"\\udcff\"],"
                            "\"directories\":[\"d\"]},\"outputs\":{\"directories\":[\"o\"]},"
                            "\"referencedPaths\":[\"r\",\"\"]},\"more\":[]}",
                            NULL),
                     TPL_OK);
    assert_int_equal(tpl_references_append(&paths, tpl_asset_references_paths(document)), TPL_OK);
    assert_int_equal(paths.inputs.count, 3);
    assert_string_equal(paths.inputs.items[0], "first");
    assert_string_equal(paths.inputs.items[2], "\xff");
    assert_int_equal(paths.directories.count, 1);
    assert_string_equal(paths.directories.items[0], "d");
    assert_string_equal(paths.outputs.items[0], "o");
    assert_int_equal(paths.referenced.count, 2);
    tpl_references_dispose(&paths);
    tpl_asset_references_free(document);
    tpl_asset_references_free(NULL);
}

static void of_equal_members_the_last_counts(void **state) {
    (void)state;
    static const char *const cases[] = {
        "{\"assetReferences\":{\"inputs\":{\"filenames\":[\"x\"],\"directories\":[\"x\"]},"
        "\"outputs\":{\"directories\":[\"x\"]},\"referencedPaths\":[\"x\"]},\"assetReferences\":{}"
        "}",
        "{\"assetReferences\":{\"inputs\":{\"filenames\":[\"x\"],\"filenames\":[]},"
        "\"outputs\":{\"directories\":[\"x\"]},\"outputs\":{},\"inputs\":{}}}",
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        tpl_asset_references *document = NULL;
        tpl_references paths = TPL_REFERENCES_INIT;
        assert_int_equal(decode(&document, cases[i], NULL), TPL_OK);
        assert_int_equal(tpl_references_append(&paths, tpl_asset_references_paths(document)),
                         TPL_OK);
        assert_int_equal(paths.inputs.count + paths.directories.count + paths.outputs.count +
                             paths.referenced.count,
                         0);
        tpl_references_dispose(&paths);
        tpl_asset_references_free(document);
    }
}

static void each_fault_is_told(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"{}", "the document lacks assetReferences"},
        {"[]", "the document is not an object"},
        {"{\"assetReferences\":[]}", "assetReferences is not an object"},
        {"{\"assetReferences\":{\"inputs\":[]}}", "inputs is not an object"},
        {"{\"assetReferences\":{\"outputs\":\"\"}}", "outputs is not an object"},
        {"{\"assetReferences\":{\"referencedPaths\":\"x\"}}", "referencedPaths is not an array"},
        {"{\"assetReferences\":{\"inputs\":{\"filenames\":[1]}}}",
         "a path of inputs.filenames is not a string"},
        {"{\"assetReferences\":{\"inputs\":{\"directories\":[\"\\ud800\"]}}}",
         "a path of inputs.directories is a name that no file can have"},
        {"{\"assetReferences\":{\"outputs\":{\"directories\":[\"\\u0000\"]}}}",
         "a path of outputs.directories holds a NUL"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        tpl_error err = TPL_ERROR_INIT;
        tpl_asset_references *document = (void *)&err;
        assert_int_equal(decode(&document, cases[i][0], &err), TPL_E_DOCUMENT);
        assert_null(document);
        assert_string_equal(err.message, cases[i][1]);
        tpl_error_dispose(&err);
    }
    tpl_asset_references *document = NULL;
    assert_int_equal(decode(&document, "assetReferences:\n  inputs: {}\n", NULL), TPL_E_SYNTAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_paths_of_a_bundle_are_appended),
        cmocka_unit_test(of_equal_members_the_last_counts),
        cmocka_unit_test(each_fault_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
