/* SPDX-License-Identifier: MIT */
/* The hash function's inner loops, one table for each vector width, chosen at run time. */
#ifndef TPL__HASH_KERNEL_H
#define TPL__HASH_KERNEL_H

#include <stddef.h>

#include "tpl/hash.h"

#define TPL__HASH_STATE_SIZE 640
#define TPL__HASH_STATE_ALIGN 64

typedef struct tpl__hash_kernel {
    const char *name; /* "xxh3-avx2" */
    tpl_hash128 (*one_shot)(const void *data, size_t len);
    void (*reset)(void *state); /* TPL__HASH_STATE_SIZE bytes, aligned to TPL__HASH_STATE_ALIGN */
    void (*update)(void *state, const void *data, size_t len);
    tpl_hash128 (*digest)(const void *state);
} tpl__hash_kernel;

extern const tpl__hash_kernel tpl__hash_kernel_base;
extern const tpl__hash_kernel tpl__hash_kernel_avx2;
extern const tpl__hash_kernel tpl__hash_kernel_avx512;

/* The widest one that this processor runs. */
const tpl__hash_kernel *tpl__hash_best(void);

#endif
