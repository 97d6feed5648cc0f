/* SPDX-License-Identifier: MIT */
/* Manifests from files: what is canonical passes through windows, anything else is read whole. */
#include "fail.h"
#include "manifest_file.h"
#include "tpl/file.h"
#include "tpl/manifest.h"

typedef struct load {
    tpl__manifest_file file;
    const char *path;
    tpl_hash128 *hash; /* may be NULL */
    const tpl_run *run;
} load;

static tpl_status fail(const load *l, tpl_status status, tpl_error *err) {
    return status == TPL_E_IO ? tpl__fail_os(err, tpl__manifest_file_errno(&l->file), l->path)
                              : tpl__fail(err, status, "%s", tpl_status_text(status));
}

/* *out stays NULL when the text is not canonical. A hash is of the whole in one go. */
static tpl_status read_windows(tpl_manifest **out, load *l, tpl_error *err) {
    tpl__poll poll = TPL__POLL_INIT(l->run);
    tpl__v2023_source source;
    unsigned readers = l->hash == NULL ? tpl__v2023_readers(l->file.size, l->run) : 1;
    tpl_status status = tpl__manifest_file_source(&source, &l->file, readers, l->hash != NULL);
    if (status == TPL_OK) {
        status = tpl__v2023_read_fast(out, &source, &poll);
    }
    if (*out != NULL && l->hash != NULL) {
        *l->hash = tpl__manifest_file_hash(&l->file);
    }
    return status == TPL_OK ? TPL_OK : fail(l, status, err);
}

static tpl_status read_whole(tpl_manifest **out, const load *l, tpl_error *err) {
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_status status = tpl_file_read_fd(&text, l->file.fd, l->path, l->run, err);
    if (status == TPL_OK) {
        status = tpl_manifest_decode(out, text.data, text.len, l->run, err);
    }
    if (status == TPL_OK && l->hash != NULL) {
        *l->hash = tpl_hash_bytes(text.data, text.len);
    }
    tpl_buffer_dispose(&text);
    return status;
}

tpl_status tpl_manifest_load(tpl_manifest **out, const char *path, int64_t *mtime_ns,
                             tpl_hash128 *hash, const tpl_run *run, tpl_error *err) {
    load l = {.path = path, .hash = hash, .run = run};
    *out = NULL;
    int error = tpl__manifest_file_open(&l.file, path);
    tpl_status status = error != 0 ? tpl__fail_os(err, error, path) : TPL_OK;
    if (status == TPL_OK && mtime_ns != NULL) {
        *mtime_ns = l.file.mtime_ns;
    }
    if (status == TPL_OK && l.file.regular) {
        status = read_windows(out, &l, err);
    }
    if (status == TPL_OK && *out == NULL) {
        status = read_whole(out, &l, err);
    }
    tpl__manifest_file_close(&l.file);
    return status;
}
