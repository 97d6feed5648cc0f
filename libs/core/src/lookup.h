/* SPDX-License-Identifier: MIT */
/* Which of many rows has a path: a hash table of row numbers, read by several threads at a time. */
#ifndef TPL__LOOKUP_H
#define TPL__LOOKUP_H

#include <stddef.h>
#include <stdint.h>

#include "poll.h"
#include "tpl/status.h"

/* What every row begins with; a row of another type has members like these in front. */
typedef struct tpl__path_ref {
    const char *path;
    uint32_t path_len;
} tpl__path_ref;

#define TPL__LOOKUP_NONE SIZE_MAX

typedef struct tpl__lookup {
    const char *rows; /* borrowed */
    size_t stride;    /* bytes from one row to the next */
    uint64_t *slots;  /* row number + 1 below 32 bits of its hash; 0: free. NULL: nothing to find */
    size_t mask;
} tpl__lookup;

#define TPL__LOOKUP_INIT {NULL, 0, NULL, 0}

/* `count` is at most 2^31. Of rows of one path the last is found. Where very many paths fall
 * together, some are not found at all, so that no choice of names makes a look-up slow.
 * TPL_E_NOMEM, TPL_E_CANCELLED: `out` is then to be disposed, too. */
tpl_status tpl__lookup_init(tpl__lookup *out, const void *rows, size_t count, size_t stride,
                            tpl__poll *poll);
void tpl__lookup_dispose(tpl__lookup *lookup);

/* The row's number, or TPL__LOOKUP_NONE. */
size_t tpl__lookup_find(const tpl__lookup *lookup, const char *path, size_t len);

#endif
