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

bool native_path_check(PyObject *object) {
    return PyUnicode_Check(object) ||
           PyObject_HasAttrString((PyObject *)Py_TYPE(object), "__fspath__");
}

/* The str that an os.PathLike stands for. */
static PyObject *str_of(PyObject *path) {
    PyObject *text = PyOS_FSPath(path);
    PyObject *str = NULL;
    if (text == NULL || PyUnicode_Check(text)) {
        return text;
    }
    char *bytes = NULL;
    Py_ssize_t len = 0;
    if (PyBytes_AsStringAndSize(text, &bytes, &len) == 0) {
        str = PyUnicode_DecodeFSDefaultAndSize(bytes, len);
    }
    Py_DECREF(text);
    return str;
}

int native_path_get(const char **out, size_t *len, PyObject **keep, PyObject *path) {
    *keep = NULL;
    if (PyUnicode_Check(path)) {
        return native_text_get(out, len, keep, path);
    }
    if (!native_path_check(path)) {
        PyErr_Format(PyExc_TypeError, "expected str or os.PathLike object, not %R", Py_TYPE(path));
        return -1;
    }
    PyObject *str = str_of(path);
    if (str == NULL || native_text_get(out, len, keep, str) < 0) {
        Py_XDECREF(str);
        return -1;
    }
    if (*keep == NULL) {
        *keep = str; /* whose own bytes they are */
    } else {
        Py_DECREF(str);
    }
    return 0;
}
