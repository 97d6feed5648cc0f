/* SPDX-License-Identifier: MIT */
/* Manifests from files: what is canonical passes through windows, anything else is read whole. */
#include <string.h>

#include "fail.h"
#include "fs.h"
#include "manifest_v2023.h"
#include "mem.h"
#include "pool.h"
#include "tpl/file.h"
#include "tpl/manifest.h"

/* Stays in a core's own cache. */
#define WINDOW_SIZE ((size_t)256 << 10)
#define SIGHT_SIZE ((size_t)32 << 10) /* an entry of the longest path that a system takes */

_Static_assert(WINDOW_SIZE >= 2 * TPL__WINDOW_SIGHT, "more text fits in whenever more is wanted");

typedef struct stream {
    tpl__window window; /* first: `more` gets no other pointer */
    char *buffer;
    int fd;
    uint64_t at; /* in the file: where to read next, and where the part ends */
    uint64_t end;
    tpl_hasher *hasher; /* of what is read; NULL: the hash is not wanted */
    int sys_errno;      /* why reading failed */
} stream;

static tpl_status more(tpl__window *window) {
    stream *s = (void *)window;
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

/* A manifest's file, and what each of its readers sees of it. */
typedef struct source {
    int fd;
    const char *path;
    tpl_hash128 *hash; /* may be NULL */
    const tpl_run *run;
    uint64_t size; /* as it began: it can grow while it is read */
    unsigned readers;
    char *sight;
    stream streams[TPL__PROCESSORS_MOST];
} source;

/* Nothing where it cannot be read: whoever reads that part has the same trouble, and says so. */
static const char *look(uint64_t offset, size_t *len, void *payload) {
    const source *s = payload;
    (void)tpl__fs_read_at(s->fd, s->sight, SIGHT_SIZE, offset, len);
    return s->sight;
}

static tpl__window *show(unsigned reader, uint64_t from, uint64_t to, void *payload) {
    source *s = payload;
    stream *part = &s->streams[reader];
    part->at = from;
    part->end = to == s->size ? UINT64_MAX : to;
    part->window =
        (tpl__window){.at = part->buffer, .end = part->buffer, .behind = to - from, .more = more};
    return &part->window;
}

/* A hash is of the whole in one go. */
static tpl_status open_streams(source *s) {
    s->readers = s->hash == NULL ? tpl__v2023_readers(s->size, s->run) : 1;
    tpl_status status = s->hash == NULL ? TPL_OK : tpl_hasher_new(&s->streams[0].hasher);
    s->sight = tpl__alloc(SIGHT_SIZE);
    bool enough = s->sight != NULL;
    for (unsigned i = 0; enough && i < s->readers; i++) {
        s->streams[i].fd = s->fd;
        s->streams[i].buffer = tpl__alloc(WINDOW_SIZE);
        enough = s->streams[i].buffer != NULL;
    }
    return enough ? status : TPL_E_NOMEM;
}

static void close_streams(source *s) {
    for (unsigned i = 0; i < s->readers; i++) {
        tpl_hasher_free(s->streams[i].hasher);
        tpl__free(s->streams[i].buffer);
    }
    tpl__free(s->sight);
}

static tpl_status fail(const source *s, tpl_status status, tpl_error *err) {
    for (unsigned i = 0; status == TPL_E_IO && i < s->readers; i++) {
        if (s->streams[i].sys_errno != 0) {
            return tpl__fail_os(err, s->streams[i].sys_errno, s->path);
        }
    }
    return tpl__fail(err, status, "%s", tpl_status_text(status));
}

/* *out stays NULL when the text is not canonical. */
static tpl_status read_windows(tpl_manifest **out, source *s, tpl_error *err) {
    tpl__poll poll = TPL__POLL_INIT(s->run);
    tpl_status status = open_streams(s);
    if (status == TPL_OK) {
        const tpl__v2023_source parts = {s->size, TPL__PART_SIZE, s->readers, look, show, s};
        status = tpl__v2023_read_fast(out, &parts, &poll);
    }
    if (*out != NULL && s->hash != NULL) {
        *s->hash = tpl_hasher_digest(s->streams[0].hasher);
    }
    close_streams(s);
    return status == TPL_OK ? TPL_OK : fail(s, status, err);
}

static tpl_status read_whole(tpl_manifest **out, const source *s, tpl_error *err) {
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_status status = tpl_file_read_fd(&text, s->fd, s->path, s->run, err);
    if (status == TPL_OK) {
        status = tpl_manifest_decode(out, text.data, text.len, s->run, err);
    }
    if (status == TPL_OK && s->hash != NULL) {
        *s->hash = tpl_hash_bytes(text.data, text.len);
    }
    tpl_buffer_dispose(&text);
    return status;
}

tpl_status tpl_manifest_load(tpl_manifest **out, const char *path, int64_t *mtime_ns,
                             tpl_hash128 *hash, const tpl_run *run, tpl_error *err) {
    source s = {.fd = -1, .path = path, .hash = hash, .run = run};
    tpl__stat stat;
    *out = NULL;
    int error = tpl__fs_open_file(&s.fd, TPL__FS_CWD, path, TPL__LINKS_FOLLOW);
    error = error != 0 ? error : tpl__fs_stat(&stat, s.fd);
    if (error != 0) {
        tpl__fs_close(s.fd);
        return tpl__fail_os(err, error, path);
    }
    if (mtime_ns != NULL) {
        *mtime_ns = tpl__time_to_ns(stat.mtime);
    }
    tpl_status status = TPL_OK;
    if (stat.type == TPL__TYPE_FILE) {
        s.size = stat.size;
        status = read_windows(out, &s, err);
    }
    if (status == TPL_OK && *out == NULL) {
        status = read_whole(out, &s, err);
    }
    tpl__fs_close(s.fd);
    return status;
}
