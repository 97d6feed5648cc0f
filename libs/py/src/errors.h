/* SPDX-License-Identifier: MIT */
/* From a status of the library to a Python exception. */
#ifndef NATIVE_ERRORS_H
#define NATIVE_ERRORS_H

#include "module.h"
#include "tpl/status.h"

/* Where an error happened, for records that name no path themselves. */
typedef struct native_place {
    const char *path;    /* operating-system path, borrowed, or NULL */
    bool paths_as_bytes; /* the caller gave bytes, so `filename` is bytes too */
    PyObject *told;      /* list of Skipped: what was told of before; borrowed, or NULL */
} native_place;

#define NATIVE_PLACE_INIT {NULL, false, NULL}

/* Raises what `err` reports and returns NULL. An exception that is pending already stays. */
PyObject *native_raise(native_state *state, const tpl_error *err, native_place place);

/* The same for a status without a record. */
PyObject *native_raise_status(native_state *state, tpl_status status);

/* After arguments that could not be parsed; returns NULL. A word that has no UTF-8 is a wrong one.
 */
PyObject *native_raise_unparsed(void);

#endif
