/* SPDX-License-Identifier: MIT */
/* The walk: its workers, the links they meet, and what is told at the end. */
#include "walk.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "fail.h"
#include "mem.h"
#include "tpl/text.h"
#include "walk_list.h"
#include "walk_worker.h"

static bool is_loop(const tpl__dir *dir, const tpl__stat *stat) {
    while (dir != NULL && !(dir->dev == stat->dev && dir->ino == stat->ino)) {
        dir = dir->parent;
    }
    return dir != NULL;
}

static void visit(tpl__walk_worker *worker, int at, const char *name, tpl__links links,
                  const tpl__stat *stat) {
    tpl__walk_visit(worker, &(tpl__found){.type = TPL__TYPE_FILE,
                                          .at = at,
                                          .name = name,
                                          .path = worker->path.data,
                                          .path_len = worker->path.len,
                                          .links = links,
                                          .stat = stat});
}

/* A link that is an entry itself. */
static void keep_link(tpl__walk_worker *worker, int fd, const char *name) {
    char *os = NULL;
    tpl_buffer target = TPL_BUFFER_INIT;
    int error = tpl__walk_counts(worker) ? tpl__fs_read_link(&os, fd, name) : 0;
    if (error != 0) {
        tpl__walk_trouble(worker, TPL__FAILED, error == EINVAL ? ENOENT : error);
    } else if (os != NULL && tpl_text_from_os(&target, os, strlen(os)) != TPL_OK) {
        tpl__walk_fail(worker, TPL_E_NOMEM, 0);
    } else if (os != NULL) {
        tpl__walk_visit(worker, &(tpl__found){.type = TPL__TYPE_LINK,
                                              .at = fd,
                                              .name = name,
                                              .path = worker->path.data,
                                              .path_len = worker->path.len,
                                              .target = target.data,
                                              .target_len = target.len});
    }
    tpl_buffer_dispose(&target);
    tpl__free(os);
}

/* What a link leads to, as this walk may see it. `os` gets the path to open it by from the root. */
static int stat_link(tpl__walk_worker *worker, int fd, const char *name, tpl_buffer *os,
                     tpl__stat *stat) {
    if (worker->walk->order->filter->symlinks == TPL_SYMLINKS_FOLLOW) {
        return tpl__fs_stat_at(stat, fd, name, true);
    }
    if (tpl_text_to_os(os, worker->path.data, worker->path.len) != TPL_OK ||
        tpl_buffer_append(os, "", 1) != TPL_OK) {
        return ENOMEM;
    }
    return tpl__fs_stat_beneath(stat, worker->walk->root->fd, os->data);
}

static void visit_link(tpl__walk_worker *worker, tpl__dir *dir, int fd, const char *name) {
    tpl_buffer os = TPL_BUFFER_INIT;
    tpl__stat stat;
    int error = stat_link(worker, fd, name, &os, &stat);
    bool beneath = os.len > 0;
    if (error == ENOENT || error == ENOTDIR || error == ELOOP) {
        if (tpl__walk_counts(worker)) {
            tpl__walk_warn(worker, error == ELOOP ? TPL_WARN_LINK_LOOP : TPL_WARN_DANGLING_LINK, 0);
        }
    } else if (error != 0) {
        if (error != EXDEV) { /* outside is no part of this tree */
            tpl__walk_trouble(worker, TPL__FAILED, error);
        }
    } else if (stat.type == TPL__TYPE_DIRECTORY) {
        if (is_loop(dir, &stat)) {
            tpl__walk_warn(worker, TPL_WARN_LINK_LOOP, 0);
        } else {
            tpl__walk_enter(worker, dir, name, true);
        }
    } else if (tpl__walk_counts(worker)) {
        if (stat.type == TPL__TYPE_OTHER) {
            tpl__walk_warn(worker, TPL_WARN_SPECIAL_FILE, 0);
        } else if (beneath) {
            visit(worker, worker->walk->root->fd, os.data, TPL__LINKS_BENEATH, &stat);
        } else {
            visit(worker, fd, name, TPL__LINKS_FOLLOW, &stat);
        }
    }
    tpl_buffer_dispose(&os);
}

