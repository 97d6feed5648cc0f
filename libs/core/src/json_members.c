/* SPDX-License-Identifier: MIT */
/* Members of a document's objects by name, and their values as numbers. */
#include "json_members.h"

#include <stdio.h>

#include "fail.h"
#include "tpl/entry.h"
#include "tpl/text.h"

#define LONGEST_SHOWN 32
#define FORMAT_TEXT(name, text) ", " text
#define KNOWN (&TPL_FORMAT_MAP(FORMAT_TEXT)[2]) /* without the first comma */

size_t tpl__member_index(const tpl__json_value *name, const tpl__member *members, size_t count) {
    size_t index = 0;
    while (index < count && (name->len != members[index].len ||
                             !tpl__json_text_is(name, members[index].name, name->len))) {
        index++;
    }
    return index;
}

bool tpl__find_absent(char out[TPL__ABSENT_SIZE], const tpl__json_value *values,
                      const tpl__member *members, size_t count) {
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == TPL__JSON_ABSENT) {
            len += (size_t)snprintf(out + len, TPL__ABSENT_SIZE - len, "%s%s", len == 0 ? "" : ", ",
                                    members[i].name);
        }
    }
    return len > 0;
}

bool tpl__json_to_size(const tpl__json_value *value, uint64_t *out) {
    *out = value->magnitude;
    return !value->huge && (!value->negative || value->magnitude == 0);
}

bool tpl__json_to_mtime(const tpl__json_value *value, int64_t *out) {
    if (value->huge || value->magnitude > (uint64_t)INT64_MAX + value->negative) {
        return false;
    }
    *out = value->negative ? (int64_t)(0 - value->magnitude) : (int64_t)value->magnitude;
    return true;
}

tpl_status tpl__unknown_version(const tpl__json_value *version, tpl_error *err) {
    if (version->kind != TPL__JSON_STRING) {
        return tpl__fail(err, TPL_E_VERSION, "manifestVersion is not a string (known: %s)", KNOWN);
    }
    char text[LONGEST_SHOWN];
    if (version->len > sizeof(text)) {
        return tpl__fail(err, TPL_E_VERSION, "manifestVersion is not a known one (known: %s)",
                         KNOWN);
    }
    tpl_buffer shown = TPL_BUFFER_INIT;
    tpl__json_text(version, text);
    tpl_status status = tpl_text_append_json(&shown, text, version->len);
    status = status == TPL_OK
                 ? tpl__fail(err, TPL_E_VERSION, "unknown manifest version %.*s (known: %s)",
                             (int)shown.len, shown.data, KNOWN)
                 : tpl__fail_nomem(err);
    tpl_buffer_dispose(&shown);
    return status;
}
