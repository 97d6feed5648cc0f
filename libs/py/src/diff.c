/* SPDX-License-Identifier: MIT */
/* diff(), and the Diff that it returns. */
#include "tpl/diff.h"

#include "call.h"
#include "result.h"
#include "text.h"
#include "tpl/file.h"
#include "view.h"

typedef enum member {
    NEW,
    MODIFIED,
    DELETED,
    UNCHANGED,
    UNCHANGED_COUNT,
    SKIPPED,
    MEMBERS
} member;

typedef struct diff_args {
    native_tree_args tree;
    PyObject *before;
    PyObject *after;
    PyObject *progress;
    int rehash;
    int all;
    long jobs;
} diff_args;

static int parse(diff_args *out, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {
        "old", "new",    "include",         "exclude", "symlinks", "compat", "dialect",
        "all", "rehash", "skip_unreadable", "jobs",    "progress", NULL};
    *out = (diff_args){.tree = NATIVE_TREE_ARGS_INIT};
    return PyArg_ParseTupleAndKeywords(
               args, kwargs, "OO|$OOszsppplO:diff", NATIVE_UNCONST(char **, names), &out->before,
               &out->after, &out->tree.include, &out->tree.exclude, &out->tree.symlinks,
               &out->tree.compat, &out->tree.dialect, &out->all, &out->rehash,
               &out->tree.skip_unreadable, &out->jobs, &out->progress)
               ? 0
               : -1;
}

/* A directory is a tree, anything else a manifest. */
static tpl_status open_side(tpl_side *out, native_source *source, native_call *call) {
    if (source->path != NULL && tpl_file_is_directory(source->path)) {
        out->root = source->path;
        return TPL_OK;
    }
    tpl_status status = native_source_open(source, NULL, call);
    out->manifest = source->manifest;
    return status;
}

/* To be called without the GIL, like all of these. */
static tpl_status compare(tpl_diff **out, native_source sources[2], native_call *call,
                          const tpl_diff_options *options) {
    tpl_side sides[2] = {{NULL, NULL}, {NULL, NULL}};
    tpl_status status = TPL_OK;
    if (sources[0].path != NULL && sources[1].path != NULL) {
        status = tpl_diff_files(out, sources[0].path, sources[1].path, options, &call->err);
    }
    if (status != TPL_OK || *out != NULL) {
        return status;
    }
    for (int i = 0; i < 2 && status == TPL_OK; i++) {
        status = open_side(&sides[i], &sources[i], call);
    }
    return status == TPL_OK ? tpl_diff_sides(out, sides[0], sides[1], options, &call->err) : status;
}

static PyObject *paths(const tpl_diff *diff, tpl_change change) {
    size_t count = tpl_diff_count(diff, change);
    PyObject *tuple = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple != NULL && i < count; i++) {
        size_t len = 0;
        const char *text = tpl_diff_path(diff, change, i, &len);
        native_tuple_put(&tuple, i, native_text_new(text, len));
    }
    return tuple;
}

static PyObject *result(const native_call *call, const tpl_diff *diff, bool all) {
    PyObject *members[MEMBERS] = {
        [NEW] = paths(diff, TPL_CHANGE_NEW),
        [MODIFIED] = paths(diff, TPL_CHANGE_MODIFIED),
        [DELETED] = paths(diff, TPL_CHANGE_DELETED),
        [UNCHANGED] = all ? paths(diff, TPL_CHANGE_UNCHANGED) : native_none(),
        [UNCHANGED_COUNT] = PyLong_FromSize_t(tpl_diff_count(diff, TPL_CHANGE_UNCHANGED)),
        [SKIPPED] = PySequence_Tuple(call->skipped),
    };
    return native_result_new(call->state->diff, members, MEMBERS);
}

static PyObject *diff(PyObject *module, PyObject *args, PyObject *kwargs) {
    diff_args given;
    native_call call;
    native_source sources[2] = {NATIVE_SOURCE_INIT, NATIVE_SOURCE_INIT};
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    tpl_diff *found = NULL;
    PyObject *made = NULL;
    if (parse(&given, args, kwargs) < 0) {
        return native_raise_unparsed();
    }
    if (native_call_init(&call, native_state_of(module)) < 0 ||
        native_call_run(&call, given.jobs, given.progress) < 0 ||
        native_call_filter(&call, &options.filter, &given.tree) < 0 ||
        native_call_source(&call, &sources[0], given.before, &options.filter.omit) < 0 ||
        native_call_source(&call, &sources[1], given.after, &options.filter.omit) < 0) {
        goto done;
    }
    options.filter_trees_only = options.filter.hide_dotfiles;
    options.rehash = given.rehash != 0;
    options.keep_unchanged = given.all != 0;
    options.run = call.run;
    call.thread = PyEval_SaveThread();
    tpl_status status = compare(&found, sources, &call, &options);
    PyEval_RestoreThread(call.thread);
    if (native_call_check(&call, status) == 0) {
        made = result(&call, found, options.keep_unchanged);
    }
done:
    tpl_diff_free(found);
    native_source_dispose(&sources[0]);
    native_source_dispose(&sources[1]);
    tpl_filter_dispose(&options.filter);
    native_call_dispose(&call);
    return made;
}

static int diff_bool(PyObject *self) {
    Py_ssize_t changes = native_result_total(self, NEW, UNCHANGED);
    return changes < 0 ? -1 : changes > 0;
}

