/* SPDX-License-Identifier: MIT */
/* Eight bytes of text at a time in one 64-bit word, the first byte lowest on every machine. */
#ifndef TPL__SWAR_H
#define TPL__SWAR_H

#include <stddef.h>
#include <stdint.h>

#define TPL__EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Compilers make one load of it, swapped where the machine is big-endian. */
static inline uint64_t tpl__load8(const char *text) {
    const unsigned char *p = (const unsigned char *)text;
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

static inline void tpl__store8(char *out, uint64_t word) {
    out[0] = (char)word;
    out[1] = (char)(word >> 8);
    out[2] = (char)(word >> 16);
    out[3] = (char)(word >> 24);
    out[4] = (char)(word >> 32);
    out[5] = (char)(word >> 40);
    out[6] = (char)(word >> 48);
    out[7] = (char)(word >> 56);
}

/* The same bytes as a number that orders as they do. */
static inline uint64_t tpl__load8_ordered(const char *text) {
    const unsigned char *p = (const unsigned char *)text;
    return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 |
           (uint64_t)p[3] << 32 | (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
           (uint64_t)p[6] << 8 | (uint64_t)p[7];
}

/* The index of the lowest bit that is set; `word` is not 0. */
static inline size_t tpl__first_bit(uint64_t word) {
#if defined(__GNUC__)
    return (size_t)__builtin_ctzll(word);
#else
    size_t index = 0;
    while ((word & 1) == 0) {
        word >>= 1;
        index++;
    }
    return index;
#endif
}

/* The index of the first byte that has a bit set; `word` is not 0. */
static inline size_t tpl__first_byte(uint64_t word) {
    return tpl__first_bit(word) / 8;
}

/* Asks for memory that is soon to be read: it comes while something else is done. */
static inline void tpl__prefetch(const void *memory) {
#if defined(__GNUC__)
    __builtin_prefetch(memory);
#else
    (void)memory;
#endif
}

/* Not 0 when a byte may not stand for itself in a canonical JSON string: `"`, `\`, below 0x20, 0x7f
 * and above. The lowest bit set is in the first such byte; borrows may set bits above it. */
static inline uint64_t tpl__find_special(uint64_t word) {
    uint64_t quote_or_control = (word ^ TPL__EACH(0x02)) - TPL__EACH(0x21);
    uint64_t backslash = (word ^ TPL__EACH(0x5c)) - TPL__EACH(0x01);
    uint64_t high = word | (word + TPL__EACH(0x01));
    return (quote_or_control | backslash | high) & TPL__EACH(0x80);
}

/* How many bytes two texts have in common, at most `max`. */
static inline size_t tpl__common_prefix(const char *a, const char *b, size_t max) {
    size_t i = 0;
    while (max - i >= 8) {
        uint64_t differ = tpl__load8(a + i) ^ tpl__load8(b + i);
        if (differ != 0) {
            return i + tpl__first_byte(differ);
        }
        i += 8;
    }
    while (i < max && a[i] == b[i]) {
        i++;
    }
    return i;
}

#endif
