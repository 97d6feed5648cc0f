/* SPDX-License-Identifier: MIT */
/* Look-ups among the rows of one directory, which lie side by side in canonical order; and a merge
 * of sorted rows in place of sorting all of them. */
#include "known.h"

#include <string.h>

#include "mem.h"
#include "order.h"
#include "swar.h"

enum {
    CACHE_LINE = 64,
    SLOTS = 1 << TPL__KNOWN_SLOTS_LOG2,
    MOST_HASHED = SLOTS / 2 - 1, /* rows; so that a byte says which */
    MOST_PREFETCHED_TEXT = 16 << 10
};

_Static_assert(MOST_HASHED <= UINT8_MAX, "a slot is a byte");

bool tpl__known_init(tpl__known *out, const tpl_manifest *table) {
    *out = (tpl__known){.table = table};
    if (table != NULL) {
        out->kept = tpl__alloc_array(table->count, sizeof(*out->kept));
    }
    return table == NULL || out->kept != NULL;
}

void tpl__known_dispose(tpl__known *known) {
    tpl__free(known->kept);
    *known = (tpl__known)TPL__KNOWN_INIT;
}

/* --- finding --- */

static bool begins_with(const tpl__row *row, const char *dir, size_t len) {
    return row->path_len >= len && (len == 0 || memcmp(row->path, dir, len) == 0);
}

