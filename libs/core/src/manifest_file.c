/* SPDX-License-Identifier: MIT */
#include "manifest_file.h"

#include <string.h>

#include "fs.h"
#include "mem.h"

/* Stays in a core's own cache. */
#define WINDOW_SIZE ((size_t)256 << 10)

_Static_assert(WINDOW_SIZE >= 2 * TPL__WINDOW_SIGHT, "more text fits in whenever more is wanted");

static tpl_status more(tpl__window *window) {
    tpl__stream *s = (void *)window;
    size_t kept = (size_t)(window->end - window->at);
    memmove(s->buffer, window->at, kept);
    while (kept < WINDOW_SIZE && !window->ended) {
        size_t got = 0;
        uint64_t left = s->end - s->at;
        size_t room = left < WINDOW_SIZE - kept ? (size_t)left : WINDOW_SIZE - kept;
        s->sys_errno = tpl__fs_read_at(s->fd, s->buffer + kept, room, s->at, &got);
        if (s->sys_errno != 0) {
            return TPL_E_IO;
        }
        if (s->hasher != NULL) {
            tpl_hasher_update(s->hasher, s->buffer + kept, got);
        }
        kept += got;
        s->at += got;
        window->ended = got == 0 || s->at == s->end;
        window->behind -= got < window->behind ? got : window->behind;
    }
    window->at = s->buffer;
    window->end = s->buffer + kept;
    return TPL_OK;
}

/* Nothing where it cannot be read: whoever reads that part has the same trouble, and says so. */
static const char *look(uint64_t offset, size_t *len, void *payload) {
    const tpl__manifest_file *file = payload;
    size_t wanted = *len < TPL__ENTRY_SIGHT ? *len : TPL__ENTRY_SIGHT;
    *len = 0;
    (void)tpl__fs_read_at(file->fd, file->sight, wanted, offset, len);
    return file->sight;
}

static tpl__window *show(unsigned reader, uint64_t from, uint64_t to, void *payload) {
    tpl__manifest_file *file = payload;
    tpl__stream *s = &file->streams[reader];
    s->at = from;
    s->end = to == file->size ? UINT64_MAX : to;
    s->window = (tpl__window){.at = s->buffer, .end = s->buffer, .behind = to - from, .more = more};
    return &s->window;
}

int tpl__manifest_file_open(tpl__manifest_file *file, const char *path) {
    *file = (tpl__manifest_file){.fd = -1};
    tpl__stat stat;
    int error = tpl__fs_open_file(&file->fd, TPL__FS_CWD, path, TPL__LINKS_FOLLOW);
    error = error != 0 ? error : tpl__fs_stat(&stat, file->fd);
    if (error == 0) {
        file->regular = stat.type == TPL__TYPE_FILE;
        file->size = stat.size;
        file->mtime_ns = tpl__time_to_ns(stat.mtime);
    }
    return error;
}

tpl_status tpl__manifest_file_source(tpl__v2023_source *out, tpl__manifest_file *file,
                                     unsigned readers, bool hashed) {
    *out = (tpl__v2023_source){file->size, TPL__PART_SIZE, readers, look, show, file};
    file->readers = readers;
    file->sight = tpl__alloc(TPL__ENTRY_SIGHT);
    bool enough = file->sight != NULL;
    for (unsigned i = 0; enough && i < readers; i++) {
        file->streams[i].fd = file->fd;
        file->streams[i].buffer = tpl__alloc(WINDOW_SIZE);
        enough = file->streams[i].buffer != NULL;
    }
    if (!enough) {
        return TPL_E_NOMEM;
    }
    return hashed ? tpl_hasher_new(&file->streams[0].hasher) : TPL_OK;
}

tpl_hash128 tpl__manifest_file_hash(const tpl__manifest_file *file) {
    return tpl_hasher_digest(file->streams[0].hasher);
}

int tpl__manifest_file_errno(const tpl__manifest_file *file) {
    unsigned i = 0;
    while (i + 1 < file->readers && file->streams[i].sys_errno == 0) {
        i++;
    }
    return file->streams[i].sys_errno;
}

void tpl__manifest_file_close(tpl__manifest_file *file) {
    for (unsigned i = 0; i < file->readers; i++) {
        tpl_hasher_free(file->streams[i].hasher);
        tpl__free(file->streams[i].buffer);
    }
    tpl__free(file->sight);
    tpl__fs_close(file->fd);
}
