/* SPDX-License-Identifier: MIT */
/* Lists directories and judges names.
 *
 * A file that is replaced, or merely renamed to its own name's place, while its directory is listed
 * can be missing from the listing: its new entry may be behind the point that was reached. So a
 * directory that changed meanwhile is listed again, for names that are new, until none is. */
#include "walk_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_LISTINGS = 8
};

bool tpl__walk_counts(tpl__walk_worker *worker) {
    const tpl__glob *glob = worker->walk->glob;
    return tpl__glob_is_all(glob) || tpl__glob_file(glob, worker->path.data, worker->path.len);
}

void tpl__walk_enter(tpl__walk_worker *worker, tpl__dir *parent, const char *name, bool link) {
    tpl__walk_state *walk = worker->walk;
    if (walk->pattern_is_dir != NULL) {
        size_t pattern = tpl__glob_names_directory(walk->glob, worker->path.data, worker->path.len);
        if (pattern != SIZE_MAX) {
            atomic_store(&walk->pattern_is_dir[pattern], true);
        }
    }
    if (walk->order->directories && tpl__walk_counts(worker)) {
        tpl__walk_visit(worker, &(tpl__found){.type = TPL__TYPE_DIRECTORY,
                                              .at = -1,
                                              .name = name,
                                              .path = worker->path.data,
                                              .path_len = worker->path.len});
    }
    if (!tpl__glob_enter(walk->glob, worker->path.data, worker->path.len)) {
        return;
    }
    tpl__dir *dir = tpl__dir_new(parent, name, strlen(name), link);
    if (dir == NULL) {
        tpl__walk_fail(worker, TPL_E_NOMEM, 0);
        return;
    }
    tpl__walk_queue_push_dir(&walk->queue, dir);
}

static void add_record(tpl__walk_worker *worker, tpl__file_type type, const tpl__dirent *entry) {
    tpl_buffer *records = &worker->records;
    size_t len = entry->name_len + 2; /* the type before it, a NUL behind it */
    if (tpl_buffer_reserve(records, len) != TPL_OK) {
        tpl__walk_fail(worker, TPL_E_NOMEM, 0);
        return;
    }
    records->data[records->len] = (char)type;
    memcpy(records->data + records->len + 1, entry->name, entry->name_len + 1);
    records->len += len;
    worker->record_count++;
}

