/* SPDX-License-Identifier: MIT */
/* Wildcards within one name: a list of tokens, matched with a single point to go back to. */
#include "segment.h"

#include <stdint.h>
#include <string.h>

#include "wtf8.h"

/* Where a segment is put together; the arrays have room for the longest case. */
typedef struct builder {
    tpl__token *tokens;
    size_t count;
    tpl__range *ranges;
    char *bytes;
} builder;

static tpl__token *add_token(builder *b, tpl__token_kind kind) {
    tpl__token *token = &b->tokens[b->count++];
    *token = (tpl__token){kind, false, 0, {NULL}};
    return token;
}

static void add_star(builder *b) {
    if (b->count == 0 || b->tokens[b->count - 1].kind != TPL__TOKEN_STAR) {
        add_token(b, TPL__TOKEN_STAR);
    }
}

static size_t add_literal(builder *b, const char *text, size_t len) {
    uint32_t code = 0;
    size_t took = tpl__wtf8_next(text, len, &code);
    if (b->count == 0 || b->tokens[b->count - 1].kind != TPL__TOKEN_LITERAL) {
        add_token(b, TPL__TOKEN_LITERAL)->is.bytes = b->bytes;
    }
    size_t put = tpl__wtf8_put(b->bytes, code); /* a stray byte becomes a surrogate */
    b->bytes += put;
    b->tokens[b->count - 1].count += put;
    return took;
}

/* The length of the set whose text begins at `text` (behind its `[`), or 0 when nothing closes it:
 * a `]` in the first place is a member. */
static size_t set_length(const char *text, size_t len) {
    size_t at = 0;
    if (at < len && text[at] == '!') {
        at++;
    }
    if (at < len && text[at] == ']') {
        at++;
    }
    const char *end = at < len ? memchr(text + at, ']', len - at) : NULL;
    return end == NULL ? 0 : (size_t)(end - text);
}

/* A range whose ends are the wrong way round holds nothing, so a set may hold nothing at all. */
static void add_set(builder *b, const char *text, size_t len) {
    tpl__token *token = add_token(b, TPL__TOKEN_SET);
    token->is.ranges = b->ranges;
    token->negated = text[0] == '!';
    size_t at = token->negated ? 1 : 0;
    while (at < len) {
        tpl__range item = {0, 0};
        at += tpl__wtf8_next(text + at, len - at, &item.first);
        item.last = item.first;
        if (at + 1 < len && text[at] == '-') {
            at++;
            at += tpl__wtf8_next(text + at, len - at, &item.last);
        }
        if (item.first <= item.last) {
            *b->ranges++ = item;
            token->count++;
        }
    }
}

static void build(builder *b, const char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        size_t set = text[at] == '[' ? set_length(text + at + 1, len - at - 1) : 0;
        if (set != 0) {
            add_set(b, text + at + 1, set);
            at += set + 2;
        } else if (text[at] == '*') {
            add_star(b);
            at++;
        } else if (text[at] == '?') {
            add_token(b, TPL__TOKEN_ANY);
            at++;
        } else {
            at += add_literal(b, text + at, len - at);
        }
    }
}

bool tpl__segment_compile(tpl__segment *out, tpl__arena *arena, const char *text, size_t len) {
    builder b = {
        .tokens = tpl__arena_object(arena, len * sizeof(tpl__token)),
        .ranges = tpl__arena_object(arena, len * sizeof(tpl__range)),
        .bytes = tpl__arena_bytes(arena, len * 3), /* a stray byte takes three */
    };
    if (b.tokens == NULL || b.ranges == NULL || b.bytes == NULL) {
        return false;
    }
    build(&b, text, len);
    *out = (tpl__segment){.tokens = b.tokens, .count = b.count, .dot = len > 0 && text[0] == '.'};
    for (size_t i = 0; i < b.count; i++) {
        out->wild = out->wild || b.tokens[i].kind != TPL__TOKEN_LITERAL;
    }
    return true;
}

bool tpl__segment_is_star(const tpl__segment *segment) {
    return segment->count == 1 && segment->tokens[0].kind == TPL__TOKEN_STAR;
}

static bool set_holds(const tpl__token *set, uint32_t code) {
    for (size_t i = 0; i < set->count; i++) {
        if (code >= set->is.ranges[i].first && code <= set->is.ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* The bytes at the start of a name that a token other than a star matches; 0: it does not. */
static size_t match_token(const tpl__token *token, const char *name, size_t len) {
    if (token->kind == TPL__TOKEN_LITERAL) {
        bool same = token->count <= len && memcmp(name, token->is.bytes, token->count) == 0;
        return same ? token->count : 0;
    }
    if (len == 0) {
        return 0;
    }
    uint32_t code = 0;
    size_t took = tpl__wtf8_next(name, len, &code);
    bool yes = token->kind == TPL__TOKEN_ANY || set_holds(token, code) != token->negated;
    return yes ? took : 0;
}

static bool ends_with(const char *name, size_t len, const tpl__token *literal) {
    return len >= literal->count &&
           memcmp(name + len - literal->count, literal->is.bytes, literal->count) == 0;
}

/* A later star can take over whatever an earlier one could have had, so only the latest is ever
 * tried anew. */
bool tpl__segment_matches(const tpl__segment *segment, const char *name, size_t len) {
    const tpl__token *tokens = segment->tokens;
    const size_t count = segment->count;
    size_t token = 0;
    size_t at = 0;
    size_t after_star = 0; /* the token to go back to; 0: none */
    size_t star_end = 0;   /* what the star matches ends here */
    for (;;) {
        if (token < count && tokens[token].kind == TPL__TOKEN_STAR) {
            after_star = ++token;
            star_end = at;
            if (token == count) {
                return true;
            }
            if (token + 1 == count && tokens[token].kind == TPL__TOKEN_LITERAL) {
                return ends_with(name + at, len - at, &tokens[token]);
            }
            continue;
        }
        if (token == count && at == len) {
            return true;
        }
        size_t took = token < count ? match_token(&tokens[token], name + at, len - at) : 0;
        if (took > 0) {
            at += took;
            token++;
            continue;
        }
        if (after_star == 0 || star_end == len) {
            return false;
        }
        uint32_t skipped = 0;
        star_end += tpl__wtf8_next(name + star_end, len - star_end, &skipped);
        at = star_end;
        token = after_star;
    }
}
