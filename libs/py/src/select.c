/* SPDX-License-Identifier: MIT */
/* Patterns without a tree: matches(), and Manifest's filter(). */
#include "tpl/select.h"

#include "call.h"
#include "manifest.h"
#include "text.h"

static PyObject *matches(PyObject *module, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"", "include", "exclude", "dialect", NULL};
    native_tree_args given = NATIVE_TREE_ARGS_INIT;
    tpl_filter filter = TPL_FILTER_INIT;
    native_call call;
    PyObject *path = NULL;
    PyObject *keep = NULL;
    const char *text = NULL;
    size_t len = 0;
    bool found = false;
    PyObject *made = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$OOs:matches", NATIVE_UNCONST(char **, names),
                                     &path, &given.include, &given.exclude, &given.dialect)) {
        return native_raise_unparsed();
    }
    if (native_call_init(&call, native_state_of(module)) == 0 &&
        native_call_filter(&call, &filter, &given) == 0 &&
        native_path_get(&text, &len, &keep, path) == 0 &&
        native_call_check(&call, tpl_filter_matches(&found, &filter, text, len, &call.err)) == 0) {
        made = PyBool_FromLong(found);
    }
    Py_XDECREF(keep);
    tpl_filter_dispose(&filter);
    native_call_dispose(&call);
    return made;
}

PyObject *native_manifest_filter(PyObject *self, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"include", "exclude", "dialect", NULL};
    native_state *state = native_state_of_type(Py_TYPE(self));
    native_tree_args given = NATIVE_TREE_ARGS_INIT;
    tpl_filter filter = TPL_FILTER_INIT;
    native_call call;
    tpl_manifest *found = NULL;
    PyObject *made = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$OOs:filter", NATIVE_UNCONST(char **, names),
                                     &given.include, &given.exclude, &given.dialect)) {
        return native_raise_unparsed();
    }
    if (native_call_init(&call, state) == 0 && native_call_filter(&call, &filter, &given) == 0) {
        native_origin origin = NATIVE_ORIGIN_INIT;
        const tpl_manifest *manifest = native_manifest_get(state, self, &origin.trusted_ns);
        call.thread = PyEval_SaveThread();
        tpl_status status = tpl_select(&found, manifest, &filter, &call.run, &call.err);
        PyEval_RestoreThread(call.thread);
        if (native_call_check(&call, status) == 0) {
            made = native_manifest_new(state, found, origin);
            found = NULL;
        }
    }
    tpl_manifest_free(found);
    tpl_filter_dispose(&filter);
    native_call_dispose(&call);
    return made;
}

static const PyMethodDef functions[] = {
    {"matches", NATIVE_FUNCTION(matches), METH_VARARGS | METH_KEYWORDS,
     "matches($module, path, /, *, include=None, exclude=None, dialect='glob')\n--\n\n"
     "Whether snapshot() with these patterns would take a file at path, a str or os.PathLike\n"
     "relative to the root. Raises TypeError, ValidationError (no pattern of the dialect).\n\n"
     ">>> matches('sub/b.txt', include=['**/*.txt'], exclude=['tmp/**'])\n"
     "True"},
    {NULL, NULL, 0, NULL},
};

int native_select_exec(PyObject *module, native_state *state) {
    (void)state;
    return native_functions_add(module, functions);
}
