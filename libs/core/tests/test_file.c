/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "scratch.h"
#include "tpl/file.h"

static int count_polls(void *payload) {
    int *polls = payload;
    ++*polls;
    return 0;
}

static int stop_at_third_poll(void *payload) {
    int *polls = payload;
    return ++*polls == 3;
}

/* A child that writes `count` times "x" with a pause before each, then ends. */
static pid_t start_writer(const char *path, int fd, int count) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        usleep(60000);
        int out = path == NULL ? fd : open(path, O_WRONLY);
        for (int i = 0; i < count; i++) {
            usleep(30000);
            if (write(out, "x", 1) != 1) {
                _exit(1);
            }
        }
        _exit(0);
    }
    return child;
}

static void assert_child_succeeded(pid_t child) {
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void appends_a_file_behind_what_is_there(void **state) {
    (void)state;
    scratch_write("f", "content");
    scratch_set_mtime("f", 1700000000123456789);
    tpl_buffer out = TPL_BUFFER_INIT;
    int64_t mtime = 0;
    assert_int_equal(tpl_buffer_append(&out, "> ", 2), TPL_OK);
    assert_int_equal(tpl_file_read(&out, "f", &mtime, NULL, NULL), TPL_OK);
    assert_int_equal(out.len, 9);
    assert_memory_equal(out.data, "> content", 9);
    assert_true(mtime == 1700000000123456789);
    scratch_set_mtime("f", -1500);
    assert_int_equal(tpl_file_read(&out, "f", &mtime, NULL, NULL), TPL_OK);
    assert_true(mtime == -1500);
    tpl_buffer_dispose(&out);
}

static void reads_empty_and_large_files(void **state) {
    (void)state;
    size_t len = (size_t)5 << 20;
    char *data = malloc(len);
    assert_non_null(data);
    for (size_t i = 0; i < len; i++) {
        data[i] = (char)(i * 7 + i / 1000);
    }
    scratch_write("empty", "");
    scratch_write_bytes("large", data, len);
    tpl_buffer out = TPL_BUFFER_INIT;
    int polls = 0;
    tpl_run run = TPL_RUN_INIT;
    run.poll = count_polls;
    run.payload = &polls;
    assert_int_equal(tpl_file_read(&out, "empty", NULL, &run, NULL), TPL_OK);
    assert_int_equal(out.len, 0);
    assert_int_equal(tpl_file_read(&out, "large", NULL, &run, NULL), TPL_OK);
    assert_int_equal(out.len, len);
    assert_memory_equal(out.data, data, len);
    tpl_buffer_dispose(&out);
    free(data);
}

static void reads_a_file_whose_size_says_nothing(void **state) {
    (void)state;
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_file_read(&out, "/proc/self/status", NULL, NULL, NULL), TPL_OK);
    assert_true(out.len > 100);
    assert_memory_equal(out.data, "Name:", 5);
    tpl_buffer_dispose(&out);
}

static void a_ceiling_holds_to_the_byte(void **state) {
    (void)state;
    scratch_write("f", "12345678");
    for (size_t max = 6; max < 11; max++) {
        tpl_buffer out = {NULL, 0, 0, max};
        tpl_error err = TPL_ERROR_INIT;
        tpl_status expected = max >= 8 ? TPL_OK : TPL_E_NOMEM;
        assert_int_equal(tpl_file_read(&out, "f", NULL, NULL, &err), expected);
        assert_int_equal(err.status, expected);
        assert_int_equal(out.len, max >= 8 ? 8 : 0);
        tpl_buffer_dispose(&out);
        tpl_error_dispose(&err);
    }
    tpl_buffer out = {NULL, 0, 0, 4}; /* a pipe, whose size is not known beforehand */
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "12345", 5), 5);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(tpl_file_read_fd(&out, ends[0], "pipe", NULL, NULL), TPL_E_NOMEM);
    assert_int_equal(out.len, 0);
    assert_int_equal(close(ends[0]), 0);
    tpl_buffer_dispose(&out);
}

static void a_pipe_may_fill_a_buffer_to_its_last_byte(void **state) {
    (void)state;
    for (size_t max = 7; max < 9; max++) {
        int ends[2];
        tpl_buffer out = {NULL, 0, 0, max};
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], "12345678", 8), 8);
        close(ends[1]);
        assert_int_equal(tpl_file_read_fd(&out, ends[0], "pipe", NULL, NULL),
                         max == 8 ? TPL_OK : TPL_E_NOMEM);
        assert_int_equal(out.len, max == 8 ? 8 : 0);
        close(ends[0]);
        tpl_buffer_dispose(&out);
    }
}

