/* SPDX-License-Identifier: MIT */
/* Python arguments as the library's options. */
#include <string.h>

#include "call.h"
#include "manifest.h"
#include "text.h"

/* The characters of a bytes object that `keep` owns from now on; takes over `bytes`, which may be
 * NULL with an exception. NULL with one when it holds a NUL. */
static const char *kept_text(native_call *call, PyObject *bytes) {
    char *text = NULL;
    if (bytes != NULL && PyBytes_AsStringAndSize(bytes, &text, NULL) == 0 &&
        PyList_Append(call->keep, bytes) < 0) {
        text = NULL;
    }
    Py_XDECREF(bytes);
    return text;
}

int native_call_path(native_call *call, const char **out, PyObject *path) {
    PyObject *plain = PyOS_FSPath(path);
    PyObject *bytes = NULL;
    if (plain != NULL && PyUnicode_FSConverter(plain, &bytes)) {
        call->place.paths_as_bytes |= PyBytes_Check(plain);
    } else if (plain != NULL && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Format(PyExc_ValueError, "no file has a path like %R", plain);
    }
    Py_XDECREF(plain);
    *out = kept_text(call, bytes);
    return *out == NULL ? -1 : 0;
}

static int append(tpl_strings *out, const char *text) {
    if (tpl_strings_append(out, text) != TPL_OK) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

typedef int (*append_fn)(native_call *call, tpl_strings *out, PyObject *item, const char *name);

static int append_pattern(native_call *call, tpl_strings *out, PyObject *item, const char *name) {
    if (!PyUnicode_Check(item)) {
        PyErr_Format(PyExc_TypeError, "%s must hold str, not %R", name, item);
        return -1;
    }
    const char *text = kept_text(call, PyUnicode_AsEncodedString(item, "utf-8", "surrogatepass"));
    return text == NULL ? -1 : append(out, text);
}

static int append_path(native_call *call, tpl_strings *out, PyObject *item, const char *name) {
    const char *path = NULL;
    (void)name;
    return native_call_path(call, &path, item) < 0 ? -1 : append(out, path);
}

static int append_all(native_call *call, tpl_strings *out, PyObject *items, const char *name,
                      append_fn append_one) {
    if (PyUnicode_Check(items) || PyBytes_Check(items)) {
        PyErr_Format(PyExc_TypeError, "%s must be an iterable of str, not one: use [%R]", name,
                     items);
        return -1;
    }
    PyObject *iterator = PyObject_GetIter(items);
    if (iterator == NULL) {
        return -1;
    }
    PyObject *item = NULL;
    int failed = 0;
    while (!failed && (item = PyIter_Next(iterator)) != NULL) {
        failed = append_one(call, out, item, name) < 0;
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    return PyErr_Occurred() == NULL ? 0 : -1;
}

int native_call_paths(native_call *call, tpl_strings *out, PyObject *items, const char *name) {
    return append_all(call, out, items, name, append_path);
}

int native_call_patterns(native_call *call, tpl_strings *out, PyObject *items, const char *name) {
    bool given = items != NULL && items != Py_None;
    return given ? append_all(call, out, items, name, append_pattern) : 0;
}

int native_call_word(native_call *call, const char **out, PyObject *str) {
    *out = NULL;
    if (!PyUnicode_Check(str)) {
        PyErr_Format(PyExc_TypeError, "str is wanted, not %R", Py_TYPE(str));
        return -1;
    }
    *out = kept_text(call, PyUnicode_AsEncodedString(str, "utf-8", "surrogatepass"));
    return *out == NULL ? -1 : 0;
}

int native_symlinks_get(tpl_symlinks *out, const char *word, bool verify) {
    if (strcmp(word, "follow") == 0) {
        *out = TPL_SYMLINKS_FOLLOW;
    } else if (strcmp(word, "skip") == 0) {
        *out = TPL_SYMLINKS_SKIP;
    } else if (verify && strcmp(word, "beneath") == 0) {
        *out = TPL_SYMLINKS_BENEATH;
    } else if (!verify && strcmp(word, "keep") == 0) {
        *out = TPL_SYMLINKS_KEEP;
    } else {
        PyErr_Format(PyExc_ValueError, "symlinks must be 'follow', '%s' or 'skip', not '%s'",
                     verify ? "beneath" : "keep", word);
        return -1;
    }
    return 0;
}

int native_format_get(tpl_format *out, PyObject *version) {
    if (!PyUnicode_Check(version)) {
        PyErr_Format(PyExc_TypeError, "a version is str, not %R", Py_TYPE(version));
        return -1;
    }
    for (int i = 0; i < TPL_FORMAT_COUNT; i++) {
        if (PyUnicode_CompareWithASCIIString(version, tpl_format_text((tpl_format)i)) == 0) {
            *out = (tpl_format)i;
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "format must be '2023-03-03' or '2025-12-04-beta', not %R",
                 version);
    return -1;
}

static int set_compat(tpl_filter *out, const char *compat) {
    out->hide_dotfiles = compat != NULL;
    if (compat != NULL && strcmp(compat, "deadline") != 0) {
        PyErr_Format(PyExc_ValueError, "compat must be 'deadline' or None, not '%s'", compat);
        return -1;
    }
    return 0;
}

int native_dialect_get(tpl_dialect *out, const char *word) {
    for (int i = 0; i < TPL_DIALECT_COUNT; i++) {
        if (strcmp(word, tpl_dialect_word((tpl_dialect)i)) == 0) {
            *out = (tpl_dialect)i;
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "dialect must be 'glob', 'globset' or 'fnmatch', not '%s'",
                 word);
    return -1;
}

int native_call_filter(native_call *call, tpl_filter *out, const native_tree_args *args) {
    out->skip_unreadable = args->skip_unreadable != 0;
    if (native_call_patterns(call, &out->include, args->include, "include") < 0 ||
        native_call_patterns(call, &out->exclude, args->exclude, "exclude") < 0 ||
        native_symlinks_get(&out->symlinks, args->symlinks, false) < 0) {
        return -1;
    }
    return set_compat(out, args->compat) < 0 ? -1
                                             : native_dialect_get(&out->dialect, args->dialect);
}

int native_call_source(native_call *call, native_source *out, PyObject *manifest,
                       tpl_strings *omit) {
    *out = (native_source)NATIVE_SOURCE_INIT;
    out->manifest = native_manifest_get(call->state, manifest, &out->trusted_ns);
    if (out->manifest != NULL) {
        return 0;
    }
    if (native_call_path(call, &out->path, manifest) < 0) {
        return -1;
    }
    return omit == NULL ? 0 : append(omit, out->path);
}

tpl_status native_source_open(native_source *source, tpl_hash128 *hash, native_call *call) {
    if (source->manifest != NULL) {
        return hash == NULL
                   ? TPL_OK
                   : tpl_manifest_fingerprint(source->manifest, hash, NULL, &call->run, &call->err);
    }
    tpl_status status = tpl_manifest_load(&source->loaded, source->path, &source->trusted_ns, hash,
                                          &call->run, &call->err);
    if (status != TPL_OK) {
        call->place.path = source->path;
    }
    source->manifest = source->loaded;
    return status;
}

void native_source_dispose(native_source *source) {
    tpl_manifest_free(source->loaded);
    *source = (native_source)NATIVE_SOURCE_INIT;
}
