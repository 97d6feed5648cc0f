/* SPDX-License-Identifier: MIT */
/* Large pages behind large blocks: first touches and random reads of a big table cost a fraction.
 * A hint; where the system has none, nothing happens. */
#ifndef TPL__HUGE_H
#define TPL__HUGE_H

#include <stddef.h>

/* For a whole block just allocated or grown, before the new part is touched. Small blocks are left
 * alone. */
void tpl__huge_hint(void *memory, size_t size);

#endif
