/* SPDX-License-Identifier: MIT */
/* Two manifests that are compared while they are read. */
#include "diff_pieces.h"
#include "fail.h"
#include "glob.h"
#include "manifest_file.h"

/* Whoever loads what cannot be opened has the same trouble, and says so. */
static bool open_long(tpl__manifest_file *file, const char *path, uint64_t least) {
    return tpl__manifest_file_open(file, path) == 0 && file->regular && file->size >= least;
}

static tpl_status compare(tpl_diff **out, tpl__manifest_file *before, tpl__manifest_file *after,
                          const tpl_diff_options *options, const tpl__glob *glob) {
    tpl__v2023_source sources[2];
    unsigned readers = tpl__v2023_readers(before->size, &options->run);
    tpl_status status = tpl__manifest_file_source(&sources[0], before, readers, false);
    if (status == TPL_OK) {
        status = tpl__manifest_file_source(&sources[1], after, readers, false);
    }
    return status == TPL_OK ? tpl__diff_pieces(out, &sources[0], &sources[1], options, glob)
                            : status;
}

tpl_status tpl__diff_files(tpl_diff **out, const char *before, const char *after,
                           const tpl_diff_options *options, uint64_t least, tpl_error *err) {
    tpl__manifest_file files[2];
    tpl__glob *glob = NULL;
    *out = NULL;
    bool first = open_long(&files[0], before, least);
    bool both = open_long(&files[1], after, least) && first;
    tpl_status status = TPL_OK;
    if (both && !options->filter_trees_only) {
        status = tpl__glob_new(&glob, &options->filter, err);
    }
    if (both && status == TPL_OK) {
        const tpl__glob *asked = glob == NULL || tpl__glob_is_all(glob) ? NULL : glob;
        status = compare(out, &files[0], &files[1], options, asked);
        status = status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
    }
    tpl__glob_free(glob);
    tpl__manifest_file_close(&files[0]);
    tpl__manifest_file_close(&files[1]);
    return status;
}

tpl_status tpl_diff_files(tpl_diff **out, const char *before, const char *after,
                          const tpl_diff_options *options, tpl_error *err) {
    return tpl__diff_files(out, before, after, options, TPL__V2023_LONG, err);
}
