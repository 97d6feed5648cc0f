/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "scratch.h"
#include "tpl/file.h"

#define NOBODY 65534

static tpl_status put(const char *path, const char *text, tpl_error *err) {
    tpl_output *output = NULL;
    tpl_status status = tpl_output_new(&output, path, NULL, err);
    if (status == TPL_OK) {
        (void)tpl_output_write(text, strlen(text), output); /* commit reports it */
        status = tpl_output_commit(output, err);
        tpl_output_free(output);
    } else {
        assert_null(output);
    }
    return status;
}

static void assert_refused(const char *path, int sys_errno) {
    tpl_error err = TPL_ERROR_INIT;
    tpl_output *output = (tpl_output *)&err;
    assert_int_equal(tpl_output_new(&output, path, NULL, &err), TPL_E_IO);
    assert_null(output);
    assert_int_equal(err.sys_errno, sys_errno);
    assert_string_equal(err.path, path);
    tpl_error_dispose(&err);
}

static unsigned mode_of(const char *path) {
    struct stat stat;
    assert_int_equal(lstat(path, &stat), 0);
    return stat.st_mode & 07777;
}

/* Runs `body` in a child process, which may change what belongs to a process. */
static int in_child(int (*body)(void)) {
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(body());
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void makes_and_replaces_files(void **state) {
    (void)state;
    mode_t before = umask(027);
    assert_int_equal(put("f", "first", NULL), TPL_OK);
    assert_int_equal(mode_of("f"), 0640);
    scratch_assert_text("f", "first");
    assert_int_equal(chmod("f", 0604), 0);
    assert_int_equal(put("f", "second", NULL), TPL_OK);
    assert_int_equal(mode_of("f"), 0604);
    scratch_assert_text("f", "second");
    scratch_directory("d");
    assert_int_equal(put("d/f", "third", NULL), TPL_OK);
    scratch_assert_text("d/f", "third");
    assert_int_equal(scratch_entries("d"), 1);
    umask(before);
}

static void touches_nothing_before_the_first_write_and_the_target_before_commit(void **state) {
    (void)state;
    scratch_write("f", "old");
    tpl_output *output = NULL;
    assert_int_equal(tpl_output_new(&output, "f", NULL, NULL), TPL_OK);
    assert_int_equal(scratch_entries("."), 1);
    assert_int_equal(tpl_output_write("new", 3, output), TPL_OK);
    assert_int_equal(scratch_entries("."), 2);
    scratch_assert_text("f", "old");
    assert_int_equal(tpl_output_commit(output, NULL), TPL_OK);
    scratch_assert_text("f", "new");
    assert_int_equal(scratch_entries("."), 1);
    tpl_output_free(output);
    tpl_output_free(NULL);
    scratch_assert_text("f", "new");
}

static void without_commit_everything_stays_as_it_was(void **state) {
    (void)state;
    scratch_write("f", "old");
    tpl_output *output = NULL;
    assert_int_equal(tpl_output_new(&output, "f", NULL, NULL), TPL_OK);
    assert_int_equal(tpl_output_write("new", 3, output), TPL_OK);
    tpl_output_free(output);
    scratch_assert_text("f", "old");
    assert_int_equal(tpl_output_new(&output, "g", NULL, NULL), TPL_OK);
    tpl_output_free(output);
    assert_int_equal(scratch_entries("."), 1);
}

static void a_commit_without_a_write_makes_an_empty_file(void **state) {
    (void)state;
    scratch_write("f", "old");
    assert_int_equal(put("f", "", NULL), TPL_OK);
    scratch_assert_text("f", "");
}

static void pieces_of_every_size_come_out_in_order(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 65535, 65536, 65537, 3, 0, 200000, 65536, 10, 65530};
    tpl_buffer expected = TPL_BUFFER_INIT;
    tpl_buffer got = TPL_BUFFER_INIT;
    tpl_output *output = NULL;
    char *piece = malloc(200000);
    assert_non_null(piece);
    assert_int_equal(tpl_output_new(&output, "f", NULL, NULL), TPL_OK);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        memset(piece, (int)('a' + i), sizes[i]);
        assert_int_equal(tpl_buffer_append(&expected, piece, sizes[i]), TPL_OK);
        assert_int_equal(tpl_output_write(piece, sizes[i], output), TPL_OK);
    }
    assert_int_equal(tpl_output_commit(output, NULL), TPL_OK);
    tpl_output_free(output);
    assert_int_equal(tpl_file_read(&got, "f", NULL, NULL, NULL), TPL_OK);
    assert_int_equal(got.len, expected.len);
    assert_memory_equal(got.data, expected.data, got.len);
    tpl_buffer_dispose(&got);
    tpl_buffer_dispose(&expected);
    free(piece);
}

