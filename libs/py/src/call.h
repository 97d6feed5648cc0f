/* SPDX-License-Identifier: MIT */
/* A long call: its arguments as plain C, callbacks that take the GIL back, and its outcome. */
#ifndef NATIVE_CALL_H
#define NATIVE_CALL_H

#include "errors.h"
#include "module.h"
#include "tpl/manifest.h"
#include "tpl/run.h"
#include "tpl/snapshot.h"

/* Lives on the stack of an entry point, between init and dispose. The GIL is released around the
 * call into the library only:
 *
 *     call.thread = PyEval_SaveThread();
 *     status = tpl_...(..., &call.run, &call.err);
 *     PyEval_RestoreThread(call.thread);
 */
typedef struct native_call {
    native_state *state;
    PyThreadState *thread; /* saved while the GIL is released */
    PyObject *progress;    /* borrowed, or NULL */
    PyObject *keep;        /* list: owns what the C arguments point into */
    PyObject *skipped;     /* list of Skipped, filled by warnings; of causes, when inputs are bad */
    PyObject *scope;       /* the innermost that the call is in, or NULL */
    native_place place;
    tpl_run run; /* for the options of the call */
    tpl_error err;
} native_call;

/* What snapshot() and diff() take alike, as parsed: borrowed, NULL when not given. */
typedef struct native_tree_args {
    PyObject *include;
    PyObject *exclude;
    const char *symlinks;
    const char *compat;
    const char *dialect;
    int skip_unreadable;
} native_tree_args;

#define NATIVE_TREE_ARGS_INIT {NULL, NULL, "follow", NULL, "glob", 0}

/* A manifest argument: a Manifest, or the path of a file (or, where a tree is allowed, of a
 * directory). */
typedef struct native_source {
    const tpl_manifest *manifest; /* borrowed; NULL until opened when there is a path */
    const char *path;             /* NULL for a Manifest */
    tpl_manifest *loaded;         /* owned */
    int64_t trusted_ns;           /* what is not older is hashed again, when this is a base */
} native_source;

#define NATIVE_SOURCE_INIT {NULL, NULL, NULL, INT64_MAX}

/* These return 0, or -1 with an exception. After init, whatever it returned, comes dispose. */
int native_call_init(native_call *call, native_state *state);
int native_call_run(native_call *call, long jobs, PyObject *progress);
int native_call_path(native_call *call, const char **out, PyObject *path);
int native_call_paths(native_call *call, tpl_strings *out, PyObject *items, const char *name);
int native_call_patterns(native_call *call, tpl_strings *out, PyObject *items,
                         const char *name);                               /* may be NULL or None */
int native_call_word(native_call *call, const char **out, PyObject *str); /* WTF-8 without NUL */
int native_call_filter(native_call *call, tpl_filter *out, const native_tree_args *args);
int native_call_source(native_call *call, native_source *out, PyObject *manifest,
                       tpl_strings *omit); /* gets a file's path; may be NULL */
void native_call_dispose(native_call *call);

/* "glob", "globset" or "fnmatch". */
int native_dialect_get(tpl_dialect *out, const char *word);

/* A version's text. */
int native_format_get(tpl_format *out, PyObject *version);

/* "follow", "skip", and "beneath" for verify() or "keep" for the others. */
int native_symlinks_get(tpl_symlinks *out, const char *word, bool verify);

/* Reads and decodes what is still a path; to be called without the GIL. `hash` (may be NULL) is
 * that of its bytes: the file's, or the canonical ones of a Manifest. */
tpl_status native_source_open(native_source *source, tpl_hash128 *hash, native_call *call);
void native_source_dispose(native_source *source);

/* 0 when the call did what it should; else -1 with an exception: that of a callback or signal, or
 * what `status` becomes. */
int native_call_check(native_call *call, tpl_status status);

#endif
