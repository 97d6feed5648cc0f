/* SPDX-License-Identifier: MIT */
/* hash_bytes() and hash_file(). */
#include "tpl/hash.h"

#include "call.h"

/* Below this, giving up the GIL costs more than hashing. */
#define RELEASE_FROM 32768

static PyObject *hex(tpl_hash128 hash) {
    char digits[TPL_HASH_HEX_LEN + 1];
    tpl_hash128_to_hex(hash, digits);
    return PyUnicode_DecodeASCII(digits, TPL_HASH_HEX_LEN, NULL);
}

static PyObject *digest_large(native_state *state, const void *data, size_t len) {
    native_call call;
    tpl_hash128 hash = {0, 0};
    PyObject *made = NULL;
    if (native_call_init(&call, state) == 0) {
        call.thread = PyEval_SaveThread();
        tpl_status status = tpl_hash_memory(&hash, data, len, &call.run, &call.err);
        PyEval_RestoreThread(call.thread);
        made = native_call_check(&call, status) == 0 ? hex(hash) : NULL;
    }
    native_call_dispose(&call);
    return made;
}

static PyObject *digest(PyObject *module, const void *data, size_t len) {
    return len < RELEASE_FROM ? hex(tpl_hash_bytes(data, len))
                              : digest_large(native_state_of(module), data, len);
}

static PyObject *hash_bytes(PyObject *module, PyObject *data) {
    char *bytes = NULL;
    Py_ssize_t len = 0;
    if (PyBytes_CheckExact(data)) { /* the usual case, in half the calls */
        return PyBytes_AsStringAndSize(data, &bytes, &len) < 0 ? NULL
                                                               : digest(module, bytes, (size_t)len);
    }
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *made = digest(module, view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    return made;
}

static PyObject *hash_file(PyObject *module, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"path", "progress", NULL};
    native_call call;
    PyObject *path = NULL;
    PyObject *progress = NULL;
    const char *text = NULL;
    tpl_file_hash hash;
    PyObject *made = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$O:hash_file", NATIVE_UNCONST(char **, names),
                                     &path, &progress)) {
        return NULL;
    }
    if (native_call_init(&call, native_state_of(module)) < 0 ||
        native_call_run(&call, 0, progress) < 0 || native_call_path(&call, &text, path) < 0) {
        goto done;
    }
    call.thread = PyEval_SaveThread();
    tpl_status status = tpl_hash_file(&hash, text, &call.run, &call.err);
    PyEval_RestoreThread(call.thread);
    if (native_call_check(&call, status) == 0) {
        made = hex(hash.hash);
    }
done:
    native_call_dispose(&call);
    return made;
}

static const PyMethodDef functions[] = {
    {"hash_bytes", hash_bytes, METH_O,
     "hash_bytes($module, data, /)\n--\n\n"
     "XXH3-128 of any bytes-like object as 32 lower-case hex digits; that of\n"
     "xxhash.xxh3_128_hexdigest(). Raises Cancelled.\n\n"
     ">>> hash_bytes(b'one\\n')\n"
     "'06567c16a1de182538d12e73f626d650'"},
    {"hash_file", NATIVE_FUNCTION(hash_file), METH_VARARGS | METH_KEYWORDS,
     "hash_file($module, /, path, *, progress=None)\n"
     "--\n\n"
     "XXH3-128 of a file's content as 32 lower-case hex digits. Links are followed; a pipe\n"
     "is read to its end. progress: as in snapshot().\n\n"
     "Raises OSError, FileChangedError, Cancelled.\n\n"
     ">>> hash_file('project/a.txt')\n"
     "'06567c16a1de182538d12e73f626d650'"},
    {NULL, NULL, 0, NULL},
};

int native_hash_exec(PyObject *module, native_state *state) {
    (void)state;
    return native_functions_add(module, functions);
}
