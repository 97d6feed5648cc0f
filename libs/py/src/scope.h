/* SPDX-License-Identifier: MIT */
/* Which calls of a thread stop when somebody else says so. */
#ifndef NATIVE_SCOPE_H
#define NATIVE_SCOPE_H

#include "module.h"

/* The questions of the scopes that the calling thread is in: a new reference to a tuple, or NULL
 * when it is in none; then with an exception, perhaps. */
PyObject *native_scope_questions(native_state *state);

/* Asks them: 1 when the work is to stop, which may be because of an exception; else 0. */
int native_scope_stops(PyObject *questions);

#endif
