/* SPDX-License-Identifier: MIT */
/* Cases with files: trees, single files, outputs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "diff_pieces.h"
#include "oom.h"
#include "reader.h"
#include "scratch.h"
#include "thread.h"
#include "tpl/diff.h"
#include "tpl/file.h"
#include "tpl/snapshot.h"
#include "tpl/verify.h"

#define TREE "tree"
#define OLD_TEXT "old"
/* Names longer than what buffers begin with. */
#define LONG "a-name-of-many-characters-that-goes-on-and-on-until-it-fills-what-was-there"
#define NEW_SIZE 200000
#define MANIFEST_BEGINS                                                                            \
    "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":[{\"hash\":"             \
    "\"0123456789abcdef0123456789abcdef\",\"mtime\":1,\"path\":\"a\",\"size\":2}],\"totalSize\":2"

enum {
    FILES = 40,
    FILES_FOUND = FILES + 9, /* see make_tree */
    OLD_ENOUGH_MS = 50,      /* to be indexed */
    LARGE_CHUNKS = 17,       /* more than a buffer begins with */
    LARGE_SIZE = (LARGE_CHUNKS - 1) * TPL__CHUNK_UNIT + 5,
    SKIPPED = 3 /* fifo, dangling link, loop */
};

static tpl_manifest *base; /* of the tree, one entry changed, one taken out, one put in */
static char *new_text;
static const void *const NOTHING = &NOTHING; /* what no call may leave in its result */

/* --- the scratch directory --- */

static void make_tree(void) {
    char path[64];
    for (int i = 0; i < FILES; i++) {
        snprintf(path, sizeof(path), TREE "/d%d/e%d/f%d.txt", i % 3, i % 2, i);
        scratch_write(path, path);
        scratch_set_mtime(path, INT64_C(1700000000000000000) + i);
    }
    scratch_write(TREE "/odd \xff\xfe name", "odd");
    scratch_write(TREE "/.hidden", "");
    scratch_write("elsewhere/one", "1");
    scratch_write("elsewhere/two", "2");
    scratch_link(TREE "/to-file", "d0/e0/f0.txt");
    scratch_link(TREE "/to-directory", "../elsewhere");
    scratch_link(TREE "/dangling", "nowhere");
    scratch_link(TREE "/d2/loop", "..");
    assert_int_equal(mkfifo(TREE "/fifo", 0600), 0);
    scratch_write(TREE "/last", "last");
    scratch_write(TREE "/" LONG "/" LONG "/" LONG LONG LONG, "deep");
    scratch_write(TREE "/" LONG "/" LONG LONG, "long");
    scratch_link(TREE "/" LONG "/" LONG "/link", LONG LONG LONG);
}

bool oom_files_untouched(void) {
    struct stat stat;
    return scratch_entries(".") == 9 && lstat("out", &stat) == 0 &&
           stat.st_size == (off_t)strlen(OLD_TEXT);
}

static void add(tpl_manifest *manifest, const char *path) {
    tpl_entry entry = {.path = path, .path_len = strlen(path), .size = 5};
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
}

/* The tree's manifest with some entries missing, some in excess and some of another content. */
static tpl_manifest *changed(const tpl_manifest *of) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < tpl_manifest_count(of); i++) {
        tpl_entry entry;
        tpl_manifest_entry(of, i, &entry);
        entry.hash.low += i % 5 == 0 ? 1 : 0;
        entry.size += i % 7 == 0 ? 1 : 0;
        if (i % 4 != 0) {
            assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        }
    }
    add(manifest, "d0");
    add(manifest, "missing/a");
    add(manifest, "missing/b");
    add(manifest, "to-directory/one");
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    return manifest;
}

