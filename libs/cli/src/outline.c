/* SPDX-License-Identifier: MIT */
/* Draws sorted paths as a tree: what shares a directory lies side by side. Chains of directories
 * share a line, so that the drawing is in proportion to its paths, however deep they are. */
#include "outline.h"

#include <string.h>

#include "report.h"
#include "text.h"

typedef struct leaf {
    const char *path;
    size_t len;
    size_t list;
} leaf;

/* A directory that is being drawn. */
typedef struct level {
    size_t dir;  /* length of its path, the slash included */
    size_t end;  /* the first leaf that is not below it */
    bool closed; /* nothing comes behind it in the one above */
} level;

typedef struct outline {
    const cli_listing *listing;
    tpl_buffer leaves; /* of leaf */
    tpl_buffer levels; /* of level, the outermost first */
    cli_text line;
    cli_out *out;
} outline;

static const leaf *leaf_at(const outline *o, size_t index) {
    return (const leaf *)(const void *)o->leaves.data + index;
}

static size_t level_count(const outline *o) {
    return o->levels.len / sizeof(level);
}

static const level *level_at(const outline *o, size_t index) {
    return (const level *)(const void *)o->levels.data + index;
}

static const level *innermost(const outline *o) {
    return level_at(o, level_count(o) - 1);
}

static bool gather(size_t list, size_t index, const char *path, size_t len, const char *note,
                   void *payload) {
    (void)index;
    (void)note;
    outline *o = payload;
    const leaf one = {path, len, list};
    cli_text_fail(&o->line, tpl_buffer_append(&o->leaves, &one, sizeof(one)));
    return o->line.status == TPL_OK;
}

static bool is_below(const leaf *one, const char *dir, size_t len) {
    return one->len >= len && memcmp(one->path, dir, len) == 0;
}

/* The first leaf behind `from`, before `end`, that is not below the directory that it is below. */
static size_t end_of(const outline *o, size_t from, size_t end, size_t dir) {
    size_t low = from + 1; /* leaves before it are below, those from `end` on are not */
    while (low < end) {
        size_t middle = low + (end - low) / 2;
        if (is_below(leaf_at(o, middle), leaf_at(o, from)->path, dir)) {
            low = middle + 1;
        } else {
            end = middle;
        }
    }
    return low;
}

/* Behind the next slash from `from` on; 0: there is none. */
static size_t next_dir(const leaf *one, size_t from) {
    const char *slash = memchr(one->path + from, '/', one->len - from);
    return slash == NULL ? 0 : (size_t)(slash - one->path) + 1;
}

static void begin_line(outline *o, bool closed) {
    o->line.bytes.len = 0;
    for (size_t i = 1; i < level_count(o); i++) {
        cli_put(&o->line, level_at(o, i)->closed ? "    " : "│   ");
    }
    cli_put(&o->line, closed ? "└── " : "├── ");
}

static void end_line(outline *o) {
    cli_put(&o->line, "\n");
    (void)cli_out_text(o->out, &o->line); /* commit tells of a failure */
}

/* Opens the directory of leaf `index` that begins behind the innermost one and ends at `dir`, and
 * those below it that hold all that it holds. */
static void open_dir(outline *o, size_t index, size_t dir) {
    const leaf *one = leaf_at(o, index);
    const level above = *innermost(o);
    size_t end = end_of(o, index, above.end, dir);
    const leaf *last = leaf_at(o, end - 1);
    for (size_t next = next_dir(one, dir); next > 0 && is_below(last, one->path, next);
         next = next_dir(one, dir)) {
        dir = next;
    }
    const level opened = {dir, end, end == above.end};
    begin_line(o, opened.closed);
    cli_put(&o->line, o->listing->color ? "\033[34m" : "");
    cli_put_path(&o->line, one->path + above.dir, dir - above.dir);
    cli_put(&o->line, o->listing->color ? "\033[0m" : "");
    end_line(o);
    cli_text_fail(&o->line, tpl_buffer_append(&o->levels, &opened, sizeof(opened)));
}

static void draw_leaf(outline *o, size_t index) {
    const leaf *one = leaf_at(o, index);
    const level *in = innermost(o);
    begin_line(o, index + 1 == in->end);
    cli_listing_put_word(o->listing, one->list, &o->line);
    cli_put_path(&o->line, one->path + in->dir, one->len - in->dir);
    end_line(o);
}

static void draw(outline *o) {
    const size_t count = o->leaves.len / sizeof(leaf);
    const level all = {0, count, true};
    cli_text_fail(&o->line, tpl_buffer_append(&o->levels, &all, sizeof(all)));
    for (size_t i = 0; i < count && o->line.status == TPL_OK && o->out->failed == TPL_OK; i++) {
        while (innermost(o)->end == i) {
            o->levels.len -= sizeof(level);
        }
        for (size_t dir = next_dir(leaf_at(o, i), innermost(o)->dir);
             dir > 0 && o->line.status == TPL_OK;
             dir = next_dir(leaf_at(o, i), innermost(o)->dir)) {
            open_dir(o, i, dir);
        }
        draw_leaf(o, i);
    }
}

tpl_status cli_outline_write(const cli_listing *listing, cli_out *out, tpl_error *err) {
    outline o = {listing, TPL_BUFFER_INIT, TPL_BUFFER_INIT, CLI_TEXT_INIT, out};
    cli_listing_each(listing, gather, &o);
    if (o.line.status == TPL_OK) {
        draw(&o);
    }
    (void)cli_out_text(out, &(cli_text){TPL_BUFFER_INIT, o.line.status});
    tpl_buffer_dispose(&o.leaves);
    tpl_buffer_dispose(&o.levels);
    cli_text_dispose(&o.line);
    return cli_out_commit(out, err);
}
