/* SPDX-License-Identifier: MIT */
/* A canonical document of format 2023-03-03 in parts: each is read by one of some threads into rows
 * of its own, which are copied behind those of the parts before it. */
#include <string.h>

#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem.h"
#include "order.h"
#include "pool.h"
#include "thread.h"

enum {
    SLOTS_PER_READER = 2
};

#define ESTIMATE_MARGIN 1.02

unsigned tpl__v2023_readers(uint64_t size, const tpl_run *run) {
    return size < TPL__V2023_LONG ? 1 : tpl__pool_processors(run);
}

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

typedef struct cuts {
    uint64_t *at; /* part i goes from at[i] to at[i + 1] */
    size_t count; /* of parts */
} cuts;

/* Where no entry is in sight, the rest is one part. */
static tpl_status cut(cuts *out, const tpl__v2023_source *source, tpl__poll *poll) {
    size_t most = (size_t)(source->size / source->part_size) + 1;
    out->at = tpl__alloc_array(most + 1, sizeof(*out->at));
    if (out->at == NULL) {
        return TPL_E_NOMEM;
    }
    out->count = 1;
    for (size_t i = 1; i < most; i++) {
        uint64_t near = i * source->part_size;
        size_t len = TPL__ENTRY_SIGHT;
        const char *text = source->look(near, &len, source->payload);
        size_t found = tpl__v2023_find_entry(text, len);
        if (found == SIZE_MAX) {
            break;
        }
        if (near + found > out->at[out->count - 1]) {
            out->at[out->count++] = near + found;
        }
        if (tpl__poll_stops(poll)) {
            return TPL_E_CANCELLED;
        }
    }
    out->at[out->count] = source->size;
    return TPL_OK;
}

/* --- reading --- */

typedef struct slot {
    tpl_manifest table; /* its rows are overwritten by those of a later part */
    tpl__v2023_part part;
    bool ready;
} slot;

typedef struct readers {
    tpl__pool pool;
    const tpl__v2023_source *source;
    cuts cuts;
    slot *slots; /* part i uses the one at i % slot_count */
    size_t slot_count;
    tpl__arena arenas[TPL__PROCESSORS_MOST]; /* texts that a reader met, of whatever part */
    tpl__mutex lock;
    tpl__cond changed;
    size_t taken;  /* parts that somebody reads or has read */
    size_t joined; /* parts whose rows are in `whole` */
    tpl_manifest *whole;
    bool canonical_order;
    bool ours;
    tpl_status status;
} readers;

/* The rest are called with the lock held; read_next() lets go of it meanwhile. */

static void stop(readers *r, tpl_status status) {
    r->ours = false;
    if (r->status == TPL_OK && status != TPL_E_CANCELLED) { /* by whom, the pool says */
        r->status = status;
    }
    atomic_store(&r->pool.stop, true);
}

/* Room for as many rows as the parts so far make likely for all. */
static bool reserve(readers *r, size_t more) {
    tpl_manifest *whole = r->whole;
    if (whole->cap - whole->count >= more) {
        return true;
    }
    double read = (double)r->cuts.at[r->joined + 1];
    double rows = (double)(whole->count + more) * ((double)r->source->size / read);
    size_t likely = (size_t)(rows * ESTIMATE_MARGIN) + 1;
    return tpl__manifest_reserve(whole, likely - whole->count);
}

static void join(readers *r, slot *s) {
    tpl_manifest *whole = r->whole;
    const tpl_manifest *table = &s->table;
    if (!reserve(r, table->count)) {
        stop(r, TPL_E_NOMEM);
        return;
    }
    tpl__row *rows = whole->rows + whole->count;
    memcpy(rows, table->rows, table->count * sizeof(*rows));
    int order = -1;
    if (whole->count > 0) {
        order = tpl__order_of(rows[-1].path, rows[-1].path_len, rows->path, rows->path_len);
    }
    r->canonical_order = r->canonical_order && s->part.canonical_order && order <= 0;
    whole->duplicates += table->duplicates + (order == 0);
    whole->count += table->count;
    whole->total_size = table->total_size; /* the last part says it */
    s->ready = false;
    r->joined++;
}

static void join_ready(readers *r) {
    slot *next = &r->slots[r->joined % r->slot_count];
    while (next->ready && r->status == TPL_OK) {
        join(r, next);
        next = &r->slots[r->joined % r->slot_count];
    }
}

static void read_next(readers *r, unsigned reader, tpl__poll *poll) {
    const tpl__v2023_source *source = r->source;
    size_t i = r->taken++;
    slot *s = &r->slots[i % r->slot_count];
    tpl__mutex_unlock(&r->lock);
    s->part = (tpl__v2023_part){.first = i == 0, .last = i + 1 == r->cuts.count};
    s->table.count = 0;
    s->table.duplicates = 0;
    s->table.arena = r->arenas[reader];
    tpl__window *window = source->show(reader, r->cuts.at[i], r->cuts.at[i + 1], source->payload);
    tpl_status status = tpl__v2023_read_part(&s->table, window, &s->part, poll);
    r->arenas[reader] = s->table.arena;
    s->table.arena = (tpl__arena)TPL__ARENA_INIT;
    tpl__mutex_lock(&r->lock);
    if (s->part.taken) {
        s->ready = true;
        join_ready(r);
    } else {
        stop(r, status);
    }
    tpl__cond_broadcast(&r->changed);
}

