/* SPDX-License-Identifier: MIT */
/* Checks every entry of a manifest against a tree: the entries in canonical order, a few at a time
 * to each worker, so that a directory is opened once for all its files. */
#include "tpl/verify.h"

#include <errno.h>
#include <string.h>

#include "fail.h"
#include "manifest_table.h"
#include "mem.h"
#include "pool.h"
#include "tpl/text.h"
#include "tree.h"
#include "verify_open.h"

enum {
    AT_A_TIME = 16
};

static const char *const WORDS[] = {
#define WORD(name, word) word,
    TPL_FINDING_MAP(WORD)
#undef WORD
};

typedef struct listed {
    const char *path;
    size_t len;
    const char *error; /* of UNREADABLE */
} listed;

struct tpl_verification {
    tpl__arena arena;
    tpl_buffer lists[TPL_FINDING_COUNT]; /* of `listed` */
    uint64_t checked;
};

/* What became of one entry; zero: it is as the manifest says. */
typedef struct verdict {
    unsigned char found; /* tpl_finding + 1 */
    unsigned char changing;
    int sys_errno;
} verdict;

typedef struct check {
    const tpl_manifest *manifest;
    const tpl_verify_options *options;
    tpl__pool pool;
    int root_fd;
    verdict *verdicts; /* by canonical position */
    tpl__tally *tallies;
    atomic_size_t next;
    atomic_int starved; /* errno of a worker that ran out of memory or descriptors */
} check;

const char *tpl_finding_word(tpl_finding finding) {
    return (unsigned)finding < TPL_FINDING_COUNT ? WORDS[finding] : "unknown";
}

/* One thread's share. */
typedef struct checker {
    check *check;
    tpl__tally *tally;
    tpl__opener opener;
    tpl__reader *reader;
} checker;

static bool step(size_t bytes, void *payload) {
    checker *own = payload;
    tpl__tally_add(own->tally, 0, bytes);
    return !tpl__pool_stopped(&own->check->pool);
}

static verdict judge_failure(int sys_errno) {
    switch (sys_errno) {
    case ENOENT:
    case ENOTDIR:
        return (verdict){TPL_FINDING_MISSING + 1, 0, 0};
    case EISDIR:
    case ELOOP:
        return (verdict){TPL_FINDING_TYPE_CHANGED + 1, 0, 0};
    default:
        return (verdict){TPL_FINDING_UNREADABLE + 1, 0, sys_errno};
    }
}

static verdict judge(const tpl__row *row, tpl__outcome outcome, const tpl__content *content) {
    switch (outcome) {
    case TPL__DONE: {
        bool same = row->tag == 0 && row->size == content->size &&
                    row->hash.digest.high == content->hash.high &&
                    row->hash.digest.low == content->hash.low;
        return (verdict){same ? 0 : TPL_FINDING_MODIFIED + 1, 0, 0};
    }
    case TPL__NOT_FILE:
        return (verdict){TPL_FINDING_TYPE_CHANGED + 1, 0, 0};
    case TPL__CHANGED:
        return (verdict){TPL_FINDING_UNREADABLE + 1, 1, 0};
    case TPL__FAILED:
    case TPL__STOPPED:
        break;
    }
    return judge_failure(content->sys_errno);
}

static bool check_row(checker *own, size_t position) {
    check *c = own->check;
    const tpl__row *row = tpl__manifest_row(c->manifest, position);
    tpl__content content = {.sys_errno = 0};
    tpl__outcome outcome =
        tpl__opener_hash(&own->opener, own->reader, row->path, row->path_len, &content);
    if (outcome == TPL__FAILED && tpl__fs_is_starved(content.sys_errno)) {
        atomic_store(&c->starved, content.sys_errno);
        return false;
    }
    if (outcome != TPL__STOPPED) {
        c->verdicts[position] = judge(row, outcome, &content);
        tpl__tally_add(own->tally, 1, 0);
    }
    return true;
}

