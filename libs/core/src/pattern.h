/* SPDX-License-Identifier: MIT */
/* One pattern of the dialect `glob`: segment by segment, as Python's glob. */
#ifndef TPL__PATTERN_H
#define TPL__PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "segment.h"

#define TPL__PATTERN_SHUT SIZE_MAX

typedef struct tpl__pattern {
    const tpl__segment *segments; /* never two `**` in a row; of a file, the last is none */
    size_t count;
    size_t first_any; /* the first `**`; `count` when there is none */
    size_t dots_end;  /* behind the last segment that begins with a dot; 0 when none does */
    bool files;       /* can match files at all */
    bool above;       /* leads out of the root */
} tpl__pattern;

/* `text` as tpl__segment_compile() takes it. False when memory is out. */
bool tpl__pattern_compile(tpl__pattern *out, tpl__arena *arena, const char *text);

bool tpl__pattern_is_all(const tpl__pattern *p); /* every file, unless dot names are hidden */

/* About the file or directory at a relative WTF-8 path, with (`hide`) or without wildcards that
 * leave out names which begin with a dot. */
bool tpl__pattern_matches(const tpl__pattern *p, bool hide, const char *path, size_t len);

/* The first segment from which the pattern could go on below a directory, or TPL__PATTERN_SHUT. */
size_t tpl__pattern_opens(const tpl__pattern *p, bool hide, const char *dir, size_t len);

/* Whether it matches everything below a directory, hidden names aside. */
bool tpl__pattern_covers(const tpl__pattern *p, bool hide, const char *dir, size_t len);

/* Whether it would match a directory as a file, and has no wildcard in its last segment. */
bool tpl__pattern_names(const tpl__pattern *p, bool hide, const char *dir, size_t len);

#endif
