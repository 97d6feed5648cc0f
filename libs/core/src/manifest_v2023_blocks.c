/* SPDX-License-Identifier: MIT */
/* Writes a long manifest of format 2023-03-03 by several threads: each makes the text of a block of
 * entries, and the caller's, which makes some itself, hands the blocks over in their order. */
#include <stdbool.h>

#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem.h"
#include "pool.h"
#include "thread.h"

#define BLOCK_ROWS ((size_t)1024) /* their text stays in a core's cache */
#define SLOTS_PER_THREAD 4

typedef struct slot {
    tpl_buffer text;
    bool ready;
} slot;

typedef struct press {
    const tpl_manifest *manifest;
    bool zero_mtime;
    size_t blocks;
    size_t slot_count;
    slot *slots; /* block i uses the one at i % slot_count */
    tpl__mutex lock;
    tpl__cond changed;
    size_t taken;   /* blocks that somebody makes or has made */
    size_t written; /* blocks that are handed over */
    tpl_status status;
} press;

/* All of these are called with the lock held; make() lets go of it meanwhile. */

static bool is_over(const press *p) {
    return p->status != TPL_OK || p->taken == p->blocks;
}

static bool has_slot(const press *p) {
    return p->taken < p->written + p->slot_count;
}

static void make(press *p) {
    size_t block = p->taken++;
    slot *s = &p->slots[block % p->slot_count];
    tpl__mutex_unlock(&p->lock);
    size_t from = block * BLOCK_ROWS;
    size_t to = block + 1 == p->blocks ? p->manifest->count : from + BLOCK_ROWS;
    s->text.len = 0;
    tpl_status status =
        tpl__v2023_write_rows(p->manifest, from, to, p->zero_mtime, tpl_buffer_write, &s->text);
    tpl__mutex_lock(&p->lock);
    s->ready = true;
    p->status = p->status == TPL_OK ? status : p->status;
    tpl__cond_broadcast(&p->changed);
}

static void hand_over(press *p, slot *s, tpl_write_fn write, void *payload) {
    tpl__mutex_unlock(&p->lock);
    tpl_status status = write(s->text.data, s->text.len, payload);
    tpl__mutex_lock(&p->lock);
    s->ready = false;
    p->written++;
    p->status = p->status == TPL_OK ? status : p->status;
    tpl__cond_broadcast(&p->changed);
}

static void help(void *arg) {
    press *p = arg;
    tpl__mutex_lock(&p->lock);
    while (!is_over(p)) {
        if (has_slot(p)) {
            make(p);
        } else {
            tpl__cond_wait(&p->changed, &p->lock);
        }
    }
    tpl__mutex_unlock(&p->lock);
}

static void lead(press *p, tpl_write_fn write, void *payload) {
    tpl__mutex_lock(&p->lock);
    while (p->status == TPL_OK && p->written < p->blocks) {
        slot *next = &p->slots[p->written % p->slot_count];
        if (next->ready) {
            hand_over(p, next, write, payload);
        } else if (!is_over(p) && has_slot(p)) {
            make(p);
        } else {
            tpl__cond_wait(&p->changed, &p->lock);
        }
    }
    tpl__mutex_unlock(&p->lock);
}

static tpl_status run(press *p, unsigned threads, tpl_write_fn write, void *payload) {
    tpl__thread helpers[TPL__PROCESSORS_MOST];
    unsigned started = 0;
    tpl__mutex_init(&p->lock);
    tpl__cond_init(&p->changed);
    while (started + 1 < threads && tpl__thread_start(&helpers[started], help, p) == 0) {
        started++;
    }
    lead(p, write, payload);
    while (started > 0) {
        tpl__thread_join(helpers[--started]);
    }
    tpl__cond_dispose(&p->changed);
    tpl__mutex_dispose(&p->lock);
    return p->status;
}

tpl_status tpl__v2023_write_blocks(const tpl_manifest *manifest, bool zero_mtime,
                                   tpl_write_fn write, void *payload, unsigned threads) {
    press p = {.manifest = manifest,
               .zero_mtime = zero_mtime,
               .blocks = (manifest->count + BLOCK_ROWS - 1) / BLOCK_ROWS,
               .slot_count = (size_t)threads * SLOTS_PER_THREAD};
    p.slots = tpl__alloc_array(p.slot_count, sizeof(*p.slots));
    if (p.slots == NULL) {
        return TPL_E_NOMEM;
    }
    tpl_status status = run(&p, threads, write, payload);
    for (size_t i = 0; i < p.slot_count; i++) {
        tpl_buffer_dispose(&p.slots[i].text);
    }
    tpl__free(p.slots);
    return status;
}
