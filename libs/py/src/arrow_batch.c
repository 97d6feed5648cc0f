/* SPDX-License-Identifier: MIT */
/* A manifest as an Arrow table: its columns, their schema, and batches of rows. A column may be
 * moved out of its batch and outlive it, so each owns its buffers. */
#include "arrow.h"

#include <errno.h>
#include <string.h>

#include "shared.h"
#include "tpl/entry.h"

#define COLUMNS 10

/* A column while it is filled, row by row. */
typedef struct column {
    native_block block;
    const struct column_kind *kind;
    bool unicode;       /* no path has a lone surrogate */
    tpl_buffer valid;   /* a bit a row, zero so far */
    tpl_buffer offsets; /* of texts: int64, one more than rows */
    tpl_buffer data;    /* texts one behind the other, or room for all values */
    int64_t nulls;
    const void *pointers[3];
} column;

typedef tpl_status (*fill_fn)(column *c, const tpl_entry *entry, size_t row);

static void set_bit(tpl_buffer *bits, size_t row) {
    bits->data[row / 8] = (char)((unsigned char)bits->data[row / 8] | 1U << row % 8);
}

static void set_validity(column *c, size_t row, bool there) {
    if (there) {
        set_bit(&c->valid, row);
    } else {
        c->nulls++;
    }
}

