/* SPDX-License-Identifier: MIT */
/* Scratch directories, with the C library alone: what tests rely on is not what they test. */
#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

enum {
    MOST_DESCRIPTORS = 32,
    NS_PER_SEC = 1000000000
};

int scratch_enter(void **state) {
    const char *base = getenv("TMPDIR");
    const char *parent = base == NULL || *base == '\0' ? "/tmp" : base;
    size_t size = strlen(parent) + sizeof("/tpl-test-XXXXXX");
    char *path = malloc(size);
    if (path == NULL) {
        return -1;
    }
    snprintf(path, size, "%s/tpl-test-XXXXXX", parent);
    *state = path;
    return mkdtemp(path) == NULL ? -1 : chdir(path);
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *at) {
    (void)stat;
    (void)type;
    (void)at;
    return remove(path);
}

static int make_passable(const char *path, const struct stat *stat, int type, struct FTW *at) {
    (void)stat;
    (void)at;
    return type == FTW_D || type == FTW_DNR ? chmod(path, 0700) : 0;
}

int scratch_leave(void **state) {
    char *path = *state;
    if (chdir("/") != 0 || nftw(path, make_passable, MOST_DESCRIPTORS, FTW_PHYS) != 0) {
        return -1;
    }
    int result = nftw(path, remove_one, MOST_DESCRIPTORS, FTW_PHYS | FTW_DEPTH);
    free(path);
    return result;
}

static void make_parents(const char *path) {
    char *copy = strdup(path);
    assert_non_null(copy);
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(copy, 0777) == 0 || errno == EEXIST);
        *slash = '/';
    }
    free(copy);
}

void scratch_write_bytes(const char *path, const void *data, size_t len) {
    make_parents(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

void scratch_write(const char *path, const char *text) {
    scratch_write_bytes(path, text, strlen(text));
}

void scratch_write_old(const char *path, const char *text) {
    scratch_write(path, text);
    scratch_set_mtime(path, 1600000000123456789);
}

void scratch_directory(const char *path) {
    make_parents(path);
    assert_int_equal(mkdir(path, 0777), 0);
}

void scratch_link(const char *path, const char *target) {
    make_parents(path);
    assert_int_equal(symlink(target, path), 0);
}

void scratch_fifo(const char *path) {
    make_parents(path);
    assert_int_equal(mkfifo(path, 0666), 0);
}

void scratch_set_mtime(const char *path, int64_t ns) {
    int64_t sec = ns / NS_PER_SEC - (ns % NS_PER_SEC < 0);
    struct timespec time = {(time_t)sec, (long)(ns - sec * NS_PER_SEC)};
    const struct timespec times[] = {time, time};
    assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

void scratch_assert_text(const char *path, const char *text) {
    size_t size = strlen(text) + 2; /* one more than there should be */
    char *got = calloc(1, size);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_non_null(got);
    size_t len = fread(got, 1, size - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(got, text);
    assert_int_equal(len, strlen(text));
    free(got);
}

size_t scratch_entries(const char *path) {
    DIR *dir = opendir(path);
    assert_non_null(dir);
    size_t count = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 ? 1 : 0;
    }
    closedir(dir);
    return count;
}

bool scratch_exists(const char *path) {
    struct stat stat;
    return lstat(path, &stat) == 0;
}
