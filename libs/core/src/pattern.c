/* SPDX-License-Identifier: MIT */
/* One pattern of the dialect `glob`: a list of segments, matched without memory of its own. */
#include "pattern.h"

#include <stdint.h>
#include <string.h>

/* --- compiling --- */

typedef struct segment_list {
    tpl__segment *items; /* room for all */
    size_t count;
} segment_list;

static bool append_segment(segment_list *list, tpl__arena *arena, const char *text, size_t len) {
    tpl__segment *next = &list->items[list->count];
    if (len == 2 && memcmp(text, "**", 2) == 0) {
        if (list->count == 0 || !list->items[list->count - 1].any_number) {
            *next = (tpl__segment){.wild = true, .any_number = true};
            list->count++;
        }
        return true;
    }
    list->count++;
    return tpl__segment_compile(next, arena, text, len);
}

/* Takes the last segment off for a `..`: any number of directories less one is any number. */
static bool drop_segment(segment_list *list) {
    if (list->count == 0) {
        return false;
    }
    if (!list->items[list->count - 1].any_number) {
        list->count--;
    }
    return true;
}

/* Normalised lexically. What ends in a slash, `.` or `..` can be a directory only. */
static bool read_segments(tpl__pattern *out, segment_list *list, tpl__arena *arena,
                          const char *text) {
    bool directory = true;
    for (const char *next = text; next != NULL;) {
        const char *slash = strchr(next, '/');
        size_t len = slash == NULL ? strlen(next) : (size_t)(slash - next);
        bool parent = len == 2 && memcmp(next, "..", 2) == 0;
        directory = len == 0 || parent || (len == 1 && next[0] == '.');
        if (parent) {
            out->above = out->above || !drop_segment(list);
        } else if (!directory && !append_segment(list, arena, next, len)) {
            return false;
        }
        next = slash == NULL ? NULL : slash + 1;
    }
    out->files = !directory && !out->above; /* then a name is the last segment */
    return true;
}

/* What a last `**` matches ends with a name. */
static bool end_with_name(const tpl__pattern *p, segment_list *list, tpl__arena *arena) {
    bool name = !p->files || !list->items[list->count - 1].any_number;
    return name || append_segment(list, arena, "*", 1);
}

static size_t count_slashes(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == '/' ? 1 : 0;
    }
    return count;
}

bool tpl__pattern_compile(tpl__pattern *out, tpl__arena *arena, const char *text) {
    size_t most = count_slashes(text) + 2;
    segment_list list = {tpl__arena_object(arena, most * sizeof(tpl__segment)), 0};
    *out = (tpl__pattern){.segments = list.items};
    if (list.items == NULL || !read_segments(out, &list, arena, text) ||
        !end_with_name(out, &list, arena)) {
        return false;
    }
    out->count = list.count;
    out->first_any = list.count;
    for (size_t i = list.count; i > 0; i--) {
        const tpl__segment *segment = &list.items[i - 1];
        out->first_any = segment->any_number ? i - 1 : out->first_any;
        out->dots_end = segment->dot && out->dots_end == 0 ? i : out->dots_end;
    }
    return true;
}

/* --- matching --- */

/* A path and a position in it; the names in it are taken one by one. */
typedef struct cursor {
    const char *path;
    size_t len;
    size_t at; /* where the next name begins; past `len` when there is none */
} cursor;

static cursor cursor_at_start(const char *path, size_t len) {
    return (cursor){path, len, len == 0 ? 1 : 0};
}

static bool cursor_done(const cursor *c) {
    return c->at > c->len;
}

static size_t name_length(const cursor *c) {
    const char *name = c->path + c->at;
    const char *slash = c->at < c->len ? memchr(name, '/', c->len - c->at) : NULL;
    return slash == NULL ? c->len - c->at : (size_t)(slash - name);
}

static bool name_has_dot(const cursor *c) {
    return c->at < c->len && c->path[c->at] == '.';
}

/* Takes one name if the segment matches it. */
static bool take(cursor *c, const tpl__segment *segment, bool hide) {
    if (hide && !segment->dot && name_has_dot(c)) {
        return false;
    }
    size_t len = name_length(c);
    if (!tpl__segment_matches(segment, c->path + c->at, len)) {
        return false;
    }
    c->at += len + 1;
    return true;
}