/* Appends the last piece of the text of a row. */
static tpl_status put_bytes(column *c, size_t row, const char *text, size_t len) {
    tpl_status status = tpl_buffer_append(&c->data, text, len);
    int64_t end = (int64_t)c->data.len;
    memcpy(c->offsets.data + (row + 1) * sizeof(end), &end, sizeof(end));
    return status;
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
static tpl_status put_text(column *c, size_t row, const char *text, size_t len) {
    tpl_status status = TPL_OK;
    size_t plain = unicode_len(text, len);
    while (status == TPL_OK && plain < len) {
        status = tpl_buffer_append(&c->data, text, plain);
        status = status == TPL_OK ? tpl_buffer_append(&c->data, "\xEF\xBF\xBD", 3) : status;
        text += plain + 3;
        len -= plain + 3;
        plain = unicode_len(text, len);
    }
    return status == TPL_OK ? put_bytes(c, row, text, len) : status;
}

/* A text, or null. */
static tpl_status put_optional(column *c, size_t row, bool there, const char *text, size_t len) {
    set_validity(c, row, there);
    return put_text(c, row, text, there ? len : 0);
}

static tpl_status put_number(column *c, size_t row, bool there, const void *number) {
    static const int64_t zero = 0;
    set_validity(c, row, there);
    memcpy(c->data.data + row * sizeof(zero), there ? number : &zero, sizeof(zero));
    return TPL_OK;
}

static tpl_status put_bit(column *c, size_t row, bool bit) {
    if (bit) {
        set_bit(&c->data, row);
    }
    return TPL_OK;
}

static bool is_content(const tpl_entry *entry) {
    return !entry->deleted && (entry->kind == TPL_KIND_FILE || entry->kind == TPL_KIND_CHUNKED);
}

static tpl_status fill_path(column *c, const tpl_entry *entry, size_t row) {
    return c->unicode ? put_bytes(c, row, entry->path, entry->path_len)
                      : put_text(c, row, entry->path, entry->path_len);
}

static tpl_status fill_hash(column *c, const tpl_entry *entry, size_t row) {
    char digits[TPL_HASH_HEX_LEN + 1];
    size_t len = 0;
    bool there = is_content(entry) && entry->kind == TPL_KIND_FILE;
    const char *text = there ? tpl_entry_hash(entry, digits, &len) : "";
    set_validity(c, row, there);
    return put_bytes(c, row, text, len);
}

static tpl_status fill_size(column *c, const tpl_entry *entry, size_t row) {
    return put_number(c, row, is_content(entry), &entry->size);
}

static tpl_status fill_mtime(column *c, const tpl_entry *entry, size_t row) {
    return put_number(c, row, is_content(entry), &entry->mtime);
}

static tpl_status fill_type(column *c, const tpl_entry *entry, size_t row) {
    const char *word = tpl_kind_word(entry->kind);
    return put_bytes(c, row, word, strlen(word));
}

static tpl_status fill_runnable(column *c, const tpl_entry *entry, size_t row) {
    return put_bit(c, row, entry->runnable);
}

static tpl_status fill_deleted(column *c, const tpl_entry *entry, size_t row) {
    return put_bit(c, row, entry->deleted);
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
    set_validity(c, row, odd);
    return put_bytes(c, row, entry->path, odd ? entry->path_len : 0);
}

/* Format: U text and Z bytes with offsets of 64 bits, L and tsu 64 bits a value, b a bit. */
typedef struct column_kind {
    const char *name;
    const char *format;
    bool nullable;
    fill_fn fill;
    size_t usual; /* bytes of a row's text */
} column_kind;

#define VALUE_BITS 64
#define ALWAYS 4 /* columns that each table has */
#define RAW_PATH 9

static const column_kind KINDS[COLUMNS] = {
    {"path", "U", false, fill_path, 64},         {"hash", "U", true, fill_hash, TPL_HASH_HEX_LEN},
    {"size", "L", true, fill_size, 0},           {"mtime", "tsu:UTC", true, fill_mtime, 0},
    {"type", "U", false, fill_type, 8},          {"runnable", "b", false, fill_runnable, 0},
    {"deleted", "b", false, fill_deleted, 0},    {"target", "U", true, fill_target, 0},
    {"chunk_hashes", "U", true, fill_chunks, 0}, {"path_bytes", "Z", true, fill_raw_path, 0},
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

static bool is_text(const column_kind *kind) {
    return kind->format[0] == 'U' || kind->format[0] == 'Z';
}

/* Room for `count` values of some bits each, all zero. */
static tpl_status zeros(tpl_buffer *out, size_t count, size_t bits) {
    size_t size = (count * bits + 7) / 8;
    char *room = tpl_buffer_room(size, out);
    if (room == NULL) {
        return TPL_E_NOMEM;
    }
    memset(room, 0, size);
    return TPL_OK;
}

/* The memory that rows are known to need, and for texts what they often do. */
static tpl_status make_room(column *c, size_t rows) {
    const column_kind *kind = c->kind;
    tpl_status status = kind->nullable ? zeros(&c->valid, rows, 1) : TPL_OK;
    if (status == TPL_OK && is_text(kind)) {
        status = zeros(&c->offsets, rows + 1, VALUE_BITS);
        status = status == TPL_OK ? tpl_buffer_reserve(&c->data, rows * kind->usual) : status;
    } else if (status == TPL_OK) {
        status = zeros(&c->data, rows, kind->format[0] == 'b' ? 1 : VALUE_BITS);
    }
    return status;
}

/* NULL: no memory. */
static column *column_new(const column_kind *kind, size_t rows, bool unicode) {
    column *c = native_block_new(sizeof(*c));
    if (c != NULL) {
        c->kind = kind;
        c->unicode = unicode;
        if (make_room(c, rows) != TPL_OK) {
            free_column(c);
            c = NULL;
        }
    }
    return c;
}

/* What a consumer sees of a column, which it owns from now on. */
static native_arrow_array column_array(column *c, size_t rows) {
    static const int64_t nothing = 0; /* buffers of no bytes are not NULL */
    int64_t used = 0;
    c->pointers[used++] = c->kind->nullable ? c->valid.data : NULL;
    if (is_text(c->kind)) {
        c->pointers[used++] = c->offsets.data;
    }
    c->pointers[used++] = c->data.data == NULL ? (const void *)&nothing : c->data.data;
    return (native_arrow_array){.length = (int64_t)rows,
                                .null_count = c->nulls,
                                .n_buffers = used,
                                .buffers = c->pointers,
                                .release = release_column,
                                .private_data = c};
}

static tpl_status fill(column *const *columns, size_t used, const tpl_manifest *manifest,
                       size_t first, size_t rows) {
    tpl_status status = TPL_OK;
    for (size_t row = 0; row < rows && status == TPL_OK; row++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, first + row, &entry);
        for (size_t i = 0; i < used && status == TPL_OK; i++) {
            status = columns[i]->kind->fill(columns[i], &entry, row);
        }
    }
    return status;
}

int native_arrow_batch_new(native_arrow_array *out, const tpl_manifest *manifest,
                           native_arrow_columns columns, size_t first, size_t count) {
    batch_block *made = native_block_new(sizeof(*made));
    column *filled[COLUMNS];
    size_t used = 0;
    bool room = made != NULL;
    for (size_t i = 0; i < COLUMNS && room; i++) {
        if ((columns >> i & 1) != 0) {
            filled[used] = column_new(&KINDS[i], count, (columns >> RAW_PATH & 1) == 0);
            room = filled[used] != NULL;
            used += room;
        }
    }
    if (!room || fill(filled, used, manifest, first, count) != TPL_OK) {
        while (used > 0) {
            free_column(filled[--used]);
        }
        native_block_free(made);
        return ENOMEM;
    }
    for (size_t i = 0; i < used; i++) {
        made->columns[i] = column_array(filled[i], count);
        made->children[i] = &made->columns[i];
    }
    *out = (native_arrow_array){.length = (int64_t)count,
                                .n_buffers = 1,
                                .n_children = (int64_t)used,
                                .buffers = made->pointers,
                                .children = made->children,
                                .release = release_batch,
                                .private_data = made};
    return 0;
}
