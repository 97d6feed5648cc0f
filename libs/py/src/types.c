/* SPDX-License-Identifier: MIT */
/* Makes types and functions from tables that are const. */
#include "types.h"

int native_type_add(PyObject *module, PyObject **slot, const PyType_Spec *spec) {
    *slot = PyType_FromModuleAndSpec(module, NATIVE_UNCONST(PyType_Spec *, spec), NULL);
    return *slot == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)*slot);
}

int native_functions_add(PyObject *module, const PyMethodDef *functions) {
    return PyModule_AddFunctions(module, NATIVE_UNCONST(PyMethodDef *, functions));
}

PyObject *native_no_new(PyTypeObject *cls, PyObject *args, PyObject *kwargs) {
    (void)args;
    (void)kwargs;
    return PyErr_Format(PyExc_TypeError, "cannot create %R instances", cls);
}

PyObject *native_none(void) {
    Py_INCREF(Py_None);
    return Py_None;
}

void native_tuple_put(PyObject **tuple, size_t index, PyObject *item) {
    if (item == NULL || PyTuple_SetItem(*tuple, (Py_ssize_t)index, item) < 0) {
        Py_CLEAR(*tuple);
    }
}
