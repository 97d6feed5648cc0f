/* SPDX-License-Identifier: MIT */
/* Patterns without a tree: whether a path matches, and the part of a manifest that does. */
#include "tpl/select.h"

#include "fail.h"
#include "glob.h"
#include "manifest_convert.h"
#include "manifest_table.h"
#include "poll.h"

tpl_status tpl_filter_matches(bool *out, const tpl_filter *filter, const char *path, size_t len,
                              tpl_error *err) {
    tpl__glob *glob = NULL;
    *out = false;
    tpl_status status = tpl__glob_new(&glob, filter, err);
    if (status == TPL_OK) {
        *out = tpl__glob_file(glob, path, len);
    }
    tpl__glob_free(glob);
    return status;
}

static tpl_status add_files(tpl_manifest *manifest, const tpl_manifest *from, const tpl__glob *glob,
                            tpl__poll *poll, tpl_error *err) {
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < tpl_manifest_count(from) && status == TPL_OK; i++) {
        tpl_entry entry;
        tpl_manifest_entry(from, i, &entry);
        if (tpl__glob_file(glob, entry.path, entry.path_len)) {
            status = tpl_manifest_add(manifest, &entry, err);
        }
        if (status == TPL_OK && tpl__poll_stops_at(poll, i)) {
            status = tpl__fail_cancelled(err);
        }
    }
    return status;
}

static tpl_status add_directories(tpl_manifest *manifest, const tpl_manifest *from,
                                  const tpl__glob *glob, tpl_error *err) {
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < tpl_manifest_directory_count(from) && status == TPL_OK; i++) {
        tpl_entry entry;
        tpl_manifest_directory(from, i, &entry);
        if (tpl__glob_enter(glob, entry.path, entry.path_len)) {
            status = tpl_manifest_add(manifest, &entry, err);
        }
    }
    return status;
}

static tpl_status select_by(tpl_manifest *manifest, const tpl_manifest *from, const tpl__glob *glob,
                            tpl__poll *poll, tpl_error *err) {
    size_t len = 0;
    const char *parent = tpl_manifest_parent(from, &len);
    tpl_status status =
        parent == NULL ? TPL_OK : tpl_manifest_set_parent(manifest, parent, len, err);
    status = status == TPL_OK ? add_files(manifest, from, glob, poll, err) : status;
    status = status == TPL_OK ? add_directories(manifest, from, glob, err) : status;
    status = status == TPL_OK ? tpl__manifest_order(manifest, false, poll, err) : status;
    return status == TPL_OK ? tpl__manifest_convert(manifest, tpl_manifest_format(from), poll, err)
                            : status;
}

tpl_status tpl_select(tpl_manifest **out, const tpl_manifest *manifest, const tpl_filter *filter,
                      const tpl_run *run, tpl_error *err) {
    *out = NULL;
    tpl__poll poll = TPL__POLL_INIT(run);
    tpl__glob *glob = NULL;
    tpl_manifest *made = NULL;
    tpl_status status = tpl__glob_new(&glob, filter, err);
    status = status == TPL_OK ? tpl_manifest_new(&made, err) : status;
    status = status == TPL_OK ? select_by(made, manifest, glob, &poll, err) : status;
    if (status == TPL_OK) {
        *out = made;
    } else {
        tpl_manifest_free(made);
    }
    tpl__glob_free(glob);
    return status;
}