static void visit_names(tpl__walk_worker *worker, const tpl__task *task) {
    int fd = -1;
    int error = tpl__walk_fd(worker, task->dir, &fd);
    if (error == 0) {
        error = tpl__walk_set_dir(worker, task->dir);
    }
    if (error != 0) {
        tpl__walk_trouble(worker, TPL__FAILED, error);
        return;
    }
    const char *record = task->records;
    for (unsigned i = 0; i < task->count && !tpl__pool_stopped(worker->walk->queue.pool); i++) {
        const char *name = record + 1;
        size_t len = strlen(name);
        if (tpl__walk_set_name(worker, name, len) != 0) {
            tpl__walk_fail(worker, TPL_E_NOMEM, 0); /* GCOVR_EXCL_LINE: room is there already */
        } else if (record[0] == TPL__TYPE_LINK &&
                   worker->walk->order->filter->symlinks == TPL_SYMLINKS_KEEP) {
            keep_link(worker, fd, name);
        } else if (record[0] == TPL__TYPE_LINK) {
            visit_link(worker, task->dir, fd, name);
        } else {
            visit(worker, fd, name, TPL__LINKS_NOFOLLOW, NULL);
        }
        record = name + len + 1;
    }
}

static void worker_body(unsigned number, void *arg) {
    tpl__walk_worker *worker = (tpl__walk_worker *)arg + number;
    worker->listing = tpl__alloc(TPL__LISTING_SIZE);
    if (worker->listing == NULL) {
        tpl__walk_fail(worker, TPL_E_NOMEM, 0);
        return;
    }
    tpl__task task;
    while (tpl__walk_queue_take(&worker->walk->queue, &task)) {
        if (task.batch == NULL) {
            tpl__walk_list(worker, task.dir);
        } else {
            do {
                visit_names(worker, &task);
            } while (tpl__walk_queue_more(&worker->walk->queue, &task));
        }
        worker->path_dir = NULL; /* it may go now, and its address be another directory's */
        tpl__walk_queue_done(&worker->walk->queue, &task);
    }
    tpl__walk_let_go(worker);
    tpl__free(worker->listing);
    tpl_buffer_dispose(&worker->listed);
    tpl_buffer_dispose(&worker->records);
    tpl_buffer_dispose(&worker->path);
}

static tpl_status warn_of_patterns(tpl__walk_state *walk, tpl__notes *notes) {
    const tpl_filter *filter = walk->order->filter;
    tpl_status status = TPL_OK;
    for (size_t i = 0; status == TPL_OK && i < filter->include.count + filter->exclude.count; i++) {
        const char *pattern = i < filter->include.count
                                  ? filter->include.items[i]
                                  : filter->exclude.items[i - filter->include.count];
        tpl_buffer text = TPL_BUFFER_INIT;
        if (atomic_load(&walk->pattern_is_dir[i])) {
            status = tpl_text_from_os(&text, pattern, strlen(pattern));
            if (status == TPL_OK) {
                status =
                    tpl__notes_add(notes, TPL_WARN_PATTERN_IS_DIRECTORY, text.data, text.len, 0);
            }
        }
        tpl_buffer_dispose(&text);
    }
    return status;
}

static tpl_status open_root(tpl__walk_state *walk, tpl_error *err) {
    const char *name = walk->order->root;
    int fd = -1;
    int error = tpl__fs_open_dir(&fd, TPL__FS_CWD, name, TPL__LINKS_FOLLOW);
    if (error != 0) {
        return tpl__fail_os(err, error, name);
    }
    tpl__stat stat;
    error = tpl__fs_stat(&stat, fd);
    walk->root = error == 0 ? tpl__dir_new(NULL, "", 0, false) : NULL;
    if (walk->root == NULL) {
        tpl__fs_close(fd);
        return tpl__fail_os(err, error == 0 ? ENOMEM : error, name);
    }
    walk->root->fd = fd;
    walk->root->dev = stat.dev;
    walk->root->ino = stat.ino;
    atomic_fetch_add(&walk->queue.open_dirs, 1);
    return TPL_OK;
}

