/* SPDX-License-Identifier: MIT */
/* Snapshots of real trees: what counts, what is skipped, what ends the work. */
#include "tpl/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "scratch.h"
#include "tpl/text.h"

typedef struct seen {
    char text[4096]; /* "path:kind " for every warning */
    int polls;
    int stop_at_poll;
} seen;

static void note(const tpl_warning *warning, void *payload) {
    seen *s = payload;
    size_t len = strlen(s->text);
    snprintf(s->text + len, sizeof(s->text) - len, "%.*s:%s ", (int)warning->path_len,
             warning->path, tpl_warning_name(warning->kind));
}

static tpl_snapshot_options options_for(seen *s) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.run.warning = note;
    options.run.payload = s;
    return options;
}

/* The paths of a manifest in one string, each with a blank behind it. */
static void expect_paths(const tpl_manifest *manifest, const char *want) {
    tpl_buffer all = TPL_BUFFER_INIT;
    for (size_t i = 0; i < tpl_manifest_count(manifest); i++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, i, &entry);
        assert_int_equal(tpl_buffer_append(&all, entry.path, entry.path_len), TPL_OK);
        assert_int_equal(tpl_buffer_append(&all, " ", 1), TPL_OK);
    }
    assert_int_equal(tpl_buffer_append(&all, "", 1), TPL_OK);
    assert_string_equal(all.data, want);
    tpl_buffer_dispose(&all);
}

static tpl_manifest *take(const tpl_snapshot_options *options, tpl_snapshot_stats *stats) {
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = tpl_snapshot(&manifest, ".", options, stats, &err);
    if (status != TPL_OK) {
        print_message("%s: %s\n", err.path == NULL ? "" : err.path, err.message);
    }
    assert_int_equal(status, TPL_OK);
    tpl_error_dispose(&err);
    return manifest;
}

static void lists_every_file_in_canonical_order(void **state) {
    (void)state;
    scratch_write_old("b/z", "1");
    scratch_write_old("b.txt", "22");
    scratch_write_old("a", "hello");
    scratch_write_old(".hidden/.x", "");
    scratch_directory("empty");
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    tpl_snapshot_stats stats;
    tpl_manifest *manifest = take(&options, &stats);
    expect_paths(manifest, ".hidden/.x a b.txt b/z ");
    assert_true(tpl_manifest_total_size(manifest) == 8);
    assert_true(stats.hashed_files == 4 && stats.hashed_bytes == 8 && stats.reused_files == 0);
    tpl_entry entry;
    tpl_manifest_entry(manifest, 1, &entry);
    assert_true(entry.size == 5 && entry.mtime == 1600000000123456);
    assert_true(entry.hash.high == 0xb5e9c1ad071b3e7f && entry.hash.low == 0xc779cfaa5e523818);
    assert_string_equal(s.text, "");
    tpl_manifest_free(manifest);
}

static void the_number_of_threads_changes_nothing(void **state) {
    (void)state;
    for (int i = 0; i < 300; i++) {
        char name[40];
        snprintf(name, sizeof(name), "d%d/e%d/f%d", i % 7, i % 3, i);
        scratch_write_old(name, name);
    }
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    tpl_manifest *first = NULL;
    for (unsigned jobs = 1; jobs <= 16; jobs *= 2) {
        options.filter.symlinks = TPL_SYMLINKS_FOLLOW;
        options.run.jobs = jobs;
        tpl_manifest *manifest = take(&options, NULL);
        assert_int_equal(tpl_manifest_count(manifest), 300);
        if (first == NULL) {
            first = manifest;
        } else {
            assert_true(tpl_manifest_equal(first, manifest));
            tpl_manifest_free(manifest);
        }
    }
    tpl_manifest_free(first);
}

