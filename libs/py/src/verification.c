/* SPDX-License-Identifier: MIT */
/* verify(), and the Verification that it returns. */
#include "tpl/verify.h"

#include "call.h"
#include "records.h"
#include "result.h"
#include "text.h"
#include "view.h"

/* The first five in the order of tpl_finding. */
typedef enum member {
    MISSING,
    MODIFIED,
    UNEXPECTED,
    TYPE_CHANGED,
    UNREADABLE,
    CHECKED,
    MEMBERS
} member;

typedef struct verify_args {
    PyObject *manifest;
    PyObject *root;
    PyObject *progress;
    const char *symlinks;
    int strict;
    long jobs;
} verify_args;

static int parse(verify_args *out, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"manifest", "root",     "strict", "symlinks",
                                        "jobs",     "progress", NULL};
    *out = (verify_args){.symlinks = "beneath"};
    return PyArg_ParseTupleAndKeywords(args, kwargs, "O|O$pslO:verify",
                                       NATIVE_UNCONST(char **, names), &out->manifest, &out->root,
                                       &out->strict, &out->symlinks, &out->jobs, &out->progress)
               ? 0
               : -1;
}

static PyObject *finding_at(const native_call *call, const tpl_verification *verification,
                            tpl_finding finding, size_t index) {
    size_t len = 0;
    const char *error = NULL;
    const char *text = tpl_verification_path(verification, finding, index, &len, &error);
    PyObject *path = native_text_new(text, len);
    return finding == TPL_FINDING_UNREADABLE
               ? native_unreadable_new(call->state, path, error == NULL ? "" : error)
               : path;
}

static PyObject *findings(const native_call *call, const tpl_verification *verification,
                          tpl_finding finding) {
    size_t count = tpl_verification_count(verification, finding);
    PyObject *tuple = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple != NULL && i < count; i++) {
        native_tuple_put(&tuple, i, finding_at(call, verification, finding, i));
    }
    return tuple;
}

static PyObject *result(const native_call *call, const tpl_verification *verification) {
    PyObject *members[MEMBERS] = {
        [MISSING] = findings(call, verification, TPL_FINDING_MISSING),
        [MODIFIED] = findings(call, verification, TPL_FINDING_MODIFIED),
        [UNEXPECTED] = findings(call, verification, TPL_FINDING_UNEXPECTED),
        [TYPE_CHANGED] = findings(call, verification, TPL_FINDING_TYPE_CHANGED),
        [UNREADABLE] = findings(call, verification, TPL_FINDING_UNREADABLE),
        [CHECKED] = PyLong_FromUnsignedLongLong(tpl_verification_checked(verification)),
    };
    return native_result_new(call->state->verification, members, MEMBERS);
}

static PyObject *verify(PyObject *module, PyObject *args, PyObject *kwargs) {
    verify_args given;
    native_call call;
    native_source source = NATIVE_SOURCE_INIT;
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_verification *found = NULL;
    const char *root = ".";
    PyObject *made = NULL;
    if (parse(&given, args, kwargs) < 0) {
        return native_raise_unparsed();
    }
    if (native_call_init(&call, native_state_of(module)) < 0 ||
        native_call_run(&call, given.jobs, given.progress) < 0 ||
        native_symlinks_get(&options.symlinks, given.symlinks, true) < 0 ||
        native_call_source(&call, &source, given.manifest, &options.omit) < 0 ||
        (given.root != NULL && native_call_path(&call, &root, given.root) < 0)) {
        goto done;
    }
    options.strict = given.strict != 0;
    options.run = call.run;
    call.thread = PyEval_SaveThread();
    tpl_status status = native_source_open(&source, NULL, &call);
    if (status == TPL_OK) {
        status = tpl_verify(&found, source.manifest, root, &options, &call.err);
    }
    PyEval_RestoreThread(call.thread);
    if (native_call_check(&call, status) == 0) {
        made = result(&call, found);
    }
done:
    tpl_verification_free(found);
    native_source_dispose(&source);
    tpl_strings_dispose(&options.omit);
    native_call_dispose(&call);
    return made;
}

static int verification_bool(PyObject *self) {
    Py_ssize_t findings_count = native_result_total(self, MISSING, CHECKED);
    return findings_count < 0 ? -1 : findings_count == 0;
}

static PyObject *get_ok(PyObject *self, void *unused) {
    (void)unused;
    int ok = verification_bool(self);
    return ok < 0 ? NULL : PyBool_FromLong(ok);
}

static PyObject *verification_repr(PyObject *self) {
    Py_ssize_t count = native_result_total(self, MISSING, CHECKED);
    PyObject *checked = native_result_member(self, CHECKED);
    if (count < 0 || checked == NULL) {
        return NULL;
    }
    return PyUnicode_FromFormat("<template_pkg.Verification: %S checked, %zd findings>", checked,
                                count);
}

