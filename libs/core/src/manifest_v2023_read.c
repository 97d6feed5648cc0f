/* SPDX-License-Identifier: MIT */
/* The strict reader of format 2023-03-03: any JSON text, every rule of the reference in its order,
 * the last of equal members counting. */
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "json_members.h"
#include "json_read.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "tpl/text.h"

/* Members in the order in which the reference looks for them. */
enum {
    TOP_HASH_ALG,
    TOP_PATHS,
    TOP_VERSION,
    TOP_TOTAL_SIZE,
    TOP_COUNT
};

enum {
    ENTRY_PATH,
    ENTRY_HASH,
    ENTRY_SIZE,
    ENTRY_MTIME,
    ENTRY_COUNT
};

static const tpl__member TOP[] = {TPL__MEMBER("hashAlg"), TPL__MEMBER("paths"),
                                  TPL__MEMBER("manifestVersion"), TPL__MEMBER("totalSize")};
static const tpl__member ENTRY[] = {TPL__MEMBER("path"), TPL__MEMBER("hash"), TPL__MEMBER("size"),
                                    TPL__MEMBER("mtime")};

/* What is wrong with an entry, kept until the members that the reference looks at before are known
 * to be right. */
typedef struct finding {
    tpl_status status;
    char message[TPL_ERROR_MESSAGE_SIZE];
} finding;

typedef struct reader {
    tpl__json json;
    tpl_manifest *manifest;
    tpl__json_value top[TOP_COUNT];
    size_t index;      /* of the entry being read */
    finding entry;     /* the first entry that is none */
    finding hash;      /* the first hash that is none: looked at after all entries */
    tpl_status failed; /* the other ways to fail than a problem of `json` */
} reader;

static void find(finding *f, tpl_status status, size_t index, const char *what, const char *rest) {
    if (f->status == TPL_OK) {
        f->status = status;
        if (snprintf(f->message, sizeof(f->message), "paths[%zu]%s%s", index, what, rest) < 0) {
            f->message[0] = '\0'; /* GCOVR_EXCL_LINE: our formats are none that it refuses */
        }
    }
}

/* Rules for an entry's members, in their order; the row's numbers on success. */
static bool check_entry(reader *r, const tpl__json_value members[ENTRY_COUNT], tpl__row *row) {
    char absent[TPL__ABSENT_SIZE];
    if (tpl__find_absent(absent, members, ENTRY, ENTRY_COUNT)) {
        find(&r->entry, TPL_E_MANIFEST, r->index, " lacks ", absent);
        return false;
    }
    if (members[ENTRY_PATH].kind != TPL__JSON_STRING) {
        find(&r->entry, TPL_E_MANIFEST, r->index, ".path", " is not a string");
    } else if (members[ENTRY_HASH].kind != TPL__JSON_STRING) {
        find(&r->entry, TPL_E_MANIFEST, r->index, ".hash", " is not a string");
    } else if (members[ENTRY_SIZE].kind != TPL__JSON_INTEGER) {
        find(&r->entry, TPL_E_MANIFEST, r->index, ".size", " is not an integer");
    } else if (members[ENTRY_MTIME].kind != TPL__JSON_INTEGER) {
        find(&r->entry, TPL_E_MANIFEST, r->index, ".mtime", " is not an integer");
    } else if (!tpl__json_to_size(&members[ENTRY_SIZE], &row->size)) {
        find(&r->entry, TPL_E_RANGE, r->index, ".size", " is not within 0 and 2^64 - 1");
    } else if (!tpl__json_to_mtime(&members[ENTRY_MTIME], &row->mtime)) {
        find(&r->entry, TPL_E_RANGE, r->index, ".mtime", " is not within -2^63 and 2^63 - 1");
        /* GCOVR_EXCL_START: takes a document of that size */
    } else if (members[ENTRY_PATH].len > UINT32_MAX || members[ENTRY_HASH].len > TPL__TEXT_MAX) {
        find(&r->entry, TPL_E_RANGE, r->index, "",
             " has a path longer than 4 GiB or a hash longer than 256 MiB");
        /* GCOVR_EXCL_STOP */
    } else {
        return true;
    }
    return false;
}

