/* SPDX-License-Identifier: MIT */
/* A pull scanner for JSON text, as strict as Python's json module and as lenient: NaN, Infinity and
 * -Infinity are values. It allocates nothing: what it finds are spans of the text. */
#ifndef TPL__JSON_READ_H
#define TPL__JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "poll.h"
#include "tpl/status.h"

/* How deep values may nest; deeper ones are refused as not JSON. */
#define TPL__JSON_DEPTH_MAX ((size_t)8192)

typedef struct tpl__json {
    const char *start;
    const char *end;
    const char *at;
    const char *ask_at;  /* where the caller is asked next, at most `end` */
    tpl__poll *poll;     /* set it for a text that may be long; borrowed, may be NULL */
    const char *problem; /* what is wrong, static; NULL while nothing is */
    const char *problem_at;
} tpl__json;

typedef enum tpl__json_kind {
    TPL__JSON_ABSENT, /* no value was read */
    TPL__JSON_NULL,
    TPL__JSON_BOOL,
    TPL__JSON_INTEGER, /* neither fraction nor exponent */
    TPL__JSON_NUMBER,  /* any other number, NaN and the infinities included */
    TPL__JSON_STRING,
    TPL__JSON_ARRAY,
    TPL__JSON_OBJECT
} tpl__json_kind;

typedef struct tpl__json_value {
    tpl__json_kind kind;
    bool negative;      /* of an integer */
    bool huge;          /* an integer whose magnitude does not fit */
    bool escaped;       /* of a string: the span is not the text itself */
    uint64_t magnitude; /* of an integer; 1 of true */
    const char *span;   /* between a string's quotes */
    size_t span_len;
    size_t len; /* of a string's text as WTF-8, at most span_len */
} tpl__json_value;

void tpl__json_init(tpl__json *json, const char *data, size_t len);

/* A function that returns bool returns false at a problem, which is then set. For a caller who
 * wants no more the text ends where he is asked: a problem, too. */

/* Blanks, then any value, containers with all that is in them. */
bool tpl__json_value_read(tpl__json *json, tpl__json_value *out);

/* Taking a container apart, `close` is its closing bracket. open: blanks, then steps over `bracket`
 * if it follows, and says so; never a problem. first: whether an element follows the opening. next:
 * whether one follows the element just read. name: a member's name and colon. */
bool tpl__json_open(tpl__json *json, char bracket);
void tpl__json_first(tpl__json *json, char close, bool *more);
bool tpl__json_next(tpl__json *json, char close, bool *more);
bool tpl__json_name(tpl__json *json, tpl__json_value *name);

/* Only blanks are left. */
bool tpl__json_end(tpl__json *json);

/* Writes a string's text, `value->len` bytes. */
void tpl__json_text(const tpl__json_value *value, char *out);

/* Whether a string's text is `len` bytes of plain ASCII. */
bool tpl__json_text_is(const tpl__json_value *value, const char *text, size_t len);

/* TPL_E_SYNTAX, with the problem and its line and column, in characters from 1; TPL_E_CANCELLED. */
tpl_status tpl__json_fail(tpl__json *json, tpl_error *err);

#endif
