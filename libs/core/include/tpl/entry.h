/* SPDX-License-Identifier: MIT */
/* What a manifest holds: its format, and the view of one entry. */
#ifndef TPL_ENTRY_H
#define TPL_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/hash.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One row a format: name, text of `manifestVersion`. */
#define TPL_FORMAT_MAP(X)                                                                          \
    X(2023_03_03, "2023-03-03")                                                                    \
    X(2025_12_04_BETA, "2025-12-04-beta")

typedef enum tpl_format {
#define TPL_FORMAT_ENUM(name, text) TPL_FORMAT_##name,
    TPL_FORMAT_MAP(TPL_FORMAT_ENUM)
#undef TPL_FORMAT_ENUM
    TPL_FORMAT_COUNT
} tpl_format;

#define TPL_FORMAT_DEFAULT TPL_FORMAT_2023_03_03

const char *tpl_format_text(tpl_format format);               /* "2023-03-03"; static */
bool tpl_format_from_text(tpl_format *out, const char *text); /* false: no such format */

/* What an entry is: name, word. All but FILE need 2025-12-04-beta. */
#define TPL_KIND_MAP(X)                                                                            \
    X(FILE, "file")                                                                                \
    X(CHUNKED, "file") /* with one hash for each TPL_CHUNK_SIZE bytes */                           \
    X(SYMLINK, "symlink")                                                                          \
    X(DIRECTORY, "directory")

typedef enum tpl_kind {
#define TPL_KIND_ENUM(name, word) TPL_KIND_##name,
    TPL_KIND_MAP(TPL_KIND_ENUM)
#undef TPL_KIND_ENUM
    TPL_KIND_COUNT
} tpl_kind;

const char *tpl_kind_word(tpl_kind kind); /* static */

#define TPL_CHUNK_SIZE (UINT64_C(256) << 20) /* bytes; larger files are chunked */

/* A view of one entry; pointers are borrowed from the manifest (or, for tpl_manifest_add(), from
 * the caller). A deleted entry, a symlink and a directory have neither size nor mtime. */
typedef struct tpl_entry {
    const char *path; /* WTF-8, not NUL-terminated, may hold NUL */
    size_t path_len;
    tpl_hash128 hash;      /* of a FILE, when hash_text is NULL */
    const char *hash_text; /* FILE: a hash that is not 32 lower-case hex digits, as written, else
                              NULL; CHUNKED: the hashes of its chunks with commas between; SYMLINK:
                              the target, WTF-8, relative to the link's directory */
    size_t hash_text_len;
    uint64_t size; /* bytes */
    int64_t mtime; /* microseconds since the epoch */
    tpl_kind kind;
    bool runnable; /* may be executed by somebody; false when not known */
    bool deleted;  /* in a diff: what has this path is gone; the kind is FILE or DIRECTORY */
} tpl_entry;

/* The entry's hash as text: hash_text, or the digits written to `buf`. Empty when it has none. */
const char *tpl_entry_hash(const tpl_entry *entry, char buf[TPL_HASH_HEX_LEN + 1], size_t *len);

#ifdef __cplusplus
}
#endif
#endif
