/* SPDX-License-Identifier: MIT */
/* The dialect `globset`: the patterns of the Rust crate of that name with its default settings, as
 * steps over bytes. */
#include <string.h>

#include "states.h"
#include "wtf8.h"

#define NOWHERE SIZE_MAX

/* What the latest item of a branch is. */
typedef enum item {
    ITEM_OTHER,
    ITEM_SLASHES, /* `**` in front, or between slashes: has taken the slash behind it */
    ITEM_FRONT    /* the former of the two */
} item;

/* Alternatives in braces; the outermost level is one, too. Each branch begins with a fork to the
 * next one and ends with a jump behind them all. */
typedef struct level {
    size_t fork;  /* of the branch at hand */
    size_t last;  /* the fork of the last branch that holds anything */
    size_t jumps; /* the last of them; each one's value is the one before it */
    size_t items; /* of the branch at hand */
} level;

typedef struct parser {
    const char *text;
    size_t len;
    size_t at;
    uint32_t before; /* the character before the one at hand; 0 for none */
    uint32_t now;
    tpl__step *steps;
    size_t count;
    tpl__range *ranges; /* the next free one */
    level *levels;      /* room for all */
    size_t depth;
    size_t latest; /* where the latest item begins */
    item kind;     /* and what it is */
    tpl__pattern_problem problem;
} parser;

static bool refuse(parser *p, tpl__pattern_problem problem) {
    p->problem = problem;
    return false;
}

static bool advance(parser *p) {
    p->before = p->now;
    p->now = 0;
    if (p->at < p->len) {
        p->at += tpl__wtf8_next(p->text + p->at, p->len - p->at, &p->now);
        return true;
    }
    return false;
}

static uint32_t peek(const parser *p) {
    return p->at < p->len ? (unsigned char)p->text[p->at] : 0;
}

static size_t put(parser *p, tpl__step_kind kind, uint32_t value) {
    p->steps[p->count] = (tpl__step){.kind = kind, .value = value};
    return p->count++;
}

static void begin_item(parser *p, item kind) {
    p->latest = p->count;
    p->kind = kind;
    p->levels[p->depth].items++;
}

static void put_literal(parser *p, uint32_t code) {
    unsigned char bytes[4];
    size_t count = tpl__states_bytes(bytes, code);
    begin_item(p, ITEM_OTHER);
    for (size_t i = 0; i < count; i++) {
        put(p, TPL__STEP_UNIT, bytes[i]);
    }
}

static void put_plain(parser *p, tpl__step_kind kind) {
    begin_item(p, ITEM_OTHER);
    put(p, kind, 0);
}

/* Nothing, or anything up to a slash. */
static void put_directories(parser *p) {
    put(p, TPL__STEP_FORK, (uint32_t)p->count + 3);
    put(p, TPL__STEP_STAR, 0);
    put(p, TPL__STEP_UNIT, '/');
}

/* --- stars --- */

static void two_stars(parser *p) {
    put_plain(p, TPL__STEP_STAR);
    put_plain(p, TPL__STEP_STAR);
}

/* `**` where a branch begins. */
static void stars_in_front(parser *p) {
    if (p->at < p->len && peek(p) != '/') {
        two_stars(p);
        return;
    }
    begin_item(p, ITEM_FRONT);
    put_directories(p);
    advance(p);
}

/* `**` behind a slash takes the place of that slash: of `before`, which is the latest item. */
static void stars_behind_slash(parser *p, bool ends) {
    if (!ends) {
        advance(p);
    }
    if (p->kind == ITEM_FRONT) {
        return;
    }
    p->count = p->latest;
    p->kind = ends ? ITEM_OTHER : ITEM_SLASHES;
    put(p, TPL__STEP_UNIT, '/');
    if (ends) {
        put(p, TPL__STEP_STAR, 0);
    } else {
        put_directories(p);
    }
}

static void take_star(parser *p) {
    uint32_t before = p->before;
    if (peek(p) != '*') {
        put_plain(p, TPL__STEP_STAR);
        return;
    }
    advance(p);
    if (p->levels[p->depth].items == 0) {
        stars_in_front(p);
        return;
    }
    bool inside = p->depth > 0;
    uint32_t next = peek(p);
    bool end = p->at == p->len || (inside && (next == ',' || next == '}'));
    bool opens = before == '/' || (inside && (before == ',' || before == '{')); /* escaped, those */
    if (opens && (end || next == '/')) {
        stars_behind_slash(p, end);
    } else {
        two_stars(p);
    }
}

/* --- sets --- */

static void add_range(parser *p, tpl__step *set, uint32_t first, uint32_t last) {
    *p->ranges++ = (tpl__range){first, last};
    set->range_count++;
}

/* Sets are of bytes: of a range, the last byte of its first character to the first of its last. */
static void add_bytes(parser *p, tpl__step *set, const tpl__range *codes) {
    unsigned char first[4];
    unsigned char last[4];
    size_t first_len = tpl__states_bytes(first, codes->first);
    size_t last_len = tpl__states_bytes(last, codes->last);
    bool one = codes->first == codes->last;
    for (size_t i = 0; i + 1 < first_len; i++) {
        add_range(p, set, first[i], first[i]);
    }
    add_range(p, set, first[first_len - 1], one ? first[first_len - 1] : last[0]);
    for (size_t i = 1; !one && i < last_len; i++) {
        add_range(p, set, last[i], last[i]);
    }
}

