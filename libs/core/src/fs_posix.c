/* SPDX-License-Identifier: MIT */
/* The part of the file system seam that POSIX is enough for. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs.h"
#include "mem.h"

#define NS_PER_US 1000
#define US_PER_SEC 1000000
#define NS_PER_SEC 1000000000

/* Keeps one request below what some systems refuse (2^31 - 1). */
#define LARGEST_REQUEST ((size_t)1 << 30)

static int wait_for(int fd, short what, int milliseconds) {
    struct pollfd item = {fd, what, 0};
    int n = poll(&item, 1, milliseconds);
    if (n < 0 && errno != EINTR) {
        return errno;
    }
    return n > 0 ? 0 : ETIMEDOUT;
}

int tpl__fs_wait_readable(int fd, int milliseconds) {
    return wait_for(fd, POLLIN, milliseconds);
}

int tpl__fs_wait_writable(int fd, int milliseconds) {
    return wait_for(fd, POLLOUT, milliseconds);
}

static int open_with(int *fd, int at, const char *name, int flags, mode_t mode) {
    int got = -1;
    do {
        got = openat(at == TPL__FS_CWD ? AT_FDCWD : at, name, flags | O_CLOEXEC | O_NOCTTY, mode);
    } while (got < 0 && errno == EINTR);
    *fd = got;
    return got < 0 ? errno : 0;
}

int tpl__fs_create(int *fd, int at, const char *name, uint32_t mode) {
    return open_with(fd, at, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, (mode_t)mode);
}

static bool is_pipe(int at, const char *name) {
    struct stat stat;
    int dir = at == TPL__FS_CWD ? AT_FDCWD : at;
    return fstatat(dir, name, &stat, 0) == 0 && S_ISFIFO(stat.st_mode);
}

int tpl__fs_open_write(int *fd, int at, const char *name) {
    int error = open_with(fd, at, name, O_WRONLY | O_NONBLOCK, 0);
    return error == ENXIO && is_pipe(at, name) ? EAGAIN : error; /* a socket is ENXIO, too */
}

int tpl__fs_write_some(int fd, const void *data, size_t size, size_t *put) {
    ssize_t n = write(fd, data, size);
    *put = n < 0 ? 0 : (size_t)n;
    if (n < 0) {
        return errno == EINTR ? EAGAIN : errno;
    }
    return n == 0 && size > 0 ? EIO : 0;
}

int tpl__fs_write(int fd, const void *data, size_t size) {
    const char *next = data;
    while (size > 0) {
        ssize_t n = write(fd, next, size < LARGEST_REQUEST ? size : LARGEST_REQUEST);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? errno : EIO;
        }
        next += n;
        size -= (size_t)n;
    }
    return 0;
}

int tpl__fs_set_mode(int fd, uint32_t mode) {
    return fchmod(fd, (mode_t)mode) < 0 ? errno : 0;
}

int tpl__fs_sync(int fd) {
    int result = 0;
    do {
        result = fsync(fd);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? errno : 0;
}

int tpl__fs_rename(int at, const char *from, const char *to) {
    int dir = at == TPL__FS_CWD ? AT_FDCWD : at;
    return renameat(dir, from, dir, to) < 0 ? errno : 0;
}

int tpl__fs_unlink(int at, const char *name) {
    return unlinkat(at == TPL__FS_CWD ? AT_FDCWD : at, name, 0) < 0 ? errno : 0;
}

int tpl__fs_access_write(int at, const char *name) {
    int dir = at == TPL__FS_CWD ? AT_FDCWD : at;
    return faccessat(dir, name, W_OK, AT_EACCESS) < 0 ? errno : 0;
}

int tpl__fs_current(char **out) {
    *out = NULL;
    for (size_t size = 256;; size *= 2) {
        char *text = tpl__alloc_array(size, 1);
        if (text == NULL) {
            return ENOMEM;
        }
        if (getcwd(text, size) != NULL) {
            *out = text;
            return 0;
        }
        int error = errno;
        tpl__free(text);
        if (error != ERANGE) {
            return error;
        }
    }
}

int tpl__fs_read_link(char **out, int at, const char *name) {
    *out = NULL;
    for (size_t size = 256;; size *= 2) {
        char *text = tpl__alloc_array(size, 1);
        if (text == NULL) {
            return ENOMEM;
        }
        ssize_t len = readlinkat(at == TPL__FS_CWD ? AT_FDCWD : at, name, text, size - 1);
        if (len >= 0 && (size_t)len < size - 1) { /* the array came zeroed */
            *out = text;
            return 0;
        }
        int error = len < 0 ? errno : 0; /* 0: it may have been cut short */
        tpl__free(text);
        if (error != 0) {
            return error;
        }
    }
}

int tpl__fs_descriptor_named(const char *path) {
    static const char *const STANDARD[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    static const char *const FOLDERS[] = {"/dev/fd/", "/proc/self/fd/"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(path, STANDARD[i]) == 0) {
            return i;
        }
    }
    for (int i = 0; i < 2; i++) {
        size_t len = strlen(FOLDERS[i]);
        const char *digits = path + len;
        if (strncmp(path, FOLDERS[i], len) == 0 && *digits >= '0' && *digits <= '9') {
            char *end = NULL;
            long number = strtol(digits, &end, 10);
            return *end == '\0' && number <= INT_MAX ? (int)number : -1;
        }
    }
    return -1;
}

bool tpl__fs_is_starved(int sys_errno) {
    return sys_errno == ENOMEM || sys_errno == EMFILE || sys_errno == ENFILE;
}

int tpl__fs_duplicate(int *out, int fd) {
    *out = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return *out < 0 ? errno : 0;
}

int64_t tpl__time_to_ns(tpl__time time) {
    if (time.sec > INT64_MAX / NS_PER_SEC - 1) {
        return INT64_MAX;
    }
    if (time.sec < INT64_MIN / NS_PER_SEC + 1) {
        return INT64_MIN;
    }
    return time.sec * NS_PER_SEC + time.nsec;
}

int64_t tpl__time_to_us(tpl__time time) {
    if (time.sec > INT64_MAX / US_PER_SEC - 1) {
        return INT64_MAX;
    }
    if (time.sec < INT64_MIN / US_PER_SEC + 1) {
        return INT64_MIN;
    }
    return time.sec * US_PER_SEC + time.nsec / NS_PER_US;
}

int64_t tpl__time_cut_to_us(tpl__time time) {
    return tpl__time_to_us(time) + (time.sec < 0 && time.nsec % NS_PER_US != 0);
}

int tpl__time_compare(tpl__time a, tpl__time b) {
    if (a.sec != b.sec) {
        return a.sec < b.sec ? -1 : 1;
    }
    return a.nsec < b.nsec ? -1 : a.nsec > b.nsec ? 1 : 0;
}
