/* SPDX-License-Identifier: MIT */
/* A walk's paths, descriptors and troubles: what listing and visiting both need. */
#include "walk_worker.h"

#include <errno.h>
#include <string.h>

#include "fail.h"
#include "tpl/text.h"

int tpl__walk_set_dir(tpl__walk_worker *worker, tpl__dir *dir) {
    if (worker->path_dir == dir) {
        worker->path.len = worker->prefix_len;
        return 0;
    }
    size_t len = 0;
    for (const tpl__dir *d = dir; d->parent != NULL; d = d->parent) {
        len += d->text_len + 1;
    }
    worker->path.len = 0;
    worker->path_dir = NULL;
    if (tpl_buffer_reserve(&worker->path, len + 1) != TPL_OK) {
        return ENOMEM;
    }
    char *end = worker->path.data + len;
    for (const tpl__dir *d = dir; d->parent != NULL; d = d->parent) {
        *--end = '/';
        end -= d->text_len;
        memcpy(end, d->text, d->text_len);
    }
    worker->path.len = len;
    worker->prefix_len = len;
    worker->path_dir = dir;
    return 0;
}

int tpl__walk_set_name(tpl__walk_worker *worker, const char *name, size_t len) {
    worker->path.len = worker->prefix_len;
    return tpl_text_from_os(&worker->path, name, len) == TPL_OK ? 0 : ENOMEM;
}

void tpl__walk_let_go(tpl__walk_worker *worker) {
    if (worker->kept != NULL) {
        tpl__fs_close(worker->kept_fd);
        tpl__dir_release(worker->kept, &worker->walk->queue.open_dirs);
        worker->kept = NULL;
    }
}

static void keep(tpl__walk_worker *worker, tpl__dir *dir, int fd) {
    atomic_fetch_add(&dir->refs, 1);
    tpl__walk_let_go(worker);
    worker->kept = dir;
    worker->kept_fd = fd;
}

static bool open_here(const tpl__walk_worker *worker, const tpl__dir *dir, int *fd) {
    *fd = worker->kept == dir ? worker->kept_fd : dir->fd;
    return *fd >= 0;
}

static tpl__links links_of(const tpl__dir *dir) {
    return dir->link ? TPL__LINKS_FOLLOW : TPL__LINKS_NOFOLLOW;
}

/* A link may have to stay inside the tree, which only the root's descriptor can judge. */
static int open_link_beneath(tpl__walk_worker *worker, const tpl__dir *dir, int *fd) {
    tpl_buffer os = TPL_BUFFER_INIT;
    int error = ENOMEM;
    if (tpl__walk_set_dir(worker, dir->parent) == 0 &&
        tpl__walk_set_name(worker, dir->name, strlen(dir->name)) == 0 &&
        tpl_text_to_os(&os, worker->path.data, worker->path.len) == TPL_OK &&
        tpl_buffer_append(&os, "", 1) == TPL_OK) {
        error = tpl__fs_open_dir(fd, worker->walk->root->fd, os.data, TPL__LINKS_BENEATH);
    }
    tpl_buffer_dispose(&os);
    return error;
}

static int open_in(tpl__walk_worker *worker, int parent, const tpl__dir *dir, int *fd) {
    bool beneath = worker->walk->order->filter->symlinks == TPL_SYMLINKS_BENEATH;
    if (dir->link && beneath) {
        return open_link_beneath(worker, dir, fd);
    }
    return tpl__fs_open_dir(fd, parent, dir->name, links_of(dir));
}

/* Component by component from the nearest ancestor that is open. */
int tpl__walk_fd(tpl__walk_worker *worker, tpl__dir *dir, int *fd) {
    if (open_here(worker, dir, fd)) {
        return 0;
    }
    tpl_buffer chain = TPL_BUFFER_INIT; /* of tpl__dir pointers, the deepest first */
    int at = -1;
    int error = 0;
    for (tpl__dir *d = dir; error == 0 && !open_here(worker, d, &at); d = d->parent) {
        error = tpl_buffer_append(&chain, &d, sizeof(d)) == TPL_OK ? 0 : ENOMEM;
    }
    int opened = -1;
    for (size_t left = chain.len / sizeof(dir); error == 0 && left > 0; left--) {
        int next = -1;
        const tpl__dir *step = ((tpl__dir **)(void *)chain.data)[left - 1];
        error = open_in(worker, at, step, &next);
        tpl__fs_close(opened);
        at = opened = next;
    }
    tpl_buffer_dispose(&chain);
    if (error == 0) {
        keep(worker, dir, opened);
        *fd = opened;
    }
    return error;
}

