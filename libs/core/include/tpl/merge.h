/* SPDX-License-Identifier: MIT */
/* Several manifests as one. */
#ifndef TPL_MERGE_H
#define TPL_MERGE_H

#include <stddef.h>

#include "tpl/manifest.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The union by path of `count` >= 1 manifests in the order given; the last entry of a path wins,
 * the total size is computed anew (of one manifest alone it is kept, as in deadline's
 * merge_asset_manifests()). Sorted. When the first is a snapshot, what a later one deletes is left
 * out, and the result is a snapshot; when it is a diff, deletions are kept, and the result is a
 * diff of the same parent. A deletion takes away what it names, and nothing below it. `run` (may be
 * NULL) is polled. TPL_E_MANIFEST for manifests of different formats, TPL_E_RANGE, TPL_E_CANCELLED,
 * TPL_E_NOMEM. */
tpl_status tpl_merge(tpl_manifest **out, const tpl_manifest *const *manifests, size_t count,
                     const tpl_run *run, tpl_error *err);

/* Whether every diff among manifests that are to be merged is of what it would change: of one of
 * those before it (by the text that it was decoded from, or by its canonical one), or of what they
 * make together. TPL_E_MANIFEST when one is not; *stray is then its number, else 0. When the first
 * is a diff itself, what the others are of cannot be told: they pass. Else as tpl_merge(). */
tpl_status tpl_merge_check(size_t *stray, const tpl_manifest *const *manifests, size_t count,
                           const tpl_run *run, tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
