/* SPDX-License-Identifier: MIT */
/* The documents of format 2025-12-04-beta: first everything is known to be JSON and where its lists
 * are, since entries may come before the directories that they refer to; then the lists are read.
 */
#include <string.h>

#include "fail.h"
#include "json_members.h"
#include "manifest_beta.h"
#include "manifest_beta_reader.h"
#include "manifest_convert.h"

enum {
    DIRS,
    FILES,
    HASH_ALG,
    TOTAL_SIZE,
    REQUIRED_COUNT,
    VERSION = REQUIRED_COUNT,
    SPECIFICATION,
    PARENT,
    CHUNK_SIZE,
    MEMBER_COUNT
};

static const tpl__member MEMBERS[] = {
    TPL__MEMBER("dirs"),
    TPL__MEMBER("files"),
    TPL__MEMBER("hashAlg"),
    TPL__MEMBER("totalSize"),
    TPL__MEMBER("manifestVersion"),
    TPL__MEMBER("specificationVersion"),
    TPL__MEMBER("parentManifestHash"),
    TPL__MEMBER("fileChunkSizeBytes"),
};

/* What a version says of the document. */
typedef struct dialect {
    const char *version;
    bool says_kind; /* whether it is a diff; else the parent's hash does */
    bool diff;
} dialect;

static const dialect DIALECTS[] = {
    {"2025-12-04-beta", false, false},
    {"relative-manifest-snapshot-beta-2025-12", true, false},
    {"relative-manifest-diff-beta-2025-12", true, true},
};

typedef struct document {
    tpl__json json;
    tpl__json_value top[MEMBER_COUNT];
    const char *lists[REQUIRED_COUNT]; /* where they begin */
} document;

static const dialect *find_dialect(const tpl__json_value *version) {
    for (size_t i = 0; i < sizeof(DIALECTS) / sizeof(DIALECTS[0]); i++) {
        const char *text = DIALECTS[i].version;
        if (version->kind == TPL__JSON_STRING && tpl__json_text_is(version, text, strlen(text))) {
            return &DIALECTS[i];
        }
    }
    return NULL;
}

static bool read_member(document *d, bool *more) {
    tpl__json_value name;
    tpl__json_value value;
    if (!tpl__json_name(&d->json, &name)) {
        return false;
    }
    const char *place = d->json.at;
    if (!tpl__json_value_read(&d->json, &value) || !tpl__json_next(&d->json, '}', more)) {
        return false;
    }
    size_t index = tpl__member_index(&name, MEMBERS, MEMBER_COUNT);
    if (index < MEMBER_COUNT) {
        d->top[index] = value;
    }
    if (index < REQUIRED_COUNT) {
        d->lists[index] = place;
    }
    return true;
}

static tpl_status find_members(document *d, tpl_error *err) {
    bool more = false;
    bool is_object = tpl__json_open(&d->json, '{');
    tpl__json_value other;
    bool good = is_object || tpl__json_value_read(&d->json, &other);
    if (is_object) {
        tpl__json_first(&d->json, '}', &more);
    }
    while (good && more) {
        good = read_member(d, &more);
    }
    if (!good || !tpl__json_end(&d->json)) {
        return tpl__json_fail(&d->json, err);
    }
    return is_object ? TPL_OK : tpl__fail(err, TPL_E_MANIFEST, "manifest is not an object");
}

static tpl_status check_version(const document *d, const dialect **out, tpl_error *err) {
    const tpl__json_value *version = &d->top[VERSION];
    const tpl__json_value *other = &d->top[SPECIFICATION];
    if (version->kind == TPL__JSON_ABSENT && other->kind == TPL__JSON_ABSENT) {
        return tpl__fail(err, TPL_E_MANIFEST, "manifestVersion is missing");
    }
    const tpl__json_value *one = version->kind == TPL__JSON_ABSENT ? other : version;
    const dialect *found = find_dialect(one);
    if (found == NULL) {
        return tpl__unknown_version(one, err);
    }
    *out = found;
    if (other->kind != TPL__JSON_ABSENT && find_dialect(other) != found) {
        return tpl__fail(err, TPL_E_MANIFEST, "manifestVersion and specificationVersion disagree");
    }
    return TPL_OK;
}

/* The hash algorithm and the sizes. */
static tpl_status check_values(const document *d, uint64_t *total, tpl_error *err) {
    const tpl__json_value *top = d->top;
    const tpl__json_value *chunk = &top[CHUNK_SIZE];
    if (top[HASH_ALG].kind != TPL__JSON_STRING || !tpl__json_text_is(&top[HASH_ALG], "xxh128", 6)) {
        return tpl__fail(err, TPL_E_MANIFEST, "hashAlg is not \"xxh128\"");
    }
    if (top[TOTAL_SIZE].kind != TPL__JSON_INTEGER) {
        return tpl__fail(err, TPL_E_MANIFEST, "totalSize is not an integer");
    }
    if (!tpl__json_to_size(&top[TOTAL_SIZE], total)) {
        return tpl__fail(err, TPL_E_RANGE, "totalSize is not within 0 and 2^64 - 1");
    }
    bool whole = chunk->negative && chunk->magnitude == 1;
    if (chunk->kind != TPL__JSON_ABSENT &&
        (chunk->kind != TPL__JSON_INTEGER ||
         (!whole && (chunk->negative || chunk->magnitude != TPL_CHUNK_SIZE)))) {
        return tpl__fail(err, TPL_E_MANIFEST, "fileChunkSizeBytes is not 268435456");
    }
    return TPL_OK;
}

