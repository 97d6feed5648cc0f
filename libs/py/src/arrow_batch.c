/* SPDX-License-Identifier: MIT */
/* A manifest as an Arrow table: its columns, their schema, and batches of rows. A column may be
 * moved out of its batch and outlive it, so each owns its buffers. */
#include "arrow.h"

#include <errno.h>
#include <string.h>

#include "shared.h"
#include "tpl/entry.h"

#define COLUMNS 10

/* A column while it is filled. */
typedef struct column {
    native_block block;
    tpl_buffer valid;   /* a bit a row */
    tpl_buffer offsets; /* of texts: int64, one more than rows */
    tpl_buffer data;
    const void *pointers[3];
} column;

typedef tpl_status (*fill_fn)(column *c, const tpl_entry *entry, size_t row);

/* Appends the bit of a row, the rows coming in order. */
static tpl_status put_bit(tpl_buffer *bits, size_t row, bool bit) {
    static const char none = 0;
    tpl_status status = row % 8 == 0 ? tpl_buffer_append(bits, &none, 1) : TPL_OK;
    if (status == TPL_OK && bit) {
        bits->data[row / 8] = (char)((unsigned char)bits->data[row / 8] | 1U << row % 8);
    }
    return status;
}

/* The text that was appended to `data` ends here. */
static tpl_status end_text(column *c) {
    int64_t end = (int64_t)c->data.len;
    return tpl_buffer_append(&c->offsets, &end, sizeof(end));
}

static tpl_status put_bytes(column *c, const char *text, size_t len) {
    tpl_status status = len == 0 ? TPL_OK : tpl_buffer_append(&c->data, text, len);
    return status == TPL_OK ? end_text(c) : status;
}

/* The length of `text` up to its first lone surrogate, which WTF-8 has as ED A0..BF xx. */
static size_t unicode_len(const char *text, size_t len) {
    size_t seen = 0;
    while (seen < len) { /* no text is NULL and has no length */
        const char *at = memchr(text + seen, 0xED, len - seen);
        if (at == NULL) {
            return len;
        }
        seen = (size_t)(at - text);
        if ((unsigned char)at[1] >= 0xA0) {
            return seen;
        }
        seen += 3;
    }
    return len;
}

/* Text that is Unicode: U+FFFD stands for a lone surrogate. */
static tpl_status put_text(column *c, const char *text, size_t len) {
    tpl_status status = TPL_OK;
    size_t plain = unicode_len(text, len);
    while (status == TPL_OK && plain < len) {
        status = tpl_buffer_append(&c->data, text, plain);
        status = status == TPL_OK ? tpl_buffer_append(&c->data, "\xEF\xBF\xBD", 3) : status;
        text += plain + 3;
        len -= plain + 3;
        plain = unicode_len(text, len);
    }
    return status == TPL_OK ? put_bytes(c, text, len) : status;
}

/* A text, or null. */
static tpl_status put_optional(column *c, size_t row, bool there, const char *text, size_t len) {
    tpl_status status = put_bit(&c->valid, row, there);
    return status == TPL_OK ? put_text(c, text, there ? len : 0) : status;
}

static tpl_status put_number(column *c, size_t row, bool there, const void *number) {
    static const int64_t zero = 0;
    tpl_status status = put_bit(&c->valid, row, there);
    return status == TPL_OK ? tpl_buffer_append(&c->data, there ? number : &zero, sizeof(zero))
                            : status;
}

static bool is_content(const tpl_entry *entry) {
    return !entry->deleted && (entry->kind == TPL_KIND_FILE || entry->kind == TPL_KIND_CHUNKED);
}

static tpl_status fill_path(column *c, const tpl_entry *entry, size_t row) {
    (void)row;
    return put_text(c, entry->path, entry->path_len);
}

static tpl_status fill_hash(column *c, const tpl_entry *entry, size_t row) {
    char digits[TPL_HASH_HEX_LEN + 1];
    size_t len = 0;
    bool there = is_content(entry) && entry->kind == TPL_KIND_FILE;
    const char *text = there ? tpl_entry_hash(entry, digits, &len) : "";
    return put_optional(c, row, there, text, len);
}