static void a_link_stays_and_its_target_is_replaced(void **state) {
    (void)state;
    scratch_write("d/f", "old");
    scratch_link("e/two", "../d/one");
    scratch_link("d/one", "f");
    assert_int_equal(chmod("d/f", 0600), 0);
    assert_int_equal(put("e/two", "new", NULL), TPL_OK);
    scratch_assert_text("d/f", "new");
    assert_int_equal(mode_of("d/f"), 0600);
    assert_int_equal(scratch_entries("d"), 2);
    assert_int_equal(scratch_entries("e"), 1);
    struct stat stat;
    assert_int_equal(lstat("e/two", &stat), 0);
    assert_true(S_ISLNK(stat.st_mode));
    assert_int_equal(lstat("d/one", &stat), 0);
    assert_true(S_ISLNK(stat.st_mode));
}

static void the_text_of_a_link_may_be_long(void **state) {
    (void)state;
    char text[1001] = "";
    for (size_t i = 0; i + 4 < sizeof(text); i += 2) {
        memcpy(text + i, "./", 3);
    }
    memcpy(text + strlen(text), "f", 2);
    scratch_link("link", text);
    assert_int_equal(put("link", "new", NULL), TPL_OK);
    scratch_assert_text("f", "new");
    assert_int_equal(scratch_entries("."), 2);
}

static void a_dangling_link_leads_to_the_file_that_is_made(void **state) {
    (void)state;
    scratch_directory("d");
    scratch_link("link", "d/f");
    char absolute[4096];
    snprintf(absolute, sizeof(absolute), "%s/d/g", (char *)*state);
    scratch_link("absolute", absolute);
    assert_int_equal(put("link", "new", NULL), TPL_OK);
    scratch_assert_text("d/f", "new");
    assert_int_equal(put("absolute", "newer", NULL), TPL_OK);
    scratch_assert_text("d/g", "newer");
    scratch_link("astray", "missing/f");
    assert_refused("astray", ENOENT);
    scratch_link("loop", "loop");
    assert_refused("loop", ELOOP);
}

static void what_cannot_be_written_is_refused_at_once(void **state) {
    (void)state;
    scratch_write("d/f", "");
    scratch_link("to-d", "d");
    assert_refused("d", EISDIR);
    assert_refused("to-d", EISDIR);
    assert_refused(".", EISDIR);
    assert_refused("/", EISDIR);
    assert_refused("new/", EISDIR);
    assert_refused("missing/f", ENOENT);
    assert_refused("d/f/g", ENOTDIR);
    assert_refused("d/f/", ENOTDIR);
    scratch_link("loop", "loop");
    scratch_link("there", "back");
    scratch_link("back", "there");
    assert_refused("loop", ELOOP);
    assert_refused("there", ELOOP);
    char name[300];
    memset(name, 'x', 299);
    name[299] = '\0';
    assert_refused(name, ENAMETOOLONG);
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(put("", "x", &err), TPL_E_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    tpl_error_dispose(&err);
    assert_int_equal(scratch_entries("d"), 1);
}

static int refusals_without_privileges(void) {
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) {
        return 1;
    }
    tpl_error err = TPL_ERROR_INIT;
    if (put("closed/new", "x", &err) != TPL_E_IO || err.sys_errno != EACCES) {
        return 2;
    }
    if (put("open/read-only", "x", &err) != TPL_E_IO || err.sys_errno != EACCES) {
        return 3;
    }
    if (put("open/new", "x", &err) != TPL_OK) {
        return 4;
    }
    tpl_error_dispose(&err);
    return 0;
}

