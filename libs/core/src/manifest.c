/* SPDX-License-Identifier: MIT */
/* The table of entries: building it, its order, look-up, and the way to the codecs. */
#include "tpl/manifest.h"

#include <assert.h>
#include <string.h>

#include "fail.h"
#include "huge.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem.h"
#include "order.h"
#include "tpl/text.h"

#define FIRST_ROWS 16

static const char *const FORMAT_TEXTS[] = {
#define TEXT(name, text) text,
    TPL_FORMAT_MAP(TEXT)
#undef TEXT
};

const char *tpl_format_text(tpl_format format) {
    return FORMAT_TEXTS[format];
}

bool tpl_format_from_text(tpl_format *out, const char *text) {
    for (size_t i = 0; i < TPL_FORMAT_COUNT; i++) {
        if (strcmp(text, FORMAT_TEXTS[i]) == 0) {
            *out = (tpl_format)i;
            return true;
        }
    }
    return false;
}

const char *tpl_entry_hash(const tpl_entry *entry, char buf[TPL_HASH_HEX_LEN + 1], size_t *len) {
    if (entry->hash_text != NULL) {
        *len = entry->hash_text_len;
        return entry->hash_text;
    }
    tpl_hash128_to_hex(entry->hash, buf);
    *len = TPL_HASH_HEX_LEN;
    return buf;
}

tpl_status tpl_manifest_new(tpl_manifest **out, tpl_error *err) {
    *out = tpl__alloc_array(1, sizeof(**out));
    if (*out == NULL) {
        return tpl__fail_nomem(err);
    }
    (*out)->format = TPL_FORMAT_DEFAULT;
    return TPL_OK;
}

