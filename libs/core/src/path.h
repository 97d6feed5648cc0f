/* SPDX-License-Identifier: MIT */
/* Absolute paths as text, and where they lead. */
#ifndef TPL__PATH_H
#define TPL__PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "tpl/buffer.h"
#include "tpl/status.h"

/* Appends the absolute form of an operating-system path, relative ones being below `cwd`: without
 * `.`, `..` and repeated slashes, as the text alone tells. NUL-terminated, which does not count. */
tpl_status tpl__path_absolute(tpl_buffer *out, const char *cwd, const char *path);

/* Appends where an operating-system path leads, likewise: symbolic links are resolved, `..` is the
 * parent of what came before it, what does not exist or may not be looked at stays as it is. 0 or
 * an errno. */
int tpl__path_resolve(tpl_buffer *out, const char *cwd, const char *path);

/* Whether reading a link failed because there is none that could be read. */
bool tpl__path_is_no_link(int sys_errno);

/* Whether a normalised absolute path is `base` or below it. */
bool tpl__path_is_below(const char *path, size_t len, const char *base, size_t base_len);

/* Orders normalised paths component by component: <0, 0, >0. */
int tpl__path_compare(const char *a, size_t a_len, const char *b, size_t b_len);

/* The length of the path that two normalised absolute paths have in common. */
size_t tpl__path_common(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