static tpl_status check_lists(const document *d, tpl_error *err) {
    char absent[TPL__ABSENT_SIZE];
    if (tpl__find_absent(absent, d->top, MEMBERS, REQUIRED_COUNT)) {
        return tpl__fail(err, TPL_E_MANIFEST, "manifest lacks %s", absent);
    }
    for (int i = DIRS; i <= FILES; i++) {
        if (d->top[i].kind != TPL__JSON_ARRAY) {
            return tpl__fail(err, TPL_E_MANIFEST, "%s is not a list", MEMBERS[i].name);
        }
    }
    return TPL_OK;
}

static tpl_status read_parent(tpl__beta_reader *r, const document *d, const dialect *kind) {
    const tpl__json_value *value = &d->top[PARENT];
    r->diff = value->kind != TPL__JSON_ABSENT && value->kind != TPL__JSON_NULL;
    if (kind->says_kind && kind->diff != r->diff) {
        return tpl__fail(r->err, TPL_E_MANIFEST,
                         kind->diff ? "a diff lacks parentManifestHash"
                                    : "a snapshot has a parentManifestHash");
    }
    if (!r->diff) {
        return TPL_OK;
    }
    tpl__text text;
    if (value->kind != TPL__JSON_STRING) {
        return tpl__fail(r->err, TPL_E_MANIFEST, "parentManifestHash is not a string");
    }
    tpl_status status = tpl__beta_text(r, value, &text);
    if (status == TPL_OK && !tpl__hash_text_is_valid(text.data, text.len)) {
        return tpl__fail(r->err, TPL_E_MANIFEST, "parentManifestHash is not alphanumeric");
    }
    status = status == TPL_OK ? tpl__beta_keep(r, &text) : status;
    r->manifest->parent = text.data;
    r->manifest->parent_len = text.len;
    return status;
}

static tpl_status read_document(tpl__beta_reader *r, document *d) {
    const dialect *kind = &DIALECTS[0];
    tpl_status status = find_members(d, r->err);
    status = status == TPL_OK ? check_version(d, &kind, r->err) : status;
    status = status == TPL_OK ? check_lists(d, r->err) : status;
    status = status == TPL_OK ? check_values(d, &r->manifest->total_size, r->err) : status;
    status = status == TPL_OK ? read_parent(r, d, kind) : status;
    if (status == TPL_OK) {
        r->json = d->json;
        r->json.poll = NULL; /* known to be JSON up to its end: each entry asks */
        r->rooted = kind->says_kind;
        status = tpl__beta_read_dirs(r, d->lists[DIRS]);
    }
    status = status == TPL_OK ? tpl__beta_read_files(r, d->lists[FILES]) : status;
    status = status == TPL_OK ? tpl__manifest_order(r->manifest, false, r->poll, r->err) : status;
    return status == TPL_OK
               ? tpl__manifest_convert(r->manifest, TPL_FORMAT_2025_12_04_BETA, r->poll, r->err)
               : status;
}

tpl_status tpl__beta_read(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll,
                          tpl_error *err) {
    *out = NULL;
    document d = {.json.at = data};
    tpl__json_init(&d.json, data, len);
    d.json.poll = poll;
    tpl__beta_reader r = {.poll = poll, .budget = tpl__beta_budget(len), .err = err};
    tpl_status status = tpl_manifest_new(&r.manifest, err);
    if (status == TPL_OK) {
        status = read_document(&r, &d);
    }
    if (status == TPL_OK) {
        *out = r.manifest;
    } else {
        tpl_manifest_free(r.manifest);
    }
    return status;
}

bool tpl__beta_is_announced(const char *data, size_t len, tpl__poll *poll) {
    static const char START[] = "{\"dirs\":";
    if (len >= sizeof(START) - 1 && memcmp(data, START, sizeof(START) - 1) == 0) {
        return true;
    }
    tpl__json json;
    bool more = false;
    tpl__json_init(&json, data, len);
    json.poll = poll;
    if (tpl__json_open(&json, '{')) {
        tpl__json_first(&json, '}', &more);
    }
    while (more) {
        tpl__json_value name;
        tpl__json_value value;
        if (!tpl__json_name(&json, &name) || tpl__json_text_is(&name, "paths", 5) ||
            !tpl__json_value_read(&json, &value) || !tpl__json_next(&json, '}', &more)) {
            return false; /* a long list of paths is not looked at twice: only the other has one */
        }
        size_t index = tpl__member_index(&name, MEMBERS, MEMBER_COUNT);
        if (index == VERSION || index == SPECIFICATION) {
            return find_dialect(&value) != NULL;
        }
    }
    return false;
}