static void worker_body(unsigned number, void *arg) {
    check *c = arg;
    size_t count = tpl_manifest_count(c->manifest);
    checker own = {.check = c, .tally = &c->tallies[number]};
    tpl__opener_init(&own.opener, c->root_fd, c->options->symlinks);
    own.reader = tpl__reader_new(step, &own);
    bool ok = own.reader != NULL;
    if (!ok) {
        atomic_store(&c->starved, ENOMEM);
    }
    while (ok && !tpl__pool_stopped(&c->pool)) {
        size_t first = atomic_fetch_add(&c->next, AT_A_TIME);
        if (first >= count) {
            break;
        }
        size_t end = count - first < AT_A_TIME ? count : first + AT_A_TIME;
        for (size_t i = first; ok && i < end && !tpl__pool_stopped(&c->pool); i++) {
            ok = check_row(&own, i);
        }
    }
    if (!ok) {
        atomic_store(&c->pool.stop, true);
    }
    tpl__reader_free(own.reader);
    tpl__opener_dispose(&own.opener);
}

static tpl_status add(tpl_verification *v, tpl_finding finding, const char *path, size_t len,
                      const char *error) {
    listed item = {tpl__arena_copy(&v->arena, path, len), len, NULL};
    bool ok = item.path != NULL;
    if (error != NULL) {
        item.error = tpl__arena_copy(&v->arena, error, strlen(error));
        ok = ok && item.error != NULL;
    }
    return ok ? tpl_buffer_append(&v->lists[finding], &item, sizeof(item)) : TPL_E_NOMEM;
}

static tpl_status list_verdicts(tpl_verification *v, const check *c) {
    size_t count = tpl_manifest_count(c->manifest);
    tpl_status status = TPL_OK;
    for (size_t i = 0; status == TPL_OK && i < count; i++) {
        verdict one = c->verdicts[i];
        if (one.found == 0) {
            continue;
        }
        const tpl__row *row = tpl__manifest_row(c->manifest, i);
        char text[TPL_ERROR_MESSAGE_SIZE];
        const char *error = NULL;
        if (one.changing) {
            error = tpl_status_text(TPL_E_CHANGED);
        } else if (one.sys_errno == EXDEV) {
            error = "symbolic link leads outside the tree";
        } else if (one.sys_errno != 0) {
            error = tpl_errno_text(one.sys_errno, text, sizeof(text));
        }
        status = add(v, (tpl_finding)(one.found - 1), row->path, row->path_len, error);
    }
    v->checked = count;
    return status;
}

/* Before anything is opened. */
static tpl_status refuse_unsafe(const tpl_manifest *manifest, tpl_error *err) {
    for (size_t i = 0; i < tpl_manifest_count(manifest); i++) {
        const tpl__row *row = tpl__manifest_row(manifest, i);
        if (!tpl_text_is_inside(row->path, row->path_len)) {
            return tpl__fail_text(err, TPL_E_UNSAFE_PATH, row->path, row->path_len, "%s",
                                  tpl_status_text(TPL_E_UNSAFE_PATH));
        }
    }
    return TPL_OK;
}

static tpl_status list_unexpected(tpl_verification *v, const check *c, const char *root,
                                  tpl_error *err) {
    tpl_filter filter = TPL_FILTER_INIT;
    filter.symlinks = c->options->symlinks;
    filter.omit = c->options->omit; /* borrowed */
    tpl_run quiet = c->options->run;
    quiet.progress = NULL;
    quiet.warning = NULL;
    tpl__tree_options options = {.filter = &filter, .run = &quiet, .names_only = true};
    tpl_manifest *tree = NULL;
    tpl_status status = tpl__tree_scan(&tree, root, &options, NULL, err);
    for (size_t i = 0; status == TPL_OK && i < tpl_manifest_count(tree); i++) {
        const tpl__row *row = tpl__manifest_row(tree, i);
        size_t index = 0;
        if (!tpl_manifest_find(c->manifest, row->path, row->path_len, &index)) {
            status = add(v, TPL_FINDING_UNEXPECTED, row->path, row->path_len, NULL);
            if (status != TPL_OK) {
                tpl__fail_nomem(err);
            }
        }
    }
    tpl_manifest_free(tree);
    return status;
}

