/* SPDX-License-Identifier: MIT */
/* Real trees in format 2025-12-04-beta: taken, compared, verified. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "scratch.h"
#include "tpl/diff.h"
#include "tpl/merge.h"
#include "tpl/verify.h"

enum {
    BIG = 600 << 20 /* three chunks, the last one short; the file is sparse */
};

static void note(const tpl_warning *warning, void *payload) {
    char *all = payload;
    size_t len = strlen(all);
    snprintf(all + len, 200 - len, "%.*s:%s ", (int)warning->path_len, warning->path,
             tpl_warning_name(warning->kind));
}

static tpl_snapshot_options beta(void) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.format = TPL_FORMAT_2025_12_04_BETA;
    options.filter.symlinks = TPL_SYMLINKS_KEEP;
    return options;
}

static tpl_manifest *take(const tpl_snapshot_options *options) {
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = tpl_snapshot(&manifest, "tree", options, NULL, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, TPL_OK);
    return manifest;
}

static void expect_text(const tpl_manifest *manifest, const char *text) {
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_manifest_encode(manifest, tpl_manifest_format(manifest), tpl_buffer_write,
                                         &out, NULL, NULL),
                     TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "", 1), TPL_OK);
    assert_string_equal(out.data, text);
    tpl_buffer_dispose(&out);
}

#define HELLO "b5e9c1ad071b3e7fc779cfaa5e523818"
#define OLD "\"mtime\":1600000000123456"
#define END "\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\",\"totalSize\":"
#define NOTHING "99aa06d3014798d86001c324468d497f"

static void make_tree(void) {
    scratch_write_old("tree/a/run", "hello");
    assert_int_equal(chmod("tree/a/run", 0610), 0);
    scratch_write_old("tree/a/b/empty", "");
    scratch_directory("tree/void");
    scratch_link("tree/a/up", "../a/b");
    scratch_link("tree/nowhere", "missing");
}

static void everything_in_a_tree_is_an_entry(void **state) {
    (void)state;
    make_tree();
    scratch_link("tree/a/out", "../../x");
    scratch_link("tree/abs", "/x");
    char warnings[200] = "";
    tpl_snapshot_options options = beta();
    options.run.warning = note;
    options.run.payload = warnings;
    tpl_manifest *manifest = take(&options);
    assert_string_equal(warnings, "a/out:link-outside abs:link-outside ");
    expect_text(manifest,
                "{\"dirs\":[{\"name\":\"a\"},{\"name\":\"$0/b\"},{\"name\":\"void\"}],\"files\":["
                "{\"hash\":\"" NOTHING "\"," OLD ",\"name\":\"$1/empty\",\"size\":0},"
                "{\"hash\":\"" HELLO "\"," OLD ",\"name\":\"$0/run\",\"runnable\":true,\"size\":5},"
                "{\"name\":\"$0/up\",\"symlink\":{\"name\":\"../a/b\"}},"
                "{\"name\":\"nowhere\",\"symlink\":{\"name\":\"missing\"}}]," END "5}");
    tpl_manifest_free(manifest);
}

static void filters_hold_for_all_of_them(void **state) {
    (void)state;
    make_tree();
    const char *exclude[] = {"a/b/**", "void", "a/up"};
    tpl_snapshot_options options = beta();
    options.filter.exclude = (tpl_strings){exclude, 3, 3};
    tpl_manifest *manifest = take(&options);
    expect_text(manifest,
                "{\"dirs\":[{\"name\":\"a\"},{\"name\":\"$0/b\"}],\"files\":["
                "{\"hash\":\"" HELLO "\"," OLD ",\"name\":\"$0/run\",\"runnable\":true,\"size\":5},"
                "{\"name\":\"nowhere\",\"symlink\":{\"name\":\"missing\"}}]," END "5}");
    tpl_manifest_free(manifest);
}

