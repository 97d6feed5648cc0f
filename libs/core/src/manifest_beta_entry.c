/* SPDX-License-Identifier: MIT */
/* The entries of format 2025-12-04-beta, under every name that their members have had. */
#include <string.h>

#include "fail.h"
#include "json_members.h"
#include "manifest_beta_reader.h"
#include "manifest_dirs.h"

enum {
    NAME,
    PATH,
    DELETE,
    DELETED,
    DIR_COUNT, /* directories have no more */
    HASH = DIR_COUNT,
    CHUNKS,
    SYMLINK,
    SYMLINK_TARGET,
    RUNNABLE,
    SIZE,
    MTIME,
    MEMBER_COUNT
};

static const tpl__member MEMBERS[] = {
    TPL__MEMBER("name"),    TPL__MEMBER("path"),           TPL__MEMBER("delete"),
    TPL__MEMBER("deleted"), TPL__MEMBER("hash"),           TPL__MEMBER("chunkhashes"),
    TPL__MEMBER("symlink"), TPL__MEMBER("symlink_target"), TPL__MEMBER("runnable"),
    TPL__MEMBER("size"),    TPL__MEMBER("mtime")};

enum {
    LINK_NAME,
    LINK_TARGET,
    LINK_COUNT
};

static const tpl__member LINK_MEMBERS[] = {TPL__MEMBER("name"), TPL__MEMBER("target")};

/* An entry's members, and where the text of each one's value begins. */
typedef struct entry {
    tpl__json_value values[MEMBER_COUNT];
    const char *places[MEMBER_COUNT];
    tpl__text path;
    bool deleted;
} entry;

/* The text is known to be JSON, and the opening bracket is behind us. */
static void read_members(tpl__json *json, const tpl__member *known, size_t count,
                         tpl__json_value *values, const char **places) {
    bool more;
    tpl__json_first(json, '}', &more);
    while (more) {
        tpl__json_value name;
        tpl__json_value value;
        (void)tpl__json_name(json, &name);
        const char *place = json->at;
        (void)tpl__json_value_read(json, &value);
        (void)tpl__json_next(json, '}', &more);
        size_t index = tpl__member_index(&name, known, count);
        if (index < count) {
            values[index] = value;
            if (places != NULL) {
                places[index] = place;
            }
        }
    }
}

static bool is_there(const entry *e, int member) {
    return e->values[member].kind != TPL__JSON_ABSENT;
}

/* Takes a member's other spelling; two that say different things are refused. */
static tpl_status same_text(tpl__beta_reader *r, const tpl__json_value *value, tpl__text *first,
                            bool *found, const char *problem) {
    tpl__text second;
    tpl_status status = tpl__beta_text(r, value, *found ? &second : first);
    if (status == TPL_OK && *found &&
        (second.len != first->len || memcmp(second.data, first->data, first->len) != 0)) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, problem);
    }
    *found = true;
    return status;
}

static tpl_status read_path(tpl__beta_reader *r, entry *e) {
    bool found = false;
    tpl_status status = TPL_OK;
    for (int member = NAME; member <= PATH && status == TPL_OK; member++) {
        if (!is_there(e, member)) {
            continue;
        }
        if (e->values[member].kind != TPL__JSON_STRING) {
            return tpl__beta_refuse(r, TPL_E_MANIFEST,
                                    member == NAME ? ".name is not a string"
                                                   : ".path is not a string");
        }
        status = same_text(r, &e->values[member], &e->path, &found, ".name and .path disagree");
    }
    if (status == TPL_OK && !found) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " lacks name");
    }
    /* GCOVR_EXCL_START: takes a document of that size */
    if (status == TPL_OK && e->path.len > UINT32_MAX) {
        return tpl__beta_refuse(r, TPL_E_RANGE, " has a path longer than 4 GiB");
    }
    /* GCOVR_EXCL_STOP */
    return status == TPL_OK ? tpl__beta_expand(r, &e->path) : status;
}

