/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "check.h"
#include "fs.h"
#include "scratch.h"

static void microseconds_are_floored_or_cut(void **state) {
    (void)state;
    static const struct {
        tpl__time time;
        int64_t floored;
        int64_t cut;
    } cases[] = {
        {{0, 0}, 0, 0},
        {{1, 999}, 1000000, 1000000},
        {{1600000000, 123456789}, 1600000000123456, 1600000000123456},
        {{-1, 999999999}, -1, 0}, /* one nanosecond before the epoch */
        {{-2, 1000}, -1999999, -1999999},
        {{INT64_MAX, 0}, INT64_MAX, INT64_MAX},
        {{INT64_MIN, 0}, INT64_MIN, INT64_MIN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_true(tpl__time_to_us(cases[i].time) == cases[i].floored);
        assert_true(tpl__time_cut_to_us(cases[i].time) == cases[i].cut);
    }
    assert_true(tpl__time_compare((tpl__time){1, 5}, (tpl__time){2, 0}) < 0);
    assert_true(tpl__time_compare((tpl__time){1, 5}, (tpl__time){1, 4}) > 0);
    assert_int_equal(tpl__time_compare((tpl__time){1, 5}, (tpl__time){1, 5}), 0);
}

static void a_file_is_created_once_written_and_renamed(void **state) {
    (void)state;
    char old_name[8192];
    snprintf(old_name, sizeof(old_name), "%s", "old");
    int fd = -1;
    assert_int_equal(tpl__fs_create(&fd, TPL__FS_CWD, old_name, 0600), 0);
    int again = -1;
    assert_int_equal(tpl__fs_create(&again, TPL__FS_CWD, old_name, 0600), EEXIST);
    assert_int_equal(again, -1);
    assert_int_equal(tpl__fs_write(fd, "hello", 5), 0);
    assert_int_equal(tpl__fs_set_mode(fd, 0640), 0);
    assert_int_equal(tpl__fs_sync(fd), 0);
    tpl__stat stat;
    assert_int_equal(tpl__fs_stat(&stat, fd), 0);
    assert_true(stat.size == 5 && stat.mode == 0640 && stat.type == TPL__TYPE_FILE);
    tpl__fs_close(fd);
    const char *new_name = "new";
    assert_int_equal(tpl__fs_rename(TPL__FS_CWD, old_name, new_name), 0);
    assert_int_equal(tpl__fs_access_write(TPL__FS_CWD, new_name), 0);
    assert_int_equal(tpl__fs_unlink(TPL__FS_CWD, new_name), 0);
    assert_int_equal(tpl__fs_unlink(TPL__FS_CWD, new_name), ENOENT);
    assert_int_equal(tpl__fs_open_write(&fd, TPL__FS_CWD, "/dev/full"), 0);
    assert_int_equal(tpl__fs_write(fd, "x", 1), ENOSPC);
    tpl__fs_close(fd);
}

static void a_wait_ends_with_data_or_time(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(tpl__fs_wait_readable(ends[0], 1), ETIMEDOUT);
    assert_int_equal(tpl__fs_wait_writable(ends[1], 1000), 0);
    assert_int_equal(tpl__fs_write(ends[1], "x", 1), 0);
    assert_int_equal(tpl__fs_wait_readable(ends[0], 1000), 0);
    char byte = 0;
    size_t got = 0;
    assert_int_equal(tpl__fs_read(ends[0], &byte, 1, &got), 0);
    assert_int_equal(got, 1);
    close(ends[1]);
    assert_int_equal(tpl__fs_read(ends[0], &byte, 1, &got), 0);
    assert_int_equal(got, 0);
    close(ends[0]);
    assert_int_equal(tpl__fs_read(-1, &byte, 1, &got), EBADF);
}

static void a_socket_is_not_waited_for(void **state) {
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(listening >= 0);
    assert_int_equal(bind(listening, (const struct sockaddr *)&address, sizeof(address)), 0);
    int fd = -1;
    assert_int_equal(tpl__fs_open_write(&fd, TPL__FS_CWD, "socket"), ENXIO);
    assert_int_equal(fd, -1);
    close(listening);
}

static void a_path_may_name_a_descriptor(void **state) {
    (void)state;
    static const struct {
        const char *path;
        int want;
    } cases[] = {
        {"/dev/stdin", 0},        {"/dev/stdout", 1},
        {"/dev/stderr", 2},       {"/dev/fd/7", 7},
        {"/proc/self/fd/12", 12}, {"/dev/fd/", -1},
        {"/dev/fd/x", -1},        {"/dev/fd/:", -1},
        {"/dev/fd/7x", -1},       {"/dev/fd/7/..", -1},
        {"/dev/null", -1},        {"/dev/fd/99999999999", -1},
        {"/dev/fd/+7", -1},       {"", -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_int_equal(tpl__fs_descriptor_named(cases[i].path), cases[i].want);
    }
}

static void what_the_process_lacks_is_told_from_what_a_file_lacks(void **state) {
    (void)state;
    assert_true(tpl__fs_is_starved(ENOMEM) && tpl__fs_is_starved(EMFILE) &&
                tpl__fs_is_starved(ENFILE));
    assert_false(tpl__fs_is_starved(EACCES) || tpl__fs_is_starved(0));
}

static void what_is_not_open_is_an_error(void **state) {
    (void)state;
    int copy = 0;
    assert_int_equal(tpl__fs_duplicate(&copy, -1), EBADF);
    assert_int_equal(copy, -1);
    assert_int_equal(tpl__fs_rewind(-1), EBADF);
    assert_int_equal(tpl__fs_set_mode(-1, 0600), EBADF);
    assert_int_equal(tpl__fs_sync(-1), EBADF);
    assert_int_equal(tpl__fs_duplicate(&copy, STDERR_FILENO), 0);
    assert_true(copy > STDERR_FILENO);
    tpl__fs_close(copy);
}

static void a_pipe_is_never_stuck_in(void **state) {
    (void)state;
    static const char data[TPL__FS_PIECE];
    int fd = -1;
    size_t put = 1;
    size_t sum = 0;
    scratch_fifo("pipe");
    assert_int_equal(tpl__fs_open_write(&fd, TPL__FS_CWD, "pipe"), EAGAIN);
    int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_int_equal(tpl__fs_open_write(&fd, TPL__FS_CWD, "pipe"), 0);
    while (tpl__fs_wait_writable(fd, 1) == 0) {
        assert_int_equal(tpl__fs_write_some(fd, data, sizeof(data), &put), 0);
        assert_int_equal(put, sizeof(data));
        sum += put;
    }
    assert_true(sum >= sizeof(data));
    assert_int_equal(tpl__fs_wait_writable(fd, 1), ETIMEDOUT);
    assert_int_equal(tpl__fs_write_some(fd, data, sizeof(data), &put), EAGAIN);
    assert_int_equal(put, 0);
    tpl__fs_close(fd);
    close(reader);
    assert_int_equal(tpl__fs_write_some(-1, data, 1, &put), EBADF);
}

static void times_out_of_range_are_the_nearest_in_it(void **state) {
    (void)state;
    assert_true(tpl__time_to_ns((tpl__time){INT64_MAX, 0}) == INT64_MAX);
    assert_true(tpl__time_to_ns((tpl__time){INT64_MIN, 999999999}) == INT64_MIN);
    assert_true(tpl__time_to_ns((tpl__time){-1, 999999999}) == -1);
    assert_true(tpl__time_to_ns((tpl__time){9223372035, 5}) == INT64_C(9223372035000000005));
}

static void a_directory_that_is_gone_has_no_path(void **state) {
    (void)state;
    char *path = (char *)&state;
    scratch_directory("gone");
    int here = -1;
    assert_int_equal(tpl__fs_open_dir(&here, TPL__FS_CWD, ".", TPL__LINKS_FOLLOW), 0);
    assert_int_equal(chdir("gone"), 0);
    assert_int_equal(rmdir("../gone"), 0);
    assert_int_equal(tpl__fs_current(&path), ENOENT);
    assert_null(path);
    assert_int_equal(fchdir(here), 0);
    tpl__fs_close(here);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(microseconds_are_floored_or_cut),
        IN_SCRATCH(a_file_is_created_once_written_and_renamed),
        cmocka_unit_test(a_wait_ends_with_data_or_time),
        IN_SCRATCH(a_pipe_is_never_stuck_in),
        IN_SCRATCH(a_socket_is_not_waited_for),
        cmocka_unit_test(a_path_may_name_a_descriptor),
        cmocka_unit_test(what_the_process_lacks_is_told_from_what_a_file_lacks),
        cmocka_unit_test(what_is_not_open_is_an_error),
        cmocka_unit_test(times_out_of_range_are_the_nearest_in_it),
        IN_SCRATCH(a_directory_that_is_gone_has_no_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