static void an_empty_tree_is_a_manifest(void **state) {
    (void)state;
    scratch_directory("tree");
    tpl_snapshot_options options = beta();
    tpl_manifest *manifest = take(&options);
    expect_text(manifest, "{\"dirs\":[],\"files\":[]," END "0}");
    tpl_manifest_free(manifest);
}

static void links_need_a_format_that_has_them(void **state) {
    (void)state;
    tpl_snapshot_options options = beta();
    options.format = TPL_FORMAT_2023_03_03;
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT; /* whatever the tree is: nothing is read */
    assert_int_equal(tpl_snapshot(&manifest, "missing", &options, NULL, &err), TPL_E_ARGUMENT);
    assert_null(manifest);
    assert_string_equal(err.message, "2023-03-03 has no symbolic links to keep");
    tpl_error_dispose(&err);
}

static void a_delta_is_a_diff_that_can_be_applied(void **state) {
    (void)state;
    make_tree();
    tpl_snapshot_options options = beta();
    tpl_manifest *base = take(&options);
    options.base = base;
    options.delta = true;
    options.base_hash = (tpl_hash128){1, 2};
    tpl_manifest *delta = take(&options);
    expect_text(delta, "{\"dirs\":[],\"files\":[],\"hashAlg\":\"xxh128\","
                       "\"manifestVersion\":\"2025-12-04-beta\",\"parentManifestHash\":"
                       "\"00000000000000010000000000000002\",\"totalSize\":0}");
    tpl_manifest_free(delta);
    assert_int_equal(unlink("tree/a/b/empty"), 0);
    assert_int_equal(rmdir("tree/a/b"), 0);
    assert_int_equal(rmdir("tree/void"), 0);
    assert_int_equal(chmod("tree/a/run", 0600), 0);
    assert_int_equal(unlink("tree/nowhere"), 0);
    scratch_link("tree/nowhere", "elsewhere");
    delta = take(&options);
    expect_text(
        delta, "{\"dirs\":[{\"delete\":true,\"name\":\"a/b\"},{\"delete\":true,\"name\":\"void\"}],"
               "\"files\":[{\"delete\":true,\"name\":\"$0/empty\"},"
               "{\"hash\":\"" HELLO "\"," OLD ",\"name\":\"a/run\",\"size\":5},"
               "{\"name\":\"nowhere\",\"symlink\":{\"name\":\"elsewhere\"}}],"
               "\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\","
               "\"parentManifestHash\":\"00000000000000010000000000000002\",\"totalSize\":5}");
    options.delta = false;
    tpl_manifest *now = take(&options);
    const tpl_manifest *const parts[] = {base, delta};
    tpl_manifest *applied = NULL;
    assert_int_equal(tpl_merge(&applied, parts, 2, NULL, NULL), TPL_OK);
    assert_true(tpl_manifest_equal(applied, now));
    tpl_manifest_free(base);
    tpl_manifest_free(delta);
    tpl_manifest_free(now);
    tpl_manifest_free(applied);
}

/* "path:finding " for every finding. */
static void expect_findings(const tpl_manifest *manifest, bool strict, const char *want) {
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.strict = strict;
    tpl_verification *found = NULL;
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = tpl_verify(&found, manifest, "tree", &options, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, TPL_OK);
    char all[400] = "";
    for (int f = 0; f < TPL_FINDING_COUNT; f++) {
        for (size_t i = 0; i < tpl_verification_count(found, (tpl_finding)f); i++) {
            size_t len;
            const char *path = tpl_verification_path(found, (tpl_finding)f, i, &len, NULL);
            size_t at = strlen(all);
            snprintf(all + at, sizeof(all) - at, "%.*s:%s ", (int)len, path,
                     tpl_finding_word((tpl_finding)f));
        }
    }
    assert_string_equal(all, want);
    assert_int_equal(tpl_verification_ok(found), want[0] == '\0');
    assert_int_equal(tpl_verification_checked(found),
                     tpl_manifest_count(manifest) + tpl_manifest_directory_count(manifest));
    tpl_verification_free(found);
}

