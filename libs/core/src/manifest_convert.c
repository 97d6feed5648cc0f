/* SPDX-License-Identifier: MIT */
/* From one format to another: what each can hold, and copies that may change. */
#include "manifest_convert.h"

#include <assert.h>
#include <string.h>

#include "fail.h"
#include "manifest_dirs.h"
#include "manifest_table.h"
#include "mem.h"
#include "tpl/text.h"

static tpl_status refuse(tpl_error *err, const tpl__row *row, const char *why) {
    return tpl__fail_text(err, TPL_E_MANIFEST, row->path, row->path_len, "%s", why);
}

static const char *beyond_v2023(const tpl__row *row) {
    if (tpl__row_is_deleted(row)) {
        return "2023-03-03 cannot hold a deletion";
    }
    if (tpl__row_kind(row) == TPL_KIND_SYMLINK) {
        return "2023-03-03 cannot hold a symbolic link";
    }
    if (tpl__row_kind(row) == TPL_KIND_CHUNKED) {
        return "2023-03-03 cannot hold the hashes of chunks";
    }
    return (row->tag & TPL__TAG_RUNNABLE) != 0 ? "2023-03-03 cannot hold a run bit" : NULL;
}

bool tpl__manifest_implies(const tpl_manifest *manifest, const char *path, size_t len) {
    size_t low = 0; /* files before it come before all that is below the directory */
    size_t high = manifest->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const tpl__row *row = tpl__manifest_row(manifest, middle);
        size_t shorter = row->path_len < len ? row->path_len : len;
        int order = tpl_text_compare(row->path, shorter, path, len);
        if (order == 0) {
            order = row->path_len == shorter ? -1 : (unsigned char)row->path[shorter] - '/';
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == manifest->count) {
        return false;
    }
    const tpl__row *row = tpl__manifest_row(manifest, low);
    return row->path_len > len && row->path[len] == '/' && memcmp(row->path, path, len) == 0;
}

bool tpl__manifest_has_links(const tpl_manifest *manifest) {
    bool possible = (manifest->attributes & (uint32_t)TPL_KIND_SYMLINK) != 0;
    bool found = false;
    for (size_t i = 0; possible && !found && i < manifest->count; i++) {
        found = tpl__row_kind(&manifest->rows[i]) == TPL_KIND_SYMLINK;
    }
    return found;
}

static tpl_status check_v2023(const tpl_manifest *manifest, tpl__poll *poll, tpl_error *err) {
    if (manifest->parent != NULL) {
        return tpl__fail(err, TPL_E_MANIFEST, "2023-03-03 cannot hold a diff");
    }
    for (size_t i = 0; i < manifest->count && !tpl__poll_stops_at(poll, i); i++) {
        const tpl__row *row = tpl__manifest_row(manifest, i);
        const char *problem = beyond_v2023(row);
        if (problem != NULL) {
            return refuse(err, row, problem);
        }
    }
    for (size_t i = 0; i < manifest->dirs.count && !tpl__poll_stops_at(poll, i); i++) {
        const tpl__row *row = &manifest->dirs.rows[i];
        if (!tpl__manifest_implies(manifest, row->path, row->path_len)) {
            return refuse(err, row, "2023-03-03 cannot hold an empty directory");
        }
    }
    return TPL_OK;
}

static tpl_status to_v2023(tpl_manifest *manifest, tpl__poll *poll, tpl_error *err) {
    bool empty = manifest->count == 0 && manifest->parent == NULL;
    if (empty && manifest->format != TPL_FORMAT_2023_03_03) {
        return tpl__fail(err, TPL_E_EMPTY, "%s", tpl_status_text(TPL_E_EMPTY));
    }
    tpl_status status =
        tpl__manifest_is_plain(manifest) ? TPL_OK : check_v2023(manifest, poll, err);
    status = status == TPL_OK && poll->stopped ? tpl__fail_cancelled(err) : status;
    if (status == TPL_OK) {
        manifest->dirs.count = 0;
        manifest->attributes = 0;
        manifest->format = TPL_FORMAT_2023_03_03;
    }
    return status;
}