static char *copy_text(reader *r, const tpl__json_value *value) {
    char *text = tpl__arena_bytes(&r->manifest->arena, value->len);
    if (text != NULL) {
        tpl__json_text(value, text);
    }
    return text;
}

static bool set_hash(reader *r, const tpl__json_value *value, tpl__row *row) {
    row->tag = 0;
    if (!value->escaped && tpl_hash128_from_hex(&row->hash.digest, value->span, value->span_len)) {
        return true;
    }
    char *text = copy_text(r, value);
    if (text == NULL) {
        return false;
    }
    if (!tpl__hash_text_is_valid(text, value->len)) {
        find(&r->hash, TPL_E_MANIFEST, r->index, ".hash", " is not alphanumeric");
    } else if (!tpl_hash128_from_hex(&row->hash.digest, text, value->len)) {
        row->hash.text = text;
        row->tag = (uint32_t)value->len << TPL__TAG_BITS;
    }
    return true;
}

/* Adds a row for the entry that was read, unless something is wrong with it. */
static bool add_entry(reader *r, const tpl__json_value members[ENTRY_COUNT]) {
    tpl__row row;
    if (r->entry.status != TPL_OK || !check_entry(r, members, &row)) {
        return true;
    }
    tpl__row *slot = tpl__manifest_append(r->manifest);
    row.path = copy_text(r, &members[ENTRY_PATH]);
    row.path_len = (uint32_t)members[ENTRY_PATH].len;
    if (slot == NULL || row.path == NULL || !set_hash(r, &members[ENTRY_HASH], &row)) {
        r->failed = TPL_E_NOMEM;
        return false;
    }
    *slot = row;
    return true;
}

/* An object's members; those without a name in the list are dropped. The opening bracket is behind
 * us. */
static bool read_entry(reader *r) {
    tpl__json_value members[ENTRY_COUNT];
    memset(members, 0, sizeof(members));
    bool more;
    tpl__json_first(&r->json, '}', &more);
    while (more) {
        tpl__json_value name;
        tpl__json_value value;
        if (!tpl__json_name(&r->json, &name) || !tpl__json_value_read(&r->json, &value) ||
            !tpl__json_next(&r->json, '}', &more)) {
            return false;
        }
        size_t index = tpl__member_index(&name, ENTRY, ENTRY_COUNT);
        if (index < ENTRY_COUNT) {
            members[index] = value;
        }
    }
    return add_entry(r, members);
}

/* Forgets the entries of a `paths` that another one follows. */
static void restart_entries(reader *r) {
    tpl__arena_dispose(&r->manifest->arena);
    r->manifest->count = 0;
    r->index = 0;
    r->entry.status = TPL_OK;
    r->hash.status = TPL_OK;
}

/* The value of `paths`: a list is taken apart into rows. */
static bool read_paths(reader *r) {
    restart_entries(r);
    if (!tpl__json_open(&r->json, '[')) {
        return tpl__json_value_read(&r->json, &r->top[TOP_PATHS]);
    }
    r->top[TOP_PATHS] = (tpl__json_value){.kind = TPL__JSON_ARRAY};
    bool more;
    tpl__json_first(&r->json, ']', &more);
    for (; more; r->index++) {
        tpl__json_value other;
        if (tpl__json_open(&r->json, '{')) {
            if (!read_entry(r)) {
                return false;
            }
        } else if (tpl__json_value_read(&r->json, &other)) {
            find(&r->entry, TPL_E_MANIFEST, r->index, "", " is not an object");
        } else {
            return false;
        }
        if (!tpl__json_next(&r->json, ']', &more)) {
            return false;
        }
    }
    return true;
}