static void verify_looks_at_links_run_bits_and_directories(void **state) {
    (void)state;
    make_tree();
    tpl_snapshot_options options = beta();
    tpl_manifest *manifest = take(&options);
    expect_findings(manifest, true, "");
    assert_int_equal(chmod("tree/a/run", 0600), 0);
    assert_int_equal(unlink("tree/nowhere"), 0);
    scratch_link("tree/nowhere", "elsewhere");
    assert_int_equal(rmdir("tree/void"), 0);
    scratch_write("tree/more/x", "new");
    scratch_directory("tree/also");
    scratch_link("tree/a/link", "run");
    expect_findings(manifest, false, "void:missing a/run:modified nowhere:modified ");
    expect_findings(
        manifest, true,
        "void:missing a/run:modified nowhere:modified a/link:unexpected also:unexpected "
        "more:unexpected more/x:unexpected ");
    assert_int_equal(unlink("tree/nowhere"), 0);
    scratch_write("tree/nowhere", "a file");
    scratch_write("tree/void", "a file");
    assert_int_equal(unlink("tree/a/run"), 0);
    scratch_link("tree/a/run", "b/empty"); /* not followed: this manifest tells links from files */
    assert_int_equal(unlink("tree/a/up"), 0);
    expect_findings(manifest, false,
                    "a/up:missing a/run:typeChanged nowhere:typeChanged void:typeChanged ");
    tpl_manifest_free(manifest);
}

static void directories_may_be_links_where_links_are_followed(void **state) {
    (void)state;
    scratch_write_old("tree/d/x", "hello");
    scratch_link("tree/l", "d");
    tpl_snapshot_options options = beta();
    options.filter.symlinks = TPL_SYMLINKS_FOLLOW;
    tpl_manifest *manifest = take(&options);
    assert_int_equal(tpl_manifest_directory_count(manifest), 2);
    assert_int_equal(tpl_manifest_count(manifest), 2);
    expect_findings(manifest, true, "");
    assert_int_equal(unlink("tree/l"), 0);
    expect_findings(manifest, true, "l:missing l/x:missing ");
    scratch_link("tree/l", "..");
    expect_findings(manifest, false, "l:unreadable l/x:unreadable ");
    tpl_manifest_free(manifest);
}

static void a_diff_and_a_way_out_are_not_verified(void **state) {
    (void)state;
    scratch_directory("tree");
    static const char *const texts[] = {
        "{\"dirs\":[],\"files\":[],\"parentManifestHash\":\"a\"," END "0}",
        "{\"dirs\":[{\"name\":\"../d\"}],\"files\":[]," END "0}"};
    static const tpl_status statuses[] = {TPL_E_MANIFEST, TPL_E_UNSAFE_PATH};
    for (int i = 0; i < 2; i++) {
        tpl_manifest *manifest = NULL;
        tpl_verification *found = NULL;
        tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
        assert_int_equal(tpl_manifest_decode(&manifest, texts[i], strlen(texts[i]), NULL, NULL),
                         TPL_OK);
        assert_int_equal(tpl_verify(&found, manifest, "tree", &options, NULL), statuses[i]);
        assert_null(found);
        tpl_manifest_free(manifest);
    }
}

/* "path:letter " for every change between a manifest and the tree. */
static void expect_changes(const tpl_manifest *manifest, bool rehash, const char *want) {
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.rehash = rehash;
    tpl_diff *diff = NULL;
    tpl_side before = {manifest, NULL};
    tpl_side after = {NULL, "tree"};
    assert_int_equal(tpl_diff_sides(&diff, before, after, &options, NULL), TPL_OK);
    char all[400] = "";
    for (int c = TPL_CHANGE_NEW; c < TPL_CHANGE_COUNT; c++) {
        for (size_t i = 0; i < tpl_diff_count(diff, (tpl_change)c); i++) {
            size_t len;
            const char *path = tpl_diff_path(diff, (tpl_change)c, i, &len);
            size_t at = strlen(all);
            snprintf(all + at, sizeof(all) - at, "%.*s:%c ", (int)len, path,
                     tpl_change_letter((tpl_change)c));
        }
    }
    assert_string_equal(all, want);
    tpl_diff_free(diff);
}

