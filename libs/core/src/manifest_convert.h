/* SPDX-License-Identifier: MIT */
/* Manifests in another format, and copies for what may not change the one it was given. */
#ifndef TPL__MANIFEST_CONVERT_H
#define TPL__MANIFEST_CONVERT_H

#include "poll.h"
#include "tpl/manifest.h"

/* Whether some file is below a directory, which then need not be listed. */
bool tpl__manifest_implies(const tpl_manifest *manifest, const char *path, size_t len);

/* Whether some entry is a link. */
bool tpl__manifest_has_links(const tpl_manifest *manifest);

/* As tpl_manifest_convert(), for a caller who is being asked already. */
tpl_status tpl__manifest_convert(tpl_manifest *manifest, tpl_format format, tpl__poll *poll,
                                 tpl_error *err);

/* The same manifest, sorted. TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl__manifest_clone(tpl_manifest **out, const tpl_manifest *from, tpl__poll *poll,
                               tpl_error *err);

#endif