/* [{"path": ..., "error": ...}] */
static PyObject *unreadable_dicts(PyObject *self) {
    PyObject *records = native_result_member(self, UNREADABLE);
    Py_ssize_t count = native_result_total(self, UNREADABLE, CHECKED);
    PyObject *list = count < 0 ? NULL : PyList_New(count);
    for (Py_ssize_t i = 0; list != NULL && i < count; i++) {
        PyObject *record = PyTuple_GetItem(records, i);
        PyObject *pair = record == NULL ? NULL : PySequence_Tuple(record);
        PyObject *path = pair == NULL ? NULL : PyTuple_GetItem(pair, 0);
        PyObject *error = path == NULL ? NULL : PyTuple_GetItem(pair, 1);
        PyObject *item =
            error == NULL ? NULL : Py_BuildValue("{sOsO}", "path", path, "error", error);
        Py_XDECREF(pair);
        if (item == NULL || PyList_SetItem(list, i, item) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static int add_new(PyObject *dict, const char *name, PyObject *value) {
    int failed = value == NULL ? -1 : PyDict_SetItemString(dict, name, value);
    Py_XDECREF(value);
    return failed;
}

static PyObject *to_dict(PyObject *self, PyObject *unused) {
    (void)unused;
    PyObject *dict = PyDict_New();
    if (dict == NULL || add_new(dict, "ok", get_ok(self, NULL)) < 0 ||
        native_result_to(dict, "checked", self, CHECKED) < 0 ||
        native_result_to(dict, "missing", self, MISSING) < 0 ||
        native_result_to(dict, "modified", self, MODIFIED) < 0 ||
        native_result_to(dict, "unexpected", self, UNEXPECTED) < 0 ||
        native_result_to(dict, "typeChanged", self, TYPE_CHANGED) < 0 ||
        add_new(dict, "unreadable", unreadable_dicts(self)) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

static PyObject *repr_html(PyObject *self, PyObject *unused) {
    (void)unused;
    return native_view(self, "verification_html");
}

static PyObject *make(PyObject *cls, PyObject *members) {
    return native_result_make(cls, members, "tttttn");
}

static const PyGetSetDef properties[] = {
    {"ok", get_ok, NULL, "Whether there is no finding; also what bool() gives.", NULL},
    NATIVE_MEMBER("checked", CHECKED, "Number of entries that were looked at."),
    NATIVE_MEMBER("missing", MISSING, "Paths that nothing has: a tuple of str."),
    NATIVE_MEMBER("modified", MODIFIED, "Paths with another size or hash."),
    NATIVE_MEMBER("unexpected", UNEXPECTED, "Paths in the tree only; looked for with strict=True."),
    NATIVE_MEMBER("type_changed", TYPE_CHANGED, "Paths that are not regular files any more."),
    NATIVE_MEMBER("unreadable", UNREADABLE, "What could not be read: a tuple of Unreadable."),
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
    "Whether a tree is what a manifest says: true when it is. Paths are in canonical\n"
    "order. Made by verify().";

static const PyType_Slot slots[] = {
    NATIVE_RESULT_SLOTS,
    NATIVE_SLOT(Py_tp_doc, doc),
    NATIVE_SLOT(Py_tp_repr, verification_repr),
    NATIVE_SLOT(Py_nb_bool, verification_bool),
    NATIVE_SLOT(Py_tp_getset, properties),
    NATIVE_SLOT(Py_tp_methods, methods),
    {0, NULL},
};

static const PyType_Spec spec = {
    .name = "template_pkg.Verification",
    .basicsize = sizeof(native_result),
    .flags = NATIVE_TYPE_FLAGS,
    .slots = NATIVE_UNCONST(PyType_Slot *, slots),
};

static const PyMethodDef functions[] = {
    {"verify", NATIVE_FUNCTION(verify), METH_VARARGS | METH_KEYWORDS,
     "verify($module, /, manifest, root='.', *, strict=False, symlinks='beneath', jobs=0,\n"
     "       progress=None)\n"
     "--\n\n"
     "Hashes every file of manifest, a Manifest or the path of one, below the directory root and\n"
     "returns a Verification, true when all is as it says.\n\n"
     "strict: files that the manifest does not have are findings too. symlinks: 'beneath' follows\n"
     "links within the tree, 'follow' all, 'skip' none. jobs, progress: as in snapshot().\n\n"
     "Raises OSError (the root or the manifest cannot be read), ManifestError, ValidationError (a\n"
     "path could leave the tree; nothing was opened), Cancelled.\n\n"
     ">>> bool(verify(snapshot('project'), 'project'))\n"
     "True"},
    {NULL, NULL, 0, NULL},
};

int native_verification_exec(PyObject *module, native_state *state) {
    return native_type_add(module, &state->verification, &spec) < 0
               ? -1
               : native_functions_add(module, functions);
}
