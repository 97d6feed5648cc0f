/* SPDX-License-Identifier: MIT */
/* Canonical order of rows: by UTF-16 code units of the path, rows of one path by number. */
#ifndef TPL__ORDER_H
#define TPL__ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "manifest_table.h"

/* Whether the rows stand in canonical order; then also how many have the path of an earlier one. */
bool tpl__order_is_canonical(const tpl__row *rows, size_t count, size_t *duplicates);

/* The row numbers in canonical order, free with tpl__free(); NULL when memory is out. `count` is
 * less than 2^32 and not 0. */
uint32_t *tpl__order_sort(const tpl__row *rows, size_t count, size_t *duplicates);

#endif