static tpl_status fill_size(column *c, const tpl_entry *entry, size_t row) {
    return put_number(c, row, is_content(entry), &entry->size);
}

static tpl_status fill_mtime(column *c, const tpl_entry *entry, size_t row) {
    return put_number(c, row, is_content(entry), &entry->mtime);
}

static tpl_status fill_type(column *c, const tpl_entry *entry, size_t row) {
    (void)row;
    const char *word = tpl_kind_word(entry->kind);
    return put_bytes(c, word, strlen(word));
}

static tpl_status fill_runnable(column *c, const tpl_entry *entry, size_t row) {
    return put_bit(&c->data, row, entry->runnable);
}

static tpl_status fill_deleted(column *c, const tpl_entry *entry, size_t row) {
    return put_bit(&c->data, row, entry->deleted);
}

static tpl_status fill_target(column *c, const tpl_entry *entry, size_t row) {
    bool there = !entry->deleted && entry->kind == TPL_KIND_SYMLINK;
    return put_optional(c, row, there, entry->hash_text, entry->hash_text_len);
}

static tpl_status fill_chunks(column *c, const tpl_entry *entry, size_t row) {
    bool there = !entry->deleted && entry->kind == TPL_KIND_CHUNKED;
    return put_optional(c, row, there, entry->hash_text, entry->hash_text_len);
}

static tpl_status fill_raw_path(column *c, const tpl_entry *entry, size_t row) {
    bool odd = unicode_len(entry->path, entry->path_len) < entry->path_len;
    tpl_status status = put_bit(&c->valid, row, odd);
    return status == TPL_OK ? put_bytes(c, entry->path, odd ? entry->path_len : 0) : status;
}

/* Format: U text and Z bytes with offsets of 64 bits, L and tsu 64 bits a value, b a bit. */
typedef struct column_kind {
    const char *name;
    const char *format;
    bool nullable;
    fill_fn fill;
} column_kind;

#define ALWAYS 4 /* columns that each table has */
#define RAW_PATH 9

static const column_kind KINDS[COLUMNS] = {
    {"path", "U", false, fill_path},          {"hash", "U", true, fill_hash},
    {"size", "L", true, fill_size},           {"mtime", "tsu:UTC", true, fill_mtime},
    {"type", "U", false, fill_type},          {"runnable", "b", false, fill_runnable},
    {"deleted", "b", false, fill_deleted},    {"target", "U", true, fill_target},
    {"chunk_hashes", "U", true, fill_chunks}, {"path_bytes", "Z", true, fill_raw_path},
};

native_arrow_columns native_arrow_columns_of(const tpl_manifest *manifest) {
    native_arrow_columns columns = (1U << ALWAYS) - 1;
    if (tpl_manifest_format(manifest) != TPL_FORMAT_2023_03_03) {
        columns = (1U << RAW_PATH) - 1;
    }
    for (size_t i = 0; i < tpl_manifest_count(manifest); i++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, i, &entry);
        if (unicode_len(entry.path, entry.path_len) < entry.path_len) {
            return columns | 1U << RAW_PATH;
        }
    }
    return columns;
}

typedef struct schema_block {
    native_block block;
    native_arrow_schema columns[COLUMNS];
    native_arrow_schema *children[COLUMNS];
} schema_block;

static void release_column_schema(native_arrow_schema *schema) {
    schema->release = NULL; /* its texts are static */
}

static void release_schema(native_arrow_schema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL) {
            schema->children[i]->release(schema->children[i]);
        }
    }
    native_block_free(schema->private_data);
    schema->release = NULL;
}

