/* SPDX-License-Identifier: MIT */
/* What the files of the extension share: the module's state, and its parts. */
#ifndef NATIVE_MODULE_H
#define NATIVE_MODULE_H

#include <stdbool.h>

#include "types.h"

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

#endif
