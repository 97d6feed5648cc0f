/* SPDX-License-Identifier: MIT */
/* A filter's patterns, asked about paths and applied to manifests instead of trees. */
#ifndef TPL_SELECT_H
#define TPL_SELECT_H

#include "tpl/manifest.h"
#include "tpl/run.h"
#include "tpl/snapshot.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the file at a relative WTF-8 path counts. Compiles the patterns each time. TPL_E_NOMEM,
 * TPL_E_ARGUMENT. */
tpl_status tpl_filter_matches(bool *out, const tpl_filter *filter, const char *path, size_t len,
                              tpl_error *err);

/* The entries that count by their paths, in their order, and the directories below which one could
 * count; format and parent stay, the total size is computed anew. Only the filter's patterns, their
 * dialect and hide_dotfiles matter. The result may be empty. `run` (may be NULL) is polled.
 * TPL_E_ARGUMENT, TPL_E_RANGE, TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl_select(tpl_manifest **out, const tpl_manifest *manifest, const tpl_filter *filter,
                      const tpl_run *run, tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
