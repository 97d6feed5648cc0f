/* SPDX-License-Identifier: MIT */
/* snapshot(): a tree as a Manifest. */
#include "tpl/snapshot.h"

#include "call.h"
#include "manifest.h"
#include "records.h"

typedef struct snapshot_args {
    native_tree_args tree;
    PyObject *root;
    PyObject *base;
    PyObject *index;
    PyObject *format;
    PyObject *progress;
    int delta;
    int rehash;
    long jobs;
} snapshot_args;

static int parse(snapshot_args *out, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {
        "root",  "include", "exclude",         "symlinks", "compat",   "dialect", "base", "delta",
        "index", "rehash",  "skip_unreadable", "jobs",     "progress", "format",  NULL};
    *out = (snapshot_args){.tree = NATIVE_TREE_ARGS_INIT};
    if (!PyArg_ParseTupleAndKeywords(
            args, kwargs, "O|$OOszsOpOpplOO:snapshot", NATIVE_UNCONST(char **, names), &out->root,
            &out->tree.include, &out->tree.exclude, &out->tree.symlinks, &out->tree.compat,
            &out->tree.dialect, &out->base, &out->delta, &out->index, &out->rehash,
            &out->tree.skip_unreadable, &out->jobs, &out->progress, &out->format)) {
        return -1;
    }
    out->base = out->base == Py_None ? NULL : out->base;
    out->index = out->index == Py_None ? NULL : out->index;
    if (out->delta && out->base == NULL) {
        PyErr_SetString(PyExc_ValueError, "delta=True needs a base");
        return -1;
    }
    return 0;
}

static PyObject *result(native_call *call, tpl_manifest *manifest,
                        const tpl_snapshot_stats *stats) {
    native_origin origin = NATIVE_ORIGIN_INIT;
    PyObject *record = native_stats_new(call->state, stats);
    if (record == NULL) {
        tpl_manifest_free(manifest);
        return NULL;
    }
    origin.skipped = call->skipped;
    origin.stats = record;
    origin.trusted_ns = stats->begun_ns;
    PyObject *made = native_manifest_new(call->state, manifest, origin);
    Py_DECREF(record);
    return made;
}

static PyObject *snapshot(PyObject *module, PyObject *args, PyObject *kwargs) {
    snapshot_args given;
    native_call call;
    native_source base = NATIVE_SOURCE_INIT;
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_snapshot_stats stats = {0};
    tpl_manifest *manifest = NULL;
    const char *root = NULL;
    PyObject *made = NULL;
    if (parse(&given, args, kwargs) < 0) {
        return native_raise_unparsed();
    }
    if (native_call_init(&call, native_state_of(module)) < 0 ||
        native_call_run(&call, given.jobs, given.progress) < 0 ||
        native_call_path(&call, &root, given.root) < 0 ||
        (given.index != NULL && native_call_path(&call, &options.index, given.index) < 0) ||
        native_call_filter(&call, &options.filter, &given.tree) < 0 ||
        (given.format != NULL && native_format_get(&options.format, given.format) < 0) ||
        (given.base != NULL &&
         native_call_source(&call, &base, given.base, &options.filter.omit) < 0)) {
        goto done;
    }
    options.delta = given.delta != 0;
    options.rehash = given.rehash != 0;
    options.run = call.run;
    call.thread = PyEval_SaveThread();
    bool parent = options.delta && options.format == TPL_FORMAT_2025_12_04_BETA;
    tpl_status status = given.base == NULL
                            ? TPL_OK
                            : native_source_open(&base, parent ? &options.base_hash : NULL, &call);
    if (status == TPL_OK) {
        options.base = base.manifest;
        options.base_mtime_ns = base.trusted_ns;
        status = tpl_snapshot(&manifest, root, &options, &stats, &call.err);
    }
    PyEval_RestoreThread(call.thread);
    if (native_call_check(&call, status) == 0) {
        made = result(&call, manifest, &stats);
        manifest = NULL;
    }
done:
    tpl_manifest_free(manifest);
    native_source_dispose(&base);
    tpl_filter_dispose(&options.filter);
    native_call_dispose(&call);
    return made;
}

static const PyMethodDef functions[] = {
    {"snapshot", NATIVE_FUNCTION(snapshot), METH_VARARGS | METH_KEYWORDS,
     "snapshot($module, /, root, *, include=None, exclude=None, symlinks='follow',\n"
     "         compat=None, dialect='glob', base=None, delta=False, index=None,\n"
     "         rehash=False, skip_unreadable=False, jobs=0, progress=None,\n"
     "         format='2023-03-03')\n"
     "--\n\n"
     "The files below the directory root as a Manifest, sorted. Corresponds to `deadline\n"
     "manifest snapshot`; create_manifest() takes its options as one value.\n\n"
     "include, exclude: glob patterns over relative paths; `**` is any number of directories.\n"
     "  A file counts when an include pattern (all files, without one) and no exclude\n"
     "  pattern matches.\n"
     "symlinks: 'follow', 'skip', or 'keep': links are entries, which '2025-12-04-beta' can hold.\n"
     "compat: 'deadline' for a wildcard that does not match a leading dot.\n"
     "dialect: how patterns are read: 'glob' as Python's glob, segment by segment; 'globset' as\n"
     "  that Rust crate and 'fnmatch' as deadline's downloads, whose wildcards match slashes.\n"
     "base: a Manifest or the path of one; files with the same size and mtime are not read.\n"
     "delta: with base, only what is new or modified; the result may be empty. Of\n"
     "  '2025-12-04-beta' a diff, which tells what was deleted, too.\n"
     "index: path of a cache of hashes, made and kept up to date; a file that is as it was\n"
     "  when it was hashed (size, mtime, ctime, inode, device) is not read. What is wrong with\n"
     "  it is a UserWarning, and then it is not used.\n"
     "rehash: with base or index, read everything all the same.\n"
     "skip_unreadable: go on past what cannot be read; it is then in `.skipped`, where special\n"
     "  files, dangling links and links in a circle are in any case.\n"
     "jobs: number of worker threads; 0 chooses.\n"
     "progress: called with a Progress first, then at most every 100 ms, then last. False\n"
     "  cancels; an exception cancels and comes out unchanged.\n"
     "format: of the Manifest: '2023-03-03', or '2025-12-04-beta' with directories, run bits and\n"
     "  the hashes of large files' chunks.\n"
     "\n"
     "Raises OSError (a file or directory cannot be read), FileChangedError, ManifestError\n"
     "(no file counts, or base is no manifest), ValidationError (no pattern of the dialect),\n"
     "Cancelled.\n\n"
     ">>> manifest = snapshot('project', include=['**/*.txt'])\n"
     ">>> manifest.file_count, manifest.total_size\n"
     "(2, 8)"},
    {NULL, NULL, 0, NULL},
};

int native_snapshot_exec(PyObject *module, native_state *state) {
    (void)state;
    return native_functions_add(module, functions);
}
