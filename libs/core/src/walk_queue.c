/* SPDX-License-Identifier: MIT */
/* Directories before names, so that totals are soon known, unless the names waiting grow too many.
 */
#include "walk_queue.h"

#include <errno.h>
#include <string.h>

#include "mem.h"
#include "tpl/text.h"

enum {
    MOST_WAITING_NAMES = 1 << 18,
    MOST_BRIEF_NAMES = 1 << 12, /* what the kernel keeps of open directories stays in its caches */
    MOST_AT_A_TIME = 16,
    FEW_AT_A_TIME = 8,
    STOP_POLL_MS = 20
};

tpl__dir *tpl__dir_new(tpl__dir *parent, const char *name, size_t len, bool link) {
    tpl_buffer text = TPL_BUFFER_INIT;
    if (tpl_text_from_os(&text, name, len) != TPL_OK) {
        tpl_buffer_dispose(&text);
        return NULL;
    }
    bool same = text.len == len;
    tpl__dir *dir = tpl__alloc(sizeof(*dir) + len + 1 + (same ? 0 : text.len));
    if (dir != NULL) {
        memset(dir, 0, sizeof(*dir));
        memcpy(dir->storage, name, len);
        dir->storage[len] = '\0';
        dir->name = dir->storage;
        dir->text = dir->storage;
        dir->text_len = text.len;
        if (!same) {
            dir->text = memcpy(dir->storage + len + 1, text.data, text.len);
        }
        dir->parent = parent;
        dir->fd = -1;
        dir->link = link;
        atomic_init(&dir->refs, 1);
        if (parent != NULL) {
            atomic_fetch_add(&parent->refs, 1);
        }
    }
    tpl_buffer_dispose(&text);
    return dir;
}

void tpl__dir_release(tpl__dir *dir, atomic_uint *open_dirs) {
    while (dir != NULL && atomic_fetch_sub(&dir->refs, 1) == 1) {
        tpl__dir *parent = dir->parent;
        if (dir->fd >= 0) {
            tpl__fs_close(dir->fd);
            atomic_fetch_sub(open_dirs, 1);
        }
        tpl__free(dir);
        dir = parent;
    }
}

void tpl__walk_queue_init(tpl__walk_queue *queue, tpl__pool *pool, unsigned workers, bool brief) {
    memset(queue, 0, sizeof(*queue));
    queue->pool = pool;
    queue->workers = workers;
    queue->most = brief ? MOST_BRIEF_NAMES : MOST_WAITING_NAMES;
    atomic_init(&queue->open_dirs, 0);
    tpl__mutex_init(&queue->lock);
    tpl__cond_init(&queue->changed);
}

static void batch_free(tpl__walk_queue *queue, tpl__batch *batch) {
    tpl__dir_release(batch->dir, &queue->open_dirs);
    tpl__free(batch);
}

void tpl__walk_queue_dispose(tpl__walk_queue *queue) {
    while (queue->batches != NULL) {
        tpl__batch *batch = queue->batches;
        queue->batches = batch->next;
        batch_free(queue, batch);
    }
    while (queue->dirs != NULL) {
        tpl__dir *dir = queue->dirs;
        queue->dirs = dir->next;
        tpl__dir_release(dir, &queue->open_dirs);
    }
    tpl__cond_dispose(&queue->changed);
    tpl__mutex_dispose(&queue->lock);
}

void tpl__walk_queue_push_dir(tpl__walk_queue *queue, tpl__dir *dir) {
    tpl__mutex_lock(&queue->lock);
    dir->next = queue->dirs;
    queue->dirs = dir;
    queue->pending++;
    queue->unlisted++;
    atomic_store(&queue->pool->total_known, false);
    tpl__cond_signal(&queue->changed);
    tpl__mutex_unlock(&queue->lock);
}

int tpl__walk_queue_push_names(tpl__walk_queue *queue, tpl__dir *dir, const char *records,
                               size_t size, unsigned count) {
    tpl__batch *batch = tpl__alloc(sizeof(*batch) + size);
    if (batch == NULL) {
        return ENOMEM;
    }
    memcpy(batch->records, records, size);
    atomic_fetch_add(&dir->refs, 1);
    batch->dir = dir;
    batch->rest = batch->records;
    batch->left = count;
    batch->users = 0;
    tpl__mutex_lock(&queue->lock);
    batch->previous = NULL;
    batch->next = queue->batches;
    if (batch->next != NULL) {
        batch->next->previous = batch;
    }
    queue->batches = batch;
    queue->batch_count++;
    queue->names += count;
    queue->pending++;
    atomic_fetch_add(&queue->pool->files_total, count);
    tpl__cond_broadcast(&queue->changed);
    tpl__mutex_unlock(&queue->lock);
    return 0;
}