static tpl_status read_deleted(tpl__beta_reader *r, entry *e) {
    const tpl__json_value *one = &e->values[DELETE];
    const tpl__json_value *other = &e->values[DELETED];
    if (is_there(e, DELETE) && one->kind != TPL__JSON_BOOL) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".delete is not a boolean");
    }
    if (is_there(e, DELETED) && other->kind != TPL__JSON_BOOL) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".deleted is not a boolean");
    }
    if (is_there(e, DELETE) && is_there(e, DELETED) && one->magnitude != other->magnitude) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".delete and .deleted disagree");
    }
    e->deleted = one->magnitude != 0 || other->magnitude != 0;
    if (e->deleted && !r->diff) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " is a deletion in a manifest that is no diff");
    }
    return TPL_OK;
}

/* Null is as good as absent for what may be absent. */
static void drop_nulls(entry *e) {
    static const int OPTIONAL[] = {HASH, CHUNKS, SYMLINK, SYMLINK_TARGET, SIZE, MTIME};
    for (size_t i = 0; i < sizeof(OPTIONAL) / sizeof(OPTIONAL[0]); i++) {
        tpl__json_value *value = &e->values[OPTIONAL[i]];
        if (value->kind == TPL__JSON_NULL) {
            value->kind = TPL__JSON_ABSENT;
        }
    }
}

static tpl_status check_deleted(tpl__beta_reader *r, const entry *e) {
    static const struct {
        int member;
        const char *problem;
    } ALONE[] = {{HASH, " is deleted and has a hash"},
                 {CHUNKS, " is deleted and has chunkhashes"},
                 {SYMLINK_TARGET, " is deleted and has a symlink_target"},
                 {SYMLINK, " is deleted and has a symlink"},
                 {RUNNABLE, " is deleted and has runnable"},
                 {SIZE, " is deleted and has a size"},
                 {MTIME, " is deleted and has an mtime"}};
    for (size_t i = 0; i < sizeof(ALONE) / sizeof(ALONE[0]); i++) {
        bool counts = ALONE[i].member != RUNNABLE || e->values[RUNNABLE].magnitude != 0;
        if (is_there(e, ALONE[i].member) && counts) {
            return tpl__beta_refuse(r, TPL_E_MANIFEST, ALONE[i].problem);
        }
    }
    return TPL_OK;
}

/* The members that every entry of a list may have. */
static tpl_status read_entry(tpl__beta_reader *r, entry *e, size_t members) {
    *e = (entry){.deleted = false};
    if (!tpl__json_open(&r->json, '{')) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " is not an object");
    }
    read_members(&r->json, MEMBERS, members, e->values, e->places);
    drop_nulls(e);
    tpl_status status = read_path(r, e);
    return status == TPL_OK ? read_deleted(r, e) : status;
}

static tpl_status read_dir(tpl__beta_reader *r) {
    entry e;
    tpl_status status = read_entry(r, &e, DIR_COUNT);
    if (status != TPL_OK) {
        return status;
    }
    tpl__row *row = tpl__dirs_append(&r->manifest->dirs);
    if (row == NULL) {
        return tpl__fail_nomem(r->err);
    }
    *row = (tpl__row){.path = e.path.data,
                      .path_len = (uint32_t)e.path.len,
                      .tag = (uint32_t)TPL_KIND_DIRECTORY | (e.deleted ? TPL__TAG_DELETED : 0)};
    r->manifest->attributes |= row->tag;
    return TPL_OK;
}

static tpl_status read_numbers(tpl__beta_reader *r, const entry *e, tpl__row *row) {
    const tpl__json_value *size = &e->values[SIZE];
    const tpl__json_value *mtime = &e->values[MTIME];
    if (!is_there(e, SIZE) || !is_there(e, MTIME)) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST,
                                is_there(e, SIZE) ? " lacks mtime" : " lacks size");
    }
    if (size->kind != TPL__JSON_INTEGER) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".size is not an integer");
    }
    if (mtime->kind != TPL__JSON_INTEGER) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".mtime is not an integer");
    }
    if (!tpl__json_to_size(size, &row->size)) {
        return tpl__beta_refuse(r, TPL_E_RANGE, ".size is not within 0 and 2^64 - 1");
    }
    if (!tpl__json_to_mtime(mtime, &row->mtime)) {
        return tpl__beta_refuse(r, TPL_E_RANGE, ".mtime is not within -2^63 and 2^63 - 1");
    }
    return TPL_OK;
}

