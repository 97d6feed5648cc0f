/* SPDX-License-Identifier: MIT */
/* Storage profiles, taken from Python values. */
#include "profile.h"

PyObject *native_call_attribute(native_call *call, PyObject *object, const char *name,
                                const char *cls) {
    PyObject *value = PyObject_GetAttrString(object, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "%s is wanted, not %R", cls, Py_TYPE(object));
    }
    if (value != NULL && PyList_Append(call->keep, value) < 0) {
        Py_CLEAR(value);
    }
    Py_XDECREF(value);
    return value;
}

static int take_location(native_call *call, tpl_buffer *out, PyObject *given) {
    tpl_location location = {NULL, NULL, false};
    PyObject *name = native_call_attribute(call, given, "name", "FileSystemLocation");
    PyObject *path =
        name == NULL ? NULL : native_call_attribute(call, given, "path", "FileSystemLocation");
    PyObject *type =
        path == NULL ? NULL
                     : native_call_attribute(call, given, "location_type", "FileSystemLocation");
    if (type == NULL || native_call_path(call, &location.path, path) < 0 ||
        native_call_word(call, &location.name, name) < 0) {
        return -1;
    }
    location.shared =
        PyUnicode_Check(type) && PyUnicode_CompareWithASCIIString(type, "SHARED") == 0;
    if (tpl_buffer_append(out, &location, sizeof(location)) != TPL_OK) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static int take_locations(native_call *call, tpl_buffer *out, PyObject *profile) {
    PyObject *locations = native_call_attribute(call, profile, "locations", "StorageProfile");
    PyObject *iterator = locations == NULL ? NULL : PyObject_GetIter(locations);
    PyObject *item = NULL;
    int failed = iterator == NULL;
    while (!failed && (item = PyIter_Next(iterator)) != NULL) {
        failed = take_location(call, out, item) < 0;
        Py_DECREF(item);
    }
    Py_XDECREF(iterator);
    return PyErr_Occurred() == NULL ? 0 : -1;
}

int native_call_profile(native_call *call, native_profile *out, PyObject *profile) {
    static const char CLS[] = "StorageProfile";
    PyObject *id = native_call_attribute(call, profile, "storage_profile_id", CLS);
    PyObject *family = id == NULL ? NULL : native_call_attribute(call, profile, "os_family", CLS);
    if (family == NULL || (id != Py_None && native_call_word(call, &out->view.id, id) < 0) ||
        take_locations(call, &out->locations, profile) < 0) {
        return -1;
    }
    out->view.windows =
        PyUnicode_Check(family) && PyUnicode_CompareWithASCIIString(family, "windows") == 0;
    out->view.locations = (const void *)out->locations.data;
    out->view.location_count = out->locations.len / sizeof(tpl_location);
    return 0;
}

void native_profile_dispose(native_profile *profile) {
    tpl_buffer_dispose(&profile->locations);
}
