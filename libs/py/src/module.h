/* SPDX-License-Identifier: MIT */
/* What the files of the extension share: the module's state, its parts, and how types are made. */
#ifndef NATIVE_MODULE_H
#define NATIVE_MODULE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdint.h>

/* Exceptions, types and the threads' scopes, by the name under which the state holds them. */
#define NATIVE_STATE_MAP(X)                                                                        \
    X(attachment_error)                                                                            \
    X(manifest_error)                                                                              \
    X(validation_error)                                                                            \
    X(misconfigured_inputs_error)                                                                  \
    X(storage_error)                                                                               \
    X(file_changed_error)                                                                          \
    X(cancelled)                                                                                   \
    X(manifest)                                                                                    \
    X(diff)                                                                                        \
    X(verification)                                                                                \
    X(manifest_entry)                                                                              \
    X(progress)                                                                                    \
    X(skipped)                                                                                     \
    X(unreadable)                                                                                  \
    X(snapshot_stats)                                                                              \
    X(build_info)                                                                                  \
    X(asset_root_group)                                                                            \
    X(prepared_attachments)                                                                        \
    X(cancel_scope)                                                                                \
    X(scopes)

typedef struct native_state {
#define NATIVE_STATE_FIELD(name) PyObject *name;
    NATIVE_STATE_MAP(NATIVE_STATE_FIELD)
#undef NATIVE_STATE_FIELD
} native_state;

native_state *native_state_of(PyObject *module);
native_state *native_state_of_type(PyTypeObject *cls); /* one of the module's own types */

/* Each part adds its types and functions to the module: 0, or -1 with an exception. */
#define NATIVE_PART_MAP(X)                                                                         \
    X(errors)                                                                                      \
    X(records)                                                                                     \
    X(version)                                                                                     \
    X(scope)                                                                                       \
    X(hash)                                                                                        \
    X(manifest)                                                                                    \
    X(codec)                                                                                       \
    X(snapshot)                                                                                    \
    X(naming)                                                                                      \
    X(diff)                                                                                        \
    X(verification)                                                                                \
    X(select)                                                                                      \
    X(merge)                                                                                       \
    X(submission)                                                                                  \
    X(mapping)

#define NATIVE_PART_EXEC(name) int native_##name##_exec(PyObject *module, native_state *state);
NATIVE_PART_MAP(NATIVE_PART_EXEC)
#undef NATIVE_PART_EXEC

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

#endif
