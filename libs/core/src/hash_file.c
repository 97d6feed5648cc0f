/* SPDX-License-Identifier: MIT */
/* The hash of one file or descriptor, on the caller's thread. */
#include <errno.h>

#include "fail.h"
#include "fs.h"
#include "poll.h"
#include "reader.h"
#include "thread.h"
#include "tpl/hash.h"

enum {
    PROGRESS_MS = 100
};

typedef struct watch {
    const tpl_run *run;
    tpl_progress progress;
    tpl__poll poll;
    uint64_t reported; /* milliseconds of the monotonic clock */
} watch;

static bool report(watch *w, tpl_phase phase) {
    w->progress.phase = phase;
    return w->run == NULL || w->run->progress == NULL ||
           w->run->progress(&w->progress, w->run->payload) == 0;
}

static bool step(size_t bytes, void *payload) {
    watch *w = payload;
    w->progress.bytes_done += bytes;
    if (tpl__poll_stops(&w->poll)) {
        return false;
    }
    uint64_t now = tpl__monotonic_ms();
    if (now - w->reported < PROGRESS_MS) {
        return true;
    }
    w->reported = now;
    return report(w, TPL_PHASE_HASH);
}

static void begin(watch *w, const tpl_run *run) {
    *w = (watch){.run = run, .poll = tpl__poll_start(run), .reported = tpl__monotonic_ms()};
    w->progress.files_total = 1;
    w->progress.total_known = true;
}

static tpl_status finish(watch *w, tpl_file_hash *out, tpl__outcome outcome,
                         const tpl__content *content, const char *name, tpl_error *err) {
    switch (outcome) {
    case TPL__DONE:
        out->hash = content->hash;
        out->size = content->size;
        out->mtime = tpl__time_to_us(content->stat.mtime);
        w->progress.files_done = 1;
        return report(w, TPL_PHASE_DONE) ? TPL_OK : tpl__fail_cancelled(err);
    case TPL__STOPPED:
        return tpl__fail_cancelled(err);
    case TPL__CHANGED:
        return tpl__fail_at(err, TPL_E_CHANGED, name, tpl_status_text(TPL_E_CHANGED));
    case TPL__NOT_FILE:
        return tpl__fail_os(err, EISDIR, name);
    case TPL__OUTSIDE:
    case TPL__FAILED:
        break;
    }
    return tpl__fail_os(err, content->sys_errno, name);
}

/* A pipe or a device has no moment to be sure of: it is read until it ends. */
static tpl__outcome drain(tpl__reader *reader, const char *path, tpl__content *content) {
    int fd = -1;
    content->sys_errno = tpl__fs_open_file(&fd, TPL__FS_CWD, path, TPL__LINKS_FOLLOW);
    if (content->sys_errno != 0) {
        return TPL__FAILED;
    }
    tpl__outcome outcome = tpl__reader_drain(reader, fd, content);
    tpl__fs_close(fd);
    return outcome;
}

static tpl__outcome hash_path(tpl__reader *reader, watch *w, const char *path,
                              tpl__content *content) {
    tpl__stat stat;
    content->sys_errno = tpl__fs_stat_at(&stat, TPL__FS_CWD, path, true);
    if (content->sys_errno != 0) {
        return TPL__FAILED;
    }
    w->progress.bytes_total = stat.type == TPL__TYPE_FILE ? stat.size : 0;
    return stat.type == TPL__TYPE_OTHER
               ? drain(reader, path, content)
               : tpl__reader_hash(reader, TPL__FS_CWD, path, TPL__LINKS_FOLLOW, content);
}

tpl_status tpl_hash_file(tpl_file_hash *out, const char *path, const tpl_run *run, tpl_error *err) {
    watch w;
    begin(&w, run);
    tpl__reader *reader = tpl__reader_new(step, &w);
    if (reader == NULL) {
        return tpl__fail_nomem(err);
    }
    tpl__content content = {.sys_errno = 0};
    tpl__outcome outcome = TPL__STOPPED;
    if (report(&w, TPL_PHASE_SCAN)) {
        outcome = hash_path(reader, &w, path, &content);
    }
    tpl__reader_free(reader);
    return finish(&w, out, outcome, &content, path, err);
}

tpl_status tpl_hash_fd(tpl_file_hash *out, int fd, const char *name, const tpl_run *run,
                       tpl_error *err) {
    watch w;
    begin(&w, run);
    tpl__reader *reader = tpl__reader_new(step, &w);
    if (reader == NULL) {
        return tpl__fail_nomem(err);
    }
    tpl__content content = {.sys_errno = 0};
    tpl__outcome outcome = tpl__reader_drain(reader, fd, &content);
    tpl__reader_free(reader);
    return finish(&w, out, outcome, &content, name, err);
}
