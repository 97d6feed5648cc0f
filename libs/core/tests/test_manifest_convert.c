/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "codec.h"
#include "manifest_table.h"
#include "tpl/manifest.h"

static const tpl_entry FILE_P = {.path = "d/p", .path_len = 3, .size = 5, .mtime = 7};

static tpl_manifest *sealed(const tpl_entry *entries, size_t count, bool diff) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tpl_manifest_add(manifest, &entries[i], NULL), TPL_OK);
    }
    if (diff) {
        assert_int_equal(tpl_manifest_set_parent(manifest, "0p", 2, NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    return manifest;
}

static void expect_encoded(const tpl_manifest *manifest, tpl_format format, const char *text) {
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_manifest_encode(manifest, format, tpl_buffer_write, &out, NULL, NULL),
                     TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "", 1), TPL_OK);
    assert_string_equal(out.data, text);
    tpl_buffer_dispose(&out);
}

static void expect_refused(const tpl_entry *entry, bool diff, tpl_format format, const char *path,
                           const char *message) {
    const tpl_entry entries[] = {FILE_P, *entry};
    tpl_manifest *manifest = sealed(entries, 2, diff);
    tpl_error err = TPL_ERROR_INIT;
    tpl_buffer out = TPL_BUFFER_INIT;
    for (int i = 0; i < 2; i++) {
        tpl_status status =
            i == 0 ? tpl_manifest_convert(manifest, format, NULL, &err)
                   : tpl_manifest_encode(manifest, format, tpl_buffer_write, &out, NULL, &err);
        assert_int_equal(status, TPL_E_MANIFEST);
        assert_string_equal(err.message, message);
        assert_int_equal(err.path == NULL, path == NULL);
        assert_true(path == NULL || strcmp(err.path, path) == 0);
    }
    assert_int_equal(out.len, 0);
    assert_int_equal(tpl_manifest_format(manifest), TPL_FORMAT_2023_03_03);
    tpl_error_dispose(&err);
    tpl_manifest_free(manifest);
}

#define ENTRY(name, ...) (&(tpl_entry){.path = (name), .path_len = strlen(name), __VA_ARGS__})

static void the_older_format_refuses_what_it_cannot_hold(void **state) {
    (void)state;
    tpl_format old = TPL_FORMAT_2023_03_03;
    expect_refused(ENTRY("x", .deleted = true), true, old, NULL, "2023-03-03 cannot hold a diff");
    expect_refused(ENTRY("x", .deleted = true), false, old, "x",
                   "2023-03-03 cannot hold a deletion");
    expect_refused(ENTRY("x", .kind = TPL_KIND_SYMLINK, .hash_text = "t", .hash_text_len = 1),
                   false, old, "x", "2023-03-03 cannot hold a symbolic link");
    expect_refused(ENTRY("x", .kind = TPL_KIND_CHUNKED, .hash_text = "a,b", .hash_text_len = 3),
                   false, old, "x", "2023-03-03 cannot hold the hashes of chunks");
    expect_refused(ENTRY("x", .runnable = true), false, old, "x",
                   "2023-03-03 cannot hold a run bit");
    expect_refused(ENTRY("e", .kind = TPL_KIND_DIRECTORY), false, old, "e",
                   "2023-03-03 cannot hold an empty directory");
    expect_refused(ENTRY("d/e", .kind = TPL_KIND_DIRECTORY), false, old, "d/e",
                   "2023-03-03 cannot hold an empty directory");
    expect_refused(ENTRY("", .kind = TPL_KIND_DIRECTORY), false, old, "",
                   "2023-03-03 cannot hold an empty directory");
}

static void what_is_refused_need_not_be_the_last(void **state) {
    (void)state;
    const tpl_entry entries[] = {
        {.path = "a",
         .path_len = 1,
         .kind = TPL_KIND_SYMLINK,
         .hash_text = "$1/t",
         .hash_text_len = 4},
        {.path = "b", .path_len = 1},
        {.path = "c",
         .path_len = 1,
         .kind = TPL_KIND_SYMLINK,
         .hash_text = "$2/t",
         .hash_text_len = 4},
    };
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
        assert_int_equal(tpl_manifest_add(manifest, &entries[i], NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2025_12_04_BETA, NULL, &err),
                     TPL_E_MANIFEST);
    assert_string_equal(err.path, "a");
    tpl_error_dispose(&err);
    tpl_manifest_free(manifest);
}