static void permissions_are_checked_at_once(void **state) {
    scratch_directory("closed");
    scratch_directory("open");
    scratch_write("open/read-only", "old");
    assert_int_equal(chmod(*state, 0755), 0);
    assert_int_equal(chmod("closed", 0555), 0);
    assert_int_equal(chmod("open", 0777), 0);
    assert_int_equal(chmod("open/read-only", 0444), 0);
    assert_int_equal(in_child(refusals_without_privileges), 0);
    scratch_assert_text("open/read-only", "old");
    scratch_assert_text("open/new", "x");
    assert_int_equal(scratch_entries("closed"), 0);
    assert_int_equal(scratch_entries("open"), 2);
}

static void names_as_long_as_they_may_be(void **state) {
    (void)state;
    char name[256];
    memset(name, 'x', 255);
    name[255] = '\0';
    assert_int_equal(put(name, "long", NULL), TPL_OK);
    scratch_assert_text(name, "long");
    for (size_t i = 1; i + 1 < 255; i += 2) { /* two bytes a character */
        memcpy(name + i, "\xc3\xa9", 2);
    }
    assert_int_equal(put(name, "long", NULL), TPL_OK);
    scratch_assert_text(name, "long");
    assert_int_equal(scratch_entries("."), 2);
}

/* Of what the name of three-byte characters is cut to, none is a part. */
static void the_temporary_name_is_cut_between_characters(void **state) {
    (void)state;
    for (size_t pad = 0; pad < 3; pad++) {
        char name[100] = "aa";
        for (size_t i = 0; i < 30; i++) {
            memcpy(name + pad + 3 * i, "\xe2\x82\xac", 4);
        }
        tpl_output *output = NULL;
        assert_int_equal(tpl_output_new(&output, name, NULL, NULL), TPL_OK);
        assert_int_equal(tpl_output_write("1", 1, output), TPL_OK);
        DIR *dir = opendir(".");
        assert_non_null(dir);
        int found = 0;
        for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
            const char *end = strrchr(entry->d_name, '.');
            if (end != NULL && strcmp(end, ".tmp") == 0) {
                size_t kept = strlen(entry->d_name) - strlen("..0123456789ab.tmp");
                assert_int_equal((kept - pad) % 3, 0);
                assert_in_range(kept, 60, 64);
                found++;
            }
        }
        closedir(dir);
        assert_int_equal(found, 1);
        tpl_output_free(output);
    }
}

static void a_private_file_is_private_while_it_is_written(void **state) {
    (void)state;
    scratch_write("d/f", "old");
    assert_int_equal(chmod("d/f", 0640), 0);
    tpl_output *output = NULL;
    assert_int_equal(tpl_output_new(&output, "d/f", NULL, NULL), TPL_OK);
    assert_int_equal(tpl_output_write("x", 1, output), TPL_OK);
    assert_int_equal(unlink("d/f"), 0);
    assert_int_equal(rename("d", "e"), 0); /* and where the directory is does not matter */
    assert_int_equal(tpl_output_commit(output, NULL), TPL_OK);
    assert_int_equal(mode_of("e/f"), 0640);
    tpl_output_free(output);
}

static void several_outputs_to_one_file_do_not_meet(void **state) {
    (void)state;
    tpl_output *outputs[20];
    for (int i = 0; i < 20; i++) {
        char digit = (char)('a' + i);
        assert_int_equal(tpl_output_new(&outputs[i], "f", NULL, NULL), TPL_OK);
        assert_int_equal(tpl_output_write(&digit, 1, outputs[i]), TPL_OK);
    }
    assert_int_equal(scratch_entries("."), 20);
    for (int i = 0; i < 20; i++) {
        if (i % 2 == 0) {
            assert_int_equal(tpl_output_commit(outputs[i], NULL), TPL_OK);
        }
        tpl_output_free(outputs[i]);
    }
    scratch_assert_text("f", "s");
    assert_int_equal(scratch_entries("."), 1);
}

