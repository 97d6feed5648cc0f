/* SPDX-License-Identifier: MIT */
/* XXH3-128 (the manifests' "xxh128"): seed 0, default secret, canonical big-endian digest. */
#ifndef TPL_HASH_H
#define TPL_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/run.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tpl_hash128 {
    uint64_t high;
    uint64_t low;
} tpl_hash128;

#define TPL_HASH_HEX_LEN 32 /* digits, without the NUL */

/* 32 lower-case hex digits and a NUL, high half first. */
void tpl_hash128_to_hex(tpl_hash128 hash, char out[TPL_HASH_HEX_LEN + 1]);

/* Reads exactly 32 lower-case hex digits; false (and *out untouched) for anything else. */
bool tpl_hash128_from_hex(tpl_hash128 *out, const char *hex, size_t len);

/* The hash of `len` bytes; `data` may be NULL when `len` is 0. Corresponds to
 * xxhash.xxh3_128_digest(). */
tpl_hash128 tpl_hash_bytes(const void *data, size_t len);

/* The same of what may be long or slow to reach, such as a file that is mapped: `run`, which may be
 * NULL, is polled. TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl_hash_memory(tpl_hash128 *out, const void *data, size_t len, const tpl_run *run,
                           tpl_error *err);

/* Incremental hashing: any split of the same bytes gives the same digest. One thread at a time. */
typedef struct tpl_hasher tpl_hasher;

tpl_status tpl_hasher_new(tpl_hasher **out); /* TPL_E_NOMEM; free with tpl_hasher_free() */
void tpl_hasher_free(tpl_hasher *hasher);
void tpl_hasher_reset(tpl_hasher *hasher);
void tpl_hasher_update(tpl_hasher *hasher, const void *data, size_t len);
tpl_hash128 tpl_hasher_digest(const tpl_hasher *hasher); /* of what came so far; more may follow */

/* A tpl_write_fn whose payload is a tpl_hasher. */
tpl_status tpl_hasher_write(const void *data, size_t len, void *hasher);

typedef struct tpl_file_hash {
    tpl_hash128 hash;
    uint64_t size; /* in bytes: what was hashed */
    int64_t mtime; /* microseconds since the epoch, floored */
} tpl_file_hash;

/* Hashes a file (links are followed) with a guard against changes while it is read. `path` is an
 * operating-system path; a pipe or device is read to its end. TPL_E_IO, TPL_E_CHANGED,
 * TPL_E_CANCELLED, TPL_E_NOMEM. `run` may be NULL. */
tpl_status tpl_hash_file(tpl_file_hash *out, const char *path, const tpl_run *run, tpl_error *err);

/* The same for an open descriptor, from where it stands to its end; `name` is for messages, mtime
 * is 0. */
tpl_status tpl_hash_fd(tpl_file_hash *out, int fd, const char *name, const tpl_run *run,
                       tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
