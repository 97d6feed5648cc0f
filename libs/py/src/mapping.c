/* SPDX-License-Identifier: MIT */
/* path_mapping_rules() and map_path(). */
#include "tpl/mapping.h"

#include <string.h>

#include "profile.h"
#include "text.h"
#include "tpl/text.h"

/* A str of an operating-system path, as os.fsdecode() makes it. */
static PyObject *path_new(const char *os) {
    tpl_buffer text = TPL_BUFFER_INIT;
    PyObject *made = tpl_text_from_os(&text, os, strlen(os)) == TPL_OK
                         ? native_text_new(text.len == 0 ? "" : text.data, text.len)
                         : PyErr_NoMemory();
    tpl_buffer_dispose(&text);
    return made;
}

/* --- rules between profiles --- */

/* The class is the package's. */
static PyObject *rule_new(PyObject *cls, const tpl_mapping_rule *rule) {
    PyObject *source = path_new(rule->source);
    PyObject *destination = source == NULL ? NULL : path_new(rule->destination);
    PyObject *made = destination == NULL
                         ? NULL
                         : PyObject_CallFunction(cls, "sOO", rule->windows ? "windows" : "posix",
                                                 source, destination);
    Py_XDECREF(source);
    Py_XDECREF(destination);
    return made;
}

static PyObject *rules_new(const tpl_buffer *rules) {
    const tpl_mapping_rule *all = (const void *)rules->data;
    size_t count = rules->len / sizeof(*all);
    PyObject *package = PyImport_ImportModule("template_pkg");
    PyObject *cls = package == NULL ? NULL : PyObject_GetAttrString(package, "PathMappingRule");
    PyObject *tuple = cls == NULL ? NULL : PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple != NULL && i < count; i++) {
        native_tuple_put(&tuple, i, rule_new(cls, &all[i]));
    }
    Py_XDECREF(package);
    Py_XDECREF(cls);
    return tuple;
}

static PyObject *path_mapping_rules(PyObject *module, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"source_profile", "destination_profile", NULL};
    PyObject *source = NULL;
    PyObject *destination = NULL;
    PyObject *made = NULL;
    native_call call;
    native_profile from = NATIVE_PROFILE_INIT;
    native_profile to = NATIVE_PROFILE_INIT;
    tpl_buffer rules = TPL_BUFFER_INIT;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO:path_mapping_rules",
                                     NATIVE_UNCONST(char **, names), &source, &destination)) {
        return NULL;
    }
    if (native_call_init(&call, native_state_of(module)) == 0 &&
        native_call_profile(&call, &from, source) == 0 &&
        native_call_profile(&call, &to, destination) == 0 &&
        native_call_check(&call, tpl_mapping_between(&rules, &from.view, &to.view)) == 0) {
        made = rules_new(&rules);
    }
    tpl_buffer_dispose(&rules);
    native_profile_dispose(&from);
    native_profile_dispose(&to);
    native_call_dispose(&call);
    return made;
}

/* --- paths --- */

static int take_rule(native_call *call, tpl_buffer *out, PyObject *given) {
    static const char CLS[] = "PathMappingRule";
    tpl_mapping_rule rule = {false, NULL, NULL};
    PyObject *format = native_call_attribute(call, given, "source_path_format", CLS);
    PyObject *source =
        format == NULL ? NULL : native_call_attribute(call, given, "source_path", CLS);
    PyObject *destination =
        source == NULL ? NULL : native_call_attribute(call, given, "destination_path", CLS);
    if (destination == NULL || native_call_path(call, &rule.source, source) < 0 ||
        native_call_path(call, &rule.destination, destination) < 0) {
        return -1;
    }
    rule.windows =
        PyUnicode_Check(format) && PyUnicode_CompareWithASCIIString(format, "windows") == 0;
    if (tpl_buffer_append(out, &rule, sizeof(rule)) != TPL_OK) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static int take_rules(native_call *call, tpl_buffer *out, PyObject *rules) {
    PyObject *iterator = PyObject_GetIter(rules);
    PyObject *item = NULL;
    int failed = iterator == NULL;
    while (!failed && (item = PyIter_Next(iterator)) != NULL) {
        failed = take_rule(call, out, item) < 0;
        Py_DECREF(item);
    }
    Py_XDECREF(iterator);
    return PyErr_Occurred() == NULL ? 0 : -1;
}

/* What a path becomes; appended with a NUL behind it. */
static tpl_status apply(tpl_buffer *out, native_call *call, const tpl_buffer *rules,
                        const char *path, bool strict) {
    tpl_mapping mapping = {(const void *)rules->data, rules->len / sizeof(tpl_mapping_rule)};
    bool mapped = false;
    tpl_status status = tpl_mapping_apply(out, &mapped, &mapping, path, &call->err);
    if (status == TPL_OK && !mapped && strict) {
        call->place.path = path;
        (void)PyOS_snprintf(call->err.message, sizeof(call->err.message), "%s",
                            "no path mapping rule applies");
        return TPL_E_ARGUMENT;
    }
    if (status == TPL_OK && !mapped) {
        status = tpl_buffer_append(out, path, strlen(path));
    }
    return status == TPL_OK ? tpl_buffer_append(out, "", 1) : status;
}

static PyObject *map_path(PyObject *module, PyObject *args, PyObject *kwargs) {
    static const char *const names[] = {"path", "rules", "strict", NULL};
    PyObject *path = NULL;
    PyObject *given = NULL;
    PyObject *made = NULL;
    const char *os = NULL;
    int strict = 0;
    native_call call;
    tpl_buffer rules = TPL_BUFFER_INIT;
    tpl_buffer out = TPL_BUFFER_INIT;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO|$p:map_path", NATIVE_UNCONST(char **, names),
                                     &path, &given, &strict)) {
        return NULL;
    }
    if (native_call_init(&call, native_state_of(module)) == 0 &&
        native_call_path(&call, &os, path) == 0 && take_rules(&call, &rules, given) == 0 &&
        native_call_check(&call, apply(&out, &call, &rules, os, strict != 0)) == 0) {
        made = path_new(out.data);
    }
    tpl_buffer_dispose(&out);
    tpl_buffer_dispose(&rules);
    native_call_dispose(&call);
    return made;
}

static const PyMethodDef functions[] = {
    {"path_mapping_rules", NATIVE_FUNCTION(path_mapping_rules), METH_VARARGS | METH_KEYWORDS,
     "path_mapping_rules($module, /, source_profile, destination_profile)\n--\n\n"
     "The rules, a tuple of PathMappingRule, by which paths of the machine with one "
     "StorageProfile\n"
     "are those of the machine with the other: one for each name that locations of both have.\n"
     "None when the profiles have the same id. Corresponds to deadline's\n"
     "_generate_path_mapping_rules()."},
    {"map_path", NATIVE_FUNCTION(map_path), METH_VARARGS | METH_KEYWORDS,
     "map_path($module, /, path, rules, *, strict=False)\n--\n\n"
     "Where a path of the source machine is on this one, by the PathMappingRule whose source is "
     "the\n"
     "longest part of it; the path itself when none applies.\n\n"
     "strict: when none applies, raise ValidationError.\n"
     "\n"
     "Paths are compared component by component; of the format 'windows' with either slash and\n"
     "without regard to case. No file is looked at. Raises ValidationError for rules of several\n"
     "formats. Corresponds to deadline's _PathMappingRuleApplier."},
    {NULL, NULL, 0, NULL},
};

int native_mapping_exec(PyObject *module, native_state *state) {
    (void)state;
    return native_functions_add(module, functions);
}