/* What the test cannot give a disk for: a limit on the size of files, which fails as a full one. */
static int writes_past_the_limit(void) {
    struct rlimit limit = {100000, 100000};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return 1;
    }
    tpl_output *output = NULL;
    tpl_error err = TPL_ERROR_INIT;
    if (tpl_output_new(&output, "f", NULL, &err) != TPL_OK) {
        return 2;
    }
    static const char data[40000];
    tpl_status first = tpl_output_write(data, sizeof(data), output);
    tpl_status last = first;
    for (int i = 0; i < 5; i++) {
        last = tpl_output_write(data, sizeof(data), output);
    }
    if (first != TPL_OK || last != TPL_E_IO) {
        return 3;
    }
    if (tpl_output_commit(output, &err) != TPL_E_IO || err.sys_errno != EFBIG ||
        strcmp(err.path, "f") != 0) {
        return 4;
    }
    if (scratch_entries(".") != 1) { /* gone before free */
        return 5;
    }
    tpl_output_free(output);
    tpl_error_dispose(&err);
    return 0;
}

static void a_failed_write_leaves_the_old_file_and_nothing_else(void **state) {
    (void)state;
    scratch_write("f", "old");
    assert_int_equal(in_child(writes_past_the_limit), 0);
    scratch_assert_text("f", "old");
    assert_int_equal(scratch_entries("."), 1);
}

static void a_failed_rename_leaves_nothing(void **state) {
    (void)state;
    tpl_output *output = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_output_new(&output, "f", NULL, NULL), TPL_OK);
    assert_int_equal(tpl_output_write("x", 1, output), TPL_OK);
    scratch_write("f/g", "in the way");
    assert_int_equal(tpl_output_commit(output, &err), TPL_E_IO);
    assert_int_equal(err.sys_errno, EISDIR);
    tpl_output_free(output);
    tpl_error_dispose(&err);
    assert_int_equal(scratch_entries("."), 1);
}

static void a_device_is_written_to_and_never_replaced(void **state) {
    (void)state;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(put("/dev/null", "x", &err), TPL_OK);
    struct stat stat;
    assert_int_equal(lstat("/dev/null", &stat), 0);
    assert_true(S_ISCHR(stat.st_mode));
    scratch_link("link", "/dev/null");
    assert_int_equal(put("link", "x", &err), TPL_OK);
    assert_int_equal(put("/dev/full", "x", &err), TPL_E_IO);
    assert_int_equal(err.sys_errno, ENOSPC);
    assert_string_equal(err.path, "/dev/full");
    tpl_error_dispose(&err);
}

static void a_pipe_gets_everything(void **state) {
    (void)state;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    int reader = open("fifo", O_RDWR);
    assert_true(reader >= 0);
    assert_int_equal(put("fifo", "through", NULL), TPL_OK);
    char got[16] = "";
    assert_int_equal(read(reader, got, sizeof(got)), 7);
    assert_string_equal(got, "through");
    assert_int_equal(close(reader), 0);
    assert_int_equal(scratch_entries("."), 1);
}

static int writes_to_own_descriptors(void) {
    int file = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || dup2(file, 1) != 1 || dup2(file, 9) != 9 || write(1, "header ", 7) != 7) {
        return 1;
    }
    if (put("/dev/stdout", "one ", NULL) != TPL_OK || put("/dev/fd/9", "two ", NULL) != TPL_OK ||
        put("link", "three ", NULL) != TPL_OK || put("/proc/self/fd/1", "four", NULL) != TPL_OK) {
        return 2;
    }
    tpl_error err = TPL_ERROR_INIT;
    if (put("/dev/fd/1000", "x", &err) != TPL_E_IO || err.sys_errno != EBADF) {
        return 3;
    }
    tpl_error_dispose(&err);
    return 0;
}

static void a_name_of_an_open_descriptor_goes_on_where_it_stands(void **state) {
    (void)state;
    scratch_link("link", "/dev/stdout");
    assert_int_equal(in_child(writes_to_own_descriptors), 0);
    scratch_assert_text("f", "header one two three four");
}

