/* SPDX-License-Identifier: MIT */
/* Several manifests as one: all of them read side by side in canonical order. */
#include "tpl/merge.h"

#include <assert.h>

#include "fail.h"
#include "manifest_convert.h"
#include "manifest_dirs.h"
#include "manifest_table.h"
#include "mem.h"
#include "poll.h"
#include "tpl/text.h"

#define HASH_SHOWN ((size_t)64) /* of a parent's hash, which can be of any length */

/* A manifest and the canonical position read next. */
typedef struct cursor {
    const tpl_manifest *manifest;
    size_t position;
    size_t number; /* of the manifest: of equal paths the highest is the last */
} cursor;

typedef struct queue {
    cursor *cursors; /* a heap: the least row on top */
    size_t count;
    bool apply; /* what is deleted is left out */
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
        bool last = q->count == 0 || !same_path(row, front(&q->cursors[0]));
        if (last && !(q->apply && tpl__row_is_deleted(row))) {
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
    queue q = {tpl__alloc_array(count, sizeof(cursor)), 0, manifests[0]->parent == NULL, poll};
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

/* The directories of all manifests, those of the last one first; borrowed paths. */
static tpl_status gather_dirs(tpl__dirs *all, const tpl_manifest *const *manifests, size_t count) {
    for (size_t i = count; i > 0; i--) {
        const tpl__dirs *dirs = &manifests[i - 1]->dirs;
        for (size_t j = 0; j < dirs->count; j++) {
            tpl__row *row = tpl__dirs_append(all);
            if (row == NULL) {
                return TPL_E_NOMEM;
            }
            *row = dirs->rows[j];
        }
    }
    return TPL_OK;
}

/* Directories, too: of those with one path the last counts, the first that is added stays. */
static tpl_status merge_dirs(tpl_manifest *manifest, const tpl_manifest *const *manifests,
                             size_t count, tpl__poll *poll, tpl_error *err) {
    tpl__dirs all = {NULL, 0, 0};
    tpl_status status = gather_dirs(&all, manifests, count);
    status = status == TPL_OK ? tpl__dirs_settle(&all, poll) : status;
    if (status != TPL_OK) {
        (void)tpl__fail(err, status, "%s", tpl_status_text(status));
    }
    bool apply = manifests[0]->parent == NULL;
    for (size_t i = 0; i < all.count && status == TPL_OK; i++) {
        tpl_entry entry;
        tpl__row_view(&all.rows[i], &entry);
        if (!(apply && entry.deleted)) {
            status = tpl__manifest_copy(manifest, &entry, err);
        }
        if (status == TPL_OK && tpl__poll_stops_at(poll, i)) {
            status = tpl__fail_cancelled(err);
        }
    }
    tpl__free(all.rows);
    return status;
}

static tpl_status check_formats(const tpl_manifest *const *manifests, size_t count,
                                tpl_error *err) {
    for (size_t i = 1; i < count; i++) {
        if (manifests[i]->format != manifests[0]->format) {
            return tpl__fail(err, TPL_E_MANIFEST, "manifests of %s and %s cannot be merged",
                             tpl_format_text(manifests[0]->format),
                             tpl_format_text(manifests[i]->format));
        }
    }
    return TPL_OK;
}

static tpl_status merge_several(tpl_manifest **out, const tpl_manifest *const *manifests,
                                size_t count, tpl__poll *poll, tpl_error *err) {
    tpl_status status = tpl_manifest_new(out, err);
    const tpl_manifest *base = manifests[0];
    if (status == TPL_OK && base->parent != NULL) {
        status = tpl_manifest_set_parent(*out, base->parent, base->parent_len, err);
    }
    status = status == TPL_OK ? merge_all(*out, manifests, count, poll, err) : status;
    status = status == TPL_OK ? merge_dirs(*out, manifests, count, poll, err) : status;
    status = status == TPL_OK ? tpl__manifest_order(*out, true, poll, err) : status;
    return status == TPL_OK ? tpl__manifest_convert(*out, base->format, poll, err) : status;
}

tpl_status tpl_merge(tpl_manifest **out, const tpl_manifest *const *manifests, size_t count,
                     const tpl_run *run, tpl_error *err) {
    assert(count > 0);
    *out = NULL;
    tpl__poll poll = TPL__POLL_INIT(run);
    if (count == 1) { /* everything as it is, in canonical order */
        return tpl__manifest_clone(out, manifests[0], &poll, err);
    }
    tpl_manifest *manifest = NULL;
    tpl_status status = check_formats(manifests, count, err);
    status = status == TPL_OK ? merge_several(&manifest, manifests, count, &poll, err) : status;
    if (status == TPL_OK) {
        *out = manifest;
    } else {
        tpl_manifest_free(manifest);
    }
    return status;
}

/* --- what diffs are of --- */

static bool same_hash(tpl_hash128 a, tpl_hash128 b) {
    return a.high == b.high && a.low == b.low;
}

static tpl_status is_canonical_text_of(bool *is, const tpl_manifest *manifest, tpl_hash128 hash,
                                       const tpl_run *run, tpl_error *err) {
    tpl_hash128 own;
    tpl_status status = tpl_manifest_fingerprint(manifest, &own, NULL, run, err);
    *is = status == TPL_OK && same_hash(own, hash);
    return status;
}

static tpl_status is_text_of_merged(bool *is, const tpl_manifest *const *manifests, size_t count,
                                    tpl_hash128 hash, const tpl_run *run, tpl_error *err) {
    tpl_manifest *merged = NULL;
    tpl_status status = tpl_merge(&merged, manifests, count, run, err);
    if (status == TPL_OK) {
        status = is_canonical_text_of(is, merged, hash, run, err);
    }
    tpl_manifest_free(merged);
    return status;
}

/* Whether the diff of that number is of one before it, or of all of them merged; what costs least
 * is asked first. */
static tpl_status is_at_home(bool *is, const tpl_manifest *const *manifests, size_t number,
                             const tpl_run *run, tpl_error *err) {
    const tpl_manifest *diff = manifests[number];
    tpl_hash128 parent;
    *is = false;
    if (!tpl_hash128_from_hex(&parent, diff->parent, diff->parent_len)) {
        return TPL_OK;
    }
    for (size_t i = 0; i < number && !*is; i++) {
        *is = manifests[i]->has_source && same_hash(manifests[i]->source, parent);
    }
    tpl_status status = *is ? TPL_OK : is_text_of_merged(is, manifests, number, parent, run, err);
    for (size_t i = 0; number > 1 && i < number && !*is && status == TPL_OK; i++) {
        status = is_canonical_text_of(is, manifests[i], parent, run, err);
    }
    return status;
}

tpl_status tpl_merge_check(size_t *stray, const tpl_manifest *const *manifests, size_t count,
                           const tpl_run *run, tpl_error *err) {
    assert(count > 0);
    *stray = 0;
    tpl_status status = check_formats(manifests, count, err);
    bool applied = manifests[0]->parent == NULL;
    for (size_t i = 1; i < count && applied && status == TPL_OK; i++) {
        bool is = true;
        if (manifests[i]->parent != NULL) {
            status = is_at_home(&is, manifests, i, run, err);
        }
        if (!is && status == TPL_OK) {
            size_t len = manifests[i]->parent_len;
            size_t shown = len < HASH_SHOWN ? len : HASH_SHOWN;
            *stray = i;
            status = tpl__fail(err, TPL_E_MANIFEST,
                               "a diff of another manifest: parentManifestHash is %.*s", (int)shown,
                               manifests[i]->parent);
        }
    }
    return status;
}