static PyObject *diff_repr(PyObject *self) {
    Py_ssize_t counts[3] = {native_result_total(self, NEW, MODIFIED),
                            native_result_total(self, MODIFIED, DELETED),
                            native_result_total(self, DELETED, UNCHANGED)};
    PyObject *unchanged = native_result_member(self, UNCHANGED_COUNT);
    if (counts[0] < 0 || counts[1] < 0 || counts[2] < 0 || unchanged == NULL) {
        return NULL;
    }
    return PyUnicode_FromFormat(
        "<template_pkg.Diff: %zd new, %zd modified, %zd deleted, %S unchanged>", counts[0],
        counts[1], counts[2], unchanged);
}

static PyObject *to_dict(PyObject *self, PyObject *unused) {
    (void)unused;
    PyObject *dict = PyDict_New();
    PyObject *unchanged = native_result_member(self, UNCHANGED);
    if (dict == NULL || unchanged == NULL || native_result_to(dict, "new", self, NEW) < 0 ||
        native_result_to(dict, "modified", self, MODIFIED) < 0 ||
        native_result_to(dict, "deleted", self, DELETED) < 0 ||
        native_result_to(dict, "unchangedCount", self, UNCHANGED_COUNT) < 0 ||
        (unchanged != Py_None && native_result_to(dict, "unchanged", self, UNCHANGED) < 0)) {
        Py_CLEAR(dict);
    }
    return dict;
}

static PyObject *repr_html(PyObject *self, PyObject *unused) {
    (void)unused;
    return native_view(self, "diff_html");
}

static PyObject *make(PyObject *cls, PyObject *members) {
    return native_result_make(cls, members, "tttont");
}

static const PyGetSetDef properties[] = {
    NATIVE_MEMBER("new", NEW, "Paths that only the new side has: a tuple of str."),
    NATIVE_MEMBER("added", NEW, "The same as `new`."),
    NATIVE_MEMBER("modified", MODIFIED, "Paths that both sides have, with another content."),
    NATIVE_MEMBER("deleted", DELETED, "Paths that only the old side has."),
    NATIVE_MEMBER("unchanged", UNCHANGED,
                  "Paths that are the same: a tuple with all=True, else None."),
    NATIVE_MEMBER("unchanged_count", UNCHANGED_COUNT, "Number of paths that are the same."),
    NATIVE_MEMBER("skipped", SKIPPED, "What was met in a tree and left out: a tuple of Skipped."),
    {NULL, NULL, NULL, NULL, NULL},
};

static const PyMethodDef methods[] = {
    {"to_dict", to_dict, METH_NOARGS,
     "to_dict($self, /)\n--\n\n"
     "The members of the command's JSON document, but for `schema`, as a new dict."},
    {"_repr_html_", repr_html, METH_NOARGS, "_repr_html_($self, /)\n--\n\nFor notebooks."},
    NATIVE_RESULT_METHODS(make),
    {NULL, NULL, 0, NULL},
};

static const char doc[] =
    "What changed: true when anything did. Paths are in canonical order. Made by diff().";

static const PyType_Slot slots[] = {
    NATIVE_RESULT_SLOTS,
    NATIVE_SLOT(Py_tp_doc, doc),
    NATIVE_SLOT(Py_tp_repr, diff_repr),
    NATIVE_SLOT(Py_nb_bool, diff_bool),
    NATIVE_SLOT(Py_tp_getset, properties),
    NATIVE_SLOT(Py_tp_methods, methods),
    {0, NULL},
};

static const PyType_Spec spec = {
    .name = "template_pkg.Diff",
    .basicsize = sizeof(native_result),
    .flags = NATIVE_TYPE_FLAGS,
    .slots = NATIVE_UNCONST(PyType_Slot *, slots),
};

static const PyMethodDef functions[] = {
    {"diff", NATIVE_FUNCTION(diff), METH_VARARGS | METH_KEYWORDS,
     "diff($module, /, old, new, *, include=None, exclude=None, symlinks='follow',\n"
     "     compat=None, dialect='glob', all=False, rehash=False, skip_unreadable=False,\n"
     "     jobs=0, progress=None)\n"
     "--\n\n"
     "What changed from old to new as a Diff. Each is a Manifest or a path: that of a\n"
     "directory is a tree, that of a file is loaded as a manifest. Corresponds to\n"
     "`deadline manifest diff`; also named diff_manifests.\n\n"
     "Two manifests, or two trees, are compared by hash; a manifest and a tree by size and\n"
     "by mtime with a tolerance of one microsecond, or by hash with rehash=True. all: keep\n"
     "the unchanged paths too. compat='deadline': as in snapshot(), and what a filter\n"
     "hides on disk counts as deleted. The others are those of snapshot(), and hold for\n"
     "both sides.\n\n"
     "Raises OSError, FileChangedError, ManifestError, ValidationError (no pattern of the\n"
     "dialect), Cancelled.\n\n"
     ">>> changes = diff(snapshot('project', exclude=['sub/**']), 'project')\n"
     ">>> changes.new, changes.modified, changes.deleted, changes.unchanged_count\n"
     "(('sub/b.txt',), (), (), 1)"},
    {NULL, NULL, 0, NULL},
};

int native_diff_exec(PyObject *module, native_state *state) {
    return native_type_add(module, &state->diff, &spec) < 0
               ? -1
               : native_functions_add(module, functions);
}
