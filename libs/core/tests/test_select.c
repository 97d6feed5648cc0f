/* SPDX-License-Identifier: MIT */
#include "tpl/select.h"

#include <string.h>

#include "check.h"
#include "codec.h"

static bool counts(const char *include, const char *exclude, const char *path) {
    tpl_filter filter = TPL_FILTER_INIT;
    bool found = false;
    if (include != NULL) {
        assert_int_equal(tpl_strings_append(&filter.include, include), TPL_OK);
    }
    if (exclude != NULL) {
        assert_int_equal(tpl_strings_append(&filter.exclude, exclude), TPL_OK);
    }
    assert_int_equal(tpl_filter_matches(&found, &filter, path, strlen(path), NULL), TPL_OK);
    tpl_filter_dispose(&filter);
    return found;
}

static void a_path_is_judged_as_a_walk_would(void **state) {
    (void)state;
    assert_true(counts(NULL, NULL, "a/.b"));
    assert_true(counts("a/*", NULL, "a/b"));
    assert_false(counts("a/*", NULL, "a/b/c"));
    assert_true(counts("**/*.c", NULL, "x/y/z.c"));
    assert_false(counts("**/*.c", "x/**", "x/y/z.c"));
}

static tpl_manifest *selected(const tpl_manifest *from, const char *include) {
    tpl_filter filter = TPL_FILTER_INIT;
    tpl_manifest *made = NULL;
    assert_int_equal(tpl_strings_append(&filter.include, include), TPL_OK);
    assert_int_equal(tpl_select(&made, from, &filter, NULL, NULL), TPL_OK);
    tpl_filter_dispose(&filter);
    return made;
}

static void expect_path(const tpl_entry *entry, const char *path) {
    assert_int_equal(entry->path_len, strlen(path));
    assert_memory_equal(entry->path, path, entry->path_len);
}

static void entries_keep_their_order_and_the_total_is_theirs(void **state) {
    (void)state;
    static const char text[] = DOCUMENT("{\"hash\":\"1\",\"mtime\":1,\"path\":\"d/b\",\"size\":3},"
                                        "{\"hash\":\"2\",\"mtime\":2,\"path\":\"c\",\"size\":4},"
                                        "{\"hash\":\"3\",\"mtime\":3,\"path\":\"d/a\",\"size\":5}",
                                        "99");
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    tpl_manifest *made = selected(manifest, "d/*");
    tpl_entry entry;
    assert_int_equal(tpl_manifest_count(made), 2);
    assert_int_equal(tpl_manifest_total_size(made), 8);
    tpl_manifest_entry(made, 0, &entry);
    expect_path(&entry, "d/b");
    assert_int_equal(entry.mtime, 1);
    tpl_manifest_entry(made, 1, &entry);
    expect_path(&entry, "d/a");
    size_t index = 9;
    assert_true(tpl_manifest_find(made, "d/a", 3, &index));
    assert_int_equal(index, 1);
    assert_false(tpl_manifest_find(made, "c", 1, &index));
    tpl_manifest_free(made);
    made = selected(manifest, "nothing");
    assert_int_equal(tpl_manifest_count(made), 0);
    tpl_manifest_free(made);
    tpl_manifest_free(manifest);
}

static void a_diff_stays_a_diff_with_the_directories_on_the_way(void **state) {
    (void)state;
    static const char text[] =
        "{\"dirs\":[{\"name\":\"a\"},{\"name\":\"a/b\"},{\"delete\":true,\"name\":\"z\"}],"
        "\"files\":[{\"hash\":\"1\",\"mtime\":1,\"name\":\"a/b/c\",\"size\":3},"
        "{\"delete\":true,\"name\":\"a/gone\"},"
        "{\"hash\":\"2\",\"mtime\":1,\"name\":\"z/y\",\"size\":4}],"
        "\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\","
        "\"parentManifestHash\":\"abc\",\"totalSize\":7}";
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    tpl_manifest *made = selected(manifest, "a/**");
    tpl_entry entry;
    size_t len = 0;
    assert_int_equal(tpl_manifest_format(made), tpl_manifest_format(manifest));
    assert_memory_equal(tpl_manifest_parent(made, &len), "abc", 3);
    assert_int_equal(len, 3);
    assert_int_equal(tpl_manifest_count(made), 2);
    assert_int_equal(tpl_manifest_total_size(made), 3);
    tpl_manifest_entry(made, 1, &entry);
    expect_path(&entry, "a/gone");
    assert_true(entry.deleted);
    assert_int_equal(tpl_manifest_directory_count(made), 2);
    tpl_manifest_directory(made, 1, &entry);
    expect_path(&entry, "a/b");
    tpl_manifest_free(made);
    tpl_manifest_free(manifest);
}

static int stop(void *payload) {
    (void)payload;
    return 1;
}

static void it_stops_when_asked_to(void **state) {
    (void)state;
    tpl_manifest *manifest = NULL;
    tpl_manifest *made = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < 10000; i++) {
        add_path(manifest, "path", 1);
    }
    assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
    tpl_filter filter = TPL_FILTER_INIT;
    tpl_run run = TPL_RUN_INIT;
    run.poll = stop;
    made = manifest;
    assert_int_equal(tpl_select(&made, manifest, &filter, &run, NULL), TPL_E_CANCELLED);
    assert_null(made);
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_judged_as_a_walk_would),
        cmocka_unit_test(entries_keep_their_order_and_the_total_is_theirs),
        cmocka_unit_test(a_diff_stays_a_diff_with_the_directories_on_the_way),
        cmocka_unit_test(it_stops_when_asked_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
