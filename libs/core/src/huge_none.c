/* SPDX-License-Identifier: MIT */
/* For systems that choose page sizes by themselves. */
#include "huge.h"

void tpl__huge_hint(void *memory, size_t size) {
    (void)memory;
    (void)size;
}