/* Takes the members up to the `]`. One of them is held back, since a `-` may follow it; the end of
 * a range is, too, and can be moved by another `-`. */
static bool take_members(parser *p, tpl__step *set) {
    tpl__range held = {0, 0};
    bool any = false;
    bool in_range = false;
    while (advance(p) && (p->now != ']' || !any)) {
        if (p->now == '-' && any && !in_range) {
            in_range = true;
            continue;
        }
        if (in_range && p->now < held.first) {
            return refuse(p, "a range of a set ends before it begins");
        }
        if (any && !in_range) {
            add_bytes(p, set, &held);
        }
        held = in_range ? (tpl__range){held.first, p->now} : (tpl__range){p->now, p->now};
        any = true;
        in_range = false;
    }
    if (p->now != ']') {
        return refuse(p, "nothing closes the '[' of a set");
    }
    add_bytes(p, set, &held);
    if (in_range) {
        add_range(p, set, '-', '-');
    }
    return true;
}

static bool take_set(parser *p) {
    begin_item(p, ITEM_OTHER);
    tpl__step *set = &p->steps[put(p, TPL__STEP_SET, 0)];
    set->ranges = p->ranges;
    if (peek(p) == '!' || peek(p) == '^') {
        advance(p);
        set->negated = true;
    }
    return take_members(p, set);
}

/* --- alternatives --- */

static void begin_branch(parser *p) {
    level *l = &p->levels[p->depth];
    l->fork = put(p, TPL__STEP_FORK, 0);
    l->items = 0;
}

/* An empty branch is as if it were not there. */
static void end_branch(parser *p) {
    level *l = &p->levels[p->depth];
    if (p->count == l->fork + 1) {
        p->count = l->fork;
        return;
    }
    size_t jump = put(p, TPL__STEP_JUMP, (uint32_t)l->jumps);
    l->jumps = jump;
    l->last = l->fork;
    p->steps[l->fork].value = (uint32_t)p->count;
}

static void open_level(parser *p) {
    p->levels[++p->depth] = (level){.last = NOWHERE, .jumps = 0};
    begin_branch(p);
}

static bool close_level(parser *p) {
    if (p->depth == 0) {
        return refuse(p, "nothing opens what a '}' closes");
    }
    end_branch(p);
    const level *l = &p->levels[p->depth];
    if (l->last != NOWHERE) {
        p->steps[l->last].value = (uint32_t)l->last + 1;
        for (size_t jump = l->jumps; jump != 0;) { /* none is the first step */
            size_t earlier = p->steps[jump].value;
            p->steps[jump].value = (uint32_t)p->count;
            jump = earlier;
        }
    }
    p->depth--;
    begin_item(p, ITEM_OTHER);
    return true;
}

/* --- all of it --- */

static bool take_character(parser *p) {
    switch (p->now) {
    case '?':
        put_plain(p, TPL__STEP_ANY);
        return true;
    case '*':
        take_star(p);
        return true;
    case '[':
        return take_set(p);
    case '{':
        open_level(p);
        return true;
    case '}':
        return close_level(p);
    case '\\':
        if (!advance(p)) {
            return refuse(p, "nothing follows the '\\' at the end");
        }
        break;
    case ',':
        if (p->depth > 0) {
            end_branch(p);
            begin_branch(p);
            return true;
        }
        break;
    default:
        break;
    }
    put_literal(p, p->now);
    return true;
}

static bool parse(parser *p) {
    while (advance(p)) {
        if (!take_character(p)) {
            return false;
        }
    }
    if (p->depth > 0) {
        return refuse(p, "nothing closes a '{'");
    }
    if (p->levels[0].items == 1 && p->kind == ITEM_FRONT) { /* `**` alone is everything */
        p->count = 0;
        put(p, TPL__STEP_STAR, 0);
    }
    return true;
}

bool tpl__states_globset(tpl__states *out, tpl__arena *arena, const char *text,
                         tpl__pattern_problem *problem) {
    size_t len = strlen(text);
    parser p = {.text = text,
                .len = len,
                .steps = tpl__arena_object(arena, (2 * len + 4) * sizeof(tpl__step)),
                .ranges = tpl__arena_object(arena, 2 * len * sizeof(tpl__range)),
                .levels = tpl__arena_object(arena, (len + 1) * sizeof(level))};
    if (p.steps == NULL || p.ranges == NULL || p.levels == NULL) {
        return false;
    }
    p.levels[0] = (level){.items = 0};
    if (!parse(&p)) {
        *problem = p.problem;
        return false;
    }
    const char *slash = strrchr(text, '/');
    *out =
        (tpl__states){.bytes = true, .wild = strpbrk(slash == NULL ? text : slash, "*?[{") != NULL};
    return tpl__states_end(out, p.steps, p.count, problem);
}
