/* SPDX-License-Identifier: MIT */
/* Include and exclude patterns, compiled. Read-only after tpl__glob_new(), so threads may share
 * one. */
#ifndef TPL__GLOB_H
#define TPL__GLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "tpl/snapshot.h"

typedef struct tpl__glob tpl__glob;

/* Compiles the filter's patterns. TPL_E_NOMEM; TPL_E_ARGUMENT, with a pattern as the path, when its
 * dialect has no such pattern, or without one when dotfiles cannot be hidden. */
tpl_status tpl__glob_new(tpl__glob **out, const tpl_filter *filter, tpl_error *err);
void tpl__glob_free(tpl__glob *glob);

/* Whether every file counts whatever its path, so that no path needs to be asked about. */
bool tpl__glob_is_all(const tpl__glob *glob);

/* Whether the file at a relative WTF-8 path counts. */
bool tpl__glob_file(const tpl__glob *glob, const char *path, size_t len);

/* Whether any file below the directory at a relative WTF-8 path could count: false lets a walk
 * leave it out. */
bool tpl__glob_enter(const tpl__glob *glob, const char *path, size_t len);

/* For hints: the index of a pattern (include patterns first, exclude patterns behind them) that
 * matches the directory at `path` as if it were a file and has no wildcard in its last segment;
 * SIZE_MAX when there is none. */
size_t tpl__glob_names_directory(const tpl__glob *glob, const char *path, size_t len);

#endif
