/* SPDX-License-Identifier: MIT */
/* One tree, one answer: whatever the number of threads, and in whatever order a file system lists
 * its directories, which the linker's --wrap shuffles here. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fs.h"
#include "scratch.h"
#include "tpl/diff.h"
#include "tpl/manifest.h"
#include "tpl/snapshot.h"
#include "tpl/verify.h"

enum {
    MOST_JOBS = 64,
    MOST_RECORDS = 256,
    DIRS = 6,
    FILES = 40,
    LENGTH_AT = 16 /* of linux_dirent64 */
};

static atomic_uint seed; /* 0: as they come */
static atomic_uint shuffled;

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

/* Exchanges whole records, which keep their lengths. */
static void shuffle(unsigned char *block, size_t len, uint32_t state) {
    size_t starts[MOST_RECORDS + 1] = {0};
    size_t count = 0;
    unsigned char copy[1 << 16];
    assert_true(len <= sizeof(copy));
    memcpy(copy, block, len);
    for (size_t at = 0; at < len; starts[++count] = at) {
        assert_true(count < MOST_RECORDS);
        at += (size_t)copy[at + LENGTH_AT] | (size_t)copy[at + LENGTH_AT + 1] << 8;
    }
    size_t order[MOST_RECORDS];
    for (size_t i = 0; i < count; i++) {
        size_t other = next_random(&state) % (i + 1);
        order[i] = i;
        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0, at = 0; i < count; i++) {
        size_t size = starts[order[i] + 1] - starts[order[i]];
        memcpy(block + at, copy + starts[order[i]], size);
        at += size;
    }
}

int __real_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got);
int __wrap_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got);

int __wrap_tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got) {
    int error = __real_tpl__fs_read_dir(fd, buf, size < 1 << 16 ? size : 1 << 16, got);
    uint32_t state = atomic_load(&seed);
    if (error == 0 && *got > 0 && state != 0) {
        atomic_fetch_add(&shuffled, 1);
        shuffle(buf, *got, state * 2654435761U + (uint32_t)fd);
    }
    return error;
}

static int enter_with_tree(void **state) {
    scratch_enter(state);
    for (int d = 0; d < DIRS; d++) {
        for (int f = 0; f < FILES; f++) {
            char path[64];
            char text[32];
            snprintf(path, sizeof(path), "tree/d%d/%s%d", d, f % 3 == 0 ? "s/\xc3\xa9" : ".f", f);
            snprintf(text, sizeof(text), "%d", f % 7);
            scratch_write_old(path, text);
        }
    }
    scratch_directory("tree/empty");
    scratch_link("tree/d0/up", "../d1");
    scratch_link("tree/d1/up", "../d0"); /* a circle */
    scratch_link("tree/link", "d2/.f1");
    scratch_link("tree/gone", "nothing");
    scratch_fifo("tree/pipe");
    return 0;
}

static void add_line(tpl_buffer *out, const char *text, size_t len) {
    assert_int_equal(tpl_buffer_append(out, text, len), TPL_OK);
    assert_int_equal(tpl_buffer_append(out, "\n", 1), TPL_OK);
}

/* What was passed over, in the order in which it was told. */
static void on_warning(const tpl_warning *warning, void *payload) {
    tpl_buffer *told = payload;
    add_line(told, warning->path, warning->path_len);
}

static tpl_manifest *scan(tpl_snapshot_options *options, unsigned jobs, tpl_buffer *out) {
    tpl_manifest *manifest = NULL;
    options->run = (tpl_run){.jobs = jobs, .warning = on_warning, .payload = out};
    assert_int_equal(tpl_snapshot(&manifest, "tree", options, NULL, NULL), TPL_OK);
    return manifest;
}

/* One part of the tree held against another: names of most are in one of them only. */
static void compare_parts(tpl_buffer *out, unsigned jobs) {
    tpl_verify_options verify = TPL_VERIFY_OPTIONS_INIT;
    tpl_diff_options diff = TPL_DIFF_OPTIONS_INIT;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_manifest *manifest = NULL;
    tpl_verification *found = NULL;
    tpl_diff *changes = NULL;
    size_t len = 0;
    verify.strict = true;
    verify.run.jobs = diff.run.jobs = options.run.jobs = jobs;
    assert_int_equal(tpl_snapshot(&manifest, "tree/d1", &options, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_verify(&found, manifest, "tree", &verify, NULL), TPL_OK);
    for (int finding = 0; finding < TPL_FINDING_COUNT; finding++) {
        for (size_t i = 0; i < tpl_verification_count(found, (tpl_finding)finding); i++) {
            const char *path = tpl_verification_path(found, (tpl_finding)finding, i, &len, NULL);
            add_line(out, path, len);
        }
    }
    tpl_side before = {NULL, "tree/d0"};
    tpl_side after = {NULL, "tree"};
    assert_int_equal(tpl_diff_sides(&changes, before, after, &diff, NULL), TPL_OK);
    for (int change = TPL_CHANGE_NEW; change < TPL_CHANGE_COUNT; change++) {
        for (size_t i = 0; i < tpl_diff_count(changes, (tpl_change)change); i++) {
            const char *path = tpl_diff_path(changes, (tpl_change)change, i, &len);
            add_line(out, path, len);
        }
    }
    tpl_diff_free(changes);
    tpl_verification_free(found);
    tpl_manifest_free(manifest);
}

/* Appends everything that comes of the tree. */
static void describe(tpl_buffer *out, unsigned jobs) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    for (int format = 0; format < TPL_FORMAT_COUNT; format++) {
        options.format = (tpl_format)format;
        options.filter.symlinks = format == 0 ? TPL_SYMLINKS_FOLLOW : TPL_SYMLINKS_KEEP;
        tpl_manifest *manifest = scan(&options, jobs, out);
        assert_int_equal(
            tpl_manifest_encode(manifest, (tpl_format)format, tpl_buffer_write, out, NULL, NULL),
            TPL_OK);
        tpl_manifest_free(manifest);
    }
    compare_parts(out, jobs);
}

/* Shows what is about the first difference. */
static void expect_same(const tpl_buffer *found, const tpl_buffer *expected, unsigned jobs) {
    size_t least = found->len < expected->len ? found->len : expected->len;
    size_t at = 0;
    while (at < least && found->data[at] == expected->data[at]) {
        at++;
    }
    if (at < found->len || at < expected->len) {
        size_t from = at < 80 ? 0 : at - 80;
        size_t shown = least - from < 160 ? least - from : 160;
        fail_msg("%u threads, from byte %zu: \"%.*s\" and not \"%.*s\"", jobs, at, (int)shown,
                 found->data + from, (int)shown, expected->data + from);
    }
}

static void a_tree_has_one_answer(void **state) {
    (void)state;
    tpl_buffer expected = TPL_BUFFER_INIT;
    atomic_store(&seed, 0);
    describe(&expected, 1);
    assert_true(expected.len > (size_t)2 * DIRS * FILES * 60);
    for (unsigned jobs = 1; jobs <= MOST_JOBS; jobs++) {
        tpl_buffer found = TPL_BUFFER_INIT;
        atomic_store(&seed, jobs);
        describe(&found, jobs);
        expect_same(&found, &expected, jobs);
        tpl_buffer_dispose(&found);
    }
    assert_true(atomic_load(&shuffled) > MOST_JOBS * DIRS); /* or nothing was in another order */
    tpl_buffer_dispose(&expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_tree_has_one_answer, enter_with_tree, scratch_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
