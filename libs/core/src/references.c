/* SPDX-License-Identifier: MIT */
/* The paths that a job refers to, and the document that names them. */
#include <stdio.h>

#include "document.h"
#include "fail.h"
#include "mem.h"
#include "tpl/profile.h"

struct tpl_asset_references {
    tpl__arena arena;
    tpl_references paths;
};

enum {
    REFERENCES_INPUTS,
    REFERENCES_OUTPUTS,
    REFERENCES_REFERENCED
};

enum {
    INPUTS_FILENAMES,
    INPUTS_DIRECTORIES
};

static const tpl__member TOP[] = {TPL__MEMBER("assetReferences")};
static const tpl__member REFERENCES[] = {TPL__MEMBER("inputs"), TPL__MEMBER("outputs"),
                                         TPL__MEMBER("referencedPaths")};
static const tpl__member INPUTS[] = {TPL__MEMBER("filenames"), TPL__MEMBER("directories")};
static const tpl__member OUTPUTS[] = {TPL__MEMBER("directories")};

void tpl_references_dispose(tpl_references *references) {
    tpl_strings_dispose(&references->inputs);
    tpl_strings_dispose(&references->directories);
    tpl_strings_dispose(&references->outputs);
    tpl_strings_dispose(&references->referenced);
}

static bool read_path(tpl__document *d, const char *what, void *into) {
    const char *path = NULL;
    char item[64];
    (void)snprintf(item, sizeof(item), "a path of %s", what);
    if (!tpl__document_path(d, item, &path)) {
        return false;
    }
    return tpl_strings_append(into, path) == TPL_OK || tpl__document_fail_nomem(d);
}

/* Of equal members the last counts. */
static bool read_paths(tpl__document *d, const char *what, tpl_strings *out) {
    out->count = 0;
    return tpl__document_array(d, what, read_path, out);
}

static bool read_inputs(tpl__document *d, size_t index, void *into) {
    tpl_references *paths = into;
    return index == INPUTS_FILENAMES ? read_paths(d, "inputs.filenames", &paths->inputs)
                                     : read_paths(d, "inputs.directories", &paths->directories);
}

static bool read_outputs(tpl__document *d, size_t index, void *into) {
    tpl_references *paths = into;
    (void)index;
    return read_paths(d, "outputs.directories", &paths->outputs);
}

static bool read_references(tpl__document *d, size_t index, void *into) {
    static const tpl__document_shape IN = {INPUTS, 2, read_inputs};
    static const tpl__document_shape OUT = {OUTPUTS, 1, read_outputs};
    tpl_references *paths = into;
    switch (index) {
    case REFERENCES_INPUTS:
        paths->inputs.count = 0;
        paths->directories.count = 0;
        return tpl__document_object(d, "inputs", IN, into);
    case REFERENCES_OUTPUTS:
        paths->outputs.count = 0;
        return tpl__document_object(d, "outputs", OUT, into);
    default:
        return read_paths(d, "referencedPaths", &paths->referenced);
    }
}

static bool read_top(tpl__document *d, size_t index, void *into) {
    static const tpl__document_shape SHAPE = {REFERENCES, 3, read_references};
    tpl_references *paths = into;
    (void)index;
    d->seen = true;
    paths->inputs.count = 0;
    paths->directories.count = 0;
    paths->outputs.count = 0;
    paths->referenced.count = 0;
    return tpl__document_object(d, "assetReferences", SHAPE, into);
}

tpl_status tpl_asset_references_decode(tpl_asset_references **out, const char *data, size_t len,
                                       tpl_error *err) {
    static const tpl__document_shape SHAPE = {TOP, 1, read_top};
    *out = NULL;
    tpl_asset_references *document = tpl__alloc_array(1, sizeof(*document));
    if (document == NULL) {
        return tpl__fail_nomem(err);
    }
    tpl__document d = {.arena = &document->arena, .err = err};
    tpl__json_init(&d.json, data, len);
    tpl_status status = tpl__document_read(&d, "the document", SHAPE, &document->paths);
    if (status == TPL_OK && !d.seen) {
        status = tpl__fail(err, TPL_E_DOCUMENT, "the document lacks assetReferences");
    }
    if (status == TPL_OK) {
        *out = document;
    } else {
        tpl_asset_references_free(document);
    }
    return status;
}

void tpl_asset_references_free(tpl_asset_references *document) {
    if (document != NULL) {
        tpl_references_dispose(&document->paths);
        tpl__arena_dispose(&document->arena);
        tpl__free(document);
    }
}

static tpl_status append_all(tpl_strings *out, const tpl_strings *paths) {
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < paths->count && status == TPL_OK; i++) {
        status = tpl_strings_append(out, paths->items[i]);
    }
    return status;
}

tpl_status tpl_references_append(tpl_references *out, const tpl_references *paths) {
    tpl_status status = append_all(&out->inputs, &paths->inputs);
    status = status == TPL_OK ? append_all(&out->directories, &paths->directories) : status;
    status = status == TPL_OK ? append_all(&out->outputs, &paths->outputs) : status;
    return status == TPL_OK ? append_all(&out->referenced, &paths->referenced) : status;
}

const tpl_references *tpl_asset_references_paths(const tpl_asset_references *document) {
    return &document->paths;
}
