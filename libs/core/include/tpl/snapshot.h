/* SPDX-License-Identifier: MIT */
/* A directory tree as a manifest. */
#ifndef TPL_SNAPSHOT_H
#define TPL_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "tpl/buffer.h"
#include "tpl/manifest.h"
#include "tpl/run.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tpl_symlinks {
    TPL_SYMLINKS_FOLLOW,  /* the target's content under the link's name, wherever it is; loops and
                             dangling links skipped */
    TPL_SYMLINKS_BENEATH, /* followed only where the target is inside the tree (verify) */
    TPL_SYMLINKS_SKIP,    /* links leave no trace */
    TPL_SYMLINKS_KEEP /* entries of their own, which 2025-12-04-beta can hold; those whose target
                         is absolute or outside the tree skipped */
} tpl_symlinks;

/* How patterns are read: name, word.
 *
 * GLOB: segment by segment, as Python's glob.glob(root + "/" + pattern, recursive=True): `*` and
 * `?` stay within a segment, `[seq]` and `[!seq]` are sets, a segment `**` is any number of
 * directories. There is no escape but a set of one. Patterns are normalised lexically; one that
 * leads out of the root, or ends in a slash, matches no file. GLOBSET: as the Rust crate of that
 * name by default (rusty_attachments): on the bytes of the whole path, so that wildcards match
 * slashes, too; `{a,b}`, `\` before a character for itself, `[^seq]`. FNMATCH: as deadline's
 * downloads, Python's fnmatch on "/" and the whole path, whose wildcards match slashes; a slash at
 * the end is everything below; what does not begin with a slash, a star or a drive may begin at any
 * name. */
#define TPL_DIALECT_MAP(X)                                                                         \
    X(GLOB, "glob")                                                                                \
    X(GLOBSET, "globset")                                                                          \
    X(FNMATCH, "fnmatch")

typedef enum tpl_dialect {
#define TPL_DIALECT_ENUM(name, word) TPL_DIALECT_##name,
    TPL_DIALECT_MAP(TPL_DIALECT_ENUM)
#undef TPL_DIALECT_ENUM
    TPL_DIALECT_COUNT
} tpl_dialect;

const char *tpl_dialect_word(tpl_dialect dialect); /* static */

/* Which files of a tree count: those whose whole relative path an include pattern (all files,
 * without one) and no exclude pattern matches. */
typedef struct tpl_filter {
    tpl_strings include; /* WTF-8 or operating-system bytes, whichever the caller has */
    tpl_strings exclude;
    tpl_strings omit; /* operating-system paths of files that are never part of the tree, by device
                         and inode */
    tpl_symlinks symlinks;
    bool hide_dotfiles; /* a wildcard of the dialect GLOB does not match a leading dot, the default
                           include pattern included (deadline) */
    bool skip_unreadable; /* go on past what cannot be read, with a warning */
    tpl_dialect dialect;
} tpl_filter;

#define TPL_FILTER_INIT                                                                            \
    {TPL_STRINGS_INIT, TPL_STRINGS_INIT, TPL_STRINGS_INIT, TPL_SYMLINKS_FOLLOW, false, false,      \
     TPL_DIALECT_GLOB}

/* Disposes the three lists. */
void tpl_filter_dispose(tpl_filter *filter);

typedef struct tpl_snapshot_options {
    tpl_filter filter;
    const tpl_manifest *base; /* borrowed, may be NULL: hashes of files with the same size and mtime
                                 are taken from it */
    int64_t base_mtime_ns; /* entries of base not older than this are hashed again; INT64_MAX trusts
                              all */
    bool delta;            /* with base: only what is new or modified; of 2025-12-04-beta a diff,
                              which tells what was deleted, too */
    bool rehash;           /* with base or index: hash everything all the same */
    const char *index;     /* borrowed operating-system path, may be NULL: a cache of hashes, read
                              and replaced, from which every file takes its hash that is as it was
                              when it was hashed (size, mtime, ctime, inode, device); never part of
                              the tree. Trouble with it is a warning. */
    tpl_run run;
    tpl_format format;     /* 2025-12-04-beta: with directories, run bits and hashes of chunks */
    tpl_hash128 base_hash; /* of base's bytes: the parent of a delta that is a diff */
    tpl_manifest *spare; /* base itself, where nobody wants it afterwards: its memory may become the
                            result's, and it is left empty then; else NULL */
} tpl_snapshot_options;

#define TPL_SNAPSHOT_OPTIONS_INIT                                                                  \
    {TPL_FILTER_INIT,    NULL,   INT64_MAX, false, false, NULL, TPL_RUN_INIT,                      \
     TPL_FORMAT_DEFAULT, {0, 0}, NULL}

typedef struct tpl_snapshot_stats {
    uint64_t hashed_files;
    uint64_t hashed_bytes;
    uint64_t reused_files; /* hash taken from base or index */
    int64_t begun_ns; /* when the scan began, by the file system's clock: the base_mtime_ns of this
                         snapshot when it is a base itself */
} tpl_snapshot_stats;

/* Hashes the tree at an operating-system path into a sorted manifest; the result does not depend on
 * thread count or directory order. TPL_E_IO, TPL_E_CHANGED, TPL_E_CANCELLED, TPL_E_NOMEM,
 * TPL_E_ARGUMENT (a bad pattern, which is the path of the error; links to be kept in a format that
 * has none), TPL_E_MANIFEST (the format cannot hold what is there); TPL_E_EMPTY when no file counts
 * and the format needs one, but with `delta` an empty manifest. `stats` may be NULL. Corresponds to
 * deadline's `manifest snapshot`. */
tpl_status tpl_snapshot(tpl_manifest **out, const char *root, const tpl_snapshot_options *options,
                        tpl_snapshot_stats *stats, tpl_error *err);

/* Appends the name that deadline gives the file of a tree's manifest, in operating-system bytes:
 * STEM-HASH-STAMP.manifest. HASH is of `root` as it was typed; `stem` is, when NULL or empty, the
 * root with `_` for `/`, `\` and `:`; a first `_` is left out. `stamp` is the local time as
 * 2023-11-14T22-13-20. TPL_E_ARGUMENT (a slash in the stem), TPL_E_NOMEM. */
tpl_status tpl_snapshot_name(tpl_buffer *out, const char *root, const char *stem, const char *stamp,
                             tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
