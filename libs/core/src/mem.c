/* SPDX-License-Identifier: MIT */
/* Memory from the C library, every size computation checked. */
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>

void *tpl__alloc(size_t size) {
    return malloc(size);
}

void *tpl__alloc_array(size_t count, size_t size) {
    return calloc(count == 0 ? 1 : count, size);
}

void *tpl__realloc_array(void *old, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return realloc(old, count * size);
}

void tpl__free(void *memory) {
    free(memory);
}