static tpl_status set_text(tpl__beta_reader *r, tpl__row *row, tpl_kind kind, tpl__text text) {
    /* GCOVR_EXCL_START: takes a document of that size */
    if (text.len > TPL__TEXT_MAX) {
        return tpl__beta_refuse(r, TPL_E_RANGE, " has a hash or target longer than 256 MiB");
    }
    /* GCOVR_EXCL_STOP */
    tpl_status status = tpl__beta_keep(r, &text);
    row->tag |= (uint32_t)kind | (uint32_t)text.len << TPL__TAG_BITS;
    row->hash.text = text.data;
    return status;
}

static tpl_status read_hash(tpl__beta_reader *r, const entry *e, tpl__row *row) {
    const tpl__json_value *value = &e->values[HASH];
    if (value->kind != TPL__JSON_STRING) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".hash is not a string");
    }
    if (!value->escaped && tpl_hash128_from_hex(&row->hash.digest, value->span, value->span_len)) {
        return TPL_OK;
    }
    tpl__text text;
    tpl_status status = tpl__beta_text(r, value, &text);
    if (status != TPL_OK || tpl_hash128_from_hex(&row->hash.digest, text.data, text.len)) {
        return status;
    }
    if (!tpl__hash_text_is_valid(text.data, text.len)) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".hash is not alphanumeric");
    }
    return set_text(r, row, TPL_KIND_FILE, text);
}

/* One chunk's hash behind the others, with a comma between. */
static tpl_status append_chunk(tpl__beta_reader *r, const tpl__json_value *value,
                               tpl_buffer *joined) {
    tpl__text text;
    if (value->kind != TPL__JSON_STRING) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".chunkhashes is not a list of strings");
    }
    tpl_status status = tpl__beta_text(r, value, &text);
    if (status != TPL_OK) {
        return status;
    }
    if (!tpl__hash_text_is_valid(text.data, text.len)) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".chunkhashes has one that is not alphanumeric");
    }
    if (tpl_buffer_append(joined, ",", joined->len > 0) != TPL_OK ||
        tpl_buffer_append(joined, text.data, text.len) != TPL_OK) {
        return tpl__fail_nomem(r->err);
    }
    return TPL_OK;
}

static tpl_status join_chunks(tpl__beta_reader *r, const char *place, tpl_buffer *joined,
                              uint64_t *count) {
    tpl__json json = r->json;
    json.at = place;
    if (!tpl__json_open(&json, '[')) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".chunkhashes is not a list of strings");
    }
    bool more;
    tpl_status status = TPL_OK;
    tpl__json_first(&json, ']', &more);
    while (more && status == TPL_OK) {
        tpl__json_value value;
        (void)tpl__json_value_read(&json, &value);
        (void)tpl__json_next(&json, ']', &more);
        status = append_chunk(r, &value, joined);
        ++*count;
    }
    return status;
}

static tpl_status read_chunks(tpl__beta_reader *r, const entry *e, tpl__row *row) {
    tpl_buffer joined = TPL_BUFFER_INIT;
    uint64_t count = 0;
    tpl_status status = join_chunks(r, e->places[CHUNKS], &joined, &count);
    if (status == TPL_OK && row->size <= TPL_CHUNK_SIZE) {
        status = tpl__beta_refuse(r, TPL_E_MANIFEST, " has chunkhashes and is not over 256 MiB");
    }
    if (status == TPL_OK && count != (row->size - 1) / TPL_CHUNK_SIZE + 1) {
        status = tpl__beta_refuse(r, TPL_E_MANIFEST, ".chunkhashes are not as many as its chunks");
    }
    if (status == TPL_OK) {
        status = set_text(r, row, TPL_KIND_CHUNKED, (tpl__text){joined.data, joined.len});
    }
    tpl_buffer_dispose(&joined);
    return status;
}

/* One spelling of the target, made relative to the link. */
static tpl_status take_target(tpl__beta_reader *r, const entry *e, const tpl__json_value *value,
                              bool rooted, tpl__text *out) {
    if (value->kind != TPL__JSON_STRING) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " has a link target that is not a string");
    }
    tpl__text text;
    tpl_status status = tpl__beta_text(r, value, &text);
    status = status == TPL_OK ? tpl__beta_expand(r, &text) : status;
    status = status == TPL_OK && rooted ? tpl__beta_check_target(r, e->path, text) : status;
    status = status == TPL_OK && rooted ? tpl__beta_unroot(r, e->path, &text) : status;
    if (status == TPL_OK && out->data != NULL &&
        (out->len != text.len || memcmp(out->data, text.data, text.len) != 0)) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " has link targets that disagree");
    }
    *out = text;
    return status;
}

