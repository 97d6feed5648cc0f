/* SPDX-License-Identifier: MIT */
/* Path mapping, with paths taken apart as Python's pathlib does it. */
#include "tpl/mapping.h"

#include <string.h>

#include "fail.h"
#include "lower.h"
#include "wtf8.h"

/* A text, from the front of which parts are taken. */
typedef struct rest {
    const char *at;
    const char *end;
    bool windows;
} rest;

/* What a path begins with before its first name: nothing, a root, a drive, a share. */
typedef struct anchor {
    const char *text; /* the drive */
    size_t len;
    int root; /* slashes behind it: 0, 1, or 2 of POSIX's special root */
} anchor;

static bool is_slash(char c, bool windows) {
    return c == '/' || (windows && c == '\\');
}

static const char *find_slash(const char *at, const char *end, bool windows) {
    while (at < end && !is_slash(*at, windows)) {
        at++;
    }
    return at;
}

static size_t count_slashes(const rest *r) {
    size_t count = 0;
    while (r->at + count < r->end && is_slash(r->at[count], r->windows)) {
        count++;
    }
    return count;
}

/* Where a share's drive ends: behind \\server\share, or \\?\UNC\server\share. */
static const char *share_end(const rest *r) {
    static const char EXTENDED[] = "//?/unc/";
    size_t skip = 2;
    if ((size_t)(r->end - r->at) >= sizeof(EXTENDED) - 1) {
        size_t i = 0;
        while (EXTENDED[i] != '\0' &&
               (is_slash(r->at[i], true) ? '/' : (char)tpl__lower((unsigned char)r->at[i])) ==
                   EXTENDED[i]) {
            i++;
        }
        skip = EXTENDED[i] == '\0' ? i : skip;
    }
    const char *server = find_slash(r->at + skip, r->end, true);
    return server == r->end ? r->end : find_slash(server + 1, r->end, true);
}

static anchor take_windows_anchor(rest *r) {
    anchor a = {r->at, 0, 0};
    size_t slashes = count_slashes(r);
    if (slashes >= 2) {
        const char *end = share_end(r);
        a.len = (size_t)(end - r->at);
        a.root = 1; /* a share has one, said or not */
        r->at = end;
    } else if (r->end - r->at >= 2 && r->at[1] == ':') {
        a.len = 2;
        r->at += 2;
        a.root = count_slashes(r) > 0;
    } else {
        a.root = slashes > 0;
    }
    return a;
}

static anchor take_anchor(rest *r) {
    if (r->windows) {
        return take_windows_anchor(r);
    }
    size_t slashes = count_slashes(r);
    return (anchor){r->at, 0, slashes == 2 ? 2 : slashes > 0};
}

/* The next name, `.` passed over; false at the end. */
static bool take_name(rest *r, const char **name, size_t *len) {
    do {
        r->at += count_slashes(r);
        *name = r->at;
        r->at = find_slash(r->at, r->end, r->windows);
        *len = (size_t)(r->at - *name);
    } while (*len == 1 && **name == '.');
    return *len > 0;
}

static uint32_t next_code(const char **at, const char *end, bool windows) {
    uint32_t code;
    *at += tpl__wtf8_next(*at, (size_t)(end - *at), &code);
    return windows ? (code == '\\' ? '/' : tpl__lower(code)) : code;
}

static bool same(const char *a, size_t a_len, const char *b, size_t b_len, bool windows) {
    const char *a_end = a + a_len;
    const char *b_end = b + b_len;
    while (a < a_end && b < b_end) {
        if (next_code(&a, a_end, windows) != next_code(&b, b_end, windows)) {
            return false;
        }
    }
    return a == a_end && b == b_end;
}

/* How many parts of a path a rule's source is, 0 when it is not where the path begins; `left` is
 * then what comes behind them. */
