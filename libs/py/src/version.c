/* SPDX-License-Identifier: MIT */
/* What this build is. */
#include "tpl/version.h"

#include <string.h>

#include "records.h"

/* The words of a space-separated list, as a tuple. */
static PyObject *words(const char *text) {
    PyObject *str = PyUnicode_FromString(text);
    PyObject *list = str == NULL ? NULL : PyUnicode_Split(str, NULL, -1);
    PyObject *tuple = list == NULL ? NULL : PySequence_Tuple(list);
    Py_XDECREF(str);
    Py_XDECREF(list);
    return tuple;
}

static PyObject *build_info(PyObject *module, PyObject *unused) {
    (void)unused;
    PyObject *values[] = {PyUnicode_FromString(tpl_version()), PyUnicode_FromString(tpl_build_id()),
                          words(tpl_features()), PyModule_GetFilenameObject(module)};
    return native_record_new(native_state_of(module)->build_info, values, 4);
}

static const PyMethodDef functions[] = {
    {"build_info", build_info, METH_NOARGS,
     "build_info($module, /)\n--\n\n"
     "What this build is: version, build id, features, and the file of the native module.\n\n"
     "The build id equals that of `template-cli version` exactly when both hold the same core."},
    {NULL, NULL, 0, NULL},
};

int native_version_exec(PyObject *module, native_state *state) {
    (void)state;
    return PyModule_AddStringConstant(module, "__version__", tpl_version()) < 0
               ? -1
               : native_functions_add(module, functions);
}