static void the_newer_format_refuses_what_it_cannot_hold(void **state) {
    (void)state;
    tpl_format beta = TPL_FORMAT_2025_12_04_BETA;
    expect_refused(ENTRY("x", .deleted = true), false, beta, "x",
                   "a manifest that is no diff cannot hold a deletion");
    expect_refused(ENTRY("x", .deleted = true, .kind = TPL_KIND_DIRECTORY), false, beta, "x",
                   "a manifest that is no diff cannot hold a deletion");
    expect_refused(ENTRY("x", .kind = TPL_KIND_SYMLINK, .hash_text = "$1/t", .hash_text_len = 4),
                   false, beta, "x",
                   "2025-12-04-beta cannot hold a target that begins like \"$1/\"");
}

#define P2023                                                                                      \
    DOCUMENT("{\"hash\":\"00000000000000000000000000000000\",\"mtime\":7,\"path\":\"d/p\","        \
             "\"size\":5}",                                                                        \
             "5")
#define PBETA(dirs, name)                                                                          \
    "{\"dirs\":[" dirs "],\"files\":[{\"hash\":\"00000000000000000000000000000000\",\"mtime\":7,"  \
    "\"name\":\"" name "\",\"size\":5}],\"hashAlg\":\"xxh128\","                                   \
    "\"manifestVersion\":\"2025-12-04-beta\",\"totalSize\":5}"

static void converts_there_and_back(void **state) {
    (void)state;
    tpl_manifest *manifest = sealed(&FILE_P, 1, false);
    expect_encoded(manifest, TPL_FORMAT_2023_03_03, P2023);
    expect_encoded(manifest, TPL_FORMAT_2025_12_04_BETA, PBETA("", "d/p"));
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2025_12_04_BETA, NULL, NULL),
                     TPL_OK);
    assert_int_equal(tpl_manifest_format(manifest), TPL_FORMAT_2025_12_04_BETA);
    expect_encoded(manifest, TPL_FORMAT_2025_12_04_BETA, PBETA("", "d/p"));
    expect_encoded(manifest, TPL_FORMAT_2023_03_03, P2023);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2023_03_03, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_format(manifest), TPL_FORMAT_2023_03_03);
    tpl_manifest_free(manifest);
}

static void a_directory_with_files_need_not_be_held(void **state) {
    (void)state;
    const tpl_entry entries[] = {FILE_P, *ENTRY("d", .kind = TPL_KIND_DIRECTORY),
                                 *ENTRY("d", .kind = TPL_KIND_DIRECTORY)};
    tpl_manifest *manifest = sealed(entries, 3, false);
    assert_int_equal(tpl_manifest_directory_count(manifest), 1);
    expect_encoded(manifest, TPL_FORMAT_2025_12_04_BETA, PBETA("{\"name\":\"d\"}", "$0/p"));
    expect_encoded(manifest, TPL_FORMAT_2023_03_03, P2023);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2023_03_03, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_directory_count(manifest), 0);
    tpl_manifest_free(manifest);
    /* names around "d/" in the order */
    static const char *const names[] = {"c",    "d!", "d", "d-/x", "d0", "d/\xf0\x9f\x98\x80",
                                        "e/d/x"};
    manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_int_equal(tpl_manifest_add(manifest, ENTRY(names[i], .size = 1), NULL), TPL_OK);
    }
    static const char *const dirs[] = {"d", "d-", "e", "e/d"};
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        tpl_entry *dir = ENTRY(dirs[i], .kind = TPL_KIND_DIRECTORY);
        assert_int_equal(tpl_manifest_add(manifest, dir, NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2023_03_03, NULL, NULL), TPL_OK);
    tpl_manifest_free(manifest);
}

static void names_like_references_get_their_directories(void **state) {
    (void)state;
    const tpl_entry file = {.path = "$7/a/p", .path_len = 6, .size = 5, .mtime = 7};
    tpl_manifest *manifest = sealed(&file, 1, false);
    static const char text[] = PBETA("{\"name\":\"$7\"},{\"name\":\"$0/a\"}", "$1/p");
    expect_encoded(manifest, TPL_FORMAT_2025_12_04_BETA, text);
    tpl_manifest *again = decoded(text, sizeof(text) - 1);
    tpl_entry entry;
    tpl_manifest_entry(again, 0, &entry);
    assert_int_equal(entry.path_len, 6);
    assert_memory_equal(entry.path, "$7/a/p", 6);
    tpl_manifest_free(again);
    tpl_manifest_free(manifest);
}