static void a_directory_or_nothing_is_an_error_with_its_path(void **state) {
    (void)state;
    static const struct {
        const char *path;
        int sys_errno;
    } table[] = {{".", EISDIR}, {"missing", ENOENT}, {"f/x", ENOTDIR}, {"", ENOENT}};
    scratch_write("f", "content");
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        tpl_buffer out = TPL_BUFFER_INIT;
        tpl_error err = TPL_ERROR_INIT;
        assert_int_equal(tpl_file_read(&out, table[i].path, NULL, NULL, &err), TPL_E_IO);
        assert_int_equal(err.status, TPL_E_IO);
        assert_int_equal(err.sys_errno, table[i].sys_errno);
        if (table[i].path[0] != '\0') {
            assert_string_equal(err.path, table[i].path);
        }
        assert_int_equal(out.len, 0);
        tpl_error_dispose(&err);
        tpl_buffer_dispose(&out);
    }
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_file_read_fd(&out, -1, "none", NULL, NULL), TPL_E_IO);
    tpl_buffer_dispose(&out);
}

static void a_pipe_is_read_to_its_end_while_polling(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = start_writer(NULL, ends[1], 4);
    assert_int_equal(close(ends[1]), 0);
    int polls = 0;
    tpl_run run = TPL_RUN_INIT;
    run.poll = count_polls;
    run.payload = &polls;
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_file_read_fd(&out, ends[0], "pipe", &run, NULL), TPL_OK);
    assert_int_equal(out.len, 4);
    assert_memory_equal(out.data, "xxxx", 4);
    assert_true(polls >= 2);
    assert_child_succeeded(child);
    assert_int_equal(close(ends[0]), 0);
    tpl_buffer_dispose(&out);
}

static void a_named_pipe_waits_for_its_writer(void **state) {
    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    pid_t child = start_writer("fifo", -1, 2);
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_file_read(&out, "fifo", NULL, NULL, NULL), TPL_OK);
    assert_int_equal(out.len, 2);
    assert_child_succeeded(child);
    tpl_buffer_dispose(&out);
}

static void a_poll_stops_it_and_nothing_is_appended(void **state) {
    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    int keep = open("fifo", O_RDWR); /* a writer that never ends */
    assert_true(keep >= 0);
    assert_int_equal(write(keep, "some", 4), 4);
    int polls = 0;
    tpl_run run = TPL_RUN_INIT;
    run.poll = stop_at_third_poll;
    run.payload = &polls;
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_buffer_append(&out, "> ", 2), TPL_OK);
    assert_int_equal(tpl_file_read(&out, "fifo", NULL, &run, &err), TPL_E_CANCELLED);
    assert_int_equal(err.status, TPL_E_CANCELLED);
    assert_int_equal(polls, 3);
    assert_int_equal(out.len, 2);
    assert_int_equal(close(keep), 0);
    tpl_error_dispose(&err);
    tpl_buffer_dispose(&out);
}

static void knows_directories(void **state) {
    (void)state;
    scratch_write("d/f", "");
    scratch_link("to-d", "d");
    scratch_link("nowhere", "x");
    assert_true(tpl_file_is_directory("d"));
    assert_true(tpl_file_is_directory("to-d"));
    assert_true(tpl_file_is_directory("/"));
    assert_false(tpl_file_is_directory("d/f"));
    assert_false(tpl_file_is_directory("nowhere"));
    assert_false(tpl_file_is_directory("missing"));
    assert_false(tpl_file_is_directory(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(appends_a_file_behind_what_is_there),
        IN_SCRATCH(reads_empty_and_large_files),
        IN_SCRATCH(reads_a_file_whose_size_says_nothing),
        IN_SCRATCH(a_ceiling_holds_to_the_byte),
        IN_SCRATCH(a_directory_or_nothing_is_an_error_with_its_path),
        IN_SCRATCH(a_pipe_is_read_to_its_end_while_polling),
        IN_SCRATCH(a_named_pipe_waits_for_its_writer),
        IN_SCRATCH(a_poll_stops_it_and_nothing_is_appended),
        IN_SCRATCH(knows_directories),
        cmocka_unit_test(a_pipe_may_fill_a_buffer_to_its_last_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
