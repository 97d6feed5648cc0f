/* SPDX-License-Identifier: MIT */
/* Follows a path below a directory, link by link. */
#include "fs_beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "fs.h"
#include "mem.h"
#include "tpl/buffer.h"

enum {
    MOST_LINKS = 40 /* as the kernel */
};

typedef struct descent {
    int root;
    int dir;           /* `root`, or one of ours below it */
    tpl_buffer walked; /* from root to dir: component, NUL, component, NUL; no link and no `..` */
    tpl_buffer rest;   /* the path still to go, NUL-terminated */
    size_t next;       /* where in it */
    int links;
} descent;

static int open_one(int *fd, int at, const char *name, int flags) {
    do {
        *fd = openat(at, name, flags | O_NOFOLLOW | O_CLOEXEC);
    } while (*fd < 0 && errno == EINTR);
    return *fd < 0 ? errno : 0;
}

static void leave(descent *way) {
    if (way->dir != way->root) {
        tpl__fs_close(way->dir);
        way->dir = way->root;
    }
}

static int enter(descent *way, const char *name) {
    int fd = -1;
    int error = open_one(&fd, way->dir, name, O_PATH | O_DIRECTORY);
    if (error == 0) {
        leave(way);
        way->dir = fd;
    }
    return error;
}

static int enter_new(descent *way, const char *name) {
    size_t end = way->walked.len;
    tpl_status noted = tpl_buffer_append(&way->walked, name, strlen(name) + 1);
    int error = noted == TPL_OK ? enter(way, name) : ENOMEM;
    if (error != 0) {
        way->walked.len = end;
    }
    return error;
}

/* For `..`: from the root again, since a directory's own `..` may lead elsewhere by now. */
static int climb(descent *way) {
    size_t end = way->walked.len;
    if (end == 0) {
        return EXDEV;
    }
    for (end--; end > 0 && way->walked.data[end - 1] != '\0'; end--) {
    }
    way->walked.len = end;
    leave(way);
    int error = 0;
    for (size_t at = 0; at < end && error == 0; at += strlen(way->walked.data + at) + 1) {
        error = enter(way, way->walked.data + at);
    }
    return error;
}

/* Puts a link's text in the place of its name: EINVAL when that is none. */
static int follow(descent *way, const char *name, bool last) {
    char *target = NULL;
    int error = tpl__fs_read_link(&target, way->dir, name);
    if (error != 0) {
        return error;
    }
    tpl_buffer rest = TPL_BUFFER_INIT;
    if (target[0] == '/' || ++way->links > MOST_LINKS) {
        error = target[0] == '/' ? EXDEV : ELOOP;
    } else if (tpl_buffer_append(&rest, target, strlen(target)) != TPL_OK ||
               (!last && tpl_buffer_append(&rest, "/", 1) != TPL_OK) ||
               tpl_buffer_append(&rest, way->rest.data + way->next, way->rest.len - way->next) !=
                   TPL_OK) {
        error = ENOMEM;
    }
    tpl__free(target);
    if (error != 0) {
        tpl_buffer_dispose(&rest);
        return error;
    }
    tpl_buffer_dispose(&way->rest);
    way->rest = rest;
    way->next = 0;
    return 0;
}

/* One component further. *fd stays -1 until it was the last. */
static int step(descent *way, int *fd, int flags) {
    char *part = way->rest.data + way->next;
    size_t len = strcspn(part, "/");
    bool last = part[len] == '\0';
    way->next += last ? len : len + 1;
    part[len] = '\0';
    if (strcmp(part, "..") == 0) {
        int error = climb(way);
        return error == 0 && last ? open_one(fd, way->dir, ".", flags) : error;
    }
    if (len == 0 || strcmp(part, ".") == 0) { /* nothing between two slashes, or behind the last */
        return last ? open_one(fd, way->dir, ".", flags) : 0;
    }
    int error = follow(way, part, last);
    if (error != EINVAL) {
        return error;
    }
    return last ? open_one(fd, way->dir, part, flags) : enter_new(way, part);
}

int tpl__fs_open_beneath(int *fd, int at, const char *name, int flags) {
    descent way = {at, at, TPL_BUFFER_INIT, TPL_BUFFER_INIT, 0, 0};
    *fd = -1;
    if (name[0] == '\0' || name[0] == '/') {
        return name[0] == '/' ? EXDEV : ENOENT;
    }
    int error = tpl_buffer_append(&way.rest, name, strlen(name) + 1) == TPL_OK ? 0 : ENOMEM;
    while (error == 0 && *fd < 0) {
        error = step(&way, fd, flags);
    }
    leave(&way);
    tpl_buffer_dispose(&way.walked);
    tpl_buffer_dispose(&way.rest);
    return error;
}
