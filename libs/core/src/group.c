/* SPDX-License-Identifier: MIT */
/* Path grouping: which paths of a job belong together, and under which root. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "fs.h"
#include "mem.h"
#include "path.h"
#include "place.h"
#include "poll.h"
#include "relay.h"
#include "submission.h"
#include "tpl/text.h"
#include "walk_notes.h"

typedef struct grouping {
    const tpl_submission_options *options;
    tpl_submission *made;
    char *cwd;     /* NULL: it has none, as cwd_errno says */
    int cwd_errno; /* looked at when a path is relative */
    tpl__places places;
    tpl__stat *omitted;
    size_t omitted_count;
    tpl_buffer given[TPL__ROLES]; /* of tpl_asset_path */
    tpl__notes notes;
    size_t problems; /* inputs that end it */
    tpl_asset_path worst;
    tpl_warning_kind worst_kind; /* the first problem by path */
    tpl_buffer os;               /* the path being looked at */
    tpl__poll poll;
} grouping;

static tpl_status append_path(grouping *g, tpl_buffer *to, const char *os, size_t len) {
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_asset_path path = {NULL, 0, 0};
    tpl_status status = tpl_text_from_os(&text, os, len);
    if (status == TPL_OK) {
        path.text = tpl__arena_copy(&g->made->arena, text.data, text.len);
        path.len = text.len;
        status = path.text == NULL ? TPL_E_NOMEM : tpl_buffer_append(to, &path, sizeof(path));
    }
    tpl_buffer_dispose(&text);
    return status;
}

/* Sets g->os to the absolute form of a path. */
static tpl_status set_os(grouping *g, const char *path, tpl_error *err) {
    if (path[0] != '/' && g->cwd == NULL) {
        return tpl__fail_os(err, g->cwd_errno, path);
    }
    g->os.len = 0;
    tpl_status status = tpl__path_absolute(&g->os, g->cwd, path);
    return status == TPL_OK ? TPL_OK : tpl__fail_nomem(err);
}

static tpl_status take_list(grouping *g, tpl_buffer *to, const tpl_strings *paths, tpl_error *err) {
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < paths->count && status == TPL_OK; i++) {
        if (paths->items[i][0] != '\0') {
            status = set_os(g, paths->items[i], err);
        }
        if (status == TPL_OK && paths->items[i][0] != '\0' &&
            append_path(g, to, g->os.data, g->os.len) != TPL_OK) {
            status = tpl__fail_nomem(err);
        }
    }
    return status;
}

static int by_path(const void *a, const void *b) {
    const tpl_asset_path *x = a;
    const tpl_asset_path *y = b;
    return tpl__path_compare(x->text, x->len, y->text, y->len);
}

/* In order, each path once. */
static void settle(tpl_buffer *paths) {
    size_t count = tpl__paths_count(paths);
    tpl_asset_path *all = tpl__paths_of(paths);
    size_t kept = 0;
    if (count > 0) {
        qsort(all, count, sizeof(*all), by_path);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || by_path(&all[kept - 1], &all[i]) != 0) {
            all[kept++] = all[i];
        }
    }
    paths->len = kept * sizeof(*all);
}

/* --- inputs --- */

static tpl_status note(grouping *g, const tpl_asset_path *path, tpl_warning_kind kind,
                       tpl_error *err) {
    if (kind != TPL_WARN_INPUT_REFERENCED && (g->problems++ == 0 || by_path(path, &g->worst) < 0)) {
        g->worst = *path;
        g->worst_kind = kind;
    }
    tpl_status status = tpl__notes_add(&g->notes, kind, path->text, path->len, 0);
    return status == TPL_OK ? TPL_OK : tpl__fail_nomem(err);
}

