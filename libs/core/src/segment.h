/* SPDX-License-Identifier: MIT */
/* The part of a pattern between two slashes, compiled: `*`, `?`, `[seq]`, `[!seq]` as in Python's
 * fnmatch, on code points. */
#ifndef TPL__SEGMENT_H
#define TPL__SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

typedef struct tpl__range {
    uint32_t first;
    uint32_t last;
} tpl__range;

typedef enum tpl__token_kind {
    TPL__TOKEN_LITERAL,
    TPL__TOKEN_ANY, /* one character */
    TPL__TOKEN_SET,
    TPL__TOKEN_STAR
} tpl__token_kind;

typedef struct tpl__token {
    tpl__token_kind kind;
    bool negated; /* a set */
    size_t count; /* bytes of a literal, ranges of a set */
    union {
        const char *bytes;
        const tpl__range *ranges;
    } is;
} tpl__token;

typedef struct tpl__segment {
    const tpl__token *tokens; /* in the arena */
    size_t count;
    bool wild;       /* holds a wildcard */
    bool dot;        /* begins with a plain dot */
    bool any_number; /* is `**`: any number of directories; never set by compile */
} tpl__segment;

/* `text` is WTF-8; a byte that is not stands for its lone surrogate, so operating-system bytes mean
 * what they name. False when memory is out. */
bool tpl__segment_compile(tpl__segment *out, tpl__arena *arena, const char *text, size_t len);

/* Whether it matches all of a WTF-8 name. Takes at most len(name) * len(pattern) steps. */
bool tpl__segment_matches(const tpl__segment *segment, const char *name, size_t len);

bool tpl__segment_is_star(const tpl__segment *segment); /* matches every name */

#endif