/* Takes one name for a `**`. */
static bool take_any(cursor *c, bool hide) {
    if (hide && name_has_dot(c)) {
        return false;
    }
    c->at += name_length(c) + 1;
    return true;
}

/* Whether `count` segments match the whole path. As with stars in a name, only the latest `**` is
 * tried anew; hidden names change nothing about that, since a segment that may match them matches
 * no others. */
static bool match(const tpl__segment *segments, size_t count, bool hide, cursor path) {
    size_t segment = 0;
    size_t after_any = 0; /* the segment to go back to; 0: none */
    cursor any_end = path;
    for (;;) {
        if (segment < count && segments[segment].any_number) {
            after_any = ++segment;
            any_end = path;
            continue;
        }
        if (cursor_done(&path)) {
            return segment == count;
        }
        if (segment < count && take(&path, &segments[segment], hide)) {
            segment++;
            continue;
        }
        if (after_any == 0 || !take_any(&any_end, hide)) {
            return false;
        }
        path = any_end;
        segment = after_any;
    }
}

bool tpl__pattern_matches(const tpl__pattern *p, bool hide, const char *path, size_t len) {
    return p->files && match(p->segments, p->count, hide, cursor_at_start(path, len));
}

/* --- directories --- */

/* Whether it ends in `**`, so that it matches everything below what comes before. */
static bool is_tree(const tpl__pattern *p) {
    const tpl__segment *end = p->segments + p->count;
    return p->files && p->count >= 2 && end[-2].any_number && tpl__segment_is_star(&end[-1]);
}

bool tpl__pattern_is_all(const tpl__pattern *p) {
    return is_tree(p) && p->count == 2;
}

bool tpl__pattern_covers(const tpl__pattern *p, bool hide, const char *dir, size_t len) {
    return is_tree(p) && match(p->segments, p->count - 1, hide, cursor_at_start(dir, len));
}

/* Adds the position behind each `**` among the positions in the set: it may match nothing. */
static uint64_t skip_any(uint64_t set, const tpl__segment *segments, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if ((set >> i & 1) != 0 && segments[i].any_number) {
            set |= (uint64_t)1 << (i + 1);
        }
    }
    return set;
}

/* Follows every way through `count` < 64 segments at once, one bit a position, and gives the first
 * position that is left with names to come. */
static size_t first_open(const tpl__segment *segments, size_t count, cursor path) {
    uint64_t set = skip_any(1, segments, count);
    while (!cursor_done(&path)) {
        uint64_t next = 0;
        for (size_t i = 0; i < count; i++) {
            cursor one = path;
            if ((set >> i & 1) == 0) {
                continue;
            }
            if (segments[i].any_number) {
                next |= take_any(&one, true) ? (uint64_t)1 << i : 0;
            } else {
                next |= take(&one, &segments[i], true) ? (uint64_t)1 << (i + 1) : 0;
            }
        }
        set = skip_any(next, segments, count);
        path.at += name_length(&path) + 1;
    }
    for (size_t i = 0; i < count; i++) {
        if ((set >> i & 1) != 0) {
            return i;
        }
    }
    return TPL__PATTERN_SHUT;
}

/* The first `**` settles it, unless hidden names further down must be named. */
size_t tpl__pattern_opens(const tpl__pattern *p, bool hide, const char *dir, size_t len) {
    cursor path = cursor_at_start(dir, len);
    if (!p->files) {
        return TPL__PATTERN_SHUT;
    }
    size_t segment = 0;
    while (segment < p->first_any && !cursor_done(&path)) {
        if (!take(&path, &p->segments[segment], hide)) {
            return TPL__PATTERN_SHUT;
        }
        segment++;
    }
    if (segment == p->count) {
        return TPL__PATTERN_SHUT;
    }
    size_t rest = p->count - segment;
    if (!hide || cursor_done(&path) || rest >= 64) { /* a pattern this long is not worth it */
        return segment;
    }
    size_t more = first_open(p->segments + segment, rest, path);
    return more == TPL__PATTERN_SHUT ? TPL__PATTERN_SHUT : segment + more;
}

bool tpl__pattern_names(const tpl__pattern *p, bool hide, const char *dir, size_t len) {
    return !p->above && (p->count == 0 || !p->segments[p->count - 1].wild) &&
           match(p->segments, p->count, hide, cursor_at_start(dir, len));
}
