/* SPDX-License-Identifier: MIT */
/* The part of the file system seam that is Linux's own: statx, getdents64, openat2, the coarse
 * clock. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fs.h"
#include "fs_beneath.h"

#define WANTED (STATX_TYPE | STATX_MODE | STATX_SIZE | STATX_MTIME | STATX_CTIME | STATX_INO)

/* The kernel's record, which the C library does not declare under every feature set. */
typedef struct dirent64_record {
    uint64_t ino;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
} dirent64_record;

static int dir_of(int at) {
    return at == TPL__FS_CWD ? AT_FDCWD : at;
}

static tpl__file_type type_of_mode(unsigned mode) {
    enum {
        TYPE_BITS = 0170000,
        FILE_BITS = 0100000,
        DIR_BITS = 0040000,
        LINK_BITS = 0120000
    };
    switch (mode & TYPE_BITS) {
    case FILE_BITS:
        return TPL__TYPE_FILE;
    case DIR_BITS:
        return TPL__TYPE_DIRECTORY;
    case LINK_BITS:
        return TPL__TYPE_LINK;
    default:
        return TPL__TYPE_OTHER;
    }
}

/* openat, read and close by number, as they come once a file: the C library's are points where a
 * thread can be cancelled, and pay for it at every call. */

void tpl__fs_close(int fd) {
    if (fd >= 0) {
        syscall(SYS_close, fd); /* not restarted: the descriptor is gone even after EINTR */
    }
}

int tpl__fs_read(int fd, void *buf, size_t size, size_t *got) {
    long n = 0;
    do {
        n = syscall(SYS_read, fd, buf, size);
    } while (n < 0 && errno == EINTR);
    *got = n < 0 ? 0 : (size_t)n;
    return n < 0 ? errno : 0;
}

int tpl__fs_read_at(int fd, void *buf, size_t size, uint64_t offset, size_t *got) {
    ssize_t n = 0;
    do {
        n = pread(fd, buf, size, (off_t)offset);
    } while (n < 0 && errno == EINTR);
    *got = n < 0 ? 0 : (size_t)n;
    return n < 0 ? errno : 0;
}

static int open_plain(int at, const char *name, int flags) {
    return (int)syscall(SYS_openat, dir_of(at), name, flags, 0);
}

/* Where the kernel has no openat2, or a sandbox hides it, or the path is longer than it takes, the
 * path is followed here. */
static int open_beneath(int at, const char *name, int flags) {
    struct open_how how = {.flags = (uint64_t)(unsigned)flags, .resolve = RESOLVE_BENEATH};
    int fd = (int)syscall(SYS_openat2, dir_of(at), name, &how, sizeof(how));
    if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == ENAMETOOLONG)) {
        errno = tpl__fs_open_beneath(&fd, dir_of(at), name, flags);
    }
    return fd;
}

static int open_at(int *fd, int at, const char *name, int flags, tpl__links links) {
    int got = -1;
    flags |= O_RDONLY | O_CLOEXEC;
    do {
        got = links == TPL__LINKS_BENEATH
                  ? open_beneath(at, name, flags)
                  : open_plain(at, name, links == TPL__LINKS_NOFOLLOW ? flags | O_NOFOLLOW : flags);
    } while (got < 0 && (errno == EINTR || (errno == EAGAIN && links == TPL__LINKS_BENEATH)));
    *fd = got;
    return got < 0 ? errno : 0;
}

int tpl__fs_open_dir(int *fd, int at, const char *name, tpl__links links) {
    return open_at(fd, at, name, O_DIRECTORY, links);
}

int tpl__fs_open_file(int *fd, int at, const char *name, tpl__links links) {
    return open_at(fd, at, name, O_NONBLOCK | O_NOCTTY, links);
}

