/* SPDX-License-Identifier: MIT */
/* Whether a tree is what a manifest says, by hashing every file. */
#ifndef TPL_VERIFY_H
#define TPL_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tpl/manifest.h"
#include "tpl/snapshot.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Name, word as in JSON documents. */
#define TPL_FINDING_MAP(X)                                                                         \
    X(MISSING, "missing")          /* nothing has that name */                                     \
    X(MODIFIED, "modified")        /* another size, hash, run bit or target */                     \
    X(UNEXPECTED, "unexpected")    /* in the tree only; found when `strict` */                     \
    X(TYPE_CHANGED, "typeChanged") /* a file, link or directory is another of these */             \
    X(UNREADABLE, "unreadable")    /* could not be opened or read, or kept changing */

typedef enum tpl_finding {
#define TPL_FINDING_ENUM(name, word) TPL_FINDING_##name,
    TPL_FINDING_MAP(TPL_FINDING_ENUM)
#undef TPL_FINDING_ENUM
    TPL_FINDING_COUNT
} tpl_finding;

const char *tpl_finding_word(tpl_finding finding); /* static */

typedef struct tpl_verify_options {
    tpl_symlinks symlinks;
    bool strict; /* look for files that the manifest does not have */
    tpl_strings
        omit; /* operating-system paths of files that are not unexpected, by device and inode */
    tpl_run run;
} tpl_verify_options;

#define TPL_VERIFY_OPTIONS_INIT {TPL_SYMLINKS_BENEATH, false, TPL_STRINGS_INIT, TPL_RUN_INIT}

typedef struct tpl_verification
    tpl_verification; /* owns its paths; free with tpl_verification_free() */

/* Checks every entry against the tree at an operating-system path. TPL_E_UNSAFE_PATH names the
 * first path that could leave the tree, before anything is opened; TPL_E_MANIFEST: it is a diff;
 * TPL_E_IO when the root itself
 * cannot be opened or the process has too many files open, TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl_verify(tpl_verification **out, const tpl_manifest *manifest, const char *root,
                      const tpl_verify_options *options, tpl_error *err);
void tpl_verification_free(tpl_verification *verification);

bool tpl_verification_ok(const tpl_verification *verification);          /* no finding at all */
uint64_t tpl_verification_checked(const tpl_verification *verification); /* entries looked at */
size_t tpl_verification_count(const tpl_verification *verification, tpl_finding finding);

/* Path `index` of a list, in canonical order, borrowed. `error` (may be NULL) gets a one-line
 * reason for UNREADABLE, else NULL. */
const char *tpl_verification_path(const tpl_verification *verification, tpl_finding finding,
                                  size_t index, size_t *len, const char **error);

#ifdef __cplusplus
}
#endif
#endif
