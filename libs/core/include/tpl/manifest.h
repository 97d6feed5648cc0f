/* SPDX-License-Identifier: MIT */
/* A manifest: paths with hash, size and modification time, and its encoded forms. Immutable once
 * sealed or sorted, and then safe to read from several threads. */
#ifndef TPL_MANIFEST_H
#define TPL_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/buffer.h"
#include "tpl/entry.h"
#include "tpl/hash.h"
#include "tpl/run.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tpl_manifest tpl_manifest; /* owns all its memory; free with tpl_manifest_free() */

/* An empty manifest to add to. TPL_E_NOMEM. */
tpl_status tpl_manifest_new(tpl_manifest **out, tpl_error *err);
void tpl_manifest_free(tpl_manifest *manifest);

/* Copies one entry in and adds its size to the total. TPL_E_NOMEM; TPL_E_ARGUMENT for a hash text
 * that is not [a-zA-Z0-9]+ (of a symlink: empty); TPL_E_RANGE when the total passes 2^64 - 1, a
 * path 4 GiB or another text 256 MiB. */
tpl_status tpl_manifest_add(tpl_manifest *manifest, const tpl_entry *entry, tpl_error *err);

/* Makes it a diff: what to change in the manifest whose bytes have this hash. Before sealing.
 * TPL_E_ARGUMENT as for a hash text, TPL_E_NOMEM. */
tpl_status tpl_manifest_set_parent(tpl_manifest *manifest, const char *hash, size_t len,
                                   tpl_error *err);

/* Ends adding. sort: entries take canonical order (UTF-16 code units of the path, stable). seal:
 * they keep the order they were added in, as a decoded document does, and an index in canonical
 * order is made. TPL_E_NOMEM. */
tpl_status tpl_manifest_sort(tpl_manifest *manifest, tpl_error *err);
tpl_status tpl_manifest_seal(tpl_manifest *manifest, tpl_error *err);

/* Gives a sealed manifest another format, in place. TPL_E_MANIFEST, the error's path being the
 * first entry that the format cannot hold; TPL_E_NOMEM, TPL_E_CANCELLED. Nothing is changed then.
 * `run` may be NULL. */
tpl_status tpl_manifest_convert(tpl_manifest *manifest, tpl_format format, const tpl_run *run,
                                tpl_error *err);

size_t tpl_manifest_count(const tpl_manifest *manifest); /* without directories */
uint64_t tpl_manifest_total_size(
    const tpl_manifest *manifest); /* bytes; of a decoded one, as the document says */
tpl_format
tpl_manifest_format(const tpl_manifest *manifest); /* what it was decoded from; else the default */
size_t
tpl_manifest_duplicates(const tpl_manifest *manifest); /* entries whose path an earlier one has */

const char *tpl_manifest_parent(const tpl_manifest *manifest,
                                size_t *len); /* of a diff, borrowed; of a snapshot NULL */

/* Entry `index` in the manifest's own order; `index` < count. */
void tpl_manifest_entry(const tpl_manifest *manifest, size_t index, tpl_entry *out);

/* The directories of a sealed manifest, in code point order. */
size_t tpl_manifest_directory_count(const tpl_manifest *manifest);
void tpl_manifest_directory(const tpl_manifest *manifest, size_t index, tpl_entry *out);

/* The index of the last entry with this path; false when there is none. O(log n). */
bool tpl_manifest_find(const tpl_manifest *manifest, const char *path, size_t len, size_t *index);

/* Whether two manifests have the same canonical bytes. */
bool tpl_manifest_equal(const tpl_manifest *a, const tpl_manifest *b);

/* Writes the canonical bytes in pieces, all of them on the caller's thread; `run` (may be NULL) is
 * polled, and its jobs are the threads that a long text is made by. TPL_E_MANIFEST and TPL_E_EMPTY
 * as tpl_manifest_convert(), TPL_E_RANGE (2025-12-04-beta: paths so long that nobody reads them
 * back), TPL_E_NOMEM, TPL_E_CANCELLED, or what `write` returned. An empty manifest encodes.
 * Corresponds to deadline's AssetManifest.encode(). */
tpl_status tpl_manifest_encode(const tpl_manifest *manifest, tpl_format format, tpl_write_fn write,
                               void *payload, const tpl_run *run, tpl_error *err);

/* The same bytes into memory: `room` is called once, on the caller's thread, when their number is
 * known, and several threads write what is long. Errors as above, TPL_E_NOMEM also for no room. */
tpl_status tpl_manifest_encode_into(const tpl_manifest *manifest, tpl_format format,
                                    tpl_room_fn room, void *payload, const tpl_run *run,
                                    tpl_error *err);

/* Whether `len` bytes of text are the manifest's canonical encoding. */
bool tpl_manifest_is_canonical(const tpl_manifest *manifest, const char *data, size_t len);

/* The two fingerprints: XXH3-128 of the canonical bytes in the manifest's format, and of the same
 * with every mtime written as 0. Either pointer may be NULL. `run` (may be NULL) is polled.
 * TPL_E_RANGE as above, TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl_manifest_fingerprint(const tpl_manifest *manifest, tpl_hash128 *manifest_hash,
                                    tpl_hash128 *content_hash, const tpl_run *run, tpl_error *err);

/* Reads a document of any known format, sealed, its entries in the document's order. Of 2023-03-03,
 * accepts and refuses what the reference does (deadline's decode_manifest()) but for numbers: size
 * and totalSize are uint64, mtime is int64. Of 2025-12-04-beta, also takes the names that members
 * have in its relatives, the relative snapshots and diffs of `specificationVersion`; such a
 * document becomes one of 2025-12-04-beta. TPL_E_SYNTAX (not JSON; the message gives line and
 * column), TPL_E_VERSION, TPL_E_MANIFEST, TPL_E_RANGE, TPL_E_CANCELLED (`run`, which may be NULL,
 * is polled), TPL_E_NOMEM. */
tpl_status tpl_manifest_decode(tpl_manifest **out, const char *data, size_t len, const tpl_run *run,
                               tpl_error *err);

/* Decodes the file at an operating-system path. A canonical document of 2023-03-03 is never in
 * memory as a whole; any other is, and pipes. `mtime_ns` (may be NULL) gets the file's time in
 * nanoseconds since the epoch, `hash` (may be NULL) the XXH3-128 of its bytes. Errors as
 * tpl_manifest_decode() and tpl_file_read(). */
tpl_status tpl_manifest_load(tpl_manifest **out, const char *path, int64_t *mtime_ns,
                             tpl_hash128 *hash, const tpl_run *run, tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
