/* SPDX-License-Identifier: MIT */
/* The way to the package's own Python code. */
#include "view.h"

PyObject *native_view(PyObject *self, const char *name) {
    PyObject *module = PyImport_ImportModule("template_pkg._views");
    PyObject *made = module == NULL ? NULL : PyObject_CallMethod(module, name, "O", self);
    Py_XDECREF(module);
    return made;
}