void tpl_manifest_free(tpl_manifest *manifest) {
    if (manifest == NULL) {
        return;
    }
    tpl__arena_dispose(&manifest->arena);
    tpl__free(manifest->rows);
    tpl__free(manifest->order);
    tpl__free(manifest);
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
    tpl__huge_hint(rows, cap * sizeof(*rows));
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
    assert(!manifest->sealed);
    uint64_t total = manifest->total_size;
    for (size_t i = 0; i < count; i++) {
        if (!add_size(&total, rows[i].size)) {
            return TPL_E_RANGE;
        }
    }
    if (!tpl__manifest_reserve(manifest, count)) {
        return TPL_E_NOMEM;
    }
    if (count > 0) {
        memcpy(manifest->rows + manifest->count, rows, count * sizeof(*rows));
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
    row->path = tpl__arena_copy(&manifest->arena, entry->path, entry->path_len);
    row->path_len = (uint32_t)entry->path_len;
    row->hash_text_len = 0;
    row->hash.digest = entry->hash;
    if (entry->hash_text != NULL &&
        !tpl_hash128_from_hex(&row->hash.digest, entry->hash_text, entry->hash_text_len)) {
        row->hash_text_len = (uint32_t)entry->hash_text_len;
        row->hash.text = tpl__arena_copy(&manifest->arena, entry->hash_text, entry->hash_text_len);
    }
    return row->path != NULL && (row->hash_text_len == 0 || row->hash.text != NULL);
}

tpl_status tpl__manifest_copy(tpl_manifest *manifest, const tpl_entry *entry, tpl_error *err) {
    if (entry->path_len > UINT32_MAX ||
        (entry->hash_text != NULL && entry->hash_text_len > UINT32_MAX)) {
        return tpl__fail(err, TPL_E_RANGE, "path or hash is longer than 4 GiB");
    }
    if (entry->hash_text != NULL &&
        !tpl__hash_text_is_valid(entry->hash_text, entry->hash_text_len)) {
        return tpl__fail_text(err, TPL_E_ARGUMENT, entry->path, entry->path_len,
                              "hash is not alphanumeric");
    }
    tpl__row *row = tpl__manifest_append(manifest);
    if (row == NULL) {
        return tpl__fail_nomem(err);
    }
    if (!set_text(manifest, row, entry)) {
        manifest->count--;
        return tpl__fail_nomem(err);
    }
    row->size = entry->size;
    row->mtime = entry->mtime;
    return TPL_OK;
}

tpl_status tpl_manifest_add(tpl_manifest *manifest, const tpl_entry *entry, tpl_error *err) {
    uint64_t total = manifest->total_size;
    if (!add_size(&total, entry->size)) {
        return total_overflows(err);
    }
    tpl_status status = tpl__manifest_copy(manifest, entry, err);
    if (status == TPL_OK) {
        manifest->total_size = total;
    }
    return status;
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
    if (!tpl__order_is_canonical(manifest->rows, manifest->count, &manifest->duplicates)) {
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
    manifest->sealed = status == TPL_OK;
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

tpl_status tpl_manifest_sort(tpl_manifest *manifest, tpl_error *err) {
    tpl__poll nobody = {NULL, 0};
    return tpl__manifest_order(manifest, true, &nobody, err);
}

tpl_status tpl_manifest_seal(tpl_manifest *manifest, tpl_error *err) {
    tpl__poll nobody = {NULL, 0};
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

void tpl__row_view(const tpl__row *row, tpl_entry *out) {
    *out = (tpl_entry){
        .path = row->path, .path_len = row->path_len, .size = row->size, .mtime = row->mtime};
    if (row->hash_text_len == 0) {
        out->hash = row->hash.digest;
    } else {
        out->hash_text = row->hash.text;
        out->hash_text_len = row->hash_text_len;
    }
}

void tpl_manifest_entry(const tpl_manifest *manifest, size_t index, tpl_entry *out) {
    assert(index < manifest->count);
    tpl__row_view(&manifest->rows[index], out);
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

static bool hash_equal(const tpl__row *a, const tpl__row *b) {
    if (a->hash_text_len != b->hash_text_len) {
        return false;
    }
    if (a->hash_text_len != 0) {
        return memcmp(a->hash.text, b->hash.text, a->hash_text_len) == 0;
    }
    return a->hash.digest.high == b->hash.digest.high && a->hash.digest.low == b->hash.digest.low;
}

bool tpl_manifest_equal(const tpl_manifest *a, const tpl_manifest *b) {
    assert(a->sealed && b->sealed);
    if (a->count != b->count || a->total_size != b->total_size) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        const tpl__row *x = tpl__manifest_row(a, i);
        const tpl__row *y = tpl__manifest_row(b, i);
        if (x->size != y->size || x->mtime != y->mtime || !hash_equal(x, y) ||
            tpl_text_compare(x->path, x->path_len, y->path, y->path_len) != 0) {
            return false;
        }
    }
    return true;
}

tpl_status tpl_manifest_encode(const tpl_manifest *manifest, tpl_format format, tpl_write_fn write,
                               void *payload, tpl_error *err) {
    assert(manifest->sealed && format == TPL_FORMAT_2023_03_03);
    (void)format;
    tpl_status status = tpl__v2023_write(manifest, false, write, payload);
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

typedef struct fingerprinter {
    tpl_hasher *hasher;
    tpl__poll poll;
} fingerprinter;

static tpl_status hash_piece(const void *data, size_t len, void *payload) {
    fingerprinter *f = payload;
    tpl_hasher_update(f->hasher, data, len);
    return tpl__poll_stops(&f->poll) ? TPL_E_CANCELLED : TPL_OK;
}

static tpl_status fingerprint(const tpl_manifest *manifest, bool zero_mtime, fingerprinter *f,
                              tpl_hash128 *out) {
    tpl_hasher_reset(f->hasher);
    tpl_status status = tpl__v2023_write(manifest, zero_mtime, hash_piece, f);
    if (status == TPL_OK) {
        *out = tpl_hasher_digest(f->hasher);
    }
    return status;
}

tpl_status tpl_manifest_fingerprint(const tpl_manifest *manifest, tpl_hash128 *manifest_hash,
                                    tpl_hash128 *content_hash, const tpl_run *run, tpl_error *err) {
    assert(manifest->sealed);
    fingerprinter f = {NULL, {run, 0}};
    tpl_status status = tpl_hasher_new(&f.hasher);
    if (status == TPL_OK && manifest_hash != NULL) {
        status = fingerprint(manifest, false, &f, manifest_hash);
    }
    if (status == TPL_OK && content_hash != NULL) {
        status = fingerprint(manifest, true, &f, content_hash);
    }
    tpl_hasher_free(f.hasher);
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

typedef struct comparison {
    const char *data;
    size_t left;
} comparison;

static tpl_status compare_piece(const void *data, size_t len, void *payload) {
    comparison *c = payload;
    if (len > c->left || memcmp(data, c->data, len) != 0) {
        return TPL_E_MANIFEST;
    }
    c->data += len;
    c->left -= len;
    return TPL_OK;
}

bool tpl_manifest_is_canonical(const tpl_manifest *manifest, const char *data, size_t len) {
    comparison c = {data, len};
    return tpl__v2023_write(manifest, false, compare_piece, &c) == TPL_OK && c.left == 0;
}

tpl_status tpl_manifest_decode(tpl_manifest **out, const char *data, size_t len, const tpl_run *run,
                               tpl_error *err) {
    data = len == 0 ? "" : data; /* an empty buffer has none */
    tpl__poll poll = {run, 0};
    tpl_status status = tpl__v2023_read_fast(out, data, len, &poll);
    if (status != TPL_OK) {
        return tpl__fail(err, status, "%s", tpl_status_text(status));
    }
    return *out != NULL ? TPL_OK : tpl__v2023_read(out, data, len, &poll, err);
}
