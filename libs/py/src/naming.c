/* SPDX-License-Identifier: MIT */
/* manifest_name(): the file name that deadline gives. */
#include <time.h>

#include "call.h"

enum {
    STAMP_SIZE = 32,
    LAST_YEAR = 9999
};

/* Seconds since the epoch (None: now) as local time. */
static int set_stamp(char out[STAMP_SIZE], PyObject *when) {
    time_t seconds = time(NULL);
    struct tm local;
    if (when != NULL && when != Py_None) {
        double number = PyFloat_AsDouble(when);
        if (number == -1.0 && PyErr_Occurred() != NULL) {
            return -1;
        }
        bool fits = number > -1e11 && number < 1e12;
        seconds = fits ? (time_t)number - ((double)(time_t)number > number) : (time_t)-1;
        if (!fits) {
            PyErr_SetString(PyExc_ValueError, "when is no time of this age");
            return -1;
        }
    }
    if (localtime_r(&seconds, &local) == NULL || local.tm_year + 1900 > LAST_YEAR ||
        strftime(out, STAMP_SIZE, "%Y-%m-%dT%H-%M-%S", &local) == 0) {
        PyErr_SetString(PyExc_ValueError, "when is no time of this age");
        return -1;
    }
    return 0;
}

static PyObject *manifest_name(PyObject *module, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"root", "name", "when", NULL};
    native_call call;
    PyObject *root = NULL;
    PyObject *name = NULL;
    PyObject *when = NULL;
    PyObject *made = NULL;
    const char *root_text = NULL;
    const char *name_text = NULL;
    char stamp[STAMP_SIZE];
    tpl_buffer out = TPL_BUFFER_INIT;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$OO:manifest_name",
                                     NATIVE_UNCONST(char **, names), &root, &name, &when)) {
        return NULL;
    }
    bool named = name != NULL && name != Py_None;
    if (native_call_init(&call, native_state_of(module)) == 0 && set_stamp(stamp, when) == 0 &&
        native_call_path(&call, &root_text, root) == 0 &&
        (!named || native_call_path(&call, &name_text, name) == 0) &&
        native_call_check(&call, tpl_snapshot_name(&out, root_text, name_text, stamp, &call.err)) ==
            0) {
        made = PyUnicode_DecodeFSDefaultAndSize(out.data, (Py_ssize_t)out.len);
    }
    tpl_buffer_dispose(&out);
    native_call_dispose(&call);
    return made;
}

static const PyMethodDef functions[] = {
    {"manifest_name", NATIVE_FUNCTION(manifest_name), METH_VARARGS | METH_KEYWORDS,
     "manifest_name($module, /, root, *, name=None, when=None)\n"
     "--\n\n"
     "The file name that `deadline manifest snapshot` gives the manifest of the tree `root`:\n"
     "STEM-HASH-TIME.manifest.\n\n"
     "name: the stem; otherwise the root with `_` for slashes. HASH is of the root as given.\n"
     "when: seconds since the epoch, now when not given; TIME is the local time of it.\n\n"
     "Raises ValueError (a slash in the name)."},
    {NULL, NULL, 0, NULL},
};

int native_naming_exec(PyObject *module, native_state *state) {
    (void)state;
    return native_functions_add(module, functions);
}
