/* SPDX-License-Identifier: MIT */
/* Manifests from files: what is canonical passes through a window, anything else is read whole. */
#include <string.h>

#include "fail.h"
#include "fs.h"
#include "manifest_v2023.h"
#include "mem.h"
#include "tpl/file.h"
#include "tpl/manifest.h"

/* Stays in a core's own cache. */
#define WINDOW_SIZE ((size_t)256 << 10)

_Static_assert(WINDOW_SIZE >= 2 * TPL__WINDOW_SIGHT, "more text fits in whenever more is wanted");

typedef struct stream {
    tpl__window window; /* first: `more` gets no other pointer */
    char *buffer;
    int fd;
    const char *path;
    tpl_hash128 *hash; /* may be NULL */
    const tpl_run *run;
    tpl_hasher *hasher; /* of what is read; NULL: the hash is not wanted */
    int sys_errno;      /* why reading failed */
} stream;

static tpl_status more(tpl__window *window) {
    stream *s = (void *)window;
    size_t kept = (size_t)(window->end - window->at);
    memmove(s->buffer, window->at, kept);
    while (kept < WINDOW_SIZE && !window->ended) {
        size_t got = 0;
        s->sys_errno = tpl__fs_read(s->fd, s->buffer + kept, WINDOW_SIZE - kept, &got);
        if (s->sys_errno != 0) {
            return TPL_E_IO;
        }
        if (s->hasher != NULL) {
            tpl_hasher_update(s->hasher, s->buffer + kept, got);
        }
        kept += got;
        window->ended = got == 0;
        window->behind -= got < window->behind ? got : window->behind;
    }
    window->at = s->buffer;
    window->end = s->buffer + kept;
    return TPL_OK;
}

/* *out stays NULL when the text is not canonical. */
static tpl_status read_window(tpl_manifest **out, stream *s, tpl_error *err) {
    tpl__poll poll = {s->run, 0};
    tpl_status status = s->hash == NULL ? TPL_OK : tpl_hasher_new(&s->hasher);
    s->buffer = tpl__alloc(WINDOW_SIZE);
    if (s->buffer == NULL || status != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    s->window.at = s->window.end = s->buffer;
    s->window.more = more;
    status = tpl__v2023_read_fast(out, &s->window, &poll);
    if (status == TPL_E_IO) {
        return tpl__fail_os(err, s->sys_errno, s->path);
    }
    if (*out != NULL && s->hash != NULL) {
        *s->hash = tpl_hasher_digest(s->hasher);
    }
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

static tpl_status read_whole(tpl_manifest **out, const stream *s, tpl_error *err) {
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
    stream s = {.fd = -1, .path = path, .hash = hash, .run = run};
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
        s.window.behind = stat.size;
        status = read_window(out, &s, err);
        error = status == TPL_OK && *out == NULL ? tpl__fs_rewind(s.fd) : 0;
        status = error == 0 ? status : tpl__fail_os(err, error, path);
    }
    if (status == TPL_OK && *out == NULL) {
        status = read_whole(out, &s, err);
    }
    tpl__fs_close(s.fd);
    tpl_hasher_free(s.hasher);
    tpl__free(s.buffer);
    return status;
}
