/* SPDX-License-Identifier: MIT */
/* A canonical document of format 2023-03-03 in parts, each read by a thread of its own. */
#include <stdatomic.h>
#include <string.h>

#include "manifest_table.h"
#include "manifest_v2023.h"
#include "order.h"
#include "pool.h"

#define PART_LEAST ((uint64_t)4 << 20) /* worth a thread */

/* --- cutting --- */

/* A quotation mark in a string is escaped, and behind one that ends a string comes no such member:
 * these bytes are the end of an entry and the beginning of another. */
size_t tpl__v2023_find_entry(const char *text, size_t len) {
    static const char BETWEEN[] = "},{\"hash\":\"";
    const size_t size = sizeof(BETWEEN) - 1;
    const char *end = text + len;
    const char *at = text;
    while ((size_t)(end - at) >= size && (at = memchr(at, '}', (size_t)(end - at))) != NULL) {
        if ((size_t)(end - at) >= size && memcmp(at, BETWEEN, size) == 0) {
            return (size_t)(at - text) + 2;
        }
        at++;
    }
    return SIZE_MAX;
}

size_t tpl__v2023_cut(uint64_t cuts[TPL__PARTS_MOST + 1], uint64_t size, const tpl_run *run,
                      tpl__look_fn *look, void *source) {
    uint64_t wanted = size / PART_LEAST;
    size_t count = 0;
    cuts[count++] = 0;
    if (wanted > 1) {
        unsigned workers = tpl__pool_processors(run);
        wanted = wanted < workers ? wanted : workers;
        wanted = wanted < TPL__PARTS_MOST ? wanted : TPL__PARTS_MOST;
    }
    for (uint64_t i = 1; i < wanted; i++) {
        uint64_t near = size / wanted * i;
        size_t len = 0;
        const char *text = look(near, &len, source);
        size_t found = tpl__v2023_find_entry(text, len);
        if (found != SIZE_MAX) {
            cuts[count++] = near + found;
        }
    }
    cuts[count] = size;
    return count;
}

/* --- reading --- */

typedef struct readers {
    tpl__pool pool;
    tpl__v2023_part parts[TPL__PARTS_MOST];
    tpl_status failed[TPL__PARTS_MOST];
    unsigned count;
    atomic_uint next;
} readers;

static int is_stopped(void *pool) {
    return tpl__pool_stopped(pool);
}

static void read_parts(unsigned worker, void *arg) {
    (void)worker;
    readers *all = arg;
    tpl_run run = {.poll = is_stopped, .payload = &all->pool};
    tpl__poll poll = {&run, 0};
    unsigned i = 0;
    while ((i = atomic_fetch_add(&all->next, 1)) < all->count && !tpl__pool_stopped(&all->pool)) {
        all->failed[i] = tpl__v2023_read_part(&all->parts[i], &poll);
        if (all->parts[i].manifest == NULL) {
            atomic_store(&all->pool.stop, true); /* no other part makes up for it */
        }
    }
}

static tpl_status read_together(readers *all, const tpl_run *run) {
    tpl_run quiet = TPL_RUN_INIT;
    if (run != NULL) {
        quiet.poll = run->poll;
        quiet.payload = run->payload;
    }
    tpl__pool_init(&all->pool, NULL, 0);
    atomic_init(&all->next, 0);
    tpl_status status = tpl__pool_run(&all->pool, all->count, read_parts, all, &quiet, NULL);
    for (unsigned i = 0; status == TPL_OK && i < all->count; i++) {
        status = all->failed[i] == TPL_E_CANCELLED ? TPL_OK : all->failed[i]; /* another failed */
    }
    return status;
}

/* Entries of one part behind those of the parts before it, where there is room. */
static void join(tpl__v2023_part *to, tpl__v2023_part *part) {
    tpl_manifest *manifest = to->manifest;
    tpl_manifest *from = part->manifest;
    tpl__row *rows = manifest->rows + manifest->count;
    memcpy(rows, from->rows, from->count * sizeof(*rows));
    const tpl__row *last = rows - 1;
    int order = tpl__order_of(last->path, last->path_len, rows->path, rows->path_len);
    to->canonical_order = to->canonical_order && part->canonical_order && order <= 0;
    manifest->duplicates += from->duplicates + (order == 0);
    manifest->count += from->count;
    manifest->total_size = from->total_size; /* the last part says it */
    tpl__arena_adopt(&manifest->arena, &from->arena);
    tpl_manifest_free(from);
    part->manifest = NULL;
}

static bool all_are_ours(const readers *all) {
    bool ours = true;
    for (unsigned i = 0; i < all->count; i++) {
        ours = ours && all->parts[i].manifest != NULL;
    }
    return ours;
}

static tpl_status finish(tpl_manifest **out, readers *all, tpl__poll *poll) {
    tpl__v2023_part *whole = &all->parts[0];
    size_t more = 0;
    for (unsigned i = 1; i < all->count; i++) {
        more += all->parts[i].manifest->count;
    }
    if (!tpl__manifest_reserve(whole->manifest, more)) {
        return TPL_E_NOMEM;
    }
    for (unsigned i = 1; i < all->count; i++) {
        join(whole, &all->parts[i]);
    }
    tpl_status status = TPL_OK;
    whole->manifest->sealed = whole->canonical_order;
    if (!whole->canonical_order) {
        status = tpl__manifest_order(whole->manifest, false, poll, NULL);
    }
    if (status == TPL_OK) {
        *out = whole->manifest;
        whole->manifest = NULL;
    }
    return status;
}

tpl_status tpl__v2023_read_fast(tpl_manifest **out, tpl__window *const windows[], size_t count,
                                tpl__poll *poll) {
    readers all = {.count = (unsigned)count};
    for (size_t i = 0; i < count; i++) {
        all.parts[i] = (tpl__v2023_part){windows[i], i == 0, i == count - 1, NULL, false};
    }
    *out = NULL;
    tpl_status status =
        count == 1 ? tpl__v2023_read_part(&all.parts[0], poll) : read_together(&all, poll->run);
    if (status == TPL_OK && all_are_ours(&all)) {
        status = finish(out, &all, poll);
    }
    for (size_t i = 0; i < count; i++) {
        tpl_manifest_free(all.parts[i].manifest);
    }
    return status;
}

/* --- text that is all there --- */

typedef struct text {
    const char *data;
    size_t len;
} text;

static const char *look(uint64_t offset, size_t *len, void *source) {
    const text *t = source;
    size_t left = t->len - (size_t)offset;
    *len = left < TPL__WINDOW_SIGHT ? left : TPL__WINDOW_SIGHT;
    return t->data + offset;
}

tpl_status tpl__v2023_read_text(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll) {
    text all = {data, len};
    uint64_t cuts[TPL__PARTS_MOST + 1];
    tpl__window windows[TPL__PARTS_MOST];
    tpl__window *each[TPL__PARTS_MOST];
    size_t count = tpl__v2023_cut(cuts, len, poll->run, look, &all);
    for (size_t i = 0; i < count; i++) {
        windows[i] = (tpl__window){.at = data + cuts[i], .end = data + cuts[i + 1], .ended = true};
        each[i] = &windows[i];
    }
    return tpl__v2023_read_fast(out, each, count, poll);
}
