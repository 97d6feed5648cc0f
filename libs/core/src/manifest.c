/* SPDX-License-Identifier: MIT */
/* The table of entries: building it, its order, look-up. */
#include "tpl/manifest.h"

#include <assert.h>
#include <string.h>

#include "fail.h"
#include "manifest_dirs.h"
#include "manifest_table.h"
#include "mem.h"
#include "order.h"
#include "tpl/text.h"

#define FIRST_ROWS 16

tpl_status tpl_manifest_new(tpl_manifest **out, tpl_error *err) {
    *out = tpl__alloc_array(1, sizeof(**out));
    if (*out == NULL) {
        return tpl__fail_nomem(err);
    }
    (*out)->format = TPL_FORMAT_DEFAULT;
    return TPL_OK;
}

void tpl__manifest_empty(tpl_manifest *manifest) {
    tpl__arena_dispose(&manifest->arena);
    tpl__free(manifest->rows);
    tpl__free(manifest->order);
    tpl__free(manifest->dirs.rows);
    *manifest = (tpl_manifest){.format = manifest->format, .sealed = true};
}

void tpl_manifest_free(tpl_manifest *manifest) {
    if (manifest != NULL) {
        tpl__manifest_empty(manifest);
        tpl__free(manifest);
    }
}

bool tpl__manifest_reserve(tpl_manifest *manifest, size_t extra) {
    if (extra > UINT32_MAX - manifest->count) {
        return false;
    }
    size_t need = manifest->count + extra;
    if (need <= manifest->cap) {
        return true;
    }
    size_t cap = manifest->cap < FIRST_ROWS ? FIRST_ROWS : manifest->cap * 2;
    cap = cap < need ? need : cap;
    tpl__row *rows = tpl__realloc_array(manifest->rows, cap, sizeof(*rows));
    if (rows == NULL) {
        return false;
    }
    manifest->rows = rows;
    manifest->cap = cap;
    return true;
}

tpl__row *tpl__manifest_append(tpl_manifest *manifest) {
    assert(!manifest->sealed);
    if (manifest->count == manifest->cap && !tpl__manifest_reserve(manifest, 1)) {
        return NULL;
    }
    return &manifest->rows[manifest->count++];
}

static bool add_size(uint64_t *total, uint64_t size) {
    bool fits = size <= UINT64_MAX - *total;
    *total += fits ? size : 0;
    return fits;
}

static tpl_status total_overflows(tpl_error *err) {
    return tpl__fail(err, TPL_E_RANGE, "the sizes add up to more than 2^64 - 1 bytes");
}

tpl_status tpl__manifest_adopt(tpl_manifest *manifest, tpl__row *rows, size_t count,
                               tpl__arena *from) {
    assert(!manifest->sealed && manifest->cap - manifest->count >= count);
    uint64_t total = manifest->total_size;
    for (size_t i = 0; i < count; i++) {
        if (!add_size(&total, rows[i].size)) {
            return TPL_E_RANGE;
        }
    }
    if (count > 0) {
        memcpy(manifest->rows + manifest->count, rows, count * sizeof(*rows));
    }
    for (size_t i = 0; i < count; i++) {
        manifest->attributes |= rows[i].tag & TPL__TAG_ATTRIBUTES;
    }
    manifest->count += count;
    manifest->total_size = total;
    tpl__arena_adopt(&manifest->arena, from);
    return TPL_OK;
}

bool tpl__hash_text_is_valid(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
            return false;
        }
    }
    return len > 0;
}

/* Fills everything but the sizes and times; text is copied. */
static bool set_text(tpl_manifest *manifest, tpl__row *row, const tpl_entry *entry) {
    tpl__arena *arena = &manifest->arena;
    row->path = tpl__arena_copy(arena, entry->path, entry->path_len);
    row->path_len = (uint32_t)entry->path_len;
    row->hash.digest = entry->hash;
    row->tag = (uint32_t)entry->kind | (entry->deleted ? TPL__TAG_DELETED : 0) |
               (entry->runnable ? TPL__TAG_RUNNABLE : 0);
    manifest->attributes |= row->tag;
    bool plain = entry->kind == TPL_KIND_FILE;
    if (entry->hash_text == NULL ||
        (plain &&
         tpl_hash128_from_hex(&row->hash.digest, entry->hash_text, entry->hash_text_len))) {
        return row->path != NULL;
    }
    row->tag |= (uint32_t)entry->hash_text_len << TPL__TAG_BITS;
    row->hash.text = tpl__arena_copy(arena, entry->hash_text, entry->hash_text_len);
    return row->path != NULL && row->hash.text != NULL;
}

/* The hashes of chunks have commas between them. */
static bool are_hashes(const char *text, size_t len) {
    const char *comma;
    while ((comma = memchr(text, ',', len)) != NULL) {
        size_t one = (size_t)(comma - text);
        if (!tpl__hash_text_is_valid(text, one)) {
            return false;
        }
        text += one + 1;
        len -= one + 1;
    }
    return tpl__hash_text_is_valid(text, len);
}