static tpl_status read_link(tpl__beta_reader *r, const entry *e, tpl__row *row) {
    tpl__text target = {NULL, 0};
    tpl_status status = TPL_OK;
    if (is_there(e, SYMLINK)) {
        tpl__json_value members[LINK_COUNT] = {{.kind = TPL__JSON_ABSENT}};
        tpl__json json = r->json;
        json.at = e->places[SYMLINK];
        if (!tpl__json_open(&json, '{')) {
            return tpl__beta_refuse(r, TPL_E_MANIFEST, ".symlink is not an object");
        }
        read_members(&json, LINK_MEMBERS, LINK_COUNT, members, NULL);
        for (int i = 0; i < LINK_COUNT && status == TPL_OK; i++) {
            if (members[i].kind != TPL__JSON_ABSENT) {
                status = take_target(r, e, &members[i], r->rooted && i == LINK_NAME, &target);
            }
        }
        if (status == TPL_OK && target.data == NULL) {
            return tpl__beta_refuse(r, TPL_E_MANIFEST, ".symlink lacks name");
        }
    }
    if (status == TPL_OK && is_there(e, SYMLINK_TARGET)) {
        status = take_target(r, e, &e->values[SYMLINK_TARGET], false, &target);
    }
    status = status == TPL_OK ? tpl__beta_check_target(r, e->path, target) : status;
    return status == TPL_OK ? set_text(r, row, TPL_KIND_SYMLINK, target) : status;
}

static tpl_status read_contents(tpl__beta_reader *r, const entry *e, tpl__row *row) {
    bool link = is_there(e, SYMLINK) || is_there(e, SYMLINK_TARGET);
    if (is_there(e, HASH) + is_there(e, CHUNKS) + link != 1) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST,
                                " has not exactly one of hash, chunkhashes and symlink");
    }
    const tpl__json_value *runnable = &e->values[RUNNABLE];
    if (is_there(e, RUNNABLE) && runnable->kind != TPL__JSON_BOOL) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, ".runnable is not a boolean");
    }
    if (link) {
        return read_link(r, e, row);
    }
    row->tag = runnable->magnitude != 0 ? TPL__TAG_RUNNABLE : 0;
    tpl_status status = read_numbers(r, e, row);
    if (status != TPL_OK) {
        return status;
    }
    return is_there(e, HASH) ? read_hash(r, e, row) : read_chunks(r, e, row);
}

static tpl_status read_file(tpl__beta_reader *r) {
    entry e;
    tpl_status status = read_entry(r, &e, MEMBER_COUNT);
    tpl__row row = {.size = 0};
    if (status == TPL_OK && e.deleted) {
        row.tag = TPL__TAG_DELETED;
        status = check_deleted(r, &e);
    } else if (status == TPL_OK) {
        status = read_contents(r, &e, &row);
    }
    if (status != TPL_OK) {
        return status;
    }
    tpl__row *slot = tpl__manifest_append(r->manifest);
    if (slot == NULL) {
        return tpl__fail_nomem(r->err);
    }
    row.path = e.path.data;
    row.path_len = (uint32_t)e.path.len;
    *slot = row;
    r->manifest->attributes |= row.tag & TPL__TAG_ATTRIBUTES;
    return TPL_OK;
}

static tpl_status read_list(tpl__beta_reader *r, const char *at,
                            tpl_status (*read_one)(tpl__beta_reader *r)) {
    bool more;
    tpl_status status = TPL_OK;
    r->json.at = at;
    (void)tpl__json_open(&r->json, '[');
    tpl__json_first(&r->json, ']', &more);
    for (r->index = 0; more && status == TPL_OK; r->index++) {
        status = read_one(r);
        if (status == TPL_OK) {
            (void)tpl__json_next(&r->json, ']', &more);
            if (tpl__poll_stops_at(r->poll, r->index)) {
                status = tpl__fail_cancelled(r->err);
            }
        }
    }
    return status;
}

tpl_status tpl__beta_read_dirs(tpl__beta_reader *r, const char *at) {
    r->list = "dirs";
    return read_list(r, at, read_dir);
}

tpl_status tpl__beta_read_files(tpl__beta_reader *r, const char *at) {
    r->list = "files";
    return read_list(r, at, read_file);
}
