/* SPDX-License-Identifier: MIT */
/* Frozen values: equality, hash, pickling and member access over one tuple. */
#include "result.h"

#include <string.h>

static PyObject *members_of(PyObject *self) {
    return ((native_result *)self)->members;
}

/* Takes over `members`. */
static PyObject *wrap(PyTypeObject *cls, PyObject *members) {
    native_result *self = (native_result *)PyType_GenericAlloc(cls, 0);
    if (self == NULL) {
        Py_DECREF(members);
        return NULL;
    }
    self->members = members;
    return (PyObject *)self;
}

PyObject *native_result_new(PyObject *cls, PyObject *const *members, Py_ssize_t count) {
    bool complete = true;
    for (Py_ssize_t i = 0; i < count; i++) {
        complete = complete && members[i] != NULL;
    }
    PyObject *tuple = complete ? PyTuple_New(count) : NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (tuple == NULL) {
            Py_XDECREF(members[i]);
        } else {
            PyTuple_SetItem(tuple, i, members[i]);
        }
    }
    return tuple == NULL ? NULL : wrap((PyTypeObject *)cls, tuple);
}

PyObject *native_result_member(PyObject *self, Py_ssize_t index) {
    return PyTuple_GetItem(members_of(self), index);
}

Py_ssize_t native_result_total(PyObject *self, Py_ssize_t first, Py_ssize_t last) {
    Py_ssize_t total = 0;
    for (Py_ssize_t i = first; i < last; i++) {
        PyObject *member = native_result_member(self, i);
        Py_ssize_t size = member == NULL ? -1 : PySequence_Size(member);
        if (size < 0) {
            return -1;
        }
        total += size;
    }
    return total;
}

int native_result_to(PyObject *dict, const char *name, PyObject *self, Py_ssize_t index) {
    PyObject *member = native_result_member(self, index);
    if (member == NULL || !PyTuple_Check(member)) {
        return member == NULL ? -1 : PyDict_SetItemString(dict, name, member);
    }
    PyObject *list = PySequence_List(member);
    int failed = list == NULL ? -1 : PyDict_SetItemString(dict, name, list);
    Py_XDECREF(list);
    return failed;
}

PyObject *native_result_get(PyObject *self, void *index) {
    PyObject *member = native_result_member(self, (Py_ssize_t)(uintptr_t)index);
    Py_XINCREF(member);
    return member;
}

int native_result_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(members_of(self));
    return 0;
}

/* No tp_clear beside it: like a tuple, an immutable value is never the one that closes a cycle. */
void native_result_dealloc(PyObject *self) {
    PyTypeObject *cls = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(members_of(self));
    PyObject_GC_Del(self);
    Py_DECREF(cls);
}

PyObject *native_result_compare(PyObject *self, PyObject *other, int op) {
    if (Py_TYPE(self) != Py_TYPE(other) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return PyObject_RichCompare(members_of(self), members_of(other), op);
}

Py_hash_t native_result_hash(PyObject *self) {
    return PyObject_Hash(members_of(self));
}

PyObject *native_result_reduce(PyObject *self, PyObject *unused) {
    (void)unused;
    PyObject *make = PyObject_GetAttrString((PyObject *)Py_TYPE(self), "_make");
    return make == NULL ? NULL : Py_BuildValue("N(O)", make, members_of(self));
}

static bool fits(PyObject *member, char letter) {
    return letter == 'n' ? PyLong_Check(member)
                         : PyTuple_Check(member) || (letter == 'o' && member == Py_None);
}

PyObject *native_result_make(PyObject *cls, PyObject *members, const char *shape) {
    Py_ssize_t count = (Py_ssize_t)strlen(shape);
    bool good = PyTuple_Check(members) && PyTuple_Size(members) == count;
    for (Py_ssize_t i = 0; good && i < count; i++) {
        good = fits(PyTuple_GetItem(members, i), shape[i]);
    }
    if (!good) {
        return PyErr_Format(PyExc_TypeError, "%R is not what __reduce__() gives", members);
    }
    Py_INCREF(members);
    return wrap((PyTypeObject *)cls, members);
}
