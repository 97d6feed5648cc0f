/* SPDX-License-Identifier: MIT */
/* The inside of a manifest, for the files that build, read and write one. */
#ifndef TPL__MANIFEST_TABLE_H
#define TPL__MANIFEST_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "poll.h"
#include "tpl/manifest.h"

/* What a row's tag holds: the kind and two bits that only 2025-12-04-beta knows, and the length of
 * its text. A file of 2023-03-03 whose digest stands in the row has the tag 0. */
#define TPL__TAG_KIND UINT32_C(3)
#define TPL__TAG_DELETED UINT32_C(4)
#define TPL__TAG_RUNNABLE UINT32_C(8)
#define TPL__TAG_ATTRIBUTES UINT32_C(15)
#define TPL__TAG_BITS 4
#define TPL__TEXT_MAX (UINT32_MAX >> TPL__TAG_BITS)

/* 48 bytes an entry; the text lives in an arena. */
typedef struct tpl__row {
    const char *path;
    uint32_t path_len;
    uint32_t tag;
    union {
        tpl_hash128 digest; /* when there is no text */
        const char *text;   /* a hash that is no digest, hashes of chunks, a link's target */
    } hash;
    uint64_t size;
    int64_t mtime;
} tpl__row;

/* Directories, in byte order of their paths (which is code point order) and each once when the
 * manifest is sealed. */
typedef struct tpl__dirs {
    tpl__row *rows;
    size_t count;
    size_t cap;
} tpl__dirs;

struct tpl_manifest {
    tpl__arena arena;
    tpl__row *rows;
    size_t count;
    size_t cap;
    uint32_t *order; /* canonical position -> row; NULL when the rows stand in canonical order */
    uint64_t total_size;
    size_t duplicates;
    tpl__dirs dirs;
    const char *parent; /* hash of the manifest that this one changes, or NULL */
    size_t parent_len;
    tpl_hash128 source;  /* of the text it was decoded from, where has_source */
    bool has_source;     /* of 2025-12-04-beta only: what diffs are of */
    uint32_t attributes; /* all that rows have or had */
    tpl_format format;
    bool sealed;
};

static inline uint32_t tpl__row_text_len(const tpl__row *row) {
    return row->tag >> TPL__TAG_BITS;
}

static inline tpl_kind tpl__row_kind(const tpl__row *row) {
    return (tpl_kind)(row->tag & TPL__TAG_KIND);
}

static inline bool tpl__row_is_deleted(const tpl__row *row) {
    return (row->tag & TPL__TAG_DELETED) != 0;
}

/* The same kind and content, whatever the size, the time and the run bit. */
static inline bool tpl__row_same(const tpl__row *a, const tpl__row *b) {
    if (((a->tag ^ b->tag) & ~TPL__TAG_RUNNABLE) != 0) {
        return false;
    }
    uint32_t len = tpl__row_text_len(a);
    if (len != 0) {
        return memcmp(a->hash.text, b->hash.text, len) == 0;
    }
    return a->hash.digest.high == b->hash.digest.high && a->hash.digest.low == b->hash.digest.low;
}

/* The row at a canonical position of a sealed manifest. */
static inline const tpl__row *tpl__manifest_row(const tpl_manifest *m, size_t position) {
    return &m->rows[m->order == NULL ? position : m->order[position]];
}

/* Room for one more row, uninitialised, counted; NULL when memory is out or 2^32 - 1 rows are
 * there. */
tpl__row *tpl__manifest_append(tpl_manifest *manifest);

/* Room for `extra` more rows; false when memory is out or 2^32 - 1 rows would be passed. */
bool tpl__manifest_reserve(tpl_manifest *manifest, size_t extra);

/* As tpl_manifest_sort() or, when rows keep their places, tpl_manifest_seal(); TPL_E_CANCELLED. */
tpl_status tpl__manifest_order(tpl_manifest *manifest, bool move_rows, tpl__poll *poll,
                               tpl_error *err);

/* As tpl_manifest_add(), the total left alone. */
tpl_status tpl__manifest_copy(tpl_manifest *manifest, const tpl_entry *entry, tpl_error *err);

/* Whether a manifest of 2023-03-03 could hold all that the entries say: no attribute is known of.
 */
bool tpl__manifest_is_plain(const tpl_manifest *manifest);

/* Whether a hash may stand in a manifest: [a-zA-Z0-9]+ */
bool tpl__hash_text_is_valid(const char *text, size_t len);

/* Takes over rows that a worker gathered, with the arena that holds their text; `from` is left
 * empty. Adds their sizes to the total (a link's is 0, and directories have their own place).
 * There is room for them. TPL_E_RANGE: nothing is taken. */
tpl_status tpl__manifest_adopt(tpl_manifest *manifest, tpl__row *rows, size_t count,
                               tpl__arena *from);

/* Drops all entries of a sealed manifest, and the memory they took. */
void tpl__manifest_empty(tpl_manifest *manifest);

void tpl__row_view(const tpl__row *row, tpl_entry *out);

#endif