static tpl_status check_entry(const tpl_entry *entry, tpl_error *err) {
    const char *text = entry->hash_text;
    size_t len = entry->hash_text_len;
    if (entry->path_len > UINT32_MAX || (text != NULL && len > TPL__TEXT_MAX)) {
        return tpl__fail(err, TPL_E_RANGE, "path is longer than 4 GiB or hash than 256 MiB");
    }
    const char *problem = NULL;
    bool alone = entry->deleted || entry->kind == TPL_KIND_DIRECTORY;
    if (alone && (text != NULL || entry->runnable || entry->kind == TPL_KIND_CHUNKED ||
                  entry->kind == TPL_KIND_SYMLINK)) {
        problem = "a deleted entry or a directory has no more than a path";
    } else if (entry->kind == TPL_KIND_SYMLINK && (text == NULL || len == 0)) {
        problem = "symbolic link has no target";
    } else if (entry->kind == TPL_KIND_CHUNKED && (text == NULL || !are_hashes(text, len))) {
        problem = "hash of a chunk is not alphanumeric";
    } else if (entry->kind == TPL_KIND_FILE && text != NULL &&
               !tpl__hash_text_is_valid(text, len)) {
        problem = "hash is not alphanumeric";
    }
    return problem == NULL
               ? TPL_OK
               : tpl__fail_text(err, TPL_E_ARGUMENT, entry->path, entry->path_len, "%s", problem);
}

/* Deleted entries, links and directories have no size, and no hash but what tells of them. */
static tpl_entry reduced(const tpl_entry *entry) {
    tpl_entry own = *entry;
    if (own.deleted || own.kind >= TPL_KIND_SYMLINK) {
        own.size = 0;
        own.mtime = 0;
        own.hash = (tpl_hash128){0, 0};
    }
    return own;
}

tpl_status tpl__manifest_copy(tpl_manifest *manifest, const tpl_entry *entry, tpl_error *err) {
    tpl_status status = check_entry(entry, err);
    if (status != TPL_OK) {
        return status;
    }
    tpl_entry own = reduced(entry);
    bool is_dir = own.kind == TPL_KIND_DIRECTORY;
    tpl__row *row = is_dir ? tpl__dirs_append(&manifest->dirs) : tpl__manifest_append(manifest);
    if (row == NULL) {
        return tpl__fail_nomem(err);
    }
    row->size = own.size;
    row->mtime = own.mtime;
    if (!set_text(manifest, row, &own)) {
        manifest->dirs.count -= is_dir;
        manifest->count -= !is_dir;
        return tpl__fail_nomem(err);
    }
    return TPL_OK;
}

tpl_status tpl_manifest_add(tpl_manifest *manifest, const tpl_entry *entry, tpl_error *err) {
    uint64_t total = manifest->total_size;
    if (!add_size(&total, reduced(entry).size)) {
        return total_overflows(err);
    }
    tpl_status status = tpl__manifest_copy(manifest, entry, err);
    if (status == TPL_OK) {
        manifest->total_size = total;
    }
    return status;
}

tpl_status tpl_manifest_set_parent(tpl_manifest *manifest, const char *hash, size_t len,
                                   tpl_error *err) {
    assert(!manifest->sealed);
    if (!tpl__hash_text_is_valid(hash, len)) {
        return tpl__fail(err, TPL_E_ARGUMENT, "hash of the parent is not alphanumeric");
    }
    const char *copy = tpl__arena_copy(&manifest->arena, hash, len);
    if (copy == NULL) {
        return tpl__fail_nomem(err);
    }
    manifest->parent = copy;
    manifest->parent_len = len;
    return TPL_OK;
}

bool tpl__manifest_is_plain(const tpl_manifest *manifest) {
    return (manifest->attributes & TPL__TAG_ATTRIBUTES) == 0 && manifest->dirs.count == 0 &&
           manifest->parent == NULL;
}

/* Moves every row to where `order` wants it, along the cycles of the permutation. False: the caller
 * wants no more, and the rows are in no order. */
static bool permute_rows(tpl__row *rows, uint32_t *order, size_t count, tpl__poll *poll) {
    size_t moved = 0;
    for (size_t i = 0; i < count; i++) {
        if (order[i] == i) {
            continue;
        }
        tpl__row first = rows[i];
        size_t hole = i;
        while (order[hole] != i) {
            size_t source = order[hole];
            rows[hole] = rows[source];
            order[hole] = (uint32_t)hole;
            hole = source;
            if (tpl__poll_stops_at(poll, moved++)) {
                return false;
            }
        }
        rows[hole] = first;
        order[hole] = (uint32_t)hole;
    }
    return true;
}

