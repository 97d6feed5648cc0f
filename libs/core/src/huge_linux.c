/* SPDX-License-Identifier: MIT */
/* Transparent huge pages on request, the usual setting of distributions. */
#include "huge.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#define SMALLEST ((size_t)4 << 20) /* two huge pages: one of them is whole wherever it begins */

/* The pages at both ends are advised too, though others may share them: a block that is a mapping
 * of its own must stay one piece, or growing it would mean copying it. */
void tpl__huge_hint(void *memory, size_t size) {
    if (size >= SMALLEST) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        size_t before = (uintptr_t)memory % page;
        size_t whole = (before + size + page - 1) / page * page;
        (void)madvise((char *)memory - before, whole, MADV_HUGEPAGE);
    }
}
