/* SPDX-License-Identifier: MIT */
/* Growable values: a byte buffer and a list of borrowed strings. Both are plain values owned by
 * whoever declares them. */
#ifndef TPL_BUFFER_H
#define TPL_BUFFER_H

#include <stddef.h>

#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes, not NUL-terminated. `max` is a ceiling in bytes: growth past it is TPL_E_NOMEM; 0 means
 * none. */
typedef struct tpl_buffer {
    char *data; /* owned; NULL while nothing was appended */
    size_t len;
    size_t cap;
    size_t max;
} tpl_buffer;

#define TPL_BUFFER_INIT {NULL, 0, 0, 0}

/* Frees the bytes and makes the value TPL_BUFFER_INIT again. */
void tpl_buffer_dispose(tpl_buffer *buf);

/* Makes room for `extra` more bytes behind `len`; the contents stay. TPL_E_NOMEM leaves the buffer
 * as it was. */
tpl_status tpl_buffer_reserve(tpl_buffer *buf, size_t extra);

/* Appends `len` bytes. TPL_E_NOMEM leaves the buffer as it was. */
tpl_status tpl_buffer_append(tpl_buffer *buf, const void *data, size_t len);

/* Takes bytes on their way out; anything but TPL_OK stops the writer, which returns that status. */
typedef tpl_status (*tpl_write_fn)(const void *data, size_t len, void *payload);

/* A tpl_write_fn whose payload is a tpl_buffer. */
tpl_status tpl_buffer_write(const void *data, size_t len, void *buffer);

/* Gives room for `size` bytes, all of which are going to be written, or NULL when there is none. */
typedef char *(*tpl_room_fn)(size_t size, void *payload);

/* A tpl_room_fn whose payload is a tpl_buffer: the bytes are its last ones. */
char *tpl_buffer_room(size_t size, void *buffer);

/* NUL-terminated strings that somebody else owns and keeps alive. */
typedef struct tpl_strings {
    const char **items; /* owned array of borrowed strings */
    size_t count;
    size_t cap;
} tpl_strings;

#define TPL_STRINGS_INIT {NULL, 0, 0}

void tpl_strings_dispose(tpl_strings *list);

/* Appends a borrowed string. TPL_E_NOMEM leaves the list as it was. */
tpl_status tpl_strings_append(tpl_strings *list, const char *string);

#ifdef __cplusplus
}
#endif
#endif
