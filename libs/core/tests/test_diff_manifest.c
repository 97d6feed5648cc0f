/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "codec.h"
#include "tpl/diff.h"
#include "tpl/merge.h"

#define ENTRY(name, ...) (&(tpl_entry){.path = (name), .path_len = strlen(name), __VA_ARGS__})
#define LINK(name, to)                                                                             \
    ENTRY(name, .kind = TPL_KIND_SYMLINK, .hash_text = (to), .hash_text_len = strlen(to))
#define DIR(name) ENTRY(name, .kind = TPL_KIND_DIRECTORY)

static tpl_manifest *made(const tpl_entry *const *entries, size_t count) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tpl_manifest_add(manifest, entries[i], NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2025_12_04_BETA, NULL, NULL),
                     TPL_OK);
    return manifest;
}

#define MADE(...)                                                                                  \
    made((const tpl_entry *const[]){__VA_ARGS__},                                                  \
         sizeof((const tpl_entry *const[]){__VA_ARGS__}) / sizeof(void *))

static tpl_manifest *before(void) {
    return MADE(ENTRY("same", .size = 1, .mtime = 7), ENTRY("late", .size = 1, .mtime = 7),
                ENTRY("touched", .size = 1, .mtime = 7), ENTRY("made-runnable", .size = 1),
                ENTRY("other", .size = 1), ENTRY("gone", .size = 1),
                ENTRY("becomes-link", .size = 1), LINK("link", "a"), LINK("old-link", "a"),
                DIR("d"), DIR("e"), ENTRY("twice", .size = 1), ENTRY("twice", .size = 2));
}

static tpl_manifest *after(void) {
    return MADE(ENTRY("same", .size = 1, .mtime = 7), ENTRY("late", .size = 1, .mtime = 8),
                ENTRY("touched", .size = 1, .mtime = 9),
                ENTRY("made-runnable", .size = 1, .runnable = true),
                ENTRY("other", .size = 1, .hash = {1, 2}), LINK("becomes-link", "a"),
                ENTRY("fresh", .size = 3), LINK("link", "b"), DIR("e"), DIR("f"),
                ENTRY("twice", .size = 2));
}

static tpl_manifest *difference(const tpl_manifest *from, const tpl_manifest *to) {
    tpl_manifest *diff = NULL;
    tpl_hash128 parent = {1, 2};
    assert_int_equal(tpl_diff_manifest(&diff, from, to, parent, NULL, NULL), TPL_OK);
    return diff;
}

static void tells_what_is_new_another_and_gone(void **state) {
    (void)state;
    tpl_manifest *from = before();
    tpl_manifest *to = after();
    tpl_manifest *diff = difference(from, to);
    static const char *const paths[] = {"becomes-link",  "fresh",    "gone",  "link",
                                        "made-runnable", "old-link", "other", "touched"};
    assert_int_equal(tpl_manifest_count(diff), sizeof(paths) / sizeof(paths[0]));
    for (size_t i = 0; i < tpl_manifest_count(diff); i++) {
        tpl_entry entry;
        tpl_manifest_entry(diff, i, &entry);
        assert_int_equal(entry.path_len, strlen(paths[i]));
        assert_memory_equal(entry.path, paths[i], entry.path_len);
        assert_int_equal(entry.deleted,
                         strcmp(paths[i], "gone") == 0 || strcmp(paths[i], "old-link") == 0);
    }
    assert_int_equal(tpl_manifest_directory_count(diff), 2);
    assert_int_equal(tpl_manifest_total_size(diff), 6);
    size_t len;
    const char *parent = tpl_manifest_parent(diff, &len);
    assert_int_equal(len, 32);
    assert_memory_equal(parent, "00000000000000010000000000000002", 32);
    tpl_manifest_free(from);
    tpl_manifest_free(to);
    tpl_manifest_free(diff);
}

static void applied_it_gives_what_it_was_made_for(void **state) {
    (void)state;
    tpl_manifest *from = before();
    tpl_manifest *to = after();
    tpl_manifest *diff = difference(from, to);
    const tpl_manifest *const parts[] = {from, diff};
    tpl_manifest *applied = NULL;
    assert_int_equal(tpl_merge(&applied, parts, 2, NULL, NULL), TPL_OK);
    tpl_manifest *rest = difference(applied, to);
    assert_int_equal(tpl_manifest_count(rest), 0);
    assert_int_equal(tpl_manifest_directory_count(rest), 0);
    tpl_manifest *back = difference(to, applied);
    assert_int_equal(tpl_manifest_count(back), 0);
    tpl_manifest_free(from);
    tpl_manifest_free(to);
    tpl_manifest_free(diff);
    tpl_manifest_free(applied);
    tpl_manifest_free(rest);
    tpl_manifest_free(back);
}

/* Marks of deletions count as nothing there. */
static void sides_may_be_diffs_themselves(void **state) {
    (void)state;
    tpl_manifest *from = before();
    tpl_manifest *to = after();
    tpl_manifest *diff = difference(from, to);
    tpl_manifest *nothing = difference(diff, diff);
    assert_int_equal(tpl_manifest_count(nothing), 0);
    tpl_manifest *undo = difference(diff, from);
    size_t index;
    assert_true(tpl_manifest_find(undo, "gone", 4, &index));
    tpl_entry entry;
    tpl_manifest_entry(undo, index, &entry);
    assert_false(entry.deleted);
    tpl_manifest_free(from);
    tpl_manifest_free(to);
    tpl_manifest_free(diff);
    tpl_manifest_free(nothing);
    tpl_manifest_free(undo);
}

static void ends_when_nobody_wants_the_rest(void **state) {
    (void)state;
    tpl_manifest *many = NULL;
    assert_int_equal(tpl_manifest_new(&many, NULL), TPL_OK);
    add_paths_backwards(many, 100000);
    assert_int_equal(tpl_manifest_sort(many, NULL), TPL_OK);
    tpl_manifest *diff = many;
    tpl_hash128 parent = {0, 0};
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_diff_manifest(&diff, many, many, parent, &no_more, &err), TPL_E_CANCELLED);
    assert_null(diff);
    tpl_manifest_free(many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_new_another_and_gone),
        cmocka_unit_test(applied_it_gives_what_it_was_made_for),
        cmocka_unit_test(sides_may_be_diffs_themselves),
        cmocka_unit_test(ends_when_nobody_wants_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
