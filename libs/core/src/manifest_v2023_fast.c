/* SPDX-License-Identifier: MIT */
/* The reader of canonical text of format 2023-03-03: fixed literals at their places, eight bytes at
 * a time, text copied while it is looked at. */
#include <string.h>

#include "hex.h"
#include "json_read.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "order.h"
#include "swar.h"
#include "tpl/text.h"

#define WORD ((size_t)8)
#define ESTIMATE_MARGIN 1.02
#define FIRST_ROWS ((size_t)256)
#define DIGITS_MAX ((size_t)19) /* so many never overflow; longer numbers are not for us */

typedef struct reader {
    tpl_manifest *manifest;
    tpl__window *window;
    uint64_t to_come;     /* bytes where the entries began */
    bool canonical_order; /* of the entries so far */
    tpl__poll *poll;
    tpl_status failed; /* else than by text that is not ours */
} reader;

/* What takes something from the text returns where it ended, or NULL when it is not there. */
#define TAKE(at, end, literal) take((at), (end), (literal), sizeof(literal) - 1)

static inline const char *take(const char *at, const char *end, const char *literal, size_t len) {
    return (size_t)(end - at) >= len && memcmp(at, literal, len) == 0 ? at + len : NULL;
}

static inline const char *take_hash(const char *at, const char *end, tpl_hash128 *out) {
    return end - at >= TPL_HASH_HEX_LEN && tpl__hash_from_hex(out, at) ? at + TPL_HASH_HEX_LEN
                                                                       : NULL;
}