void oom_files_setup(void) {
    tpl_manifest *tree = NULL;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    make_tree();
    scratch_write("out", OLD_TEXT);
    scratch_directory("empty");
    scratch_write("canonical", MANIFEST_BEGINS "}");
    scratch_write("loose", MANIFEST_BEGINS " }");
    scratch_link("link", "out");
    scratch_write("large", "");
    assert_int_equal(truncate("large", LARGE_SIZE), 0);
    scratch_set_mtime("large", 0);
    tpl__sleep_ms(OLD_ENOUGH_MS);
    options.index = "index";
    assert_int_equal(tpl_snapshot(&tree, TREE, &options, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_count(tree), FILES_FOUND);
    base = changed(tree);
    tpl_manifest_free(tree);
    new_text = malloc(NEW_SIZE);
    assert_non_null(new_text);
    memset(new_text, 'x', NEW_SIZE);
}

void oom_files_teardown(void) {
    tpl_manifest_free(base);
    base = NULL;
    free(new_text);
    new_text = NULL;
}

/* --- trees --- */

static const char *include[] = {"**/*.txt", "last", "d0"};
static const char *exclude[] = {"d1/**", "nowhere/../f"};
static const char *omit[] = {TREE "/last", "missing"};

static void count_warning(const tpl_warning *warning, void *payload) {
    int *count = payload;
    assert_true(warning->path_len > 0);
    ++*count;
}

static tpl_status snapshot(const tpl_snapshot_options *options, size_t least, tpl_error *err) {
    tpl_manifest *manifest = (tpl_manifest *)(uintptr_t)NOTHING;
    tpl_status status = tpl_snapshot(&manifest, TREE, options, NULL, err);
    if (status != TPL_OK) {
        assert_null(manifest);
        return status;
    }
    assert_true(tpl_manifest_count(manifest) >= least);
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status snapshot_with_warnings(unsigned jobs, tpl_error *err) {
    int warnings = 0;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.filter.skip_unreadable = true;
    options.run = (tpl_run){jobs, NULL, count_warning, NULL, &warnings};
    tpl_status status = snapshot(&options, FILES_FOUND, err);
    assert_true(warnings == SKIPPED || (warnings == 0 && status != TPL_OK));
    return status;
}

static tpl_status snapshot_alone(tpl_error *err) {
    return snapshot_with_warnings(1, err);
}

static tpl_status snapshot_of_several_threads(tpl_error *err) {
    return snapshot_with_warnings(4, err);
}

static tpl_status snapshot_filtered(tpl_error *err) {
    int warnings = 0;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.filter.include = (tpl_strings){include, 3, 3};
    options.filter.exclude = (tpl_strings){exclude, 2, 2};
    options.filter.omit = (tpl_strings){omit, 2, 2};
    options.filter.hide_dotfiles = true;
    options.filter.symlinks = TPL_SYMLINKS_SKIP;
    options.run = (tpl_run){2, NULL, count_warning, NULL, &warnings};
    return snapshot(&options, FILES / 2, err);
}

/* Patterns that fill many blocks of memory, so that each place that takes some runs out once. */
static tpl_status snapshot_of_many_patterns(tpl_error *err) {
    enum {
        MANY = 24,
        LENGTH = 1500
    };
    static char texts[MANY][LENGTH];
    const char *items[MANY];
    for (int i = 0; i < MANY; i++) {
        for (int at = 0; at < LENGTH - 1; at++) {
            texts[i][at] = at % 30 == 29 ? '/' : at % 30 == 3 ? '*' : (char)('a' + i);
        }
        memcpy(texts[i] + LENGTH - 5, i % 2 == 0 ? "/**" : "/[a]", i % 2 == 0 ? 4 : 5);
        items[i] = texts[i];
    }
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.filter.exclude = (tpl_strings){items, MANY, MANY};
    options.run.jobs = 1;
    return snapshot(&options, FILES_FOUND, err);
}

static tpl_status name_a_snapshot(tpl_error *err) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_status status = tpl_snapshot_name(&out, "/some/root", NULL, "2023-11-14T22-13-20", err);
    assert_true((out.len > 0) == (status == TPL_OK));
    tpl_buffer_dispose(&out);
    return status;
}

static tpl_status snapshot_beneath(tpl_error *err) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.filter.symlinks = TPL_SYMLINKS_BENEATH;
    return snapshot(&options, FILES, err);
}

static tpl_status snapshot_with_base(tpl_error *err) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.base = base;
    options.run.jobs = 1;
    return snapshot(&options, FILES_FOUND, err);
}

static tpl_status snapshot_delta(tpl_error *err) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.base = base;
    options.delta = true;
    options.rehash = true;
    return snapshot(&options, 2, err);
}

static tpl_status snapshot_with_index(const char *index, bool rehash, tpl_error *err) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    int warnings = 0;
    options.index = index;
    options.rehash = rehash;
    options.run = (tpl_run){.jobs = 1, .warning = count_warning, .payload = &warnings};
    return snapshot(&options, FILES_FOUND, err);
}

/* With links, directories and a diff to the tree as it is without them. */
static tpl_status snapshot_keeping_links(tpl_error *err) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.format = TPL_FORMAT_2025_12_04_BETA;
    options.filter.symlinks = TPL_SYMLINKS_KEEP;
    options.base = base;
    options.delta = true;
    options.run.jobs = 1;
    return snapshot(&options, 1, err);
}

