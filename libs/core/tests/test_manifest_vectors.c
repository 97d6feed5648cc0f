/* SPDX-License-Identifier: MIT */
/* Runs the manifest cases of tests/data/vectors, whose index is JSON and read as such: a case that
 * is added there is run here. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "json_read.h"
#include "mem.h"
#include "tpl/hash.h"
#include "tpl/merge.h"

#define FILES_MAX 8

/* What the index says about a case; texts are NUL-terminated and cut to their arrays, which hold
 * every text of the index that is compared. */
typedef struct vector {
    char id[64];
    char kind[16];
    char tier[16];
    char operation[32];
    char type[16];
    char inputs[FILES_MAX][96];
    size_t input_count;
    char manifest[96]; /* expected */
    char xxh128[40];
    char error_class[48];
    char message[256];
    char rule[32];
} vector;

static void copy_text(char *out, size_t size, const tpl__json_value *value) {
    assert_int_equal(value->kind, TPL__JSON_STRING);
    char *text = tpl__alloc_array(value->len + 1, 1);
    assert_non_null(text);
    tpl__json_text(value, text);
    snprintf(out, size, "%s", text);
    tpl__free(text);
}

typedef void (*member_fn)(tpl__json *json, const char *name, vector *v);

static void each_member(tpl__json *json, member_fn fn, vector *v) {
    assert_true(tpl__json_open(json, '{'));
    bool more;
    tpl__json_first(json, '}', &more);
    while (more) {
        tpl__json_value key;
        char name[32];
        assert_true(tpl__json_name(json, &key));
        copy_text(name, sizeof(name), &key);
        fn(json, name, v);
        assert_true(tpl__json_next(json, '}', &more));
    }
}

static void take_text(tpl__json *json, char *out, size_t size) {
    tpl__json_value value;
    assert_true(tpl__json_value_read(json, &value));
    copy_text(out, size, &value);
}

static void skip_value(tpl__json *json) {
    tpl__json_value value;
    assert_true(tpl__json_value_read(json, &value));
}

static void input_member(tpl__json *json, const char *name, vector *v) {
    if (strcmp(name, "type") == 0) {
        take_text(json, v->type, sizeof(v->type));
    } else if (strcmp(name, "operation") == 0) {
        take_text(json, v->operation, sizeof(v->operation));
    } else if (strcmp(name, "manifest") == 0) {
        take_text(json, v->inputs[v->input_count++], sizeof(v->inputs[0]));
    } else if (strcmp(name, "manifests") == 0) {
        bool more;
        assert_true(tpl__json_open(json, '['));
        tpl__json_first(json, ']', &more);
        while (more) {
            assert_true(v->input_count < FILES_MAX);
            take_text(json, v->inputs[v->input_count++], sizeof(v->inputs[0]));
            assert_true(tpl__json_next(json, ']', &more));
        }
    } else {
        skip_value(json);
    }
}

static void expected_member(tpl__json *json, const char *name, vector *v) {
    tpl__json_value value;
    assert_true(tpl__json_value_read(json, &value));
    if (value.kind != TPL__JSON_STRING) {
        return;
    }
    if (strcmp(name, "manifest") == 0) {
        copy_text(v->manifest, sizeof(v->manifest), &value);
    } else if (strcmp(name, "xxh128") == 0) {
        copy_text(v->xxh128, sizeof(v->xxh128), &value);
    } else if (strcmp(name, "error_class") == 0) {
        copy_text(v->error_class, sizeof(v->error_class), &value);
    } else if (strcmp(name, "message") == 0) {
        copy_text(v->message, sizeof(v->message), &value);
    } else if (strcmp(name, "rule") == 0) {
        copy_text(v->rule, sizeof(v->rule), &value);
    }
}

