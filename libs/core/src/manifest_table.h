/* SPDX-License-Identifier: MIT */
/* The inside of a manifest, for the files that build, read and write one. */
#ifndef TPL__MANIFEST_TABLE_H
#define TPL__MANIFEST_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "poll.h"
#include "tpl/manifest.h"

/* 48 bytes an entry; the text lives in an arena. */
typedef struct tpl__row {
    const char *path;
    uint32_t path_len;
    uint32_t hash_text_len; /* 0: `hash.digest` holds the hash */
    union {
        tpl_hash128 digest;
        const char *text;
    } hash;
    uint64_t size;
    int64_t mtime;
} tpl__row;

struct tpl_manifest {
    tpl__arena arena;
    tpl__row *rows;
    size_t count;
    size_t cap;
    uint32_t *order; /* canonical position -> row; NULL when the rows stand in canonical order */
    uint64_t total_size;
    size_t duplicates;
    tpl_format format;
    bool sealed;
};

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

/* Whether a hash may stand in a manifest: [a-zA-Z0-9]+ */
bool tpl__hash_text_is_valid(const char *text, size_t len);

/* Takes over rows that a worker gathered, with the arena that holds their text; `from` is left
 * empty. Adds their sizes to the total. TPL_E_NOMEM, TPL_E_RANGE: nothing is taken. */
tpl_status tpl__manifest_adopt(tpl_manifest *manifest, tpl__row *rows, size_t count,
                               tpl__arena *from);

void tpl__row_view(const tpl__row *row, tpl_entry *out);

#endif
