/* SPDX-License-Identifier: MIT */
#include "tpl/profile.h"

#include <string.h>

#include "check.h"

static tpl_status decode(tpl_storage_profile **out, const char *json, tpl_error *err) {
    return tpl_storage_profile_decode(out, json, strlen(json), err);
}

static void a_profile_says_what_its_document_says(void **state) {
    (void)state;
    tpl_storage_profile *profile = NULL;
    tpl_profile view;
    assert_int_equal(
        decode(&profile,
               "{\"storageProfileId\":\"sp-1\",\"displayName\":\"x\",\"osFamily\":\"Linux\","
               "\"fileSystemLocations\":[{\"name\":\"n\",\"path\":\"/\\u00e9\",\"type\":\"LOCAL\"},"
               "{\"type\":\"shared\",\"path\":\"p\",\"name\":\"\",\"more\":0}]}",
               NULL),
        TPL_OK);
    tpl_storage_profile_view(profile, &view);
    assert_string_equal(view.id, "sp-1");
    assert_false(view.windows);
    assert_int_equal(view.location_count, 2);
    assert_string_equal(view.locations[0].name, "n");
    assert_string_equal(view.locations[0].path, "/\xc3\xa9");
    assert_false(view.locations[0].shared);
    assert_string_equal(view.locations[1].name, "");
    assert_true(view.locations[1].shared);
    tpl_storage_profile_free(profile);
    tpl_storage_profile_free(NULL);
}

static void a_profile_may_say_nothing_or_say_it_twice(void **state) {
    (void)state;
    tpl_storage_profile *profile = NULL;
    tpl_profile view;
    assert_int_equal(decode(&profile, "{}", NULL), TPL_OK);
    tpl_storage_profile_view(profile, &view);
    assert_null(view.id);
    assert_int_equal(view.location_count, 0);
    tpl_storage_profile_free(profile);
    assert_int_equal(
        decode(&profile,
               "{\"osFamily\":\"linux\",\"osFamily\":\"WINDOWS\",\"fileSystemLocations\":"
               "[{\"name\":\"n\",\"path\":\"/\",\"type\":\"LOCAL\"}],\"fileSystemLocations\":[]}",
               NULL),
        TPL_OK);
    tpl_storage_profile_view(profile, &view);
    assert_true(view.windows);
    assert_int_equal(view.location_count, 0);
    tpl_storage_profile_free(profile);
}

static void each_fault_is_told(void **state) {
    (void)state;
#define IN_LOCATION(members) "{\"fileSystemLocations\":[{" members "}]}"
    static const char *const cases[][2] = {
        {"[]", "a storage profile is not an object"},
        {"{\"osFamily\":\"plan9\"}", "osFamily is none of linux, macos and windows"},
        {"{\"osFamily\":\"linuxx\"}", "osFamily is none of linux, macos and windows"},
        {"{\"osFamily\":1}", "osFamily is not a string"},
        {"{\"storageProfileId\":null}", "storageProfileId is not a string"},
        {"{\"fileSystemLocations\":{}}", "fileSystemLocations is not an array"},
        {"{\"fileSystemLocations\":[1]}", "a location is not an object"},
        {IN_LOCATION("\"name\":\"n\",\"path\":\"p\""), "a location lacks its name, path or type"},
        {IN_LOCATION("\"name\":\"n\",\"type\":\"LOCAL\""),
         "a location lacks its name, path or type"},
        {IN_LOCATION("\"path\":\"n\",\"type\":\"LOCAL\""),
         "a location lacks its name, path or type"},
        {IN_LOCATION("\"type\":\"REMOTE\""), "a location's type is neither LOCAL nor SHARED"},
        {IN_LOCATION("\"type\":1"), "a location's type is not a string"},
        {IN_LOCATION("\"path\":\"\\u0000\""), "a location's path holds a NUL"},
        {IN_LOCATION("\"name\":7"), "a location's name is not a string"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        tpl_error err = TPL_ERROR_INIT;
        tpl_storage_profile *profile = (void *)&err;
        assert_int_equal(decode(&profile, cases[i][0], &err), TPL_E_DOCUMENT);
        assert_null(profile);
        assert_string_equal(err.message, cases[i][1]);
        tpl_error_dispose(&err);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_says_what_its_document_says),
        cmocka_unit_test(a_profile_may_say_nothing_or_say_it_twice),
        cmocka_unit_test(each_fault_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
