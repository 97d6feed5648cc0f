/* SPDX-License-Identifier: MIT */
/* Writes a long manifest of format 2023-03-03 into memory by several threads: first they measure
 * the blocks of entries, then each block is made where it belongs. */
#include <string.h>

#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem.h"
#include "pool.h"

#define BLOCK_ROWS ((size_t)1024)

typedef struct layout {
    tpl__pool pool;
    const tpl_manifest *manifest;
    size_t blocks;
    size_t *at; /* the length of block i, then where it begins; at[blocks] is where all end */
    char *text; /* NULL: blocks are measured */
    atomic_size_t next;
} layout;

static tpl_status measure(const void *data, size_t len, void *length) {
    (void)data;
    *(size_t *)length += len;
    return TPL_OK;
}

static tpl_status put(const void *data, size_t len, void *end) {
    char **at = end;
    memcpy(*at, data, len);
    *at += len;
    return TPL_OK;
}

static void make_blocks(unsigned worker, void *arg) {
    (void)worker;
    layout *l = arg;
    size_t block;
    while ((block = atomic_fetch_add(&l->next, 1)) < l->blocks && !tpl__pool_stopped(&l->pool)) {
        size_t from = block * BLOCK_ROWS;
        size_t to = block + 1 == l->blocks ? l->manifest->count : from + BLOCK_ROWS;
        if (l->text == NULL) {
            tpl__v2023_write_rows(l->manifest, from, to, false, measure, &l->at[block]);
        } else {
            char *end = l->text + l->at[block];
            tpl__v2023_write_rows(l->manifest, from, to, false, put, &end);
        }
    }
}

static tpl_status make_all(layout *l, unsigned threads, const tpl_run *run) {
    atomic_store(&l->next, 0);
    return tpl__pool_run(&l->pool, threads, make_blocks, l, run, NULL);
}

static size_t add_up(layout *l) {
    size_t sum = 0;
    for (size_t i = 0; i <= l->blocks; i++) {
        size_t length = l->at[i];
        l->at[i] = sum;
        sum += length;
    }
    return sum;
}

tpl_status tpl__v2023_write_text(const tpl_manifest *manifest, tpl_room_fn room, void *payload,
                                 unsigned threads, const tpl_run *run) {
    layout l = {.manifest = manifest, .blocks = (manifest->count + BLOCK_ROWS - 1) / BLOCK_ROWS};
    tpl_run quiet = TPL_RUN_INIT;
    if (run != NULL) {
        quiet.poll = run->poll;
        quiet.payload = run->payload;
    }
    tpl__pool_init(&l.pool, NULL, 0);
    l.at = tpl__alloc_array(l.blocks + 1, sizeof(*l.at));
    tpl_status status = l.at == NULL ? TPL_E_NOMEM : make_all(&l, threads, &quiet);
    if (status == TPL_OK) {
        l.text = room(add_up(&l), payload);
        status = l.text == NULL ? TPL_E_NOMEM : make_all(&l, threads, &quiet);
    }
    tpl__free(l.at);
    return status;
}
