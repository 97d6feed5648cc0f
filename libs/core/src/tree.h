/* SPDX-License-Identifier: MIT */
/* A directory tree as a sorted manifest: what snapshot, diff and a strict verify have in common. */
#ifndef TPL__TREE_H
#define TPL__TREE_H

#include "tpl/snapshot.h"
#include "tpl/submit.h"

/* Files named one by one instead of a tree. */
typedef struct tpl__tree_files {
    const tpl_asset_path *paths; /* in order, each once */
    size_t count;
    size_t skip; /* so many bytes of a path are the root's and a slash */
} tpl__tree_files;

typedef struct tpl__tree_options {
    const tpl_filter *filter;
    const tpl_run *run;
    bool hash;                  /* false: size and mtime only, the hash is all zero */
    bool names_only;            /* not even those: only the paths count */
    const tpl_manifest *hashed; /* with `hash`: of a path that is not in it only the name counts */
    bool stat_all;              /* with `hashed`: size and mtime of such a path count, too */
    bool attributes;            /* run bits, and chunks of large files */
    bool directories;           /* listed, too */
    bool truncate_mtime;        /* microseconds cut toward zero, as deadline compares them */
    const tpl_manifest *base;   /* as in tpl_snapshot_options, like the five below */
    tpl_manifest *spare;
    int64_t base_mtime_ns;
    bool delta;
    bool rehash;
    const char *index;            /* with `hash` only */
    const tpl__tree_files *files; /* with `hash` and neither base nor index; else NULL */
} tpl__tree_options;

/* An empty tree gives an empty manifest. Errors as tpl_snapshot(). `stats` may be NULL. */
tpl_status tpl__tree_scan(tpl_manifest **out, const char *root, const tpl__tree_options *options,
                          tpl_snapshot_stats *stats, tpl_error *err);

#endif
