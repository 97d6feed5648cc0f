/* SPDX-License-Identifier: MIT */
/* Several manifests as one: all of them read side by side in canonical order. */
#include "tpl/merge.h"

#include <assert.h>

#include "fail.h"
#include "manifest_table.h"
#include "mem.h"
#include "poll.h"
#include "tpl/text.h"

/* A manifest and the canonical position read next. */
typedef struct cursor {
    const tpl_manifest *manifest;
    size_t position;
    size_t number; /* of the manifest: of equal paths the highest is the last */
} cursor;

typedef struct queue {
    cursor *cursors; /* a heap: the least row on top */
    size_t count;
    tpl__poll *poll;
} queue;

static const tpl__row *front(const cursor *c) {
    return tpl__manifest_row(c->manifest, c->position);
}

static bool precedes(const cursor *a, const cursor *b) {
    const tpl__row *x = front(a);
    const tpl__row *y = front(b);
    int order = tpl_text_compare(x->path, x->path_len, y->path, y->path_len);
    return order < 0 || (order == 0 && a->number < b->number);
}

/* Lets the cursor at `at` sink to its place. */
static void sink(queue *q, size_t at) {
    cursor moving = q->cursors[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < q->count && precedes(&q->cursors[child + 1], &q->cursors[child])) {
            child++;
        }
        if (child >= q->count || !precedes(&q->cursors[child], &moving)) {
            break;
        }
        q->cursors[at] = q->cursors[child];
        at = child;
    }
    q->cursors[at] = moving;
}

static void advance(queue *q) {
    cursor *top = &q->cursors[0];
    top->position++;
    if (top->position == tpl_manifest_count(top->manifest)) {
        *top = q->cursors[--q->count];
    }
    if (q->count > 0) {
        sink(q, 0);
    }
}

static bool same_path(const tpl__row *a, const tpl__row *b) {
    return tpl_text_compare(a->path, a->path_len, b->path, b->path_len) == 0;
}

static tpl_status merge_queue(tpl_manifest *manifest, queue *q, tpl_error *err) {
    tpl_status status = TPL_OK;
    for (size_t i = 0; q->count > 0 && status == TPL_OK; i++) {
        const tpl__row *row = front(&q->cursors[0]);
        advance(q);
        if (q->count == 0 || !same_path(row, front(&q->cursors[0]))) {
            tpl_entry entry;
            tpl__row_view(row, &entry);
            status = tpl_manifest_add(manifest, &entry, err);
        }
        if (status == TPL_OK && tpl__poll_stops_at(q->poll, i)) {
            status = tpl__fail_cancelled(err);
        }
    }
    return status;
}

static tpl_status merge_all(tpl_manifest *manifest, const tpl_manifest *const *manifests,
                            size_t count, tpl__poll *poll, tpl_error *err) {
    queue q = {tpl__alloc_array(count, sizeof(cursor)), 0, poll};
    if (q.cursors == NULL) {
        return tpl__fail_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        if (tpl_manifest_count(manifests[i]) > 0) {
            q.cursors[q.count++] = (cursor){manifests[i], 0, i};
        }
    }
    for (size_t i = q.count / 2; i > 0; i--) {
        sink(&q, i - 1);
    }
    tpl_status status = merge_queue(manifest, &q, err);
    tpl__free(q.cursors);
    return status;
}

/* One manifest alone: everything as it is, in canonical order. */
static tpl_status copy_all(tpl_manifest *manifest, const tpl_manifest *from, tpl__poll *poll,
                           tpl_error *err) {
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < tpl_manifest_count(from) && status == TPL_OK; i++) {
        tpl_entry entry;
        tpl__row_view(tpl__manifest_row(from, i), &entry);
        status = tpl__manifest_copy(manifest, &entry, err);
        if (status == TPL_OK && tpl__poll_stops_at(poll, i)) {
            status = tpl__fail_cancelled(err);
        }
    }
    manifest->total_size = tpl_manifest_total_size(from);
    return status;
}

tpl_status tpl_merge(tpl_manifest **out, const tpl_manifest *const *manifests, size_t count,
                     const tpl_run *run, tpl_error *err) {
    assert(count > 0);
    *out = NULL;
    tpl__poll poll = {run, 0};
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl_manifest_new(&manifest, err);
    if (status == TPL_OK) {
        status = count == 1 ? copy_all(manifest, manifests[0], &poll, err)
                            : merge_all(manifest, manifests, count, &poll, err);
    }
    if (status == TPL_OK) {
        status = tpl__manifest_order(manifest, true, &poll, err);
    }
    if (status == TPL_OK) {
        *out = manifest;
    } else {
        tpl_manifest_free(manifest);
    }
    return status;
}
