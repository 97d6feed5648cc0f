/* SPDX-License-Identifier: MIT */
/* The stat cache of one tree: which hash a file had in which state. A file in the same state has
 * the same content, so its hash needs no reading. Trouble with the index's own file is a warning,
 * never the end of a scan. */
#ifndef TPL__INDEX_H
#define TPL__INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "fs.h"
#include "tpl/hash.h"
#include "tpl/run.h"
#include "tpl/snapshot.h"

typedef struct tpl__index tpl__index;

typedef struct tpl__index_order {
    const char *path; /* operating-system path of the index; a missing file is an empty one */
    const char *root; /* of the tree */
    bool rehash;      /* nothing is to be found in it */
    unsigned workers;
    tpl__time begun; /* when the scan began */
    const tpl_run *run;
} tpl__index_order;

/* Everything in `order` is borrowed. TPL_E_NOMEM, TPL_E_CANCELLED. */
tpl_status tpl__index_new(tpl__index **out, const tpl__index_order *order, tpl_error *err);
void tpl__index_free(tpl__index *index);

/* Whether there is anything to find. */
bool tpl__index_is_empty(const tpl__index *index);

typedef struct tpl__index_hash {
    tpl_hash128 digest;
    const char *chunks; /* the hashes of its chunks as text, instead of the digest; or NULL */
    size_t chunks_len;
    size_t position; /* of what was found: in the table of whole files, unless it has chunks */
} tpl__index_hash;

/* The files of the index with their digests, as rows of a sealed manifest. Their text is the
 * index's; times are in microseconds, rounded down. */
tpl_manifest *tpl__index_table(tpl__index *index);

/* A file as it is asked for. */
typedef struct tpl__index_query {
    unsigned worker; /* who asks: each thread its own */
    const char *path;
    size_t path_len;
    const tpl__stat *stat;
} tpl__index_query;

/* The hash of a file, or the hashes of its chunks, if its state is the recorded one; what comes out
 * is borrowed from the index. For several threads. */
bool tpl__index_find(tpl__index *index, const tpl__index_query *query, tpl__index_hash *hash);
bool tpl__index_find_chunks(tpl__index *index, const tpl__index_query *query,
                            tpl__index_hash *hash);

/* A file as it was read. */
typedef struct tpl__index_news {
    const char *path;
    size_t path_len;
    const tpl__stat *stat;
    uint64_t size; /* bytes that were read */
    tpl__index_hash hash;
} tpl__index_news;

/* Remembers it, unless it could change without its state telling; each worker its own. False: no
 * memory. */
bool tpl__index_note(tpl__index *index, unsigned worker, const tpl__index_news *news);

/* Replaces the file: what was found stays, what the filter did not ask for stays, everything else
 * gives way to the news. Nothing is written when nothing is new. TPL_E_NOMEM, TPL_E_CANCELLED. */
tpl_status tpl__index_save(tpl__index *index, const tpl_filter *filter, tpl_error *err);

/* Tells what was wrong with the file, if anything. */
void tpl__index_tell(const tpl__index *index);

#endif
