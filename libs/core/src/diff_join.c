/* SPDX-License-Identifier: MIT */
/* Every comparison ends here: of tables as a whole, and of their pieces. */
#include "diff_join.h"

#include <string.h>

#include "manifest_table.h"
#include "mem.h"
#include "order.h"

enum {
    FIRST_PATHS = 64
};

/* --- lists --- */

static bool grow(tpl__diff_list *list, size_t cap, bool states) {
    tpl__diff_path *items = tpl__realloc_array(list->items, cap, sizeof(*items));
    if (items == NULL) {
        return false;
    }
    list->items = items;
    if (states) {
        tpl_diff_states *more = tpl__realloc_array(list->states, cap, sizeof(*more));
        if (more == NULL) {
            return false;
        }
        list->states = more;
    }
    list->cap = cap;
    return true;
}

static bool append_list(tpl__diff_list *list, const tpl__diff_list *from) {
    size_t count = list->count + from->count;
    if (from->items != NULL) {
        size_t cap = list->cap * 2 < count ? count : list->cap * 2;
        if (list->cap < count && !grow(list, cap, from->states != NULL)) {
            return false;
        }
        memcpy(list->items + list->count, from->items, from->count * sizeof(*from->items));
        if (from->states != NULL) {
            memcpy(list->states + list->count, from->states, from->count * sizeof(*from->states));
        }
    }
    list->count = count;
    return true;
}

bool tpl__diff_append(tpl_diff *diff, tpl_diff *from) {
    for (int i = 0; i < TPL_CHANGE_COUNT; i++) {
        if (!append_list(&diff->lists[i], &from->lists[i])) {
            return false;
        }
        tpl__free(from->lists[i].items);
        tpl__free(from->lists[i].states);
        from->lists[i] = (tpl__diff_list){0};
    }
    tpl__arena_adopt(&diff->arena, &from->arena);
    return true;
}

/* --- the join --- */

/* Goes through a side in canonical order: of a path's rows the last one, of all paths those that
 * count. */
typedef struct cursor {
    tpl__join_side side;
    size_t next;
    const tpl__row *row; /* NULL at the end */
} cursor;

static bool same_path(const tpl__row *a, const tpl__row *b) {
    return a->path_len == b->path_len && memcmp(a->path, b->path, a->path_len) == 0;
}

static const tpl__row *last_of_path(cursor *c) {
    const tpl_manifest *m = c->side.manifest;
    const tpl__row *row = tpl__manifest_row(m, c->next++);
    while (m->duplicates > 0 && c->next < m->count &&
           same_path(row, tpl__manifest_row(m, c->next))) {
        row = tpl__manifest_row(m, c->next++);
    }
    return row;
}

static void advance(cursor *c) {
    const tpl__glob *glob = c->side.glob;
    c->row = NULL;
    while (c->row == NULL && c->next < c->side.manifest->count) {
        const tpl__row *row = last_of_path(c);
        bool counts = !tpl__row_is_deleted(row) &&
                      (glob == NULL || tpl__glob_file(glob, row->path, row->path_len));
        c->row = counts ? row : NULL;
    }
}

static bool times_agree(int64_t a, int64_t b) {
    uint64_t apart = a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
    return apart <= 1;
}

static tpl_state state_of(const tpl__row *row) {
    return row == NULL ? (tpl_state){0, 0} : (tpl_state){row->size, row->mtime};
}

/* One of the rows may be NULL. */
static bool note(tpl_diff *diff, const tpl__join *j, tpl_change change, const tpl__row *before,
                 const tpl__row *after) {
    tpl__diff_list *list = &diff->lists[change];
    if (change == TPL_CHANGE_UNCHANGED && !j->keep_unchanged) {
        list->count++;
        return true;
    }
    size_t cap = list->cap == 0 ? FIRST_PATHS : list->cap * 2;
    if (list->count == list->cap && !grow(list, cap, j->keep_states)) {
        return false;
    }
    const tpl__row *row = after == NULL ? before : after;
    const char *text = tpl__arena_copy(&diff->arena, row->path, row->path_len);
    if (text == NULL) {
        return false;
    }
    if (j->keep_states) {
        list->states[list->count] = (tpl_diff_states){state_of(before), state_of(after)};
    }
    list->items[list->count++] = (tpl__diff_path){text, row->path_len};
    return true;
}

/* Whether both rows of a path say the same. Of a hash and hashes of chunks neither tells. */
static bool agree(const tpl__join *j, const tpl__row *before, const tpl__row *after) {
    tpl_kind a = tpl__row_kind(before);
    tpl_kind b = tpl__row_kind(after);
    if (j->attributes && ((before->tag ^ after->tag) & TPL__TAG_RUNNABLE) != 0) {
        return false;
    }
    if (a == TPL_KIND_SYMLINK || b == TPL_KIND_SYMLINK || (j->by_hash && a == b)) {
        return tpl__row_same(before, after);
    }
    return before->size == after->size && times_agree(before->mtime, after->mtime);
}

/* Takes the path that comes first, on one side or on both. */
static bool step(tpl_diff *diff, const tpl__join *j, cursor *before, cursor *after) {
    const tpl__row *a = before->row;
    const tpl__row *b = after->row;
    int order = a == NULL   ? 1
                : b == NULL ? -1
                            : tpl__order_of(a->path, a->path_len, b->path, b->path_len);
    tpl_change change = order < 0        ? TPL_CHANGE_DELETED
                        : order > 0      ? TPL_CHANGE_NEW
                        : agree(j, a, b) ? TPL_CHANGE_UNCHANGED
                                         : TPL_CHANGE_MODIFIED;
    bool good = note(diff, j, change, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
    if (order <= 0) {
        advance(before);
    }
    if (order >= 0) {
        advance(after);
    }
    return good;
}

tpl_status tpl__join_run(tpl_diff *diff, const tpl__join *join, tpl__poll *poll) {
    cursor before = {join->before, 0, NULL};
    cursor after = {join->after, 0, NULL};
    advance(&before);
    advance(&after);
    for (size_t i = 0; before.row != NULL || after.row != NULL; i++) {
        if (!step(diff, join, &before, &after)) {
            return TPL_E_NOMEM;
        }
        if (tpl__poll_stops_at(poll, i)) {
            return TPL_E_CANCELLED;
        }
    }
    return TPL_OK;
}
