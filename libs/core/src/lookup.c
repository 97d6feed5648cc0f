/* SPDX-License-Identifier: MIT */
/* Open addressing at half load; a run of taken slots is followed for a while only. */
#include "lookup.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "huge.h"
#include "mem.h"
#include "tpl/hash.h"

enum {
    LONGEST_RUN = 128,
    MOST_ROWS_BITS = 31
};

static tpl__path_ref row_at(const tpl__lookup *lookup, size_t number) {
    tpl__path_ref ref;
    memcpy(&ref, lookup->rows + number * lookup->stride, sizeof(ref));
    return ref;
}

static uint64_t hash_of(const char *path, size_t len) {
    return tpl_hash_bytes(path, len).low;
}

/* The part of a hash that a slot keeps, so that other paths are told without a look at them. */
static uint64_t tag_of(uint64_t hash) {
    return hash & ~(uint64_t)UINT32_MAX;
}

/* Whether a taken slot holds a row of that path; `tag` is the path's. */
static bool slot_is(const tpl__lookup *lookup, uint64_t slot, uint64_t tag, const char *path,
                    size_t len) {
    if (tag_of(slot) != tag) {
        return false;
    }
    tpl__path_ref row = row_at(lookup, (size_t)(slot & UINT32_MAX) - 1);
    return row.path_len == len && memcmp(row.path, path, len) == 0;
}

static void put(tpl__lookup *lookup, size_t number) {
    tpl__path_ref row = row_at(lookup, number);
    uint64_t hash = hash_of(row.path, row.path_len);
    size_t slot = (size_t)hash & lookup->mask;
    for (int i = 0; i < LONGEST_RUN; i++) {
        if (lookup->slots[slot] == 0 ||
            slot_is(lookup, lookup->slots[slot], tag_of(hash), row.path, row.path_len)) {
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
        if (slot_is(lookup, lookup->slots[slot], tag_of(hash), path, len)) {
            return (size_t)(lookup->slots[slot] & UINT32_MAX) - 1;
        }
        slot = (slot + 1) & lookup->mask;
    }
    return TPL__LOOKUP_NONE;
}
