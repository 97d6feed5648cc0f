/* SPDX-License-Identifier: MIT */
/* The Manifest type, to the files that make or take one. */
#ifndef NATIVE_MANIFEST_H
#define NATIVE_MANIFEST_H

#include "module.h"
#include "shared.h"
#include "tpl/manifest.h"

/* How a manifest came to be, beside its entries. */
typedef struct native_origin {
    PyObject *skipped;  /* sequence of Skipped, or NULL for none; borrowed */
    PyObject *stats;    /* SnapshotStats, or NULL for None; borrowed */
    int64_t trusted_ns; /* as a base: entries not older than this are hashed again; of what is made
                           of manifests, that of the oldest */
} native_origin;

#define NATIVE_ORIGIN_INIT {NULL, NULL, INT64_MAX}

/* That of a Manifest, everything in it borrowed. */
native_origin native_manifest_origin(PyObject *manifest);

/* A Manifest that takes over `manifest` in any case; NULL with an exception. */
PyObject *native_manifest_new(native_state *state, tpl_manifest *manifest, native_origin origin);

/* The handle within a Manifest, borrowed from it; NULL, without an exception, for anything else.
 * `trusted_ns` may be NULL. */
const tpl_manifest *native_manifest_get(const native_state *state, PyObject *object,
                                        int64_t *trusted_ns);

/* The handle of a Manifest, with the caller as one more owner. */
native_shared *native_manifest_share(PyObject *manifest);

/* Manifest's methods that encode and decode, and what the module has beside them. */
PyObject *native_manifest_encode(PyObject *self, PyObject *unused);
PyObject *native_manifest_encode_bytes(PyObject *self, PyObject *unused);
PyObject *native_manifest_convert(PyObject *self, PyObject *version);
PyObject *native_manifest_changes_since(PyObject *self, PyObject *base);
PyObject *native_manifest_save(PyObject *self, PyObject *path);
PyObject *native_manifest_from_path(PyObject *cls, PyObject *path);
PyObject *native_manifest_make(PyObject *cls, PyObject *args);
PyObject *native_manifest_reduce(PyObject *self, PyObject *unused);

/* And those that select, and hand it over as Arrow, in files of their own. */
PyObject *native_manifest_filter(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *native_manifest_arrow_stream(PyObject *self, PyObject *args, PyObject *kwargs);

#endif
