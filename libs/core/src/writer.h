/* SPDX-License-Identifier: MIT */
/* Text on its way out in pieces, and numbers as text: what the writers of all formats share. */
#ifndef TPL__WRITER_H
#define TPL__WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "swar.h"
#include "tpl/buffer.h"

#define TPL__PIECE ((size_t)32 * 1024)
#define TPL__WORD ((size_t)8)

typedef struct tpl__writer {
    char *next;
    char *start;
    char *end;
    tpl_write_fn write;
    void *payload;
    tpl_status status;
    uint64_t written; /* bytes that are gone */
} tpl__writer;

static inline void tpl__flush(tpl__writer *w) {
    if (w->status == TPL_OK && w->next > w->start) {
        w->status = w->write(w->start, (size_t)(w->next - w->start), w->payload);
        w->written += (size_t)(w->next - w->start);
    }
    w->next = w->start;
}

/* Where to write next, with room for `size` <= TPL__PIECE bytes. */
static inline char *tpl__room_for(tpl__writer *w, size_t size) {
    if ((size_t)(w->end - w->next) < size) {
        tpl__flush(w);
    }
    return w->next;
}

/* What puts something at `next`, where there is room and a word to spare, returns where it ends. */
#define TPL__PUT(next, literal) tpl__put((next), (literal), sizeof(literal) - 1)

static inline char *tpl__put(char *next, const char *text, size_t len) {
    memcpy(next, text, len);
    return next + len;
}

/* The eight decimal digits of a number below 10^8, 0 to 9 each, the first in the lowest byte. */
static inline uint64_t tpl__decimal_digits(uint64_t value) {
    uint64_t fours = value / 10000 | (value % 10000) << 32;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
    uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (twos - tens * 10) << 8;
}

static inline char *tpl__put_below_1e8(char *next, uint64_t value) {
    uint64_t digits = tpl__decimal_digits(value);
    size_t zeros = digits == 0 ? TPL__WORD - 1 : tpl__first_byte(digits);
    tpl__store8(next, (digits | TPL__EACH('0')) >> 8 * zeros);
    return next + TPL__WORD - zeros;
}

static inline char *tpl__put_unsigned(char *next, uint64_t value) {
    const uint64_t base = 100000000;
    if (value < base) {
        return tpl__put_below_1e8(next, value);
    }
    uint64_t high = value / base;
    if (high < base) {
        next = tpl__put_below_1e8(next, high);
    } else {
        next = tpl__put_below_1e8(next, high / base);
        tpl__store8(next, tpl__decimal_digits(high % base) | TPL__EACH('0'));
        next += TPL__WORD;
    }
    tpl__store8(next, tpl__decimal_digits(value % base) | TPL__EACH('0'));
    return next + TPL__WORD;
}

static inline char *tpl__put_signed(char *next, int64_t value) {
    uint64_t magnitude = (uint64_t)value;
    if (value < 0) {
        *next++ = '-';
        magnitude = 0 - magnitude;
    }
    return tpl__put_unsigned(next, magnitude);
}

/* Any length of text that needs no escape. */
static inline void tpl__put_long(tpl__writer *w, const char *text, size_t len) {
    while (len > 0) {
        size_t part = len < TPL__PIECE ? len : TPL__PIECE;
        w->next = tpl__put(tpl__room_for(w, part), text, part);
        text += part;
        len -= part;
    }
}

#endif