/* The number of eight digits, 0 to 9 each, the first in the lowest byte. */
static inline uint64_t digits_value(uint64_t digits) {
    digits = digits * 10 + (digits >> 8);
    return ((digits & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
            (digits >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >>
           32;
}

/* Decimal digits without a leading zero. */
static inline const char *take_unsigned(const char *start, const char *end, uint64_t *out) {
    static const uint64_t POWERS[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    const char *at = start;
    uint64_t value = 0;
    size_t count = WORD;
    while (count == WORD && (size_t)(end - at) >= WORD) {
        uint64_t digits = tpl__load8(at) ^ TPL__EACH('0');
        uint64_t others = (digits | (digits + TPL__EACH(0x76))) & TPL__EACH(0x80);
        count = others == 0 ? WORD : tpl__first_byte(others);
        if (count > 0) {
            value = value * POWERS[count] + digits_value(digits << 8 * (WORD - count));
            at += count;
        }
    }
    for (; count == WORD && at < end && *at >= '0' && *at <= '9'; at++) {
        value = value * 10 + (uint64_t)(*at - '0');
    }
    *out = value;
    size_t length = (size_t)(at - start);
    return length - 1 < DIGITS_MAX && (*start != '0' || length == 1) ? at : NULL;
}

static inline const char *take_mtime(const char *at, const char *end, int64_t *out) {
    uint64_t magnitude = 0;
    bool negative = at < end && *at == '-';
    at = take_unsigned(at + negative, end, &magnitude);
    if (magnitude > (uint64_t)INT64_MAX + negative || (negative && magnitude == 0)) {
        return NULL;
    }
    *out = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return at;
}

/* Any string, the opening quote just behind us, up to its closing one. */
static const char *take_any_path(const char *at, const char *end, reader *r, tpl__row *row) {
    tpl__json json;
    tpl__json_value value;
    tpl__json_init(&json, at - 1, (size_t)(end - at) + 1);
    if (!tpl__json_value_read(&json, &value) || value.len > UINT32_MAX) {
        return NULL;
    }
    char *text = tpl__arena_bytes(&r->manifest->arena, value.len);
    if (text == NULL) {
        r->failed = TPL_E_NOMEM;
        return NULL;
    }
    tpl__json_text(&value, text);
    row->path = text;
    row->path_len = (uint32_t)value.len;
    return json.at - 1;
}

/* The same, quick when nothing is escaped and the arena's block has room. */
static inline const char *take_path(const char *at, const char *end, reader *r, tpl__row *row) {
    tpl__arena *arena = &r->manifest->arena;
    char *to = arena->next;
    size_t room = arena->left < (size_t)(end - at) ? arena->left : (size_t)(end - at);
    size_t len = 0;
    uint64_t special = 0;
    while (special == 0) {
        if (room - len < WORD) {
            return take_any_path(at, end, r, row);
        }
        memcpy(to + len, at + len, WORD);
        special = tpl__find_special(tpl__load8(at + len));
        len += special == 0 ? WORD : tpl__first_byte(special);
    }
    if (at[len] != '"') {
        return take_any_path(at, end, r, row);
    }
    row->path = to;
    row->path_len = (uint32_t)len; /* within a block */
    arena->next = to + len;
    arena->left -= len;
    return at + len;
}

static inline const char *take_entry(const char *at, const char *end, reader *r, tpl__row *row) {
    row->tag = 0;
    if ((at = TAKE(at, end, "{\"hash\":\"")) == NULL ||
        (at = take_hash(at, end, &row->hash.digest)) == NULL ||
        (at = TAKE(at, end, "\",\"mtime\":")) == NULL ||
        (at = take_mtime(at, end, &row->mtime)) == NULL ||
        (at = TAKE(at, end, ",\"path\":\"")) == NULL || (at = take_path(at, end, r, row)) == NULL ||
        (at = TAKE(at, end, "\",\"size\":")) == NULL ||
        (at = take_unsigned(at, end, &row->size)) == NULL) {
        return NULL;
    }
    return TAKE(at, end, "}");
}

/* Room for one more row, and for as many as the rest of the text makes likely. */
static bool reserve_rows(const char *at, const char *end, reader *r) {
    tpl_manifest *manifest = r->manifest;
    uint64_t to_come = (uint64_t)(end - at) + r->window->behind;
    size_t likely = FIRST_ROWS;
    if (manifest->count > 0 && to_come < r->to_come) { /* a file can grow while it is read */
        double usual = (double)(r->to_come - to_come) / (double)manifest->count;
        likely = (size_t)((double)to_come / usual * ESTIMATE_MARGIN) + 1;
    }
    r->failed = tpl__manifest_reserve(manifest, likely) ? TPL_OK : TPL_E_NOMEM;
    return r->failed == TPL_OK;
}

/* Makes as much text visible as an entry may need. False: there is trouble. */
static inline bool look_ahead(reader *r, const char **at, const char **end) {
    tpl__window *window = r->window;
    if (!window->ended && (size_t)(*end - *at) < TPL__WINDOW_SIGHT) {
        window->at = *at;
        r->failed = window->more(window);
        *at = window->at;
        *end = window->end;
    }
    return r->failed == TPL_OK;
}

/* Ends where something else than an entry follows, or with the part; *limit moves along with the
 * window. */
static const char *take_entries(const char *at, const char **limit, reader *r) {
    tpl_manifest *manifest = r->manifest;
    const char *end = *limit;
    for (;;) {
        if (!look_ahead(r, &at, &end)) {
            return NULL;
        }
        if (manifest->count == manifest->cap && !reserve_rows(at, end, r)) {
            return NULL;
        }
        tpl__row *row = &manifest->rows[manifest->count];
        at = take_entry(at, end, r, row);
        if (at == NULL) {
            return NULL;
        }
        if (r->canonical_order && manifest->count > 0) {
            int order =
                tpl__order_of((row - 1)->path, (row - 1)->path_len, row->path, row->path_len);
            r->canonical_order = order <= 0;
            manifest->duplicates += order == 0;
        }
        if (tpl__poll_stops_at(r->poll, manifest->count++)) {
            r->failed = TPL_E_CANCELLED;
            return NULL;
        }
        if (at == end || *at != ',') {
            *limit = end;
            return at;
        }
        at++;
        if (at == end && r->window->ended) {
            *limit = end;
            return at;
        }
    }
}

/* What editors and shells put behind a document. */
static const char *skip_line_ends(const char *at, const char *end) {
    while (at < end && (*at == '\n' || *at == '\r')) {
        at++;
    }
    return at;
}

static const char *take_head(const char *at, const char *end) {
    return TAKE(at, end, "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":[");
}

/* True when nothing is behind it. */
static bool take_tail(const char *at, const char *end, reader *r) {
    return look_ahead(r, &at, &end) && (at = TAKE(at, end, "],\"totalSize\":")) != NULL &&
           (at = take_unsigned(at, end, &r->manifest->total_size)) != NULL &&
           (at = TAKE(at, end, "}")) != NULL && skip_line_ends(at, end) == end && r->window->ended;
}

/* Whether the text is ours, to its end; false also when something failed. */
static bool read_text(reader *r, const tpl__v2023_part *part) {
    const char *at = r->window->at;
    const char *end = r->window->end;
    if (!look_ahead(r, &at, &end) || (part->first && (at = take_head(at, end)) == NULL)) {
        return false;
    }
    r->to_come = (uint64_t)(end - at) + r->window->behind;
    at = take_entries(at, &end, r);
    if (at == NULL) {
        return false;
    }
    return part->last ? take_tail(at, end, r) : at == end && at[-1] == ',';
}

tpl_status tpl__v2023_read_part(tpl_manifest *table, tpl__window *window, tpl__v2023_part *part,
                                tpl__poll *poll) {
    reader r = {table, window, 0, true, poll, TPL_OK};
    part->taken = read_text(&r, part);
    part->canonical_order = r.canonical_order;
    return r.failed;
}