int native_arrow_schema_new(native_arrow_schema *out, native_arrow_columns columns) {
    schema_block *made = native_block_new(sizeof(*made));
    if (made == NULL) {
        return ENOMEM;
    }
    *out = (native_arrow_schema){.format = "+s",
                                 .name = "",
                                 .children = made->children,
                                 .release = release_schema,
                                 .private_data = made};
    for (size_t i = 0; i < COLUMNS; i++) {
        if ((columns >> i & 1) != 0) {
            native_arrow_schema *child = &made->columns[out->n_children];
            *child = (native_arrow_schema){.format = KINDS[i].format,
                                           .name = KINDS[i].name,
                                           .flags = KINDS[i].nullable ? NATIVE_ARROW_NULLABLE : 0,
                                           .release = release_column_schema};
            made->children[out->n_children++] = child;
        }
    }
    return 0;
}

typedef struct batch_block {
    native_block block;
    native_arrow_array columns[COLUMNS];
    native_arrow_array *children[COLUMNS];
    const void *pointers[1]; /* no bitmap: no row is null */
} batch_block;

static void free_column(column *c) {
    tpl_buffer_dispose(&c->valid);
    tpl_buffer_dispose(&c->offsets);
    tpl_buffer_dispose(&c->data);
    native_block_free(c);
}

static void release_column(native_arrow_array *array) {
    free_column(array->private_data);
    array->release = NULL;
}

static void release_batch(native_arrow_array *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL) {
            array->children[i]->release(array->children[i]);
        }
    }
    native_block_free(array->private_data);
    array->release = NULL;
}

static tpl_status fill(column *c, const column_kind *kind, const tpl_manifest *manifest,
                       size_t first, size_t count) {
    bool text = kind->format[0] == 'U' || kind->format[0] == 'Z';
    tpl_status status = text ? end_text(c) : TPL_OK;
    for (size_t row = 0; row < count && status == TPL_OK; row++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, first + row, &entry);
        status = kind->fill(c, &entry, row);
    }
    return status;
}

static int64_t count_nulls(const tpl_buffer *valid, size_t rows) {
    int64_t nulls = 0;
    for (size_t row = 0; valid->len > 0 && row < rows; row++) {
        nulls += ((unsigned char)valid->data[row / 8] >> row % 8 & 1) == 0;
    }
    return nulls;
}

/* One column as an array of its own. */
static int column_new(native_arrow_array *out, const column_kind *kind,
                      const tpl_manifest *manifest, size_t first, size_t count) {
    static const int64_t nothing = 0; /* buffers of no bytes are not NULL */
    column *c = native_block_new(sizeof(*c));
    if (c == NULL) {
        return ENOMEM;
    }
    if (fill(c, kind, manifest, first, count) != TPL_OK) {
        free_column(c);
        return ENOMEM;
    }
    int64_t used = 0;
    c->pointers[used++] = kind->nullable ? c->valid.data : NULL;
    if (c->offsets.len > 0) {
        c->pointers[used++] = c->offsets.data;
    }
    c->pointers[used++] = c->data.data == NULL ? (const void *)&nothing : c->data.data;
    *out = (native_arrow_array){.length = (int64_t)count,
                                .null_count = count_nulls(&c->valid, count),
                                .n_buffers = used,
                                .buffers = c->pointers,
                                .release = release_column,
                                .private_data = c};
    return 0;
}

int native_arrow_batch_new(native_arrow_array *out, const tpl_manifest *manifest,
                           native_arrow_columns columns, size_t first, size_t count) {
    batch_block *made = native_block_new(sizeof(*made));
    if (made == NULL) {
        return ENOMEM;
    }
    native_arrow_array batch = {.length = (int64_t)count,
                                .n_buffers = 1,
                                .buffers = made->pointers,
                                .children = made->children,
                                .release = release_batch,
                                .private_data = made};
    for (size_t i = 0; i < COLUMNS; i++) {
        if ((columns >> i & 1) != 0) {
            native_arrow_array *child = &made->columns[batch.n_children];
            if (column_new(child, &KINDS[i], manifest, first, count) != 0) {
                release_batch(&batch);
                return ENOMEM;
            }
            made->children[batch.n_children++] = child;
        }
    }
    *out = batch;
    return 0;
}
