/* SPDX-License-Identifier: MIT */
/* A submission from the inside: for the files that group, expand, hash and write it. */
#ifndef TPL__SUBMISSION_H
#define TPL__SUBMISSION_H

#include "arena.h"
#include "tpl/submit.h"

enum {
    TPL__INPUTS,
    TPL__OUTPUTS,
    TPL__REFERENCES,
    TPL__ROLES
};

typedef struct tpl__root {
    const char *path; /* WTF-8, NUL-terminated */
    size_t path_len;
    const char *location;         /* NULL: none */
    tpl_buffer paths[TPL__ROLES]; /* of tpl_asset_path */
    uint64_t input_size;
    tpl_manifest *manifest; /* owned; NULL: not hashed */
    tpl_hash128 hash;       /* of the manifest's bytes */
} tpl__root;

struct tpl_submission {
    tpl__arena arena; /* of all text */
    tpl__root *roots;
    size_t count;
};

static inline size_t tpl__paths_count(const tpl_buffer *paths) {
    return paths->len / sizeof(tpl_asset_path);
}

static inline tpl_asset_path *tpl__paths_of(const tpl_buffer *paths) {
    return (void *)paths->data;
}

/* Appends the files below a directory (an absolute operating-system path) as absolute WTF-8 paths,
 * links that do not lead to a directory among them. Errors as tpl_snapshot(). */
tpl_status tpl__expand(tpl_buffer *paths, tpl__arena *arena, const char *directory,
                       const tpl_submission_options *options, tpl_error *err);

#endif
