/* SPDX-License-Identifier: MIT */
/* The Manifest type: a lazy sequence of entries over the library's handle. */
#include "manifest.h"

#include <stdatomic.h>
#include <string.h>

#include "call.h"
#include "records.h"
#include "text.h"
#include "view.h"

/* Below so many entries, giving up the GIL costs more than comparing. */
#define RELEASE_FROM 4096

/* Both fingerprints, computed at the first wish for one. A thread that finds another one computing
 * them computes its own. */
typedef enum fingerprint_state {
    FINGERPRINT_NONE,
    FINGERPRINT_FILLING,
    FINGERPRINT_READY
} fingerprint_state;

typedef struct fingerprints {
    tpl_hash128 manifest;
    tpl_hash128 content;
} fingerprints;

typedef struct manifest_object {
    PyObject_HEAD native_shared *shared; /* owned, immutable */
    PyObject *skipped;                   /* tuple of Skipped */
    PyObject *stats;                     /* SnapshotStats or None */
    int64_t trusted_ns;
    atomic_int fingerprint_state;
    fingerprints fingerprints;
} manifest_object;

static const tpl_manifest *handle(PyObject *self) {
    return native_shared_get(((manifest_object *)self)->shared);
}

PyObject *native_manifest_new(native_state *state, tpl_manifest *manifest, native_origin origin) {
    PyTypeObject *cls = (PyTypeObject *)state->manifest;
    manifest_object *self = (manifest_object *)PyType_GenericAlloc(cls, 0);
    if (self == NULL) {
        tpl_manifest_free(manifest);
        return NULL;
    }
    self->shared = native_shared_new(manifest);
    if (self->shared == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    self->trusted_ns = origin.trusted_ns;
    self->stats = origin.stats == NULL ? Py_None : origin.stats;
    Py_INCREF(self->stats);
    self->skipped = origin.skipped == NULL ? PyTuple_New(0) : PySequence_Tuple(origin.skipped);
    if (self->skipped == NULL) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

native_origin native_manifest_origin(PyObject *manifest) {
    const manifest_object *self = (manifest_object *)manifest;
    return (native_origin){self->skipped, self->stats, self->trusted_ns};
}

const tpl_manifest *native_manifest_get(const native_state *state, PyObject *object,
                                        int64_t *trusted_ns) {
    if ((PyObject *)Py_TYPE(object) != state->manifest) {
        return NULL;
    }
    if (trusted_ns != NULL) {
        *trusted_ns = ((manifest_object *)object)->trusted_ns;
    }
    return handle(object);
}

native_shared *native_manifest_share(PyObject *manifest) {
    return native_shared_take(((manifest_object *)manifest)->shared);
}

static int manifest_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((manifest_object *)self)->skipped);
    Py_VISIT(((manifest_object *)self)->stats);
    return 0;
}

/* No tp_clear: like a tuple, an immutable value is never the one that closes a cycle. */
static void manifest_dealloc(PyObject *object) {
    manifest_object *self = (manifest_object *)object;
    PyTypeObject *cls = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    Py_XDECREF(self->skipped);
    Py_XDECREF(self->stats);
    native_shared_drop(self->shared);
    PyObject_GC_Del(object);
    Py_DECREF(cls);
}

static PyObject *entry_at(PyObject *self, size_t index) {
    tpl_entry entry;
    tpl_manifest_entry(handle(self), index, &entry);
    return native_entry_new(native_state_of_type(Py_TYPE(self)), &entry);
}

/* 1 and *index when there is an entry with this path, 0 when not, -1 with an exception. */
static int find(PyObject *self, PyObject *path, size_t *index) {
    const char *text = NULL;
    size_t len = 0;
    PyObject *keep = NULL;
    int found = native_path_get(&text, &len, &keep, path);
    if (found == 0) {
        found = tpl_manifest_find(handle(self), text, len, index);
    }
    Py_XDECREF(keep);
    return found;
}

