/* SPDX-License-Identifier: MIT */
/* Characters of WTF-8 text and their JSON escapes, for the files of core that take text apart. */
#ifndef TPL__WTF8_H
#define TPL__WTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TPL__ESCAPE_MAX 12 /* the longest escape of one code point: a surrogate pair */

static inline bool tpl__is_surrogate(uint32_t code) {
    return code >= 0xd800 && code <= 0xdfff;
}

/* The length of the UTF-8 character that `text` begins with; 0 when it begins with none (encoded
 * surrogates are none). `left` > 0. */
size_t tpl__utf8_length(const char *text, size_t left);

/* Whether it is WTF-8, in which a text has one spelling: no surrogates that make a pair. */
bool tpl__wtf8_is_valid(const char *text, size_t len);

/* Takes one code point from WTF-8 text, `left` > 0; returns how many bytes it had. A byte that fits
 * nowhere counts as U+DC00 plus itself, so that any text can be read to its end. */
size_t tpl__wtf8_next(const char *text, size_t left, uint32_t *code);

/* Writes a code point as WTF-8 (1 to 4 bytes) and returns the length. */
size_t tpl__wtf8_put(char *out, uint32_t code);

/* Writes a code point as it stands in a canonical JSON string, and returns the length. */
size_t tpl__json_escape(char out[TPL__ESCAPE_MAX], uint32_t code);

#endif
