/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "fresh.h"
#include "scratch.h"
#include "tpl/hash.h"

static void gives_hash_size_and_time(void **state) {
    (void)state;
    scratch_write_old("file", "hello");
    scratch_link("link", "file");
    static const char *const names[] = {"file", "link"};
    for (int i = 0; i < 2; i++) {
        tpl_file_hash got;
        assert_int_equal(tpl_hash_file(&got, names[i], NULL, NULL), TPL_OK);
        char hex[TPL_HASH_HEX_LEN + 1];
        tpl_hash128_to_hex(got.hash, hex);
        assert_string_equal(hex, "b5e9c1ad071b3e7fc779cfaa5e523818");
        assert_true(got.size == 5);
        assert_true(got.mtime == 1600000000123456);
    }
}

static void names_the_file_and_the_cause(void **state) {
    (void)state;
    scratch_directory("dir");
    static const struct {
        const char *name;
        int sys_errno;
        const char *message;
    } cases[] = {
        {"missing", ENOENT, "no such file or directory"},
        {"dir", EISDIR, "is a directory"},
    };
    for (int i = 0; i < 2; i++) {
        tpl_file_hash got;
        tpl_error err = TPL_ERROR_INIT;
        assert_int_equal(tpl_hash_file(&got, cases[i].name, NULL, &err), TPL_E_IO);
        assert_int_equal(err.sys_errno, cases[i].sys_errno);
        assert_string_equal(err.message, cases[i].message);
        assert_string_equal(err.path, cases[i].name);
        tpl_error_dispose(&err);
    }
}

static int always(void *payload) {
    *(int *)payload += 1;
    return 1;
}

static void polls_while_a_pipe_is_silent(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int polls = 0;
    tpl_run run = TPL_RUN_INIT;
    run.poll = always;
    run.payload = &polls;
    tpl_file_hash got;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_hash_fd(&got, ends[0], "-", &run, &err), TPL_E_CANCELLED);
    assert_int_equal(polls, 1);
    tpl_error_dispose(&err);
    close(ends[0]);
    close(ends[1]);
}

static int refuse(const tpl_progress *progress, void *payload) {
    return progress->phase == *(tpl_phase *)payload;
}

static void progress_can_cancel_first_and_last(void **state) {
    (void)state;
    scratch_write_old("file", "hello");
    static tpl_phase phases[] = {TPL_PHASE_SCAN, TPL_PHASE_DONE};
    for (int i = 0; i < 2; i++) {
        tpl_run run = TPL_RUN_INIT;
        run.progress = refuse;
        run.payload = &phases[i];
        tpl_file_hash got;
        assert_int_equal(tpl_hash_file(&got, "file", &run, NULL), TPL_E_CANCELLED);
    }
}

static void what_never_rests_has_no_hash(void **state) {
    (void)state;
    scratch_write_old("file", "hello");
    tpl_file_hash got;
    tpl_error err = TPL_ERROR_INIT;
    fresh_files = true;
    assert_int_equal(tpl_hash_file(&got, "file", NULL, &err), TPL_E_CHANGED);
    fresh_files = false;
    assert_string_equal(err.path, "file");
    tpl_error_dispose(&err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(gives_hash_size_and_time),           IN_SCRATCH(what_never_rests_has_no_hash),
        IN_SCRATCH(names_the_file_and_the_cause),       IN_SCRATCH(polls_while_a_pipe_is_silent),
        IN_SCRATCH(progress_can_cancel_first_and_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
