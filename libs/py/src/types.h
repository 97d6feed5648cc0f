/* SPDX-License-Identifier: MIT */
/* How types and functions of the module are made. */
#ifndef NATIVE_TYPES_H
#define NATIVE_TYPES_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>

/* Our tables are const, Python's fields that point to them are not, and never written through. */
#define NATIVE_UNCONST(type, value) ((type)(uintptr_t)(value))
#define NATIVE_SLOT(id, value) {id, NATIVE_UNCONST(void *, value)}
#define NATIVE_FUNCTION(function) NATIVE_UNCONST(PyCFunction, function)

#ifndef Py_TPFLAGS_IMMUTABLETYPE /* Python 3.9 */
#define Py_TPFLAGS_IMMUTABLETYPE 0
#endif
#define NATIVE_TYPE_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE)

/* Makes a heap type and adds it to the module; *slot owns it. 0, or -1 with an exception. */
int native_type_add(PyObject *module, PyObject **slot, const PyType_Spec *spec);
int native_functions_add(PyObject *module, const PyMethodDef *functions);

/* tp_new of types that only the module makes. */
PyObject *native_no_new(PyTypeObject *cls, PyObject *args, PyObject *kwargs);

PyObject *native_none(void); /* a new reference to None */

/* Fills a tuple that is being made: takes the item, which is NULL when there is an exception. From
 * then on *tuple is NULL. */
void native_tuple_put(PyObject **tuple, size_t index, PyObject *item);

#endif
