/* SPDX-License-Identifier: MIT */
/* Memory that lives and dies together: many small allocations, one dispose. Not for several threads
 * at a time. */
#ifndef TPL__ARENA_H
#define TPL__ARENA_H

#include <stddef.h>

typedef struct tpl__arena_block tpl__arena_block;

typedef struct tpl__arena {
    tpl__arena_block *blocks; /* the newest first */
    char *next;
    size_t left;
} tpl__arena;

#define TPL__ARENA_INIT {NULL, NULL, 0}

void tpl__arena_dispose(tpl__arena *arena);

/* Takes back all that was given out; the newest block serves what comes. */
void tpl__arena_clear(tpl__arena *arena);

/* `size` bytes without alignment (text), or aligned for any object; NULL when memory is out. */
char *tpl__arena_bytes(tpl__arena *arena, size_t size);
void *tpl__arena_object(tpl__arena *arena, size_t size);

/* A copy of `len` bytes with a NUL behind them. */
char *tpl__arena_copy(tpl__arena *arena, const char *data, size_t len);

/* Moves everything `from` holds into `arena` and leaves `from` empty. */
void tpl__arena_adopt(tpl__arena *arena, tpl__arena *from);

#endif