static void follows_links_and_skips_what_leads_nowhere(void **state) {
    (void)state;
    scratch_write_old("dir/file", "x");
    scratch_link("file-link", "dir/file");
    scratch_link("dir-link", "dir");
    scratch_link("dangling", "nothing");
    scratch_link("dir/up", "..");
    scratch_link("self", "self");
    scratch_fifo("pipe");
    scratch_link("pipe-link", "pipe");
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    tpl_manifest *manifest = take(&options, NULL);
    expect_paths(manifest, "dir-link/file dir/file file-link ");
    assert_string_equal(s.text, "dangling:dangling-link dir-link/up:link-loop dir/up:link-loop "
                                "pipe:special-file pipe-link:special-file self:link-loop ");
    tpl_manifest_free(manifest);
    s.text[0] = '\0';
    options.filter.symlinks = TPL_SYMLINKS_SKIP;
    manifest = take(&options, NULL);
    expect_paths(manifest, "dir/file ");
    assert_string_equal(s.text, "pipe:special-file ");
    tpl_manifest_free(manifest);
}

static void links_beneath_stay_in_the_tree(void **state) {
    (void)state;
    scratch_write_old("root/dir/file", "x");
    scratch_write_old("outside/secret", "y");
    scratch_link("root/sub/in", "../dir/file");
    scratch_link("root/sub/in-dir", "../dir");
    scratch_link("root/out", "../outside/secret");
    scratch_link("root/out-dir", "../outside");
    scratch_link("root/absolute", "/etc/passwd");
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    options.filter.symlinks = TPL_SYMLINKS_BENEATH;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, "root", &options, NULL, NULL), TPL_OK);
    expect_paths(manifest, "dir/file sub/in sub/in-dir/file ");
    tpl_manifest_free(manifest);
}

static void filters_by_pattern_and_hints_at_directories(void **state) {
    (void)state;
    scratch_write_old("src/a.c", "1");
    scratch_write_old("src/a.o", "2");
    scratch_write_old("build/x", "3");
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    assert_int_equal(tpl_strings_append(&options.filter.include, "**/*.[co]"), TPL_OK);
    assert_int_equal(tpl_strings_append(&options.filter.exclude, "**/*.o"), TPL_OK);
    tpl_manifest *manifest = take(&options, NULL);
    expect_paths(manifest, "src/a.c ");
    tpl_manifest_free(manifest);
    tpl_filter_dispose(&options.filter);
    options = options_for(&s);
    assert_int_equal(tpl_strings_append(&options.filter.exclude, "build"), TPL_OK);
    manifest = take(&options, NULL);
    expect_paths(manifest, "build/x src/a.c src/a.o ");
    assert_string_equal(s.text, "build:pattern-is-directory ");
    tpl_manifest_free(manifest);
    tpl_filter_dispose(&options.filter);
}

static void omitted_files_are_known_by_identity(void **state) {
    (void)state;
    scratch_write_old("keep", "1");
    scratch_write_old("out", "2");
    assert_int_equal(link("out", "second-name"), 0);
    scratch_link("alias", "out");
    scratch_link("unreadable", "/proc/self/mem");
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    assert_int_equal(tpl_strings_append(&options.filter.omit, "out"), TPL_OK);
    assert_int_equal(tpl_strings_append(&options.filter.omit, "unreadable"), TPL_OK);
    tpl_snapshot_stats stats;
    tpl_manifest *manifest = take(&options, &stats);
    expect_paths(manifest, "keep ");
    assert_string_equal(s.text, "");
    assert_true(stats.hashed_files == 1 && stats.hashed_bytes == 1);
    tpl_manifest_free(manifest);
    tpl_filter_dispose(&options.filter);
}

