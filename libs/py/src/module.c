/* SPDX-License-Identifier: MIT */
/* The module's definition: its state, the order in which its parts are added, its slots. */
#include "module.h"

native_state *native_state_of(PyObject *module) {
    return PyModule_GetState(module);
}

native_state *native_state_of_type(PyTypeObject *cls) {
    return PyType_GetModuleState(cls);
}

static int (*const parts[])(PyObject *module, native_state *state) = {
#define PART(name) native_##name##_exec,
    NATIVE_PART_MAP(PART)
#undef PART
};

static int module_exec(PyObject *module) {
    native_state *state = native_state_of(module);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i](module, state) < 0) {
            return -1;
        }
    }
    return 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg) {
    native_state *state = native_state_of(module);
#define VISIT(name) Py_VISIT(state->name);
    NATIVE_STATE_MAP(VISIT)
#undef VISIT
    return 0;
}

static int module_clear(PyObject *module) {
    native_state *state = native_state_of(module);
#define CLEAR(name) Py_CLEAR(state->name);
    NATIVE_STATE_MAP(CLEAR)
#undef CLEAR
    return 0;
}

static void module_free(void *module) {
    module_clear(module);
}

/* An interpreter refuses slots that it does not know. The numbers are the stable ABI's, the headers
 * may be older; the slots are sorted so that every version takes a tail of them. */
#define SLOT_MULTIPLE_INTERPRETERS 3 /* from 3.12: 2, supported with a GIL of each one's own */
#define SLOT_GIL 4                   /* from 3.13: 1, not used */

static const PyModuleDef_Slot slots[] = {
    {SLOT_GIL, (void *)1},
    {SLOT_MULTIPLE_INTERPRETERS, (void *)2},
    NATIVE_SLOT(Py_mod_exec, module_exec),
    {0, NULL},
};

#define DEFINITION(first_slot)                                                                     \
    {                                                                                              \
        PyModuleDef_HEAD_INIT,                                                                     \
        .m_name = "template_pkg._native",                                                          \
        .m_doc = "The native half of template_pkg. Import template_pkg instead.",                  \
        .m_size = sizeof(native_state),                                                            \
        .m_slots = NATIVE_UNCONST(PyModuleDef_Slot *, &slots[first_slot]),                         \
        .m_traverse = module_traverse,                                                             \
        .m_clear = module_clear,                                                                   \
        .m_free = module_free,                                                                     \
    }

static PyModuleDef definitions[] = {DEFINITION(0), DEFINITION(1), DEFINITION(2)};

#ifdef Py_LIMITED_API
#define RUNNING_VERSION Py_Version
#else
#define RUNNING_VERSION PY_VERSION_HEX
#endif

PyMODINIT_FUNC PyInit__native(void);

PyMODINIT_FUNC PyInit__native(void) {
    return PyModuleDef_Init(
        &definitions[(RUNNING_VERSION < 0x030d0000) + (RUNNING_VERSION < 0x030c0000)]);
}