/* The order of release: workers have ended, so nobody holds a directory but the queue and us. */
static void dispose(tpl__walk_state *walk) {
    tpl__walk_queue_dispose(&walk->queue);
    if (walk->root != NULL) {
        tpl__dir_release(walk->root, &walk->queue.open_dirs);
    }
    tpl__glob_free(walk->glob);
    tpl__free(walk->pattern_is_dir);
    tpl_error_dispose(&walk->error);
}

static tpl_status run_workers(tpl__walk_state *walk, tpl__walk_worker *workers, tpl_error *err) {
    const tpl__walk_order *order = walk->order;
    atomic_fetch_add(&walk->root->refs, 1);
    tpl__walk_queue_push_dir(&walk->queue, walk->root);
    tpl_status status =
        tpl__pool_run_small(order->pool, order->workers, worker_body, workers, order->run, err);
    if (status == TPL_OK && atomic_load(&walk->failed)) {
        tpl_error *cause = &walk->error;
        status = cause->status;
        if (err != NULL) {
            tpl_error_dispose(err);
            *err = *cause;
            *cause = (tpl_error)TPL_ERROR_INIT;
        }
    }
    return status;
}

/* One list of all workers' warnings, told at the end. */
static tpl_status tell(tpl__walk_state *walk, tpl__walk_worker *workers, tpl_error *err) {
    tpl__notes *all = &workers[0].notes;
    tpl_status status = TPL_OK;
    for (unsigned i = 1; status == TPL_OK && i < walk->order->workers; i++) {
        status = tpl__notes_adopt(all, &workers[i].notes);
    }
    if (status == TPL_OK && walk->pattern_is_dir != NULL) {
        status = warn_of_patterns(walk, all);
    }
    if (status != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    tpl__notes_tell(all, walk->order->run);
    return TPL_OK;
}

/* What the walk needs before its workers start. */
static tpl_status prepare(tpl__walk_state *walk, tpl__walk_worker *workers, tpl_error *err) {
    const tpl_filter *filter = walk->order->filter;
    size_t patterns = filter->include.count + filter->exclude.count;
    for (unsigned i = 0; i < walk->order->workers; i++) {
        workers[i] = (tpl__walk_worker){.walk = walk, .number = i, .notes = TPL__NOTES_INIT};
    }
    if (patterns > 0) {
        walk->pattern_is_dir = tpl__alloc_array(patterns, sizeof(*walk->pattern_is_dir));
        if (walk->pattern_is_dir == NULL) {
            return tpl__fail_nomem(err);
        }
    }
    tpl_status status = tpl__glob_new(&walk->glob, filter, err);
    return status != TPL_OK ? status : open_root(walk, err);
}

/* What the workers' own files leave for directories on the way; the root is one. */
static unsigned directories_budget(unsigned workers) {
    unsigned all = tpl__fs_open_budget();
    unsigned own = workers * TPL__FDS_PER_WORKER;
    return all > own ? all - own : 1;
}

tpl_status tpl__walk(const tpl__walk_order *order, tpl_error *err) {
    tpl__walk_worker *workers = tpl__alloc_array(order->workers, sizeof(*workers));
    if (workers == NULL) {
        return tpl__fail_nomem(err);
    }
    tpl__walk_state walk = {.order = order, .open_budget = directories_budget(order->workers)};
    atomic_init(&walk.failed, false);
    tpl__walk_queue_init(&walk.queue, order->pool, order->workers, order->brief);
    tpl_status status = prepare(&walk, workers, err);
    status = status != TPL_OK ? status : run_workers(&walk, workers, err);
    status = status != TPL_OK ? status : tell(&walk, workers, err);
    for (unsigned i = 0; i < order->workers; i++) {
        tpl__notes_dispose(&workers[i].notes);
    }
    dispose(&walk);
    tpl__free(workers);
    return status;
}
