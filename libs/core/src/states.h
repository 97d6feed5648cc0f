/* SPDX-License-Identifier: MIT */
/* One pattern of a dialect whose wildcards cross slashes: a list of steps, each of which leads to
 * later ones or to itself, followed all at once. Takes len(path) * len(pattern) steps at most. */
#ifndef TPL__STATES_H
#define TPL__STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "segment.h"

enum {
    TPL__STATES_MAX = 4096 /* steps of one pattern; what is longer is refused */
};

typedef enum tpl__step_kind {
    TPL__STEP_UNIT, /* takes `value` */
    TPL__STEP_ANY,  /* takes any unit */
    TPL__STEP_SET,  /* takes a unit of the ranges, or one that is in none */
    TPL__STEP_STAR, /* takes any number of units */
    TPL__STEP_FORK, /* goes on behind itself, and at step `value` */
    TPL__STEP_JUMP, /* goes on at step `value` */
    TPL__STEP_END
} tpl__step_kind;

typedef struct tpl__step {
    tpl__step_kind kind;
    bool negated;
    uint32_t value;
    const tpl__range *ranges;
    size_t range_count;
} tpl__step;

typedef struct tpl__states {
    const tpl__step *steps; /* the last one is the end */
    size_t count;
    bool bytes;  /* units are bytes, as the operating system has them; else code points */
    bool rooted; /* paths begin with a slash that is not in them */
    bool wild;   /* holds a wildcard behind its last slash */
} tpl__states;

/* Why a text is no pattern; static. */
typedef const char *tpl__pattern_problem;

/* Of `text`, WTF-8 or operating-system bytes; what comes out lies in the arena. False when memory
 * is out or, with a problem, when the dialect has no such pattern. */
bool tpl__states_globset(tpl__states *out, tpl__arena *arena, const char *text,
                         tpl__pattern_problem *problem);
bool tpl__states_fnmatch(tpl__states *out, tpl__arena *arena, const char *text,
                         tpl__pattern_problem *problem);

/* Completes a list of steps that has room for one more. False with a problem when it is too long.
 */
bool tpl__states_end(tpl__states *states, tpl__step *steps, size_t count,
                     tpl__pattern_problem *problem);

/* The bytes that a code point of WTF-8 text is to the operating system; how many. */
size_t tpl__states_bytes(unsigned char out[4], uint32_t code);

/* Whether it matches all of a relative WTF-8 path. */
bool tpl__states_match(const tpl__states *states, const char *path, size_t len);

typedef enum tpl__reach {
    TPL__REACH_NONE,
    TPL__REACH_SOME,
    TPL__REACH_ALL
} tpl__reach;

/* Which of the paths below a directory it could match; of an empty path, the root. */
tpl__reach tpl__states_below(const tpl__states *states, const char *dir, size_t len);

#endif
