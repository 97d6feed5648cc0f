/* SPDX-License-Identifier: MIT */
/* Sorts paths eight bytes at a time: the next eight as a number beside each row, a radix sort of
 * the numbers, then the same within every run of equal ones. Every step is stable. */
#include "order.h"

#include <string.h>

#include "mem.h"
#include "swar.h"
#include "tpl/text.h"
#include "wtf8.h"

#define CHUNK 8
#define INSERTION_MAX 32
#define WORK_PER_POLL ((size_t)1 << 16)
#define FIRST_LOOK ((size_t)32) /* bytes */

typedef struct item {
    uint64_t key;
    uint32_t row;
} item;

/* Text whose bytes order as its UTF-16 code units do. */
typedef struct sort_text {
    const char *data;
    size_t len;
} sort_text;

typedef struct sorter {
    const tpl__row *rows;
    const sort_text *texts; /* NULL: the paths themselves */
    item *scratch;          /* for as many items as there are */
    size_t duplicates;
    tpl__poll *poll;
    size_t work; /* rows touched since the last question */
} sorter;

bool tpl__order_is_canonical(const tpl__row *rows, size_t count, tpl__poll *poll,
                             size_t *duplicates) {
    size_t equal = 0;
    for (size_t i = 1; i < count; i++) {
        const tpl__row *a = &rows[i - 1];
        const tpl__row *b = &rows[i];
        int order = tpl__order_of(a->path, a->path_len, b->path, b->path_len);
        if (order > 0 || tpl__poll_stops_at(poll, i)) {
            return false;
        }
        equal += order == 0;
    }
    *duplicates = equal;
    return true;
}

static sort_text text_of(const sorter *s, uint32_t row) {
    return s->texts == NULL ? (sort_text){s->rows[row].path, s->rows[row].path_len} : s->texts[row];
}

static void insertion_sort(item *items, size_t count) {
    for (size_t i = 1; i < count; i++) {
        item moving = items[i];
        size_t at = i;
        while (at > 0 && items[at - 1].key > moving.key) {
            items[at] = items[at - 1];
            at--;
        }
        items[at] = moving;
    }
}

/* One pass over the byte of the keys at `shift`. */
static void distribute(item *to, const item *from, size_t count, unsigned shift) {
    size_t next[256] = {0};
    for (size_t i = 0; i < count; i++) {
        next[from[i].key >> shift & 0xff]++;
    }
    size_t sum = 0;
    for (size_t b = 0; b < 256; b++) {
        size_t size = next[b];
        next[b] = sum;
        sum += size;
    }
    for (size_t i = 0; i < count; i++) {
        to[next[from[i].key >> shift & 0xff]++] = from[i];
    }
}

/* Counts rows that are about to be touched. True: the caller wants no more. */
static bool is_stopped(sorter *s, size_t rows) {
    s->work += rows;
    if (s->work >= WORK_PER_POLL) {
        s->work = 0;
        (void)tpl__poll_stops(s->poll);
    }
    return s->poll->stopped;
}

/* By key, stable: a radix sort of the bytes in which keys differ, the last one first. */
static void sort_keys(sorter *s, item *items, size_t count) {
    if (count <= INSERTION_MAX) {
        insertion_sort(items, count);
        return;
    }
    uint64_t differ = 0;
    for (size_t i = 1; i < count; i++) {
        differ |= items[i].key ^ items[0].key;
    }
    item *from = items;
    item *to = s->scratch;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if ((differ >> shift & 0xff) != 0 && !is_stopped(s, count)) {
            distribute(to, from, count, shift);
            item *emptied = from;
            from = to;
            to = emptied;
        }
    }
    if (from != items) {
        memcpy(items, from, count * sizeof(*items));
    }
}

static uint64_t chunk_key(sort_text text, size_t depth) {
    if (text.len - depth >= CHUNK) {
        return tpl__load8_ordered(text.data + depth);
    }
    char padded[CHUNK] = {0};
    if (text.len > depth) { /* an empty text may have no bytes to point at */
        memcpy(padded, text.data + depth, text.len - depth);
    }
    return tpl__load8_ordered(padded);
}

/* How many bytes the texts of all items have in common from `depth` on, at most `max`. */
static size_t common_length(const sorter *s, const item *items, size_t count, size_t depth,
                            size_t max) {
    sort_text first = text_of(s, items[0].row);
    size_t common = first.len - depth < max ? first.len - depth : max;
    for (size_t i = 1; i < count && common > 0; i++) {
        sort_text text = text_of(s, items[i].row);
        size_t limit = text.len - depth < common ? text.len - depth : common;
        common = tpl__common_prefix(first.data + depth, text.data + depth, limit);
    }
    return common;
}

/* How far the texts of all items agree; they are known to up to `depth`. Looks ahead in growing
 * steps: what is compared in vain stays in proportion to what is gained. */
static size_t common_depth(const sorter *s, const item *items, size_t count, size_t depth) {
    size_t step = FIRST_LOOK;
    size_t common = common_length(s, items, count, depth, step);
    while (common == step) {
        depth += common;
        step *= 2;
        common = common_length(s, items, count, depth, step);
    }
    return depth + common;
}

/* Sorts items of equal keys so that texts which end within the chunk come first, by length; returns
 * how many those are. */
static size_t settle_ended(sorter *s, item *items, size_t count, size_t depth) {
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        size_t rest = text_of(s, items[i].row).len - depth;
        any = any || rest <= CHUNK;
        items[i].key = rest <= CHUNK ? rest : CHUNK + 1;
    }
    if (!any) {
        return 0;
    }
    sort_keys(s, items, count);
    size_t ended = 0;
    while (ended < count && items[ended].key <= CHUNK) {
        s->duplicates += ended > 0 && items[ended].key == items[ended - 1].key;
        ended++;
    }
    return ended;
}

