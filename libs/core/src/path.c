/* SPDX-License-Identifier: MIT */
/* Absolute paths: from what was typed, and through symbolic links. */
#include "path.h"

#include <errno.h>
#include <string.h>

#include "fs.h"
#include "mem.h"

enum {
    MOST_LINKS = 40 /* on the way, as the kernel has it; then they stay as they are */
};

/* The next component from `*at` on, which is moved behind it; false at the end. */
static bool next_name(const char *text, size_t len, size_t *at, const char **name, size_t *size) {
    while (*at < len && text[*at] == '/') {
        ++*at;
    }
    *name = text + *at;
    size_t start = *at;
    while (*at < len && text[*at] != '/') {
        ++*at;
    }
    *size = *at - start;
    return *size > 0;
}

static void pop(tpl_buffer *out, size_t start) {
    do {
        out->len -= out->len > start;
    } while (out->len > start && out->data[out->len] != '/');
}

/* Goes one component further from a path that begins at `start`; true when there is a new name. */
static bool push(tpl_buffer *out, size_t start, const char *name, size_t size, tpl_status *status) {
    if (size == 0 || (size == 1 && name[0] == '.')) {
        return false;
    }
    if (size == 2 && name[0] == '.' && name[1] == '.') {
        pop(out, start);
        return false;
    }
    *status = tpl_buffer_reserve(out, size + 2);
    if (*status != TPL_OK) {
        return false;
    }
    out->data[out->len++] = '/';
    memcpy(out->data + out->len, name, size);
    out->len += size;
    out->data[out->len] = '\0';
    return true;
}

static tpl_status push_all(tpl_buffer *out, size_t start, const char *path) {
    tpl_status status = TPL_OK;
    size_t at = 0;
    size_t len = strlen(path);
    const char *name;
    size_t size;
    while (status == TPL_OK && next_name(path, len, &at, &name, &size)) {
        (void)push(out, start, name, size, &status);
    }
    return status;
}

/* The root has its slash, every path its NUL. */
static tpl_status finish(tpl_buffer *out, size_t start, tpl_status status) {
    if (status == TPL_OK && out->len == start) {
        status = tpl_buffer_append(out, "/", 1);
    }
    if (status == TPL_OK) {
        status = tpl_buffer_append(out, "", 1);
    }
    out->len = status == TPL_OK ? out->len - 1 : start;
    return status;
}

tpl_status tpl__path_absolute(tpl_buffer *out, const char *cwd, const char *path) {
    size_t start = out->len;
    tpl_status status = path[0] == '/' ? TPL_OK : push_all(out, start, cwd);
    status = status == TPL_OK ? push_all(out, start, path) : status;
    return finish(out, start, status);
}

/* Replaces the last name by the link that it is, what is left behind it coming after the target. */
static tpl_status follow(tpl_buffer *out, size_t start, tpl_buffer *rest, size_t *at,
                         const char *target) {
    tpl_buffer next = TPL_BUFFER_INIT;
    tpl_status status = tpl_buffer_append(&next, target, strlen(target));
    status = status == TPL_OK ? tpl_buffer_append(&next, "/", 1) : status;
    status =
        status == TPL_OK ? tpl_buffer_append(&next, rest->data + *at, rest->len - *at) : status;
    if (status != TPL_OK) {
        tpl_buffer_dispose(&next);
        return status;
    }
    if (target[0] == '/') {
        out->len = start;
    } else {
        pop(out, start);
    }
    tpl_buffer_dispose(rest);
    *rest = next;
    *at = 0;
    return TPL_OK;
}

bool tpl__path_is_no_link(int sys_errno) {
    switch (sys_errno) {
    case EINVAL:
    case ENOENT:
    case ENOTDIR:
    case EACCES:
    case ELOOP:
    case ENAMETOOLONG:
        return true;
    default:
        return false;
    }
}

/* One component further, through the link that it may be. */
static int step(tpl_buffer *out, size_t start, tpl_buffer *rest, size_t *at, int *links) {
    const char *name;
    size_t size;
    tpl_status status = TPL_OK;
    (void)next_name(rest->data, rest->len, at, &name, &size);
    if (!push(out, start, name, size, &status) || *links == MOST_LINKS) {
        return status == TPL_OK ? 0 : ENOMEM;
    }
    char *target = NULL;
    int error = tpl__fs_read_link(&target, TPL__FS_CWD, out->data + start);
    if (error != 0) {
        return tpl__path_is_no_link(error) ? 0 : error;
    }
    ++*links;
    status = follow(out, start, rest, at, target);
    tpl__free(target);
    return status == TPL_OK ? 0 : ENOMEM;
}

int tpl__path_resolve(tpl_buffer *out, const char *cwd, const char *path) {
    size_t start = out->len;
    tpl_buffer rest = TPL_BUFFER_INIT;
    tpl_status status = TPL_OK;
    if (path[0] != '/') {
        status = tpl_buffer_append(&rest, cwd, strlen(cwd));
        status = status == TPL_OK ? tpl_buffer_append(&rest, "/", 1) : status;
    }
    status = status == TPL_OK ? tpl_buffer_append(&rest, path, strlen(path)) : status;
    int error = status == TPL_OK ? 0 : ENOMEM;
    int links = 0;
    for (size_t at = 0; error == 0 && at < rest.len;) {
        error = step(out, start, &rest, &at, &links);
    }
    tpl_buffer_dispose(&rest);
    status = finish(out, start, error == 0 ? TPL_OK : TPL_E_NOMEM);
    return error == 0 && status != TPL_OK ? ENOMEM : error;
}

bool tpl__path_is_below(const char *path, size_t len, const char *base, size_t base_len) {
    if (base_len == 1) {
        return true;
    }
    return len >= base_len && memcmp(path, base, base_len) == 0 &&
           (len == base_len || path[base_len] == '/');
}

static int rank(char c) {
    return c == '/' ? 0 : (unsigned char)c;
}

int tpl__path_compare(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t shorter = a_len < b_len ? a_len : b_len;
    size_t i = 0;
    while (i < shorter && a[i] == b[i]) {
        i++;
    }
    if (i == shorter) {
        return (a_len > b_len) - (a_len < b_len);
    }
    return rank(a[i]) - rank(b[i]);
}

size_t tpl__path_common(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t shorter = a_len < b_len ? a_len : b_len;
    size_t common = 0;
    size_t i = 0;
    while (i < shorter && a[i] == b[i]) {
        if (a[i] == '/') {
            common = i;
        }
        i++;
    }
    bool whole = i == shorter && (i == a_len || a[i] == '/') && (i == b_len || b[i] == '/');
    common = whole ? i : common;
    return common == 0 ? 1 : common;
}
