/* SPDX-License-Identifier: MIT */
/* Between the library's WTF-8 text and Python's str. */
#ifndef NATIVE_TEXT_H
#define NATIVE_TEXT_H

#include "module.h"

/* A str of WTF-8 text: lone surrogates stay what they are, as os.fsdecode() makes them. */
PyObject *native_text_new(const char *text, size_t len);

/* The WTF-8 bytes of a str: *out is borrowed from the str or from *keep, a new reference that may
 * be NULL and that the caller drops. 0, or -1 with an exception. */
int native_text_get(const char **out, size_t *len, PyObject **keep, PyObject *str);

/* Whether it is the path of an entry: str or os.PathLike. */
bool native_path_check(PyObject *object);

/* The same of such a path; `keep` may be the str that it stands for. TypeError for anything else.
 */
int native_path_get(const char **out, size_t *len, PyObject **keep, PyObject *path);

#endif
