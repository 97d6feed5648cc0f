/* SPDX-License-Identifier: MIT */
/* Snapshots: the public face of a tree scan. */
#include "tpl/snapshot.h"

#include <assert.h>

#include "fail.h"
#include "tpl/diff.h"
#include "tree.h"

void tpl_filter_dispose(tpl_filter *filter) {
    tpl_strings_dispose(&filter->include);
    tpl_strings_dispose(&filter->exclude);
    tpl_strings_dispose(&filter->omit);
}

/* Of the whole tree, what is not as in the base. */
static tpl_status keep_delta(tpl_manifest **manifest, const tpl_snapshot_options *options,
                             tpl_error *err) {
    tpl_manifest *delta = NULL;
    tpl_status status =
        tpl_diff_manifest(&delta, options->base, *manifest, options->base_hash, &options->run, err);
    tpl_manifest_free(*manifest);
    *manifest = delta;
    return status;
}

tpl_status tpl_snapshot(tpl_manifest **out, const char *root, const tpl_snapshot_options *options,
                        tpl_snapshot_stats *stats, tpl_error *err) {
    *out = NULL;
    if (options->delta && options->base == NULL) {
        return tpl__fail(err, TPL_E_ARGUMENT, "a delta needs a base manifest");
    }
    assert(options->spare == NULL || options->spare == options->base);
    bool beta = options->format == TPL_FORMAT_2025_12_04_BETA;
    if (!beta && options->filter.symlinks == TPL_SYMLINKS_KEEP) {
        return tpl__fail(err, TPL_E_ARGUMENT, "2023-03-03 has no symbolic links to keep");
    }
    tpl__tree_options tree = {.filter = &options->filter,
                              .run = &options->run,
                              .hash = true,
                              .attributes = beta,
                              .directories = beta,
                              .base = options->base,
                              .spare = options->delta ? NULL : options->spare,
                              .base_mtime_ns = options->base_mtime_ns,
                              .delta = options->delta && !beta,
                              .rehash = options->rehash,
                              .index = options->index};
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl__tree_scan(&manifest, root, &tree, stats, err);
    if (status == TPL_OK && tpl_manifest_count(manifest) == 0 && !options->delta && !beta) {
        status = tpl__fail_at(err, TPL_E_EMPTY, root, tpl_status_text(TPL_E_EMPTY));
    }
    if (status == TPL_OK) {
        status = tpl_manifest_convert(manifest, options->format, &options->run, err);
    }
    if (status == TPL_OK && options->delta && beta) {
        status = keep_delta(&manifest, options, err);
    }
    if (status != TPL_OK) {
        tpl_manifest_free(manifest);
        return status;
    }
    *out = manifest;
    return TPL_OK;
}
