/* SPDX-License-Identifier: MIT */
/* The directories of a manifest: a list that is sorted once, and asked for positions. */
#ifndef TPL__MANIFEST_DIRS_H
#define TPL__MANIFEST_DIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "manifest_table.h"
#include "poll.h"

/* Room for one more, uninitialised, counted; NULL when memory is out. */
tpl__row *tpl__dirs_append(tpl__dirs *dirs);

/* Byte order of the paths; of equal ones the first stays. TPL_E_NOMEM, TPL_E_CANCELLED: nothing is
 * changed. */
tpl_status tpl__dirs_settle(tpl__dirs *dirs, tpl__poll *poll);

/* The position of a path in settled ones; SIZE_MAX: it is not there. */
size_t tpl__dirs_find(const tpl__dirs *dirs, const char *path, size_t len);

/* The length of what stands before the last slash; SIZE_MAX: there is none. */
size_t tpl__parent_len(const char *path, size_t len);

/* The length of the digits of `$digits/` at the start of a path; 0: it begins otherwise. */
size_t tpl__reference_digits(const char *path, size_t len);

/* Whether a path cannot be written but by reference, and the directory it would take is not there.
 */
bool tpl__dirs_cannot_write(const tpl__dirs *dirs, const char *path, size_t len);

/* Adds to settled directories what paths that look like references need to be written as ones.
 * TPL_E_NOMEM, TPL_E_CANCELLED: nothing is changed. */
tpl_status tpl__dirs_add_needed(tpl_manifest *manifest, tpl__poll *poll);

#endif
