/* SPDX-License-Identifier: MIT */
/* Tables of patterns and paths for the dialects that are lists of steps. */
#ifndef TPL_TEST_STATES_TABLES_H
#define TPL_TEST_STATES_TABLES_H

#include <string.h>

#include "check.h"
#include "states.h"

typedef bool states_compile(tpl__states *out, tpl__arena *arena, const char *text,
                            tpl__pattern_problem *problem);

typedef struct states_row {
    const char *pattern;
    const char *yes; /* paths, separated by spaces */
    const char *no;
} states_row;

static inline void check_paths(const tpl__states *states, const states_row *row, bool expected) {
    const char *paths = expected ? row->yes : row->no;
    while (*paths != '\0') {
        size_t len = strcspn(paths, " ");
        if (tpl__states_match(states, paths, len) != expected) {
            fail_msg("'%s' on '%.*s': expected %d", row->pattern, (int)len, paths, expected);
        }
        paths += len + (paths[len] == ' ' ? 1 : 0);
    }
}

static inline void check_states(states_compile *compile, const states_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tpl__arena arena = TPL__ARENA_INIT;
        tpl__states states;
        tpl__pattern_problem problem = NULL;
        if (!compile(&states, &arena, rows[i].pattern, &problem)) {
            fail_msg("'%s': %s", rows[i].pattern, problem);
        }
        check_paths(&states, &rows[i], true);
        check_paths(&states, &rows[i], false);
        tpl__arena_dispose(&arena);
    }
}

static inline void check_refused(states_compile *compile, const char *pattern,
                                 const char *problem) {
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__states states;
    tpl__pattern_problem found = NULL;
    assert_false(compile(&states, &arena, pattern, &found));
    assert_string_equal(found, problem);
    tpl__arena_dispose(&arena);
}

#endif
