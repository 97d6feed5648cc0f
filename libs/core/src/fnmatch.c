/* SPDX-License-Identifier: MIT */
/* The dialect `fnmatch`: what deadline makes of the patterns of its downloads, for Python's fnmatch
 * on a whole path. */
#include <string.h>

#include "states.h"
#include "wtf8.h"

/* Text that begins with a slash, a star or a drive is matched as it stands; other text everywhere.
 */
static bool is_anchored(const char *text, size_t len) {
    uint32_t first = 0;
    size_t took = len == 0 ? 0 : tpl__wtf8_next(text, len, &first);
    return first == '/' || first == '*' || (took > 0 && text[took] == ':');
}

static size_t put_literal(tpl__step *steps, const tpl__token *literal) {
    size_t count = 0;
    for (size_t at = 0; at < literal->count; count++) {
        steps[count] = (tpl__step){.kind = TPL__STEP_UNIT};
        at += tpl__wtf8_next(literal->is.bytes + at, literal->count - at, &steps[count].value);
    }
    return count;
}

static size_t put_token(tpl__step *steps, const tpl__token *token) {
    switch (token->kind) {
    case TPL__TOKEN_LITERAL:
        return put_literal(steps, token);
    case TPL__TOKEN_ANY:
        *steps = (tpl__step){.kind = TPL__STEP_ANY};
        break;
    case TPL__TOKEN_SET:
        *steps = (tpl__step){.kind = TPL__STEP_SET,
                             .negated = token->negated,
                             .ranges = token->is.ranges,
                             .range_count = token->count};
        break;
    case TPL__TOKEN_STAR:
        *steps = (tpl__step){.kind = TPL__STEP_STAR};
        break;
    }
    return 1;
}

bool tpl__states_fnmatch(tpl__states *out, tpl__arena *arena, const char *text,
                         tpl__pattern_problem *problem) {
    size_t len = strlen(text);
    bool tree = len > 0 && text[len - 1] == '/';
    char *whole = tpl__arena_bytes(arena, len + 3);
    tpl__step *steps = tpl__arena_object(arena, (len + 4) * sizeof(*steps));
    tpl__segment segment;
    if (whole == NULL || steps == NULL) {
        return false;
    }
    size_t front = is_anchored(text, len) ? 0 : 2;
    memcpy(whole, "*/", front);
    memcpy(whole + front, text, len + 1);
    whole[front + len] = '*';
    if (!tpl__segment_compile(&segment, arena, whole, front + len + (tree ? 1 : 0))) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < segment.count; i++) {
        count += put_token(steps + count, &segment.tokens[i]);
    }
    const char *slash = strrchr(text, '/');
    *out = (tpl__states){.rooted = true, .wild = tree};
    out->wild = out->wild || strpbrk(slash == NULL ? text : slash, "*?[") != NULL;
    return tpl__states_end(out, steps, count, problem);
}