static void a_base_spares_reading_what_did_not_change(void **state) {
    (void)state;
    scratch_write_old("same", "1");
    scratch_write_old("grown", "22");
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    tpl_manifest *base = take(&options, NULL);
    scratch_write_old("grown", "333");
    scratch_write_old("new", "4");
    options.base = base;
    tpl_snapshot_stats stats;
    tpl_manifest *manifest = take(&options, &stats);
    expect_paths(manifest, "grown new same ");
    assert_true(stats.hashed_files == 2 && stats.reused_files == 1);
    tpl_manifest_free(manifest);
    options.delta = true;
    manifest = take(&options, &stats);
    expect_paths(manifest, "grown new ");
    tpl_manifest_free(manifest);
    scratch_write_old("same", "9"); /* equal size and time: only reading it tells */
    manifest = take(&options, &stats);
    expect_paths(manifest, "grown new ");
    tpl_manifest_free(manifest);
    options.base_mtime_ns = 1600000000123456789;
    manifest = take(&options, &stats);
    expect_paths(manifest, "grown new same ");
    tpl_manifest_free(manifest);
    options.base_mtime_ns = INT64_MAX;
    options.rehash = true;
    manifest = take(&options, &stats);
    expect_paths(manifest, "grown new same ");
    assert_true(stats.hashed_files == 3 && stats.reused_files == 0);
    tpl_manifest_free(manifest);
    tpl_manifest_free(base);
}

/* What a base says of the file "f", which holds "1": how often it is read for that. */
static void a_base_is_asked_for_everything_that_it_says(void **state) {
    (void)state;
    static const int64_t MTIME = 1600000000123456;
    scratch_write_old("f", "1");
    const tpl_hash128 hash = tpl_hash_bytes("1", 1);
    const struct {
        tpl_entry entry;
        uint64_t read;
        bool changed; /* so that a delta has it */
    } table[] = {
        {{.hash = hash, .size = 1, .mtime = MTIME}, 0, false},
        {{.hash = hash, .size = 1, .mtime = MTIME + 1}, 0, false},
        {{.hash = hash, .size = 1, .mtime = MTIME - 1}, 0, false},
        {{.hash = hash, .size = 1, .mtime = MTIME + 2}, 1, true},
        {{.hash = hash, .size = 1, .mtime = INT64_MIN}, 1, true},
        {{.hash = hash, .size = 2, .mtime = MTIME}, 1, true},
        {{.deleted = true}, 1, true},
        {{.kind = TPL_KIND_SYMLINK, .hash_text = "x", .hash_text_len = 1}, 1, true},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        seen s = {.text = ""};
        tpl_snapshot_options options = options_for(&s);
        tpl_snapshot_stats stats;
        tpl_manifest *base = NULL;
        tpl_entry entry = table[i].entry;
        entry.path = "f";
        entry.path_len = 1;
        assert_int_equal(tpl_manifest_new(&base, NULL), TPL_OK);
        assert_int_equal(tpl_manifest_add(base, &entry, NULL), TPL_OK);
        assert_int_equal(tpl_manifest_sort(base, NULL), TPL_OK);
        options.base = base;
        tpl_manifest *manifest = take(&options, &stats);
        assert_true(stats.hashed_files == table[i].read);
        tpl_manifest_entry(manifest, 0, &entry);
        assert_true(entry.hash.high == hash.high && entry.hash.low == hash.low);
        assert_true(entry.size == 1 && entry.mtime == MTIME);
        tpl_manifest_free(manifest);
        options.delta = true;
        manifest = take(&options, &stats);
        assert_int_equal(tpl_manifest_count(manifest), table[i].changed ? 1 : 0);
        tpl_manifest_free(manifest);
        tpl_manifest_free(base);
    }
}

