/* SPDX-License-Identifier: MIT */
/* The names that deadline gives to manifest files. */
#include <string.h>

#include "fail.h"
#include "tpl/hash.h"
#include "tpl/snapshot.h"

static tpl_status append(tpl_buffer *out, const char *text) {
    return tpl_buffer_append(out, text, strlen(text));
}

/* A root as a part of a name. */
static tpl_status append_root(tpl_buffer *out, const char *root) {
    size_t start = out->len;
    tpl_status status = append(out, root);
    for (size_t i = start; status == TPL_OK && i < out->len; i++) {
        out->data[i] = strchr("/\\:", out->data[i]) != NULL ? '_' : out->data[i];
    }
    return status;
}

/* Drops a first `_` of what begins at `start`. */
static void drop_underscore(tpl_buffer *out, size_t start) {
    if (out->len > start && out->data[start] == '_') {
        out->len--;
        memmove(out->data + start, out->data + start + 1, out->len - start);
    }
}

tpl_status tpl_snapshot_name(tpl_buffer *out, const char *root, const char *stem, const char *stamp,
                             tpl_error *err) {
    char hex[TPL_HASH_HEX_LEN + 1];
    const char *const rest[] = {"-", hex, "-", stamp, ".manifest"};
    size_t start = out->len;
    bool named = stem != NULL && stem[0] != '\0';
    if (named && strchr(stem, '/') != NULL) {
        return tpl__fail(err, TPL_E_ARGUMENT, "a name cannot hold a slash");
    }
    tpl_hash128_to_hex(tpl_hash_bytes(root, strlen(root)), hex);
    tpl_status status = named ? append(out, stem) : append_root(out, root);
    drop_underscore(out, start);
    for (size_t i = 0; status == TPL_OK && i < sizeof(rest) / sizeof(*rest); i++) {
        status = append(out, rest[i]);
    }
    if (status != TPL_OK) {
        out->len = start;
        return tpl__fail_nomem(err);
    }
    return TPL_OK;
}
