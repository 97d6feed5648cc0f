/* SPDX-License-Identifier: MIT */
/* Writes format 2023-03-03 canonically: pure ASCII, one line, entries in canonical order. */
#include <string.h>

#include "hex.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "swar.h"
#include "wtf8.h"

#define PIECE ((size_t)32 * 1024)
#define WORD ((size_t)8)
#define ENTRY_MAX ((size_t)160) /* an entry without its path and a text hash, and a word */

typedef struct writer {
    char *next;
    char *start;
    char *end;
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

/* Where to write next, with room for `size` <= PIECE bytes. */
static inline char *room_for(writer *w, size_t size) {
    if ((size_t)(w->end - w->next) < size) {
        flush(w);
    }
    return w->next;
}

/* What puts something at `next`, where there is room and a word to spare, returns where it ends. */
#define PUT(next, literal) put((next), (literal), sizeof(literal) - 1)

static inline char *put(char *next, const char *text, size_t len) {
    memcpy(next, text, len);
    return next + len;
}

/* The eight decimal digits of a number below 10^8, 0 to 9 each, the first in the lowest byte. */
static inline uint64_t decimal_digits(uint64_t value) {
    uint64_t fours = value / 10000 | (value % 10000) << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
    uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (twos - tens * 10) << 8;
}

static inline char *put_below_1e8(char *next, uint64_t value) {
    uint64_t digits = decimal_digits(value);
    size_t zeros = digits == 0 ? WORD - 1 : tpl__first_byte(digits);
    tpl__store8(next, (digits | TPL__EACH('0')) >> 8 * zeros);
    return next + WORD - zeros;
}

static inline char *put_unsigned(char *next, uint64_t value) {
    const uint64_t base = 100000000;
    if (value < base) {
        return put_below_1e8(next, value);
    }
    uint64_t high = value / base;
    if (high < base) {
        next = put_below_1e8(next, high);
    } else {
        next = put_below_1e8(next, high / base);
        tpl__store8(next, decimal_digits(high % base) | TPL__EACH('0'));
        next += WORD;
    }
    tpl__store8(next, decimal_digits(value % base) | TPL__EACH('0'));
    return next + WORD;
}

static inline char *put_signed(char *next, int64_t value) {
    uint64_t magnitude = (uint64_t)value;
    if (value < 0) {
        *next++ = '-';
        magnitude = 0 - magnitude;
    }
    return put_unsigned(next, magnitude);
}

/* The bytes from `at` on, fewer than a word of them, and zeros behind them. */
static inline uint64_t last_word(const char *text, size_t at, size_t len) {
    if (len >= WORD) {
        return tpl__load8(text + len - WORD) >> 8 * (WORD - (len - at));
    }
    uint64_t word = 0;
    for (size_t i = len; i > at; i--) {
        word = word << 8 | (unsigned char)text[i - 1];
    }
    return word;
}

/* Copies what stands for itself, eight bytes at a time, and escapes the rest. */
static void put_path(writer *w, const char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        char *next = room_for(w, WORD + TPL__ESCAPE_MAX);
        const char *last = w->end - (WORD + TPL__ESCAPE_MAX);
        while (at < len && next <= last) {
            uint64_t word = len - at >= WORD ? tpl__load8(text + at) : last_word(text, at, len);
            uint64_t special = tpl__find_special(word);
            size_t plain = special == 0 ? WORD : tpl__first_byte(special);
            tpl__store8(next, word);
            next += plain;
            at += plain;
            if (special != 0 && at < len) {
                uint32_t code;
                at += tpl__wtf8_next(text + at, len - at, &code);
                next += tpl__json_escape(next, code);
            }
        }
        w->next = next;
    }
}

static void put_long(writer *w, const char *text, size_t len) {
    while (len > 0) {
        size_t part = len < PIECE ? len : PIECE;
        w->next = put(room_for(w, part), text, part);
        text += part;
        len -= part;
    }
}

static void put_entry(writer *w, const tpl__row *row, bool zero_mtime) {
    char *next = PUT(room_for(w, ENTRY_MAX), "{\"hash\":\"");
    if (row->hash_text_len == 0) {
        tpl__hash_to_hex(row->hash.digest, next);
        next += TPL_HASH_HEX_LEN;
    } else { /* alphanumeric: nothing to escape */
        w->next = next;
        put_long(w, row->hash.text, row->hash_text_len);
        next = room_for(w, ENTRY_MAX);
    }
    next = PUT(next, "\",\"mtime\":");
    next = put_signed(next, zero_mtime ? 0 : row->mtime);
    w->next = PUT(next, ",\"path\":\"");
    put_path(w, row->path, row->path_len);
    next = PUT(room_for(w, ENTRY_MAX), "\",\"size\":");
    next = put_unsigned(next, row->size);
    w->next = PUT(next, "}");
}

tpl_status tpl__v2023_write(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                            void *payload) {
    char piece[PIECE];
    writer w = {piece, piece, piece + sizeof(piece), write, payload, TPL_OK};
    w.next = PUT(piece, "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":[");
    for (size_t i = 0; i < manifest->count && w.status == TPL_OK; i++) {
        if (i > 0) {
            w.next = PUT(room_for(&w, 1), ",");
        }
        put_entry(&w, tpl__manifest_row(manifest, i), zero_mtime);
    }
    char *next = PUT(room_for(&w, ENTRY_MAX), "],\"totalSize\":");
    w.next = PUT(put_unsigned(next, manifest->total_size), "}");
    flush(&w);
    return w.status;
}
