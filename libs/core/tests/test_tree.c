/* SPDX-License-Identifier: MIT */
/* The scans that a snapshot does not make: sizes and times only, names only. */
#include "tree.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "check.h"
#include "scratch.h"

static tpl_manifest *scan(tpl__tree_options options) {
    static const tpl_filter everything = TPL_FILTER_INIT;
    static const tpl_run quiet = TPL_RUN_INIT;
    options.filter = &everything;
    options.run = &quiet;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl__tree_scan(&manifest, ".", &options, NULL, NULL), TPL_OK);
    return manifest;
}

static void sizes_and_times_need_no_reading(void **state) {
    (void)state;
    scratch_write_old("file", "four");
    const struct timespec before_1970[2] = {{-1, 999999999}, {-1, 999999999}};
    assert_int_equal(utimensat(AT_FDCWD, "file", before_1970, 0), 0);
    tpl_manifest *manifest = scan((tpl__tree_options){.hash = false});
    tpl_entry entry;
    tpl_manifest_entry(manifest, 0, &entry);
    assert_true(entry.size == 4 && entry.mtime == -1);
    assert_true(entry.hash.high == 0 && entry.hash.low == 0);
    tpl_manifest_free(manifest);
    manifest = scan((tpl__tree_options){.hash = false, .truncate_mtime = true});
    tpl_manifest_entry(manifest, 0, &entry);
    assert_true(entry.mtime == 0);
    tpl_manifest_free(manifest);
}

static void names_need_not_even_that(void **state) {
    (void)state;
    scratch_write_old("file", "four");
    tpl_manifest *manifest = scan((tpl__tree_options){.names_only = true});
    tpl_entry entry;
    tpl_manifest_entry(manifest, 0, &entry);
    assert_true(entry.size == 0 && entry.mtime == 0 && entry.path_len == 4);
    tpl_manifest_free(manifest);
}

static void an_empty_tree_is_an_empty_manifest(void **state) {
    (void)state;
    tpl_manifest *manifest = scan((tpl__tree_options){.hash = true});
    assert_int_equal(tpl_manifest_count(manifest), 0);
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(sizes_and_times_need_no_reading),
        IN_SCRATCH(names_need_not_even_that),
        IN_SCRATCH(an_empty_tree_is_an_empty_manifest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
