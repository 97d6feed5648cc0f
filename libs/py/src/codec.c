/* SPDX-License-Identifier: MIT */
/* Manifests as text and as files: decoding, encoding, loading, saving, pickling. */
#include <string.h>

#include "call.h"
#include "manifest.h"
#include "tpl/diff.h"
#include "tpl/file.h"
#include "tpl/merge.h"

/* Whether a backslash makes an escape of a lone surrogate, which JSON does not have. */
static bool escapes_a_surrogate(const char *text, size_t len) {
    const char *end = text + len;
    const char *at = text;
    while ((at = memchr(at, 0xed, (size_t)(end - at))) != NULL) { /* and of some other characters */
        size_t slashes = 0;
        while (slashes < (size_t)(at - text) && at[-1 - (ptrdiff_t)slashes] == '\\') {
            slashes++;
        }
        if (slashes % 2 == 1 && (unsigned char)at[1] >= 0xa0) {
            return true;
        }
        at++;
    }
    return false;
}

/* A lone surrogate within a JSON string is its own \uxxxx escape; bytes that are not UTF-8 where
 * that would make JSON of what is none. */
static PyObject *surrogates_escaped(PyObject *text) {
    PyObject *plain = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    char *bytes = NULL;
    Py_ssize_t len = 0;
    if (plain == NULL || PyBytes_AsStringAndSize(plain, &bytes, &len) < 0 ||
        escapes_a_surrogate(bytes, (size_t)len)) {
        return plain;
    }
    Py_DECREF(plain);
    return PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
}

/* The bytes of a manifest's text: *data is borrowed from `text` or from *keep, a new reference that
 * may be NULL. Only immutable objects are read without the GIL: other buffers are copied. */
static int text_bytes(const char **data, Py_ssize_t *len, PyObject **keep, PyObject *text) {
    *keep = NULL;
    if (PyUnicode_Check(text)) {
        *data = PyUnicode_AsUTF8AndSize(text, len);
        if (*data != NULL || !PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
            return *data == NULL ? -1 : 0;
        }
        PyErr_Clear();
        *keep = surrogates_escaped(text);
    } else if (PyObject_CheckBuffer(text)) {
        *keep = PyBytes_FromObject(text);
    } else {
        PyErr_Format(PyExc_TypeError, "a manifest's text is str or bytes, not %R", Py_TYPE(text));
    }
    char *bytes = NULL;
    if (*keep == NULL || PyBytes_AsStringAndSize(*keep, &bytes, len) < 0) {
        return -1;
    }
    *data = bytes;
    return 0;
}

static PyObject *decode_bytes(native_state *state, const char *data, size_t len,
                              native_origin origin) {
    native_call call;
    tpl_manifest *manifest = NULL;
    PyObject *result = NULL;
    if (native_call_init(&call, state) == 0) {
        call.thread = PyEval_SaveThread();
        tpl_status status = tpl_manifest_decode(&manifest, data, len, &call.run, &call.err);
        PyEval_RestoreThread(call.thread);
        if (native_call_check(&call, status) == 0) {
            result = native_manifest_new(state, manifest, origin);
            manifest = NULL;
        }
    }
    tpl_manifest_free(manifest);
    native_call_dispose(&call);
    return result;
}

static PyObject *decode(native_state *state, PyObject *text, native_origin origin) {
    const char *data = NULL;
    Py_ssize_t len = 0;
    PyObject *keep = NULL;
    PyObject *result = NULL;
    if (text_bytes(&data, &len, &keep, text) == 0) {
        result = decode_bytes(state, data, (size_t)len, origin);
    }
    Py_XDECREF(keep);
    return result;
}

static PyObject *decode_manifest(PyObject *module, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"json", NULL}; /* as upstream names it */
    PyObject *text = NULL;
    return PyArg_ParseTupleAndKeywords(args, kwargs, "O:decode_manifest",
                                       NATIVE_UNCONST(char **, names), &text)
               ? decode(native_state_of(module), text, (native_origin)NATIVE_ORIGIN_INIT)
               : NULL;
}

/* The handle of a Manifest's own methods. */
static const tpl_manifest *own(PyObject *self, native_state **state) {
    *state = native_state_of_type(Py_TYPE(self));
    return native_manifest_get(*state, self, NULL);
}

/* 2023-03-03 needs an entry: a delta that has none cannot be read back. */
static bool has_no_document(const tpl_manifest *manifest) {
    return tpl_manifest_count(manifest) == 0 &&
           tpl_manifest_format(manifest) == TPL_FORMAT_2023_03_03;
}

typedef struct text_call {
    native_call call;
    PyObject *bytes; /* NULL until their number is known */
} text_call;

/* Nobody else sees the bytes before they are written. */
static char *room_for_text(size_t size, void *payload) {
    text_call *t = payload;
    PyEval_RestoreThread(t->call.thread);
    t->bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    char *room = t->bytes == NULL ? NULL : PyBytes_AsString(t->bytes);
    PyErr_Clear(); /* the call's outcome says it */
    t->call.thread = PyEval_SaveThread();
    return room;
}

