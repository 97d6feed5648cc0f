/* SPDX-License-Identifier: MIT */
/* Files that are named one by one, visited as a walk visits those that it finds. */
#ifndef TPL__LISTED_H
#define TPL__LISTED_H

#include "tree.h"
#include "walk.h"

/* Visits every file, following links. Of the order, root and filter do not matter: whatever cannot
 * be read is an error. TPL_E_IO, TPL_E_CHANGED, TPL_E_INPUTS (no regular file), TPL_E_CANCELLED,
 * TPL_E_NOMEM. */
tpl_status tpl__listed(const tpl__walk_order *order, const tpl__tree_files *files, tpl_error *err);

#endif
