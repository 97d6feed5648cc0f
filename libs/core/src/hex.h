/* SPDX-License-Identifier: MIT */
/* Lower-case hex digits, eight at a time: the first one in the lowest byte of a word. Written are
 * all at once where there are vectors for it. */
#ifndef TPL__HEX_H
#define TPL__HEX_H

#include <stdbool.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "swar.h"
#include "tpl/hash.h"

/* The number that eight digits make; what is no digit sets bits of *bad. */
static inline uint64_t tpl__hex_value(uint64_t digits, uint64_t *bad) {
    uint64_t letter = digits >> 6 & TPL__EACH(0x01);
    uint64_t rest = digits ^ (TPL__EACH(0x30) + letter * 0x30); /* 0..9, or 1..6 of letters */
    uint64_t high = rest + TPL__EACH(0x06) + letter * 3;        /* 16 and more: beyond '9', 'f' */
    uint64_t low = (rest + letter * 15) ^ letter << 4;          /* 16: the letter before 'a' */
    *bad |= (rest & TPL__EACH(0xf0)) | ((high | low) & TPL__EACH(0x10));
    uint64_t value = rest + letter * 9;
    value = (value << 4 | value >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    value = (value << 8 | value >> 16) & UINT64_C(0x0000ffff0000ffff);
    return (value << 16 | value >> 32) & UINT64_C(0xffffffff);
}

/* TPL_HASH_HEX_LEN digits; false when there are others among them. */
static inline bool tpl__hash_from_hex(tpl_hash128 *out, const char *hex) {
    uint64_t bad = 0;
    out->high = tpl__hex_value(tpl__load8(hex), &bad) << 32;
    out->high |= tpl__hex_value(tpl__load8(hex + 8), &bad);
    out->low = tpl__hex_value(tpl__load8(hex + 16), &bad) << 32;
    out->low |= tpl__hex_value(tpl__load8(hex + 24), &bad);
    return bad == 0;
}

#if defined(__SSE2__)

/* The digits of sixteen numbers below 16. */
static inline __m128i tpl__hex_digits(__m128i numbers) {
    __m128i letters = _mm_cmpgt_epi8(numbers, _mm_set1_epi8(9));
    __m128i offsets = _mm_and_si128(letters, _mm_set1_epi8('a' - '0' - 10));
    return _mm_add_epi8(numbers, _mm_add_epi8(offsets, _mm_set1_epi8('0')));
}

static inline void tpl__hash_to_hex(tpl_hash128 hash, char *out) {
    __m128i bytes = _mm_set_epi64x((long long)__builtin_bswap64(hash.low),
                                   (long long)__builtin_bswap64(hash.high));
    __m128i mask = _mm_set1_epi8(0x0f);
    __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), mask);
    __m128i low = _mm_and_si128(bytes, mask);
    __m128i *to = (__m128i *)(void *)out;
    _mm_storeu_si128(to, tpl__hex_digits(_mm_unpacklo_epi8(high, low)));
    _mm_storeu_si128(to + 1, tpl__hex_digits(_mm_unpackhi_epi8(high, low)));
}

#else

/* The eight digits of a number below 2^32. */
static inline uint64_t tpl__hex_digits(uint64_t value) {
    uint64_t word = (value >> 16 | value << 32) & UINT64_C(0x0000ffff0000ffff);
    word = (word >> 8 | word << 16) & UINT64_C(0x00ff00ff00ff00ff);
    word = (word >> 4 | word << 8) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    uint64_t letter = (word + TPL__EACH(0x06)) >> 4 & TPL__EACH(0x01);
    return word + TPL__EACH('0') + letter * ('a' - '0' - 10);
}

static inline void tpl__hash_to_hex(tpl_hash128 hash, char *out) {
    tpl__store8(out, tpl__hex_digits(hash.high >> 32));
    tpl__store8(out + 8, tpl__hex_digits(hash.high & UINT32_MAX));
    tpl__store8(out + 16, tpl__hex_digits(hash.low >> 32));
    tpl__store8(out + 24, tpl__hex_digits(hash.low & UINT32_MAX));
}

#endif

#endif