PyObject *native_manifest_encode_bytes(PyObject *self, PyObject *unused) {
    (void)unused;
    text_call t = {.bytes = NULL};
    native_state *state = NULL;
    const tpl_manifest *manifest = own(self, &state);
    int failed = native_call_init(&t.call, state);
    if (failed == 0) {
        t.call.thread = PyEval_SaveThread();
        tpl_status status = tpl_manifest_encode_into(manifest, tpl_manifest_format(manifest),
                                                     room_for_text, &t, &t.call.run, &t.call.err);
        PyEval_RestoreThread(t.call.thread);
        failed = native_call_check(&t.call, status);
    }
    if (failed != 0) {
        Py_CLEAR(t.bytes);
    }
    native_call_dispose(&t.call);
    return t.bytes;
}

PyObject *native_manifest_encode(PyObject *self, PyObject *unused) {
    PyObject *bytes = native_manifest_encode_bytes(self, unused);
    PyObject *text = bytes == NULL ? NULL : PyUnicode_FromEncodedObject(bytes, "utf-8", "strict");
    Py_XDECREF(bytes);
    return text;
}

/* The origin of a manifest with entries of this one. */
static native_origin entries_of(PyObject *self) {
    native_origin origin = NATIVE_ORIGIN_INIT;
    origin.trusted_ns = native_manifest_origin(self).trusted_ns;
    return origin;
}

static tpl_status convert(tpl_manifest **out, const tpl_manifest *manifest, tpl_format format,
                          native_call *call) {
    tpl_status status = tpl_merge(out, &manifest, 1, &call->run, &call->err); /* a copy */
    return status == TPL_OK ? tpl_manifest_convert(*out, format, &call->run, &call->err) : status;
}

PyObject *native_manifest_convert(PyObject *self, PyObject *version) {
    native_call call;
    native_state *state = NULL;
    tpl_manifest *converted = NULL;
    PyObject *result = NULL;
    tpl_format format = TPL_FORMAT_DEFAULT;
    const tpl_manifest *manifest = own(self, &state);
    if (native_format_get(&format, version) < 0) {
        return NULL;
    }
    if (native_call_init(&call, state) == 0) {
        call.thread = PyEval_SaveThread();
        tpl_status status = convert(&converted, manifest, format, &call);
        PyEval_RestoreThread(call.thread);
        if (native_call_check(&call, status) == 0) {
            result = native_manifest_new(state, converted, entries_of(self));
            converted = NULL;
        }
    }
    tpl_manifest_free(converted);
    native_call_dispose(&call);
    return result;
}

static tpl_status subtract(tpl_manifest **out, native_source *base, const tpl_manifest *manifest,
                           native_call *call) {
    tpl_hash128 parent = {0, 0};
    tpl_status status = native_source_open(base, &parent, call);
    if (status == TPL_OK) {
        status = tpl_diff_manifest(out, base->manifest, manifest, parent, &call->run, &call->err);
    }
    return status;
}

PyObject *native_manifest_changes_since(PyObject *self, PyObject *base) {
    native_call call;
    native_source source = NATIVE_SOURCE_INIT;
    native_state *state = NULL;
    tpl_manifest *changes = NULL;
    PyObject *result = NULL;
    const tpl_manifest *manifest = own(self, &state);
    if (native_call_init(&call, state) == 0 &&
        native_call_source(&call, &source, base, NULL) == 0) {
        call.thread = PyEval_SaveThread();
        tpl_status status = subtract(&changes, &source, manifest, &call);
        PyEval_RestoreThread(call.thread);
        if (native_call_check(&call, status) == 0) {
            result = native_manifest_new(state, changes, entries_of(self));
            changes = NULL;
        }
    }
    tpl_manifest_free(changes);
    native_source_dispose(&source);
    native_call_dispose(&call);
    return result;
}

static tpl_status save(const tpl_manifest *manifest, const char *path, const tpl_run *run,
                       tpl_error *err) {
    tpl_output *output = NULL;
    tpl_status status = tpl_output_new(&output, path, run, err);
    if (status == TPL_OK) {
        status = tpl_manifest_encode(manifest, tpl_manifest_format(manifest), tpl_output_write,
                                     output, run, err);
    }
    if (status == TPL_OK || (status == TPL_E_IO && output != NULL)) {
        status = tpl_output_commit(output, err); /* says what a failed write failed of, too */
    }
    tpl_output_free(output);
    return status;
}