/* By number: the C library's own statx() is younger than the oldest one we run on. */
static int stat_with(tpl__stat *out, int at, const char *name, int flags) {
    enum {
        PERMISSION_BITS = 07777,
        MINOR_BITS = 32
    };
    struct statx raw;
    long result = -1;
    do {
        result = syscall(SYS_statx, dir_of(at), name, flags | AT_NO_AUTOMOUNT, WANTED, &raw);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        return errno;
    }
    out->type = type_of_mode(raw.stx_mode);
    out->mode = raw.stx_mode & PERMISSION_BITS;
    out->size = raw.stx_size;
    out->mtime = (tpl__time){raw.stx_mtime.tv_sec, raw.stx_mtime.tv_nsec};
    out->ctime = (tpl__time){raw.stx_ctime.tv_sec, raw.stx_ctime.tv_nsec};
    out->dev = (uint64_t)raw.stx_dev_major << MINOR_BITS | raw.stx_dev_minor;
    out->ino = raw.stx_ino;
    return 0;
}

int tpl__fs_stat(tpl__stat *out, int fd) {
    return stat_with(out, fd, "", AT_EMPTY_PATH);
}

int tpl__fs_stat_at(tpl__stat *out, int at, const char *name, bool follow) {
    return stat_with(out, at, name, follow ? 0 : AT_SYMLINK_NOFOLLOW);
}

int tpl__fs_stat_beneath(tpl__stat *out, int at, const char *name) {
    int fd = -1;
    int error = open_at(&fd, at, name, O_PATH, TPL__LINKS_BENEATH);
    if (error == 0) {
        error = tpl__fs_stat(out, fd);
        tpl__fs_close(fd);
    }
    return error;
}

int tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got) {
    long n = 0;
    do {
        n = syscall(SYS_getdents64, fd, buf, size);
    } while (n < 0 && errno == EINTR);
    *got = n < 0 ? 0 : (size_t)n;
    return n < 0 ? errno : 0;
}

int tpl__fs_rewind(int fd) {
    return lseek(fd, 0, SEEK_SET) < 0 ? errno : 0;
}

static tpl__file_type type_of_dirent(unsigned char type) {
    enum {
        FROM_MODE_SHIFT = 12
    }; /* d_type is the mode's type bits */
    return type == 0 ? TPL__TYPE_UNKNOWN : type_of_mode((unsigned)type << FROM_MODE_SHIFT);
}

bool tpl__fs_next(const void *buf, size_t got, size_t *position, tpl__dirent *out) {
    while (*position < got) {
        const dirent64_record *record =
            (const void *)((const unsigned char *)buf + *position); /* the kernel aligns records */
        *position += record->length;
        const char *name = record->name;
        if (name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'))) {
            continue;
        }
        out->name = name;
        out->name_len = strlen(name);
        out->ino = record->ino;
        out->type = type_of_dirent(record->type);
        return true;
    }
    return false;
}

tpl__time tpl__fs_now(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return (tpl__time){now.tv_sec, (uint32_t)now.tv_nsec};
}

int tpl__fs_sync_part(int fd, uint64_t from, uint64_t size) {
    const unsigned all =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    int result = 0;
    do {
        result = sync_file_range(fd, (off64_t)from, (off64_t)size, all);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? errno : 0;
}

int64_t tpl__fs_tick(void) {
    enum {
        NS_PER_SEC = 1000000000,
        DEFAULT_TICK = 10000000
    };
    struct timespec step = {0, 0};
    if (clock_getres(CLOCK_REALTIME_COARSE, &step) < 0) {
        return DEFAULT_TICK;
    }
    return (int64_t)step.tv_sec * NS_PER_SEC + step.tv_nsec;
}

unsigned tpl__fs_open_budget(void) {
    enum {
        FEWEST = 4,
        ENOUGH = 72, /* up to here the call takes all but a few, from here on half */
        MOST = 8192,
        FEW_OTHERS = 8,
        OTHERS = 64
    };
    struct rlimit limit = {0, 0};
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < FEWEST + FEW_OTHERS) {
        return FEWEST;
    }
    if (limit.rlim_cur < ENOUGH + FEW_OTHERS) {
        return (unsigned)limit.rlim_cur - FEW_OTHERS;
    }
    if (limit.rlim_cur < 2 * ENOUGH + OTHERS) {
        return ENOUGH;
    }
    rlim_t half = (limit.rlim_cur - OTHERS) / 2;
    return half > MOST ? MOST : (unsigned)half;
}
