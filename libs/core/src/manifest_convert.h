/* SPDX-License-Identifier: MIT */
/* Copies of manifests, for what may not change the one it was given. */
#ifndef TPL__MANIFEST_CONVERT_H
#define TPL__MANIFEST_CONVERT_H

#include "poll.h"
#include "tpl/manifest.h"

/* Whether some file is below a directory, which then need not be listed. */
bool tpl__manifest_implies(const tpl_manifest *manifest, const char *path, size_t len);

/* Whether some entry is a link. */
bool tpl__manifest_has_links(const tpl_manifest *manifest);

/* Copies what is no entry of the table: directories and the parent's hash. */
tpl_status tpl__manifest_copy_head(tpl_manifest *manifest, const tpl_manifest *from,
                                   tpl_error *err);

/* The same manifest, sorted. TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl__manifest_clone(tpl_manifest **out, const tpl_manifest *from, tpl__poll *poll,
                               tpl_error *err);

#endif