int tpl__walk_open(tpl__walk_worker *worker, tpl__dir *dir, int *fd, tpl__stat *stat) {
    if (dir->parent == NULL) {
        *fd = dir->fd;
        return tpl__fs_stat(stat, dir->fd);
    }
    int parent = -1;
    int error = tpl__walk_fd(worker, dir->parent, &parent);
    if (error == 0) {
        error = open_in(worker, parent, dir, fd);
    }
    if (error != 0) {
        return error;
    }
    error = tpl__fs_stat(stat, *fd);
    if (error != 0) {
        tpl__fs_close(*fd);
        return error;
    }
    dir->dev = stat->dev;
    dir->ino = stat->ino;
    if (atomic_fetch_add(&worker->walk->queue.open_dirs, 1) < worker->walk->open_budget) {
        dir->fd = *fd;
    } else {
        atomic_fetch_sub(&worker->walk->queue.open_dirs, 1);
        keep(worker, dir, *fd);
    }
    return 0;
}

/* The error's path is the root as it was given and the path below it. */
static void set_error(tpl__walk_worker *worker, tpl_status status, int sys_errno) {
    tpl_error *err = &worker->walk->error;
    const char *root = worker->walk->order->root;
    char text[TPL_ERROR_MESSAGE_SIZE];
    const char *why = tpl_status_text(status);
    if (status == TPL_E_IO) {
        why = sys_errno == ENOENT ? "vanished while the tree was read"
                                  : tpl_errno_text(sys_errno, text, sizeof(text));
    }
    tpl_buffer path = TPL_BUFFER_INIT;
    if (tpl_text_from_os(&path, root, strlen(root)) == TPL_OK &&
        (root[0] == '\0' || root[strlen(root) - 1] == '/' ||
         tpl_buffer_append(&path, "/", 1) == TPL_OK) &&
        tpl_buffer_append(&path, worker->path.data, worker->path.len) == TPL_OK) {
        bool slash = path.len > 1 && path.data[path.len - 1] == '/';
        tpl__fail_text(err, status, path.data, path.len - slash, "%s", why);
    } else {
        tpl__fail(err, status, "%s", why);
    }
    err->sys_errno = sys_errno;
    tpl_buffer_dispose(&path);
}

void tpl__walk_fail(tpl__walk_worker *worker, tpl_status status, int sys_errno) {
    tpl__walk_state *walk = worker->walk;
    if (!atomic_exchange(&walk->failed, true)) {
        if (status == TPL_E_NOMEM || sys_errno == ENOMEM) {
            tpl__fail_nomem(&walk->error);
        } else {
            set_error(worker, status, sys_errno);
        }
    }
    atomic_store(&walk->queue.pool->stop, true);
}

void tpl__walk_warn(tpl__walk_worker *worker, tpl_warning_kind kind, int sys_errno) {
    if (tpl__notes_add(&worker->notes, kind, worker->path.data, worker->path.len, sys_errno) !=
        TPL_OK) {
        tpl__walk_fail(worker, TPL_E_NOMEM, 0);
    }
}

void tpl__walk_trouble(tpl__walk_worker *worker, tpl__outcome outcome, int sys_errno) {
    bool go_on = worker->walk->order->filter->skip_unreadable && !tpl__fs_is_starved(sys_errno);
    if (outcome == TPL__NOT_FILE) {
        tpl__walk_warn(worker, TPL_WARN_SPECIAL_FILE, 0);
    } else if (outcome == TPL__OUTSIDE) {
        tpl__walk_warn(worker, TPL_WARN_LINK_OUTSIDE, 0);
    } else if (outcome == TPL__CHANGED) {
        if (go_on) {
            tpl__walk_warn(worker, TPL_WARN_CHANGED, 0);
        } else {
            tpl__walk_fail(worker, TPL_E_CHANGED, 0);
        }
    } else if (go_on) {
        tpl__walk_warn(worker, TPL_WARN_UNREADABLE, sys_errno);
    } else {
        tpl__walk_fail(worker, TPL_E_IO, sys_errno);
    }
}

void tpl__walk_visit(tpl__walk_worker *worker, const tpl__found *found) {
    const tpl__walk_order *order = worker->walk->order;
    int sys_errno = 0;
    tpl__outcome outcome = order->visit(worker->number, found, &sys_errno, order->payload);
    if (outcome == TPL__STOPPED) {
        atomic_store(&order->pool->stop, true);
    } else if (outcome != TPL__DONE) {
        tpl__walk_trouble(worker, outcome, sys_errno);
    }
}