static void a_non_blocking_pipe_is_waited_for(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    size_t len = (size_t)1 << 20;
    char *data = malloc(len);
    assert_non_null(data);
    memset(data, 'x', len);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char name[32];
        tpl_output *output = NULL;
        close(ends[0]);
        snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
        bool good = tpl_output_new(&output, name, NULL, NULL) == TPL_OK &&
                    tpl_output_write(data, len, output) == TPL_OK &&
                    tpl_output_commit(output, NULL) == TPL_OK;
        _exit(good ? 0 : 1);
    }
    assert_int_equal(close(ends[1]), 0);
    tpl_buffer got = TPL_BUFFER_INIT;
    assert_int_equal(tpl_file_read_fd(&got, ends[0], "pipe", NULL, NULL), TPL_OK);
    assert_int_equal(got.len, len);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(close(ends[0]), 0);
    tpl_buffer_dispose(&got);
    free(data);
}

static int stop_at_third_poll(void *payload) {
    int *polls = payload;
    return ++*polls == 3;
}

/* Writes more than a pipe holds, until the third poll. */
static void assert_stops(const char *path) {
    static const char data[200000];
    int polls = 0;
    tpl_run run = TPL_RUN_INIT;
    run.poll = stop_at_third_poll;
    run.payload = &polls;
    tpl_error err = TPL_ERROR_INIT;
    tpl_output *output = NULL;
    assert_int_equal(tpl_output_new(&output, path, &run, &err), TPL_OK);
    assert_int_equal(tpl_output_write(data, sizeof(data), output), TPL_E_CANCELLED);
    assert_int_equal(tpl_output_write("x", 1, output), TPL_E_CANCELLED);
    assert_int_equal(tpl_output_commit(output, &err), TPL_E_CANCELLED);
    assert_string_equal(err.message, "cancelled");
    tpl_output_free(output);
    tpl_error_dispose(&err);
}

static void a_pipe_without_a_reader_can_be_given_up(void **state) {
    (void)state;
    scratch_fifo("pipe");
    assert_stops("pipe");
}

static void a_reader_that_sleeps_can_be_given_up(void **state) {
    (void)state;
    scratch_fifo("pipe");
    int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_stops("pipe");
    assert_int_equal(close(reader), 0);
    int ends[2];
    char name[32];
    assert_int_equal(pipe(ends), 0); /* and this one blocks by itself */
    snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
    assert_stops(name);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
}

static int stop(void *payload) {
    (void)payload;
    return 1;
}

static void what_is_given_up_leaves_the_old_file_and_nothing_else(void **state) {
    (void)state;
    tpl_run run = TPL_RUN_INIT;
    run.poll = stop;
    tpl_output *output = NULL;
    scratch_write("f", "old");
    assert_int_equal(tpl_output_new(&output, "f", &run, NULL), TPL_OK);
    assert_int_equal(tpl_output_write("new", 3, output), TPL_OK); /* nobody was asked yet */
    assert_int_equal(usleep(30000), 0);
    assert_int_equal(tpl_output_commit(output, NULL), TPL_E_CANCELLED);
    assert_int_equal(scratch_entries("."), 1);
    scratch_assert_text("f", "old");
    tpl_output_free(output);
}

static void links_in_a_circle_lead_nowhere(void **state) {
    (void)state;
    scratch_link("one", "two");
    scratch_link("two", "one");
    tpl_output *output = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_output_new(&output, "one", NULL, &err), TPL_E_IO);
    assert_null(output);
    assert_int_equal(err.sys_errno, ELOOP);
    tpl_error_dispose(&err);
    assert_int_equal(scratch_entries("."), 2);
}

