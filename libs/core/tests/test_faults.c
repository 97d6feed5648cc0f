/* SPDX-License-Identifier: MIT */
/* Calls that work on files, with the first system call failing, then the second, and so on until
 * none is left: an answer is right or it is an error, and nothing is left open or half written. One
 * that is only interrupted changes nothing. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"
#include "diff_pieces.h"
#include "fs.h"
#include "headers.h"
#include "oom.h"
#include "scratch.h"
#include "sys_faulty.h"
#include "thread.h"
#include "tpl/diff.h"
#include "tpl/file.h"
#include "tpl/snapshot.h"
#include "tpl/submit.h"
#include "tpl/verify.h"

#define TREE "tree"
#define MANIFEST_BEGINS                                                                            \
    "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":[{\"hash\":"             \
    "\"0123456789abcdef0123456789abcdef\",\"mtime\":1,\"path\":\"a\",\"size\":2}],\"totalSize\":2"

enum {
    MOST_CALLS = 5000, /* more than any case makes: it must come to an end */
    LINES = 20000,
    LARGE_SIZE = 1500000,
    ROWS = 5000, /* more text than is in memory at a time */
    FEW = 12     /* descriptors: of directories only the root's stays open */
};

typedef struct fault_case {
    const char *functions; /* public functions it is about, space separated */
    const char *about;
    /* Does the work; checks that its answer is right if it is one, and that there is none if it
     * failed. `disturbed` when something may have been left out for a fault. */
    tpl_status (*run)(bool disturbed, tpl_error *err);
} fault_case;

static tpl_manifest *truth;
static tpl_buffer attachments; /* of a job of the same tree */
static tpl_manifest *kept;     /* the same tree in 2025-12-04-beta, links being links */
static tpl_hash128 large_hash;

