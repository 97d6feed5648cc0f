/* SPDX-License-Identifier: MIT */
/* The difference of two manifests as a manifest. */
#include <assert.h>

#include "fail.h"
#include "manifest_convert.h"
#include "manifest_dirs.h"
#include "manifest_table.h"
#include "poll.h"
#include "tpl/diff.h"
#include "tpl/text.h"

/* Goes through a manifest in canonical order: the last row of each path, unless it is deleted. */
typedef struct cursor {
    const tpl_manifest *manifest;
    size_t next;
    const tpl__row *row; /* NULL at the end */
} cursor;

static int compare(const tpl__row *a, const tpl__row *b) {
    return tpl_text_compare(a->path, a->path_len, b->path, b->path_len);
}

static void advance(cursor *c) {
    const tpl_manifest *m = c->manifest;
    c->row = NULL;
    while (c->row == NULL && c->next < m->count) {
        const tpl__row *row = tpl__manifest_row(m, c->next++);
        bool last = c->next == m->count || compare(row, tpl__manifest_row(m, c->next)) != 0;
        c->row = last && !tpl__row_is_deleted(row) ? row : NULL;
    }
}

/* The manifest that is being made. */
typedef struct changes {
    tpl_manifest *manifest;
    tpl__poll poll;
    tpl_error *err;
} changes;

static tpl_status go_on(changes *to, size_t row) {
    return tpl__poll_stops_at(&to->poll, row) ? tpl__fail_cancelled(to->err) : TPL_OK;
}

static tpl_status add(changes *to, const tpl__row *row, bool deleted) {
    tpl_entry entry;
    tpl__row_view(row, &entry);
    if (deleted) {
        tpl_kind kind = entry.kind == TPL_KIND_DIRECTORY ? TPL_KIND_DIRECTORY : TPL_KIND_FILE;
        entry = (tpl_entry){
            .path = row->path, .path_len = row->path_len, .kind = kind, .deleted = true};
    }
    return tpl_manifest_add(to->manifest, &entry, to->err);
}

static bool is_same(const tpl__row *a, const tpl__row *b) {
    int64_t x = a->mtime;
    int64_t y = b->mtime;
    uint64_t apart = x > y ? (uint64_t)x - (uint64_t)y : (uint64_t)y - (uint64_t)x;
    return a->tag == b->tag && a->size == b->size && apart <= 1 && tpl__row_same(a, b);
}

static tpl_status add_files(changes *to, cursor before, cursor after) {
    tpl_status status = TPL_OK;
    advance(&before);
    advance(&after);
    for (size_t i = 0; status == TPL_OK && (before.row != NULL || after.row != NULL); i++) {
        int order = before.row == NULL  ? 1
                    : after.row == NULL ? -1
                                        : compare(before.row, after.row);
        if (order != 0 || !is_same(before.row, after.row)) {
            status = add(to, order < 0 ? before.row : after.row, order < 0);
        }
        if (order <= 0) {
            advance(&before);
        }
        if (order >= 0) {
            advance(&after);
        }
        status = status == TPL_OK ? go_on(to, i) : status;
    }
    return status;
}

/* The directories of one side that the other does not have. */
static tpl_status add_dirs(changes *to, const tpl__dirs *dirs, const tpl__dirs *others,
                           bool deleted) {
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < dirs->count && status == TPL_OK; i++) {
        const tpl__row *row = &dirs->rows[i];
        size_t other = tpl__dirs_find(others, row->path, row->path_len);
        bool there = other != SIZE_MAX && !tpl__row_is_deleted(&others->rows[other]);
        if (!there && !tpl__row_is_deleted(row)) {
            status = add(to, row, deleted);
        }
        status = status == TPL_OK ? go_on(to, i) : status;
    }
    return status;
}

static tpl_status fill(tpl_manifest *to, const tpl_manifest *before, const tpl_manifest *after,
                       const tpl_run *run, tpl_error *err) {
    changes all = {to, TPL__POLL_INIT(run), err};
    tpl_status status = add_files(&all, (cursor){before, 0, NULL}, (cursor){after, 0, NULL});
    status = status == TPL_OK ? add_dirs(&all, &before->dirs, &after->dirs, true) : status;
    status = status == TPL_OK ? add_dirs(&all, &after->dirs, &before->dirs, false) : status;
    status = status == TPL_OK ? tpl__manifest_order(to, true, &all.poll, err) : status;
    return status == TPL_OK ? tpl__manifest_convert(to, TPL_FORMAT_2025_12_04_BETA, &all.poll, err)
                            : status;
}

tpl_status tpl_diff_manifest(tpl_manifest **out, const tpl_manifest *before,
                             const tpl_manifest *after, tpl_hash128 parent, const tpl_run *run,
                             tpl_error *err) {
    assert(before->sealed && after->sealed);
    *out = NULL;
    char digits[TPL_HASH_HEX_LEN + 1];
    tpl_manifest *manifest = NULL;
    tpl_hash128_to_hex(parent, digits);
    tpl_status status = tpl_manifest_new(&manifest, err);
    if (status == TPL_OK) {
        status = tpl_manifest_set_parent(manifest, digits, TPL_HASH_HEX_LEN, err);
    }
    status = status == TPL_OK ? fill(manifest, before, after, run, err) : status;
    if (status != TPL_OK) {
        tpl_manifest_free(manifest);
        return status;
    }
    *out = manifest;
    return TPL_OK;
}
