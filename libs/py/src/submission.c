/* SPDX-License-Identifier: MIT */
/* group_paths() and prepare_attachments(): a job's paths as groups, and as a payload. */
#include <string.h>

#include "call.h"
#include "manifest.h"
#include "profile.h"
#include "records.h"
#include "text.h"
#include "tpl/submit.h"

/* A call's arguments as core takes them; what they point into is kept by the call. */
typedef struct job {
    native_call call;
    tpl_references references;
    native_profile profile;
    tpl_submission_options options;
} job;

static int job_init(job *j, native_state *state) {
    *j = (job){.references = TPL_REFERENCES_INIT,
               .profile = NATIVE_PROFILE_INIT,
               .options = TPL_SUBMISSION_OPTIONS_INIT};
    return native_call_init(&j->call, state);
}

static void job_dispose(job *j) {
    tpl_references_dispose(&j->references);
    tpl_strings_dispose(&j->options.exclude);
    native_profile_dispose(&j->profile);
    native_call_dispose(&j->call);
}

static int take_paths(job *j, tpl_strings *out, PyObject *references, const char *name) {
    PyObject *paths = native_call_attribute(&j->call, references, name, "AssetReferences");
    return paths == NULL ? -1 : native_call_paths(&j->call, out, paths, name);
}

static int take_references(job *j, PyObject *references) {
    return take_paths(j, &j->references.inputs, references, "input_filenames") < 0 ||
                   take_paths(j, &j->references.directories, references, "input_directories") < 0 ||
                   take_paths(j, &j->references.outputs, references, "output_directories") < 0 ||
                   take_paths(j, &j->references.referenced, references, "referenced_paths") < 0
               ? -1
               : 0;
}

static int take_profile(job *j, PyObject *profile) {
    if (profile == NULL || profile == Py_None) {
        return 0;
    }
    j->options.profile = &j->profile.view;
    return native_call_profile(&j->call, &j->profile, profile);
}

/* --- groups --- */

static PyObject *paths_new(const tpl_asset_path *paths, size_t count) {
    PyObject *tuple = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple != NULL && i < count; i++) {
        native_tuple_put(&tuple, i, native_text_new(paths[i].text, paths[i].len));
    }
    return tuple;
}

static PyObject *group_new(const native_state *state, const tpl_asset_root *root) {
    PyObject *const values[] = {native_text_new(root->path, root->path_len),
                                root->location == NULL
                                    ? native_none()
                                    : native_text_new(root->location, strlen(root->location)),
                                paths_new(root->inputs, root->input_count),
                                paths_new(root->outputs, root->output_count),
                                paths_new(root->references, root->reference_count),
                                PyLong_FromUnsignedLongLong(root->input_size)};
    return native_record_new(state->asset_root_group, values, 6);
}

static PyObject *groups_new(const native_state *state, const tpl_submission *submission) {
    size_t count = tpl_submission_count(submission);
    PyObject *groups = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; groups != NULL && i < count; i++) {
        tpl_asset_root root;
        tpl_submission_root(submission, i, &root);
        native_tuple_put(&groups, i, group_new(state, &root));
    }
    return groups;
}

/* What is left out without a place in the answer is told. */
static int warn_of_skipped(const native_call *call) {
    for (Py_ssize_t i = 0; i < PyList_Size(call->skipped); i++) {
        PyObject *skipped = PyList_GetItem(call->skipped, i);
        if (PyErr_WarnFormat(PyExc_UserWarning, 1, "%U: skipped: %U",
                             PyStructSequence_GetItem(skipped, 0),
                             PyStructSequence_GetItem(skipped, 1)) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyObject *group_paths(PyObject *module, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"asset_references",
                                        "storage_profile",
                                        "require_paths_exist",
                                        "exclude",
                                        "dialect",
                                        "jobs",
                                        "progress",
                                        NULL};
    PyObject *references = NULL;
    PyObject *profile = NULL;
    PyObject *exclude = NULL;
    PyObject *progress = NULL;
    PyObject *made = NULL;
    const char *dialect = "glob";
    int require = 0;
    long jobs = 0;
    job j;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O$pOslO:group_paths",
                                     NATIVE_UNCONST(char **, names), &references, &profile,
                                     &require, &exclude, &dialect, &jobs, &progress)) {
        return native_raise_unparsed();
    }
    if (job_init(&j, native_state_of(module)) == 0 &&
        native_call_run(&j.call, jobs, progress) == 0 && take_references(&j, references) == 0 &&
        take_profile(&j, profile) == 0 &&
        native_call_patterns(&j.call, &j.options.exclude, exclude, "exclude") == 0 &&
        native_dialect_get(&j.options.dialect, dialect) == 0) {
        tpl_submission *submission = NULL;
        j.options.require_paths_exist = require != 0;
        j.options.run = j.call.run;
        j.call.thread = PyEval_SaveThread();
        tpl_status status = tpl_submission_new(&submission, &j.references, &j.options, &j.call.err);
        PyEval_RestoreThread(j.call.thread);
        if (native_call_check(&j.call, status) == 0 && warn_of_skipped(&j.call) == 0) {
            made = groups_new(j.call.state, submission);
        }
        tpl_submission_free(submission);
    }
    job_dispose(&j);
    return made;
}

