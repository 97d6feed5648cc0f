/* SPDX-License-Identifier: MIT */
/* The one place the file system is touched. Every call that can fail returns 0 or a positive errno
 * value, restarts after EINTR, and opens with close-on-exec. Names are operating-system bytes; `at`
 * is a directory descriptor or TPL__FS_CWD. */
#ifndef TPL__FS_H
#define TPL__FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TPL__FS_CWD (-100)

typedef enum tpl__file_type {
    TPL__TYPE_UNKNOWN, /* a listing that does not say */
    TPL__TYPE_FILE,
    TPL__TYPE_DIRECTORY,
    TPL__TYPE_LINK,
    TPL__TYPE_OTHER
} tpl__file_type;

typedef struct tpl__time {
    int64_t sec;
    uint32_t nsec;
} tpl__time;

typedef struct tpl__stat {
    tpl__file_type type;
    uint32_t mode; /* permission bits */
    uint64_t size; /* bytes */
    tpl__time mtime;
    tpl__time ctime;
    uint64_t dev;
    uint64_t ino;
} tpl__stat;

/* How a name's symbolic links are treated when it is opened. */
typedef enum tpl__links {
    TPL__LINKS_FOLLOW,
    TPL__LINKS_NOFOLLOW, /* the last component may not be a link (ELOOP) */
    TPL__LINKS_BENEATH   /* followed, but nothing may lead outside `at` (EXDEV) */
} tpl__links;

/* Opens a directory for listing and as an anchor; a file, read-only, never blocking on a pipe. */
int tpl__fs_open_dir(int *fd, int at, const char *name, tpl__links links);
int tpl__fs_open_file(int *fd, int at, const char *name, tpl__links links);
void tpl__fs_close(int fd);

/* How many descriptors one call may keep open at a time without starving the rest of the process.
 */
unsigned tpl__fs_open_budget(void);

/* Whether an errno is about what this process or system has run out of, and not about a file. */
bool tpl__fs_is_starved(int sys_errno);

int tpl__fs_stat(tpl__stat *out, int fd);
int tpl__fs_stat_at(tpl__stat *out, int at, const char *name, bool follow);
int tpl__fs_stat_beneath(tpl__stat *out, int at,
                         const char *name); /* EXDEV: it leads outside `at` */

int tpl__fs_read(int fd, void *buf, size_t size, size_t *got); /* *got is 0 at the end */
int tpl__fs_read_at(int fd, void *buf, size_t size, uint64_t offset, size_t *got);
int tpl__fs_rewind(int fd); /* a file or a directory */

/* Waits until the descriptor can be read, at most `milliseconds`: 0, ETIMEDOUT or another errno. A
 * regular file is always ready. */
int tpl__fs_wait_readable(int fd, int milliseconds);

/* Directory listings, block by block: read_dir fills `buf` (>= 32 KiB, aligned for any object),
 * next takes it apart without `.` and `..`; several blocks one behind the other are one, too.
 * after a rewind the next block is the first, as the directory is then. */
typedef struct tpl__dirent {
    const char *name; /* NUL-terminated, in the block */
    size_t name_len;
    uint64_t ino;
    tpl__file_type type;
} tpl__dirent;

int tpl__fs_read_dir(int fd, void *buf, size_t size, size_t *got); /* *got is 0 at the end */
bool tpl__fs_next(const void *buf, size_t got, size_t *position, tpl__dirent *out);

/* Writing a file that takes another's place. */
int tpl__fs_create(int *fd, int at, const char *name, uint32_t mode); /* EEXIST when it is there */
int tpl__fs_write(int fd, const void *data, size_t size);             /* all of it */
int tpl__fs_set_mode(int fd, uint32_t mode);
int tpl__fs_sync(int fd);

/* Waits until a part of a file is with the disk, where the system can do that for a part; so that
 * tpl__fs_sync(), which has to follow, is soon done. */
int tpl__fs_sync_part(int fd, uint64_t from, uint64_t size);
int tpl__fs_rename(int at, const char *from, const char *to);
int tpl__fs_unlink(int at, const char *name);
int tpl__fs_access_write(int at, const char *name); /* may this process write to it? */

/* Writing to what is there, a device or a pipe, without ever being stuck in it. open_write: EAGAIN
 * while nobody reads a pipe. wait_writable: 0, ETIMEDOUT or another errno. write_some: EAGAIN when
 * nothing went out; a pipe that is ready takes TPL__FS_PIECE at once. */
#define TPL__FS_PIECE ((size_t)4096)

int tpl__fs_open_write(int *fd, int at, const char *name);
int tpl__fs_wait_writable(int fd, int milliseconds);
int tpl__fs_write_some(int fd, const void *data, size_t size, size_t *put);

/* The current directory's path, free with tpl__free(). */
int tpl__fs_current(char **out);

/* The text of a symbolic link, free with tpl__free(); EINVAL when it is none. */
int tpl__fs_read_link(char **out, int at, const char *name);

/* The number in a path that names one of this process's own descriptors (/dev/stdout, /dev/fd/N and
 * the like), which may not be opened anew lest it starts at offset 0; -1 for every other path. */
int tpl__fs_descriptor_named(const char *path);
int tpl__fs_duplicate(int *out, int fd);

/* The clock that time stamps of files are taken from, and the longest step it makes (nanoseconds).
 */
tpl__time tpl__fs_now(void);
int64_t tpl__fs_tick(void);

int64_t tpl__time_to_ns(tpl__time time);     /* nanoseconds since the epoch; saturates */
int64_t tpl__time_to_us(tpl__time time);     /* microseconds since the epoch, floored; saturates */
int64_t tpl__time_cut_to_us(tpl__time time); /* the same, cut toward zero */
int tpl__time_compare(tpl__time a, tpl__time b);

#endif