static tpl_status snapshot_by_index(tpl_error *err) {
    return snapshot_with_index("index", false, err);
}

static tpl_status snapshot_into_index(tpl_error *err) {
    return snapshot_with_index("index", true, err);
}

static tpl_status snapshot_with_foreign_index(tpl_error *err) {
    return snapshot_with_index("out", false, err);
}

static tpl_status snapshot_with_misplaced_index(tpl_error *err) {
    return snapshot_with_index("missing/index", false, err);
}

static tpl_status snapshot_of_nothing(tpl_error *err) {
    tpl_manifest *manifest = (tpl_manifest *)(uintptr_t)NOTHING;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_status status = tpl_snapshot(&manifest, "empty", &options, NULL, err);
    assert_null(manifest);
    return status;
}

static tpl_status snapshot_of_a_missing_tree(tpl_error *err) {
    tpl_manifest *manifest = (tpl_manifest *)(uintptr_t)NOTHING;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_status status = tpl_snapshot(&manifest, "missing", &options, NULL, err);
    assert_null(manifest);
    return status;
}

static tpl_status diff(tpl_side before, tpl_side after, bool rehash, tpl_error *err) {
    tpl_diff *found = (tpl_diff *)(uintptr_t)NOTHING;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.filter.exclude = (tpl_strings){exclude, 2, 2};
    options.rehash = rehash;
    options.keep_unchanged = true;
    options.run.jobs = 1;
    tpl_status status = tpl_diff_sides(&found, before, after, &options, err);
    if (status != TPL_OK) {
        assert_null(found);
        return status;
    }
    assert_true(tpl_diff_count(found, TPL_CHANGE_UNCHANGED) > 0);
    tpl_diff_free(found);
    return status;
}

static tpl_status diff_by_time(tpl_error *err) {
    return diff((tpl_side){base, NULL}, (tpl_side){NULL, TREE}, false, err);
}

static tpl_status diff_by_hash(tpl_error *err) {
    return diff((tpl_side){NULL, TREE}, (tpl_side){base, NULL}, true, err);
}

static tpl_status diff_trees(tpl_error *err) {
    return diff((tpl_side){NULL, TREE}, (tpl_side){NULL, TREE}, false, err);
}

/* As if they were long. */
static tpl_status diff_files(tpl_error *err) {
    tpl_diff *found = (tpl_diff *)(uintptr_t)NOTHING;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.filter.exclude = (tpl_strings){exclude, 2, 2};
    options.keep_unchanged = true;
    options.keep_states = true;
    options.run.jobs = 1;
    tpl_status status = tpl__diff_files(&found, "canonical", "canonical", &options, 0, err);
    if (status != TPL_OK) {
        assert_null(found);
        return status;
    }
    assert_int_equal(tpl_diff_count(found, TPL_CHANGE_UNCHANGED), 1);
    tpl_diff_free(found);
    return status;
}

static tpl_status verify(const tpl_verify_options *options, tpl_error *err) {
    tpl_verification *found = (tpl_verification *)(uintptr_t)NOTHING;
    tpl_status status = tpl_verify(&found, base, TREE, options, err);
    if (status != TPL_OK) {
        assert_null(found);
        return status;
    }
    assert_true(tpl_verification_count(found, TPL_FINDING_MODIFIED) > 0);
    assert_int_equal(tpl_verification_count(found, TPL_FINDING_MISSING), 2);
    tpl_verification_free(found);
    return status;
}

static tpl_status verify_strictly(tpl_error *err) {
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.strict = true;
    options.omit = (tpl_strings){omit, 2, 2};
    options.run.jobs = 1;
    return verify(&options, err);
}

static tpl_status verify_with_threads(tpl_error *err) {
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.symlinks = TPL_SYMLINKS_FOLLOW;
    options.run.jobs = 4;
    return verify(&options, err);
}