/* A hash that is no digest of ours is another one, whatever size and time say. */
static void a_hash_of_another_kind_is_compared_when_the_file_is_read(void **state) {
    (void)state;
    scratch_write_old("f", "1");
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    tpl_manifest *base = NULL;
    const tpl_entry entry = {.path = "f",
                             .path_len = 1,
                             .hash_text = "odd",
                             .hash_text_len = 3,
                             .size = 1,
                             .mtime = 1600000000123456};
    assert_int_equal(tpl_manifest_new(&base, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_add(base, &entry, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(base, NULL), TPL_OK);
    options.base = base;
    options.delta = true;
    options.rehash = true;
    tpl_manifest *manifest = take(&options, NULL);
    assert_int_equal(tpl_manifest_count(manifest), 1);
    tpl_manifest_free(manifest);
    options.rehash = false;
    manifest = take(&options, NULL);
    assert_int_equal(tpl_manifest_count(manifest), 0);
    tpl_manifest_free(manifest);
    tpl_manifest_free(base);
}

static void nobody_is_told_of_a_link_that_was_not_asked_for(void **state) {
    (void)state;
    const char *patterns[] = {"*.txt"};
    scratch_write_old("a.txt", "1");
    scratch_link("gone", "nothing");
    scratch_link("gone.txt", "nothing");
    scratch_fifo("pipe");
    scratch_link("to-pipe", "pipe");
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    options.filter.include = (tpl_strings){patterns, 1, 1};
    tpl_manifest *manifest = take(&options, NULL);
    expect_paths(manifest, "a.txt ");
    assert_string_equal(s.text, "gone.txt:dangling-link ");
    tpl_manifest_free(manifest);
}

static void expect_failure(const char *root, const tpl_snapshot_options *options, tpl_status status,
                           int sys_errno, const char *path) {
    tpl_manifest *manifest = (tpl_manifest *)&status;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_snapshot(&manifest, root, options, NULL, &err), status);
    assert_null(manifest);
    assert_int_equal(err.sys_errno, sys_errno);
    assert_string_equal(err.path == NULL ? "" : err.path, path);
    tpl_error_dispose(&err);
}

static void refuses_what_it_cannot_describe(void **state) {
    (void)state;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    expect_failure(".", &options, TPL_E_EMPTY, 0, ".");
    scratch_write_old("file", "1");
    expect_failure("file", &options, TPL_E_IO, ENOTDIR, "file");
    expect_failure("none", &options, TPL_E_IO, ENOENT, "none");
    options.delta = true;
    expect_failure(".", &options, TPL_E_ARGUMENT, 0, "");
}

/* Root reads everything, so a file that nobody may read is one behind a link the system refuses. */
static void what_cannot_be_read_ends_it_unless_told_otherwise(void **state) {
    (void)state;
    scratch_write_old("good", "1");
    scratch_link("bad", "/proc/self/mem"); /* opens, but reading it at 0 fails */
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    expect_failure(".", &options, TPL_E_IO, EIO, "./bad");
    options.filter.skip_unreadable = true;
    tpl_manifest *manifest = take(&options, NULL);
    expect_paths(manifest, "good ");
    assert_string_equal(s.text, "bad:unreadable ");
    tpl_manifest_free(manifest);
}

static int stop_polling(void *payload) {
    seen *s = payload;
    return ++s->polls >= s->stop_at_poll;
}

static void stops_within_a_poll(void **state) {
    (void)state;
    scratch_write_old("huge", "");
    assert_int_equal(truncate("huge", (off_t)1 << 40), 0); /* a hole: it would take minutes */
    seen s = {.stop_at_poll = 2};
    tpl_snapshot_options options = options_for(&s);
    options.run.poll = stop_polling;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, ".", &options, NULL, NULL), TPL_E_CANCELLED);
    assert_null(manifest);
}

/* More levels than the descriptors a process may have, and a path longer than one argument may be.
 */