static void a_name_may_be_of_bytes_that_continue_nothing(void **state) {
    (void)state;
    char name[101];
    memset(name, 0x80, sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    tpl_output *output = NULL;
    assert_int_equal(tpl_output_new(&output, name, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_output_write("x", 1, output), TPL_OK);
    assert_int_equal(tpl_output_commit(output, NULL), TPL_OK);
    tpl_output_free(output);
    scratch_assert_text(name, "x");
    assert_int_equal(scratch_entries("."), 1);
}

typedef struct asked {
    int times;
    int wanted; /* so many answers are: go on */
} asked;

/* Slow enough to be asked again at the next occasion. */
static int go_on_for_a_while(void *payload) {
    asked *a = payload;
    usleep(30000);
    return a->times++ >= a->wanted;
}

static void what_is_wanted_no_more_does_not_take_its_name(void **state) {
    (void)state;
    int stopped = 0;
    bool done = false;
    for (int wanted = 0; !done; wanted++) {
        asked a = {0, wanted};
        const tpl_run run = {.poll = go_on_for_a_while, .payload = &a};
        tpl_output *output = NULL;
        scratch_write("f", "old");
        tpl_status status = tpl_output_new(&output, "f", &run, NULL);
        if (status == TPL_OK) {
            usleep(30000);
            (void)tpl_output_write("new", 3, output); /* told by the commit */
            usleep(30000);
            status = tpl_output_commit(output, NULL);
        }
        tpl_output_free(output);
        done = status == TPL_OK;
        stopped += done ? 0 : 1;
        assert_true(done || status == TPL_E_CANCELLED);
        scratch_assert_text("f", done ? "new" : "old");
        assert_int_equal(scratch_entries("."), 1);
    }
    assert_true(stopped > 0);
}

/* How often it was asked whether this text was still wanted. */
static int asked_about(size_t size) {
    asked a = {0, INT_MAX};
    const tpl_run run = {.poll = go_on_for_a_while, .payload = &a};
    char *text = calloc(size, 1);
    tpl_output *output = NULL;
    assert_non_null(text);
    assert_int_equal(tpl_output_new(&output, "f", &run, NULL), TPL_OK);
    assert_int_equal(usleep(30000), 0);
    assert_int_equal(tpl_output_write(text, size, output), TPL_OK);
    assert_int_equal(tpl_output_commit(output, NULL), TPL_OK);
    tpl_output_free(output);
    free(text);
    return a.times;
}

static void a_disk_that_takes_long_can_be_given_up(void **state) {
    (void)state;
    int once = asked_about(1);
    assert_int_equal(asked_about((size_t)20 << 20), once + 2); /* three pieces */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(makes_and_replaces_files),
        IN_SCRATCH(touches_nothing_before_the_first_write_and_the_target_before_commit),
        IN_SCRATCH(without_commit_everything_stays_as_it_was),
        IN_SCRATCH(a_commit_without_a_write_makes_an_empty_file),
        IN_SCRATCH(pieces_of_every_size_come_out_in_order),
        IN_SCRATCH(a_link_stays_and_its_target_is_replaced),
        IN_SCRATCH(the_text_of_a_link_may_be_long),
        IN_SCRATCH(a_dangling_link_leads_to_the_file_that_is_made),
        IN_SCRATCH(what_cannot_be_written_is_refused_at_once),
        IN_SCRATCH(permissions_are_checked_at_once),
        IN_SCRATCH(links_in_a_circle_lead_nowhere),
        IN_SCRATCH(a_name_may_be_of_bytes_that_continue_nothing),
        IN_SCRATCH(what_is_wanted_no_more_does_not_take_its_name),
        IN_SCRATCH(a_disk_that_takes_long_can_be_given_up),
        IN_SCRATCH(names_as_long_as_they_may_be),
        IN_SCRATCH(the_temporary_name_is_cut_between_characters),
        IN_SCRATCH(a_private_file_is_private_while_it_is_written),
        IN_SCRATCH(several_outputs_to_one_file_do_not_meet),
        IN_SCRATCH(a_failed_write_leaves_the_old_file_and_nothing_else),
        IN_SCRATCH(a_failed_rename_leaves_nothing),
        IN_SCRATCH(a_device_is_written_to_and_never_replaced),
        IN_SCRATCH(a_pipe_gets_everything),
        IN_SCRATCH(a_name_of_an_open_descriptor_goes_on_where_it_stands),
        IN_SCRATCH(a_non_blocking_pipe_is_waited_for),
        IN_SCRATCH(a_pipe_without_a_reader_can_be_given_up),
        IN_SCRATCH(a_reader_that_sleeps_can_be_given_up),
        IN_SCRATCH(what_is_given_up_leaves_the_old_file_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
