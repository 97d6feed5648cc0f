/* SPDX-License-Identifier: MIT */
/* The named tuples: immutable, comparable, hashable, picklable by their public names. */
#include "records.h"

#include <string.h>

#include "text.h"

#define FIELDS(name) static const PyStructSequence_Field name[]

FIELDS(entry_fields) = {
    {"path", "Relative path with '/'; bytes that are not UTF-8 as os.fsdecode() gives them."},
    {"hash",
     "XXH3-128 of the content: 32 lower-case hex digits (a decoded one as it was written);\n"
     "empty for what has none."},
    {"size", "Size in bytes; 0 for what has none."},
    {"mtime", "Modification time in microseconds since the epoch; 0 for what has none."},
    {"type", "\"file\", or of 2025-12-04-beta \"symlink\" or \"directory\"."},
    {"runnable", "Whether somebody may execute it; False when that is not known."},
    {"deleted", "Whether it is gone: the mark of a deletion in a diff."},
    {"target", "A symlink's target, relative to its directory, else None."},
    {"chunk_hashes", "The hash of each 256 MiB of a larger file as a tuple, else None."},
    {NULL, NULL},
};

enum {
    ENTRY_SHOWN = 4 /* fields that are the tuple; the others are attributes only */
};

FIELDS(progress_fields) = {
    {"phase", "\"scanning\", \"hashing\", \"writing\" or \"done\"."},
    {"files_done", "Files hashed, reused or compared."},
    {"files_total", "Files found so far."},
    {"bytes_done", "Bytes read and hashed."},
    {"bytes_total", "Bytes to read, or None while that is not known: of a tree, until the end."},
    {"total_known", "Whether all files are found, so that the totals are final."},
    {NULL, NULL},
};

FIELDS(skipped_fields) = {
    {"path", "Path relative to the root."},
    {"reason",
     "\"special-file\", \"dangling-link\", \"link-loop\", \"link-outside\", \"unreadable\" or\n"
     "\"changed\"."},
    {NULL, NULL},
};

FIELDS(unreadable_fields) = {
    {"path", "Path as in the manifest."},
    {"error", "Why it could not be read, in one line."},
    {NULL, NULL},
};

FIELDS(stats_fields) = {
    {"hashed_files", "Files that were read."},
    {"hashed_bytes", "Bytes that were read."},
    {"reused_files", "Files whose hash was taken from the base."},
    {NULL, NULL},
};

FIELDS(build_fields) = {
    {"version", "Version of the package."},
    {"build_id", "16 hex digits over core's sources and flags; the command's are the same."},
    {"features", "What the build was made with, as a tuple of names."},
    {"path", "The file that the native module was loaded from."},
    {NULL, NULL},
};

FIELDS(group_fields) = {
    {"root_path", "The path that all of the group have in common."},
    {"file_system_location_name", "Name of the LOCAL location that they are below, or None."},
    {"inputs", "Absolute paths of files to read, as a tuple of str in order; so the next two."},
    {"outputs", "Directories to write."},
    {"references", "Paths that are only named."},
    {"input_bytes", "Size of all inputs."},
    {NULL, NULL},
};

FIELDS(prepared_fields) = {
    {"groups", "The roots, a tuple of AssetRootGroup."},
    {"manifests", "The Manifest of each root, or None where it has no inputs."},
    {"attachments_json", "The attachments of a CreateJob request as JSON, in deadline's order."},
    {"hashing_stats", "What was hashed, a SummaryStatistics; `total_time` is the whole call's."},
    {"skipped", "Special files below input directories, a tuple of Skipped."},
    {NULL, NULL},
};

static int add(PyObject *module, PyObject **slot, const char *full_name, const char *doc,
               const PyStructSequence_Field *fields, int shown) {
    PyStructSequence_Desc desc = {
        .name = full_name,
        .doc = doc,
        .fields = NATIVE_UNCONST(PyStructSequence_Field *, fields),
    };
    desc.n_in_sequence = shown;
    while (shown == 0 && fields[desc.n_in_sequence].name != NULL) {
        desc.n_in_sequence++;
    }
    *slot = (PyObject *)PyStructSequence_NewType(&desc);
    return *slot == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)*slot);
}

/* --- entries as values --- */

/* 1 when the fields that are attributes only are equal, 0 when not, -1 with an exception. */
static int attributes_equal(PyObject *a, PyObject *b) {
    int equal = 1;
    for (Py_ssize_t i = ENTRY_SHOWN; equal == 1 && entry_fields[i].name != NULL; i++) {
        equal = PyObject_RichCompareBool(PyStructSequence_GetItem(a, i),
                                         PyStructSequence_GetItem(b, i), Py_EQ);
    }
    return equal;
}