tpl_status tpl__manifest_order(tpl_manifest *manifest, bool move_rows, tpl__poll *poll,
                               tpl_error *err) {
    assert(!manifest->sealed);
    uint32_t *order = NULL;
    tpl_status status = TPL_OK;
    if (!tpl__order_is_canonical(manifest->rows, manifest->count, poll, &manifest->duplicates)) {
        status =
            tpl__order_sort(&order, manifest->rows, manifest->count, poll, &manifest->duplicates);
    }
    if (order != NULL && move_rows) {
        bool done = permute_rows(manifest->rows, order, manifest->count, poll);
        status = done ? TPL_OK : TPL_E_CANCELLED;
        tpl__free(order);
        order = NULL;
    }
    manifest->order = order;
    if (status == TPL_OK && manifest->dirs.count > 0) {
        status = tpl__dirs_settle(&manifest->dirs, poll);
    }
    manifest->sealed = status == TPL_OK;
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

tpl_status tpl_manifest_sort(tpl_manifest *manifest, tpl_error *err) {
    tpl__poll nobody = TPL__POLL_INIT(NULL);
    return tpl__manifest_order(manifest, true, &nobody, err);
}

tpl_status tpl_manifest_seal(tpl_manifest *manifest, tpl_error *err) {
    tpl__poll nobody = TPL__POLL_INIT(NULL);
    return tpl__manifest_order(manifest, false, &nobody, err);
}

size_t tpl_manifest_count(const tpl_manifest *manifest) {
    return manifest->count;
}

uint64_t tpl_manifest_total_size(const tpl_manifest *manifest) {
    return manifest->total_size;
}

tpl_format tpl_manifest_format(const tpl_manifest *manifest) {
    return manifest->format;
}

size_t tpl_manifest_duplicates(const tpl_manifest *manifest) {
    assert(manifest->sealed);
    return manifest->duplicates;
}

const char *tpl_manifest_parent(const tpl_manifest *manifest, size_t *len) {
    *len = manifest->parent_len;
    return manifest->parent;
}

void tpl__row_view(const tpl__row *row, tpl_entry *out) {
    *out = (tpl_entry){
        .path = row->path, .path_len = row->path_len, .size = row->size, .mtime = row->mtime};
    out->kind = tpl__row_kind(row);
    out->deleted = tpl__row_is_deleted(row);
    out->runnable = (row->tag & TPL__TAG_RUNNABLE) != 0;
    if (tpl__row_text_len(row) == 0) {
        out->hash = row->hash.digest;
    } else {
        out->hash_text = row->hash.text;
        out->hash_text_len = tpl__row_text_len(row);
    }
}

void tpl_manifest_entry(const tpl_manifest *manifest, size_t index, tpl_entry *out) {
    assert(index < manifest->count);
    tpl__row_view(&manifest->rows[index], out);
}

size_t tpl_manifest_directory_count(const tpl_manifest *manifest) {
    return manifest->dirs.count;
}

void tpl_manifest_directory(const tpl_manifest *manifest, size_t index, tpl_entry *out) {
    assert(index < manifest->dirs.count);
    tpl__row_view(&manifest->dirs.rows[index], out);
}

bool tpl_manifest_find(const tpl_manifest *manifest, const char *path, size_t len, size_t *index) {
    assert(manifest->sealed);
    size_t low = 0; /* rows before it are not greater, rows from `high` on are */
    size_t high = manifest->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const tpl__row *row = tpl__manifest_row(manifest, middle);
        if (tpl_text_compare(row->path, row->path_len, path, len) > 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    if (low == 0) {
        return false;
    }
    const tpl__row *row = tpl__manifest_row(manifest, low - 1);
    *index = (size_t)(row - manifest->rows);
    return tpl_text_compare(row->path, row->path_len, path, len) == 0;
}

static bool same_row(const tpl__row *a, const tpl__row *b) {
    return a->size == b->size && a->mtime == b->mtime && a->tag == b->tag && tpl__row_same(a, b) &&
           tpl_text_compare(a->path, a->path_len, b->path, b->path_len) == 0;
}

static bool same_parent(const tpl_manifest *a, const tpl_manifest *b) {
    return a->parent_len == b->parent_len &&
           (a->parent_len == 0 || memcmp(a->parent, b->parent, a->parent_len) == 0);
}

bool tpl_manifest_equal(const tpl_manifest *a, const tpl_manifest *b) {
    assert(a->sealed && b->sealed);
    if (a->count != b->count || a->total_size != b->total_size || a->format != b->format ||
        a->dirs.count != b->dirs.count || !same_parent(a, b)) {
        return false;
    }
    bool same = true;
    for (size_t i = 0; same && i < a->count; i++) {
        same = same_row(tpl__manifest_row(a, i), tpl__manifest_row(b, i));
    }
    for (size_t i = 0; same && i < a->dirs.count; i++) {
        same = same_row(&a->dirs.rows[i], &b->dirs.rows[i]);
    }
    return same;
}
