/* SPDX-License-Identifier: MIT */
/* A chain of blocks that double in size up to a ceiling; what does not fit gets a block of its own.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "mem.h"

#define FIRST_BLOCK ((size_t)4096)
#define LARGEST_BLOCK ((size_t)16 << 20)

struct tpl__arena_block {
    tpl__arena_block *older;
    size_t size;
    alignas(max_align_t) char data[];
};

static void free_blocks(tpl__arena_block *block) {
    while (block != NULL) {
        tpl__arena_block *older = block->older;
        tpl__free(block);
        block = older;
    }
}

void tpl__arena_dispose(tpl__arena *arena) {
    free_blocks(arena->blocks);
    *arena = (tpl__arena)TPL__ARENA_INIT;
}

void tpl__arena_clear(tpl__arena *arena) {
    if (arena->next == NULL) {
        tpl__arena_dispose(arena);
        return;
    }
    tpl__arena_block *block = arena->blocks;
    free_blocks(block->older);
    block->older = NULL;
    arena->next = block->data;
    arena->left = block->size;
}

static tpl__arena_block *block_new(size_t size) {
    if (size > SIZE_MAX - sizeof(tpl__arena_block)) {
        return NULL;
    }
    tpl__arena_block *block = tpl__alloc(sizeof(tpl__arena_block) + size);
    if (block != NULL) {
        block->size = size;
        block->older = NULL;
    }
    return block;
}

static char *large_bytes(tpl__arena *arena, size_t size) {
    tpl__arena_block *block = block_new(size);
    if (block == NULL) {
        return NULL;
    }
    if (arena->blocks == NULL) {
        arena->blocks = block;
    } else { /* behind the newest, whose rest stays in use */
        block->older = arena->blocks->older;
        arena->blocks->older = block;
    }
    return block->data;
}

char *tpl__arena_bytes(tpl__arena *arena, size_t size) {
    if (size > arena->left || arena->next == NULL) {
        size_t next = arena->blocks == NULL ? FIRST_BLOCK : arena->blocks->size * 2;
        next = next < FIRST_BLOCK ? FIRST_BLOCK : next > LARGEST_BLOCK ? LARGEST_BLOCK : next;
        if (size > next / 4) {
            return large_bytes(arena, size);
        }
        tpl__arena_block *block = block_new(next);
        if (block == NULL) {
            return NULL;
        }
        block->older = arena->blocks;
        arena->blocks = block;
        arena->next = block->data;
        arena->left = next;
    }
    char *bytes = arena->next;
    arena->next += size;
    arena->left -= size;
    return bytes;
}

void *tpl__arena_object(tpl__arena *arena, size_t size) {
    size_t odd = (uintptr_t)arena->next % alignof(max_align_t);
    size_t pad = odd == 0 ? 0 : alignof(max_align_t) - odd;
    if (size > SIZE_MAX - pad) {
        return NULL;
    }
    if (pad + size > arena->left) {
        return tpl__arena_bytes(arena, pad + size); /* a new block, which begins aligned */
    }
    return tpl__arena_bytes(arena, pad + size) + pad;
}

char *tpl__arena_copy(tpl__arena *arena, const char *data, size_t len) {
    char *copy = len == SIZE_MAX ? NULL : tpl__arena_bytes(arena, len + 1);
    if (copy != NULL) {
        if (len > 0) {
            memcpy(copy, data, len);
        }
        copy[len] = '\0';
    }
    return copy;
}

void tpl__arena_adopt(tpl__arena *arena, tpl__arena *from) {
    tpl__arena_block **end = &from->blocks;
    while (*end != NULL) {
        end = &(*end)->older;
    }
    if (arena->blocks == NULL) {
        *arena = *from;
    } else { /* older than ours, so that our newest block stays in use */
        *end = arena->blocks->older;
        arena->blocks->older = from->blocks;
    }
    *from = (tpl__arena)TPL__ARENA_INIT;
}