static tpl_status verify_kept_links(tpl_error *err) {
    static const char text[] =
        "{\"dirs\":[{\"name\":\"d0\"},{\"name\":\"last\"},{\"name\":\"no\"}],\"files\":["
        "{\"name\":\"to-file\",\"symlink\":{\"name\":\"d0/e0/f0.txt\"}},"
        "{\"name\":\"d0/"
        "link\",\"symlink\":{\"name\":\"x\"}},{\"name\":\"to-directory\",\"symlink\":"
        "{\"name\":\"x\"}}],\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\","
        "\"totalSize\":0}";
    tpl_manifest *manifest = NULL;
    tpl_verification *found = NULL;
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.strict = true;
    options.run.jobs = 1;
    tpl_status status = tpl_manifest_decode(&manifest, text, sizeof(text) - 1, NULL, err);
    if (status == TPL_OK) {
        status = tpl_verify(&found, manifest, TREE, &options, err);
    }
    if (status == TPL_OK) {
        assert_int_equal(tpl_verification_count(found, TPL_FINDING_MISSING), 2);
        assert_int_equal(tpl_verification_count(found, TPL_FINDING_MODIFIED), 1);
        assert_int_equal(tpl_verification_count(found, TPL_FINDING_TYPE_CHANGED), 1);
    }
    tpl_verification_free(found);
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status verify_a_missing_tree(tpl_error *err) {
    tpl_verification *found = (tpl_verification *)(uintptr_t)NOTHING;
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_status status = tpl_verify(&found, base, "missing", &options, err);
    assert_null(found);
    return status;
}

/* --- single files --- */

static int full_pipe(void) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], new_text, 60000), 60000);
    assert_int_equal(close(ends[1]), 0);
    return ends[0];
}

static tpl_status hash_file(tpl_error *err) {
    tpl_file_hash found;
    return tpl_hash_file(&found, TREE "/last", NULL, err);
}

static bool go_on(size_t bytes, void *payload) {
    (void)bytes;
    (void)payload;
    return true;
}

/* As snapshots of 2025-12-04-beta do it, with chunks that a test can have several of. */
static tpl_status hash_chunks(tpl_error *err) {
    tpl__content content = {.sys_errno = 0};
    tpl__reader *reader = tpl__reader_new(go_on, NULL);
    tpl__outcome outcome = TPL__FAILED;
    (void)err;
    if (reader != NULL) {
        tpl__reader_chunk(reader, TPL__CHUNK_UNIT);
        outcome = tpl__reader_hash(reader, TPL__FS_CWD, "large", TPL__LINKS_NOFOLLOW, &content);
        assert_int_equal(content.chunk_count, outcome == TPL__DONE ? LARGE_CHUNKS : 0);
        assert_true(outcome == TPL__DONE || content.sys_errno == ENOMEM);
    }
    tpl__reader_free(reader);
    return outcome == TPL__DONE ? TPL_OK : TPL_E_NOMEM;
}

static tpl_status hash_a_missing_file(tpl_error *err) {
    tpl_file_hash found;
    return tpl_hash_file(&found, "missing", NULL, err);
}

static tpl_status hash_descriptor(tpl_error *err) {
    tpl_file_hash found;
    int fd = full_pipe();
    tpl_status status = tpl_hash_fd(&found, fd, "pipe", NULL, err);
    assert_int_equal(close(fd), 0);
    return status;
}

static tpl_status read_file(tpl_error *err) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_status status = tpl_file_read(&out, TREE "/last", NULL, NULL, err);
    assert_int_equal(out.len, status == TPL_OK ? 4 : 0);
    tpl_buffer_dispose(&out);
    return status;
}

static tpl_status load(const char *path, tpl_error *err) {
    tpl_manifest *manifest = NULL;
    tpl_hash128 hash;
    tpl_status status = tpl_manifest_load(&manifest, path, NULL, &hash, NULL, err);
    assert_true((manifest != NULL) == (status == TPL_OK));
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status load_canonical(tpl_error *err) {
    return load("canonical", err);
}

static tpl_status load_loose(tpl_error *err) {
    return load("loose", err);
}

static tpl_status read_a_directory(tpl_error *err) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_status status = tpl_file_read(&out, TREE, NULL, NULL, err);
    tpl_buffer_dispose(&out);
    return status;
}

static tpl_status read_descriptor(tpl_error *err) {
    tpl_buffer out = TPL_BUFFER_INIT;
    int fd = full_pipe();
    tpl_status status = tpl_file_read_fd(&out, fd, "pipe", NULL, err);
    assert_int_equal(out.len, status == TPL_OK ? 60000 : 0);
    assert_int_equal(close(fd), 0);
    tpl_buffer_dispose(&out);
    return status;
}

/* Through a link, which takes memory to follow. The old text is put back for the next round. */
static tpl_status write_file(tpl_error *err) {
    tpl_output *output = (tpl_output *)(uintptr_t)NOTHING;
    tpl_status status = tpl_output_new(&output, "link", NULL, err);
    if (status != TPL_OK) {
        assert_null(output);
        return status;
    }
    tpl_status written = tpl_output_write(new_text, 10, output);
    written = written == TPL_OK ? tpl_output_write(new_text, NEW_SIZE, output) : written;
    status = tpl_output_commit(output, err);
    assert_int_equal(written, status);
    tpl_output_free(output);
    if (status == TPL_OK) {
        scratch_write("out", OLD_TEXT);
    }
    return status;
}