static int is_stopped(void *pool) {
    return tpl__pool_stopped(pool);
}

static void read_parts(unsigned reader, void *arg) {
    readers *r = arg;
    tpl_run run = {.poll = is_stopped, .payload = &r->pool};
    tpl__poll poll = TPL__POLL_INIT(&run);
    tpl__mutex_lock(&r->lock);
    while (r->taken < r->cuts.count && !tpl__pool_stopped(&r->pool)) {
        if (r->taken < r->joined + r->slot_count) {
            read_next(r, reader, &poll);
        } else {
            tpl__cond_wait_ms(&r->changed, &r->lock, TPL__POLL_MS);
        }
    }
    tpl__mutex_unlock(&r->lock);
}

static tpl_status run_readers(readers *r, const tpl_run *run) {
    tpl_run quiet = TPL_RUN_INIT;
    if (run != NULL) {
        quiet.poll = run->poll;
        quiet.payload = run->payload;
    }
    tpl__pool_init(&r->pool, NULL, 0);
    tpl__mutex_init(&r->lock);
    tpl__cond_init(&r->changed);
    tpl_status status = tpl__pool_run(&r->pool, r->source->readers, read_parts, r, &quiet, NULL);
    tpl__cond_dispose(&r->changed);
    tpl__mutex_dispose(&r->lock);
    return status == TPL_OK ? r->status : status;
}

static void dispose(readers *r) {
    for (size_t i = 0; r->slots != NULL && i < r->slot_count; i++) {
        tpl__free(r->slots[i].table.rows);
    }
    tpl__free(r->slots);
    tpl__free(r->cuts.at);
}

/* By several threads. */
static tpl_status read_together(tpl_manifest *whole, tpl__v2023_part *all,
                                const tpl__v2023_source *source, tpl__poll *poll) {
    readers r = {.source = source, .whole = whole, .canonical_order = true, .ours = true};
    r.slot_count = (size_t)source->readers * SLOTS_PER_READER;
    r.slots = tpl__alloc_array(r.slot_count, sizeof(*r.slots));
    tpl_status status = r.slots == NULL ? TPL_E_NOMEM : cut(&r.cuts, source, poll);
    if (status == TPL_OK) {
        status = run_readers(&r, poll->run);
    }
    for (size_t i = 0; i < TPL__PROCESSORS_MOST; i++) {
        tpl__arena_adopt(&whole->arena, &r.arenas[i]);
    }
    all->taken = status == TPL_OK && r.ours;
    all->canonical_order = r.canonical_order;
    dispose(&r);
    return status;
}

tpl_status tpl__v2023_read_fast(tpl_manifest **out, const tpl__v2023_source *source,
                                tpl__poll *poll) {
    tpl__v2023_part all = {.first = true, .last = true};
    tpl_manifest *whole = NULL;
    *out = NULL;
    tpl_status status = tpl_manifest_new(&whole, NULL);
    if (status == TPL_OK && source->readers == 1) {
        tpl__window *window = source->show(0, 0, source->size, source->payload);
        status = tpl__v2023_read_part(whole, window, &all, poll);
    } else if (status == TPL_OK) {
        status = read_together(whole, &all, source, poll);
    }
    if (all.taken && all.canonical_order) {
        whole->sealed = true;
    } else if (all.taken) {
        status = tpl__manifest_order(whole, false, poll, NULL);
    }
    if (status == TPL_OK && all.taken) {
        *out = whole;
    } else {
        tpl_manifest_free(whole);
    }
    return status;
}

/* --- text that is all there --- */

typedef struct text {
    const char *data;
    size_t len;
    tpl__window windows[TPL__PROCESSORS_MOST];
} text;

static const char *look(uint64_t offset, size_t *len, void *payload) {
    const text *t = payload;
    size_t left = t->len - (size_t)offset;
    *len = left < *len ? left : *len;
    return t->data + offset;
}

static tpl__window *show(unsigned reader, uint64_t from, uint64_t to, void *payload) {
    text *t = payload;
    t->windows[reader] = (tpl__window){.at = t->data + from, .end = t->data + to, .ended = true};
    return &t->windows[reader];
}

tpl_status tpl__v2023_read_text(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll) {
    text all = {.data = data, .len = len};
    const tpl__v2023_source source = {len,  TPL__PART_SIZE, tpl__v2023_readers(len, poll->run),
                                      look, show,           &all};
    return tpl__v2023_read_fast(out, &source, poll);
}
