/* SPDX-License-Identifier: MIT */
/* The bytes of an index file: a head, records of one size, those with the hashes of chunks at the
 * end, then for one record after the other the text of its path and those hashes, and a hash of all
 * that. Numbers are in the machine's own order, which the head tells: a
 * cache does not travel. */
#ifndef TPL__INDEX_FILE_H
#define TPL__INDEX_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "tpl/buffer.h"
#include "tpl/hash.h"

/* A file and the state it was in when it had this hash. Times are nanoseconds since the epoch. */
typedef struct tpl__index_record {
    tpl_hash128 hash; /* 0 when there are those of chunks */
    uint64_t size;
    int64_t mtime;
    int64_t ctime;
    uint64_t ino;
    uint64_t dev; /* 0: the root's own, whatever number that has today */
    uint32_t path_len;
    uint32_t chunks_len; /* of the text of its chunks' hashes, as an entry has it */
} tpl__index_record;

#define TPL__INDEX_MAGIC "\x89tplidx\n"

typedef struct tpl__index_head {
    char magic[8];
    uint32_t byte_order;
    uint32_t version;
    uint64_t root_ino; /* whose tree it is */
    uint64_t count;    /* of records */
    uint64_t text_len;
} tpl__index_head;

/* The head for an index of this version. */
tpl__index_head tpl__index_head_of(uint64_t root_ino, uint64_t count, uint64_t text_len);

typedef enum tpl__index_verdict {
    TPL__INDEX_GOOD,
    TPL__INDEX_DAMAGED,
    TPL__INDEX_VERSION,    /* of another version, or another machine's */
    TPL__INDEX_OTHER_TREE, /* of another root */
    TPL__INDEX_FOREIGN     /* no index at all */
} tpl__index_verdict;

/* Records are in canonical order of their paths, first those of whole files, then the others. */
typedef struct tpl__index_view {
    const tpl__index_record *records;
    size_t count;
    size_t whole; /* records before those with the hashes of chunks */
    const char *text;
    size_t text_len;
} tpl__index_view;

/* Takes a file's bytes (aligned for any object) apart; `out` is borrowed from them, and empty
 * unless the verdict is good. Then the text is filled exactly. */
tpl__index_verdict tpl__index_parse(tpl__index_view *out, const char *data, size_t len,
                                    uint64_t root_ino);

#endif