static tpl_status check_beta_row(const tpl_manifest *manifest, const tpl__row *row,
                                 tpl_error *err) {
    if (tpl__row_is_deleted(row) && manifest->parent == NULL) {
        return refuse(err, row, "a manifest that is no diff cannot hold a deletion");
    }
    if (tpl__row_kind(row) == TPL_KIND_SYMLINK &&
        tpl__dirs_cannot_write(&manifest->dirs, row->hash.text, tpl__row_text_len(row))) {
        return refuse(err, row, "2025-12-04-beta cannot hold a target that begins like \"$1/\"");
    }
    return TPL_OK;
}

static tpl_status to_beta(tpl_manifest *manifest, tpl__poll *poll, tpl_error *err) {
    tpl_status status = TPL_OK;
    size_t rows = tpl__manifest_is_plain(manifest) ? 0 : manifest->count;
    for (size_t i = 0; i < rows && status == TPL_OK && !tpl__poll_stops_at(poll, i); i++) {
        status = check_beta_row(manifest, tpl__manifest_row(manifest, i), err);
    }
    for (size_t i = 0; i < manifest->dirs.count && status == TPL_OK; i++) {
        status = check_beta_row(manifest, &manifest->dirs.rows[i], err);
    }
    if (status != TPL_OK) {
        return status;
    }
    status = tpl__dirs_add_needed(manifest, poll);
    if (status != TPL_OK) {
        return tpl__fail(err, status, "%s", tpl_status_text(status));
    }
    manifest->format = TPL_FORMAT_2025_12_04_BETA;
    return TPL_OK;
}

tpl_status tpl__manifest_convert(tpl_manifest *manifest, tpl_format format, tpl__poll *poll,
                                 tpl_error *err) {
    assert(manifest->sealed);
    return format == TPL_FORMAT_2023_03_03 ? to_v2023(manifest, poll, err)
                                           : to_beta(manifest, poll, err);
}

tpl_status tpl_manifest_convert(tpl_manifest *manifest, tpl_format format, const tpl_run *run,
                                tpl_error *err) {
    tpl__poll poll = TPL__POLL_INIT(run);
    return tpl__manifest_convert(manifest, format, &poll, err);
}

/* What is no entry of the table: directories and the parent's hash. */
static tpl_status copy_head(tpl_manifest *manifest, const tpl_manifest *from, tpl__poll *poll,
                            tpl_error *err) {
    tpl_status status = TPL_OK;
    if (from->parent != NULL) {
        status = tpl_manifest_set_parent(manifest, from->parent, from->parent_len, err);
    }
    for (size_t i = 0; i < from->dirs.count && status == TPL_OK; i++) {
        tpl_entry entry;
        tpl__row_view(&from->dirs.rows[i], &entry);
        status = tpl__manifest_copy(manifest, &entry, err);
        if (status == TPL_OK && tpl__poll_stops_at(poll, i)) {
            status = tpl__fail_cancelled(err);
        }
    }
    return status;
}

tpl_status tpl__manifest_clone(tpl_manifest **out, const tpl_manifest *from, tpl__poll *poll,
                               tpl_error *err) {
    *out = NULL;
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl_manifest_new(&manifest, err);
    if (status == TPL_OK) {
        status = copy_head(manifest, from, poll, err);
    }
    for (size_t i = 0; status == TPL_OK && i < from->count; i++) {
        tpl_entry entry;
        tpl__row_view(tpl__manifest_row(from, i), &entry);
        status = tpl__manifest_copy(manifest, &entry, err);
        if (status == TPL_OK && tpl__poll_stops_at(poll, i)) {
            status = tpl__fail_cancelled(err);
        }
    }
    if (status == TPL_OK) {
        manifest->total_size = from->total_size;
        status = tpl__manifest_order(manifest, true, poll, err);
    }
    if (status != TPL_OK) {
        tpl_manifest_free(manifest);
        return status;
    }
    manifest->format = from->format;
    *out = manifest;
    return TPL_OK;
}
