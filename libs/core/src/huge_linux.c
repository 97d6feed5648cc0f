/* SPDX-License-Identifier: MIT */
/* Transparent huge pages on request, the usual setting of distributions. */
#include "huge.h"

#include <stdint.h>
#include <sys/mman.h>

#define SMALLEST ((size_t)4 << 20) /* two huge pages: one of them is whole wherever it begins */
#define PAGE ((size_t)64 << 10)    /* the largest ordinary one: advice wants whole pages */

void tpl__huge_hint(void *memory, size_t size) {
    if (size >= SMALLEST) {
        size_t skip = (PAGE - (uintptr_t)memory % PAGE) % PAGE;
        (void)madvise((char *)memory + skip, (size - skip) / PAGE * PAGE, MADV_HUGEPAGE);
    }
}
