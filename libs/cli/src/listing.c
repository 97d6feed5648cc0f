/* SPDX-License-Identifier: MIT */
/* Merges sorted lists into one listing. */
#include "listing.h"

#include <string.h>

#include "platform.h"
#include "text.h"
#include "tpl/text.h"

typedef struct cursor {
    size_t next;
    const char *path; /* NULL at the end */
    size_t len;
    const char *note;
} cursor;

static void advance(const cli_listing *listing, size_t list, cursor *at) {
    const cli_list *of = &listing->lists[list];
    at->path = NULL;
    at->note = NULL;
    if (at->next < of->count) {
        at->path = listing->read(listing->source, of->id, at->next, &at->len, &at->note);
        at->next++;
    }
}

/* The list whose next path comes first; list_count when all are at their end. */
static size_t first(const cli_listing *listing, const cursor *cursors) {
    size_t best = listing->list_count;
    for (size_t i = 0; i < listing->list_count; i++) {
        const cursor *at = &cursors[i];
        if (at->path != NULL &&
            (best == listing->list_count ||
             tpl_text_compare(at->path, at->len, cursors[best].path, cursors[best].len) < 0)) {
            best = i;
        }
    }
    return best;
}

void cli_listing_each(const cli_listing *listing, cli_list_visit visit, void *payload) {
    cursor cursors[CLI_LISTS_MAX] = {{0}};
    for (size_t i = 0; i < listing->list_count; i++) {
        advance(listing, i, &cursors[i]);
    }
    size_t list;
    while ((list = first(listing, cursors)) < listing->list_count) {
        const cursor *at = &cursors[list];
        if (!visit(list, at->next - 1, at->path, at->len, at->note, payload)) {
            break;
        }
        advance(listing, list, &cursors[list]);
    }
}

typedef struct lines {
    const cli_listing *listing;
    cli_text line;
    cli_out *out;
} lines;

void cli_listing_put_word(const cli_listing *listing, size_t list, cli_text *line) {
    const cli_list *of = &listing->lists[list];
    if (listing->color && of->color != NULL) {
        cli_put_format(line, "\033[%sm%s\033[0m ", of->color, of->word);
    } else {
        cli_put_format(line, "%s ", of->word);
    }
}

static bool write_line(size_t list, size_t index, const char *path, size_t len, const char *note,
                       void *payload) {
    (void)index;
    lines *to = payload;
    cli_text *line = &to->line;
    line->bytes.len = 0;
    cli_listing_put_word(to->listing, list, line);
    cli_put_path(line, path, len);
    if (note != NULL) {
        cli_put(line, ": ");
        cli_put(line, note);
    }
    cli_put(line, "\n");
    return cli_out_text(to->out, line) == TPL_OK;
}

tpl_status cli_listing_write(const cli_listing *listing, cli_out *out, tpl_error *err) {
    lines to = {listing, CLI_TEXT_INIT, out};
    cli_listing_each(listing, write_line, &to);
    cli_text_dispose(&to.line);
    return cli_out_commit(out, err);
}

void cli_listing_member(const cli_listing *listing, size_t list, bool notes, cli_json *json) {
    const cli_list *of = &listing->lists[list];
    cli_json_array(json, of->member);
    for (size_t i = 0; i < of->count && cli_signal_caught() == 0; i++) {
        size_t len;
        const char *note = NULL;
        const char *path = listing->read(listing->source, of->id, i, &len, &note);
        if (notes) {
            cli_json_object(json, NULL);
            cli_json_text(json, "path", path, len);
            cli_json_string(json, "error", note);
            cli_json_object_end(json);
        } else {
            cli_json_text(json, NULL, path, len);
        }
    }
    cli_json_array_end(json);
}
