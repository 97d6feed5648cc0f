/* SPDX-License-Identifier: MIT */
/* Path text. Inside the library a path is WTF-8: UTF-8 that may also hold lone surrogates (as three
 * bytes each), so that every POSIX name and every Windows name has exactly one spelling. A byte of
 * a POSIX name that is not UTF-8 is the lone surrogate U+DC80..U+DCFF, as in Python's
 * "surrogateescape". */
#ifndef TPL_TEXT_H
#define TPL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "tpl/buffer.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Appends the WTF-8 form of an operating-system name or path of `len` bytes. TPL_E_NOMEM. */
tpl_status tpl_text_from_os(tpl_buffer *out, const char *os, size_t len);

/* Appends the operating-system bytes of a WTF-8 path. TPL_E_NOMEM; TPL_E_UNSAFE_PATH when no file
 * can have that name here: a NUL, or a lone surrogate outside U+DC80..U+DCFF. */
tpl_status tpl_text_to_os(tpl_buffer *out, const char *text, size_t len);

/* Appends `text` as a JSON string with its quotes, pure ASCII: `"` and `\` escaped, \b \f \n \r \t,
 * every other code unit outside U+0020..U+007E as \uxxxx in lower case, a lone surrogate as its own
 * escape. Corresponds to Python's json.dumps(str) for the same text. TPL_E_NOMEM. */
tpl_status tpl_text_append_json(tpl_buffer *out, const char *text, size_t len);

/* Appends `text` for a person: as it is (lone surrogates U+DC80..U+DCFF as nothing but their C
 * escape), or within double quotes with C escapes (\n, \", \\, \ooo) where it holds control
 * characters, quotes, backslashes or bytes that are not UTF-8, so that a line stays a line.
 * TPL_E_NOMEM. */
tpl_status tpl_text_append_display(tpl_buffer *out, const char *text, size_t len);

/* Orders two WTF-8 texts by UTF-16 code units, as manifests are ordered: <0, 0, >0. */
int tpl_text_compare(const char *a, size_t a_len, const char *b, size_t b_len);

/* Whether a manifest path, joined to a root, names something inside it: not empty, relative, no
 * `..` component, no NUL. */
bool tpl_text_is_inside(const char *text, size_t len);

/* Whether a symbolic link at a path inside a root has a target, relative to its directory, that is
 * inside, too, as far as the text tells. */
bool tpl_text_link_is_inside(const char *path, size_t len, const char *target, size_t target_len);

#ifdef __cplusplus
}
#endif
#endif
