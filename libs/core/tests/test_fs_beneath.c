/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "fs_beneath.h"
#include "room_faulty.h"
#include "scratch.h"

static int root_fd(void) {
    int fd = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

/* Opens by ours and, where there is one, by the kernel's: the same error, or the same file. */
static int both(int root, const char *name, int flags) {
    int fd = -1;
    int error = tpl__fs_open_beneath(&fd, root, name, flags);
    assert_true((fd >= 0) == (error == 0));
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_BENEATH};
    int other = -1;
    int expected = 0;
    do { /* EAGAIN: something was renamed somewhere meanwhile */
        other = (int)syscall(SYS_openat2, root, name, &how, sizeof(how));
        expected = other < 0 ? errno : 0;
    } while (expected == EAGAIN);
    if (expected != ENOSYS && expected != EPERM) {
        if (error != expected) {
            print_message("%s: %d, the kernel %d\n", name, error, expected);
        }
        assert_int_equal(error, expected);
        struct stat a;
        struct stat b;
        if (error == 0 && fstat(fd, &a) == 0 && fstat(other, &b) == 0) {
            assert_true(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
        }
    }
    close(fd);
    close(other);
    return error;
}

static void paths_stay_beneath(void **state) {
    (void)state;
    scratch_write("root/d/e/file", "x");
    scratch_write("root/x", "x");
    scratch_write("secret", "y");
    scratch_link("root/d/in", "e/file");
    scratch_link("root/d/up", "../x");
    scratch_link("root/d/link", "./e/");
    scratch_link("root/d/twice", "link");
    scratch_link("root/d/file-as-dir", "in/");
    scratch_link("root/d/out", "../../secret");
    scratch_link("root/d/out-and-back", "../../root/x");
    scratch_link("root/d/absolute", "/etc/passwd");
    scratch_link("root/d/round", "round");
    scratch_link("root/d/none", "e/none");
    char longest[NAME_MAX + 1];
    char longer[NAME_MAX + 2];
    memset(longest, 'n', sizeof(longest) - 1);
    memset(longer, 'n', sizeof(longer) - 1);
    longest[NAME_MAX] = '\0';
    longer[NAME_MAX + 1] = '\0';
    const struct {
        const char *name;
        int want;
    } cases[] = {
        {"d/e/file", 0},
        {"d//e/./file", 0},
        {"d/in", 0},
        {"d/up", 0},
        {"d/link/file", 0},
        {"d/twice/../../x", 0},
        {"d/../d/e/../../x", 0},
        {"d/..", 0},
        {".", 0},
        {"d/link", 0},
        {"d/e/", 0},
        {"", ENOENT},
        {"x/", ENOTDIR},
        {"x/.", ENOTDIR},
        {"x/..", ENOTDIR},
        {"d/file-as-dir", ENOTDIR},
        {"d/e/file/x", ENOTDIR},
        {"d/in/x", ENOTDIR},
        {"d/none", ENOENT},
        {"none/../x", ENOENT},
        {"d/out", EXDEV},
        {"d/out-and-back", EXDEV},
        {"d/absolute", EXDEV},
        {"../secret", EXDEV},
        {"..", EXDEV},
        {"d/../../root/x", EXDEV},
        {"/etc/passwd", EXDEV},
        {"d/round", ELOOP},
        {longest, ENOENT},
        {longer, ENAMETOOLONG},
    };
    int root = root_fd();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_int_equal(both(root, cases[i].name, O_RDONLY), cases[i].want);
        assert_int_equal(both(root, cases[i].name, O_PATH), cases[i].want);
    }
    assert_int_equal(both(root, "x", O_RDONLY | O_DIRECTORY), ENOTDIR);
    assert_int_equal(both(root, "d/link", O_RDONLY | O_DIRECTORY), 0);
    close(root);
}

static void as_many_links_as_the_kernel_follows(void **state) {
    (void)state;
    scratch_write("root/l0", "x");
    char from[32];
    char to[32];
    for (int i = 1; i <= 41; i++) {
        snprintf(from, sizeof(from), "root/l%d", i);
        snprintf(to, sizeof(to), "l%d", i - 1);
        scratch_link(from, to);
    }
    int root = root_fd();
    assert_int_equal(both(root, "l40", O_RDONLY), 0);
    assert_int_equal(both(root, "l41", O_RDONLY), ELOOP);
    close(root);
}

/* Words joined by slashes, such as a/../b//. */
static void random_path(char *out, size_t size, int most) {
    static const char *const WORDS[] = {"a", "b", "c", "..", ".", "", "f"};
    size_t len = 0;
    out[0] = '\0';
    for (int words = 1 + rand() % most; words > 0; words--) {
        len += (size_t)snprintf(out + len, size - len, "%s%s",
                                WORDS[(size_t)rand() % (sizeof(WORDS) / sizeof(*WORDS))],
                                words > 1 ? "/" : "");
    }
}

static void random_trees_are_read_as_the_kernel_reads_them(void **state) {
    (void)state;
    enum {
        TREES = 60,
        PATHS = 300
    };
    char name[64];
    char text[64];
    srand(7);
    for (int tree = 0; tree < TREES; tree++) {
        snprintf(name, sizeof(name), "t%d", tree);
        scratch_directory(name);
        for (int i = 0; i < 14; i++) { /* what is there already stays */
            snprintf(name, sizeof(name), "t%d/%c", tree, "abcf"[rand() % 4]);
            if (rand() % 2 == 0) {
                size_t len = strlen(name);
                snprintf(name + len, sizeof(name) - len, "/%c", "abcf"[rand() % 4]);
            }
            random_path(text, sizeof(text), 4);
            int kind = rand() % 3;
            int done = kind == 0   ? mkdir(name, 0755)
                       : kind == 1 ? symlink(text, name)
                                   : close(open(name, O_WRONLY | O_CREAT | O_NOFOLLOW, 0644));
            (void)done;
        }
        snprintf(name, sizeof(name), "t%d", tree);
        int root = open(name, O_RDONLY | O_DIRECTORY);
        for (int i = 0; i < PATHS; i++) {
            random_path(text, sizeof(text), 6);
            both(root, text, rand() % 2 == 0 ? O_PATH : O_RDONLY | O_NONBLOCK);
        }
        close(root);
    }
}

static void no_room_for_a_path_is_told(void **state) {
    (void)state;
    scratch_write("root/d/e/file", "x");
    scratch_link("root/link", "d/e/..");
    int root = root_fd();
    size_t places = 0;
    int error = ENOMEM;
    while (error == ENOMEM) {
        int fd = -1;
        room_faulty_arm(++places);
        error = tpl__fs_open_beneath(&fd, root, "link/e/file", O_RDONLY);
        assert_true((error == ENOMEM) == room_faulty_failed());
        assert_true((fd >= 0) == (error == 0));
        room_faulty_arm(0);
        close(fd);
    }
    assert_int_equal(error, 0);
    assert_true(places > 4);
    close(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(paths_stay_beneath),
        IN_SCRATCH(as_many_links_as_the_kernel_follows),
        IN_SCRATCH(no_room_for_a_path_is_told),
        IN_SCRATCH(random_trees_are_read_as_the_kernel_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