static void deep_trees_and_long_paths_are_walked(void **state) {
    (void)state;
    enum {
        LEVELS = 1200,
        NAME = 20
    };
    char name[NAME + 1];
    memset(name, 'n', NAME);
    name[NAME] = '\0';
    char *home = getcwd(NULL, 0);
    for (int i = 0; i < LEVELS; i++) {
        assert_int_equal(mkdir(name, 0755), 0);
        assert_int_equal(chdir(name), 0);
    }
    FILE *file = fopen("leaf", "w");
    fclose(file);
    seen s = {.text = ""};
    tpl_snapshot_options options = options_for(&s);
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, home, &options, NULL, NULL), TPL_OK);
    tpl_entry entry;
    tpl_manifest_entry(manifest, 0, &entry);
    assert_int_equal(entry.path_len, LEVELS * (NAME + 1) + 4);
    tpl_manifest_free(manifest);
    for (int i = 0; i < LEVELS; i++) { /* take it down from inside: it is too deep for nftw */
        remove("leaf");
        assert_int_equal(chdir(".."), 0);
        assert_int_equal(rmdir(name), 0);
    }
    assert_int_equal(chdir(home), 0);
    free(home);
}

/* Directories in and beside one another, more than the descriptors that are left. */
static void make_bushy_tree(void) {
    char path[64 * 3];
    size_t len = 0;
    for (int level = 0; level < 60; level++) {
        memcpy(path + len, "d/", 2);
        len += 2;
        for (char twig = 'a'; twig < 'd'; twig++) {
            snprintf(path + len, sizeof(path) - len, "%c/f", twig);
            scratch_write(path, path);
        }
    }
}

static int snapshots_with(rlim_t descriptors, unsigned jobs, tpl_hash128 want) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1;
    }
    limit.rlim_cur = descriptors;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1;
    }
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.run.jobs = jobs;
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    tpl_hash128 hash = {0, 0};
    if (tpl_snapshot(&manifest, ".", &options, NULL, &err) != TPL_OK) {
        fprintf(stderr, "%s: %s\n", err.path == NULL ? "" : err.path, err.message);
        return 2;
    }
    bool hashed = tpl_manifest_fingerprint(manifest, &hash, NULL, NULL, NULL) == TPL_OK;
    tpl_manifest_free(manifest);
    return hashed && hash.high == want.high && hash.low == want.low ? 0 : 3;
}

static void few_descriptors_are_enough(void **state) {
    (void)state;
    make_bushy_tree();
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_manifest *manifest = take(&options, NULL);
    tpl_hash128 hash;
    assert_int_equal(tpl_manifest_fingerprint(manifest, &hash, NULL, NULL, NULL), TPL_OK);
    tpl_manifest_free(manifest);
    for (rlim_t descriptors = 16; descriptors < 100; descriptors += 9) {
        for (unsigned jobs = 0; jobs < 100; jobs = jobs * 8 + 1) {
            fflush(NULL);
            pid_t child = fork();
            assert_true(child >= 0);
            if (child == 0) {
                _exit(snapshots_with(descriptors, jobs, hash));
            }
            int status = -1;
            assert_int_equal(waitpid(child, &status, 0), child);
            assert_int_equal(status, 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(lists_every_file_in_canonical_order),
        IN_SCRATCH(the_number_of_threads_changes_nothing),
        IN_SCRATCH(follows_links_and_skips_what_leads_nowhere),
        IN_SCRATCH(links_beneath_stay_in_the_tree),
        IN_SCRATCH(filters_by_pattern_and_hints_at_directories),
        IN_SCRATCH(omitted_files_are_known_by_identity),
        IN_SCRATCH(a_base_spares_reading_what_did_not_change),
        IN_SCRATCH(a_base_is_asked_for_everything_that_it_says),
        IN_SCRATCH(a_hash_of_another_kind_is_compared_when_the_file_is_read),
        IN_SCRATCH(nobody_is_told_of_a_link_that_was_not_asked_for),
        IN_SCRATCH(refuses_what_it_cannot_describe),
        IN_SCRATCH(what_cannot_be_read_ends_it_unless_told_otherwise),
        IN_SCRATCH(stops_within_a_poll),
        IN_SCRATCH(deep_trees_and_long_paths_are_walked),
        IN_SCRATCH(few_descriptors_are_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
