/* SPDX-License-Identifier: MIT */
/* Hashing a file's content with the certainty that it is the content of one moment. One reader
 * serves one thread and reuses its buffer. */
#ifndef TPL__READER_H
#define TPL__READER_H

#include <stdbool.h>
#include <stddef.h>

#include "fs.h"
#include "tpl/hash.h"

typedef enum tpl__outcome {
    TPL__DONE,
    TPL__FAILED,   /* an errno says why */
    TPL__CHANGED,  /* it changed every time it was read */
    TPL__NOT_FILE, /* not a regular file */
    TPL__OUTSIDE,  /* a link that leads outside the tree */
    TPL__STOPPED   /* `step` said so */
} tpl__outcome;

/* Called after every piece that was read, with the bytes that are new: a file may be read twice.
 * False stops the reading. */
typedef bool (*tpl__step_fn)(size_t bytes, void *payload);

typedef struct tpl__reader tpl__reader;

tpl__reader *tpl__reader_new(tpl__step_fn step, void *payload); /* NULL: no memory */
void tpl__reader_free(tpl__reader *reader);

/* From now on, files larger than `size` get a hash for each `size` bytes; 0: no more. */
#define TPL__CHUNK_UNIT ((size_t)256 << 10) /* what `size` is a multiple of */
void tpl__reader_chunk(tpl__reader *reader, uint64_t size);

/* From now on, a file that one read gives with this hash and size is done, whatever became of it
 * meanwhile: it is not asked for its state, and `stat` stays as it was. NULL: no more. Borrowed. */
void tpl__reader_expect(tpl__reader *reader, const tpl_hash128 *hash, uint64_t size);

typedef struct tpl__content {
    tpl_hash128 hash;
    uint64_t size;  /* bytes that were hashed */
    tpl__stat stat; /* of the descriptor that was read, unless it had what was expected */
    int sys_errno;  /* of TPL__FAILED */
    const tpl_hash128 *chunks; /* in chunk mode, of a file of several: the hash of each, borrowed
                                  from the reader until its next call; `hash` is then over these */
    size_t chunk_count;
} tpl__content;

/* Opens, reads, hashes and closes the file `name` in `at`. */
tpl__outcome tpl__reader_hash(tpl__reader *reader, int at, const char *name, tpl__links links,
                              tpl__content *out);

/* Hashes what a descriptor that is not a regular file gives until its end. */
tpl__outcome tpl__reader_drain(tpl__reader *reader, int fd, tpl__content *out);

#endif
