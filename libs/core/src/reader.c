/* SPDX-License-Identifier: MIT */
/* Reads a file to its end and makes sure that nobody wrote to it meanwhile.
 *
 * A write sets ctime to the clock's time of that moment. So when ctime lies more than a tick before
 * the moment the file was opened, nothing was written since: one statx after the read settles it. A
 * fresher file is read again once its ctime has aged.
 *
 * But one long write() sets ctime when it begins and goes on. While it may still do so, and where
 * the clock cannot be trusted (ctime in the future) or the size means nothing (/proc), two readings
 * in a row have to agree: the content was that at the moment between them.
 *
 * What one read gave needs no proof when it has the hash that is expected of it. */
#include "reader.h"

#include <errno.h>
#include <string.h>

#include "hash_kernel.h"
#include "mem.h"
#include "poll.h"
#include "thread.h"
#include "tpl/buffer.h"

enum {
    MOST_READINGS = 8,
    FAR_SECONDS = 60,
    NS_PER_SEC = 1000000000,
    NS_PER_MS = 1000000
};

#define BUFFER_SIZE TPL__CHUNK_UNIT
#define TOO_FAR_AHEAD_NS ((int64_t)100 * NS_PER_MS)
#define WRITTEN_PER_SEC ((uint64_t)256 << 20) /* bytes, by a program that does little else */

struct tpl__reader {
    const tpl__hash_kernel *kernel;
    tpl__step_fn step;
    void *payload;
    int64_t tick;
    unsigned char *memory;
    void *state;
    unsigned char *buffer;
    uint64_t chunk_size;
    tpl_buffer chunks; /* of tpl_hash128 */
    const tpl_hash128 *expected;
    uint64_t expected_size;
    uint64_t told; /* bytes of this file that `step` knows of */
};

tpl__reader *tpl__reader_new(tpl__step_fn step, void *payload) {
    tpl__reader *reader = tpl__alloc(sizeof(*reader));
    unsigned char *memory = tpl__alloc(TPL__HASH_STATE_ALIGN + TPL__HASH_STATE_SIZE + BUFFER_SIZE);
    if (reader == NULL || memory == NULL) {
        tpl__free(reader);
        tpl__free(memory);
        return NULL;
    }
    uintptr_t past = (uintptr_t)memory % TPL__HASH_STATE_ALIGN;
    unsigned char *state = memory + (past == 0 ? 0 : TPL__HASH_STATE_ALIGN - past);
    *reader = (tpl__reader){.kernel = tpl__hash_best(),
                            .step = step,
                            .payload = payload,
                            .tick = tpl__fs_tick(),
                            .memory = memory,
                            .state = state,
                            .buffer = state + TPL__HASH_STATE_SIZE};
    return reader;
}

void tpl__reader_free(tpl__reader *reader) {
    if (reader != NULL) {
        tpl_buffer_dispose(&reader->chunks);
        tpl__free(reader->memory);
        tpl__free(reader);
    }
}

void tpl__reader_chunk(tpl__reader *reader, uint64_t size) {
    reader->chunk_size = size;
}

void tpl__reader_expect(tpl__reader *reader, const tpl_hash128 *hash, uint64_t size) {
    reader->expected = hash;
    reader->expected_size = size;
}

static tpl__outcome failed(tpl__content *out, int sys_errno) {
    out->sys_errno = sys_errno;
    return TPL__FAILED;
}

/* Ends a chunk. False: no memory. */
static bool end_chunk(tpl__reader *r) {
    tpl_hash128 hash = r->kernel->digest(r->state);
    r->kernel->reset(r->state);
    return tpl_buffer_append(&r->chunks, &hash, sizeof(hash)) == TPL_OK;
}

/* What the chunks come to, the last of them not ended unless it is full. */
static bool end_chunks(tpl__reader *r, tpl__content *out) {
    if (r->chunk_size == 0 || r->chunks.len == 0) {
        out->hash = r->kernel->digest(r->state);
        return true;
    }
    if (out->size % r->chunk_size != 0 && !end_chunk(r)) {
        return false;
    }
    const tpl_hash128 *chunks = (const void *)r->chunks.data;
    out->chunk_count = r->chunks.len / sizeof(*chunks);
    if (out->chunk_count == 1) {
        out->chunk_count = 0;
        out->hash = chunks[0];
    } else {
        out->chunks = chunks;
        out->hash = r->kernel->one_shot(chunks, r->chunks.len);
    }
    return true;
}

/* A file that is read again is not told again. */
static bool tell(tpl__reader *r, uint64_t size) {
    size_t more = size > r->told ? (size_t)(size - r->told) : 0;
    r->told += more;
    return r->step(more, r->payload);
}

/* What fits the buffer is hashed at once, the rest piece by piece. A short read is the end, which
 * statx is about to confirm. */