static tpl_status miss(grouping *g, const tpl_asset_path *path, tpl_error *err) {
    if (g->options->require_paths_exist) {
        return note(g, path, TPL_WARN_INPUT_MISSING, err);
    }
    if (tpl_buffer_append(&g->given[TPL__REFERENCES], path, sizeof(*path)) != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    return note(g, path, TPL_WARN_INPUT_REFERENCED, err);
}

/* Sets g->os to a path that was taken. */
static tpl_status set_os_again(grouping *g, const tpl_asset_path *path, tpl_error *err) {
    g->os.len = 0;
    if (tpl_text_to_os(&g->os, path->text, path->len) != TPL_OK ||
        tpl_buffer_append(&g->os, "", 1) != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    g->os.len--;
    return TPL_OK;
}

/* What a path leads to; TYPE_UNKNOWN: nothing. Sets g->os. */
static tpl_status look(grouping *g, const tpl_asset_path *path, tpl__stat *stat, tpl_error *err) {
    if (set_os_again(g, path, err) != TPL_OK) {
        return TPL_E_NOMEM;
    }
    int error = tpl__fs_stat_at(stat, TPL__FS_CWD, g->os.data, true);
    if (error == ENOENT || error == ENOTDIR || error == ELOOP) {
        stat->type = TPL__TYPE_UNKNOWN;
        return TPL_OK;
    }
    return error == 0 ? TPL_OK : tpl__fail_os(err, error, g->os.data);
}

static tpl_status take_directory(grouping *g, const tpl_asset_path *path, tpl_error *err) {
    tpl__stat stat;
    tpl_status status = look(g, path, &stat, err);
    if (status != TPL_OK) {
        return status;
    }
    if (stat.type != TPL__TYPE_DIRECTORY) {
        return miss(g, path, err);
    }
    size_t before = g->given[TPL__INPUTS].len;
    status = tpl__expand(&g->given[TPL__INPUTS], &g->made->arena, g->os.data, g->options, err);
    if (status == TPL_OK && g->given[TPL__INPUTS].len == before &&
        tpl_buffer_append(&g->given[TPL__REFERENCES], path, sizeof(*path)) != TPL_OK) {
        status = tpl__fail_nomem(err);
    }
    return status;
}

static tpl_status take_directories(grouping *g, const tpl_strings *paths, tpl_error *err) {
    tpl_buffer directories = TPL_BUFFER_INIT;
    tpl_status status = take_list(g, &directories, paths, err);
    settle(&directories);
    for (size_t i = 0; status == TPL_OK && i < tpl__paths_count(&directories); i++) {
        status = take_directory(g, &tpl__paths_of(&directories)[i], err);
    }
    tpl_buffer_dispose(&directories);
    return status;
}

/* What is no input, such as the file that the answer goes to. */
static tpl_status find_omitted(grouping *g, tpl_error *err) {
    const tpl_strings *paths = &g->options->omit;
    g->omitted = tpl__alloc_array(paths->count + 1, sizeof(*g->omitted));
    if (g->omitted == NULL) {
        return tpl__fail_nomem(err);
    }
    for (size_t i = 0; i < paths->count; i++) {
        if (tpl__fs_stat_at(&g->omitted[g->omitted_count], TPL__FS_CWD, paths->items[i], true) ==
            0) {
            g->omitted_count++;
        }
    }
    return TPL_OK;
}

static bool is_omitted(const grouping *g, const tpl__stat *stat) {
    for (size_t i = 0; i < g->omitted_count; i++) {
        if (g->omitted[i].dev == stat->dev && g->omitted[i].ino == stat->ino) {
            return true;
        }
    }
    return false;
}

/* Keeps the inputs that are files, with their sizes. */
static tpl_status check_inputs(grouping *g, tpl_error *err) {
    tpl_buffer *inputs = &g->given[TPL__INPUTS];
    size_t count = tpl__paths_count(inputs);
    size_t kept = 0;
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < count && status == TPL_OK; i++) {
        tpl_asset_path *path = &tpl__paths_of(inputs)[i];
        tpl__stat stat;
        status = look(g, path, &stat, err);
        if (status == TPL_OK && stat.type == TPL__TYPE_FILE) {
            path->size = stat.size;
            tpl__paths_of(inputs)[kept] = *path;
            kept += !is_omitted(g, &stat);
        } else if (status == TPL_OK) {
            status = stat.type == TPL__TYPE_UNKNOWN ? miss(g, path, err)
                     : stat.type == TPL__TYPE_DIRECTORY
                         ? note(g, path, TPL_WARN_INPUT_DIRECTORY, err)
                         : note(g, path, TPL_WARN_INPUT_SPECIAL, err);
        }
        if (status == TPL_OK && tpl__poll_stops(&g->poll)) {
            status = tpl__fail_cancelled(err);
        }
    }
    inputs->len = kept * sizeof(tpl_asset_path);
    return status;
}

static tpl_status judge_inputs(grouping *g, tpl_error *err) {
    if (g->problems != 1) { /* one alone is the error */
        tpl__notes_tell(&g->notes, &g->options->run);
    }
    if (g->problems == 0) {
        return TPL_OK;
    }
    const char *text = tpl_warning_text(g->worst_kind);
    if (g->problems == 1) {
        return tpl__fail_text(err, TPL_E_INPUTS, g->worst.text, g->worst.len, "%s", text);
    }
    return tpl__fail_text(err, TPL_E_INPUTS, g->worst.text, g->worst.len,
                          "%s (1 of %zu inputs that are missing or are no files)", text,
                          g->problems);
}

/* --- roots --- */

static tpl_status find_place(grouping *g, const tpl_asset_path *path, bool *shared, size_t *index,
                             tpl_error *err) {
    tpl_status status = set_os_again(g, path, err);
    if (status != TPL_OK) {
        return status;
    }
    int error = tpl__places_find(&g->places, g->os.data, g->os.len, shared, index);
    return error == 0 ? TPL_OK : tpl__fail_os(err, error, g->os.data);
}

/* Root 0 is that of paths without a location, root 1 + i that of place i. */
static tpl_status distribute(grouping *g, tpl_error *err) {
    tpl_status status = TPL_OK;
    for (int role = 0; role < TPL__ROLES; role++) {
        const tpl_buffer *paths = &g->given[role];
        for (size_t i = 0; i < tpl__paths_count(paths) && status == TPL_OK; i++) {
            const tpl_asset_path *path = &tpl__paths_of(paths)[i];
            bool shared;
            size_t index;
            status = find_place(g, path, &shared, &index, err);
            if (status != TPL_OK || shared) {
                continue;
            }
            tpl__root *root = &g->made->roots[index == SIZE_MAX ? 0 : index + 1];
            root->input_size += path->size;
            if (tpl_buffer_append(&root->paths[role], path, sizeof(*path)) != TPL_OK) {
                status = tpl__fail_nomem(err);
            } else if (tpl__poll_stops(&g->poll)) {
                status = tpl__fail_cancelled(err);
            }
        }
    }
    return status;
}

/* The path that all of a root have in common; NULL: there are none. */
static const char *find_common(const tpl__root *root, size_t *len) {
    const char *text = NULL;
    for (int role = 0; role < TPL__ROLES; role++) {
        size_t count = tpl__paths_count(&root->paths[role]);
        for (size_t i = 0; i < count; i++) {
            const tpl_asset_path *path = &tpl__paths_of(&root->paths[role])[i];
            *len = text == NULL ? path->len : tpl__path_common(text, *len, path->text, path->len);
            text = path->text;
        }
    }
    return text;
}

/* What is common, or its directory when it is a file, is the root's path. */
static tpl_status set_path(grouping *g, tpl__root *root, const char *text, size_t len,
                           tpl_error *err) {
    tpl_asset_path path = {text, len, 0};
    tpl__stat stat;
    tpl_status status = look(g, &path, &stat, err);
    if (status != TPL_OK) {
        return status;
    }
    if (stat.type == TPL__TYPE_FILE) {
        while (text[len - 1] != '/') {
            len--;
        }
        len -= len > 1;
    }
    root->path = tpl__arena_copy(&g->made->arena, text, len);
    root->path_len = len;
    return root->path == NULL ? tpl__fail_nomem(err) : TPL_OK;
}

static tpl_status set_location(grouping *g, tpl__root *root, const tpl_location *location,
                               tpl_error *err) {
    root->location = tpl__arena_copy(&g->made->arena, location->name, strlen(location->name));
    return root->location == NULL ? tpl__fail_nomem(err) : TPL_OK;
}

static int by_root(const void *a, const void *b) {
    const tpl__root *x = a;
    const tpl__root *y = b;
    int order = strcmp(x->path, y->path); /* code points, as Python compares texts */
    if (order != 0 || x->location == NULL || y->location == NULL) {
        return order != 0 ? order : (x->location != NULL) - (y->location != NULL);
    }
    return strcmp(x->location, y->location);
}

/* Gives the roots that have paths their own, in order; the others go. */
static tpl_status finish_roots(grouping *g, tpl_error *err) {
    tpl_submission *made = g->made;
    size_t kept = 0;
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < made->count && status == TPL_OK; i++) {
        tpl__root root = made->roots[i];
        size_t len = 0;
        const char *text = find_common(&root, &len);
        if (text == NULL) {
            continue;
        }
        status = set_path(g, &root, text, len, err);
        if (status == TPL_OK && i > 0) {
            status = set_location(g, &root, g->places.all[i - 1].location, err);
        }
        made->roots[i] = (tpl__root){.path = NULL};
        made->roots[kept++] = root;
    }
    if (status == TPL_OK) {
        made->count = kept;
    }
    if (status == TPL_OK && kept > 1) {
        qsort(made->roots, kept, sizeof(*made->roots), by_root);
    }
    return status;
}

