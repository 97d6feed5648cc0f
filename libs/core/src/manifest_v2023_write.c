/* SPDX-License-Identifier: MIT */
/* Writes format 2023-03-03 canonically: pure ASCII, one line, entries in canonical order. */
#include <string.h>

#include "manifest_table.h"
#include "manifest_v2023.h"
#include "swar.h"
#include "wtf8.h"

#define PIECE ((size_t)32 * 1024)
#define DIGITS_MAX 20
#define ENTRY_MAX ((size_t)128) /* an entry without its path and a text hash */

typedef struct writer {
    char *next;
    char *end;
    char *start;
    tpl_write_fn write;
    void *payload;
    tpl_status status;
} writer;

static void flush(writer *w) {
    if (w->status == TPL_OK && w->next > w->start) {
        w->status = w->write(w->start, (size_t)(w->next - w->start), w->payload);
    }
    w->next = w->start;
}

/* Makes room for `size` <= PIECE bytes. */
static void make_room(writer *w, size_t size) {
    if ((size_t)(w->end - w->next) < size) {
        flush(w);
    }
}

/* A literal; there is room. */
#define PUT(w, literal) put((w), (literal), sizeof(literal) - 1)

static inline void put(writer *w, const char *text, size_t len) {
    memcpy(w->next, text, len);
    w->next += len;
}

static const char PAIRS[] = "00010203040506070809"
                            "10111213141516171819"
                            "20212223242526272829"
                            "30313233343536373839"
                            "40414243444546474849"
                            "50515253545556575859"
                            "60616263646566676869"
                            "70717273747576777879"
                            "80818283848586878889"
                            "90919293949596979899";

static inline void put_unsigned(writer *w, uint64_t value) {
    char digits[DIGITS_MAX];
    char *at = digits + DIGITS_MAX;
    while (value >= 100) {
        at -= 2;
        memcpy(at, PAIRS + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(at, PAIRS + 2 * value, 2);
    } else {
        *--at = (char)('0' + value);
    }
    put(w, at, (size_t)(digits + DIGITS_MAX - at));
}

static void put_signed(writer *w, int64_t value) {
    uint64_t magnitude = (uint64_t)value;
    if (value < 0) {
        *w->next++ = '-';
        magnitude = 0 - magnitude;
    }
    put_unsigned(w, magnitude);
}

static void put_long(writer *w, const char *text, size_t len) {
    while (len > 0) {
        size_t part = len < PIECE ? len : PIECE;
        make_room(w, part);
        put(w, text, part);
        text += part;
        len -= part;
    }
}

/* Copies what stands for itself, eight bytes at a time, and escapes the rest. */
static void put_path(writer *w, const char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        make_room(w, TPL__ESCAPE_MAX);
        if (len - at >= 8) {
            uint64_t special = tpl__find_special(tpl__load8(text + at));
            size_t plain = special == 0 ? 8 : tpl__first_byte(special);
            memcpy(w->next, text + at, 8);
            w->next += plain;
            at += plain;
            if (plain == 8) {
                continue;
            }
        }
        uint32_t code;
        at += tpl__wtf8_next(text + at, len - at, &code);
        w->next += tpl__json_escape(w->next, code);
    }
}

static void put_entry(writer *w, const tpl__row *row, bool zero_mtime) {
    make_room(w, ENTRY_MAX);
    PUT(w, "{\"hash\":\"");
    if (row->hash_text_len == 0) {
        tpl_hash128_to_hex(row->hash.digest, w->next);
        w->next += TPL_HASH_HEX_LEN;
    } else { /* alphanumeric: nothing to escape */
        put_long(w, row->hash.text, row->hash_text_len);
        make_room(w, ENTRY_MAX);
    }
    PUT(w, "\",\"mtime\":");
    put_signed(w, zero_mtime ? 0 : row->mtime);
    PUT(w, ",\"path\":\"");
    put_path(w, row->path, row->path_len);
    make_room(w, ENTRY_MAX);
    PUT(w, "\",\"size\":");
    put_unsigned(w, row->size);
    PUT(w, "}");
}

tpl_status tpl__v2023_write(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                            void *payload) {
    char piece[PIECE];
    writer w = {piece, piece + sizeof(piece), piece, write, payload, TPL_OK};
    PUT(&w, "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":[");
    for (size_t i = 0; i < manifest->count && w.status == TPL_OK; i++) {
        if (i > 0) {
            make_room(&w, 1);
            PUT(&w, ",");
        }
        put_entry(&w, tpl__manifest_row(manifest, i), zero_mtime);
    }
    make_room(&w, ENTRY_MAX);
    PUT(&w, "],\"totalSize\":");
    put_unsigned(&w, manifest->total_size);
    PUT(&w, "}");
    flush(&w);
    return w.status;
}
