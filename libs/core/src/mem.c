/* SPDX-License-Identifier: MIT */
/* Memory from the C library, every size computation checked. */
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>

void *tpl__alloc(size_t size) {
    return malloc(size);
}

/* Zero bytes are asked for as one: what malloc and realloc give for none differs by C library. */
void *tpl__alloc_array(size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return count * size == 0 ? calloc(1, 1) : calloc(count, size);
}

void *tpl__realloc_array(void *old, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return realloc(old, count * size == 0 ? 1 : count * size);
}

void tpl__free(void *memory) {
    free(memory);
}
