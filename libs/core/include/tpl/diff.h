/* SPDX-License-Identifier: MIT */
/* What changed between two manifests, or between a manifest and a tree. */
#ifndef TPL_DIFF_H
#define TPL_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/manifest.h"
#include "tpl/snapshot.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Name, word as in JSON documents, letter as in listings. The values are deadline's FileStatus. */
#define TPL_CHANGE_MAP(X)                                                                          \
    X(UNCHANGED, "unchanged", ' ')                                                                 \
    X(NEW, "new", 'A')                                                                             \
    X(MODIFIED, "modified", 'M')                                                                   \
    X(DELETED, "deleted", 'D')

typedef enum tpl_change {
#define TPL_CHANGE_ENUM(name, word, letter) TPL_CHANGE_##name,
    TPL_CHANGE_MAP(TPL_CHANGE_ENUM)
#undef TPL_CHANGE_ENUM
    TPL_CHANGE_COUNT
} tpl_change;

const char *tpl_change_word(tpl_change change); /* static */
char tpl_change_letter(tpl_change change);

/* One side of a comparison: exactly one of the two is set. */
typedef struct tpl_side {
    const tpl_manifest *manifest; /* borrowed */
    const char *root;             /* operating-system path of a tree; borrowed */
} tpl_side;

typedef struct tpl_diff_options {
    tpl_filter filter;      /* on both sides; `omit` and `symlinks` mean the trees */
    bool filter_trees_only; /* what a filter hides on disk counts as deleted (deadline) */
    bool rehash;            /* tree against manifest: compare hashes, not size and mtime */
    bool keep_unchanged;    /* list unchanged paths too, not only count them */
    bool keep_states;       /* of listed paths keep what tpl_diff_states_of() tells */
    tpl_run run;
} tpl_diff_options;

#define TPL_DIFF_OPTIONS_INIT {TPL_FILTER_INIT, false, false, false, false, TPL_RUN_INIT}

typedef struct tpl_diff tpl_diff; /* owns copies of its paths; free with tpl_diff_free() */

/* Compares by path. Manifest and manifest, tree and tree: by hash. Manifest and tree: by size and
 * by mtime with a tolerance of one microsecond, or by hash with `rehash`. Lists are in canonical
 * path order; an empty tree is a side like any other. Errors as tpl_snapshot(), but for
 * TPL_E_EMPTY. Corresponds to deadline's `manifest diff` and compare_manifest(). */
tpl_status tpl_diff_sides(tpl_diff **out, tpl_side before, tpl_side after,
                          const tpl_diff_options *options, tpl_error *err);
void tpl_diff_free(tpl_diff *diff);

/* As tpl_diff_sides() of the manifests in two files, given by operating-system paths, of which
 * never more than some pieces are in memory. *out is NULL and the status TPL_OK where they must be
 * loaded for that: this way goes long canonical documents of 2023-03-03 without a path that
 * repeats. TPL_E_ARGUMENT (a pattern), TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl_diff_files(tpl_diff **out, const char *before, const char *after,
                          const tpl_diff_options *options, tpl_error *err);

size_t tpl_diff_count(const tpl_diff *diff, tpl_change change);

/* Path `index` of the list of `change`, WTF-8, borrowed from the diff; UNCHANGED only with
 * keep_unchanged. */
const char *tpl_diff_path(const tpl_diff *diff, tpl_change change, size_t index, size_t *len);

/* What a side says of a path; zeros where it does not have it. */
typedef struct tpl_state {
    uint64_t size; /* bytes */
    int64_t mtime; /* microseconds since the epoch */
} tpl_state;

typedef struct tpl_diff_states {
    tpl_state before;
    tpl_state after;
} tpl_diff_states;

/* What both sides say of path `index` of the list of `change`; only with keep_states. */
tpl_diff_states tpl_diff_states_of(const tpl_diff *diff, tpl_change change, size_t index);

/* What turns one manifest into the other, as a diff of 2025-12-04-beta, sorted: what is new or
 * another in `after`, its time and run bit included, and marks for what it does not have any more.
 * `parent` is the hash of before's bytes. `run` (may be NULL) is polled. TPL_E_MANIFEST,
 * TPL_E_RANGE, TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl_diff_manifest(tpl_manifest **out, const tpl_manifest *before,
                             const tpl_manifest *after, tpl_hash128 parent, const tpl_run *run,
                             tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
