/* SPDX-License-Identifier: MIT */
/* Believes nothing of an index file that its length and its hash do not confirm. */
#include "index_file.h"

#include <string.h>

#include "manifest_table.h"
#include "tpl/entry.h"
#include "wtf8.h"

enum {
    VERSION = 3, /* to be raised with every change of the layout or of what a record stands for */
    ORDER_MARK = 0x01020304,
    MAGIC_LEN = sizeof(TPL__INDEX_MAGIC) - 1
};

#define MOST_RECORDS ((uint64_t)1 << 31)

_Static_assert(sizeof(tpl__index_record) == 64, "records have no padding");
_Static_assert(sizeof(tpl__index_head) == 40, "neither has the head");

tpl__index_head tpl__index_head_of(uint64_t root_ino, uint64_t count, uint64_t text_len) {
    tpl__index_head head = {.byte_order = ORDER_MARK,
                            .version = VERSION,
                            .root_ino = root_ino,
                            .count = count,
                            .text_len = text_len};
    memcpy(head.magic, TPL__INDEX_MAGIC, MAGIC_LEN);
    return head;
}

/* The head says how long the file is. */
static bool length_is_right(const tpl__index_head *head, size_t len) {
    const uint64_t frame = sizeof(*head) + sizeof(tpl_hash128);
    if (head->count > MOST_RECORDS || len < frame) {
        return false;
    }
    uint64_t records = head->count * sizeof(tpl__index_record);
    return records <= len - frame && head->text_len == len - frame - records;
}

static bool hash_is_right(const char *data, size_t len) {
    tpl_hash128 said;
    size_t covered = len - sizeof(said);
    memcpy(&said, data + covered, sizeof(said));
    tpl_hash128 is = tpl_hash_bytes(data, covered);
    return is.high == said.high && is.low == said.low;
}

static bool is_in_chunks(const tpl__index_record *record) {
    return record->chunks_len > 0;
}

/* Finds where the records with hashes of chunks begin; false when another one follows, or when the
 * lengths do not fill the text. */
static bool lengths_are_right(tpl__index_view *view) {
    uint64_t sum = 0; /* 2^32 lengths below 2^32 do not overflow it */
    for (size_t i = 0; i < view->count; i++) {
        const tpl__index_record *record = &view->records[i];
        if (!is_in_chunks(record) && view->whole++ < i) {
            return false;
        }
        sum += (uint64_t)record->path_len + record->chunks_len;
    }
    return sum == view->text_len;
}

/* A digest for each chunk of the file, with commas between. */
static bool chunks_are_right(const tpl__index_record *record, const char *text) {
    const size_t stride = TPL_HASH_HEX_LEN + 1;
    const uint64_t count = record->size / TPL_CHUNK_SIZE + (record->size % TPL_CHUNK_SIZE != 0);
    if (count < 2 || record->chunks_len > TPL__TEXT_MAX ||
        record->chunks_len != count * stride - 1) {
        return false;
    }
    for (size_t at = 0; at < record->chunks_len; at += stride) {
        tpl_hash128 digest;
        if (!tpl_hash128_from_hex(&digest, text + at, TPL_HASH_HEX_LEN) ||
            (at > 0 && text[at - 1] != ',')) {
            return false;
        }
    }
    return true;
}

/* A hash that is right tells of no accident; it does not tell who wrote the file. */
static bool texts_are_right(const tpl__index_view *view) {
    const char *path = view->text;
    for (size_t i = 0; i < view->count; i++) {
        const tpl__index_record *record = &view->records[i];
        const char *chunks = path + record->path_len;
        if (!tpl__wtf8_is_valid(path, record->path_len) ||
            (is_in_chunks(record) && !chunks_are_right(record, chunks))) {
            return false;
        }
        path = chunks + record->chunks_len;
    }
    return true;
}

tpl__index_verdict tpl__index_parse(tpl__index_view *out, const char *data, size_t len,
                                    uint64_t root_ino) {
    tpl__index_head head;
    *out = (tpl__index_view){.records = NULL};
    size_t known = len < MAGIC_LEN ? len : MAGIC_LEN;
    if (known > 0 && memcmp(data, TPL__INDEX_MAGIC, known) != 0) {
        return TPL__INDEX_FOREIGN;
    }
    if (len < sizeof(head)) {
        return TPL__INDEX_DAMAGED;
    }
    memcpy(&head, data, sizeof(head));
    if (head.byte_order != ORDER_MARK || head.version != VERSION) {
        return TPL__INDEX_VERSION;
    }
    if (!length_is_right(&head, len) || !hash_is_right(data, len)) {
        return TPL__INDEX_DAMAGED;
    }
    tpl__index_view view = {.records = (const void *)(data + sizeof(head)),
                            .count = (size_t)head.count,
                            .text_len = (size_t)head.text_len};
    view.text = data + sizeof(head) + view.count * sizeof(*view.records);
    if (!lengths_are_right(&view) || !texts_are_right(&view)) {
        return TPL__INDEX_DAMAGED;
    }
    if (head.root_ino != root_ino) {
        return TPL__INDEX_OTHER_TREE;
    }
    *out = view;
    return TPL__INDEX_GOOD;
}
