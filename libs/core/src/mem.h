/* SPDX-License-Identifier: MIT */
/* The one place memory comes from. Tests link another implementation of these four names that fails
 * the Nth allocation. */
#ifndef TPL__MEM_H
#define TPL__MEM_H

#include <stddef.h>

void *tpl__alloc(size_t size); /* NULL when there is none; `size` > 0 */
void *tpl__alloc_array(size_t count,
                       size_t size); /* zeroed; NULL also when count * size overflows */
void *tpl__realloc_array(void *old, size_t count, size_t size);
void tpl__free(void *memory); /* NULL is allowed */

#endif
