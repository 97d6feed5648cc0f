/* SPDX-License-Identifier: MIT */
/* How a long call runs: the callbacks, which take the GIL back, and what came out of it. */
#include "call.h"

#include <limits.h>

#include "records.h"
#include "scope.h"

/* A callback's exception stays pending until the call is over; nothing else runs on top of it. */
static int on_poll(void *payload) {
    native_call *call = payload;
    PyEval_RestoreThread(call->thread);
    int stop =
        PyErr_Occurred() != NULL || PyErr_CheckSignals() < 0 || native_scope_stops(call->scope);
    call->thread = PyEval_SaveThread();
    return stop;
}

static int report(native_call *call, const tpl_progress *progress) {
    PyObject *record = native_progress_new(call->state, progress);
    PyObject *answer =
        record == NULL ? NULL : PyObject_CallFunctionObjArgs(call->progress, record, NULL);
    int stop = answer == NULL || answer == Py_False;
    Py_XDECREF(record);
    Py_XDECREF(answer);
    return stop;
}

static int on_progress(const tpl_progress *progress, void *payload) {
    native_call *call = payload;
    PyEval_RestoreThread(call->thread);
    int stop = PyErr_Occurred() != NULL || PyErr_CheckSignals() < 0 || report(call, progress);
    call->thread = PyEval_SaveThread();
    return stop;
}

/* About something that is no file of the tree. */
static void warn_aside(const tpl_warning *warning, PyObject *path) {
    char text[128];
    if (warning->kind == TPL_WARN_PATTERN_IS_DIRECTORY) {
        PyErr_WarnFormat(PyExc_UserWarning, 1,
                         "pattern %R names a directory, so it selects no file by itself; "
                         "'%U/**' selects what is below it",
                         path, path);
    } else if (warning->sys_errno != 0) {
        PyErr_WarnFormat(PyExc_UserWarning, 1, "%U: %s (%s)", path, tpl_warning_text(warning->kind),
                         tpl_errno_text(warning->sys_errno, text, sizeof(text)));
    } else {
        PyErr_WarnFormat(PyExc_UserWarning, 1, "%U: %s", path, tpl_warning_text(warning->kind));
    }
}

/* Why a job's inputs are refused: the error has them all. */
static bool is_cause(tpl_warning_kind kind) {
    return kind == TPL_WARN_INPUT_MISSING || kind == TPL_WARN_INPUT_DIRECTORY ||
           kind == TPL_WARN_INPUT_SPECIAL;
}

static void warn(native_call *call, const tpl_warning *warning) {
    PyObject *skipped = native_skipped_new(call->state, warning);
    if (skipped == NULL) {
        return;
    }
    if (!tpl_warning_is_skip(warning->kind) && !is_cause(warning->kind)) {
        warn_aside(warning, PyStructSequence_GetItem(skipped, 0));
    } else {
        PyList_Append(call->skipped, skipped);
    }
    Py_DECREF(skipped);
}

static void on_warning(const tpl_warning *warning, void *payload) {
    native_call *call = payload;
    PyEval_RestoreThread(call->thread);
    if (PyErr_Occurred() == NULL) {
        warn(call, warning);
    }
    call->thread = PyEval_SaveThread();
}

int native_call_init(native_call *call, native_state *state) {
    *call = (native_call){.state = state, .place = NATIVE_PLACE_INIT, .err = TPL_ERROR_INIT};
    call->run = (tpl_run){.warning = on_warning, .poll = on_poll, .payload = call};
    call->keep = PyList_New(0);
    call->skipped = PyList_New(0);
    call->place.told = call->skipped;
    call->scope = native_scope_innermost(state);
    return PyErr_Occurred() == NULL ? 0 : -1;
}

int native_call_run(native_call *call, long jobs, PyObject *progress) {
    if (jobs < 0 || jobs > INT_MAX) {
        PyErr_Format(PyExc_ValueError, "jobs must be between 0 and %d, not %ld", INT_MAX, jobs);
        return -1;
    }
    call->run.jobs = (unsigned)jobs;
    if (progress != NULL && progress != Py_None) {
        if (!PyCallable_Check(progress)) {
            PyErr_Format(PyExc_TypeError, "progress must be callable or None, not %R", progress);
            return -1;
        }
        call->progress = progress;
        call->run.progress = on_progress;
    }
    return 0;
}

void native_call_dispose(native_call *call) {
    Py_CLEAR(call->keep);
    Py_CLEAR(call->skipped);
    Py_CLEAR(call->scope);
    tpl_error_dispose(&call->err);
}

int native_call_check(native_call *call, tpl_status status) {
    if (status != TPL_OK) {
        call->err.status = status;
        native_raise(call->state, &call->err, call->place);
    }
    return PyErr_Occurred() == NULL ? 0 : -1;
}