static Py_ssize_t manifest_length(PyObject *self) {
    return (Py_ssize_t)tpl_manifest_count(handle(self));
}

static PyObject *manifest_item(PyObject *self, Py_ssize_t index) {
    if (index < 0 || index >= manifest_length(self)) {
        PyErr_SetString(PyExc_IndexError, "manifest index out of range");
        return NULL;
    }
    return entry_at(self, (size_t)index);
}

static PyObject *manifest_slice(PyObject *self, PyObject *slice) {
    Py_ssize_t start = 0;
    Py_ssize_t stop = 0;
    Py_ssize_t step = 0;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0) {
        return NULL;
    }
    Py_ssize_t count = PySlice_AdjustIndices(manifest_length(self), &start, &stop, step);
    PyObject *tuple = PyTuple_New(count);
    for (Py_ssize_t i = 0; tuple != NULL && i < count; i++) {
        native_tuple_put(&tuple, (size_t)i, entry_at(self, (size_t)(start + i * step)));
    }
    return tuple;
}

static PyObject *manifest_lookup(PyObject *self, PyObject *path) {
    size_t index = 0;
    int found = find(self, path, &index);
    if (found == 0) {
        PyErr_SetObject(PyExc_KeyError, path);
    }
    return found > 0 ? entry_at(self, index) : NULL;
}

static PyObject *manifest_subscript(PyObject *self, PyObject *key) {
    if (PyUnicode_Check(key)) {
        return manifest_lookup(self, key);
    }
    if (PySlice_Check(key)) {
        return manifest_slice(self, key);
    }
    if (!PyIndex_Check(key)) {
        if (native_path_check(key)) {
            return manifest_lookup(self, key);
        }
        return PyErr_Format(PyExc_TypeError,
                            "manifest indices must be integers, slices or paths, not %R",
                            Py_TYPE(key));
    }
    Py_ssize_t at = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (at == -1 && PyErr_Occurred() != NULL) {
        return NULL;
    }
    return manifest_item(self, at < 0 ? at + manifest_length(self) : at);
}

/* A path, or an entry that is equal in all fields to the one with its path. */
static int manifest_contains(PyObject *self, PyObject *item) {
    size_t index = 0;
    if ((PyObject *)Py_TYPE(item) != native_state_of_type(Py_TYPE(self))->manifest_entry) {
        return native_path_check(item) ? find(self, item, &index) : 0;
    }
    PyObject *path = PyStructSequence_GetItem(item, 0);
    int found = path != NULL && PyUnicode_Check(path) ? find(self, path, &index) : 0;
    if (found <= 0) {
        return found;
    }
    PyObject *entry = entry_at(self, index);
    found = entry == NULL ? -1 : PyObject_RichCompareBool(entry, item, Py_EQ);
    Py_XDECREF(entry);
    return found;
}

/* Where the entry is that `in` finds: 1 and *index, 0, or -1 with an exception. */
static int locate(PyObject *self, PyObject *item, size_t *index) {
    int found = manifest_contains(self, item);
    if (found <= 0) {
        return found;
    }
    bool is_entry =
        (PyObject *)Py_TYPE(item) == native_state_of_type(Py_TYPE(self))->manifest_entry;
    return find(self, is_entry ? PyStructSequence_GetItem(item, 0) : item, index);
}

static PyObject *manifest_index(PyObject *self, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"value", "start", "stop", NULL};
    PyObject *value = NULL;
    Py_ssize_t start = 0;
    Py_ssize_t stop = PY_SSIZE_T_MAX;
    size_t index = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|nn:index", NATIVE_UNCONST(char **, names),
                                     &value, &start, &stop)) {
        return NULL;
    }
    int found = locate(self, value, &index);
    PySlice_AdjustIndices(manifest_length(self), &start, &stop, 1);
    if (found > 0 && (Py_ssize_t)index >= start && (Py_ssize_t)index < stop) {
        return PyLong_FromSize_t(index);
    }
    return found < 0 ? NULL : PyErr_Format(PyExc_ValueError, "%R is not in the manifest", value);
}