static tpl_status check_entries(tpl_verification *v, check *c, const char *root, tpl_error *err) {
    const tpl_run *run = &c->options->run;
    unsigned workers = tpl__pool_workers(run);
    c->tallies = tpl__alloc_array(workers, sizeof(*c->tallies));
    tpl__pool_init(&c->pool, c->tallies, workers);
    atomic_init(&c->next, 0);
    atomic_init(&c->starved, 0);
    size_t count = tpl_manifest_count(c->manifest);
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += c->manifest->rows[i].size; /* for progress: nobody relies on it */
    }
    atomic_store(&c->pool.files_total, count);
    atomic_store(&c->pool.bytes_total, bytes);
    atomic_store(&c->pool.total_known, true);
    c->verdicts = tpl__alloc_array(count, sizeof(*c->verdicts));
    if (c->verdicts == NULL || c->tallies == NULL) {
        return tpl__fail_nomem(err);
    }
    tpl_status status = tpl__pool_run(&c->pool, workers, worker_body, c, run, err);
    int starved = atomic_load(&c->starved);
    if (status == TPL_OK && starved != 0) {
        return tpl__fail_os(err, starved, root);
    }
    if (status == TPL_OK && list_verdicts(v, c) != TPL_OK) {
        return tpl__fail_nomem(err);
    }
    return status;
}

tpl_status tpl_verify(tpl_verification **out, const tpl_manifest *manifest, const char *root,
                      const tpl_verify_options *options, tpl_error *err) {
    *out = NULL;
    tpl_status status = refuse_unsafe(manifest, err);
    if (status != TPL_OK) {
        return status;
    }
    check c = {.manifest = manifest, .options = options, .root_fd = -1};
    int error = tpl__fs_open_dir(&c.root_fd, TPL__FS_CWD, root, TPL__LINKS_FOLLOW);
    if (error != 0) {
        return tpl__fail_os(err, error, root);
    }
    tpl_verification *v = tpl__alloc_array(1, sizeof(*v));
    status = v == NULL ? tpl__fail_nomem(err) : TPL_OK;
    if (status == TPL_OK && options->strict) {
        status = list_unexpected(v, &c, root, err);
    }
    status = status != TPL_OK ? status : check_entries(v, &c, root, err);
    tpl__fs_close(c.root_fd);
    tpl__free(c.verdicts);
    tpl__free(c.tallies);
    if (status != TPL_OK) {
        tpl_verification_free(v);
        return status;
    }
    *out = v;
    return TPL_OK;
}

void tpl_verification_free(tpl_verification *verification) {
    if (verification != NULL) {
        for (int i = 0; i < TPL_FINDING_COUNT; i++) {
            tpl_buffer_dispose(&verification->lists[i]);
        }
        tpl__arena_dispose(&verification->arena);
        tpl__free(verification);
    }
}

bool tpl_verification_ok(const tpl_verification *verification) {
    size_t findings = 0;
    for (int i = 0; i < TPL_FINDING_COUNT; i++) {
        findings += verification->lists[i].len;
    }
    return findings == 0;
}

uint64_t tpl_verification_checked(const tpl_verification *verification) {
    return verification->checked;
}

size_t tpl_verification_count(const tpl_verification *verification, tpl_finding finding) {
    return verification->lists[finding].len / sizeof(listed);
}

const char *tpl_verification_path(const tpl_verification *verification, tpl_finding finding,
                                  size_t index, size_t *len, const char **error) {
    const listed *item = (const listed *)(const void *)verification->lists[finding].data + index;
    *len = item->len;
    if (error != NULL) {
        *error = item->error;
    }
    return item->path;
}
