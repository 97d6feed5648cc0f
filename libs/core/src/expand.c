/* SPDX-License-Identifier: MIT */
/* The files of an input directory, found by the walk that snapshots use. */
#include <errno.h>
#include <string.h>

#include "fail.h"
#include "mem.h"
#include "submission.h"
#include "tpl/text.h"
#include "walk.h"

/* What one worker finds. */
typedef struct finder {
    tpl_buffer paths; /* of tpl_asset_path */
    tpl__arena arena;
} finder;

typedef struct expansion {
    const tpl_run *run; /* the caller's */
    tpl_buffer prefix;  /* WTF-8: the directory and a slash */
    finder *finders;
    unsigned workers;
} expansion;

/* As os.walk() sorts names: what leads to a directory is no file. 0 or an errno. */
static int look(const tpl__found *found, bool *is_directory) {
    *is_directory = false;
    if (found->type != TPL__TYPE_LINK) {
        return 0;
    }
    tpl__stat stat;
    int error = tpl__fs_stat_at(&stat, found->at, found->name, true);
    *is_directory = error == 0 && stat.type == TPL__TYPE_DIRECTORY;
    return error == ENOENT || error == ENOTDIR || error == ELOOP ? 0 : error;
}

static tpl__outcome visit(unsigned worker, const tpl__found *found, int *sys_errno, void *payload) {
    const expansion *e = payload;
    finder *f = &e->finders[worker];
    bool is_directory;
    *sys_errno = look(found, &is_directory);
    if (*sys_errno != 0 || is_directory) {
        return is_directory ? TPL__DONE : TPL__FAILED;
    }
    size_t len = e->prefix.len + found->path_len;
    char *text = tpl__arena_bytes(&f->arena, len + 1);
    *sys_errno = ENOMEM;
    if (text == NULL) {
        return TPL__FAILED;
    }
    memcpy(text, e->prefix.data, e->prefix.len);
    memcpy(text + e->prefix.len, found->path, found->path_len);
    text[len] = '\0';
    tpl_asset_path path = {text, len, 0};
    if (tpl_buffer_append(&f->paths, &path, sizeof(path)) != TPL_OK) {
        return TPL__FAILED;
    }
    return TPL__DONE;
}

/* Callbacks on the caller's behalf: a warning's path is made absolute. */

static int on_progress(const tpl_progress *progress, void *payload) {
    const expansion *e = payload;
    return e->run->progress == NULL ? 0 : e->run->progress(progress, e->run->payload);
}

static int on_poll(void *payload) {
    const expansion *e = payload;
    return e->run->poll == NULL ? 0 : e->run->poll(e->run->payload);
}

static void on_warning(const tpl_warning *warning, void *payload) {
    expansion *e = payload;
    size_t mark = e->prefix.len;
    tpl_warning told = *warning;
    if (e->run->warning == NULL) {
        return;
    }
    if (warning->kind != TPL_WARN_PATTERN_IS_DIRECTORY &&
        tpl_buffer_append(&e->prefix, warning->path, warning->path_len) == TPL_OK) {
        told.path = e->prefix.data;
        told.path_len = e->prefix.len;
    }
    e->run->warning(&told, e->run->payload);
    e->prefix.len = mark;
}

static tpl_status prepare(expansion *e, const char *directory, tpl_error *err) {
    e->finders = tpl__alloc_array(e->workers, sizeof(*e->finders));
    tpl_status status = e->finders == NULL
                            ? TPL_E_NOMEM
                            : tpl_text_from_os(&e->prefix, directory, strlen(directory));
    if (status == TPL_OK && e->prefix.len > 1) {
        status = tpl_buffer_append(&e->prefix, "/", 1);
    }
    return status == TPL_OK ? TPL_OK : tpl__fail_nomem(err);
}

static tpl_status walk(expansion *e, const char *directory, const tpl_submission_options *options,
                       tpl_error *err) {
    tpl_filter filter = TPL_FILTER_INIT;
    filter.exclude = options->exclude; /* borrowed */
    filter.dialect = options->dialect;
    filter.symlinks = TPL_SYMLINKS_KEEP;
    tpl_run run = {options->run.jobs, on_progress, on_warning, on_poll, e};
    tpl__pool pool;
    tpl__pool_init(&pool, NULL, 0); /* what is found counts as found, not as done */
    tpl__walk_order order = {directory, &filter, &run, &pool, e->workers, visit, e, false, false};
    return tpl__walk(&order, err);
}

tpl_status tpl__expand(tpl_buffer *paths, tpl__arena *arena, const char *directory,
                       const tpl_submission_options *options, tpl_error *err) {
    expansion e = {.run = &options->run, .workers = tpl__pool_workers(&options->run, directory)};
    tpl_status status = prepare(&e, directory, err);
    status = status == TPL_OK ? walk(&e, directory, options, err) : status;
    for (unsigned i = 0; e.finders != NULL && i < e.workers; i++) {
        finder *f = &e.finders[i];
        if (status == TPL_OK && tpl_buffer_append(paths, f->paths.data, f->paths.len) != TPL_OK) {
            status = tpl__fail_nomem(err);
        }
        tpl__arena_adopt(arena, &f->arena);
        tpl_buffer_dispose(&f->paths);
    }
    tpl_buffer_dispose(&e.prefix);
    tpl__free(e.finders);
    return status;
}
