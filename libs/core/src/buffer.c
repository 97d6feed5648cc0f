/* SPDX-License-Identifier: MIT */
/* Growable bytes and lists of strings; capacity doubles. */
#include "tpl/buffer.h"

#include <stdint.h>
#include <string.h>

#include "mem.h"

void tpl_buffer_dispose(tpl_buffer *buf) {
    tpl__free(buf->data);
    *buf = (tpl_buffer)TPL_BUFFER_INIT;
}

tpl_status tpl_buffer_reserve(tpl_buffer *buf, size_t extra) {
    size_t max = buf->max == 0 ? SIZE_MAX / 2 : buf->max;
    if (buf->len > max || extra > max - buf->len) {
        return TPL_E_NOMEM;
    }
    size_t need = buf->len + extra;
    if (need <= buf->cap) {
        return TPL_OK;
    }
    size_t cap = buf->cap < 64 ? 64 : buf->cap;
    cap = cap < max ? cap : max;
    while (cap < need) {
        cap = cap > max / 2 ? max : cap * 2;
    }
    char *data = tpl__realloc_array(buf->data, cap, 1);
    if (data == NULL) {
        return TPL_E_NOMEM;
    }
    buf->data = data;
    buf->cap = cap;
    return TPL_OK;
}

tpl_status tpl_buffer_append(tpl_buffer *buf, const void *data, size_t len) {
    if (len == 0) {
        return TPL_OK;
    }
    tpl_status status = tpl_buffer_reserve(buf, len);
    if (status == TPL_OK) {
        memcpy(buf->data + buf->len, data, len);
        buf->len += len;
    }
    return status;
}

tpl_status tpl_buffer_write(const void *data, size_t len, void *buffer) {
    return tpl_buffer_append(buffer, data, len);
}

char *tpl_buffer_room(size_t size, void *buffer) {
    tpl_buffer *buf = buffer;
    if (tpl_buffer_reserve(buf, size) != TPL_OK) {
        return NULL;
    }
    buf->len += size;
    return buf->data + buf->len - size;
}

void tpl_strings_dispose(tpl_strings *list) {
    tpl__free(list->items);
    *list = (tpl_strings)TPL_STRINGS_INIT;
}

tpl_status tpl_strings_append(tpl_strings *list, const char *string) {
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 8 : list->cap * 2;
        const char **items = tpl__realloc_array(list->items, cap, sizeof(*items));
        if (items == NULL) {
            return TPL_E_NOMEM;
        }
        list->items = items;
        list->cap = cap;
    }
    list->items[list->count++] = string;
    return TPL_OK;
}
