/* SPDX-License-Identifier: MIT */
/* Open addressing at half load; a run of taken slots is followed for a while only. */
#include "lookup.h"

#include <assert.h>
#include <string.h>

#include "huge.h"
#include "mem.h"
#include "tpl/hash.h"

enum {
    LONGEST_RUN = 128,
    MOST_ROWS_BITS = 31
};

static const tpl__path_ref *row_at(const tpl__lookup *lookup, size_t number) {
    return (const void *)(lookup->rows + number * lookup->stride);
}

static uint64_t hash_of(const char *path, size_t len) {
    return tpl_hash_bytes(path, len).low;
}

/* The part of a hash that a slot keeps, so that other paths are told without a look at them. */
static uint64_t tag_of(uint64_t hash) {
    return hash & ~(uint64_t)UINT32_MAX;
}

static void put(tpl__lookup *lookup, size_t number) {
    const tpl__path_ref *row = row_at(lookup, number);
    uint64_t hash = hash_of(row->path, row->path_len);
    size_t slot = (size_t)hash & lookup->mask;
    for (int i = 0; i < LONGEST_RUN; i++) {
        if (lookup->slots[slot] == 0) {
            lookup->slots[slot] = tag_of(hash) | (number + 1);
            return;
        }
        slot = (slot + 1) & lookup->mask;
    }
}

tpl_status tpl__lookup_init(tpl__lookup *out, const void *rows, size_t count, size_t stride,
                            tpl__poll *poll) {
    assert(count <= (size_t)1 << MOST_ROWS_BITS);
    *out = (tpl__lookup){.rows = rows, .stride = stride};
    if (count == 0) {
        return TPL_OK;
    }
    size_t slots = 2;
    while (slots < 2 * count) {
        slots *= 2;
    }
    out->mask = slots - 1;
    out->slots = tpl__alloc_array(slots, sizeof(*out->slots));
    if (out->slots == NULL) {
        return TPL_E_NOMEM;
    }
    tpl__huge_hint(out->slots, slots * sizeof(*out->slots));
    for (size_t i = 0; i < count; i++) {
        put(out, i);
        if (tpl__poll_stops_at(poll, i)) {
            return TPL_E_CANCELLED;
        }
    }
    return TPL_OK;
}

void tpl__lookup_dispose(tpl__lookup *lookup) {
    tpl__free(lookup->slots);
    *lookup = (tpl__lookup)TPL__LOOKUP_INIT;
}

size_t tpl__lookup_find(const tpl__lookup *lookup, const char *path, size_t len) {
    if (lookup->slots == NULL) {
        return TPL__LOOKUP_NONE;
    }
    uint64_t hash = hash_of(path, len);
    size_t slot = (size_t)hash & lookup->mask;
    for (int i = 0; i < LONGEST_RUN && lookup->slots[slot] != 0; i++) {
        if (tag_of(lookup->slots[slot]) == tag_of(hash)) {
            size_t number = (size_t)(lookup->slots[slot] & UINT32_MAX) - 1;
            const tpl__path_ref *row = row_at(lookup, number);
            if (row->path_len == len && memcmp(row->path, path, len) == 0) {
                return number;
            }
        }
        slot = (slot + 1) & lookup->mask;
    }
    return TPL__LOOKUP_NONE;
}