static tpl_status write_without_a_directory(tpl_error *err) {
    tpl_output *output = (tpl_output *)(uintptr_t)NOTHING;
    tpl_status status = tpl_output_new(&output, "missing/out", NULL, err);
    assert_null(output);
    return status;
}

const oom_case oom_files[] = {
    {.functions = "tpl_snapshot", .about = "one thread", .run = snapshot_alone},
    {.functions = "tpl_snapshot",
     .about = "threads",
     .run = snapshot_of_several_threads,
     .recovers = true},
    {.functions = "tpl_snapshot", .about = "filters", .run = snapshot_filtered, .recovers = true},
    {.functions = "tpl_snapshot",
     .about = "many patterns",
     .run = snapshot_of_many_patterns,
     .recovers = true},
    {.functions = "tpl_snapshot",
     .about = "links kept",
     .run = snapshot_keeping_links,
     .recovers = true},
    {.functions = "tpl_verify", .about = "links kept", .run = verify_kept_links, .recovers = true},
    {.functions = "tpl_snapshot_name", .about = "of a root", .run = name_a_snapshot},
    {.functions = "tpl_snapshot",
     .about = "links beneath",
     .run = snapshot_beneath,
     .recovers = true},
    {.functions = "tpl_snapshot", .about = "base", .run = snapshot_with_base},
    {.functions = "tpl_snapshot", .about = "delta", .run = snapshot_delta, .recovers = true},
    {.functions = "tpl_snapshot", .about = "by index", .run = snapshot_by_index, .recovers = true},
    {.functions = "tpl_snapshot",
     .about = "into index",
     .run = snapshot_into_index,
     .recovers = true},
    {.functions = "tpl_snapshot",
     .about = "foreign index",
     .run = snapshot_with_foreign_index,
     .recovers = true},
    {.functions = "tpl_snapshot",
     .about = "misplaced index",
     .run = snapshot_with_misplaced_index,
     .recovers = true},
    {.functions = "tpl_snapshot",
     .about = "empty",
     .run = snapshot_of_nothing,
     .otherwise = TPL_E_EMPTY},
    {.functions = "tpl_snapshot",
     .about = "missing",
     .run = snapshot_of_a_missing_tree,
     .otherwise = TPL_E_IO},
    {.functions = "tpl_diff_sides", .about = "by time", .run = diff_by_time},
    {.functions = "tpl_diff_sides", .about = "by hash", .run = diff_by_hash},
    {.functions = "tpl_diff_sides", .about = "trees", .run = diff_trees},
    {.functions = "tpl_diff_files",
     .about = "canonical files",
     .run = diff_files,
     .recovers = true},
    {.functions = "tpl_verify", .about = "strict", .run = verify_strictly},
    {.functions = "tpl_verify", .about = "threads", .run = verify_with_threads, .recovers = true},
    {.functions = "tpl_verify",
     .about = "missing",
     .run = verify_a_missing_tree,
     .otherwise = TPL_E_IO},
    {.functions = "tpl_hash_file", .about = "a file", .run = hash_file},
    {.functions = "", .about = "chunks of a file", .run = hash_chunks, .silent = true},
    {.functions = "tpl_hash_file",
     .about = "missing",
     .run = hash_a_missing_file,
     .otherwise = TPL_E_IO},
    {.functions = "tpl_hash_fd", .about = "a pipe", .run = hash_descriptor},
    {.functions = "tpl_manifest_load", .about = "a canonical file", .run = load_canonical},
    {.functions = "tpl_manifest_load",
     .about = "another file",
     .run = load_loose,
     .recovers = true},
    {.functions = "tpl_file_read", .about = "a file", .run = read_file, .recovers = true},
    {.functions = "tpl_file_read",
     .about = "a directory",
     .run = read_a_directory,
     .otherwise = TPL_E_IO},
    {.functions = "tpl_file_read_fd", .about = "a pipe", .run = read_descriptor, .recovers = true},
    {.functions = "tpl_output_new tpl_output_write tpl_output_commit",
     .about = "replacing",
     .run = write_file},
    {.functions = "tpl_output_new",
     .about = "missing",
     .run = write_without_a_directory,
     .otherwise = TPL_E_IO},
};

const size_t oom_files_count = sizeof(oom_files) / sizeof(*oom_files);
