/* SPDX-License-Identifier: MIT */
/* CancelScope: a part of a thread's work that another thread can stop. The innermost scope of each
 * thread is in the module's state, under the thread's number, and knows the next one. No other
 * thread of the interpreter ever has that number, so what a thread leaves behind when it ends
 * within a scope stops nobody. Leaving a scope takes no memory, so it does not fail for want of it.
 */
#include "scope.h"

typedef struct scope_object {
    PyObject_HEAD PyObject *cancelled; /* what is asked */
    PyObject *outer;                   /* while entered: the next scope, or NULL */
    PyObject *key;                     /* while entered: the thread's, else NULL */
    uint64_t thread;
} scope_object;

static uint64_t this_thread(void) {
    return PyThreadState_GetID(PyThreadState_Get());
}

PyObject *native_scope_innermost(const native_state *state) {
    if (PyDict_Size(state->scopes) == 0) { /* the usual case */
        return NULL;
    }
    PyObject *key = PyLong_FromUnsignedLongLong(this_thread());
    PyObject *scope = key == NULL ? NULL : PyDict_GetItemWithError(state->scopes, key);
    Py_XINCREF(scope);
    Py_XDECREF(key);
    return scope;
}

static int asks_to_stop(const scope_object *self) {
    PyObject *answer = PyObject_CallObject(self->cancelled, NULL);
    int stop = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(answer);
    return stop != 0;
}

int native_scope_stops(PyObject *scope) {
    int stop = 0;
    Py_XINCREF(scope); /* whoever is asked may leave scopes */
    while (scope != NULL && !stop) {
        scope_object *self = (scope_object *)scope;
        stop = asks_to_stop(self);
        scope = self->outer;
        Py_XINCREF(scope);
        Py_DECREF((PyObject *)self);
    }
    Py_XDECREF(scope);
    return stop;
}

static PyObject *scope_enter(PyObject *object, PyObject *unused) {
    (void)unused;
    scope_object *self = (scope_object *)object;
    const native_state *state = native_state_of_type(Py_TYPE(object));
    if (self->key != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a scope is entered once at a time");
        return NULL;
    }
    PyObject *outer = native_scope_innermost(state);
    uint64_t thread = this_thread();
    PyObject *key = PyErr_Occurred() == NULL ? PyLong_FromUnsignedLongLong(thread) : NULL;
    if (key == NULL || PyDict_SetItem(state->scopes, key, object) < 0) {
        Py_XDECREF(outer);
        Py_XDECREF(key);
        return NULL;
    }
    self->outer = outer;
    self->key = key;
    self->thread = thread;
    Py_INCREF(object);
    return object;
}

static PyObject *scope_exit(PyObject *object, PyObject *args) {
    (void)args;
    scope_object *self = (scope_object *)object;
    const native_state *state = native_state_of_type(Py_TYPE(object));
    if (self->key == NULL || self->thread != this_thread() ||
        PyDict_GetItemWithError(state->scopes, self->key) != object) {
        PyErr_SetString(PyExc_RuntimeError,
                        "a scope is left by the thread that entered it, the innermost first");
        return NULL;
    }
    int failed = self->outer == NULL ? PyDict_DelItem(state->scopes, self->key)
                                     : PyDict_SetItem(state->scopes, self->key, self->outer);
    Py_CLEAR(self->outer);
    Py_CLEAR(self->key);
    return failed < 0 ? NULL : native_none();
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
    Py_VISIT(((scope_object *)self)->outer);
    return 0;
}

static int scope_clear(PyObject *self) {
    Py_CLEAR(((scope_object *)self)->cancelled);
    Py_CLEAR(((scope_object *)self)->outer);
    Py_CLEAR(((scope_object *)self)->key);
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
    "Scopes nest: the outer ones are asked, too. One scope is entered once at a time. It is the\n"
    "thread's, not a task's: for tasks of asyncio there is template_pkg.aio, and a scope that is\n"
    "held across an await would stop the other tasks' calls, and fail to be left before theirs.\n\n"
    ">>> stop = threading.Event()\n"
    ">>> with CancelScope(stop.is_set):\n"
    "...     manifest = snapshot('project')";

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