static tpl_status group(grouping *g, const tpl_references *references, tpl_error *err) {
    tpl_status status = take_list(g, &g->given[TPL__INPUTS], &references->inputs, err);
    status = status == TPL_OK ? take_directories(g, &references->directories, err) : status;
    status = status == TPL_OK ? find_omitted(g, err) : status;
    if (status == TPL_OK) {
        settle(&g->given[TPL__INPUTS]);
        status = check_inputs(g, err);
    }
    status = status == TPL_OK ? judge_inputs(g, err) : status;
    status = status == TPL_OK ? take_list(g, &g->given[TPL__OUTPUTS], &references->outputs, err)
                              : status;
    status = status == TPL_OK
                 ? take_list(g, &g->given[TPL__REFERENCES], &references->referenced, err)
                 : status;
    settle(&g->given[TPL__OUTPUTS]);
    settle(&g->given[TPL__REFERENCES]);
    status = status == TPL_OK
                 ? tpl__places_fill(&g->places, g->options->profile, g->cwd, g->cwd_errno, err)
                 : status;
    if (status == TPL_OK) {
        g->made->roots = tpl__alloc_array(g->places.count + 1, sizeof(*g->made->roots));
        g->made->count = g->made->roots == NULL ? 0 : g->places.count + 1;
        status = g->made->roots == NULL ? tpl__fail_nomem(err) : distribute(g, err);
    }
    return status == TPL_OK ? finish_roots(g, err) : status;
}