/* Many at a time while there is plenty, single ones towards the end, where one may be a huge file.
 */
static unsigned share(const tpl__walk_queue *queue, const tpl__batch *batch) {
    unsigned count = MOST_AT_A_TIME;
    if (queue->batch_count < queue->workers) {
        count = batch->left / (2 * queue->workers);
        count = count > FEW_AT_A_TIME ? FEW_AT_A_TIME : count == 0 ? 1 : count;
    }
    return count < batch->left ? count : batch->left;
}

static void unlink_batch(tpl__walk_queue *queue, tpl__batch *batch) {
    if (batch->previous == NULL) {
        queue->batches = batch->next;
    } else {
        batch->previous->next = batch->next;
    }
    if (batch->next != NULL) {
        batch->next->previous = batch->previous;
    }
    queue->batch_count--;
}

static void take_names(tpl__walk_queue *queue, tpl__batch *batch, tpl__task *task) {
    *task = (tpl__task){batch->dir, batch, batch->rest, share(queue, batch)};
    for (unsigned i = 0; i < task->count; i++) {
        batch->rest += 1 + strlen(batch->rest + 1) + 1;
    }
    batch->left -= task->count;
    queue->names -= task->count;
    if (batch->left == 0) {
        unlink_batch(queue, batch);
    }
}

/* The newest that nobody works at, if it is soon found: two in one directory share its descriptor,
 * which costs both of them. */
static tpl__batch *choose_batch(const tpl__walk_queue *queue) {
    tpl__batch *batch = queue->batches;
    for (unsigned i = 0; i < queue->workers && batch != NULL && batch->users > 0; i++) {
        batch = batch->next;
    }
    return batch == NULL ? queue->batches : batch;
}

static bool names_come_first(tpl__walk_queue *queue) {
    if (queue->names > queue->most) {
        queue->full = true;
    } else if (queue->names < queue->most / 2) {
        queue->full = false;
    }
    return queue->dirs == NULL || (queue->full && queue->batches != NULL);
}

bool tpl__walk_queue_take(tpl__walk_queue *queue, tpl__task *task) {
    bool found = false;
    tpl__mutex_lock(&queue->lock);
    while (!found && queue->pending > 0 && !tpl__pool_stopped(queue->pool) &&
           !tpl__pool_leaves(queue->pool)) {
        if (!names_come_first(queue)) {
            *task = (tpl__task){queue->dirs, NULL, NULL, 0};
            queue->dirs = task->dir->next;
            found = true;
        } else if (queue->batches != NULL) {
            take_names(queue, choose_batch(queue), task);
            task->batch->users++;
            found = true;
        } else {
            tpl__cond_wait_ms(&queue->changed, &queue->lock, STOP_POLL_MS);
        }
    }
    tpl__mutex_unlock(&queue->lock);
    return found;
}

bool tpl__walk_queue_more(tpl__walk_queue *queue, tpl__task *task) {
    tpl__batch *batch = task->batch;
    tpl__mutex_lock(&queue->lock);
    bool more = batch->left > 0 && names_come_first(queue) && !tpl__pool_stopped(queue->pool) &&
                !tpl__pool_leaves(queue->pool);
    if (more) {
        take_names(queue, batch, task);
    }
    tpl__mutex_unlock(&queue->lock);
    return more;
}

void tpl__walk_queue_done(tpl__walk_queue *queue, tpl__task *task) {
    tpl__batch *spent = NULL;
    tpl__mutex_lock(&queue->lock);
    if (task->batch == NULL) {
        queue->pending--;
        if (--queue->unlisted == 0) {
            atomic_store(&queue->pool->total_known, true);
        }
    } else if (--task->batch->users == 0 && task->batch->left == 0) {
        queue->pending--;
        spent = task->batch;
    }
    if (queue->pending == 0) {
        tpl__cond_broadcast(&queue->changed);
    }
    tpl__mutex_unlock(&queue->lock);
    if (spent != NULL) {
        batch_free(queue, spent);
    } else if (task->batch == NULL) {
        tpl__dir_release(task->dir, &queue->open_dirs);
    }
}