static void entries_that_contradict_themselves_are_not_added(void **state) {
    (void)state;
    static const struct {
        tpl_entry entry;
        const char *message;
    } list[] = {
        {{.kind = TPL_KIND_SYMLINK}, "symbolic link has no target"},
        {{.kind = TPL_KIND_SYMLINK, .hash_text = ""}, "symbolic link has no target"},
        {{.kind = TPL_KIND_CHUNKED}, "hash of a chunk is not alphanumeric"},
        {{.kind = TPL_KIND_CHUNKED, .hash_text = "a,,b", .hash_text_len = 4},
         "hash of a chunk is not alphanumeric"},
        {{.kind = TPL_KIND_CHUNKED, .hash_text = "a,", .hash_text_len = 2},
         "hash of a chunk is not alphanumeric"},
        {{.hash_text = "a,b", .hash_text_len = 3}, "hash is not alphanumeric"},
        {{.deleted = true, .runnable = true},
         "a deleted entry or a directory has no more than a path"},
        {{.deleted = true, .hash_text = "a", .hash_text_len = 1},
         "a deleted entry or a directory has no more than a path"},
        {{.deleted = true, .kind = TPL_KIND_SYMLINK},
         "a deleted entry or a directory has no more than a path"},
        {{.deleted = true, .kind = TPL_KIND_CHUNKED},
         "a deleted entry or a directory has no more than a path"},
        {{.kind = TPL_KIND_DIRECTORY, .runnable = true},
         "a deleted entry or a directory has no more than a path"},
    };
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        tpl_error err = TPL_ERROR_INIT;
        tpl_entry entry = list[i].entry;
        entry.path = "x";
        entry.path_len = 1;
        assert_int_equal(tpl_manifest_add(manifest, &entry, &err), TPL_E_ARGUMENT);
        assert_string_equal(err.message, list[i].message);
        tpl_error_dispose(&err);
    }
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_manifest_set_parent(manifest, "a b", 3, &err), TPL_E_ARGUMENT);
    assert_string_equal(err.message, "hash of the parent is not alphanumeric");
    assert_int_equal(tpl_manifest_count(manifest), 0);
    /* what has no size adds none */
    assert_int_equal(tpl_manifest_add(manifest,
                                      ENTRY("l", .kind = TPL_KIND_SYMLINK, .hash_text = "t",
                                            .hash_text_len = 1, .size = 9),
                                      NULL),
                     TPL_OK);
    assert_int_equal(tpl_manifest_add(manifest, ENTRY("g", .deleted = true, .size = 9), NULL),
                     TPL_OK);
    assert_int_equal(tpl_manifest_total_size(manifest), 0);
    tpl_manifest_free(manifest);
}

static void manifests_differ_by_every_part(void **state) {
    (void)state;
    const tpl_entry base[] = {FILE_P, *ENTRY("e", .kind = TPL_KIND_DIRECTORY)};
    const tpl_entry other_dir[] = {FILE_P, *ENTRY("f", .kind = TPL_KIND_DIRECTORY)};
    tpl_entry run[] = {FILE_P, base[1]};
    run[0].runnable = true;
    tpl_manifest *list[] = {sealed(base, 2, false),      sealed(base, 2, true),
                            sealed(other_dir, 2, false), sealed(run, 2, false),
                            sealed(base, 1, false),      sealed(base, 2, false)};
    enum {
        COUNT = sizeof(list) / sizeof(list[0])
    };
    assert_int_equal(tpl_manifest_convert(list[COUNT - 1], TPL_FORMAT_2025_12_04_BETA, NULL, NULL),
                     TPL_OK);
    for (int i = 0; i < COUNT; i++) {
        for (int j = 0; j < COUNT; j++) {
            assert_int_equal(tpl_manifest_equal(list[i], list[j]), i == j);
        }
    }
    for (int i = 0; i < COUNT; i++) {
        tpl_manifest_free(list[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_older_format_refuses_what_it_cannot_hold),
        cmocka_unit_test(the_newer_format_refuses_what_it_cannot_hold),
        cmocka_unit_test(converts_there_and_back),
        cmocka_unit_test(a_directory_with_files_need_not_be_held),
        cmocka_unit_test(names_like_references_get_their_directories),
        cmocka_unit_test(entries_that_contradict_themselves_are_not_added),
        cmocka_unit_test(manifests_differ_by_every_part),
        cmocka_unit_test(what_is_refused_need_not_be_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
