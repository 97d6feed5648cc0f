/* SPDX-License-Identifier: MIT */
/* What the types show of themselves, which Python code says better. */
#ifndef NATIVE_VIEW_H
#define NATIVE_VIEW_H

#include "module.h"

/* template_pkg._views.NAME(self), imported when it is first asked for. */
PyObject *native_view(PyObject *self, const char *name);

#endif