PyObject *native_manifest_save(PyObject *self, PyObject *path) {
    native_call call;
    const char *text = NULL;
    native_state *state = NULL;
    PyObject *result = NULL;
    const tpl_manifest *manifest = own(self, &state);
    if (has_no_document(manifest)) {
        return native_raise_status(state, TPL_E_EMPTY);
    }
    if (native_call_init(&call, state) < 0 || native_call_path(&call, &text, path) < 0) {
        goto done;
    }
    call.place.path = text;
    call.thread = PyEval_SaveThread();
    tpl_status status = save(manifest, text, &call.run, &call.err);
    PyEval_RestoreThread(call.thread);
    if (native_call_check(&call, status) == 0) {
        result = native_none();
    }
done:
    native_call_dispose(&call);
    return result;
}

PyObject *native_manifest_from_path(PyObject *cls, PyObject *path) {
    native_call call;
    native_source source = NATIVE_SOURCE_INIT;
    native_state *state = native_state_of_type((PyTypeObject *)cls);
    PyObject *result = NULL;
    if (native_call_init(&call, state) < 0 || native_call_path(&call, &source.path, path) < 0) {
        goto done;
    }
    call.thread = PyEval_SaveThread();
    tpl_status status = native_source_open(&source, NULL, &call);
    PyEval_RestoreThread(call.thread);
    if (native_call_check(&call, status) == 0) {
        native_origin origin = NATIVE_ORIGIN_INIT;
        origin.trusted_ns = source.trusted_ns;
        result = native_manifest_new(state, source.loaded, origin);
        source.loaded = NULL;
    }
done:
    native_source_dispose(&source);
    native_call_dispose(&call);
    return result;
}

static int check_origin(const native_state *state, native_origin origin) {
    bool good =
        origin.stats == Py_None || (PyObject *)Py_TYPE(origin.stats) == state->snapshot_stats;
    for (Py_ssize_t i = 0; good && i < PyTuple_Size(origin.skipped); i++) {
        PyObject *skipped = PyTuple_GetItem(origin.skipped, i);
        good = (PyObject *)Py_TYPE(skipped) == state->skipped;
    }
    if (!good) {
        PyErr_SetString(PyExc_TypeError,
                        "skipped holds Skipped, and stats is SnapshotStats or None");
    }
    return good ? 0 : -1;
}

/* What unpickles: decoding refuses a document without entries, a delta may have none. */
PyObject *native_manifest_make(PyObject *cls, PyObject *args) {
    native_state *state = native_state_of_type((PyTypeObject *)cls);
    native_origin origin = NATIVE_ORIGIN_INIT;
    tpl_manifest *empty = NULL;
    PyObject *bytes = NULL;
    long long trusted_ns = 0;
    if (!PyArg_ParseTuple(args, "SLO!O:_make", &bytes, &trusted_ns, &PyTuple_Type, &origin.skipped,
                          &origin.stats) ||
        check_origin(state, origin) < 0) {
        return NULL;
    }
    origin.trusted_ns = trusted_ns;
    if (PyBytes_Size(bytes) > 0) {
        return decode(state, bytes, origin);
    }
    tpl_status status = tpl_manifest_new(&empty, NULL);
    if (status == TPL_OK) {
        status = tpl_manifest_seal(empty, NULL);
    }
    if (status != TPL_OK) {
        tpl_manifest_free(empty);
        return native_raise_status(state, status);
    }
    return native_manifest_new(state, empty, origin);
}

PyObject *native_manifest_reduce(PyObject *self, PyObject *unused) {
    native_state *state = NULL;
    const tpl_manifest *manifest = own(self, &state);
    PyObject *make = PyObject_GetAttrString(state->manifest, "_make");
    PyObject *bytes = has_no_document(manifest) ? PyBytes_FromStringAndSize(NULL, 0)
                                                : native_manifest_encode_bytes(self, unused);
    if (make == NULL || bytes == NULL) {
        Py_XDECREF(make);
        Py_XDECREF(bytes);
        return NULL;
    }
    const native_origin origin = native_manifest_origin(self);
    return Py_BuildValue("N(NLOO)", make, bytes, (long long)origin.trusted_ns, origin.skipped,
                         origin.stats);
}

static const PyMethodDef functions[] = {
    {"decode_manifest", NATIVE_FUNCTION(decode_manifest), METH_VARARGS | METH_KEYWORDS,
     "decode_manifest($module, /, json)\n--\n\n"
     "A Manifest from its text, str or bytes; the entries keep the document's order.\n\n"
     "Accepts and refuses what deadline's decode_manifest() does, but for numbers: sizes are 0 to\n"
     "2**64 - 1, mtimes 64-bit signed. Paths are not judged. Raises ManifestError, Cancelled.\n\n"
     ">>> text = snapshot('project').encode()\n"
     ">>> decode_manifest(text) == snapshot('project')\n"
     "True"},
    {"load_manifest", NATIVE_FUNCTION(decode_manifest), METH_VARARGS | METH_KEYWORDS,
     "load_manifest($module, /, json)\n--\n\n"
     "decode_manifest() under its other name. For a file there is Manifest.from_path()."},
    {NULL, NULL, 0, NULL},
};

int native_codec_exec(PyObject *module, native_state *state) {
    (void)state;
    return native_functions_add(module, functions);
}
