/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fs.h"
#include "temp_tree.h"

static int open_root(temp_tree *tree) {
    int fd = -1;
    assert_int_equal(tpl__fs_open_dir(&fd, TPL__FS_CWD, tree->root, TPL__LINKS_FOLLOW), 0);
    return fd;
}

static void a_listing_names_everything_with_its_type(void **state) {
    temp_tree *tree = *state;
    temp_text(tree, "file", "x");
    temp_dir(tree, "dir");
    temp_link(tree, "link", "file");
    temp_fifo(tree, "pipe");
    temp_text(tree, "..not-up", "x");
    int fd = open_root(tree);
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
    temp_tree *tree = *state;
    temp_text(tree, "root/file", "x");
    temp_text(tree, "secret", "y");
    temp_link(tree, "root/in", "file");
    temp_link(tree, "root/out", "../secret");
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
    assert_int_equal(
        tpl__fs_open_dir(&root, TPL__FS_CWD, temp_path(tree, "root"), TPL__LINKS_NOFOLLOW), 0);
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

static void a_stat_has_the_file_s_own_times(void **state) {
    temp_tree *tree = *state;
    temp_text(tree, "file", "four");
    tpl__stat stat;
    assert_int_equal(tpl__fs_stat_at(&stat, TPL__FS_CWD, temp_path(tree, "file"), true), 0);
    assert_true(stat.size == 4 && stat.mtime.sec == 1600000000 && stat.mtime.nsec == 123456789);
    tpl__time now = tpl__fs_now();
    assert_true(tpl__time_compare(stat.ctime, stat.mtime) > 0);
    assert_true(now.sec >= stat.ctime.sec);
    int64_t tick = tpl__fs_tick();
    assert_true(tick > 0 && tick <= 10000000);
    assert_true(tpl__fs_open_budget() >= 16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_TREE(a_listing_names_everything_with_its_type),
        WITH_TREE(links_are_opened_as_asked),
        WITH_TREE(a_stat_has_the_file_s_own_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
