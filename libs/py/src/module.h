/* SPDX-License-Identifier: MIT */
/* What the files of the extension share: the module's state, and its parts. */
#ifndef NATIVE_MODULE_H
#define NATIVE_MODULE_H

#include <stdbool.h>

#include "state.h"
#include "types.h"

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
