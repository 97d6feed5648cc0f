/* SPDX-License-Identifier: MIT */
/* Small JSON documents: objects of known members, arrays and strings, into an arena. */
#ifndef TPL__DOCUMENT_H
#define TPL__DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "json_members.h"
#include "tpl/status.h"

typedef struct tpl__document {
    tpl__json json;
    tpl__arena *arena; /* of what is read */
    tpl_error *err;
    tpl_status failed; /* the other ways to fail than a problem of `json` */
    bool seen;         /* a member that leaves no other trace, for the reader of its object */
} tpl__document;

/* The members that an object may have, and what reads the value of one. Others are passed over. */
typedef struct tpl__document_shape {
    const tpl__member *members;
    size_t count;
    bool (*read)(tpl__document *d, size_t index, void *into);
} tpl__document_shape;

typedef bool (*tpl__document_item_fn)(tpl__document *d, const char *what, void *into);

/* Each reads one value, `what` naming it in messages; false: it failed. A text holds no NUL; a path
 * becomes an operating-system path. */
bool tpl__document_object(tpl__document *d, const char *what, tpl__document_shape shape,
                          void *into);
bool tpl__document_array(tpl__document *d, const char *what, tpl__document_item_fn read,
                         void *into);
bool tpl__document_text(tpl__document *d, const char *what, const char **out);
bool tpl__document_path(tpl__document *d, const char *what, const char **out);

/* "WHAT PROBLEM", or memory is out: false, for who returns it. */
bool tpl__document_fail(tpl__document *d, const char *what, const char *problem);
bool tpl__document_fail_nomem(tpl__document *d);

/* The whole document, an object. TPL_E_SYNTAX, TPL_E_DOCUMENT, TPL_E_NOMEM. */
tpl_status tpl__document_read(tpl__document *d, const char *what, tpl__document_shape shape,
                              void *into);

#endif
