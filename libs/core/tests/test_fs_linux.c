/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "fs.h"
#include "scratch.h"

static int open_root(void) {
    int fd = -1;
    assert_int_equal(tpl__fs_open_dir(&fd, TPL__FS_CWD, ".", TPL__LINKS_FOLLOW), 0);
    return fd;
}

static void a_listing_names_everything_with_its_type(void **state) {
    (void)state;
    scratch_write_old("file", "x");
    scratch_directory("dir");
    scratch_link("link", "file");
    scratch_fifo("pipe");
    scratch_write_old("..not-up", "x");
    int fd = open_root();
    alignas(max_align_t) static char block[32 << 10];
    char all[200] = "";
    size_t got = 0;
    while (tpl__fs_read_dir(fd, block, sizeof(block), &got) == 0 && got > 0) {
        size_t position = 0;
        tpl__dirent entry;
        while (tpl__fs_next(block, got, &position, &entry)) {
            assert_int_equal(entry.name_len, strlen(entry.name));
            tpl__stat stat;
            assert_int_equal(tpl__fs_stat_at(&stat, fd, entry.name, false), 0);
            assert_true(entry.type == TPL__TYPE_UNKNOWN || entry.type == stat.type);
            assert_true(entry.ino == stat.ino);
            snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s:%d ", entry.name,
                     (int)stat.type);
        }
    }
    assert_non_null(strstr(all, "file:1 "));
    assert_non_null(strstr(all, "dir:2 "));
    assert_non_null(strstr(all, "link:3 "));
    assert_non_null(strstr(all, "pipe:4 "));
    assert_non_null(strstr(all, "..not-up:1 "));
    assert_null(strstr(all, ".:"));
    tpl__fs_close(fd);
    assert_int_equal(tpl__fs_read_dir(-1, block, sizeof(block), &got), EBADF);
}

static void links_are_opened_as_asked(void **state) {
    (void)state;
    scratch_write_old("root/file", "x");
    scratch_write_old("secret", "y");
    scratch_link("root/in", "file");
    scratch_link("root/out", "../secret");
    static const struct {
        const char *name;
        int follow;
        int nofollow;
        int beneath;
    } cases[] = {
        {"file", 0, 0, 0},
        {"in", 0, ELOOP, 0},
        {"out", 0, ELOOP, EXDEV},
        {"../secret", 0, 0, EXDEV},
        {"none", ENOENT, ENOENT, ENOENT},
    };
    int root = -1;
    assert_int_equal(tpl__fs_open_dir(&root, TPL__FS_CWD, "root", TPL__LINKS_NOFOLLOW), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const int want[] = {cases[i].follow, cases[i].nofollow, cases[i].beneath};
        static const tpl__links how[] = {TPL__LINKS_FOLLOW, TPL__LINKS_NOFOLLOW,
                                         TPL__LINKS_BENEATH};
        for (int j = 0; j < 3; j++) {
            int fd = -1;
            assert_int_equal(tpl__fs_open_file(&fd, root, cases[i].name, how[j]), want[j]);
            assert_true((fd >= 0) == (want[j] == 0));
            tpl__fs_close(fd);
        }
        tpl__stat stat;
        assert_int_equal(tpl__fs_stat_beneath(&stat, root, cases[i].name), cases[i].beneath);
    }
    tpl__fs_close(root);
}

/* What a process sees where openat2 does not exist: 0, or the number of the case that went wrong.
 */
static int beneath_without_openat2(void) {
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(rules) / sizeof(*rules), rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        return 100;
    }
    static const struct {
        const char *name;
        int want;
    } cases[] = {{"d/file", 0}, {"in", 0}, {"out", EXDEV}, {"none", ENOENT}};
    for (int i = 0; i < (int)(sizeof(cases) / sizeof(*cases)); i++) {
        int root = -1;
        int fd = -1;
        tpl__stat stat;
        if (tpl__fs_open_dir(&root, TPL__FS_CWD, "root", TPL__LINKS_FOLLOW) != 0 ||
            tpl__fs_open_file(&fd, root, cases[i].name, TPL__LINKS_BENEATH) != cases[i].want ||
            tpl__fs_stat_beneath(&stat, root, cases[i].name) != cases[i].want) {
            return i + 1;
        }
        tpl__fs_close(fd);
        tpl__fs_close(root);
    }
    return 0;
}

static void an_old_kernel_is_done_without(void **state) {
    (void)state;
    scratch_write("root/d/file", "x");
    scratch_link("root/in", "d/file");
    scratch_link("root/out", "../secret");
    scratch_write("secret", "y");
    pid_t child = fork();
    if (child == 0) {
        exit(beneath_without_openat2()); /* not _exit(): it may be counted what ran */
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* A record as the kernel writes it, for a name that fits. */
static size_t put_record(unsigned char *at, unsigned char type, const char *name) {
    enum {
        NAME_AT = 19,
        LENGTH = 32
    };
    memset(at, 0, LENGTH);
    at[16] = LENGTH;
    at[18] = type;
    memcpy(at + NAME_AT, name, strlen(name));
    return LENGTH;
}

static void a_listing_that_does_not_say_types_is_read(void **state) {
    (void)state;
    alignas(8) unsigned char block[128];
    size_t got = put_record(block, 0, ".");
    got += put_record(block + got, 0, "x");
    got += put_record(block + got, 8, "y");
    got += put_record(block + got, 12, "socket");
    size_t at = 0;
    tpl__dirent entry;
    assert_true(tpl__fs_next(block, got, &at, &entry));
    assert_string_equal(entry.name, "x");
    assert_int_equal(entry.type, TPL__TYPE_UNKNOWN);
    assert_true(tpl__fs_next(block, got, &at, &entry));
    assert_int_equal(entry.type, TPL__TYPE_FILE);
    assert_true(tpl__fs_next(block, got, &at, &entry));
    assert_int_equal(entry.type, TPL__TYPE_OTHER);
    assert_false(tpl__fs_next(block, got, &at, &entry));
}

static void the_budget_leaves_others_their_descriptors(void **state) {
    (void)state;
    static const struct {
        rlim_t limit;
        unsigned budget;
    } cases[] = {{11, 4}, {12, 4}, {20, 12}, {79, 71}, {80, 72}, {207, 72}, {208, 72}, {1000, 468}};
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct rlimit limit = {cases[i].limit, before.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &limit) == 0) { /* not above what this process may have */
            assert_int_equal(tpl__fs_open_budget(), cases[i].budget);
        }
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void a_stat_has_the_file_s_own_times(void **state) {
    (void)state;
    scratch_write_old("file", "four");
    tpl__stat stat;
    assert_int_equal(tpl__fs_stat_at(&stat, TPL__FS_CWD, "file", true), 0);
    assert_true(stat.size == 4 && stat.mtime.sec == 1600000000 && stat.mtime.nsec == 123456789);
    tpl__time now = tpl__fs_now();
    assert_true(tpl__time_compare(stat.ctime, stat.mtime) > 0);
    assert_true(now.sec + 1 >= stat.ctime.sec); /* a stamp may be finer than the coarse clock */
    int64_t tick = tpl__fs_tick();
    assert_true(tick > 0 && tick <= 10000000);
    assert_true(tpl__fs_open_budget() >= 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_listing_names_everything_with_its_type),
        IN_SCRATCH(links_are_opened_as_asked),
        IN_SCRATCH(an_old_kernel_is_done_without),
        cmocka_unit_test(a_listing_that_does_not_say_types_is_read),
        cmocka_unit_test(the_budget_leaves_others_their_descriptors),
        IN_SCRATCH(a_stat_has_the_file_s_own_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
