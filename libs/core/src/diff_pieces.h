/* SPDX-License-Identifier: MIT */
/* The comparison of two long documents, piece by piece. */
#ifndef TPL__DIFF_PIECES_H
#define TPL__DIFF_PIECES_H

#include "diff_join.h"
#include "manifest_v2023.h"
#include "tpl/diff.h"

/* Cuts both documents at the same paths, so that each pair of pieces is read and joined by one of
 * some threads (the readers of `before`; `after` has as many) for itself. `options` says what is
 * kept and who is asked; `glob` may be NULL. *out is NULL and the status TPL_OK where a document is
 * not canonical, has a path twice or cannot be read. TPL_E_CANCELLED, TPL_E_NOMEM. */
tpl_status tpl__diff_pieces(tpl_diff **out, const tpl__v2023_source *before,
                            const tpl__v2023_source *after, const tpl_diff_options *options,
                            const tpl__glob *glob);

/* As tpl_diff_files(), of files of so many bytes and more. */
tpl_status tpl__diff_files(tpl_diff **out, const char *before, const char *after,
                           const tpl_diff_options *options, uint64_t least, tpl_error *err);

#endif
