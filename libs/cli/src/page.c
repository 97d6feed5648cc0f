/* SPDX-License-Identifier: MIT */
/* Writes the page of `report`. Its data is one JSON document: `entries` are rows of a change (the
 * number of a tpl_change), how many directories the path shares with that of the row before, the
 * rest of the path, bytes, seconds since the epoch; of what is modified also bytes and seconds as
 * they were. */
#include "page.h"

#include <inttypes.h>
#include <string.h>

#include "report.h"
#include "text.h"
#include "tpl/text.h"

#define PIECE ((size_t)64 * 1024)

static void add(uint64_t *sum, uint64_t bytes) {
    *sum = bytes > UINT64_MAX - *sum ? UINT64_MAX : *sum + bytes;
}

void cli_page_count(cli_page *page) {
    for (int change = 0; change < TPL_CHANGE_COUNT; change++) {
        size_t count = tpl_diff_count(page->diff, (tpl_change)change);
        page->before.files += change == TPL_CHANGE_NEW ? 0 : count;
        page->after.files += change == TPL_CHANGE_DELETED ? 0 : count;
        for (size_t i = 0; i < count; i++) {
            tpl_diff_states states = tpl_diff_states_of(page->diff, (tpl_change)change, i);
            add(&page->before.bytes, states.before.size);
            add(&page->after.bytes, states.after.size);
        }
    }
}

/* What a script element holds ends at "</script", and "<!--" makes it end elsewhere: no "<". */
static void write_data(cli_out *out, const char *text, size_t len) {
    const char *end = len == 0 ? text : text + len;
    while (text < end) {
        const char *mark = memchr(text, '<', (size_t)(end - text));
        const char *stop = mark == NULL ? end : mark;
        (void)cli_out_write(text, (size_t)(stop - text), out);
        if (mark != NULL) {
            (void)cli_out_write("\\u003c", 6, out);
            stop++;
        }
        text = stop;
    }
}

/* Writes what a document holds so far; what is next begins at the start of its buffer. */
static void flush(cli_json *json, cli_out *out) {
    if (json->status != TPL_OK && out->failed == TPL_OK) {
        out->failed = json->status;
    }
    write_data(out, json->text.data, json->text.len);
    json->text.len = 0;
}

/* --- rows --- */

typedef struct rows {
    const cli_page *page;
    cli_out *out;
    cli_text text;
    const char *path; /* of the row before */
    size_t len;
} rows;

/* How much of a path are directories that it shares with the one before, and how many they are. */
static size_t shared_part(const rows *r, const char *path, size_t len, size_t *directories) {
    size_t shorter = len < r->len ? len : r->len;
    size_t part = 0;
    *directories = 0;
    for (size_t i = 0; i < shorter && path[i] == r->path[i]; i++) {
        if (path[i] == '/') {
            part = i + 1;
            ++*directories;
        }
    }
    return part;
}

static int64_t seconds(int64_t microseconds) {
    return microseconds / 1000000 - (microseconds % 1000000 < 0 ? 1 : 0);
}

static void put_state(cli_text *text, const tpl_state *state) {
    cli_put_format(text, ",%" PRIu64 ",%" PRId64, state->size, seconds(state->mtime));
}

static bool write_row(size_t list, size_t index, const char *path, size_t len, const char *note,
                      void *payload) {
    (void)note;
    rows *r = payload;
    tpl_change change = (tpl_change)r->page->listing->lists[list].id;
    tpl_diff_states states = tpl_diff_states_of(r->page->diff, change, index);
    size_t directories;
    size_t part = shared_part(r, path, len, &directories);
    int shown = r->page->before.name == NULL ? TPL_CHANGE_UNCHANGED : (int)change;
    cli_put_format(&r->text, "%s\n[%d,%zu,", r->path == NULL ? "" : ",", shown, directories);
    cli_text_fail(&r->text, tpl_text_append_json(&r->text.bytes, path + part, len - part));
    put_state(&r->text, change == TPL_CHANGE_DELETED ? &states.before : &states.after);
    if (change == TPL_CHANGE_MODIFIED) {
        put_state(&r->text, &states.before);
    }
    cli_put(&r->text, "]");
    r->path = path;
    r->len = len;
    if (r->text.status != TPL_OK) {
        r->out->failed = r->text.status;
    } else if (r->text.bytes.len >= PIECE) {
        write_data(r->out, r->text.bytes.data, r->text.bytes.len);
        r->text.bytes.len = 0;
    }
    return r->out->failed == TPL_OK;
}

static void write_rows(const cli_page *page, cli_out *out) {
    rows r = {.page = page, .out = out, .text = CLI_TEXT_INIT};
    cli_listing_each(page->listing, write_row, &r);
    write_data(out, r.text.bytes.data, r.text.bytes.len);
    cli_text_dispose(&r.text);
}

/* --- the document --- */

static void add_side(cli_json *json, const char *key, const cli_page_side *side) {
    if (side->name == NULL) {
        cli_json_null(json, key);
        return;
    }
    cli_json_object(json, key);
    cli_json_os(json, "name", side->name);
    cli_json_unsigned(json, "fileCount", side->files);
    cli_json_unsigned(json, "totalSize", side->bytes);
    cli_json_object_end(json);
}

static void write_document(const cli_page *page, cli_out *out) {
    tpl_error ignored = TPL_ERROR_INIT; /* a failure goes where the output keeps it */
    cli_json json = CLI_JSON_INIT;
    cli_json_begin(&json, "page");
    if (page->title == NULL) {
        cli_json_null(&json, "title");
    } else {
        cli_json_os(&json, "title", page->title);
    }
    add_side(&json, "old", &page->before);
    add_side(&json, "new", &page->after);
    cli_json_array(&json, "entries");
    flush(&json, out);
    write_rows(page, out);
    cli_json_array_end(&json);
    (void)cli_json_end(&json, &ignored);
    flush(&json, out);
    cli_json_dispose(&json);
    tpl_error_dispose(&ignored);
}

/* --- the title --- */

static const char *entity(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    default:
        return NULL;
    }
}

static void write_title(const cli_page *page, cli_out *out) {
    cli_text plain = CLI_TEXT_INIT;
    cli_text html = CLI_TEXT_INIT;
    if (page->title != NULL) {
        cli_put_os(&plain, page->title);
    } else {
        if (page->before.name != NULL) {
            cli_put_os(&plain, page->before.name);
            cli_put(&plain, " \xe2\x86\x92 ");
        }
        cli_put_os(&plain, page->after.name);
    }
    for (size_t i = 0; i < plain.bytes.len; i++) {
        const char *named = entity(plain.bytes.data[i]);
        if (named == NULL) {
            cli_put_bytes(&html, plain.bytes.data + i, 1);
        } else {
            cli_put(&html, named);
        }
    }
    cli_text_fail(&html, plain.status);
    (void)cli_out_text(out, &html);
    cli_text_dispose(&plain);
    cli_text_dispose(&html);
}

static void write_part(const cli_page_part *part, cli_out *out) {
    (void)cli_out_write(part->text, part->len, out);
}

tpl_status cli_page_write(const cli_page *page, cli_out *out, tpl_error *err) {
    write_part(&cli_page_parts[0], out);
    write_title(page, out);
    write_part(&cli_page_parts[1], out);
    write_document(page, out);
    write_part(&cli_page_parts[2], out);
    return cli_out_commit(out, err);
}
