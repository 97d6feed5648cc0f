/* SPDX-License-Identifier: MIT */
/* The join of two sorted manifests, path by path, and the inside of the diff that it fills. */
#ifndef TPL__DIFF_JOIN_H
#define TPL__DIFF_JOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "glob.h"
#include "poll.h"
#include "tpl/diff.h"

typedef struct tpl__diff_path {
    const char *text; /* in the diff's arena */
    size_t len;
} tpl__diff_path;

typedef struct tpl__diff_list {
    tpl__diff_path *items;
    tpl_diff_states *states; /* one an item, or NULL */
    size_t count;            /* may be more than are listed: of unchanged paths, perhaps none is */
    size_t cap;
} tpl__diff_list;

struct tpl_diff {
    tpl__arena arena;
    tpl__diff_list lists[TPL_CHANGE_COUNT];
};

/* A sealed manifest, and the paths of it that count: every one where there is no glob. */
typedef struct tpl__join_side {
    const tpl_manifest *manifest;
    const tpl__glob *glob;
} tpl__join_side;

typedef struct tpl__join {
    tpl__join_side before;
    tpl__join_side after;
    bool by_hash;
    bool attributes; /* both sides tell of run bits */
    bool keep_unchanged;
    bool keep_states;
} tpl__join;

/* Adds what is found to `diff`. TPL_E_NOMEM, TPL_E_CANCELLED. */
tpl_status tpl__join_run(tpl_diff *diff, const tpl__join *join, tpl__poll *poll);

/* Takes over what `from` found, behind what `diff` did; `from` is left empty. False: memory is out,
 * and both can only be freed. */
bool tpl__diff_append(tpl_diff *diff, tpl_diff *from);

#endif