/* The first position from `low` on, before `high`, whose path is not less than the text. */
static size_t lower_bound(const tpl_manifest *table, size_t low, size_t high, const char *text,
                          size_t len) {
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const tpl__row *row = tpl__manifest_row(table, middle);
        if (tpl__order_of(row->path, row->path_len, text, len) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Where the paths that begin like the one at `low` end: in growing steps, since most directories
 * are small. */
static size_t end_of(const tpl_manifest *table, size_t low, const char *dir, size_t len) {
    size_t step = 1;
    size_t inside = low; /* paths before it begin so */
    size_t outside = table->count;
    while (inside < outside) {
        size_t probe =
            step < outside - inside ? inside + step - 1 : inside + (outside - inside) / 2;
        if (begins_with(tpl__manifest_row(table, probe), dir, len)) {
            inside = probe + 1;
            step *= 2;
        } else {
            outside = probe;
            step = (outside - inside) / 2 + 1;
        }
    }
    return inside;
}

static void prefetch(const char *from, const char *to) {
    for (; from < to; from += CACHE_LINE) {
        tpl__prefetch(from);
    }
}

/* Look-ups in a directory touch its rows and texts here and there; they were written one behind the
 * other. */
static void prefetch_rows(const tpl_manifest *table, size_t low, size_t high) {
    const tpl__row *first = &table->rows[low];
    const tpl__row *last = &table->rows[high - 1];
    prefetch((const char *)first, (const char *)last);
    size_t text = (size_t)((uintptr_t)last->path - (uintptr_t)first->path);
    if (text <= MOST_PREFETCHED_TEXT) { /* else they lie in two blocks */
        prefetch(first->path, first->path + text);
    }
}

/* By the last characters, in which names of one directory differ. */
static size_t slot_of(const char *path, size_t len) {
    uint64_t last = 0;
    uint64_t before = len;
    if (len < sizeof(last)) {
        for (size_t i = 0; i < len; i++) {
            last = last << 8 | (unsigned char)path[i];
        }
    } else {
        last = tpl__load8(path + len - sizeof(last));
        before = tpl__load8(len < 2 * sizeof(last) ? path : path + len - 2 * sizeof(last));
    }
    uint64_t mixed = (last ^ before * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xd6e8feb86659fd93);
    return (size_t)(mixed >> (64 - TPL__KNOWN_SLOTS_LOG2));
}

/* The last of equal paths goes in first, and is found first. */
static void fill_slots(const tpl_manifest *table, tpl__known_place *place) {
    memset(place->slots, 0, sizeof(place->slots));
    for (size_t i = place->high; i-- > place->low;) {
        const tpl__row *row = tpl__manifest_row(table, i);
        size_t slot = slot_of(row->path, row->path_len);
        while (place->slots[slot] != 0) {
            slot = (slot + 1) % SLOTS;
        }
        place->slots[slot] = (uint8_t)(i - place->low + 1);
    }
}

/* Moves to the directory of a path. */
static void enter(const tpl_manifest *table, tpl__known_place *place, const char *path,
                  size_t dir) {
    bool same = place->low < place->high && place->dir == dir &&
                begins_with(tpl__manifest_row(table, place->low), path, dir);
    if (!same) {
        place->dir = dir;
        place->low = lower_bound(table, 0, table->count, path, dir);
        place->high = end_of(table, place->low, path, dir);
        size_t count = place->high - place->low;
        place->hashed = count > 0 && count <= MOST_HASHED;
        if (place->hashed) {
            if (table->order == NULL) {
                prefetch_rows(table, place->low, place->high);
            }
            fill_slots(table, place);
        }
    }
}

static bool is_at(const tpl_manifest *table, size_t position, const char *path, size_t len,
                  size_t dir) {
    const tpl__row *row = tpl__manifest_row(table, position);
    return row->path_len == len && memcmp(row->path + dir, path + dir, len - dir) == 0;
}

/* SIZE_MAX: it is not there. */
static size_t find_hashed(const tpl_manifest *table, const tpl__known_place *place,
                          const char *path, size_t len) {
    size_t slot = slot_of(path, len);
    while (place->slots[slot] != 0) {
        size_t position = place->low + place->slots[slot] - 1;
        if (is_at(table, position, path, len, place->dir)) {
            return position;
        }
        slot = (slot + 1) % SLOTS;
    }
    return SIZE_MAX;
}

static size_t find_sorted(const tpl_manifest *table, const tpl__known_place *place,
                          const char *path, size_t len) {
    const size_t dir = place->dir;
    size_t low = place->low; /* rows before it are not greater, rows from `high` on are */
    size_t high = place->high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const tpl__row *row = tpl__manifest_row(table, middle);
        if (tpl__order_of(row->path + dir, row->path_len - dir, path + dir, len - dir) > 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low > place->low && is_at(table, low - 1, path, len, dir) ? low - 1 : SIZE_MAX;
}

const tpl__row *tpl__known_find(const tpl__known *known, tpl__known_place *place, const char *path,
                                size_t len, size_t *position) {
    const tpl_manifest *table = known->table;
    size_t dir = len;
    while (dir > 0 && path[dir - 1] != '/') {
        dir--;
    }
    enter(table, place, path, dir);
    *position =
        place->hashed ? find_hashed(table, place, path, len) : find_sorted(table, place, path, len);
    return *position == SIZE_MAX ? NULL : tpl__manifest_row(table, *position);
}

/* --- keeping --- */

typedef struct merger {
    const tpl__known *known;
    tpl_manifest *manifest;
    bool borrow; /* the text is the manifest's already */
    tpl__poll *poll;
} merger;

/* `to` may be `from` where text is borrowed. */
static bool take_row(const merger *m, tpl__row *to, const tpl__row *from) {
    tpl_manifest *manifest = m->manifest;
    manifest->attributes |= from->tag & TPL__TAG_ATTRIBUTES;
    if (to != from) {
        *to = *from;
    }
    if (m->borrow) {
        return true;
    }
    char *path = tpl__arena_bytes(&manifest->arena, from->path_len);
    if (path == NULL) {
        return false;
    }
    memcpy(path, from->path, from->path_len);
    to->path = path;
    size_t text_len = tpl__row_text_len(from);
    if (text_len > 0) {
        to->hash.text = tpl__arena_copy(&manifest->arena, from->hash.text, text_len);
    }
    return text_len == 0 || to->hash.text != NULL;
}

static int compare_rows(const tpl__row *a, const tpl__row *b) {
    return tpl__order_of(a->path, a->path_len, b->path, b->path_len);
}

/* Merges into `rows`, which has room for all and may be the table's own where the manifest has none
 * yet; *count gets how many came out. */
static tpl_status merge(const merger *m, tpl__row *rows, size_t *count) {
    const tpl__row *own = m->manifest->rows;
    const tpl__row *own_end = own + m->manifest->count;
    tpl__row *next = rows;
    for (size_t i = 0; i < m->known->table->count; i++) {
        if (tpl__poll_stops_at(m->poll, i)) {
            return TPL_E_CANCELLED;
        }
        if (!tpl__known_is_kept(m->known, i)) {
            continue;
        }
        const tpl__row *row = tpl__manifest_row(m->known->table, i);
        int order = 1;
        while (own < own_end && (order = compare_rows(own, row)) < 0) {
            *next++ = *own++;
        }
        if (own < own_end && order == 0) {
            continue; /* it changed while the tree was read */
        }
        if (row->size > UINT64_MAX - m->manifest->total_size) {
            return TPL_E_RANGE;
        }
        m->manifest->total_size += row->size;
        if (!take_row(m, next++, row)) {
            return TPL_E_NOMEM;
        }
    }
    while (own < own_end) {
        *next++ = *own++;
    }
    *count = (size_t)(next - rows);
    return TPL_OK;
}

static size_t count_kept(const tpl__known *known) {
    size_t kept = 0;
    for (size_t i = 0; known->table != NULL && i < known->table->count; i++) {
        kept += tpl__known_is_kept(known, i);
    }
    return kept;
}

tpl_status tpl__known_add_kept(const tpl__known *known, tpl_manifest *manifest, tpl_manifest *spare,
                               tpl__poll *poll) {
    size_t kept = count_kept(known);
    if (kept == 0) {
        return TPL_OK;
    }
    if (kept > UINT32_MAX - manifest->count) {
        return TPL_E_NOMEM;
    }
    merger m = {known, manifest, spare != NULL && !known->foreign_text, poll};
    bool in_place = spare != NULL && spare->order == NULL && manifest->count == 0;
    size_t room = kept + manifest->count;
    tpl__row *rows = in_place ? spare->rows : tpl__alloc_array(room, sizeof(*rows));
    if (rows == NULL) {
        return TPL_E_NOMEM;
    }
    size_t count = 0;
    tpl_status status = merge(&m, rows, &count);
    tpl__free(manifest->rows);
    manifest->rows = rows;
    manifest->cap = room;
    manifest->count = status == TPL_OK ? count : 0;
    if (spare != NULL) {
        tpl__arena_adopt(&manifest->arena, &spare->arena);
        spare->rows = in_place ? NULL : spare->rows;
        tpl__manifest_empty(spare);
    }
    return status;
}
