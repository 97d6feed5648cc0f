/* SPDX-License-Identifier: MIT */
/* What is known of a tree before it is read: a manifest, asked directory by directory, and which of
 * its rows the tree still has. */
#ifndef TPL__KNOWN_H
#define TPL__KNOWN_H

#include <stdatomic.h>

#include "manifest_table.h"

typedef struct tpl__known {
    const tpl_manifest *table; /* sealed, borrowed; NULL: nothing is known */
    atomic_bool *kept;         /* by canonical position */
    bool foreign_text;         /* what its rows point at is not the table's own */
} tpl__known;

#define TPL__KNOWN_INIT {NULL, NULL, false}

#define TPL__KNOWN_SLOTS_LOG2 9

/* One thread's own: where the rows lie of the directory that it asked about last. */
typedef struct tpl__known_place {
    size_t low; /* canonical positions */
    size_t high;
    size_t dir; /* length of its path, the slash included */
    /* Few rows: where each is found, by a hash; positions from `low` on, plus 1; 0: none. */
    bool hashed;
    uint8_t slots[1 << TPL__KNOWN_SLOTS_LOG2];
} tpl__known_place;

#define TPL__KNOWN_PLACE_INIT {0, 0, 0, false, {0}}

/* `table` may be NULL. False: no memory. */
bool tpl__known_init(tpl__known *out, const tpl_manifest *table);
void tpl__known_dispose(tpl__known *known);

/* The last row with this path, and its canonical position; NULL when there is none. */
const tpl__row *tpl__known_find(const tpl__known *known, tpl__known_place *place, const char *path,
                                size_t len, size_t *position);

/* The tree has this row, and just so. For several threads. */
static inline void tpl__known_keep(const tpl__known *known, size_t position) {
    atomic_store_explicit(&known->kept[position], true, memory_order_relaxed);
}

static inline bool tpl__known_is_kept(const tpl__known *known, size_t position) {
    return atomic_load_explicit(&known->kept[position], memory_order_relaxed);
}

/* Puts the rows that were kept into a sorted manifest; of equal paths its own row stays. `spare` is
 * the table or NULL: its memory becomes the manifest's, and it is left empty.
 * TPL_E_NOMEM, TPL_E_RANGE, TPL_E_CANCELLED: the manifest is to be freed then. */
tpl_status tpl__known_add_kept(const tpl__known *known, tpl_manifest *manifest, tpl_manifest *spare,
                               tpl__poll *poll);

#endif