static tpl__outcome read_all(tpl__reader *r, int fd, tpl__content *out) {
    size_t got = 0;
    int error = tpl__fs_read(fd, r->buffer, BUFFER_SIZE, &got);
    if (error != 0) {
        return failed(out, error);
    }
    out->size = got;
    out->chunk_count = 0;
    r->chunks.len = 0;
    if (got < BUFFER_SIZE) {
        out->hash = r->kernel->one_shot(r->buffer, got);
        return tell(r, got) ? TPL__DONE : TPL__STOPPED;
    }
    r->kernel->reset(r->state);
    while (got > 0) {
        r->kernel->update(r->state, r->buffer, got);
        if (!tell(r, out->size)) {
            return TPL__STOPPED;
        }
        if (r->chunk_size != 0 && out->size % r->chunk_size == 0 && !end_chunk(r)) {
            return failed(out, ENOMEM);
        }
        bool ended = got < BUFFER_SIZE;
        error = ended ? 0 : tpl__fs_read(fd, r->buffer, BUFFER_SIZE, &got);
        if (error != 0) {
            return failed(out, error);
        }
        got = ended ? 0 : got;
        out->size += got;
    }
    return end_chunks(r, out) ? TPL__DONE : failed(out, ENOMEM);
}

static bool is_expected(const tpl__reader *r, const tpl__content *content) {
    const tpl_hash128 *hash = r->expected;
    return hash != NULL && content->size == r->expected_size && content->size < BUFFER_SIZE &&
           content->hash.high == hash->high && content->hash.low == hash->low;
}

static tpl__outcome read_once(tpl__reader *r, int at, const char *name, tpl__links links,
                              tpl__content *out) {
    int fd = -1;
    int error = tpl__fs_open_file(&fd, at, name, links);
    if (error != 0) {
        return failed(out, error);
    }
    tpl__outcome outcome = read_all(r, fd, out);
    bool certain = outcome == TPL__DONE && is_expected(r, out);
    if (outcome != TPL__STOPPED &&
        !certain) { /* statx also tells a pipe or a directory from a file */
        error = tpl__fs_stat(&out->stat, fd);
        if (error != 0) {
            outcome = failed(out, error);
        } else if (out->stat.type != TPL__TYPE_FILE) {
            outcome = TPL__NOT_FILE;
        }
    }
    tpl__fs_close(fd);
    return outcome;
}

/* How long before `now` the time stamp lies, in nanoseconds, cut to a minute either way. */
static int64_t age(tpl__time now, tpl__time stamp) {
    int64_t seconds = now.sec - stamp.sec;
    if (seconds > FAR_SECONDS || seconds < -FAR_SECONDS) {
        return (int64_t)(seconds < 0 ? -FAR_SECONDS : FAR_SECONDS) * NS_PER_SEC;
    }
    return seconds * NS_PER_SEC + (int64_t)now.nsec - (int64_t)stamp.nsec;
}

/* How long writing it at one go may take, in nanoseconds. */
static int64_t writing_time(uint64_t size) {
    const uint64_t most = WRITTEN_PER_SEC * (FAR_SECONDS - 1);
    return (int64_t)((size < most ? size : most) * 1000 / (WRITTEN_PER_SEC / NS_PER_MS));
}

static bool same_reading(const tpl__content *a, const tpl__content *b) {
    return a->hash.high == b->hash.high && a->hash.low == b->hash.low && a->size == b->size &&
           a->stat.ino == b->stat.ino && a->stat.dev == b->stat.dev &&
           a->stat.size == b->stat.size && tpl__time_compare(a->stat.mtime, b->stat.mtime) == 0 &&
           tpl__time_compare(a->stat.ctime, b->stat.ctime) == 0;
}

/* Waits until the file's last change is older than a tick, if that is near. */
static bool let_settle(tpl__reader *r, const tpl__stat *stat) {
    for (;;) {
        int64_t old = age(tpl__fs_now(), stat->ctime);
        if (old > r->tick || old < -TOO_FAR_AHEAD_NS) {
            return true;
        }
        tpl__sleep_ms(1);
        if (!r->step(0, r->payload)) {
            return false;
        }
    }
}

tpl__outcome tpl__reader_hash(tpl__reader *r, int at, const char *name, tpl__links links,
                              tpl__content *out) {
    tpl__content before = {0};
    r->told = 0;
    for (int reading = 0; reading < MOST_READINGS; reading++) {
        tpl__time opened = tpl__fs_now();
        tpl__outcome outcome = read_once(r, at, name, links, out);
        if (outcome != TPL__DONE || is_expected(r, out)) {
            return outcome;
        }
        int64_t old = age(opened, out->stat.ctime);
        bool settled = out->size == out->stat.size && old > r->tick;
        if (settled && old - r->tick > writing_time(out->size)) {
            return TPL__DONE;
        }
        bool unclear = settled || out->stat.size == 0 || old < -TOO_FAR_AHEAD_NS;
        if (reading > 0 && unclear && same_reading(&before, out)) {
            return TPL__DONE;
        }
        before = *out;
        if (!let_settle(r, &out->stat)) {
            return TPL__STOPPED;
        }
    }
    return TPL__CHANGED;
}

tpl__outcome tpl__reader_drain(tpl__reader *r, int fd, tpl__content *out) {
    r->kernel->reset(r->state);
    out->size = 0;
    for (;;) {
        int error = tpl__fs_wait_readable(fd, TPL__POLL_MS);
        size_t got = 0;
        if (error == 0) {
            error = tpl__fs_read(fd, r->buffer, BUFFER_SIZE, &got);
            if (error == 0 && got == 0) {
                break;
            }
        }
        if (error != 0 && error != ETIMEDOUT && error != EAGAIN) {
            return failed(out, error);
        }
        r->kernel->update(r->state, r->buffer, got);
        out->size += got;
        if (!r->step(got, r->payload)) {
            return TPL__STOPPED;
        }
    }
    out->hash = r->kernel->digest(r->state);
    return TPL__DONE;
}
