/* SPDX-License-Identifier: MIT */
/* Two sides as sorted manifests, joined path by path. */
#include "tpl/diff.h"

#include <assert.h>
#include <string.h>

#include "arena.h"
#include "fail.h"
#include "glob.h"
#include "manifest_convert.h"
#include "manifest_table.h"
#include "mem.h"
#include "poll.h"
#include "relay.h"
#include "tpl/text.h"
#include "tree.h"

enum {
    FIRST_PATHS = 64
};

typedef struct path_view {
    const char *text; /* in the diff's arena */
    size_t len;
} path_view;

typedef struct path_list {
    path_view *items;
    tpl_diff_states *states; /* one an item, or NULL */
    size_t count;            /* may be more than are listed: of unchanged paths, perhaps none is */
    size_t cap;
} path_list;

struct tpl_diff {
    tpl__arena arena;
    path_list lists[TPL_CHANGE_COUNT];
};

static const char *const WORDS[] = {
#define WORD(name, word, letter) word,
    TPL_CHANGE_MAP(WORD)
#undef WORD
};

static const char LETTERS[] = {
#define LETTER(name, word, letter) letter,
    TPL_CHANGE_MAP(LETTER)
#undef LETTER
};

const char *tpl_change_word(tpl_change change) {
    return (unsigned)change < TPL_CHANGE_COUNT ? WORDS[change] : "unknown";
}

char tpl_change_letter(tpl_change change) {
    return (unsigned)change < TPL_CHANGE_COUNT ? LETTERS[change] : '?';
}

void tpl_diff_free(tpl_diff *diff) {
    if (diff == NULL) {
        return;
    }
    for (int i = 0; i < TPL_CHANGE_COUNT; i++) {
        tpl__free(diff->lists[i].items);
        tpl__free(diff->lists[i].states);
    }
    tpl__arena_dispose(&diff->arena);
    tpl__free(diff);
}

size_t tpl_diff_count(const tpl_diff *diff, tpl_change change) {
    return diff->lists[change].count;
}

const char *tpl_diff_path(const tpl_diff *diff, tpl_change change, size_t index, size_t *len) {
    assert(diff->lists[change].items != NULL && index < diff->lists[change].count);
    *len = diff->lists[change].items[index].len;
    return diff->lists[change].items[index].text;
}

tpl_diff_states tpl_diff_states_of(const tpl_diff *diff, tpl_change change, size_t index) {
    assert(diff->lists[change].states != NULL && index < diff->lists[change].count);
    return diff->lists[change].states[index];
}

