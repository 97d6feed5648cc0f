/* SPDX-License-Identifier: MIT */
/* merge(): several manifests as one. */
#include "tpl/merge.h"

#include "call.h"
#include "manifest.h"

/* The sources and what the library takes of them, `count` each; NULL with an exception. */
typedef struct merge_input {
    native_source *sources;
    const tpl_manifest **manifests;
    size_t count;
    int64_t trusted_ns; /* once they are open: that of the oldest */
    int any_parent;
} merge_input;

static int options_init(merge_input *out, PyObject *kwargs) {
    static const char *const names[] = {"any_parent", NULL};
    PyObject *nothing = PyTuple_New(0);
    int parsed = nothing != NULL &&
                 PyArg_ParseTupleAndKeywords(nothing, kwargs, "|$p:merge",
                                             NATIVE_UNCONST(char **, names), &out->any_parent);
    Py_XDECREF(nothing);
    return parsed ? 0 : -1;
}

static int input_init(merge_input *out, native_call *call, PyObject *args) {
    size_t count = (size_t)PyTuple_Size(args);
    out->sources = PyMem_Calloc(count, sizeof(*out->sources));
    out->manifests = PyMem_Calloc(count, sizeof(*out->manifests));
    if (out->sources == NULL || out->manifests == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (; out->count < count; out->count++) {
        PyObject *arg = PyTuple_GetItem(args, (Py_ssize_t)out->count);
        if (native_call_source(call, &out->sources[out->count], arg, NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

static void input_dispose(merge_input *input) {
    for (size_t i = 0; i < input->count; i++) {
        native_source_dispose(&input->sources[i]);
    }
    PyMem_Free(input->sources);
    PyMem_Free(input->manifests);
}

static tpl_status open_and_merge(tpl_manifest **out, merge_input *input, native_call *call) {
    for (size_t i = 0; i < input->count; i++) {
        tpl_status status = native_source_open(&input->sources[i], NULL, call);
        if (status != TPL_OK) {
            return status;
        }
        input->manifests[i] = input->sources[i].manifest;
        if (input->sources[i].trusted_ns < input->trusted_ns) {
            input->trusted_ns = input->sources[i].trusted_ns;
        }
    }
    if (!input->any_parent) {
        size_t stray;
        tpl_status status =
            tpl_merge_check(&stray, input->manifests, input->count, &call->run, &call->err);
        if (status != TPL_OK) {
            call->place.path = stray > 0 ? input->sources[stray].path : NULL;
            return status;
        }
    }
    return tpl_merge(out, input->manifests, input->count, &call->run, &call->err);
}

static PyObject *merge(PyObject *module, PyObject *args, PyObject *kwargs) {
    native_call call;
    merge_input input = {NULL, NULL, 0, INT64_MAX, 0};
    tpl_manifest *merged = NULL;
    PyObject *made = NULL;
    if (PyTuple_Size(args) < 1) {
        PyErr_SetString(PyExc_TypeError, "merge() missing required argument 'base' (pos 1)");
        return NULL;
    }
    if (native_call_init(&call, native_state_of(module)) < 0 || options_init(&input, kwargs) < 0 ||
        input_init(&input, &call, args) < 0) {
        goto done;
    }
    call.thread = PyEval_SaveThread();
    tpl_status status = open_and_merge(&merged, &input, &call);
    PyEval_RestoreThread(call.thread);
    if (native_call_check(&call, status) == 0) {
        native_origin origin = NATIVE_ORIGIN_INIT;
        origin.trusted_ns = input.trusted_ns;
        made = native_manifest_new(call.state, merged, origin);
        merged = NULL;
    }
done:
    tpl_manifest_free(merged);
    input_dispose(&input);
    native_call_dispose(&call);
    return made;
}

static const PyMethodDef functions[] = {
    {"merge", NATIVE_FUNCTION(merge), METH_VARARGS | METH_KEYWORDS,
     "merge($module, base, /, *others, any_parent=False)\n"
     "--\n\n"
     "The union by path of manifests (each a Manifest or the path of one) as a Manifest;\n"
     "of entries with one path the last wins. Sorted; the total size is computed anew, but\n"
     "kept of one manifest alone. Corresponds to deadline's merge_asset_manifests().\n\n"
     "A diff is applied: what it deletes is left out. It must be of one of those before it, or\n"
     "of what they make together, unless any_parent is true.\n\n"
     "Raises OSError, ManifestError, Cancelled.\n\n"
     ">>> parts = [snapshot('project', include=[name]) for name in ('a.txt', 'sub/**')]\n"
     ">>> merge(*parts) == snapshot('project')\n"
     "True"},
    {NULL, NULL, 0, NULL},
};

int native_merge_exec(PyObject *module, native_state *state) {
    (void)state;
    return native_functions_add(module, functions);
}
