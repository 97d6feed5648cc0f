/* SPDX-License-Identifier: MIT */
/* A job's paths, grouped under roots as deadline groups them, and the attachments payload that they
 * make. */
#ifndef TPL_SUBMIT_H
#define TPL_SUBMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/manifest.h"
#include "tpl/profile.h"
#include "tpl/run.h"
#include "tpl/snapshot.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tpl_submission_options {
    const tpl_profile *profile; /* of this machine; borrowed, may be NULL */
    bool
        require_paths_exist; /* a missing input is an error, else a referenced path and a warning */
    tpl_strings omit; /* operating-system paths of files that are no inputs, by device and inode */
    tpl_strings exclude; /* patterns as in tpl_filter, for what is below input directories */
    tpl_dialect dialect; /* of those */
    tpl_run run;
    bool hash_follows; /* tpl_submission_hash() is called next: to progress both are one piece of
                          work, which is done when that is */
} tpl_submission_options;

#define TPL_SUBMISSION_OPTIONS_INIT                                                                \
    {NULL, false, TPL_STRINGS_INIT, TPL_STRINGS_INIT, TPL_DIALECT_GLOB, TPL_RUN_INIT, false}

/* A path of a root: absolute, without `.` and `..`, its symbolic links as they are. */
typedef struct tpl_asset_path {
    const char *text; /* WTF-8, NUL-terminated */
    size_t len;
    uint64_t size; /* of an input in bytes, else 0 */
} tpl_asset_path;

/* Everything is borrowed from the submission. Each list is ordered by path, component by component,
 * and names a path once. */
typedef struct tpl_asset_root {
    const char *path; /* WTF-8, NUL-terminated: what all paths of the root have in common */
    size_t path_len;
    const char *location; /* the name of the LOCAL location that the paths are below, or NULL */
    const tpl_asset_path *inputs;
    size_t input_count;
    const tpl_asset_path *outputs;
    size_t output_count;
    const tpl_asset_path *references;
    size_t reference_count;
    uint64_t input_size;          /* bytes of all inputs */
    const tpl_manifest *manifest; /* of the inputs, once they are hashed; else NULL */
} tpl_asset_root;

typedef struct tpl_submission tpl_submission; /* free with tpl_submission_free() */

/* Groups paths. Relative ones are below the current directory. What is below a SHARED location is
 * left out; what is below a LOCAL one makes a group with all else that is, the location with the
 * longest path counting; the rest is one group. A group's root is the path that all of it has in
 * common. Whether a path is below a location is judged with symbolic links resolved, everything
 * else by the text. Input directories are walked without following links to directories; one
 * without files is a referenced path. TPL_E_INPUTS, each cause being told as a warning when there
 * are several: what is missing though it must not be, and directories and special files among input
 * files. TPL_E_IO, TPL_E_ARGUMENT (a bad pattern), TPL_E_CANCELLED, TPL_E_NOMEM. Corresponds to
 * deadline's S3AssetManager.prepare_paths_for_upload(). */
tpl_status tpl_submission_new(tpl_submission **out, const tpl_references *references,
                              const tpl_submission_options *options, tpl_error *err);
void tpl_submission_free(tpl_submission *submission);

/* Its roots, ordered by path and then by location; `index` < count. */
size_t tpl_submission_count(const tpl_submission *submission);
void tpl_submission_root(const tpl_submission *submission, size_t index, tpl_asset_root *out);

/* Hashes the inputs of every root into a manifest, links as what they lead to. `stats` may be NULL;
 * of several roots begun_ns is the earliest. Progress is of all roots, goes on where that of
 * tpl_submission_new() was, and is done once. Errors as tpl_snapshot(), but for TPL_E_EMPTY.
 * Corresponds to deadline's hash_assets_and_create_manifest(). */
tpl_status tpl_submission_hash(tpl_submission *submission, tpl_format format, const tpl_run *run,
                               tpl_snapshot_stats *stats, tpl_error *err);

/* Takes a root's manifest out, to be freed by the caller; NULL when there is none. */
tpl_manifest *tpl_submission_take(tpl_submission *submission, size_t index);

/* Appends the attachments of a CreateJob request as JSON: one line, ASCII, members in deadline's
 * order. `file_system` is "COPIED" or "VIRTUAL". A root with a manifest has the manifest's hash and
 * key, which is HASH_input, HASH being that of the root's path, and what `prefix` (WTF-8; may be
 * NULL) says in front of it. TPL_E_NOMEM. Corresponds to deadline's Attachments.to_dict(). */
tpl_status tpl_submission_payload(tpl_buffer *out, const tpl_submission *submission,
                                  const char *file_system, const char *prefix, tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
