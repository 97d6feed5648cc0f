/* SPDX-License-Identifier: MIT */
/* Documents about a machine and a job: storage profiles, and the paths that a job bundle refers to.
 * Both are JSON as deadline has it; what they lack is empty, what is not known is passed over. */
#ifndef TPL_PROFILE_H
#define TPL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "tpl/buffer.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A place of a storage profile; both strings are NUL-terminated. */
typedef struct tpl_location {
    const char *name; /* WTF-8 */
    const char
        *path;   /* operating-system path; of another machine's profile, as it is spelt there */
    bool shared; /* the machines that run the job have the same files there */
} tpl_location;

/* What a storage profile says. */
typedef struct tpl_profile {
    const char *id; /* WTF-8; NULL: not known */
    bool windows;   /* its paths are Windows' */
    const tpl_location *locations;
    size_t location_count;
} tpl_profile;

/* `{"storageProfileId": ..., "displayName": ..., "osFamily": ..., "fileSystemLocations": [{"name":
 * ..., "path": ..., "type": "LOCAL" | "SHARED"}, ...]}` */
typedef struct tpl_storage_profile tpl_storage_profile;

/* TPL_E_SYNTAX, TPL_E_DOCUMENT, TPL_E_NOMEM. */
tpl_status tpl_storage_profile_decode(tpl_storage_profile **out, const char *data, size_t len,
                                      tpl_error *err);
void tpl_storage_profile_free(tpl_storage_profile *profile);

/* What it says, its locations in the document's order; all borrowed from it. */
void tpl_storage_profile_view(const tpl_storage_profile *profile, tpl_profile *out);

/* What a job refers to, as operating-system paths; an empty one is passed over. */
typedef struct tpl_references {
    tpl_strings inputs;      /* files that it reads */
    tpl_strings directories; /* directories all of whose files it reads */
    tpl_strings outputs;     /* directories that it writes */
    tpl_strings referenced;  /* paths that it only names */
} tpl_references;

#define TPL_REFERENCES_INIT {TPL_STRINGS_INIT, TPL_STRINGS_INIT, TPL_STRINGS_INIT, TPL_STRINGS_INIT}

/* Disposes the four lists. */
void tpl_references_dispose(tpl_references *references);

/* Appends paths, which stay borrowed. TPL_E_NOMEM. */
tpl_status tpl_references_append(tpl_references *out, const tpl_references *paths);

/* A job bundle's asset_references.json: `{"assetReferences": {"inputs": {"filenames": [...],
 * "directories": [...]}, "outputs": {"directories": [...]}, "referencedPaths": [...]}}` */
typedef struct tpl_asset_references tpl_asset_references;

/* TPL_E_SYNTAX, TPL_E_DOCUMENT, TPL_E_NOMEM. */
tpl_status tpl_asset_references_decode(tpl_asset_references **out, const char *data, size_t len,
                                       tpl_error *err);
void tpl_asset_references_free(tpl_asset_references *document);

/* Its paths, borrowed from it. */
const tpl_references *tpl_asset_references_paths(const tpl_asset_references *document);

#ifdef __cplusplus
}
#endif
#endif
