/* SPDX-License-Identifier: MIT */
/* The codec of format 2023-03-03: one writer; a fast reader for canonical text, a strict one for
 * any. */
#ifndef TPL__MANIFEST_V2023_H
#define TPL__MANIFEST_V2023_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "poll.h"
#include "tpl/manifest.h"

/* Writes a sealed manifest in pieces, every mtime as 0 when asked to, by as many threads as the run
 * (may be NULL) allows; `write` is called on the caller's. Returns what it did, or TPL_E_NOMEM. */
tpl_status tpl__v2023_write(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                            void *payload, const tpl_run *run);

/* The same by so many threads, 1 to TPL__PROCESSORS_MOST. */
tpl_status tpl__v2023_write_blocks(const tpl_manifest *manifest, bool zero_mtime,
                                   tpl_write_fn write, void *payload, unsigned threads);

/* The same into memory, by so many threads: `room` is asked once. TPL_E_NOMEM, TPL_E_CANCELLED. */
tpl_status tpl__v2023_write_text(const tpl_manifest *manifest, tpl_room_fn room, void *payload,
                                 unsigned threads, const tpl_run *run);

/* The threads that writing a manifest is worth, of those that the run (may be NULL) allows. */
unsigned tpl__v2023_writers(const tpl_manifest *manifest, const tpl_run *run);

/* The text of the entries at positions `from` to `to`, with what stands before the first of all and
 * behind the last. */
tpl_status tpl__v2023_write_rows(const tpl_manifest *manifest, size_t from, size_t to,
                                 bool zero_mtime, tpl_write_fn write, void *payload);

/* Reads any valid document, sealed; errors as tpl_manifest_decode(). */
tpl_status tpl__v2023_read(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll,
                           tpl_error *err);

/* Text that passes by: what there is of it, and how to get more. */
typedef struct tpl__window {
    const char *at;
    const char *end;
    uint64_t behind; /* bytes beyond `end`, as far as is known */
    bool ended;      /* there are none */
    /* Keeps what lies between `at` and `end`, wherever it puts that, and adds to it. */
    tpl_status (*more)(struct tpl__window *window);
} tpl__window;

/* So many bytes are in sight at the beginning of an entry, if there are. */
#define TPL__WINDOW_SIGHT ((size_t)64 << 10)

/* A part of a document in the canonical shape: what it is, and what came of reading it. */
typedef struct tpl__v2023_part {
    bool first;
    bool last;
    bool taken;           /* else the text is not in that shape */
    bool canonical_order; /* of its entries */
} tpl__v2023_part;

/* Reads a part, which begins with the document or an entry and ends with it or before one, into a
 * table without entries. TPL_E_NOMEM, TPL_E_CANCELLED, or what `more` returned. */
tpl_status tpl__v2023_read_part(tpl_manifest *table, tpl__window *window, tpl__v2023_part *part,
                                tpl__poll *poll);

/* Where the text of a document comes from. */
typedef struct tpl__v2023_source {
    uint64_t size;
    uint64_t part_size; /* about; TPL__PART_SIZE but in tests */
    unsigned readers;   /* threads, 1 to TPL__PROCESSORS_MOST */
    /* Shows the text from an offset on, *len bytes of it or as many as there are. */
    const char *(*look)(uint64_t offset, size_t *len, void *payload);
    /* The window of one reader, whose part goes from an offset to another. */
    tpl__window *(*show)(unsigned reader, uint64_t from, uint64_t to, void *payload);
    void *payload;
} tpl__v2023_source;

#define TPL__PART_SIZE ((uint64_t)1 << 20)

/* In so much text an entry begins, with the longest path that a system takes, and ends. */
#define TPL__ENTRY_SIGHT ((size_t)32 << 10)

/* A text of so many bytes is worth being read in parts. */
#define TPL__V2023_LONG (8 * TPL__PART_SIZE)

/* The threads that reading a text of this size is worth, of those that the run (may be NULL)
 * allows: TPL__PROCESSORS_MOST at most. */
unsigned tpl__v2023_readers(uint64_t size, const tpl_run *run);

/* Reads a document in the canonical shape, whatever the order of its entries and with or without a
 * line end behind it, exactly as tpl__v2023_read() does. *out is NULL and the status TPL_OK for
 * everything else, broken or not, and for an entry that does not fit into a window. TPL_E_NOMEM,
 * TPL_E_CANCELLED, or what `more` returned. */
tpl_status tpl__v2023_read_fast(tpl_manifest **out, const tpl__v2023_source *source,
                                tpl__poll *poll);

/* The same of text that is all there. */
tpl_status tpl__v2023_read_text(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll);

/* Where an entry that is not a document's first begins: bytes behind `text`, or SIZE_MAX. */
size_t tpl__v2023_find_entry(const char *text, size_t len);

#endif
