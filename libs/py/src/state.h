/* SPDX-License-Identifier: MIT */
/* What the module holds for each interpreter. */
#ifndef NATIVE_STATE_H
#define NATIVE_STATE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

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

#endif