/* Sorts items whose texts agree up to `depth`. The largest run of equal chunks is taken by the loop
 * and the others by recursion, so that its depth stays below log2(count). */
static void sort_texts(sorter *s, item *items, size_t count, size_t depth) {
    while (count > 1 && !is_stopped(s, count)) {
        depth = common_depth(s, items, count, depth);
        for (size_t i = 0; i < count; i++) {
            items[i].key = chunk_key(text_of(s, items[i].row), depth);
        }
        sort_keys(s, items, count);
        item *largest = NULL;
        size_t largest_count = 0;
        for (size_t start = 0, end = 0; start < count; start = end) {
            uint64_t key = items[start].key;
            for (end = start + 1; end < count && items[end].key == key; end++) {
            }
            if (end - start == 1) {
                continue;
            }
            item *run = items + start;
            size_t ended = settle_ended(s, run, end - start, depth);
            size_t open = end - start - ended;
            run += ended;
            if (open > largest_count) {
                item *smaller = largest;
                size_t smaller_count = largest_count;
                largest = run;
                largest_count = open;
                run = smaller;
                open = smaller_count;
            }
            if (open > 1) {
                sort_texts(s, run, open, depth + CHUNK);
            }
        }
        items = largest;
        count = largest_count;
        depth += CHUNK;
    }
}

/* Whether the text has a byte of 0xf0 or more: a code point above U+FFFF. */
static bool has_pairs(const char *text, size_t len) {
    uint64_t found = 0;
    size_t i = 0;
    for (; len - i >= 8; i += 8) {
        uint64_t word = tpl__load8(text + i);
        found |= word & word << 1 & word << 2 & word << 3 & TPL__EACH(0x80);
    }
    for (; i < len; i++) {
        found |= (unsigned char)text[i] >= 0xf0;
    }
    return found != 0;
}

/* WTF-8 with every code point above U+FFFF as its two encoded surrogates: bytes then order as
 * UTF-16 code units do. A byte of text that is none takes three. */
static bool split_pairs(tpl__arena *arena, const tpl__row *row, sort_text *out) {
    char *data = tpl__arena_bytes(arena, (size_t)row->path_len * 3);
    if (data == NULL) {
        return false;
    }
    size_t len = 0;
    for (size_t at = 0; at < row->path_len;) {
        uint32_t code;
        at += tpl__wtf8_next(row->path + at, row->path_len - at, &code);
        if (code >= 0x10000) {
            len += tpl__wtf8_put(data + len, 0xd800 + ((code - 0x10000) >> 10));
            code = 0xdc00 + ((code - 0x10000) & 0x3ff);
        }
        len += tpl__wtf8_put(data + len, code);
    }
    *out = (sort_text){data, len};
    return true;
}

/* Gives the sorter texts of its own when some path has code points above U+FFFF. */
static bool prepare_texts(sorter *s, size_t count, sort_text **texts, tpl__arena *arena) {
    bool any = false;
    for (size_t i = 0; i < count && !any && !tpl__poll_stops_at(s->poll, i); i++) {
        any = has_pairs(s->rows[i].path, s->rows[i].path_len);
    }
    if (!any) {
        return true;
    }
    *texts = tpl__alloc_array(count, sizeof(**texts));
    bool room = *texts != NULL;
    for (size_t i = 0; i < count && room && !tpl__poll_stops_at(s->poll, i); i++) {
        const tpl__row *row = &s->rows[i];
        (*texts)[i] = (sort_text){row->path, row->path_len};
        room = !has_pairs(row->path, row->path_len) || split_pairs(arena, row, &(*texts)[i]);
    }
    s->texts = *texts;
    return room;
}

static tpl_status sort(uint32_t **out, sorter *s, size_t count, bool by_units) {
    sort_text *texts = NULL;
    tpl__arena arena = TPL__ARENA_INIT;
    uint32_t *order = tpl__alloc(count * sizeof(*order));
    item *items = tpl__alloc_array(2 * count, sizeof(*items)); /* the second half is scratch */
    tpl_status status = TPL_E_NOMEM;
    if (order != NULL && items != NULL && (!by_units || prepare_texts(s, count, &texts, &arena))) {
        for (size_t i = 0; i < count; i++) {
            items[i].row = (uint32_t)i;
        }
        s->scratch = items + count;
        sort_texts(s, items, count, 0);
        for (size_t i = 0; i < count; i++) {
            order[i] = items[i].row;
        }
        status = s->poll->stopped ? TPL_E_CANCELLED : TPL_OK;
    }
    if (status != TPL_OK) {
        tpl__free(order);
        order = NULL;
    }
    tpl__free(items);
    tpl__free(texts);
    tpl__arena_dispose(&arena);
    *out = order;
    return status;
}

tpl_status tpl__order_sort(uint32_t **out, const tpl__row *rows, size_t count, tpl__poll *poll,
                           size_t *duplicates) {
    sorter s = {.rows = rows, .poll = poll};
    tpl_status status = sort(out, &s, count, true);
    *duplicates = s.duplicates;
    return status;
}

tpl_status tpl__order_sort_bytes(uint32_t **out, const tpl__row *rows, size_t count,
                                 tpl__poll *poll) {
    sorter s = {.rows = rows, .poll = poll};
    return sort(out, &s, count, false);
}
