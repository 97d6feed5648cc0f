/* SPDX-License-Identifier: MIT */
/* Snapshots: the public face of a tree scan. */
#include "tpl/snapshot.h"

#include "fail.h"
#include "tree.h"

void tpl_filter_dispose(tpl_filter *filter) {
    tpl_strings_dispose(&filter->include);
    tpl_strings_dispose(&filter->exclude);
    tpl_strings_dispose(&filter->omit);
}

tpl_status tpl_snapshot(tpl_manifest **out, const char *root, const tpl_snapshot_options *options,
                        tpl_snapshot_stats *stats, tpl_error *err) {
    *out = NULL;
    if (options->delta && options->base == NULL) {
        return tpl__fail(err, TPL_E_ARGUMENT, "a delta needs a base manifest");
    }
    tpl__tree_options tree = {.filter = &options->filter,
                              .run = &options->run,
                              .hash = true,
                              .base = options->base,
                              .base_mtime_ns = options->base_mtime_ns,
                              .delta = options->delta,
                              .rehash = options->rehash,
                              .index = options->index};
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl__tree_scan(&manifest, root, &tree, stats, err);
    if (status == TPL_OK && tpl_manifest_count(manifest) == 0 && !options->delta) {
        tpl_manifest_free(manifest);
        return tpl__fail_at(err, TPL_E_EMPTY, root, tpl_status_text(TPL_E_EMPTY));
    }
    *out = manifest;
    return status;
}
