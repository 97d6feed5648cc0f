/* SPDX-License-Identifier: MIT */
/* The directories of a manifest of 2025-12-04-beta, where a path `a/b/c` is written `$N/c` when
 * `a/b` is directory number N. */
#include "manifest_dirs.h"

#include <string.h>

#include "mem.h"
#include "order.h"

#define FIRST_DIRS ((size_t)16)

tpl__row *tpl__dirs_append(tpl__dirs *dirs) {
    if (dirs->count == dirs->cap) {
        size_t cap = dirs->cap < FIRST_DIRS ? FIRST_DIRS : dirs->cap * 2;
        tpl__row *rows = tpl__realloc_array(dirs->rows, cap, sizeof(*rows));
        if (rows == NULL) {
            return NULL;
        }
        dirs->rows = rows;
        dirs->cap = cap;
    }
    return &dirs->rows[dirs->count++];
}

static int compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t shorter = a_len < b_len ? a_len : b_len;
    int order = shorter == 0 ? 0 : memcmp(a, b, shorter);
    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static int compare_paths(const tpl__row *a, const tpl__row *b) {
    return compare_bytes(a->path, a->path_len, b->path, b->path_len);
}

static bool are_in_order(const tpl__dirs *dirs, tpl__poll *poll) {
    bool in_order = true;
    for (size_t i = 1; in_order && i < dirs->count; i++) {
        in_order =
            compare_paths(&dirs->rows[i - 1], &dirs->rows[i]) < 0 && !tpl__poll_stops_at(poll, i);
    }
    return in_order;
}

tpl_status tpl__dirs_settle(tpl__dirs *dirs, tpl__poll *poll) {
    if (are_in_order(dirs, poll)) {
        return TPL_OK;
    }
    uint32_t *order = NULL;
    tpl__dirs settled = {tpl__alloc_array(dirs->count, sizeof(tpl__row)), 0, dirs->count};
    tpl_status status = settled.rows == NULL ? TPL_E_NOMEM : TPL_OK;
    if (status == TPL_OK) {
        status = tpl__order_sort_bytes(&order, dirs->rows, dirs->count, poll);
    }
    for (size_t i = 0; i < dirs->count && status == TPL_OK; i++) {
        const tpl__row *row = &dirs->rows[order[i]];
        if (settled.count == 0 || compare_paths(&settled.rows[settled.count - 1], row) != 0) {
            settled.rows[settled.count++] = *row;
        }
        status = tpl__poll_stops_at(poll, i) ? TPL_E_CANCELLED : TPL_OK;
    }
    tpl__free(order);
    tpl__free(status == TPL_OK ? dirs->rows : settled.rows);
    if (status == TPL_OK) {
        *dirs = settled;
    }
    return status;
}

size_t tpl__dirs_find(const tpl__dirs *dirs, const char *path, size_t len) {
    size_t low = 0;
    size_t high = dirs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const tpl__row *row = &dirs->rows[middle];
        int order = compare_bytes(row->path, row->path_len, path, len);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return SIZE_MAX;
}

size_t tpl__parent_len(const char *path, size_t len) {
    while (len > 0 && path[len - 1] != '/') {
        len--;
    }
    return len == 0 ? SIZE_MAX : len - 1;
}

size_t tpl__reference_digits(const char *path, size_t len) {
    size_t at = 1;
    if (len == 0 || path[0] != '$') {
        return 0;
    }
    while (at < len && path[at] >= '0' && path[at] <= '9') {
        at++;
    }
    return at < len && path[at] == '/' ? at - 1 : 0;
}

bool tpl__dirs_cannot_write(const tpl__dirs *dirs, const char *path, size_t len) {
    return tpl__reference_digits(path, len) > 0 &&
           tpl__dirs_find(dirs, path, tpl__parent_len(path, len)) == SIZE_MAX;
}

/* All directories above a path. */
static bool add_ancestors(tpl__dirs *dirs, const tpl__row *row) {
    for (size_t i = 1; i < row->path_len; i++) {
        if (row->path[i] == '/') {
            tpl__row *dir = tpl__dirs_append(dirs);
            if (dir == NULL) {
                return false;
            }
            *dir = (tpl__row){
                .path = row->path, .path_len = (uint32_t)i, .tag = (uint32_t)TPL_KIND_DIRECTORY};
        }
    }
    return true;
}

tpl_status tpl__dirs_add_needed(tpl_manifest *manifest, tpl__poll *poll) {
    tpl__dirs *dirs = &manifest->dirs;
    bool room = true;
    size_t count = dirs->count; /* those behind it are being added: in no order */
    for (size_t i = 0; room && i < count + manifest->count && !tpl__poll_stops_at(poll, i); i++) {
        tpl__row row = i < count ? dirs->rows[i] : manifest->rows[i - count];
        tpl__dirs settled = {dirs->rows, count, dirs->cap};
        if (tpl__dirs_cannot_write(&settled, row.path, row.path_len)) {
            room = add_ancestors(dirs, &row);
        }
    }
    tpl_status status = poll->stopped ? TPL_E_CANCELLED : room ? TPL_OK : TPL_E_NOMEM;
    if (status == TPL_OK && dirs->count > count) {
        status = tpl__dirs_settle(dirs, poll);
    }
    dirs->count = status == TPL_OK ? dirs->count : count;
    return status;
}