static void dispose(grouping *g) {
    for (int role = 0; role < TPL__ROLES; role++) {
        tpl_buffer_dispose(&g->given[role]);
    }
    tpl__notes_dispose(&g->notes);
    tpl_buffer_dispose(&g->os);
    tpl__places_dispose(&g->places);
    tpl__free(g->omitted);
    tpl__free(g->cwd);
}

/* The inputs that were found are all there is to do. */
static tpl_status conclude(tpl__relay *relay, const tpl_submission *made, tpl_error *err) {
    uint64_t files = 0;
    for (size_t i = 0; i < made->count; i++) {
        files += tpl__paths_count(&made->roots[i].paths[TPL__INPUTS]);
    }
    relay->earlier = (tpl_progress){.files_done = files, .files_total = files};
    return tpl__relay_end(relay, err);
}

tpl_status tpl_submission_new(tpl_submission **out, const tpl_references *references,
                              const tpl_submission_options *options, tpl_error *err) {
    *out = NULL;
    tpl__relay relay = tpl__relay_start(&options->run, TPL_PHASE_SCAN);
    tpl_submission_options relayed = *options; /* its lists are borrowed */
    relayed.run = tpl__relay_run(&relay);
    relay.more = true;
    grouping g = {.options = &relayed,
                  .places = TPL__PLACES_INIT,
                  .notes = TPL__NOTES_INIT,
                  .poll = tpl__poll_start(&options->run),
                  .made = tpl__alloc_array(1, sizeof(tpl_submission))};
    g.cwd_errno = tpl__fs_current(&g.cwd);
    tpl_status status = g.made == NULL || g.cwd_errno == ENOMEM ? tpl__fail_nomem(err)
                                                                : tpl__relay_begin(&relay, err);
    status = status == TPL_OK ? group(&g, references, err) : status;
    dispose(&g);
    if (status == TPL_OK && !options->hash_follows) {
        status = conclude(&relay, g.made, err);
    }
    if (status == TPL_OK) {
        *out = g.made;
    } else {
        tpl_submission_free(g.made);
    }
    return status;
}