static PyObject *manifest_count(PyObject *self, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"value", NULL};
    PyObject *value = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:count", NATIVE_UNCONST(char **, names),
                                     &value)) {
        return NULL;
    }
    int found = manifest_contains(self, value);
    return found < 0 ? NULL : PyLong_FromLong(found);
}

static PyObject *manifest_get(PyObject *self, PyObject *args) {
    PyObject *path = NULL;
    PyObject *fallback = Py_None;
    size_t index = 0;
    if (!PyArg_ParseTuple(args, "O|O:get", &path, &fallback)) {
        return NULL;
    }
    int found = find(self, path, &index);
    if (found > 0) {
        return entry_at(self, index);
    }
    Py_XINCREF(found == 0 ? fallback : NULL);
    return found == 0 ? fallback : NULL;
}

static int compute(PyObject *self, fingerprints *out) {
    native_call call;
    int failed = native_call_init(&call, native_state_of_type(Py_TYPE(self)));
    if (failed == 0) {
        call.thread = PyEval_SaveThread();
        tpl_status status = tpl_manifest_fingerprint(handle(self), &out->manifest, &out->content,
                                                     &call.run, &call.err);
        PyEval_RestoreThread(call.thread);
        failed = native_call_check(&call, status);
    }
    native_call_dispose(&call);
    return failed;
}

static int get_fingerprints(PyObject *object, fingerprints *out) {
    manifest_object *self = (manifest_object *)object;
    if (atomic_load(&self->fingerprint_state) != FINGERPRINT_READY) {
        int none = FINGERPRINT_NONE;
        if (compute(object, out) < 0) {
            return -1;
        }
        if (atomic_compare_exchange_strong(&self->fingerprint_state, &none, FINGERPRINT_FILLING)) {
            self->fingerprints = *out;
            atomic_store(&self->fingerprint_state, FINGERPRINT_READY);
        }
        return 0;
    }
    *out = self->fingerprints;
    return 0;
}

static PyObject *hex(tpl_hash128 hash) {
    char digits[TPL_HASH_HEX_LEN + 1];
    tpl_hash128_to_hex(hash, digits);
    return PyUnicode_FromStringAndSize(digits, TPL_HASH_HEX_LEN);
}

static PyObject *get_manifest_hash(PyObject *self, void *unused) {
    (void)unused;
    fingerprints found = {{0, 0}, {0, 0}};
    return get_fingerprints(self, &found) < 0 ? NULL : hex(found.manifest);
}

static PyObject *get_content_hash(PyObject *self, void *unused) {
    (void)unused;
    fingerprints found = {{0, 0}, {0, 0}};
    return get_fingerprints(self, &found) < 0 ? NULL : hex(found.content);
}

static Py_hash_t manifest_hash(PyObject *self) {
    fingerprints found = {{0, 0}, {0, 0}};
    if (get_fingerprints(self, &found) < 0) {
        return -1;
    }
    Py_hash_t hash = (Py_hash_t)found.manifest.low;
    return hash == -1 ? -2 : hash;
}

static bool handles_equal(const tpl_manifest *a, const tpl_manifest *b) {
    if (tpl_manifest_count(a) < RELEASE_FROM) {
        return tpl_manifest_equal(a, b);
    }
    PyThreadState *thread = PyEval_SaveThread();
    bool equal = tpl_manifest_equal(a, b);
    PyEval_RestoreThread(thread);
    return equal;
}