static size_t match(const tpl_mapping_rule *rule, const char *path, rest *left) {
    rest source = {rule->source, rule->source + strlen(rule->source), rule->windows};
    *left = (rest){path, path + strlen(path), rule->windows};
    anchor from = take_anchor(&source);
    anchor at = take_anchor(left);
    if (from.root != at.root || !same(from.text, from.len, at.text, at.len, rule->windows)) {
        return 0;
    }
    size_t parts = from.len > 0 || from.root > 0;
    const char *name;
    const char *own;
    size_t len;
    size_t own_len;
    while (take_name(&source, &name, &len)) {
        if (!take_name(left, &own, &own_len) || !same(name, len, own, own_len, rule->windows)) {
            return 0;
        }
        parts++;
    }
    return parts;
}

/* Joins as pathlib does: without `.` and repeated slashes. */
static tpl_status append_name(tpl_buffer *out, size_t start, const char *name, size_t len) {
    bool bare = out->len == start || out->data[out->len - 1] == '/';
    tpl_status status = tpl_buffer_append(out, "/", !bare);
    return status == TPL_OK ? tpl_buffer_append(out, name, len) : status;
}

static tpl_status append_mapped(tpl_buffer *out, const char *destination, rest left) {
    size_t start = out->len;
    rest d = {destination, destination + strlen(destination), false};
    anchor root = take_anchor(&d);
    const char *name;
    size_t len;
    tpl_status status = tpl_buffer_append(out, "//", (size_t)root.root);
    while (status == TPL_OK && take_name(&d, &name, &len)) {
        status = append_name(out, start, name, len);
    }
    while (status == TPL_OK && take_name(&left, &name, &len)) {
        status = append_name(out, start, name, len);
    }
    if (status == TPL_OK && out->len == start) {
        status = tpl_buffer_append(out, ".", 1);
    }
    out->len = status == TPL_OK ? out->len : start;
    return status;
}

tpl_status tpl_mapping_apply(tpl_buffer *out, bool *mapped, const tpl_mapping *mapping,
                             const char *path, tpl_error *err) {
    size_t most = 0;
    const tpl_mapping_rule *best = NULL;
    rest behind = {NULL, NULL, false};
    *mapped = false;
    for (size_t i = 0; i < mapping->count; i++) {
        const tpl_mapping_rule *rule = &mapping->rules[i];
        rest left;
        if (rule->windows != mapping->rules[0].windows) {
            return tpl__fail(err, TPL_E_ARGUMENT,
                             "path mapping rules have source paths of several formats");
        }
        size_t parts = match(rule, path, &left);
        if (parts > 0 && parts >= most) {
            most = parts;
            best = rule;
            behind = left;
        }
    }
    if (best == NULL) {
        return TPL_OK;
    }
    if (append_mapped(out, best->destination, behind) != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    *mapped = true;
    return TPL_OK;
}

/* Of equal names the last counts, at the place of the first. */
static const tpl_location *find_last(const tpl_profile *profile, const char *name) {
    for (size_t i = profile->location_count; i > 0; i--) {
        if (strcmp(profile->locations[i - 1].name, name) == 0) {
            return &profile->locations[i - 1];
        }
    }
    return NULL;
}

static bool is_first(const tpl_profile *profile, size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (strcmp(profile->locations[i].name, profile->locations[index].name) == 0) {
            return false;
        }
    }
    return true;
}

tpl_status tpl_mapping_between(tpl_buffer *out, const tpl_profile *from, const tpl_profile *to) {
    size_t start = out->len;
    tpl_status status = TPL_OK;
    if (from->id != NULL && to->id != NULL && strcmp(from->id, to->id) == 0) {
        return TPL_OK;
    }
    for (size_t i = 0; i < from->location_count && status == TPL_OK; i++) {
        const char *name = from->locations[i].name;
        const tpl_location *there = find_last(to, name);
        if (there == NULL || !is_first(from, i)) {
            continue;
        }
        tpl_mapping_rule rule = {from->windows, find_last(from, name)->path, there->path};
        status = tpl_buffer_append(out, &rule, sizeof(rule));
    }
    out->len = status == TPL_OK ? out->len : start;
    return status;
}
