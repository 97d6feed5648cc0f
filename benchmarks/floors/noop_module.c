/* SPDX-License-Identifier: MIT */
/* A Python module whose one function takes its arguments as cheaply as can be, and does nothing. */
#include <Python.h>

static PyObject *noop(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    (void)self;
    (void)args;
    (void)count;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"noop", (PyCFunction)(void (*)(void))noop, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "noop_module",
                                        .m_methods = functions};

PyMODINIT_FUNC PyInit_noop_module(void) {
    return PyModule_Create(&definition);
}
