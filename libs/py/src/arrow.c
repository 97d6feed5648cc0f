/* SPDX-License-Identifier: MIT */
/* Manifest's __arrow_c_stream__(): batches made when they are asked for, from a handle that the
 * stream shares with the Manifest. */
#include "arrow.h"

#include <errno.h>

#include "manifest.h"
#include "shared.h"

#define ROWS 65536 /* of a batch */
#define CAPSULE "arrow_array_stream"

typedef struct source {
    native_block block;
    native_shared *shared;
    const tpl_manifest *manifest;
    native_arrow_columns columns;
    size_t next;
    int last; /* errno of the last call */
} source;

static int get_schema(native_arrow_stream *stream, native_arrow_schema *out) {
    source *from = stream->private_data;
    from->last = native_arrow_schema_new(out, from->columns);
    return from->last;
}

static int get_next(native_arrow_stream *stream, native_arrow_array *out) {
    source *from = stream->private_data;
    size_t left = tpl_manifest_count(from->manifest) - from->next;
    size_t count = left < ROWS ? left : ROWS;
    from->last = 0;
    if (count == 0) {
        *out = (native_arrow_array){.release = NULL}; /* the end */
        return 0;
    }
    from->last = native_arrow_batch_new(out, from->manifest, from->columns, from->next, count);
    from->next += from->last == 0 ? count : 0;
    return from->last;
}

static const char *get_last_error(native_arrow_stream *stream) {
    const source *from = stream->private_data;
    return from->last == 0 ? NULL : "out of memory";
}

static void release(native_arrow_stream *stream) {
    source *from = stream->private_data;
    native_shared_drop(from->shared);
    native_block_free(from);
    stream->release = NULL;
}

/* A consumer moves the stream out, and leaves its release NULL. */
typedef struct holder {
    native_block block;
    native_arrow_stream stream;
} holder;

static void free_capsule(PyObject *capsule) {
    holder *held = PyCapsule_GetContext(capsule);
    if (held->stream.release != NULL) {
        held->stream.release(&held->stream);
    }
    native_block_free(held);
}

static PyObject *capsule_new(holder *held) {
    PyObject *capsule = PyCapsule_New(&held->stream, CAPSULE, NULL);
    if (capsule == NULL || PyCapsule_SetContext(capsule, held) < 0 ||
        PyCapsule_SetDestructor(capsule, free_capsule) < 0) {
        Py_CLEAR(capsule);
    }
    return capsule;
}

PyObject *native_manifest_arrow_stream(PyObject *self, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"requested_schema", NULL};
    PyObject *requested = NULL; /* a wish, which may be left to the consumer's cast */
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:__arrow_c_stream__",
                                     NATIVE_UNCONST(char **, names), &requested)) {
        return NULL;
    }
    holder *held = native_block_new(sizeof(*held));
    source *from = native_block_new(sizeof(*from));
    PyObject *capsule = NULL;
    if (held == NULL || from == NULL) {
        PyErr_NoMemory();
    } else {
        capsule = capsule_new(held);
    }
    if (capsule == NULL) {
        native_block_free(held);
        native_block_free(from);
        return NULL;
    }
    from->shared = native_manifest_share(self);
    from->manifest = native_shared_get(from->shared);
    PyThreadState *thread = PyEval_SaveThread(); /* every path is looked at */
    from->columns = native_arrow_columns_of(from->manifest);
    PyEval_RestoreThread(thread);
    held->stream = (native_arrow_stream){.get_schema = get_schema,
                                         .get_next = get_next,
                                         .get_last_error = get_last_error,
                                         .release = release,
                                         .private_data = from};
    return capsule;
}
