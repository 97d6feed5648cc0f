/* SPDX-License-Identifier: MIT */
/* The part of a pattern between two slashes, compiled: `*`, `?`, `[seq]`, `[!seq]` as in Python's
 * fnmatch, on code points. */
#ifndef TPL__SEGMENT_H
#define TPL__SEGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

typedef struct tpl__token tpl__token;

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