/* --- the payload --- */

/* How it is to be made. */
typedef struct making {
    tpl_format format;
    const char *file_system;
    const char *prefix;
} making;

static int take_options(job *j, making *out, PyObject *options) {
    if (options == NULL || options == Py_None) {
        return 0;
    }
    static const char CLS[] = "BundleSubmitOptions";
    j->options.dialect = TPL_DIALECT_GLOBSET;
    PyObject *require = native_call_attribute(&j->call, options, "require_paths_exist", CLS);
    PyObject *mode =
        require == NULL ? NULL : native_call_attribute(&j->call, options, "file_system_mode", CLS);
    PyObject *version =
        mode == NULL ? NULL : native_call_attribute(&j->call, options, "manifest_version", CLS);
    PyObject *exclude =
        version == NULL ? NULL : native_call_attribute(&j->call, options, "exclude_patterns", CLS);
    int truth = exclude == NULL ? -1 : PyObject_IsTrue(require);
    j->options.require_paths_exist = truth == 1;
    return truth < 0 || native_call_word(&j->call, &out->file_system, mode) < 0 ||
                   native_format_get(&out->format, version) < 0 ||
                   native_call_patterns(&j->call, &j->options.exclude, exclude, "exclude") < 0
               ? -1
               : 0;
}

static tpl_status prepare(job *j, const making *how, tpl_submission **out, tpl_buffer *payload,
                          tpl_snapshot_stats *stats) {
    tpl_error *err = &j->call.err;
    tpl_status status = tpl_submission_new(out, &j->references, &j->options, err);
    if (status == TPL_OK) {
        status = tpl_submission_hash(*out, how->format, &j->call.run, stats, err);
    }
    if (status == TPL_OK) {
        status = tpl_submission_payload(payload, *out, how->file_system, how->prefix, err);
    }
    return status;
}

static PyObject *manifests_new(job *j, tpl_submission *submission, int64_t begun_ns) {
    size_t count = tpl_submission_count(submission);
    PyObject *manifests = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; manifests != NULL && i < count; i++) {
        native_origin origin = NATIVE_ORIGIN_INIT;
        origin.trusted_ns = begun_ns;
        tpl_manifest *manifest = tpl_submission_take(submission, i);
        native_tuple_put(&manifests, i,
                         manifest == NULL ? native_none()
                                          : native_manifest_new(j->call.state, manifest, origin));
    }
    return manifests;
}

/* Seconds of time.monotonic(); -1 with an exception. */
static double clock_now(void) {
    PyObject *module = PyImport_ImportModule("time");
    PyObject *now = module == NULL ? NULL : PyObject_CallMethod(module, "monotonic", NULL);
    double seconds = now == NULL ? -1.0 : PyFloat_AsDouble(now);
    Py_XDECREF(module);
    Py_XDECREF(now);
    return seconds;
}

/* The class is the package's. */
static PyObject *summary_new(const tpl_snapshot_stats *stats, double begun) {
    double seconds = PyErr_Occurred() == NULL ? clock_now() - begun : -1.0;
    PyObject *package = seconds < 0 ? NULL : PyImport_ImportModule("template_pkg");
    PyObject *cls = package == NULL ? NULL : PyObject_GetAttrString(package, "SummaryStatistics");
    PyObject *made =
        cls == NULL
            ? NULL
            : PyObject_CallFunction(cls, "KKiiiid", (unsigned long long)stats->hashed_files,
                                    (unsigned long long)stats->hashed_bytes, 0, 0, 0, 0, seconds);
    Py_XDECREF(package);
    Py_XDECREF(cls);
    return made;
}

static PyObject *prepared_new(job *j, tpl_submission *submission, const tpl_buffer *payload,
                              const tpl_snapshot_stats *stats, double begun) {
    PyObject *const values[] = {groups_new(j->call.state, submission),
                                manifests_new(j, submission, stats->begun_ns),
                                native_text_new(payload->data, payload->len),
                                summary_new(stats, begun), PyList_AsTuple(j->call.skipped)};
    return native_record_new(j->call.state->prepared_attachments, values, 5);
}

