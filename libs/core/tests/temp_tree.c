/* SPDX-License-Identifier: MIT */
#include "temp_tree.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

enum {
    FILE_MODE = 0644,
    DIR_MODE = 0755,
    OPEN_DIRS = 32
};

int temp_tree_setup(void **state) {
    temp_tree *tree = calloc(1, sizeof(*tree));
    snprintf(tree->root, sizeof(tree->root), "/tmp/tpl-test-XXXXXX");
    *state = tree;
    return mkdtemp(tree->root) == NULL;
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *ftw) {
    (void)stat;
    (void)type;
    (void)ftw;
    return remove(path);
}

int temp_tree_teardown(void **state) {
    temp_tree *tree = *state;
    int failed = nftw(tree->root, remove_one, OPEN_DIRS, FTW_DEPTH | FTW_PHYS);
    free(tree);
    return failed;
}

const char *temp_path(temp_tree *tree, const char *name) {
    snprintf(tree->path, sizeof(tree->path), "%s/%s", tree->root, name);
    return tree->path;
}

static void make_parents(temp_tree *tree, const char *name) {
    temp_path(tree, name);
    for (char *slash = tree->path + strlen(tree->root) + 1; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = '\0';
        mkdir(tree->path, DIR_MODE);
        *slash = '/';
    }
}

void temp_file(temp_tree *tree, const char *name, const void *data, size_t len) {
    make_parents(tree, name);
    int fd = open(tree->path, O_WRONLY | O_CREAT | O_TRUNC, FILE_MODE);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, len), len);
    const struct timespec times[2] = {{1600000000, 123456789}, {1600000000, 123456789}};
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
}

void temp_text(temp_tree *tree, const char *name, const char *text) {
    temp_file(tree, name, text, strlen(text));
}

void temp_dir(temp_tree *tree, const char *name) {
    make_parents(tree, name);
    assert_int_equal(mkdir(tree->path, DIR_MODE), 0);
}

void temp_link(temp_tree *tree, const char *name, const char *target) {
    make_parents(tree, name);
    assert_int_equal(symlink(target, tree->path), 0);
}

void temp_fifo(temp_tree *tree, const char *name) {
    make_parents(tree, name);
    assert_int_equal(mkfifo(tree->path, FILE_MODE), 0);
}
