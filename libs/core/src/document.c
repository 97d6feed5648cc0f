/* SPDX-License-Identifier: MIT */
/* Reads small documents value by value. */
#include "document.h"

#include <string.h>

#include "fail.h"
#include "tpl/text.h"

bool tpl__document_fail(tpl__document *d, const char *what, const char *problem) {
    if (d->failed == TPL_OK) {
        d->failed = tpl__fail(d->err, TPL_E_DOCUMENT, "%s %s", what, problem);
    }
    return false;
}

bool tpl__document_fail_nomem(tpl__document *d) {
    d->failed = tpl__fail_nomem(d->err);
    return false;
}

/* A value of another kind than is wanted, or no value at all. */
static bool refuse(tpl__document *d, const char *what, const char *problem) {
    tpl__json_value value;
    return tpl__json_value_read(&d->json, &value) && tpl__document_fail(d, what, problem);
}

bool tpl__document_object(tpl__document *d, const char *what, tpl__document_shape shape,
                          void *into) {
    if (!tpl__json_open(&d->json, '{')) {
        return refuse(d, what, "is not an object");
    }
    bool more;
    bool good = true;
    for (tpl__json_first(&d->json, '}', &more); good && more;) {
        tpl__json_value name;
        tpl__json_value ignored;
        if (!tpl__json_name(&d->json, &name)) {
            return false;
        }
        size_t index = tpl__member_index(&name, shape.members, shape.count);
        good = index < shape.count ? shape.read(d, index, into)
                                   : tpl__json_value_read(&d->json, &ignored);
        good = good && tpl__json_next(&d->json, '}', &more);
    }
    return good;
}

bool tpl__document_array(tpl__document *d, const char *what, tpl__document_item_fn read,
                         void *into) {
    if (!tpl__json_open(&d->json, '[')) {
        return refuse(d, what, "is not an array");
    }
    bool more;
    bool good = true;
    for (tpl__json_first(&d->json, ']', &more); good && more;) {
        good = read(d, what, into) && tpl__json_next(&d->json, ']', &more);
    }
    return good;
}

bool tpl__document_text(tpl__document *d, const char *what, const char **out) {
    tpl__json_value value;
    if (!tpl__json_value_read(&d->json, &value)) {
        return false;
    }
    if (value.kind != TPL__JSON_STRING) {
        return tpl__document_fail(d, what, "is not a string");
    }
    char *text = tpl__arena_bytes(d->arena, value.len + 1);
    if (text == NULL) {
        return tpl__document_fail_nomem(d);
    }
    tpl__json_text(&value, text);
    text[value.len] = '\0';
    *out = text;
    return strlen(text) == value.len || tpl__document_fail(d, what, "holds a NUL");
}

bool tpl__document_path(tpl__document *d, const char *what, const char **out) {
    const char *text = NULL;
    if (!tpl__document_text(d, what, &text)) {
        return false;
    }
    tpl_buffer os = TPL_BUFFER_INIT;
    tpl_status status = tpl_text_to_os(&os, text, strlen(text));
    if (status == TPL_OK) {
        *out = tpl__arena_copy(d->arena, os.data, os.len);
    }
    tpl_buffer_dispose(&os);
    if (status == TPL_E_UNSAFE_PATH) {
        return tpl__document_fail(d, what, "is a name that no file can have");
    }
    return (status == TPL_OK && *out != NULL) || tpl__document_fail_nomem(d);
}

tpl_status tpl__document_read(tpl__document *d, const char *what, tpl__document_shape shape,
                              void *into) {
    bool good = tpl__document_object(d, what, shape, into) && tpl__json_end(&d->json);
    if (good || d->failed != TPL_OK) {
        return d->failed;
    }
    return tpl__json_fail(&d->json, d->err);
}
