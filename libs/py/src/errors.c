/* SPDX-License-Identifier: MIT */
/* Every decision which exception a status becomes. */
#include "errors.h"

#include <errno.h>
#include <string.h>

#include "text.h"
#include "tpl/buffer.h"
#include "tpl/run.h"
#include "tpl/text.h"

/* How an exception is made. */
typedef enum shape {
    SHAPE_NOMEM, /* as the interpreter makes it */
    SHAPE_ERRNO, /* by errno, as os functions do: the right subclass, strerror and filename */
    SHAPE_OS,    /* errno, message, filename */
    SHAPE_OURS   /* one message */
} shape;

typedef struct decision {
    PyObject *cls; /* borrowed */
    shape shape;
    int sys_errno; /* when the record has none */
} decision;

static decision decide(const native_state *state, tpl_status status) {
    switch (status) {
    case TPL_E_NOMEM:
        return (decision){PyExc_MemoryError, SHAPE_NOMEM, 0};
    case TPL_E_IO:
        return (decision){PyExc_OSError, SHAPE_ERRNO, EIO};
    case TPL_E_CHANGED:
        return (decision){state->file_changed_error, SHAPE_OS, EBUSY};
    case TPL_E_CANCELLED:
        return (decision){state->cancelled, SHAPE_OURS, 0};
    case TPL_E_SYNTAX:
    case TPL_E_MANIFEST:
    case TPL_E_VERSION:
    case TPL_E_RANGE:
    case TPL_E_EMPTY:
        return (decision){state->manifest_error, SHAPE_OURS, 0};
    case TPL_E_ARGUMENT:
    case TPL_E_UNSAFE_PATH:
    case TPL_E_DOCUMENT:
        return (decision){state->validation_error, SHAPE_OURS, 0};
    case TPL_E_INPUTS:
        return (decision){state->misconfigured_inputs_error, SHAPE_OURS, 0};
    case TPL_OK:
    case TPL_E_INTERNAL:
    case TPL_STATUS_COUNT:
        break;
    }
    return (decision){state->attachment_error, SHAPE_OURS, 0};
}

/* The WTF-8 path that the error is about, appended to `out`; nothing when there is none. */
static tpl_status error_path(tpl_buffer *out, const tpl_error *err, native_place place) {
    if (err->path != NULL) {
        return tpl_buffer_append(out, err->path, err->path_len);
    }
    return place.path == NULL ? TPL_OK : tpl_text_from_os(out, place.path, strlen(place.path));
}

static PyObject *path_object(const tpl_buffer *path) {
    return path->len == 0 ? native_none() : native_text_new(path->data, path->len);
}

/* `filename` as the caller gave paths: str or bytes; None stays, and a str that no file can have as
 * its name. */
static PyObject *filename_object(PyObject *path, bool as_bytes) {
    PyObject *bytes = as_bytes && path != Py_None ? PyUnicode_EncodeFSDefault(path) : NULL;
    bool failed = bytes == NULL && PyErr_Occurred() != NULL;
    if (failed && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Clear();
        failed = false;
    }
    if (bytes != NULL || failed) {
        return bytes;
    }
    Py_INCREF(path);
    return path;
}

