/* SPDX-License-Identifier: MIT */
/* Any bytes as an index file, the first one says how much of it is made right: as they are, with
 * the hash that belongs to them, with a head as well, with the lengths of all paths, too. */
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "index_file.h"

enum {
    ROOT = 7,
    RECORD = sizeof(tpl__index_record)
};

enum {
    AS_IT_IS,
    SEALED,
    WITH_A_HEAD,
    WITH_LENGTHS,
    WAYS
};

typedef struct file {
    char *data;
    size_t len;
} file;

static void append(file *f, const void *data, size_t len) {
    if (len > 0) {
        memcpy(f->data + f->len, data, len);
        f->len += len;
    }
}

/* What the records want of the text, in the order that the view demands: from the first record with
 * hashes of chunks on, a byte is kept for those of each. The last one takes all that is left. */
static void set_lengths(char *records, size_t count, size_t left) {
    bool chunks = false;
    for (size_t i = 0; i < count; i++) {
        tpl__index_record record;
        bool last = i + 1 == count;
        memcpy(&record, records + i * RECORD, RECORD);
        chunks = chunks || (record.chunks_len % 2 == 1 && left >= count - i);
        size_t more = chunks ? left - (count - i) : left;
        record.path_len = (uint32_t)(last && !chunks ? more : record.path_len % (more + 1));
        more -= record.path_len;
        record.chunks_len =
            chunks ? 1 + (uint32_t)(last ? more : record.chunks_len % (more + 1)) : 0;
        left -= (size_t)record.path_len + record.chunks_len;
        memcpy(records + i * RECORD, &record, RECORD);
    }
}

static file make_file(const uint8_t *data, size_t size) {
    file f = {malloc(size + sizeof(tpl__index_head) + sizeof(tpl_hash128)), 0};
    MUST(f.data != NULL);
    int way = size == 0 ? AS_IT_IS : data[0] % WAYS;
    const uint8_t *rest = size == 0 ? data : data + 1;
    size_t len = size == 0 ? 0 : size - 1;
    if (way >= WITH_A_HEAD && len > 0) {
        size_t count = rest[0] <= (len - 1) / RECORD ? rest[0] : (len - 1) / RECORD;
        size_t text_len = count == 0 && way == WITH_LENGTHS ? 0 : len - 1 - count * RECORD;
        tpl__index_head head = tpl__index_head_of(ROOT, count, text_len);
        append(&f, &head, sizeof(head));
        append(&f, rest + 1, count * RECORD + text_len);
        if (way == WITH_LENGTHS) {
            set_lengths(f.data + sizeof(head), count, text_len);
        }
    } else {
        append(&f, rest, len);
    }
    if (way != AS_IT_IS) {
        tpl_hash128 hash = tpl_hash_bytes(f.data, f.len);
        append(&f, &hash, sizeof(hash));
    }
    return f;
}

static bool is_within(const void *at, size_t len, const file *f) {
    const char *start = at;
    return start >= f->data && len <= f->len && start - f->data <= (ptrdiff_t)(f->len - len);
}

/* Each path and each text of hashes lies behind the one before; the latter's records are last. */
static void check_texts(const tpl__index_view *view) {
    size_t at = 0;
    MUST(view->whole <= view->count);
    for (size_t i = 0; i < view->count; i++) {
        const tpl__index_record *record = &view->records[i];
        size_t len = (size_t)record->path_len + record->chunks_len;
        MUST((record->chunks_len > 0) == (i >= view->whole));
        MUST(len <= view->text_len - at);
        at += len;
    }
    MUST(at == view->text_len);
}

/* It is sound for this root alone, as a whole alone, and not with a bit of it changed. */
static void check_sound(file *f, size_t bit) {
    tpl__index_view view;
    MUST(tpl__index_parse(&view, f->data, f->len, ROOT + 1) == TPL__INDEX_OTHER_TREE);
    MUST(tpl__index_parse(&view, f->data, f->len - 1, ROOT) != TPL__INDEX_GOOD);
    char *byte = f->data + bit / 8 % f->len;
    *byte = (char)(*byte ^ 1 << bit % 8);
    MUST(tpl__index_parse(&view, f->data, f->len, ROOT) != TPL__INDEX_GOOD);
    MUST(view.count == 0 && view.text_len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    file f = make_file(data, size);
    tpl__index_view view;
    tpl__index_verdict verdict = tpl__index_parse(&view, f.data, f.len, ROOT);
    MUST(verdict <= TPL__INDEX_FOREIGN);
    if (verdict == TPL__INDEX_GOOD) {
        MUST(is_within(view.records, view.count * RECORD, &f));
        MUST(is_within(view.text, view.text_len, &f));
        check_texts(&view);
        check_sound(&f, size * 31 + data[size - 1]);
    } else {
        MUST(view.count == 0 && view.text_len == 0);
        MUST(size == 0 || data[0] % WAYS != WITH_LENGTHS || size == 1);
    }
    free(f.data);
    return 0;
}
