/* SPDX-License-Identifier: MIT */
/* Paths of format 2025-12-04-beta: references to directories, and targets of links. */
#include <string.h>

#include "fail.h"
#include "manifest_beta_reader.h"
#include "manifest_dirs.h"

tpl_status tpl__beta_refuse(tpl__beta_reader *r, tpl_status status, const char *what) {
    return tpl__fail(r->err, status, "%s[%zu]%s", r->list, r->index, what);
}

tpl_status tpl__beta_text(tpl__beta_reader *r, const tpl__json_value *value, tpl__text *out) {
    if (!value->escaped) {
        *out = (tpl__text){value->span, value->len};
        return TPL_OK;
    }
    char *text = tpl__arena_bytes(&r->manifest->arena, value->len);
    if (text == NULL) {
        return tpl__fail_nomem(r->err);
    }
    tpl__json_text(value, text);
    *out = (tpl__text){text, value->len};
    return TPL_OK;
}

tpl_status tpl__beta_keep(tpl__beta_reader *r, tpl__text *text) {
    char *data = tpl__arena_bytes(&r->manifest->arena, text->len);
    if (data == NULL) {
        return tpl__fail_nomem(r->err);
    }
    if (text->len > 0) {
        memcpy(data, text->data, text->len);
    }
    text->data = data;
    return TPL_OK;
}

/* The directory that `$digits/` means, among those read so far; NULL: there is none. */
static const tpl__row *referenced(const tpl__beta_reader *r, const char *digits, size_t count) {
    const tpl__dirs *dirs = &r->manifest->dirs;
    size_t number = 0;
    for (size_t i = 0; i < count && number < dirs->count; i++) {
        number = number * 10 + (size_t)(digits[i] - '0');
    }
    bool canonical = count == 1 || digits[0] != '0';
    return canonical && number < dirs->count ? &dirs->rows[number] : NULL;
}

tpl_status tpl__beta_expand(tpl__beta_reader *r, tpl__text *text) {
    size_t digits = tpl__reference_digits(text->data, text->len);
    if (digits == 0) {
        return tpl__beta_keep(r, text);
    }
    const tpl__row *dir = referenced(r, text->data + 1, digits);
    if (dir == NULL) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " refers to a directory that is not listed");
    }
    size_t rest = text->len - 1 - digits; /* with its slash */
    size_t len = dir->path_len + rest;
    if (len > r->budget || len > UINT32_MAX) {
        return tpl__beta_refuse(r, TPL_E_RANGE, " makes paths too long");
    }
    r->budget -= len;
    char *data = tpl__arena_bytes(&r->manifest->arena, len);
    if (data == NULL) {
        return tpl__fail_nomem(r->err);
    }
    if (dir->path_len > 0) {
        memcpy(data, dir->path, dir->path_len);
    }
    memcpy(data + dir->path_len, text->data + 1 + digits, rest);
    *text = (tpl__text){data, len};
    return TPL_OK;
}

/* How many bytes of leading components, slashes included, a directory and a path have in common. */
static size_t common_components(tpl__text dir, tpl__text path) {
    size_t common = 0;
    for (size_t i = 0; i < dir.len && i < path.len && dir.data[i] == path.data[i]; i++) {
        common = dir.data[i] == '/' ? i + 1 : common;
    }
    return common;
}

tpl_status tpl__beta_unroot(tpl__beta_reader *r, tpl__text link, tpl__text *target) {
    size_t parent = tpl__parent_len(link.data, link.len);
    tpl__text dir = {link.data, parent == SIZE_MAX ? 0 : parent + 1}; /* with its slash */
    size_t common = common_components(dir, *target);
    size_t up = 0;
    for (size_t i = common; i < dir.len; i++) {
        up += dir.data[i] == '/';
    }
    size_t rest = target->len - common;
    if (up * 3 + rest > r->budget) {
        return tpl__beta_refuse(r, TPL_E_RANGE, " makes paths too long");
    }
    r->budget -= up * 3 + rest;
    char *data = tpl__arena_bytes(&r->manifest->arena, up * 3 + rest + 1);
    if (data == NULL) {
        return tpl__fail_nomem(r->err);
    }
    for (size_t i = 0; i < up * 3; i++) {
        data[i] = i % 3 == 2 ? '/' : '.';
    }
    memcpy(data + up * 3, target->data + common, rest);
    *target = (tpl__text){data, up * 3 + rest};
    return TPL_OK;
}

tpl_status tpl__beta_check_target(tpl__beta_reader *r, tpl__text link, tpl__text target) {
    const char *t = target.data;
    if (target.len == 0) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " is a link with an empty target");
    }
    bool two = target.len > 1;
    if (t[0] == '/' || (two && t[1] == ':') || (two && t[0] == '\\' && t[1] == '\\')) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " is a link with an absolute target");
    }
    bool at_root = memchr(link.data, '/', link.len) == NULL;
    bool up = two && t[0] == '.' && t[1] == '.' && (target.len == 2 || t[2] == '/');
    if (at_root && up) {
        return tpl__beta_refuse(r, TPL_E_MANIFEST, " is a link whose target is outside the tree");
    }
    return TPL_OK;
}