static PyObject *message_object(const tpl_error *err) {
    const char *text = err->message[0] == '\0' ? tpl_status_text(err->status) : err->message;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

/* "PATH: what is wrong", on one line whatever the path holds. */
static PyObject *our_exception(decision to, const tpl_error *err, const tpl_buffer *path) {
    tpl_buffer shown = TPL_BUFFER_INIT;
    PyObject *made = NULL;
    PyObject *message = message_object(err);
    if (message == NULL) {
        return NULL;
    }
    if (path->len == 0) {
        made = PyObject_CallFunctionObjArgs(to.cls, message, NULL);
    } else if (tpl_text_append_display(&shown, path->data, path->len) != TPL_OK) {
        PyErr_NoMemory();
    } else {
        PyObject *name = native_text_new(shown.data, shown.len);
        PyObject *text = name == NULL ? NULL : PyUnicode_FromFormat("%U: %U", name, message);
        made = text == NULL ? NULL : PyObject_CallFunctionObjArgs(to.cls, text, NULL);
        Py_XDECREF(name);
        Py_XDECREF(text);
    }
    Py_DECREF(message);
    tpl_buffer_dispose(&shown);
    return made;
}

/* Why a job's inputs are refused: MisconfiguredInputsError's members. */
static const struct cause {
    const char *member;
    tpl_warning_kind kind;
} causes[] = {
    {"missing", TPL_WARN_INPUT_MISSING},
    {"directories", TPL_WARN_INPUT_DIRECTORY},
    {"special", TPL_WARN_INPUT_SPECIAL},
};

enum {
    CAUSES = sizeof(causes) / sizeof(causes[0])
};

/* The paths of one kind: of several causes each was told, one alone is the error itself. */
static PyObject *paths_of(tpl_warning_kind kind, const tpl_error *err, PyObject *path,
                          PyObject *told) {
    PyObject *paths = PyList_New(0);
    bool alone = strcmp(err->message, tpl_warning_text(kind)) == 0;
    int failed = paths == NULL || (alone && PyList_Append(paths, path) < 0);
    for (Py_ssize_t i = 0; !failed && told != NULL && i < PyList_Size(told); i++) {
        PyObject *one = PyList_GetItem(told, i);
        if (PyUnicode_CompareWithASCIIString(PyStructSequence_GetItem(one, 1),
                                             tpl_warning_name(kind)) == 0) {
            failed = PyList_Append(paths, PyStructSequence_GetItem(one, 0)) < 0;
        }
    }
    PyObject *tuple = failed ? NULL : PyList_AsTuple(paths);
    Py_XDECREF(paths);
    return tuple;
}

static int set_causes(PyObject *exception, const tpl_error *err, PyObject *path, PyObject *told) {
    int failed = 0;
    for (size_t i = 0; i < CAUSES && !failed; i++) {
        PyObject *paths = paths_of(causes[i].kind, err, path, told);
        failed = paths == NULL || PyObject_SetAttrString(exception, causes[i].member, paths) < 0;
        Py_XDECREF(paths);
    }
    return failed ? -1 : 0;
}

static int set_details(PyObject *exception, const tpl_error *err, PyObject *path, PyObject *told) {
    PyObject *name = PyUnicode_FromString(tpl_status_name(err->status));
    int failed = name == NULL || PyObject_SetAttrString(exception, "status", name) < 0 ||
                 PyObject_SetAttrString(exception, "path", path) < 0 ||
                 (err->status == TPL_E_INPUTS && set_causes(exception, err, path, told) < 0);
    Py_XDECREF(name);
    return failed ? -1 : 0;
}

/* Raises what is ours, with its details as attributes; takes over `exception`. */
static void raise_ours(PyObject *exception, const tpl_error *err, PyObject *path, PyObject *told) {
    if (exception != NULL && set_details(exception, err, path, told) == 0) {
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    }
    Py_XDECREF(exception);
}

static PyObject *os_exception(decision to, int code, const tpl_error *err, PyObject *filename) {
    PyObject *message = message_object(err);
    return message == NULL ? NULL : PyObject_CallFunction(to.cls, "iNO", code, message, filename);
}

static void raise_with(decision to, const tpl_error *err, const tpl_buffer *text,
                       native_place place) {
    int code = err->sys_errno == 0 ? to.sys_errno : err->sys_errno;
    PyObject *path = path_object(text);
    PyObject *filename = path == NULL ? NULL : filename_object(path, place.paths_as_bytes);
    if (filename != NULL && to.shape == SHAPE_ERRNO) {
        errno = code;
        PyErr_SetFromErrnoWithFilenameObject(to.cls, filename == Py_None ? NULL : filename);
    } else if (filename != NULL) {
        raise_ours(to.shape == SHAPE_OS ? os_exception(to, code, err, filename)
                                        : our_exception(to, err, text),
                   err, path, place.told);
    }
    Py_XDECREF(filename);
    Py_XDECREF(path);
}

PyObject *native_raise(native_state *state, const tpl_error *err, native_place place) {
    if (PyErr_Occurred() != NULL) {
        return NULL;
    }
    decision to = decide(state, err->status);
    tpl_buffer text = TPL_BUFFER_INIT;
    if (to.shape == SHAPE_NOMEM || error_path(&text, err, place) != TPL_OK) {
        PyErr_NoMemory();
    } else {
        raise_with(to, err, &text, place);
    }
    tpl_buffer_dispose(&text);
    return NULL;
}

PyObject *native_raise_status(native_state *state, tpl_status status) {
    tpl_error err = TPL_ERROR_INIT;
    err.status = status;
    return native_raise(state, &err, (native_place)NATIVE_PLACE_INIT);
}

PyObject *native_raise_unparsed(void) {
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_SetString(PyExc_ValueError, "an option's word holds a lone surrogate");
    }
    return NULL;
}