static PyObject *prepare_attachments(PyObject *module, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"asset_references",
                                        "storage_profile",
                                        "options",
                                        "manifest_prefix",
                                        "jobs",
                                        "progress",
                                        NULL};
    PyObject *references = NULL;
    PyObject *profile = NULL;
    PyObject *options = NULL;
    PyObject *prefix = NULL;
    PyObject *progress = NULL;
    PyObject *made = NULL;
    long jobs = 0;
    job j;
    making how = {TPL_FORMAT_DEFAULT, "COPIED", NULL};
    double begun = clock_now();
    if (begun < 0 || !PyArg_ParseTupleAndKeywords(args, kwargs, "O|OO$OlO:prepare_attachments",
                                                  NATIVE_UNCONST(char **, names), &references,
                                                  &profile, &options, &prefix, &jobs, &progress)) {
        return NULL;
    }
    if (job_init(&j, native_state_of(module)) == 0 &&
        native_call_run(&j.call, jobs, progress) == 0 && take_references(&j, references) == 0 &&
        take_profile(&j, profile) == 0 && take_options(&j, &how, options) == 0 &&
        (prefix == NULL || prefix == Py_None ||
         native_call_word(&j.call, &how.prefix, prefix) == 0)) {
        tpl_submission *submission = NULL;
        tpl_buffer payload = TPL_BUFFER_INIT;
        tpl_snapshot_stats stats = {0};
        j.options.run = j.call.run;
        j.options.hash_follows = true;
        j.call.thread = PyEval_SaveThread();
        tpl_status status = prepare(&j, &how, &submission, &payload, &stats);
        PyEval_RestoreThread(j.call.thread);
        if (native_call_check(&j.call, status) == 0) {
            made = prepared_new(&j, submission, &payload, &stats, begun);
        }
        tpl_buffer_dispose(&payload);
        tpl_submission_free(submission);
    }
    job_dispose(&j);
    return made;
}

static const PyMethodDef functions[] = {
    {"group_paths", NATIVE_FUNCTION(group_paths), METH_VARARGS | METH_KEYWORDS,
     "group_paths($module, /, asset_references, storage_profile=None, *,\n"
     "            require_paths_exist=False, exclude=None, dialect='glob', jobs=0,\n"
     "            progress=None)\n"
     "--\n\n"
     "The paths of an AssetReferences as a tuple of AssetRootGroup, ordered by root. Corresponds\n"
     "to deadline's S3AssetManager.prepare_paths_for_upload().\n\n"
     "storage_profile: a StorageProfile. What is below a SHARED location is left out; what is\n"
     "  below a LOCAL one is a group of its own. Symbolic links are resolved to judge that.\n"
     "require_paths_exist: a missing input is an error; otherwise it is a UserWarning and counts\n"
     "  as a referenced path.\n"
     "exclude: glob patterns over paths relative to an input directory.\n"
     "dialect, jobs, progress: as for snapshot().\n"
     "\n"
     "A root is the path that all of its group have in common. A special file below an input\n"
     "directory is left out with a UserWarning. Raises MisconfiguredInputsError (inputs that are\n"
     "missing, or directories named as files), ValidationError (no pattern of the dialect),\n"
     "OSError, Cancelled."},
    {"prepare_attachments", NATIVE_FUNCTION(prepare_attachments), METH_VARARGS | METH_KEYWORDS,
     "prepare_attachments($module, /, asset_references, storage_profile=None, options=None, *,\n"
     "                    manifest_prefix=None, jobs=0, progress=None)\n"
     "--\n\n"
     "Groups the paths of an AssetReferences, hashes the inputs of each group into a Manifest, "
     "and\n"
     "makes the attachments of a CreateJob request: a PreparedAttachments. Nothing is sent.\n"
     "Corresponds to deadline's hash_assets_and_create_manifest().\n\n"
     "storage_profile: as for group_paths().\n"
     "options: a BundleSubmitOptions; its patterns are of the dialect 'globset', as upstream's.\n"
     "manifest_prefix: str that the manifests' keys begin with.\n"
     "jobs, progress: as for snapshot().\n"
     "\n"
     "Raises what group_paths() does, FileChangedError, and ManifestError (the format cannot hold\n"
     "what is there)."},
    {NULL, NULL, 0, NULL},
};

int native_submission_exec(PyObject *module, native_state *state) {
    (void)state;
    return native_functions_add(module, functions);
}
