/* SPDX-License-Identifier: MIT */
/* What Diff and Verification have in common: frozen values over one tuple of members. */
#ifndef NATIVE_RESULT_H
#define NATIVE_RESULT_H

#include "module.h"

typedef struct native_result {
    PyObject_HEAD PyObject *members; /* tuple */
} native_result;

/* A value of `cls`; takes over all `count` members, each of which may be NULL with an exception
 * set: then so is the result. */
PyObject *native_result_new(PyObject *cls, PyObject *const *members, Py_ssize_t count);

/* Borrowed; NULL with an exception when there is no such member. */
PyObject *native_result_member(PyObject *self, Py_ssize_t index);

/* Sum of the lengths of the members from `first` to before `last`; -1 with an exception. */
Py_ssize_t native_result_total(PyObject *self, Py_ssize_t first, Py_ssize_t last);

/* dict[name] = the member, a tuple as a list: 0, or -1 with an exception. */
int native_result_to(PyObject *dict, const char *name, PyObject *self, Py_ssize_t index);

/* A getter whose closure is the member's index. */
PyObject *native_result_get(PyObject *self, void *index);
#define NATIVE_MEMBER(name, index, doc)                                                            \
    {name, native_result_get, NULL, doc, (void *)(uintptr_t)(index)}

/* Slots and methods; `make`, the type's own, takes what `__reduce__` gives. */
int native_result_traverse(PyObject *self, visitproc visit, void *arg);
void native_result_dealloc(PyObject *self);
PyObject *native_result_compare(PyObject *self, PyObject *other, int op);
Py_hash_t native_result_hash(PyObject *self);
PyObject *native_result_reduce(PyObject *self, PyObject *unused);

/* `shape` has a letter for each member: t a tuple, o a tuple or None, n an int. */
PyObject *native_result_make(PyObject *cls, PyObject *members, const char *shape);

#define NATIVE_RESULT_SLOTS                                                                        \
    NATIVE_SLOT(Py_tp_new, native_no_new), NATIVE_SLOT(Py_tp_traverse, native_result_traverse),    \
        NATIVE_SLOT(Py_tp_dealloc, native_result_dealloc),                                         \
        NATIVE_SLOT(Py_tp_richcompare, native_result_compare),                                     \
        NATIVE_SLOT(Py_tp_hash, native_result_hash)
#define NATIVE_RESULT_METHODS(make)                                                                \
    {"_make", make, METH_O | METH_CLASS, "_make($type, members, /)\n--\n\nFor pickle."},           \
        {"__reduce__", native_result_reduce, METH_NOARGS,                                          \
         "__reduce__($self, /)\n--\n\nFor pickle."}

#endif
