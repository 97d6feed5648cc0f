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

/* Writes a sealed manifest in pieces, every mtime as 0 when asked to. Returns what `write` did. */
tpl_status tpl__v2023_write(const tpl_manifest *manifest, bool zero_mtime, tpl_write_fn write,
                            void *payload);

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

/* Reads a document in the canonical shape, whatever the order of its entries and with or without a
 * line end behind it, exactly as tpl__v2023_read() does. *out is NULL and the status TPL_OK for
 * everything else, broken or not, and for an entry that does not fit into the window. TPL_E_NOMEM,
 * TPL_E_CANCELLED, or what `more` returned. */
tpl_status tpl__v2023_read_fast(tpl_manifest **out, tpl__window *window, tpl__poll *poll);

/* The same of text that is all there. */
tpl_status tpl__v2023_read_text(tpl_manifest **out, const char *data, size_t len, tpl__poll *poll);

#endif