static void case_member(tpl__json *json, const char *name, vector *v) {
    if (strcmp(name, "id") == 0) {
        take_text(json, v->id, sizeof(v->id));
    } else if (strcmp(name, "kind") == 0) {
        take_text(json, v->kind, sizeof(v->kind));
    } else if (strcmp(name, "tier") == 0) {
        take_text(json, v->tier, sizeof(v->tier));
    } else if (strcmp(name, "input") == 0) {
        each_member(json, input_member, v);
    } else if (strcmp(name, "expected") == 0) {
        each_member(json, expected_member, v);
    } else {
        skip_value(json);
    }
}

typedef struct visitor {
    const char *kind;
    bool quirks;
    void (*run)(const vector *v);
    size_t visited;
} visitor;

static bool is_wanted(const visitor *visit, const vector *v) {
    bool manifests = strncmp(v->type, "manifest", 8) == 0;
    bool quirk = strcmp(v->tier, "quirk") == 0;
    return manifests && quirk == visit->quirks && strcmp(v->operation, "restore_check") != 0 &&
           (visit->kind == NULL || strcmp(v->kind, visit->kind) == 0);
}

static void visit_cases(tpl__json *json, visitor *visit) {
    bool more;
    assert_true(tpl__json_open(json, '['));
    tpl__json_first(json, ']', &more);
    while (more) {
        vector v;
        memset(&v, 0, sizeof(v));
        each_member(json, case_member, &v);
        if (is_wanted(visit, &v)) {
            print_message("%s\n", v.id);
            visit->run(&v);
            visit->visited++;
        }
        assert_true(tpl__json_next(json, ']', &more));
    }
}

/* Runs the wanted cases and demands at least `expected` of them. */
static void visit_index(visitor visit, size_t expected) {
    tpl_buffer text = TPL_BUFFER_INIT;
    read_data(&text, "vectors/cases.json");
    tpl__json json;
    tpl__json_init(&json, text.data, text.len);
    bool more;
    assert_true(tpl__json_open(&json, '{'));
    tpl__json_first(&json, '}', &more);
    while (more) {
        tpl__json_value name;
        assert_true(tpl__json_name(&json, &name));
        if (tpl__json_text_is(&name, "cases", 5)) {
            visit_cases(&json, &visit);
        } else {
            skip_value(&json);
        }
        assert_true(tpl__json_next(&json, '}', &more));
    }
    assert_true(visit.visited >= expected);
    tpl_buffer_dispose(&text);
}

static tpl_status load(tpl_manifest **out, const char *name, tpl_error *err) {
    char path[128];
    tpl_buffer text = TPL_BUFFER_INIT;
    snprintf(path, sizeof(path), "vectors/%s", name);
    read_data(&text, path);
    tpl_status status = tpl_manifest_decode(out, text.data, text.len, NULL, err);
    tpl_buffer_dispose(&text);
    return status;
}

static void expect_file(const tpl_manifest *manifest, const vector *v) {
    char path[128];
    tpl_buffer wanted = TPL_BUFFER_INIT;
    tpl_buffer got = TPL_BUFFER_INIT;
    snprintf(path, sizeof(path), "vectors/%s", v->manifest);
    read_data(&wanted, path);
    append_encoded(&got, manifest);
    assert_int_equal(got.len, wanted.len);
    assert_memory_equal(got.data, wanted.data, wanted.len);
    assert_true(tpl_manifest_is_canonical(manifest, wanted.data, wanted.len));
    tpl_hash128 hash;
    char hex[TPL_HASH_HEX_LEN + 1];
    assert_int_equal(tpl_manifest_fingerprint(manifest, &hash, NULL, NULL, NULL), TPL_OK);
    tpl_hash128_to_hex(hash, hex);
    assert_string_equal(hex, v->xxh128);
    tpl_buffer_dispose(&wanted);
    tpl_buffer_dispose(&got);
}

static void run_recode(const vector *v) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(v->input_count, 1);
    assert_int_equal(load(&manifest, v->inputs[0], NULL), TPL_OK);
    expect_file(manifest, v);
    tpl_manifest_free(manifest);
}

