/* SPDX-License-Identifier: MIT */
/* Whole files into memory. */
#include "tpl/file.h"

#include <errno.h>

#include "fail.h"
#include "fs.h"
#include "poll.h"

enum {
    PIECE = 64 * 1024,         /* room for one read of a pipe */
    LARGEST_READ = 1024 * 1024 /* so that a large file does not keep polls waiting */
};

/* One read behind what is there; *got is 0 at the end. A pipe without a writer yet would read as
 * ended, so a read always follows a wait. A buffer that may not grow is enough when the end comes
 * now: ENOMEM when it does not. */
static int read_piece(tpl_buffer *out, int fd, size_t *got) {
    bool full = out->len == out->cap && tpl_buffer_reserve(out, PIECE) != TPL_OK &&
                tpl_buffer_reserve(out, 1) != TPL_OK;
    char probe = 0;
    size_t room = full ? 1 : out->cap - out->len;
    int error = tpl__fs_wait_readable(fd, TPL__POLL_MS);
    if (error != 0) {
        return error;
    }
    error = tpl__fs_read(fd, full ? &probe : out->data + out->len,
                         room < LARGEST_READ ? room : LARGEST_READ, got);
    if (full) {
        return error == 0 && *got > 0 ? ENOMEM : error;
    }
    out->len += *got;
    return error;
}

static tpl_status read_all(tpl_buffer *out, int fd, const char *name, const tpl_run *run,
                           tpl_error *err) {
    tpl__poll poll = tpl__poll_start(run);
    for (;;) {
        if (tpl__poll_stops(&poll)) {
            return tpl__fail_cancelled(err);
        }
        size_t got = 0;
        int error = read_piece(out, fd, &got);
        if (error == 0 && got == 0) {
            return TPL_OK;
        }
        if (error != 0 && error != ETIMEDOUT && error != EAGAIN) {
            return tpl__fail_os(err, error, name);
        }
    }
}

/* Room for a regular file and one byte more, by which its end is seen without growing. */
static tpl_status reserve_for(tpl_buffer *out, const tpl__stat *stat, tpl_error *err) {
    if (stat->type != TPL__TYPE_FILE) {
        return TPL_OK;
    }
    bool fits =
        stat->size < SIZE_MAX && (tpl_buffer_reserve(out, (size_t)stat->size + 1) == TPL_OK ||
                                  tpl_buffer_reserve(out, (size_t)stat->size) == TPL_OK);
    return fits ? TPL_OK : tpl__fail_nomem(err);
}

static tpl_status read_descriptor(tpl_buffer *out, int fd, const char *name, tpl__stat *stat,
                                  const tpl_run *run, tpl_error *err) {
    int error = tpl__fs_stat(stat, fd);
    if (error == 0 && stat->type == TPL__TYPE_DIRECTORY) {
        error = EISDIR;
    }
    if (error != 0) {
        return tpl__fail_os(err, error, name);
    }
    size_t before = out->len;
    tpl_status status = reserve_for(out, stat, err);
    status = status != TPL_OK ? status : read_all(out, fd, name, run, err);
    if (status != TPL_OK) {
        out->len = before;
    }
    return status;
}

tpl_status tpl_file_read(tpl_buffer *out, const char *path, int64_t *mtime_ns, const tpl_run *run,
                         tpl_error *err) {
    int fd = -1;
    int error = tpl__fs_open_file(&fd, TPL__FS_CWD, path, TPL__LINKS_FOLLOW);
    if (error != 0) {
        return tpl__fail_os(err, error, path);
    }
    tpl__stat stat;
    tpl_status status = read_descriptor(out, fd, path, &stat, run, err);
    tpl__fs_close(fd);
    if (status == TPL_OK && mtime_ns != NULL) {
        *mtime_ns = tpl__time_to_ns(stat.mtime);
    }
    return status;
}

tpl_status tpl_file_read_fd(tpl_buffer *out, int fd, const char *name, const tpl_run *run,
                            tpl_error *err) {
    tpl__stat stat;
    return read_descriptor(out, fd, name, &stat, run, err);
}

bool tpl_file_is_directory(const char *path) {
    tpl__stat stat;
    return tpl__fs_stat_at(&stat, TPL__FS_CWD, path, true) == 0 && stat.type == TPL__TYPE_DIRECTORY;
}