static bool grow(path_list *list, bool states) {
    size_t cap = list->cap == 0 ? FIRST_PATHS : list->cap * 2;
    path_view *items = tpl__realloc_array(list->items, cap, sizeof(*items));
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

static tpl_state state_of(const tpl__row *row) {
    return row == NULL ? (tpl_state){0, 0} : (tpl_state){row->size, row->mtime};
}

/* --- the join --- */

/* Goes through a side in canonical order: of a path's rows the last one, of all paths those that
 * count. */
typedef struct cursor {
    const tpl_manifest *manifest;
    const tpl__glob *glob; /* NULL: every path counts */
    size_t next;
    const tpl__row *row; /* NULL at the end */
} cursor;

static bool same_path(const tpl__row *a, const tpl__row *b) {
    return a->path_len == b->path_len && memcmp(a->path, b->path, a->path_len) == 0;
}

static const tpl__row *last_of_path(cursor *c) {
    const tpl_manifest *m = c->manifest;
    const tpl__row *row = tpl__manifest_row(m, c->next++);
    while (m->duplicates > 0 && c->next < m->count &&
           same_path(row, tpl__manifest_row(m, c->next))) {
        row = tpl__manifest_row(m, c->next++);
    }
    return row;
}

static void advance(cursor *c) {
    c->row = NULL;
    while (c->row == NULL && c->next < c->manifest->count) {
        const tpl__row *row = last_of_path(c);
        bool counts = !tpl__row_is_deleted(row) &&
                      (c->glob == NULL || tpl__glob_file(c->glob, row->path, row->path_len));
        c->row = counts ? row : NULL;
    }
}

static bool times_agree(int64_t a, int64_t b) {
    uint64_t apart = a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
    return apart <= 1;
}

typedef struct join {
    tpl_diff *diff;
    cursor before;
    cursor after;
    bool by_hash;
    bool attributes; /* both sides tell of run bits */
    bool keep_unchanged;
    bool keep_states;
} join;

/* One of the rows may be NULL. */
static bool note(join *j, tpl_change change, const tpl__row *before, const tpl__row *after) {
    path_list *list = &j->diff->lists[change];
    if (change == TPL_CHANGE_UNCHANGED && !j->keep_unchanged) {
        list->count++;
        return true;
    }
    if (list->count == list->cap && !grow(list, j->keep_states)) {
        return false;
    }
    const tpl__row *row = after == NULL ? before : after;
    const char *text = tpl__arena_copy(&j->diff->arena, row->path, row->path_len);
    if (text == NULL) {
        return false;
    }
    if (j->keep_states) {
        list->states[list->count] = (tpl_diff_states){state_of(before), state_of(after)};
    }
    list->items[list->count++] = (path_view){text, row->path_len};
    return true;
}

/* Whether both rows of a path say the same. Of a hash and hashes of chunks neither tells. */
static bool agree(const join *j, const tpl__row *before, const tpl__row *after) {
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
static bool step(join *j) {
    const tpl__row *before = j->before.row;
    const tpl__row *after = j->after.row;
    int order = before == NULL  ? 1
                : after == NULL ? -1
                                : tpl_text_compare(before->path, before->path_len, after->path,
                                                   after->path_len);
    bool good = true;
    if (order < 0) {
        good = note(j, TPL_CHANGE_DELETED, before, NULL);
    } else if (order > 0) {
        good = note(j, TPL_CHANGE_NEW, NULL, after);
    } else {
        bool same = agree(j, before, after);
        good = note(j, same ? TPL_CHANGE_UNCHANGED : TPL_CHANGE_MODIFIED, before, after);
    }
    if (order <= 0) {
        advance(&j->before);
    }
    if (order >= 0) {
        advance(&j->after);
    }
    return good;
}

static tpl_status run_join(join *j, const tpl_run *run, tpl_error *err) {
    advance(&j->before);
    advance(&j->after);
    tpl__poll poll = TPL__POLL_INIT(run);
    for (size_t i = 0; j->before.row != NULL || j->after.row != NULL; i++) {
        if (!step(j)) {
            return tpl__fail_nomem(err);
        }
        if (tpl__poll_stops_at(&poll, i)) {
            return tpl__fail_cancelled(err);
        }
    }
    return TPL_OK;
}

/* --- the sides --- */

/* Whether hashes decide: a tree against a manifest is told by size and time. */
static bool compares_hashes(const tpl_side *sides, const tpl_diff_options *options) {
    bool mixed = (sides[0].root == NULL) != (sides[1].root == NULL);
    return !mixed || options->rehash;
}

static bool is_beta(const tpl_side *side) {
    return side->manifest != NULL &&
           tpl_manifest_format(side->manifest) == TPL_FORMAT_2025_12_04_BETA;
}

/* A tree is read as the manifest on the other side tells of one: with links, if it has some. */
static tpl_symlinks links_to_read(const tpl_side sides[2], const tpl_filter *filter) {
    bool kept = false;
    for (int i = 0; i < 2; i++) {
        kept = kept || (sides[i].manifest != NULL && tpl__manifest_has_links(sides[i].manifest));
    }
    return kept && filter->symlinks == TPL_SYMLINKS_FOLLOW ? TPL_SYMLINKS_KEEP : filter->symlinks;
}

/* Fills `scanned` with the manifests of the sides that are trees. */
static tpl_status scan_trees(tpl_manifest *scanned[2], const tpl_side sides[2],
                             const tpl_diff_options *options, tpl_error *err) {
    tpl__relay relay = tpl__relay_start(&options->run, TPL_PHASE_HASH);
    tpl_run run = tpl__relay_run(&relay);
    bool any = sides[0].root != NULL || sides[1].root != NULL;
    bool by_hash = compares_hashes(sides, options);
    tpl_filter filter = options->filter; /* its lists are borrowed */
    filter.symlinks = links_to_read(sides, &options->filter);
    tpl__tree_options tree = {.filter = &filter,
                              .run = &run,
                              .attributes = is_beta(&sides[0]) || is_beta(&sides[1]),
                              .hash = by_hash,
                              .stat_all = options->keep_states,
                              .truncate_mtime = !by_hash,
                              .base_mtime_ns = INT64_MAX};
    tpl_status status = any ? tpl__relay_begin(&relay, err) : TPL_OK;
    for (int i = 0; i < 2 && status == TPL_OK; i++) {
        if (sides[i].root != NULL) {
            relay.more = i == 0 && sides[1].root != NULL;
            tree.hashed = sides[1 - i].manifest;
            status = tpl__tree_scan(&scanned[i], sides[i].root, &tree, NULL, err);
        }
    }
    return any && status == TPL_OK ? tpl__relay_end(&relay, err) : status;
}

tpl_status tpl_diff_sides(tpl_diff **out, tpl_side before, tpl_side after,
                          const tpl_diff_options *options, tpl_error *err) {
    assert((before.manifest == NULL) != (before.root == NULL));
    assert((after.manifest == NULL) != (after.root == NULL));
    *out = NULL;
    const tpl_side sides[2] = {before, after};
    tpl_manifest *scanned[2] = {NULL, NULL};
    tpl__glob *glob = NULL;
    join j = {.diff = tpl__alloc_array(1, sizeof(tpl_diff)),
              .by_hash = compares_hashes(sides, options),
              .attributes = (is_beta(&before) || before.root != NULL) &&
                            (is_beta(&after) || after.root != NULL),
              .keep_unchanged = options->keep_unchanged,
              .keep_states = options->keep_states};
    tpl_status status = j.diff == NULL ? tpl__fail_nomem(err) : TPL_OK;
    if (status == TPL_OK && !options->filter_trees_only) {
        status = tpl__glob_new(&glob, &options->filter, err);
    }
    if (status == TPL_OK) {
        status = scan_trees(scanned, sides, options, err);
    }
    if (status == TPL_OK) {
        const tpl__glob *asked = glob == NULL || tpl__glob_is_all(glob) ? NULL : glob;
        j.before.manifest = scanned[0] == NULL ? before.manifest : scanned[0];
        j.after.manifest = scanned[1] == NULL ? after.manifest : scanned[1];
        j.before.glob = scanned[0] == NULL ? asked : NULL; /* a scan has asked already */
        j.after.glob = scanned[1] == NULL ? asked : NULL;
        status = run_join(&j, &options->run, err);
    }
    if (status == TPL_OK) {
        *out = j.diff;
        j.diff = NULL;
    }
    tpl_manifest_free(scanned[0]);
    tpl_manifest_free(scanned[1]);
    tpl__glob_free(glob);
    tpl_diff_free(j.diff);
    return status;
}
