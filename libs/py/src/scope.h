/* SPDX-License-Identifier: MIT */
/* Which calls of a thread stop when somebody else says so. */
#ifndef NATIVE_SCOPE_H
#define NATIVE_SCOPE_H

#include "module.h"

/* The innermost scope that the calling thread is in: a new reference, or NULL when it is in none;
 * then with an exception, perhaps. */
PyObject *native_scope_innermost(const native_state *state);

/* Asks a scope, which may be NULL, and those around it: 1 when the work is to stop, which may be
 * because of an exception; else 0. */
int native_scope_stops(PyObject *scope);

#endif