static void diff_compares_links_and_run_bits(void **state) {
    (void)state;
    make_tree();
    tpl_snapshot_options options = beta();
    tpl_manifest *manifest = take(&options);
    expect_changes(manifest, false, "");
    expect_changes(manifest, true, "");
    assert_int_equal(chmod("tree/a/run", 0600), 0);
    assert_int_equal(unlink("tree/nowhere"), 0);
    scratch_link("tree/nowhere", "elsewhere");
    scratch_link("tree/a/new", "run");
    assert_int_equal(unlink("tree/a/up"), 0);
    for (int rehash = 0; rehash < 2; rehash++) {
        expect_changes(manifest, rehash != 0, "a/new:A a/run:M nowhere:M a/up:D ");
    }
    tpl_manifest_free(manifest);
}

static void large_files_have_a_hash_for_each_chunk(void **state) {
    (void)state;
    scratch_write("tree/big", "");
    assert_int_equal(truncate("tree/big", BIG), 0);
    scratch_set_mtime("tree/big", 0);
    tpl_snapshot_options options = beta();
    tpl_manifest *manifest = take(&options);
    tpl_entry entry;
    tpl_manifest_entry(manifest, 0, &entry);
    assert_int_equal(entry.kind, TPL_KIND_CHUNKED);
    assert_int_equal(entry.size, BIG);
    assert_int_equal(entry.hash_text_len, 3 * 33 - 1);
    assert_memory_equal(entry.hash_text,
                        "e7e6e2cfd0fb193c998e510addb2da2d,e7e6e2cfd0fb193c998e510addb2da2d,", 66);
    expect_findings(manifest, false, "");
    tpl_snapshot_stats stats = {0};
    tpl_manifest *again = NULL;
    options.base = manifest;
    assert_int_equal(tpl_snapshot(&again, "tree", &options, &stats, NULL), TPL_OK);
    assert_true(stats.reused_files == 1 && stats.hashed_files == 0);
    assert_true(tpl_manifest_equal(manifest, again));
    tpl_manifest_free(again);
    /* what has one form of hashes is no base for the other */
    options.format = TPL_FORMAT_2023_03_03;
    options.filter.symlinks = TPL_SYMLINKS_FOLLOW;
    assert_int_equal(tpl_snapshot(&again, "tree", &options, &stats, NULL), TPL_OK);
    assert_true(stats.reused_files == 0 && stats.hashed_files == 1);
    tpl_manifest_free(again);
    FILE *file = fopen("tree/big", "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, BIG - 1, SEEK_SET), 0);
    assert_int_equal(fputc('x', file), 'x');
    assert_int_equal(fclose(file), 0);
    expect_findings(manifest, false, "big:modified ");
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(everything_in_a_tree_is_an_entry),
        IN_SCRATCH(filters_hold_for_all_of_them),
        IN_SCRATCH(an_empty_tree_is_a_manifest),
        IN_SCRATCH(links_need_a_format_that_has_them),
        IN_SCRATCH(a_delta_is_a_diff_that_can_be_applied),
        IN_SCRATCH(verify_looks_at_links_run_bits_and_directories),
        IN_SCRATCH(directories_may_be_links_where_links_are_followed),
        IN_SCRATCH(a_diff_and_a_way_out_are_not_verified),
        IN_SCRATCH(diff_compares_links_and_run_bits),
        IN_SCRATCH(large_files_have_a_hash_for_each_chunk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