static int add_defaults(PyObject *members) {
    return PyDict_SetItemString(members, "status", Py_None) < 0 ||
                   PyDict_SetItemString(members, "path", Py_None) < 0
               ? -1
               : 0;
}

/* Adds template_pkg.NAME, derived from up to two bases; *slot owns it. */
static int add_exception(PyObject *module, PyObject **slot, const char *full_name, const char *doc,
                         PyObject *base, PyObject *builtin) {
    PyObject *defaults = PyDict_New();
    PyObject *bases = builtin == NULL ? PyTuple_Pack(1, base) : PyTuple_Pack(2, base, builtin);
    if (defaults != NULL && bases != NULL &&
        (base != PyExc_Exception || add_defaults(defaults) == 0)) {
        *slot = PyErr_NewExceptionWithDoc(full_name, doc, bases, defaults);
    }
    Py_XDECREF(defaults);
    Py_XDECREF(bases);
    return *slot == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)*slot);
}

/* Status name -> class, read-only: what the command's error documents say, as Python says it. */
static int add_status_errors(PyObject *module, const native_state *state) {
    PyObject *map = PyDict_New();
    int failed = map == NULL;
    for (int i = TPL_OK + 1; i < TPL_STATUS_COUNT && !failed; i++) {
        tpl_status status = (tpl_status)i;
        failed = PyDict_SetItemString(map, tpl_status_name(status), decide(state, status).cls) < 0;
    }
    PyObject *proxy = failed ? NULL : PyDictProxy_New(map);
    Py_XDECREF(map);
    if (proxy == NULL || PyModule_AddObject(module, "STATUS_ERRORS", proxy) < 0) {
        Py_XDECREF(proxy);
        return -1;
    }
    return 0;
}

/* None yet, on the class. */
static int add_causes(PyObject *cls) {
    PyObject *none = PyTuple_New(0);
    int failed = none == NULL;
    for (size_t i = 0; i < CAUSES && !failed; i++) {
        failed = PyObject_SetAttrString(cls, causes[i].member, none) < 0;
    }
    Py_XDECREF(none);
    return failed ? -1 : 0;
}

int native_errors_exec(PyObject *module, native_state *state) {
#define ADD(slot, name, base, builtin, doc)                                                        \
    (add_exception(module, &state->slot, "template_pkg." name, doc, base, builtin) < 0)
    if (ADD(attachment_error, "AttachmentError", PyExc_Exception, NULL,
            "Base of what this package raises of its own.\n\n"
            "`status` is the name that the command's error documents use (\"E_SYNTAX\"), `path`\n"
            "the path it is about; either may be None.") ||
        ADD(manifest_error, "ManifestError", state->attachment_error, PyExc_ValueError,
            "A document that is not a valid manifest, or a tree that a manifest cannot hold.\n\n"
            "Corresponds to deadline's ManifestDecodeValidationError.") ||
        ADD(validation_error, "ValidationError", state->attachment_error, PyExc_ValueError,
            "A value that is well-formed but not allowed, such as a path that leaves the tree.") ||
        ADD(misconfigured_inputs_error, "MisconfiguredInputsError", state->validation_error, NULL,
            "Inputs of a job that are missing, or directories named as files.\n\n"
            "`path` is the first of them; `missing`, `directories` and `special` (what is neither\n"
            "file nor directory) have all, as tuples of str.") ||
        ADD(storage_error, "StorageError", state->attachment_error, NULL,
            "A content-addressed store failed.") ||
        ADD(file_changed_error, "FileChangedError", state->attachment_error, PyExc_OSError,
            "A file kept changing while it was read, so no hash of it can be trusted.") ||
        ADD(cancelled, "Cancelled", state->attachment_error, NULL,
            "The work was stopped: a progress callback returned False, or a CancelScope said "
            "so.")) {
        return -1;
    }
#undef ADD
    return add_causes(state->misconfigured_inputs_error) < 0 ? -1
                                                             : add_status_errors(module, state);
}