static bool read_members(reader *r) {
    bool more;
    tpl__json_first(&r->json, '}', &more);
    while (more) {
        tpl__json_value name;
        tpl__json_value value;
        if (!tpl__json_name(&r->json, &name)) {
            return false;
        }
        size_t index = tpl__member_index(&name, TOP, TOP_COUNT);
        if (!(index == TOP_PATHS ? read_paths(r) : tpl__json_value_read(&r->json, &value)) ||
            !tpl__json_next(&r->json, '}', &more)) {
            return false;
        }
        if (index < TOP_COUNT && index != TOP_PATHS) {
            r->top[index] = value;
        }
    }
    return true;
}

/* Rules for the document's own members, in their order. */
static tpl_status check_top(reader *r, tpl_error *err) {
    const tpl__json_value *top = r->top;
    const char *known = tpl_format_text(TPL_FORMAT_2023_03_03);
    char absent[TPL__ABSENT_SIZE];
    if (top[TOP_VERSION].kind == TPL__JSON_ABSENT) {
        return tpl__fail(err, TPL_E_MANIFEST, "manifestVersion is missing");
    }
    if (top[TOP_VERSION].kind != TPL__JSON_STRING ||
        !tpl__json_text_is(&top[TOP_VERSION], known, strlen(known))) {
        return tpl__unknown_version(&top[TOP_VERSION], err);
    }
    if (tpl__find_absent(absent, top, TOP, TOP_COUNT)) {
        return tpl__fail(err, TPL_E_MANIFEST, "manifest lacks %s", absent);
    }
    if (top[TOP_HASH_ALG].kind != TPL__JSON_STRING ||
        !tpl__json_text_is(&top[TOP_HASH_ALG], "xxh128", 6)) {
        return tpl__fail(err, TPL_E_MANIFEST, "hashAlg is not \"xxh128\"");
    }
    if (top[TOP_TOTAL_SIZE].kind != TPL__JSON_INTEGER) {
        return tpl__fail(err, TPL_E_MANIFEST, "totalSize is not an integer");
    }
    if (!tpl__json_to_size(&top[TOP_TOTAL_SIZE], &r->manifest->total_size)) {
        return tpl__fail(err, TPL_E_RANGE, "totalSize is not within 0 and 2^64 - 1");
    }
    if (top[TOP_PATHS].kind != TPL__JSON_ARRAY) {
        return tpl__fail(err, TPL_E_MANIFEST, "paths is not a list");
    }
    if (r->index == 0) {
        return tpl__fail(err, TPL_E_MANIFEST, "paths has no entry");
    }
    const finding *first = r->entry.status != TPL_OK ? &r->entry : &r->hash;
    return first->status == TPL_OK ? TPL_OK : tpl__fail(err, first->status, "%s", first->message);
}

static tpl_status read_document(reader *r, tpl_error *err) {
    tpl__json_value other;
    bool is_object = tpl__json_open(&r->json, '{');
    bool read = is_object ? read_members(r) : tpl__json_value_read(&r->json, &other);
    if (!read || !tpl__json_end(&r->json)) {
        return r->failed == TPL_OK ? tpl__json_fail(&r->json, err)
                                   : tpl__fail(err, r->failed, "%s", tpl_status_text(r->failed));
    }
    if (!is_object) {
        return tpl__fail(err, TPL_E_MANIFEST, "manifest is not an object");
    }
    tpl_status status = check_top(r, err);
    return status == TPL_OK ? tpl__manifest_order(r->manifest, false, r->json.poll, err) : status;
}

tpl_status tpl__v2023_read(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll,
                           tpl_error *err) {
    *out = NULL;
    reader r = {.failed = TPL_OK};
    tpl__json_init(&r.json, data, len);
    r.json.poll = poll;
    tpl_status status = tpl_manifest_new(&r.manifest, err);
    if (status == TPL_OK) {
        status = read_document(&r, err);
    }
    if (status == TPL_OK) {
        *out = r.manifest;
    } else {
        tpl_manifest_free(r.manifest);
    }
    return status;
}
