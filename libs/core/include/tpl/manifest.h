/* SPDX-License-Identifier: MIT */
/* A manifest: paths with hash, size and modification time, and its encoded forms. Immutable once
 * sealed or sorted, and then safe to read from several threads. */
#ifndef TPL_MANIFEST_H
#define TPL_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/buffer.h"
#include "tpl/hash.h"
#include "tpl/run.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One row a format: name, text of `manifestVersion`. */
#define TPL_FORMAT_MAP(X) X(2023_03_03, "2023-03-03")

typedef enum tpl_format {
#define TPL_FORMAT_ENUM(name, text) TPL_FORMAT_##name,
    TPL_FORMAT_MAP(TPL_FORMAT_ENUM)
#undef TPL_FORMAT_ENUM
    TPL_FORMAT_COUNT
} tpl_format;

#define TPL_FORMAT_DEFAULT TPL_FORMAT_2023_03_03

const char *tpl_format_text(tpl_format format);               /* "2023-03-03"; static */
bool tpl_format_from_text(tpl_format *out, const char *text); /* false: no such format */

/* A view of one entry; pointers are borrowed from the manifest (or, for tpl_manifest_add(), from
 * the caller). */
typedef struct tpl_entry {
    const char *path; /* WTF-8, not NUL-terminated, may hold NUL */
    size_t path_len;
    tpl_hash128 hash;      /* when hash_text is NULL */
    const char *hash_text; /* a hash that is not 32 lower-case hex digits, as written; else NULL */
    size_t hash_text_len;
    uint64_t size; /* bytes */
    int64_t mtime; /* microseconds since the epoch */
} tpl_entry;

/* The entry's hash as text: hash_text, or the digits written to `buf`. */
const char *tpl_entry_hash(const tpl_entry *entry, char buf[TPL_HASH_HEX_LEN + 1], size_t *len);

typedef struct tpl_manifest tpl_manifest; /* owns all its memory; free with tpl_manifest_free() */

/* An empty manifest to add to. TPL_E_NOMEM. */
tpl_status tpl_manifest_new(tpl_manifest **out, tpl_error *err);
void tpl_manifest_free(tpl_manifest *manifest);

/* Copies one entry in and adds its size to the total. TPL_E_NOMEM; TPL_E_ARGUMENT for a hash text
 * that is not [a-zA-Z0-9]+; TPL_E_RANGE when the total passes 2^64 - 1 or a text 4 GiB. */
tpl_status tpl_manifest_add(tpl_manifest *manifest, const tpl_entry *entry, tpl_error *err);

/* Ends adding. sort: entries take canonical order (UTF-16 code units of the path, stable). seal:
 * they keep the order they were added in, as a decoded document does, and an index in canonical
 * order is made. TPL_E_NOMEM. */
tpl_status tpl_manifest_sort(tpl_manifest *manifest, tpl_error *err);
tpl_status tpl_manifest_seal(tpl_manifest *manifest, tpl_error *err);

size_t tpl_manifest_count(const tpl_manifest *manifest);
uint64_t tpl_manifest_total_size(
    const tpl_manifest *manifest); /* bytes; of a decoded one, as the document says */
tpl_format
tpl_manifest_format(const tpl_manifest *manifest); /* what it was decoded from; else the default */
size_t
tpl_manifest_duplicates(const tpl_manifest *manifest); /* entries whose path an earlier one has */

/* Entry `index` in the manifest's own order; `index` < count. */
void tpl_manifest_entry(const tpl_manifest *manifest, size_t index, tpl_entry *out);

/* The index of the last entry with this path; false when there is none. O(log n). */
bool tpl_manifest_find(const tpl_manifest *manifest, const char *path, size_t len, size_t *index);

/* Whether two manifests have the same canonical bytes. */
bool tpl_manifest_equal(const tpl_manifest *a, const tpl_manifest *b);

/* Writes the canonical bytes in pieces. TPL_E_NOMEM, or what `write` returned. An empty manifest
 * encodes. Corresponds to deadline's AssetManifest.encode(). */
tpl_status tpl_manifest_encode(const tpl_manifest *manifest, tpl_format format, tpl_write_fn write,
                               void *payload, tpl_error *err);

/* Whether `len` bytes of text are the manifest's canonical encoding. */
bool tpl_manifest_is_canonical(const tpl_manifest *manifest, const char *data, size_t len);

/* The two fingerprints: XXH3-128 of the canonical bytes, and of the canonical bytes with every
 * mtime written as 0. Either pointer may be NULL. `run` (may be NULL) is polled. TPL_E_CANCELLED,
 * TPL_E_NOMEM. */
tpl_status tpl_manifest_fingerprint(const tpl_manifest *manifest, tpl_hash128 *manifest_hash,
                                    tpl_hash128 *content_hash, const tpl_run *run, tpl_error *err);

/* Reads a document of any known format, sealed, its entries in the document's order. Accepts and
 * refuses what the reference does (deadline's decode_manifest()) but for numbers: size and
 * totalSize are uint64, mtime is int64. TPL_E_SYNTAX (not JSON; the message gives line and column),
 * TPL_E_VERSION, TPL_E_MANIFEST, TPL_E_RANGE, TPL_E_CANCELLED (`run`, which may be NULL, is
 * polled), TPL_E_NOMEM. */
tpl_status tpl_manifest_decode(tpl_manifest **out, const char *data, size_t len, const tpl_run *run,
                               tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
