/* SPDX-License-Identifier: MIT */
/* Text in both directions. */
#include "text.h"

PyObject *native_text_new(const char *text, size_t len) {
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)len, "surrogatepass");
}

int native_text_get(const char **out, size_t *len, PyObject **keep, PyObject *str) {
    Py_ssize_t size = 0;
    *keep = NULL;
    *out = PyUnicode_AsUTF8AndSize(str, &size);
    if (*out == NULL && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Clear();
        char *bytes = NULL;
        *keep = PyUnicode_AsEncodedString(str, "utf-8", "surrogatepass");
        if (*keep != NULL && PyBytes_AsStringAndSize(*keep, &bytes, &size) == 0) {
            *out = bytes;
        }
    }
    *len = (size_t)size;
    return *out == NULL ? -1 : 0;
}