/* As tuples, which know the shown fields, and then the others. */
static PyObject *entry_compare(PyObject *self, PyObject *other, bool wanted) {
    if (!PyTuple_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *shown = PyTuple_GetSlice(self, 0, ENTRY_SHOWN);
    int equal = shown == NULL ? -1 : PyObject_RichCompareBool(shown, other, Py_EQ);
    Py_XDECREF(shown);
    if (equal == 1 && Py_TYPE(self) == Py_TYPE(other)) {
        equal = attributes_equal(self, other);
    }
    return equal < 0 ? NULL : PyBool_FromLong((equal == 1) == wanted);
}

static PyObject *entry_eq(PyObject *self, PyObject *other) {
    return entry_compare(self, other, true);
}

static PyObject *entry_ne(PyObject *self, PyObject *other) {
    return entry_compare(self, other, false);
}

static const PyMethodDef comparisons[] = {
    {"__eq__", entry_eq, METH_O,
     "__eq__($self, value, /)\n--\n\nWhether all fields are equal; of another tuple, the first "
     "four."},
    {"__ne__", entry_ne, METH_O, "__ne__($self, value, /)\n--\n\nThe opposite."},
};

/* Named tuples have no slots of their own to give. The hash stays that of the tuple. */
static int add_comparisons(PyObject *cls) {
    int failed = 0;
    for (size_t i = 0; !failed && i < sizeof(comparisons) / sizeof(*comparisons); i++) {
        PyObject *method =
            PyDescr_NewMethod((PyTypeObject *)cls, NATIVE_UNCONST(PyMethodDef *, &comparisons[i]));
        failed = method == NULL || PyObject_SetAttrString(cls, comparisons[i].ml_name, method) < 0;
        Py_XDECREF(method);
    }
    return failed ? -1 : 0;
}

int native_records_exec(PyObject *module, native_state *state) {
#define ADD(slot, name, doc, fields)                                                               \
    (add(module, &state->slot, "template_pkg." name, doc, fields, 0) < 0)
    int failed =
        add(module, &state->manifest_entry, "template_pkg.ManifestEntry",
            "One file of a manifest: a tuple of path, hash, size and mtime, and more "
            "attributes.\n\n"
            "Two entries are equal when all fields are, an entry and a tuple when those four are.",
            entry_fields, ENTRY_SHOWN) < 0 ||
        add_comparisons(state->manifest_entry) < 0 ||
        ADD(progress, "Progress", "How far a call has come.", progress_fields) ||
        ADD(skipped, "Skipped", "A file that was met and left out.", skipped_fields) ||
        ADD(unreadable, "Unreadable", "A file that verify() could not read.", unreadable_fields) ||
        ADD(snapshot_stats, "SnapshotStats", "What a snapshot had to do.", stats_fields) ||
        ADD(asset_root_group, "AssetRootGroup", "Paths of a job that share a root.",
            group_fields) ||
        ADD(prepared_attachments, "PreparedAttachments",
            "What a job's paths come to: groups, manifests, payload.", prepared_fields) ||
        ADD(build_info, "BuildInfo", "What this build is.", build_fields);
#undef ADD
    return failed ? -1 : 0;
}

PyObject *native_record_new(PyObject *cls, PyObject *const *values, int count) {
    bool complete = true;
    for (int i = 0; i < count; i++) {
        complete = complete && values[i] != NULL;
    }
    PyObject *record = complete ? PyStructSequence_New((PyTypeObject *)cls) : NULL;
    for (int i = 0; i < count; i++) {
        if (record == NULL) {
            Py_XDECREF(values[i]);
        } else {
            PyStructSequence_SetItem(record, i, values[i]);
        }
    }
    return record;
}

#define RECORD(cls, ...)                                                                           \
    native_record_new(cls, (PyObject *const[]){__VA_ARGS__},                                       \
                      (int)(sizeof((PyObject *const[]){__VA_ARGS__}) / sizeof(PyObject *)))

static PyObject *number(uint64_t value) {
    return PyLong_FromUnsignedLongLong(value);
}

static PyObject *chunk_hashes(const tpl_entry *entry) {
    if (entry->kind != TPL_KIND_CHUNKED) {
        return native_none();
    }
    PyObject *text = native_text_new(entry->hash_text, entry->hash_text_len);
    PyObject *comma = PyUnicode_FromString(",");
    PyObject *list = text == NULL || comma == NULL ? NULL : PyUnicode_Split(text, comma, -1);
    PyObject *tuple = list == NULL ? NULL : PyList_AsTuple(list);
    Py_XDECREF(text);
    Py_XDECREF(comma);
    Py_XDECREF(list);
    return tuple;
}

PyObject *native_entry_new(const native_state *state, const tpl_entry *entry) {
    char digits[TPL_HASH_HEX_LEN + 1];
    size_t len = 0;
    bool chunked = entry->kind == TPL_KIND_CHUNKED;
    bool link = entry->kind == TPL_KIND_SYMLINK;
    const char *hash = chunked ? "" : tpl_entry_hash(entry, digits, &len);
    return RECORD(state->manifest_entry, native_text_new(entry->path, entry->path_len),
                  native_text_new(hash, len), number(entry->size),
                  PyLong_FromLongLong(entry->mtime),
                  PyUnicode_InternFromString(tpl_kind_word(entry->kind)),
                  PyBool_FromLong(entry->runnable), PyBool_FromLong(entry->deleted),
                  link ? native_text_new(entry->hash_text, entry->hash_text_len) : native_none(),
                  chunk_hashes(entry));
}

PyObject *native_progress_new(const native_state *state, const tpl_progress *progress) {
    bool done = progress->phase == TPL_PHASE_DONE;
    uint64_t total =
        progress->bytes_total == 0 && done ? progress->bytes_done : progress->bytes_total;
    return RECORD(state->progress, PyUnicode_FromString(tpl_phase_word(progress->phase)),
                  number(progress->files_done), number(progress->files_total),
                  number(progress->bytes_done), total == 0 && !done ? native_none() : number(total),
                  PyBool_FromLong(progress->total_known));
}

PyObject *native_skipped_new(const native_state *state, const tpl_warning *warning) {
    return RECORD(state->skipped, native_text_new(warning->path, warning->path_len),
                  PyUnicode_FromString(tpl_warning_name(warning->kind)));
}

PyObject *native_unreadable_new(const native_state *state, PyObject *path, const char *error) {
    return RECORD(state->unreadable, path,
                  PyUnicode_DecodeUTF8(error, (Py_ssize_t)strlen(error), "replace"));
}

PyObject *native_stats_new(const native_state *state, const tpl_snapshot_stats *stats) {
    return RECORD(state->snapshot_stats, number(stats->hashed_files), number(stats->hashed_bytes),
                  number(stats->reused_files));
}
