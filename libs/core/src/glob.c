/* SPDX-License-Identifier: MIT */
/* Patterns over whole paths: compiled once to lists of segments, matched without memory of its own.
 */
#include "glob.h"

#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "fail.h"
#include "mem.h"
#include "segment.h"

#define NOWHERE SIZE_MAX

typedef struct pattern {
    const tpl__segment *segments; /* never two `**` in a row; of a file, the last is none */
    size_t count;
    size_t first_any; /* the first `**`; `count` when there is none */
    size_t dots_end;  /* behind the last segment that begins with a dot; 0 when none does */
    bool files;       /* can match files at all */
    bool above;       /* leads out of the root */
} pattern;

struct tpl__glob {
    tpl__arena arena;
    const pattern *includes;
    size_t include_count;
    const pattern *excludes;
    size_t exclude_count;
    size_t given_includes; /* without the implicit one */
    bool hide_dotfiles;
    bool includes_all;
    bool excludes_any;
};

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
static bool read_segments(pattern *out, segment_list *list, tpl__arena *arena, const char *text) {
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
    out->files = !directory && !out->above && list->count > 0;
    return true;
}

static size_t count_slashes(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == '/' ? 1 : 0;
    }
    return count;
}

static bool compile(pattern *out, tpl__arena *arena, const char *text) {
    size_t most = count_slashes(text) + 2;
    segment_list list = {tpl__arena_object(arena, most * sizeof(tpl__segment)), 0};
    *out = (pattern){.segments = list.items};
    if (list.items == NULL || !read_segments(out, &list, arena, text)) {
        return false;
    }
    if (out->files && list.items[list.count - 1].any_number) { /* there is a name at the end */
        if (!append_segment(&list, arena, "*", 1)) {
            return false;
        }
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

static const pattern *compile_all(tpl__arena *arena, const char *const *texts, size_t count) {
    pattern *patterns = tpl__arena_object(arena, count * sizeof(*patterns));
    for (size_t i = 0; patterns != NULL && i < count; i++) {
        if (!compile(&patterns[i], arena, texts[i])) {
            return NULL;
        }
    }
    return patterns;
}

/* Whether it ends in `**`, so that it matches everything below what comes before. */
static bool is_tree(const pattern *p) {
    const tpl__segment *end = p->segments + p->count;
    return p->files && p->count >= 2 && end[-2].any_number && tpl__segment_is_star(&end[-1]);
}

static void summarise(tpl__glob *glob) {
    for (size_t i = 0; i < glob->include_count; i++) {
        const pattern *p = &glob->includes[i];
        bool all = is_tree(p) && p->count == 2 && !glob->hide_dotfiles;
        glob->includes_all = glob->includes_all || all;
    }
    for (size_t i = 0; i < glob->exclude_count; i++) {
        glob->excludes_any = glob->excludes_any || glob->excludes[i].files;
    }
}

tpl_status tpl__glob_new(tpl__glob **out, const tpl_filter *filter, tpl_error *err) {
    static const char *const EVERYTHING[] = {"**/*"};
    *out = NULL;
    tpl__glob *glob = tpl__alloc_array(1, sizeof(*glob));
    if (glob == NULL) {
        return tpl__fail_nomem(err);
    }
    bool implicit = filter->include.count == 0;
    glob->given_includes = filter->include.count;
    glob->include_count = implicit ? 1 : filter->include.count;
    glob->exclude_count = filter->exclude.count;
    glob->hide_dotfiles = filter->hide_dotfiles;
    glob->includes = compile_all(&glob->arena, implicit ? EVERYTHING : filter->include.items,
                                 glob->include_count);
    glob->excludes = compile_all(&glob->arena, filter->exclude.items, glob->exclude_count);
    if (glob->includes == NULL || glob->excludes == NULL) {
        tpl__glob_free(glob);
        return tpl__fail_nomem(err);
    }
    summarise(glob);
    *out = glob;
    return TPL_OK;
}

void tpl__glob_free(tpl__glob *glob) {
    if (glob != NULL) {
        tpl__arena_dispose(&glob->arena);
        tpl__free(glob);
    }
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

static bool any_match(const pattern *patterns, size_t count, bool hide, cursor path) {
    for (size_t i = 0; i < count; i++) {
        if (patterns[i].files && match(patterns[i].segments, patterns[i].count, hide, path)) {
            return true;
        }
    }
    return false;
}

bool tpl__glob_is_all(const tpl__glob *glob) {
    return glob->includes_all && !glob->excludes_any;
}

bool tpl__glob_file(const tpl__glob *glob, const char *path, size_t len) {
    const cursor start = cursor_at_start(path, len);
    const bool hide = glob->hide_dotfiles;
    return (glob->includes_all || any_match(glob->includes, glob->include_count, hide, start)) &&
           !(glob->excludes_any && any_match(glob->excludes, glob->exclude_count, hide, start));
}

/* --- directories --- */

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
    return NOWHERE;
}

/* The first segment from which the pattern could go on below a directory, or NOWHERE. The first
 * `**` settles it, unless hidden names further down must be named. */
static size_t opens_below(const pattern *p, bool hide, cursor path) {
    if (!p->files) {
        return NOWHERE;
    }
    size_t segment = 0;
    while (segment < p->first_any && !cursor_done(&path)) {
        if (!take(&path, &p->segments[segment], hide)) {
            return NOWHERE;
        }
        segment++;
    }
    if (segment == p->count) {
        return NOWHERE;
    }
    size_t rest = p->count - segment;
    if (!hide || cursor_done(&path) || rest >= 64) { /* a pattern this long is not worth it */
        return segment;
    }
    size_t more = first_open(p->segments + segment, rest, path);
    return more == NOWHERE ? NOWHERE : segment + more;
}

static bool excludes_below(const tpl__glob *glob, cursor path) {
    for (size_t i = 0; i < glob->exclude_count; i++) {
        const pattern *p = &glob->excludes[i];
        if (is_tree(p) && match(p->segments, p->count - 1, glob->hide_dotfiles, path)) {
            return true;
        }
    }
    return false;
}

bool tpl__glob_enter(const tpl__glob *glob, const char *path, size_t len) {
    const cursor start = cursor_at_start(path, len);
    bool open = glob->includes_all;
    bool names_hidden = false; /* something below that an excluding `**` does not reach */
    for (size_t i = 0; i < glob->include_count && !glob->includes_all; i++) {
        size_t segment = opens_below(&glob->includes[i], glob->hide_dotfiles, start);
        open = open || segment != NOWHERE;
        names_hidden = names_hidden || (segment != NOWHERE && segment < glob->includes[i].dots_end);
    }
    if (!open || !glob->excludes_any) {
        return open;
    }
    return (glob->hide_dotfiles && names_hidden) || !excludes_below(glob, start);
}

static bool names(const pattern *p, bool hide, cursor path) {
    return !p->above && (p->count == 0 || !p->segments[p->count - 1].wild) &&
           match(p->segments, p->count, hide, path);
}

size_t tpl__glob_names_directory(const tpl__glob *glob, const char *path, size_t len) {
    const cursor start = cursor_at_start(path, len);
    for (size_t i = 0; i < glob->given_includes; i++) {
        if (names(&glob->includes[i], glob->hide_dotfiles, start)) {
            return i;
        }
    }
    for (size_t i = 0; i < glob->exclude_count; i++) {
        if (names(&glob->excludes[i], glob->hide_dotfiles, start)) {
            return glob->given_includes + i;
        }
    }
    return SIZE_MAX;
}