static void run_merge(const vector *v) {
    tpl_manifest *parts[FILES_MAX];
    for (size_t i = 0; i < v->input_count; i++) {
        assert_int_equal(load(&parts[i], v->inputs[i], NULL), TPL_OK);
    }
    tpl_manifest *merged = NULL;
    assert_int_equal(
        tpl_merge(&merged, (const tpl_manifest *const *)parts, v->input_count, NULL, NULL), TPL_OK);
    expect_file(merged, v);
    tpl_manifest_free(merged);
    for (size_t i = 0; i < v->input_count; i++) {
        tpl_manifest_free(parts[i]);
    }
}

static tpl_status wanted_status(const vector *v) {
    if (strcmp(v->error_class, "JSONDecodeError") == 0 ||
        strcmp(v->error_class, "UnicodeDecodeError") == 0) {
        return TPL_E_SYNTAX;
    }
    if (strcmp(v->rule, "4 version") == 0) { /* one of them is known here */
        bool beta = strcmp(v->id, "rej-version-v2025-beta") == 0;
        return beta ? TPL_E_MANIFEST : TPL_E_VERSION;
    }
    return strcmp(v->rule, "digits") == 0 ? TPL_E_RANGE : TPL_E_MANIFEST;
}

/* A document of another format, without a file: read here, but not to be had in this one. */
static void run_successor(const vector *v) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(load(&manifest, v->inputs[0], NULL), TPL_OK);
    assert_int_equal(tpl_manifest_format(manifest), TPL_FORMAT_2025_12_04_BETA);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2023_03_03, NULL, NULL),
                     TPL_E_EMPTY);
    tpl_manifest_free(manifest);
}

static void run_reject(const vector *v) {
    if (strcmp(v->id, "rej-v2025-successor") == 0) {
        run_successor(v);
        return;
    }
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(load(&manifest, v->inputs[0], &err), wanted_status(v));
    assert_null(manifest);
    const char *place = strstr(v->message, ": line ");
    if (strcmp(v->error_class, "JSONDecodeError") == 0) { /* "...: line 1 column 2 (char 1)" */
        char wanted[64];
        assert_non_null(place);
        snprintf(wanted, sizeof(wanted), " at %.*s", (int)strcspn(place + 2, "("), place + 2);
        wanted[strlen(wanted) - 1] = '\0';
        const char *got = strstr(err.message, " at line ");
        assert_non_null(got);
        assert_string_equal(got, wanted);
    }
}

/* Booleans as integers and negative sizes: accepted there, refused here. */
static void run_quirk(const vector *v) {
    tpl_manifest *manifest = NULL;
    tpl_status status = load(&manifest, v->inputs[0], NULL);
    assert_int_equal(status,
                     strcmp(v->id, "dec-bool-integers") == 0 ? TPL_E_MANIFEST : TPL_E_RANGE);
    assert_null(manifest);
}

static void encodes_every_vector(void **state) {
    (void)state;
    visit_index((visitor){"encode", false, run_recode, 0}, 10);
}

static void decodes_every_vector(void **state) {
    (void)state;
    visit_index((visitor){"decode", false, run_recode, 0}, 9);
}

static void refuses_every_vector(void **state) {
    (void)state;
    visit_index((visitor){"reject", false, run_reject, 0}, 56);
}

static void merges_every_vector(void **state) {
    (void)state;
    visit_index((visitor){"merge", false, run_merge, 0}, 4);
}

static void refuses_the_quirks(void **state) {
    (void)state;
    visit_index((visitor){NULL, true, run_quirk, 0}, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_every_vector), cmocka_unit_test(decodes_every_vector),
        cmocka_unit_test(refuses_every_vector), cmocka_unit_test(merges_every_vector),
        cmocka_unit_test(refuses_the_quirks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