static void make_long_manifest(void) {
    tpl_manifest *manifest = NULL;
    tpl_output *output = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (int i = 0; i < ROWS; i++) {
        char path[16];
        int len = snprintf(path, sizeof(path), "%08d", i);
        tpl_entry entry = {.path = path, .path_len = (size_t)len};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    assert_int_equal(tpl_output_new(&output, "long", NULL, NULL), TPL_OK);
    assert_int_equal(
        tpl_manifest_encode(manifest, TPL_FORMAT_DEFAULT, tpl_output_write, output, NULL, NULL),
        TPL_OK);
    assert_int_equal(tpl_output_commit(output, NULL), TPL_OK);
    tpl_output_free(output);
    tpl_manifest_free(manifest);
}

static void make_tree(void) {
    scratch_write_old(TREE "/a/one", "1");
    scratch_write_old(TREE "/a/b/two", "22");
    scratch_write(TREE "/fresh", "333");
    scratch_write_old(TREE "/empty", "");
    scratch_link(TREE "/link", "a/one");
    scratch_link(TREE "/folder", "a/b");
    scratch_link(TREE "/loop", ".");
    scratch_link(TREE "/dangling", "nowhere");
    scratch_write("large", "");
    assert_int_equal(truncate("large", LARGE_SIZE), 0);
    scratch_write("out", "old");
    scratch_link("out-link", "out");
    scratch_write("m", MANIFEST_BEGINS "}");
    scratch_write("loose", MANIFEST_BEGINS " }");
    make_long_manifest();
}

static tpl_status snapshot_with(const tpl_snapshot_options *options, bool may_lack,
                                tpl_error *err) {
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl_snapshot(&manifest, TREE, options, NULL, err);
    assert_true((manifest != NULL) == (status == TPL_OK));
    if (status == TPL_OK && !may_lack) {
        assert_true(tpl_manifest_equal(manifest, truth));
    }
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status snapshot(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.run.jobs = 1;
    return snapshot_with(&options, false, err);
}

static tpl_status snapshot_by_threads(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.run.jobs = 3;
    return snapshot_with(&options, false, err);
}

static tpl_status snapshot_with_few_descriptors(bool disturbed, tpl_error *err) {
    struct rlimit before;
    assert_int_equal(prlimit(0, RLIMIT_NOFILE, NULL, &before), 0); /* getrlimit() may fail here */
    struct rlimit few = {FEW, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    tpl_status status = snapshot(disturbed, err);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    return status;
}

static tpl_status snapshot_passing_over(bool disturbed, tpl_error *err) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.filter.skip_unreadable = true;
    options.run.jobs = 1;
    return snapshot_with(&options, disturbed, err);
}

static tpl_status snapshot_of_a_base(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    const char *omit[] = {"out", "missing"};
    options.filter.omit = (tpl_strings){omit, 2, 2};
    options.base = truth;
    options.base_mtime_ns = 0;
    options.run.jobs = 1;
    return snapshot_with(&options, false, err);
}

/* Nothing is new: the base is the truth. */
static tpl_status snapshot_delta_of(const tpl_manifest *base, tpl_format format, tpl_error *err) {
    tpl_manifest *manifest = NULL;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.format = format;
    options.base = base;
    options.delta = true;
    options.rehash = true;
    options.run.jobs = 1;
    if (format == TPL_FORMAT_2025_12_04_BETA) {
        options.filter.symlinks = TPL_SYMLINKS_KEEP;
    }
    tpl_status status = tpl_snapshot(&manifest, TREE, &options, NULL, err);
    assert_true((manifest != NULL) == (status == TPL_OK));
    if (status == TPL_OK) {
        assert_int_equal(tpl_manifest_count(manifest) + tpl_manifest_directory_count(manifest), 0);
    }
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status snapshot_delta(bool disturbed, tpl_error *err) {
    (void)disturbed;
    return snapshot_delta_of(truth, TPL_FORMAT_2023_03_03, err);
}

static tpl_status snapshot_diff(bool disturbed, tpl_error *err) {
    (void)disturbed;
    return snapshot_delta_of(kept, TPL_FORMAT_2025_12_04_BETA, err);
}

static tpl_snapshot_options keeping(void) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.format = TPL_FORMAT_2025_12_04_BETA;
    options.filter.symlinks = TPL_SYMLINKS_KEEP;
    options.run.jobs = 1;
    return options;
}

static tpl_status snapshot_keeping_links(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_manifest *manifest = NULL;
    tpl_snapshot_options options = keeping();
    tpl_status status = tpl_snapshot(&manifest, TREE, &options, NULL, err);
    assert_true((manifest != NULL) == (status == TPL_OK));
    if (status == TPL_OK) {
        assert_true(tpl_manifest_equal(manifest, kept));
    }
    tpl_manifest_free(manifest);
    return status;
}

static void take_warning(const tpl_warning *warning, void *payload) {
    *(int *)payload += warning->path_len > 0;
}

/* Trouble with the index is no trouble of the snapshot. */
static tpl_status snapshot_with_index(bool disturbed, tpl_error *err) {
    (void)disturbed;
    int warnings = 0;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.index = "out.index";
    options.run = (tpl_run){.jobs = 1, .warning = take_warning, .payload = &warnings};
    tpl_status status = snapshot_with(&options, false, err);
    return status != TPL_OK ? status : snapshot_with(&options, false, err);
}

static tpl_status verify_with(const tpl_manifest *manifest, tpl_symlinks symlinks, bool disturbed,
                              tpl_error *err) {
    tpl_verification *found = NULL;
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.strict = true;
    options.symlinks = symlinks;
    options.run.jobs = 1;
    tpl_status status = tpl_verify(&found, manifest, TREE, &options, err);
    assert_true((found != NULL) == (status == TPL_OK));
    if (status == TPL_OK) {
        assert_true(disturbed || tpl_verification_ok(found));
        assert_int_equal(tpl_verification_count(found, TPL_FINDING_UNEXPECTED), 0);
    }
    tpl_verification_free(found);
    return status;
}

static tpl_status verify(bool disturbed, tpl_error *err) {
    return verify_with(truth, TPL_SYMLINKS_FOLLOW, disturbed, err);
}

static tpl_status verify_beneath(bool disturbed, tpl_error *err) {
    return verify_with(truth, TPL_SYMLINKS_BENEATH, disturbed, err);
}

static tpl_status verify_kept_links(bool disturbed, tpl_error *err) {
    return verify_with(kept, TPL_SYMLINKS_BENEATH, disturbed, err);
}

static tpl_status diff_of(tpl_side before, bool rehash, tpl_error *err) {
    tpl_diff *found = NULL;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.rehash = rehash;
    options.run.jobs = 1;
    tpl_side tree = {NULL, TREE};
    tpl_status status = tpl_diff_sides(&found, before, tree, &options, err);
    assert_true((found != NULL) == (status == TPL_OK));
    if (status == TPL_OK) {
        assert_int_equal(tpl_diff_count(found, TPL_CHANGE_NEW), 0);
        assert_int_equal(tpl_diff_count(found, TPL_CHANGE_DELETED), 0);
        assert_int_equal(tpl_diff_count(found, TPL_CHANGE_MODIFIED), 0);
    }
    tpl_diff_free(found);
    return status;
}

static tpl_status diff(bool disturbed, tpl_error *err) {
    (void)disturbed;
    return diff_of((tpl_side){truth, NULL}, true, err);
}

static tpl_status diff_by_time(bool disturbed, tpl_error *err) {
    (void)disturbed;
    return diff_of((tpl_side){truth, NULL}, false, err);
}

static tpl_status diff_trees(bool disturbed, tpl_error *err) {
    (void)disturbed;
    return diff_of((tpl_side){NULL, TREE}, false, err);
}

/* As if they were long; what cannot be read is left to who loads it. */
static tpl_status diff_files(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_diff *found = NULL;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.run.jobs = 1;
    tpl_status status = tpl__diff_files(&found, "m", "long", &options, 0, err);
    assert_true(found == NULL || status == TPL_OK);
    if (found != NULL) {
        assert_int_equal(tpl_diff_count(found, TPL_CHANGE_NEW), ROWS);
        assert_int_equal(tpl_diff_count(found, TPL_CHANGE_DELETED), 1);
    }
    tpl_diff_free(found);
    return status;
}

static tpl_status hash_file(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_file_hash found;
    tpl_hash128 want = tpl_hash_bytes("333", 3);
    tpl_status status = tpl_hash_file(&found, TREE "/fresh", NULL, err);
    if (status == TPL_OK) {
        assert_true(found.hash.high == want.high && found.hash.low == want.low);
    }
    return status;
}

/* Larger than what is read at once. */
static tpl_status hash_large(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_file_hash found;
    tpl_status status = tpl_hash_file(&found, "large", NULL, err);
    if (status == TPL_OK) {
        assert_true(found.size == LARGE_SIZE);
        assert_true(found.hash.high == large_hash.high && found.hash.low == large_hash.low);
    }
    return status;
}

static tpl_status hash_device(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_file_hash found;
    tpl_status status = tpl_hash_file(&found, "/dev/null", NULL, err);
    if (status == TPL_OK) {
        assert_true(found.size == 0);
    }
    return status;
}

static tpl_status hash_descriptor(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_file_hash found;
    int fd = open("large", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    tpl_status status = tpl_hash_fd(&found, fd, "large", NULL, err);
    if (status == TPL_OK) {
        assert_true(found.size == LARGE_SIZE);
        assert_true(found.hash.high == large_hash.high && found.hash.low == large_hash.low);
    }
    assert_int_equal(close(fd), 0);
    return status;
}

static tpl_status read_descriptor(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_buffer text = TPL_BUFFER_INIT;
    int fd = open(TREE "/fresh", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    tpl_status status = tpl_file_read_fd(&text, fd, "fresh", NULL, err);
    assert_int_equal(text.len, status == TPL_OK ? 3 : 0);
    assert_int_equal(close(fd), 0);
    tpl_buffer_dispose(&text);
    return status;
}

static tpl_status read_file(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_status status = tpl_file_read(&text, TREE "/fresh", NULL, NULL, err);
    assert_int_equal(text.len, status == TPL_OK ? 3 : 0);
    tpl_buffer_dispose(&text);
    return status;
}

static tpl_status load(const char *path, size_t count, tpl_hash128 *hash, tpl_error *err) {
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl_manifest_load(&manifest, path, NULL, hash, NULL, err);
    assert_true((manifest != NULL) == (status == TPL_OK));
    if (status == TPL_OK) {
        assert_int_equal(tpl_manifest_count(manifest), count);
    }
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status load_canonical(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_hash128 hash;
    return load("m", 1, &hash, err);
}

static tpl_status load_loose(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_hash128 hash;
    return load("loose", 1, &hash, err);
}

static tpl_status load_long(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_hash128 hash;
    return load("long", ROWS, &hash, err);
}

/* The readers of parts, of which it takes a much longer one to have several: see
 * test_manifest_load.c. */
static tpl_status load_unhashed(bool disturbed, tpl_error *err) {
    (void)disturbed;
    return load("long", ROWS, NULL, err);
}

static tpl_status write_file(bool disturbed, tpl_error *err) {
    (void)disturbed;
    tpl_output *output = NULL;
    tpl_status status = tpl_output_new(&output, "out-link", NULL, err);
    assert_true((output != NULL) == (status == TPL_OK));
    if (status == TPL_OK) {
        for (int i = 0; i < LINES; i++) {
            (void)tpl_output_write("a line of text\n", 15, output); /* told by the commit */
        }
        status = tpl_output_commit(output, err);
        tpl_output_free(output);
    }
    return status;
}

/* The payload of a job of everything in the tree, its locations being reached by links. */
static tpl_status submit(bool disturbed, tpl_error *err) {
    static const tpl_location locations[] = {{"b", TREE "/folder", false},
                                             {"shared", TREE "/a/b/../../nowhere", true}};
    static const char *directories[] = {TREE};
    static const char *outputs[] = {TREE "/a/b/out"};
    static const tpl_profile profile = {NULL, false, locations, 2};
    tpl_references references = TPL_REFERENCES_INIT;
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    tpl_submission *made = NULL;
    tpl_buffer payload = TPL_BUFFER_INIT;
    (void)disturbed;
    references.directories = (tpl_strings){directories, 1, 1};
    references.outputs = (tpl_strings){outputs, 1, 1};
    options.profile = &profile;
    tpl_status status = tpl_submission_new(&made, &references, &options, err);
    if (status == TPL_OK) {
        status = tpl_submission_hash(made, TPL_FORMAT_DEFAULT, &options.run, NULL, err);
    }
    if (status == TPL_OK) {
        status = tpl_submission_payload(&payload, made, "COPIED", NULL, err);
    }
    if (status == TPL_OK && attachments.len == 0) { /* the first time, nothing fails */
        attachments = payload;
        payload = (tpl_buffer)TPL_BUFFER_INIT;
    } else if (status == TPL_OK) {
        assert_int_equal(payload.len, attachments.len);
        assert_memory_equal(payload.data, attachments.data, payload.len);
    }
    tpl_buffer_dispose(&payload);
    tpl_submission_free(made);
    return status;
}

static const fault_case cases[] = {
    {"tpl_snapshot", "one thread", snapshot},
    {"tpl_snapshot", "threads", snapshot_by_threads},
    {"tpl_snapshot", "few descriptors", snapshot_with_few_descriptors},
    {"tpl_snapshot", "passing over what cannot be read", snapshot_passing_over},
    {"tpl_snapshot", "a base", snapshot_of_a_base},
    {"tpl_snapshot", "a delta", snapshot_delta},
    {"tpl_snapshot", "a delta that is a diff", snapshot_diff},
    {"tpl_snapshot", "an index", snapshot_with_index},
    {"tpl_snapshot", "links kept", snapshot_keeping_links},
    {"tpl_verify", "links followed", verify},
    {"tpl_verify", "links beneath", verify_beneath},
    {"tpl_verify", "links kept", verify_kept_links},
    {"tpl_diff_sides", "by hash", diff},
    {"tpl_diff_sides", "by time", diff_by_time},
    {"tpl_diff_sides", "trees", diff_trees},
    {"tpl_diff_files", "canonical files", diff_files},
    {"tpl_hash_file", "a file", hash_file},
    {"tpl_hash_file", "a large one", hash_large},
    {"tpl_hash_file", "a device", hash_device},
    {"tpl_hash_fd", "a large file", hash_descriptor},
    {"tpl_file_read", "a file", read_file},
    {"tpl_file_read_fd", "a file", read_descriptor},
    {"tpl_manifest_load", "a canonical file", load_canonical},
    {"tpl_manifest_load", "a long one", load_long},
    {"tpl_manifest_load", "a long one, unhashed", load_unhashed},
    {"tpl_manifest_load", "another file", load_loose},
    {"tpl_output_new tpl_output_write tpl_output_commit", "replacing", write_file},
    {"tpl_submission_new tpl_submission_hash tpl_submission_payload", "a job", submit},
};

/* Removes what does not belong there; returns how much there was. */
static int tidy(void) {
    DIR *dir = opendir(".");
    assert_non_null(dir);
    int found = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (strncmp(entry->d_name, "out.", 4) == 0 || strncmp(entry->d_name, ".out.", 5) == 0) {
            assert_int_equal(unlink(entry->d_name), 0);
            found++;
        }
    }
    closedir(dir);
    return found;
}

/* The output is the old text or all of the new; beside it lies at most what a failed unlink left.
 */
static void check_output(tpl_status status) {
    tpl_buffer text = TPL_BUFFER_INIT;
    assert_int_equal(tpl_file_read(&text, "out", NULL, NULL, NULL), TPL_OK);
    bool old = text.len == 3;
    assert_true(old || text.len == 15 * (size_t)LINES);
    assert_true(status == TPL_OK || old);
    tpl_buffer_dispose(&text);
    scratch_write("out", "old");
    assert_true(tidy() <= (status == TPL_OK ? 0 : 1));
    assert_int_equal(scratch_entries("."), 7);
}

static bool may_fail_with(tpl_status status) {
    return status == TPL_OK || status == TPL_E_IO || status == TPL_E_NOMEM ||
           status == TPL_E_EMPTY || status == TPL_E_CHANGED;
}

static void complain(const fault_case *c, uint64_t nth, const char *what) {
    fail_msg("%s (%s), call %llu: %s", c->functions, c->about, (unsigned long long)nth, what);
}

/* Returns false when no call failed, so that all have been tried. */
static bool try_one(const fault_case *c, uint64_t nth, int sys_errno, bool forever) {
    tpl_error err = TPL_ERROR_INIT;
    size_t descriptors = scratch_entries("/dev/fd");
    bool harmless = sys_errno == EINTR || sys_errno == SYS_FAULTY_SHORT;
    sys_faulty_arm(nth, sys_errno, forever);
    tpl_status status = c->run(!harmless, &err);
    bool failed = sys_faulty_failed() > 0;
    sys_faulty_arm(0, 0, false);
    bool unsettled = harmless && forever && status == TPL_E_CHANGED; /* each read stops short */
    if (!(failed && !harmless ? may_fail_with(status) : status == TPL_OK || unsettled)) {
        complain(c, nth, err.message);
    }
    if (err.status != status || scratch_entries("/dev/fd") != descriptors) {
        complain(c, nth, "a descriptor was left open, or the record says something else");
    }
    tpl_error_dispose(&err);
    check_output(c->run == write_file ? status : TPL_E_IO);
    return failed;
}

static void sweep(int sys_errno, bool forever) {
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        uint64_t nth = 1;
        while (try_one(&cases[i], nth, sys_errno, forever)) {
            nth++;
            assert_true(nth < MOST_CALLS);
        }
        assert_true(nth > 1 || sys_errno == SYS_FAULTY_SHORT); /* not all read or write */
    }
}

/* Whatever is made is said to be there: the attempts at a name come to an end. */
static void sweep_of_taken_names(void) {
    const fault_case write = {"", "taken names", write_file};
    for (uint64_t nth = 1; try_one(&write, nth, EEXIST, true); nth++) {
        assert_true(nth < MOST_CALLS);
    }
}

static void prepare(void) {
    make_tree();
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    assert_int_equal(tpl_snapshot(&truth, TREE, &options, NULL, NULL), TPL_OK);
    options = keeping();
    assert_int_equal(tpl_snapshot(&kept, TREE, &options, NULL, NULL), TPL_OK);
    assert_int_equal(submit(false, NULL), TPL_OK);
    tpl_file_hash large;
    assert_int_equal(tpl_hash_file(&large, "large", NULL, NULL), TPL_OK);
    large_hash = large.hash;
}

static void finish(void) {
    tpl_manifest_free(truth);
    tpl_manifest_free(kept);
    tpl_buffer_dispose(&attachments);
}

static void one_failing_call_is_an_error_or_makes_no_difference(void **state) {
    (void)state;
    prepare();
    sweep(EIO, false);
    finish();
}

static void nothing_works_from_some_call_on(void **state) {
    (void)state;
    prepare();
    sweep(EMFILE, true);
    sweep(EACCES, true);
    sweep_of_taken_names();
    finish();
}

static void a_call_that_is_not_for_now_or_not_there_at_all(void **state) {
    (void)state;
    prepare();
    sweep(EAGAIN, false);
    sweep(ENOSYS, false);
    sweep(ENOSPC, false);
    finish();
}

/* Of what is read, these may be answers: that it is no link, no device. */
static void writing_is_not_for_this_file(void **state) {
    (void)state;
    static const int numbers[] = {EINVAL, ENOTSUP, EEXIST, ENXIO};
    const fault_case writing = {"", "replacing", write_file};
    prepare();
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        for (uint64_t nth = 1; try_one(&writing, nth, numbers[i], false); nth++) {
            assert_true(nth < MOST_CALLS);
        }
    }
    finish();
}

static void an_interrupted_call_is_made_again(void **state) {
    (void)state;
    prepare();
    sweep(EINTR, false);
    finish();
}

static void what_is_read_or_written_in_part_is_gone_on_with(void **state) {
    (void)state;
    prepare();
    sweep(SYS_FAULTY_SHORT, false);
    sweep(SYS_FAULTY_SHORT, true);
    finish();
}

/* --- what works on values makes few calls, and needs none of them --- */

static tpl_status name_snapshot(tpl_error *err) {
    tpl_buffer name = TPL_BUFFER_INIT;
    tpl_status status = tpl_snapshot_name(&name, TREE, NULL, "2023-11-14T22-13-20", err);
    assert_true(status != TPL_OK || name.len > strlen(TREE));
    tpl_buffer_dispose(&name);
    return status;
}

static const oom_case names[] = {
    {.functions = "tpl_snapshot_name", .about = "of a root", .run = name_snapshot}};

static void sweep_values(const oom_case *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const fault_case as = {values[i].functions, values[i].about, NULL};
        bool failed = true;
        for (uint64_t nth = 1; failed; nth++) {
            tpl_error err = TPL_ERROR_INIT;
            sys_faulty_arm(nth, EIO, false);
            tpl_status status = values[i].run(&err);
            failed = sys_faulty_failed() > 0;
            sys_faulty_arm(0, 0, false);
            if (status != values[i].otherwise &&
                !(failed && (may_fail_with(status) || status == TPL_E_INPUTS))) {
                complain(&as, nth, err.message);
            }
            tpl_error_dispose(&err);
        }
    }
}

static void values_are_made_whichever_call_fails(void **state) {
    (void)state;
    oom_values_setup();
    oom_files_setup();
    sweep_values(oom_values, oom_values_count);
    sweep_values(oom_jobs, oom_jobs_count);
    sweep_values(names, 1);
    oom_files_teardown();
    oom_values_teardown();
}

static bool is_tried(const char *name) {
    bool tried = headers_lists(names[0].functions, name);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        tried = tried || headers_lists(cases[i].functions, name);
    }
    for (size_t i = 0; i < oom_values_count; i++) {
        tried = tried || headers_lists(oom_values[i].functions, name);
    }
    for (size_t i = 0; i < oom_jobs_count; i++) {
        tried = tried || headers_lists(oom_jobs[i].functions, name);
    }
    return tried;
}

static void every_public_function_that_can_fail_is_among_them(void **state) {
    (void)state;
    headers_check(is_tried, "with failing calls");
}

static void without_what_the_system_knows_there_are_defaults(void **state) {
    (void)state;
    sys_faulty_arm(1, EINVAL, true);
    int64_t tick = tpl__fs_tick();
    unsigned budget = tpl__fs_open_budget();
    unsigned cpus = tpl__cpu_count();
    sys_faulty_arm(0, 0, false);
    assert_int_equal(tick, 10000000);
    assert_int_equal(budget, 4);
    assert_true(cpus >= 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(one_failing_call_is_an_error_or_makes_no_difference),
        IN_SCRATCH(nothing_works_from_some_call_on),
        IN_SCRATCH(a_call_that_is_not_for_now_or_not_there_at_all),
        IN_SCRATCH(writing_is_not_for_this_file),
        IN_SCRATCH(an_interrupted_call_is_made_again),
        IN_SCRATCH(what_is_read_or_written_in_part_is_gone_on_with),
        IN_SCRATCH(values_are_made_whichever_call_fails),
        cmocka_unit_test(every_public_function_that_can_fail_is_among_them),
        cmocka_unit_test(without_what_the_system_knows_there_are_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