static PyObject *manifest_compare(PyObject *self, PyObject *other, int op) {
    if (Py_TYPE(self) != Py_TYPE(other) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    bool equal = self == other || handles_equal(handle(self), handle(other));
    return PyBool_FromLong(equal == (op == Py_EQ));
}

static PyObject *get_version(PyObject *self, void *unused) {
    (void)unused;
    return PyUnicode_FromString(tpl_format_text(tpl_manifest_format(handle(self))));
}

static PyObject *get_hash_alg(PyObject *self, void *unused) {
    (void)self;
    (void)unused;
    return PyUnicode_FromString("xxh128");
}

static PyObject *get_total_size(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromUnsignedLongLong(tpl_manifest_total_size(handle(self)));
}

static PyObject *get_file_count(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromSsize_t(manifest_length(self));
}

static PyObject *get_directories(PyObject *self, void *unused) {
    (void)unused;
    size_t count = tpl_manifest_directory_count(handle(self));
    PyObject *tuple = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple != NULL && i < count; i++) {
        tpl_entry entry;
        tpl_manifest_directory(handle(self), i, &entry);
        native_tuple_put(&tuple, i, native_entry_new(native_state_of_type(Py_TYPE(self)), &entry));
    }
    return tuple;
}

static PyObject *get_parent_hash(PyObject *self, void *unused) {
    (void)unused;
    size_t len = 0;
    const char *parent = tpl_manifest_parent(handle(self), &len);
    return parent == NULL ? native_none() : native_text_new(parent, len);
}

static PyObject *get_skipped(PyObject *self, void *unused) {
    (void)unused;
    PyObject *skipped = ((manifest_object *)self)->skipped;
    Py_INCREF(skipped);
    return skipped;
}

static PyObject *get_stats(PyObject *self, void *unused) {
    (void)unused;
    PyObject *stats = ((manifest_object *)self)->stats;
    Py_INCREF(stats);
    return stats;
}

static PyObject *of_year(PyObject *self, const char *year) {
    const char *version = tpl_format_text(tpl_manifest_format(handle(self)));
    return PyBool_FromLong(strncmp(version, year, strlen(year)) == 0);
}

static PyObject *is_v2023(PyObject *self, PyObject *unused) {
    (void)unused;
    return of_year(self, "2023-");
}

static PyObject *is_v2025(PyObject *self, PyObject *unused) {
    (void)unused;
    return of_year(self, "2025-");
}

static PyObject *to_dict(PyObject *self, PyObject *unused) {
    (void)unused;
    return native_view(self, "manifest_dict");
}

static PyObject *repr_html(PyObject *self, PyObject *unused) {
    (void)unused;
    return native_view(self, "manifest_html");
}

static PyObject *manifest_repr(PyObject *self) {
    return PyUnicode_FromFormat("<template_pkg.Manifest %s: %zd files, %llu bytes>",
                                tpl_format_text(tpl_manifest_format(handle(self))),
                                manifest_length(self),
                                (unsigned long long)tpl_manifest_total_size(handle(self)));
}

