/* SPDX-License-Identifier: MIT */
/* Canonical order of rows: by UTF-16 code units of the path, rows of one path by number. */
#ifndef TPL__ORDER_H
#define TPL__ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "manifest_table.h"
#include "poll.h"

/* Whether the rows stand in canonical order; then also how many have the path of an earlier one. */
bool tpl__order_is_canonical(const tpl__row *rows, size_t count, size_t *duplicates);

/* The row numbers in canonical order, free with tpl__free(). `count` is less than 2^32 and not 0.
 * TPL_E_NOMEM, TPL_E_CANCELLED. */
tpl_status tpl__order_sort(uint32_t **out, const tpl__row *rows, size_t count, tpl__poll *poll,
                           size_t *duplicates);

#endif
