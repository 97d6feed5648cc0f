/* SPDX-License-Identifier: MIT */
/* Follows a pattern's steps along a path. The set of steps that have been reached is bits on the
 * stack; steps lead forward only, so one pass upward adds all that are reached without a unit. */
#include "states.h"

#include <string.h>

#include "swar.h"
#include "wtf8.h"

enum {
    WORD_BITS = 64,
    WORDS = TPL__STATES_MAX / WORD_BITS
};

typedef struct run {
    const tpl__states *states;
    size_t words; /* that are in use */
    uint64_t here[WORDS];
    uint64_t next[WORDS];
} run;

bool tpl__states_end(tpl__states *states, tpl__step *steps, size_t count,
                     tpl__pattern_problem *problem) {
    if (count >= TPL__STATES_MAX) {
        *problem = "too long for a pattern";
        return false;
    }
    steps[count] = (tpl__step){.kind = TPL__STEP_END};
    states->steps = steps;
    states->count = count + 1;
    return true;
}

size_t tpl__states_bytes(unsigned char out[4], uint32_t code) {
    if (code >= 0xdc80 && code <= 0xdcff) { /* a byte that is not UTF-8 */
        out[0] = (unsigned char)(code - 0xdc00);
        return 1;
    }
    char text[4];
    size_t len = tpl__wtf8_put(text, code);
    memcpy(out, text, len);
    return len;
}

static void add(uint64_t *set, size_t step) {
    set[step / WORD_BITS] |= (uint64_t)1 << step % WORD_BITS;
}

/* The first step of the set at or behind `from`; the number of steps when there is none. */
static size_t next_of(const run *r, const uint64_t *set, size_t from) {
    size_t word = from / WORD_BITS;
    uint64_t bits = word < r->words ? set[word] >> from % WORD_BITS << from % WORD_BITS : 0;
    while (bits == 0) {
        if (++word >= r->words) {
            return r->states->count;
        }
        bits = set[word];
    }
    return word * WORD_BITS + tpl__first_bit(bits);
}

static void follow(const run *r, uint64_t *set) {
    for (size_t i = next_of(r, set, 0); i < r->states->count; i = next_of(r, set, i + 1)) {
        const tpl__step *step = &r->states->steps[i];
        if (step->kind == TPL__STEP_FORK || step->kind == TPL__STEP_JUMP) {
            add(set, step->value);
        }
        if (step->kind == TPL__STEP_FORK || step->kind == TPL__STEP_STAR) {
            add(set, i + 1);
        }
    }
}

static bool set_holds(const tpl__step *step, uint32_t unit) {
    for (size_t i = 0; i < step->range_count; i++) {
        if (unit >= step->ranges[i].first && unit <= step->ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool takes(const tpl__step *step, uint32_t unit) {
    return step->kind == TPL__STEP_ANY || step->kind == TPL__STEP_STAR ||
           (step->kind == TPL__STEP_UNIT && step->value == unit) ||
           (step->kind == TPL__STEP_SET && set_holds(step, unit) != step->negated);
}

static void feed(run *r, uint32_t unit) {
    const tpl__step *steps = r->states->steps;
    const size_t count = r->states->count;
    memset(r->next, 0, r->words * sizeof(*r->next));
    for (size_t i = next_of(r, r->here, 0); i < count; i = next_of(r, r->here, i + 1)) {
        if (takes(&steps[i], unit)) {
            add(r->next, steps[i].kind == TPL__STEP_STAR ? i : i + 1);
        }
    }
    follow(r, r->next);
    memcpy(r->here, r->next, r->words * sizeof(*r->next));
}

static bool is_over(const run *r) {
    return next_of(r, r->here, 0) == r->states->count;
}

static void feed_text(run *r, const char *text, size_t len) {
    unsigned char bytes[4];
    uint32_t code = 0;
    for (size_t at = 0; at < len && !is_over(r);) {
        at += tpl__wtf8_next(text + at, len - at, &code);
        size_t count = r->states->bytes ? tpl__states_bytes(bytes, code) : 0;
        for (size_t i = 0; i < count; i++) {
            feed(r, bytes[i]);
        }
        if (!r->states->bytes) {
            feed(r, code);
        }
    }
}

static void begin(run *r, const tpl__states *states) {
    r->states = states;
    r->words = (states->count + WORD_BITS - 1) / WORD_BITS;
    memset(r->here, 0, r->words * sizeof(*r->here));
    add(r->here, 0);
    follow(r, r->here);
    if (states->rooted) {
        feed(r, '/');
    }
}

bool tpl__states_match(const tpl__states *states, const char *path, size_t len) {
    run r;
    begin(&r, states);
    feed_text(&r, path, len);
    return next_of(&r, r.here, states->count - 1) < states->count;
}

tpl__reach tpl__states_below(const tpl__states *states, const char *dir, size_t len) {
    run r;
    begin(&r, states);
    feed_text(&r, dir, len);
    if (len > 0) {
        feed(&r, '/');
    }
    tpl__reach reach = TPL__REACH_NONE;
    size_t last = states->count - 1;
    for (size_t i = next_of(&r, r.here, 0); i < last; i = next_of(&r, r.here, i + 1)) {
        bool all = states->steps[i].kind == TPL__STEP_STAR && i + 1 == last; /* none follows it */
        reach = all ? TPL__REACH_ALL : TPL__REACH_SOME;
    }
    return reach;
}