static const PyGetSetDef properties[] = {
    {"version", get_version, NULL, "Format version, \"2023-03-03\" or \"2025-12-04-beta\".", NULL},
    {"hash_alg", get_hash_alg, NULL, "Hash algorithm of every entry, \"xxh128\".", NULL},
    {"total_size", get_total_size, NULL, "Sum of the sizes in bytes; as written when decoded.",
     NULL},
    {"file_count", get_file_count, NULL, "Number of entries.", NULL},
    {"directories", get_directories, NULL,
     "The directories that 2025-12-04-beta lists: a tuple of ManifestEntry, in code point order.",
     NULL},
    {"parent_hash", get_parent_hash, NULL,
     "Of a diff, the hash of the manifest that it changes; of a snapshot None.", NULL},
    {"manifest_hash", get_manifest_hash, NULL,
     "XXH3-128 of the canonical bytes, 32 hex digits: what other tools call the manifest's hash.",
     NULL},
    {"content_hash", get_content_hash, NULL,
     "The same with every mtime written as 0: equal for equal paths and contents, 32 hex digits.",
     NULL},
    {"skipped", get_skipped, NULL, "What snapshot() met and left out: a tuple of Skipped.", NULL},
    {"stats", get_stats, NULL, "What snapshot() had to do: SnapshotStats, else None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static const PyMethodDef methods[] = {
    {"get", manifest_get, METH_VARARGS,
     "get($self, path, default=None, /)\n--\n\nThe last entry with this path, or default."},
    {"index", NATIVE_FUNCTION(manifest_index), METH_VARARGS | METH_KEYWORDS,
     "index($self, /, value, start=0, stop=9223372036854775807)\n--\n\n"
     "Where the entry is that `in` finds by value, a path or an entry. Raises ValueError."},
    {"count", NATIVE_FUNCTION(manifest_count), METH_VARARGS | METH_KEYWORDS,
     "count($self, /, value)\n--\n\n1 when `in` finds value, a path or an entry, else 0."},
    {"filter", NATIVE_FUNCTION(native_manifest_filter), METH_VARARGS | METH_KEYWORDS,
     "filter($self, /, *, include=None, exclude=None, dialect='glob')\n--\n\n"
     "A Manifest of the entries that snapshot() with these patterns would take, in their order,\n"
     "which may be none; format and parent stay. Raises ValidationError (no pattern of the\n"
     "dialect), Cancelled.\n\n"
     ">>> len(snapshot('project').filter(include=['sub/**']))\n"
     "1"},
    {"is_v2023", is_v2023, METH_NOARGS,
     "is_v2023($self, /)\n--\n\nWhether the format is a 2023 version."},
    {"is_v2025", is_v2025, METH_NOARGS,
     "is_v2025($self, /)\n--\n\nWhether the format is a 2025 version."},
    {"to_dict", to_dict, METH_NOARGS,
     "to_dict($self, /)\n--\n\nThe document that encode() writes, as a new dict."},
    {"_repr_html_", repr_html, METH_NOARGS, "_repr_html_($self, /)\n--\n\nFor notebooks."},
    {"__arrow_c_stream__", NATIVE_FUNCTION(native_manifest_arrow_stream),
     METH_VARARGS | METH_KEYWORDS,
     "__arrow_c_stream__($self, /, requested_schema=None)\n--\n\n"
     "The entries as a table of Arrow's C stream interface, in a capsule, for pyarrow.table(),\n"
     "polars.DataFrame(), DuckDB and pandas: path, hash, size, mtime (microseconds, UTC); of\n"
     "2025-12-04-beta also type, runnable, deleted, target, chunk_hashes (between commas). A lone\n"
     "surrogate in a path becomes U+FFFD; then there is path_bytes, which has such a path in\n"
     "WTF-8. requested_schema is left to who asks."},
    {"encode", native_manifest_encode, METH_NOARGS,
     "encode($self, /)\n--\n\n"
     "The canonical text: one line of JSON; of 2023-03-03 ASCII, byte for byte what deadline's\n"
     "AssetManifest.encode() gives. Raises Cancelled."},
    {"convert", native_manifest_convert, METH_O,
     "convert($self, version, /)\n--\n\n"
     "The same manifest in the format \"2023-03-03\" or \"2025-12-04-beta\", sorted. Raises\n"
     "ManifestError when that cannot hold all that this one says, ValueError for another version,\n"
     "Cancelled."},
    {"encode_bytes", native_manifest_encode_bytes, METH_NOARGS,
     "encode_bytes($self, /)\n--\n\nThe canonical text as bytes. Raises Cancelled."},
    {"changes_since", native_manifest_changes_since, METH_O,
     "changes_since($self, base, /)\n--\n\n"
     "What turns base, a Manifest or the path of one, into this manifest: a diff of\n"
     "2025-12-04-beta, which merge() applies. Its parent_hash is that of the file's bytes, or of "
     "a\n"
     "Manifest's canonical ones. Raises OSError, ManifestError, Cancelled."},
    {"save", native_manifest_save, METH_O,
     "save($self, path, /)\n--\n\n"
     "Writes the canonical bytes to a temporary file beside path and renames it.\n\n"
     "Raises OSError and Cancelled, the old file untouched, and ManifestError for a manifest of\n"
     "2023-03-03 without entries.\n\n"
     ">>> snapshot('project').save('before.manifest')\n"
     ">>> diff('before.manifest', 'project').unchanged_count\n"
     "2"},
    {"from_path", native_manifest_from_path, METH_O | METH_CLASS,
     "from_path($type, path, /)\n--\n\n"
     "Reads and decodes a manifest file. Raises OSError, ManifestError, Cancelled.\n\n"
     ">>> snapshot('project').save('before.manifest')\n"
     ">>> Manifest.from_path('before.manifest')['a.txt'].hash\n"
     "'06567c16a1de182538d12e73f626d650'"},
    {"_make", native_manifest_make, METH_VARARGS | METH_CLASS,
     "_make($type, encoded, trusted_ns, skipped, stats, /)\n--\n\n"
     "For pickle: from encode_bytes(), or b'' for no entries."},
    {"__reduce__", native_manifest_reduce, METH_NOARGS, "__reduce__($self, /)\n--\n\nFor pickle."},
    {NULL, NULL, 0, NULL},
};

static const char doc[] =
    "The files of a tree: a lazy, immutable sequence of ManifestEntry.\n\n"
    "manifest[0] and manifest[2:4] index it (a slice is a tuple), manifest[\"a/b\"] looks an\n"
    "entry up by path, `in` takes a path or an entry, of which every field counts. A path is\n"
    "a str or an os.PathLike. Two manifests are equal when their canonical bytes are. Made by\n"
    "snapshot(), merge(), decode_manifest() and Manifest.from_path().\n\n"
    ">>> manifest = snapshot('project')\n"
    ">>> [entry.path for entry in manifest], manifest['a.txt'].size\n"
    "(['a.txt', 'sub/b.txt'], 4)";

static const PyType_Slot slots[] = {
    NATIVE_SLOT(Py_tp_doc, doc),
    NATIVE_SLOT(Py_tp_new, native_no_new),
    NATIVE_SLOT(Py_tp_traverse, manifest_traverse),
    NATIVE_SLOT(Py_tp_dealloc, manifest_dealloc),
    NATIVE_SLOT(Py_tp_repr, manifest_repr),
    NATIVE_SLOT(Py_tp_hash, manifest_hash),
    NATIVE_SLOT(Py_tp_richcompare, manifest_compare),
    NATIVE_SLOT(Py_tp_iter, PySeqIter_New),
    NATIVE_SLOT(Py_sq_length, manifest_length),
    NATIVE_SLOT(Py_sq_item, manifest_item),
    NATIVE_SLOT(Py_sq_contains, manifest_contains),
    NATIVE_SLOT(Py_mp_length, manifest_length),
    NATIVE_SLOT(Py_mp_subscript, manifest_subscript),
    NATIVE_SLOT(Py_tp_getset, properties),
    NATIVE_SLOT(Py_tp_methods, methods),
    {0, NULL},
};

/* For `case [first, *_]`. It is not registered with collections.abc.Sequence: polars would make a
 * row of each entry then, and never ask for the Arrow stream. */
#define TYPE_IS_SEQUENCE (1UL << 5) /* from 3.10: Py_TPFLAGS_SEQUENCE; no flag before */

static const PyType_Spec spec = {
    .name = "template_pkg.Manifest",
    .basicsize = sizeof(manifest_object),
    .flags = NATIVE_TYPE_FLAGS | TYPE_IS_SEQUENCE,
    .slots = NATIVE_UNCONST(PyType_Slot *, slots),
};

int native_manifest_exec(PyObject *module, native_state *state) {
    return native_type_add(module, &state->manifest, &spec);
}
