/* SPDX-License-Identifier: MIT */
/* Writes format 2023-03-03 canonically: pure ASCII, one line, entries in canonical order. */
#include "hex.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "pool.h"
#include "writer.h"
#include "wtf8.h"

#define ENTRY_MAX ((size_t)160)     /* an entry without its path and a text hash, and a word */
#define MANY_ROWS ((size_t)1 << 14) /* worth a thread */

/* The bytes from `at` on, fewer than a word of them, and zeros behind them. */
static inline uint64_t last_word(const char *text, size_t at, size_t len) {
    if (len >= TPL__WORD) {
        return tpl__load8(text + len - TPL__WORD) >> 8 * (TPL__WORD - (len - at));
    }
    uint64_t word = 0;
    for (size_t i = len; i > at; i--) {
        word = word << 8 | (unsigned char)text[i - 1];
    }
    return word;
}

/* Copies what stands for itself, eight bytes at a time, and escapes the rest. */
static void put_path(tpl__writer *w, const char *text, size_t len) {
    size_t at = 0;
    while (at < len) {
        char *next = tpl__room_for(w, TPL__WORD + TPL__ESCAPE_MAX);
        const char *last = w->end - (TPL__WORD + TPL__ESCAPE_MAX);
        while (at < len && next <= last) {
            uint64_t word =
                len - at >= TPL__WORD ? tpl__load8(text + at) : last_word(text, at, len);
            uint64_t special = tpl__find_special(word);
            size_t plain = special == 0 ? TPL__WORD : tpl__first_byte(special);
            tpl__store8(next, word);
            next += plain;
            at += plain;
            if (special != 0 && at < len) {
                uint32_t code;
                at += tpl__wtf8_next(text + at, len - at, &code);
                next += tpl__json_escape(next, code);
            }
        }
        w->next = next;
    }
}

static void put_entry(tpl__writer *w, const tpl__row *row, bool zero_mtime) {
    char *next = TPL__PUT(tpl__room_for(w, ENTRY_MAX), "{\"hash\":\"");
    if (row->tag == 0) {
        tpl__hash_to_hex(row->hash.digest, next);
        next += TPL_HASH_HEX_LEN;
    } else { /* alphanumeric: nothing to escape */
        w->next = next;
        tpl__put_long(w, row->hash.text, tpl__row_text_len(row));
        next = tpl__room_for(w, ENTRY_MAX);
    }
    next = TPL__PUT(next, "\",\"mtime\":");
    next = tpl__put_signed(next, zero_mtime ? 0 : row->mtime);
    w->next = TPL__PUT(next, ",\"path\":\"");
    put_path(w, row->path, row->path_len);
    next = TPL__PUT(tpl__room_for(w, ENTRY_MAX), "\",\"size\":");
    next = tpl__put_unsigned(next, row->size);
    w->next = TPL__PUT(next, "}");
}

tpl_status tpl__v2023_write_rows(const tpl_manifest *manifest, size_t from, size_t to,
                                 bool zero_mtime, tpl_write_fn write, void *payload) {
    char piece[TPL__PIECE];
    tpl__writer w = {piece, piece, piece + sizeof(piece), write, payload, TPL_OK, 0};
    if (from == 0) {
        w.next = TPL__PUT(piece,
                          "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":[");
    }
    for (size_t i = from; i < to && w.status == TPL_OK; i++) {
        if (i > 0) {
            w.next = TPL__PUT(tpl__room_for(&w, 1), ",");
        }
        put_entry(&w, tpl__manifest_row(manifest, i), zero_mtime);
    }
    if (to == manifest->count) {
        char *next = TPL__PUT(tpl__room_for(&w, ENTRY_MAX), "],\"totalSize\":");
        w.next = TPL__PUT(tpl__put_unsigned(next, manifest->total_size), "}");
    }
    tpl__flush(&w);
    return w.status;
}

unsigned tpl__v2023_writers(const tpl_manifest *manifest, const tpl_run *run) {
    return manifest->count < MANY_ROWS ? 1 : tpl__pool_processors(run);
}

tpl_status tpl__v2023_write(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                            void *payload, const tpl_run *run) {
    unsigned threads = tpl__v2023_writers(manifest, run);
    return threads == 1
               ? tpl__v2023_write_rows(manifest, 0, manifest->count, zero_mtime, write, payload)
               : tpl__v2023_write_blocks(manifest, zero_mtime, write, payload, threads);
}
