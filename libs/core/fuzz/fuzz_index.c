/* SPDX-License-Identifier: MIT */
/* Any bytes as an index file, the first one says how much of it is made right: as they are, with
 * the hash that belongs to them, with a head as well, with the lengths of all paths, too. */
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "index.h"
#include "index_file.h"
#include "tpl/entry.h"

#define PAIR "99aa06d3014798d86001c324468d497f,b5e9c1ad071b3e7fc779cfaa5e523818"

enum {
    ROOT = 7,
    RECORD = sizeof(tpl__index_record),
    PAIR_LEN = sizeof(PAIR) - 1
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
 * hashes of chunks on each has two, which are written. The last path takes all that is left. */
static void set_lengths(char *records, char *text, size_t count, size_t left) {
    bool chunks = false;
    for (size_t i = 0; i < count; i++) {
        tpl__index_record record;
        memcpy(&record, records + i * RECORD, RECORD);
        chunks = chunks || (record.chunks_len % 2 == 1 && left >= (count - i) * PAIR_LEN);
        size_t most = left - (chunks ? (count - i) * PAIR_LEN : 0);
        record.path_len = (uint32_t)(i + 1 == count ? most : record.path_len % (most + 1));
        record.chunks_len = 0;
        text += record.path_len;
        if (chunks) {
            record.size = TPL_CHUNK_SIZE + 1;
            record.chunks_len = PAIR_LEN;
            memcpy(text, PAIR, PAIR_LEN);
            text += PAIR_LEN;
        }
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
            char *records = f.data + sizeof(head);
            set_lengths(records, records + count * RECORD, count, text_len);
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

static tpl__stat root_stat(void) {
    tpl__stat root;
    MUST(tpl__fs_stat_at(&root, TPL__FS_CWD, ".", true) == 0);
    return root;
}

/* The same index, made one of the current directory. */
static file adopt(const file *f, uint64_t root_ino) {
    file own = {malloc(f->len), f->len};
    tpl__index_head head;
    MUST(own.data != NULL);
    memcpy(own.data, f->data, f->len);
    memcpy(&head, f->data, sizeof(head));
    head.root_ino = root_ino;
    memcpy(own.data, &head, sizeof(head));
    tpl_hash128 hash = tpl_hash_bytes(own.data, own.len - sizeof(hash));
    memcpy(own.data + own.len - sizeof(hash), &hash, sizeof(hash));
    return own;
}

/* Opens a file that has these bytes, and no name any more. */
static int unnamed_file(const file *f) {
    char path[] = "/tmp/fuzz_index_XXXXXX";
    int fd = mkstemp(path);
    MUST(fd >= 0 && unlink(path) == 0);
    MUST(write(fd, f->data, f->len) == (ssize_t)f->len);
    MUST(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

static void look_up(tpl__index *index, const tpl__index_record *record, const char *path,
                    uint64_t dev) {
    const tpl__stat stat = {
        .type = TPL__TYPE_FILE, .size = record->size, .ino = record->ino, .dev = dev};
    const tpl__index_query query = {0, path, record->path_len, &stat};
    tpl__index_hash hash;
    if (tpl__index_find_chunks(index, &query, &hash)) {
        MUST(hash.chunks_len > TPL_HASH_HEX_LEN && hash.chunks[hash.chunks_len - 1] != ',');
    }
    (void)tpl__index_find(index, &query, &hash);
}

/* Where the paths are not in order, it is an empty one; whatever is asked of it stays within it. */
static void check_index(const file *f) {
    static const tpl_run QUIET = TPL_RUN_INIT;
    char path[32];
    tpl__stat root = root_stat();
    file own = adopt(f, root.ino);
    int fd = unnamed_file(&own);
    MUST(snprintf(path, sizeof(path), "/dev/fd/%d", fd) < (int)sizeof(path));
    const tpl__index_order order = {path, ".", false, 1, {1000, 0}, &QUIET};
    tpl__index *index;
    tpl__index_view view;
    MUST(tpl__index_new(&index, &order, NULL) == TPL_OK);
    MUST(tpl__index_parse(&view, own.data, own.len, root.ino) == TPL__INDEX_GOOD);
    const char *text = view.text;
    for (size_t i = 0; i < view.count; i++) {
        look_up(index, &view.records[i], text, root.dev);
        text += (size_t)view.records[i].path_len + view.records[i].chunks_len;
    }
    tpl__index_free(index);
    MUST(close(fd) == 0);
    free(own.data);
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
        check_index(&f);
        check_sound(&f, size * 31 + data[size - 1]);
    } else {
        MUST(view.count == 0 && view.text_len == 0);
        MUST(size < 2 || data[0] % WAYS != WITH_LENGTHS || verdict == TPL__INDEX_DAMAGED);
    }
    free(f.data);
    return 0;
}
