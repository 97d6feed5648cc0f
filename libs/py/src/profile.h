/* SPDX-License-Identifier: MIT */
/* The package's Python values as core takes them. */
#ifndef NATIVE_PROFILE_H
#define NATIVE_PROFILE_H

#include "call.h"
#include "tpl/profile.h"

/* A StorageProfile; texts are kept by the call. */
typedef struct native_profile {
    tpl_buffer locations; /* of tpl_location */
    tpl_profile view;
} native_profile;

#define NATIVE_PROFILE_INIT {TPL_BUFFER_INIT, {NULL, false, NULL, 0}}

/* 0, or -1 with an exception. */
int native_call_profile(native_call *call, native_profile *out, PyObject *profile);
void native_profile_dispose(native_profile *profile);

/* An attribute of a value of class `cls`, kept by the call: borrowed, or NULL with an exception, a
 * TypeError where there is none. */
PyObject *native_call_attribute(native_call *call, PyObject *object, const char *name,
                                const char *cls);

#endif
