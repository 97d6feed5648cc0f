/* SPDX-License-Identifier: MIT */
/* CancelScope: a part of a thread's work that another thread can stop. The scopes that a thread is
 * in are in the module's state, under the thread's number, as a tuple of what they ask. */
#include "scope.h"

typedef struct scope_object {
    PyObject_HEAD PyObject *cancelled; /* what is asked */
} scope_object;

static PyObject *thread_key(void) {
    return PyLong_FromUnsignedLong(PyThread_get_thread_ident());
}

/* A new reference, or NULL without an exception when there is none. */
static PyObject *questions_at(const native_state *state, PyObject *key) {
    PyObject *questions = PyDict_GetItemWithError(state->scopes, key);
    Py_XINCREF(questions);
    return questions;
}

PyObject *native_scope_questions(native_state *state) {
    if (PyDict_Size(state->scopes) == 0) { /* the usual case */
        return NULL;
    }
    PyObject *key = thread_key();
    PyObject *questions = key == NULL ? NULL : questions_at(state, key);
    Py_XDECREF(key);
    return questions;
}

int native_scope_stops(PyObject *questions) {
    Py_ssize_t count = questions == NULL ? 0 : PyTuple_Size(questions);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *answer = PyObject_CallObject(PyTuple_GetItem(questions, i), NULL);
        int stop = answer == NULL ? -1 : PyObject_IsTrue(answer);
        Py_XDECREF(answer);
        if (stop != 0) {
            return 1;
        }
    }
    return 0;
}

/* Puts `questions` in the place of those at `key`; an empty tuple goes. Takes over `questions`,
 * which may be NULL with an exception. */
static int replace(const native_state *state, PyObject *key, PyObject *questions) {
    int failed = -1;
    if (questions != NULL) {
        failed = PyTuple_Size(questions) == 0 ? PyDict_DelItem(state->scopes, key)
                                              : PyDict_SetItem(state->scopes, key, questions);
    }
    Py_XDECREF(questions);
    return failed;
}

static PyObject *longer(PyObject *old, PyObject *question) {
    PyObject *last = PyTuple_Pack(1, question);
    if (last == NULL || old == NULL) {
        return last;
    }
    PyObject *both = PySequence_Concat(old, last);
    Py_DECREF(last);
    return both;
}

static PyObject *scope_enter(PyObject *self, PyObject *unused) {
    (void)unused;
    const native_state *state = native_state_of_type(Py_TYPE(self));
    PyObject *key = thread_key();
    PyObject *old = key == NULL ? NULL : questions_at(state, key);
    int failed = PyErr_Occurred() != NULL ||
                 replace(state, key, longer(old, ((scope_object *)self)->cancelled)) < 0;
    Py_XDECREF(old);
    Py_XDECREF(key);
    Py_XINCREF(failed ? NULL : self);
    return failed ? NULL : self;
}

/* What is left of `old` without its last question, which must be this scope's. */
static PyObject *shorter(PyObject *self, PyObject *old) {
    Py_ssize_t count = old == NULL ? 0 : PyTuple_Size(old);
    if (count == 0 || PyTuple_GetItem(old, count - 1) != ((scope_object *)self)->cancelled) {
        PyErr_SetString(PyExc_RuntimeError,
                        "a scope is left by the thread that entered it, the innermost first");
        return NULL;
    }
    return PyTuple_GetSlice(old, 0, count - 1);
}

static PyObject *scope_exit(PyObject *self, PyObject *args) {
    (void)args;
    const native_state *state = native_state_of_type(Py_TYPE(self));
    PyObject *key = thread_key();
    PyObject *old = key == NULL ? NULL : questions_at(state, key);
    int failed = PyErr_Occurred() != NULL || replace(state, key, shorter(self, old)) < 0;
    Py_XDECREF(old);
    Py_XDECREF(key);
    return failed ? NULL : native_none();
}

static PyObject *scope_new(PyTypeObject *cls, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"", NULL};
    PyObject *cancelled = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:CancelScope", NATIVE_UNCONST(char **, names),
                                     &cancelled)) {
        return NULL;
    }
    if (!PyCallable_Check(cancelled)) {
        return PyErr_Format(PyExc_TypeError, "cancelled must be callable, not %R",
                            Py_TYPE(cancelled));
    }
    scope_object *self = (scope_object *)PyType_GenericAlloc(cls, 0);
    if (self != NULL) {
        Py_INCREF(cancelled);
        self->cancelled = cancelled;
    }
    return (PyObject *)self;
}

static int scope_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((scope_object *)self)->cancelled);
    return 0;
}

static int scope_clear(PyObject *self) {
    Py_CLEAR(((scope_object *)self)->cancelled);
    return 0;
}

static void scope_dealloc(PyObject *self) {
    PyTypeObject *cls = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    scope_clear(self);
    PyObject_GC_Del(self);
    Py_DECREF(cls);
}

static const PyMethodDef methods[] = {
    {"__enter__", scope_enter, METH_NOARGS, "__enter__($self, /)\n--\n\nEnters the scope."},
    {"__exit__", scope_exit, METH_VARARGS,
     "__exit__($self, /, *args)\n--\n\nLeaves it; exceptions go on."},
    {NULL, NULL, 0, NULL},
};

static const char doc[] =
    "CancelScope(cancelled, /)\n--\n\n"
    "Lets another thread stop this one's work: in `with CancelScope(event.is_set):` every long\n"
    "call of this package, on this thread, asks cancelled() about every 20 ms.\n\n"
    "A true answer stops the call with Cancelled, an exception stops it and comes out unchanged.\n"
    "Scopes nest: the outer ones are asked, too. What a call does without waiting is not asked.";

static const PyType_Slot slots[] = {
    NATIVE_SLOT(Py_tp_doc, doc),
    NATIVE_SLOT(Py_tp_new, scope_new),
    NATIVE_SLOT(Py_tp_traverse, scope_traverse),
    NATIVE_SLOT(Py_tp_clear, scope_clear),
    NATIVE_SLOT(Py_tp_dealloc, scope_dealloc),
    NATIVE_SLOT(Py_tp_methods, methods),
    {0, NULL},
};

static const PyType_Spec spec = {
    .name = "template_pkg.CancelScope",
    .basicsize = sizeof(scope_object),
    .flags = NATIVE_TYPE_FLAGS,
    .slots = NATIVE_UNCONST(PyType_Slot *, slots),
};

int native_scope_exec(PyObject *module, native_state *state) {
    state->scopes = PyDict_New();
    return state->scopes == NULL ? -1 : native_type_add(module, &state->cancel_scope, &spec);
}