static void judge(tpl__walk_worker *worker, tpl__dir *dir, int fd, const tpl__dirent *entry) {
    if (entry->type == TPL__TYPE_FILE && tpl__glob_is_all(worker->walk->glob)) {
        add_record(worker, entry->type, entry); /* nobody asks for its path yet */
        return;
    }
    if (tpl__walk_set_name(worker, entry->name, entry->name_len) != 0) {
        tpl__walk_fail(worker, TPL_E_NOMEM, 0);
        return;
    }
    tpl__file_type type = entry->type;
    if (type == TPL__TYPE_UNKNOWN) { /* some file systems' listings do not say */
        tpl__stat stat;
        int error = tpl__fs_stat_at(&stat, fd, entry->name, false);
        if (error != 0) {
            tpl__walk_trouble(worker, TPL__FAILED, error);
            return;
        }
        type = stat.type;
    }
    if (type == TPL__TYPE_DIRECTORY) {
        tpl__walk_enter(worker, dir, entry->name, false);
    } else if (type == TPL__TYPE_LINK) { /* what it leads to decides whether it counts */
        if (worker->walk->order->filter->symlinks != TPL_SYMLINKS_SKIP) {
            add_record(worker, type, entry);
        }
    } else if (tpl__walk_counts(worker)) {
        if (type == TPL__TYPE_FILE) {
            add_record(worker, type, entry);
        } else {
            tpl__walk_warn(worker, TPL_WARN_SPECIAL_FILE, 0);
        }
    }
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_known(const tpl_strings *known, const char *name) {
    return known->count > 0 &&
           bsearch(&name, known->items, known->count, sizeof(*known->items), by_name) != NULL;
}

/* The names of all listings so far, sorted; they stay where they are. */
static int know_names(tpl__walk_worker *worker, tpl_strings *known) {
    tpl__dirent entry;
    size_t position = 0;
    known->count = 0;
    while (tpl__fs_next(worker->listed.data, worker->listed.len, &position, &entry)) {
        if (tpl_strings_append(known, entry.name) != TPL_OK) {
            return ENOMEM;
        }
    }
    if (known->count > 0) {
        qsort(known->items, known->count, sizeof(*known->items), by_name);
    }
    return 0;
}

/* Lists the whole directory, known names left out; *fresh counts the others. */
static int list_once(tpl__walk_worker *worker, tpl__dir *dir, int fd, const tpl_strings *known,
                     size_t *fresh) {
    size_t got = 0;
    tpl_buffer again = TPL_BUFFER_INIT; /* known names are borrowed from worker->listed */
    tpl_buffer *listed = known->count == 0 ? &worker->listed : &again;
    int error = 0;
    *fresh = 0;
    while (error == 0 && !tpl__pool_stopped(worker->walk->queue.pool)) {
        error = tpl__fs_read_dir(fd, worker->listing, TPL__LISTING_SIZE, &got);
        if (error != 0 || got == 0) {
            break;
        }
        tpl__dirent entry;
        size_t position = 0;
        worker->records.len = 0;
        worker->record_count = 0;
        while (tpl__fs_next(worker->listing, got, &position, &entry)) {
            if (!is_known(known, entry.name)) {
                judge(worker, dir, fd, &entry);
                ++*fresh;
            }
        }
        if (tpl_buffer_append(listed, worker->listing, got) != TPL_OK) {
            error = ENOMEM;
        } else if (worker->record_count > 0) {
            error = tpl__walk_queue_push_names(&worker->walk->queue, dir, worker->records.data,
                                               worker->records.len, worker->record_count);
        }
    }
    if (error == 0 && tpl_buffer_append(&worker->listed, again.data, again.len) != TPL_OK) {
        error = ENOMEM;
    }
    tpl_buffer_dispose(&again);
    return error;
}

static bool has_changed(const tpl__stat *before, const tpl__stat *after) {
    return tpl__time_compare(before->mtime, after->mtime) != 0 ||
           tpl__time_compare(before->ctime, after->ctime) != 0;
}

/* Lists it until nothing is missing. */
static int list_all(tpl__walk_worker *worker, tpl__dir *dir, int fd, tpl__stat before) {
    tpl_strings known = TPL_STRINGS_INIT;
    bool again = true;
    int error = 0;
    worker->listed.len = 0;
    for (int i = 0; again && i < MOST_LISTINGS; i++) {
        size_t fresh = 0;
        tpl__stat after;
        error = i == 0 ? 0 : tpl__fs_rewind(fd);
        error = error != 0 ? error : list_once(worker, dir, fd, &known, &fresh);
        error = error != 0 ? error : tpl__fs_stat(&after, fd);
        again = error == 0 && !tpl__pool_stopped(worker->walk->queue.pool) &&
                has_changed(&before, &after) && (i == 0 || fresh > 0);
        if (again) {
            before = after;
            error = know_names(worker, &known);
            again = error == 0;
        }
    }
    tpl_strings_dispose(&known);
    return error;
}

void tpl__walk_list(tpl__walk_worker *worker, tpl__dir *dir) {
    int fd = -1;
    tpl__stat stat;
    int error = tpl__walk_open(worker, dir, &fd, &stat);
    int unnamed = tpl__walk_set_dir(worker, dir);
    error = unnamed != 0 ? unnamed : error;
    if (error == 0) {
        error = list_all(worker, dir, fd, stat);
    }
    if (error != 0) {
        worker->path.len = worker->path_dir == dir ? worker->prefix_len : 0;
        tpl__walk_trouble(worker, TPL__FAILED, error);
    }
}
