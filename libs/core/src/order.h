/* SPDX-License-Identifier: MIT */
/* Canonical order of rows: by UTF-16 code units of the path, rows of one path by number. And the
 * order of directories: by bytes of the path. */
#ifndef TPL__ORDER_H
#define TPL__ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "manifest_table.h"
#include "poll.h"
#include "swar.h"
#include "tpl/text.h"

/* As the sign of tpl_text_compare(), without the call where bytes tell. */
static inline int tpl__order_of(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t shorter = a_len < b_len ? a_len : b_len;
    size_t i = tpl__common_prefix(a, b, shorter);
    if (i == shorter) {
        return a_len == b_len ? 0 : a_len < b_len ? -1 : 1;
    }
    if ((unsigned char)a[i] < 0xf0 && (unsigned char)b[i] < 0xf0) {
        return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
    }
    return tpl_text_compare(a, a_len, b, b_len);
}

/* Whether the rows stand in canonical order; then also how many have the path of an earlier one.
 * False for a caller who wants no more. */
bool tpl__order_is_canonical(const tpl__row *rows, size_t count, tpl__poll *poll,
                             size_t *duplicates);

/* The row numbers in canonical order, free with tpl__free(). `count` is less than 2^32 and not 0.
 * TPL_E_NOMEM, TPL_E_CANCELLED. */
tpl_status tpl__order_sort(uint32_t **out, const tpl__row *rows, size_t count, tpl__poll *poll,
                           size_t *duplicates);

/* The same by the bytes of the paths. */
tpl_status tpl__order_sort_bytes(uint32_t **out, const tpl__row *rows, size_t count,
                                 tpl__poll *poll);

#endif
