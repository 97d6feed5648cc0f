/* SPDX-License-Identifier: MIT */
/* Checks every entry of a manifest against a tree: the entries in canonical order, a few at a time
 * to each worker, so that a directory is opened once for all its files. */
#include "tpl/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "manifest_convert.h"
#include "manifest_dirs.h"
#include "manifest_table.h"
#include "mem.h"
#include "poll.h"
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
    tpl_symlinks symlinks;
    tpl__pool pool;
    tpl__poll poll;
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
    case EINVAL: /* not a link */
        return (verdict){TPL_FINDING_TYPE_CHANGED + 1, 0, 0};
    default:
        return (verdict){TPL_FINDING_UNREADABLE + 1, 0, sys_errno};
    }
}

static verdict verdict_if(bool wrong, tpl_finding finding) {
    return (verdict){wrong ? (unsigned char)(finding + 1) : 0, 0, 0};
}

/* The hashes of its chunks, as the row has them. */
static bool same_chunks(const tpl__row *row, const tpl__content *content) {
    const char *text = row->hash.text;
    size_t len = tpl__row_text_len(row);
    bool same = len + 1 == content->chunk_count * (TPL_HASH_HEX_LEN + 1);
    for (size_t i = 0; same && i < content->chunk_count; i++) {
        char digits[TPL_HASH_HEX_LEN + 1];
        tpl_hash128_to_hex(content->chunks[i], digits);
        same = memcmp(text + i * (TPL_HASH_HEX_LEN + 1), digits, TPL_HASH_HEX_LEN) == 0;
    }
    return same;
}

static bool same_content(const check *c, const tpl__row *row, const tpl__content *content) {
    bool beta = c->manifest->format == TPL_FORMAT_2025_12_04_BETA;
    bool runnable = (row->tag & TPL__TAG_RUNNABLE) != 0;
    if (row->size != content->size || (beta && runnable != ((content->stat.mode & 0111) != 0))) {
        return false;
    }
    if (tpl__row_kind(row) == TPL_KIND_CHUNKED) {
        return same_chunks(row, content);
    }
    return tpl__row_text_len(row) == 0 && row->hash.digest.high == content->hash.high &&
           row->hash.digest.low == content->hash.low;
}

static verdict judge(const check *c, const tpl__row *row, tpl__outcome outcome,
                     const tpl__content *content) {
    switch (outcome) {
    case TPL__DONE:
        return verdict_if(!same_content(c, row, content), TPL_FINDING_MODIFIED);
    case TPL__NOT_FILE:
        return verdict_if(true, TPL_FINDING_TYPE_CHANGED);
    case TPL__CHANGED:
        return (verdict){TPL_FINDING_UNREADABLE + 1, 1, 0};
    case TPL__OUTSIDE:
    case TPL__FAILED:
    case TPL__STOPPED:
        break;
    }
    return judge_failure(content->sys_errno);
}

/* The verdict on a link; *sys_errno when it could not be read. */
static verdict check_link(checker *own, const tpl__row *row, int *sys_errno) {
    char *os = NULL;
    tpl_buffer target = TPL_BUFFER_INIT;
    verdict found = {0, 0, 0};
    *sys_errno = tpl__opener_read_link(&own->opener, row->path, row->path_len, &os);
    if (*sys_errno == 0 && tpl_text_from_os(&target, os, strlen(os)) != TPL_OK) {
        *sys_errno = ENOMEM;
    }
    if (*sys_errno == 0) {
        found = verdict_if(target.len != tpl__row_text_len(row) ||
                               memcmp(target.data, row->hash.text, target.len) != 0,
                           TPL_FINDING_MODIFIED);
    }
    tpl_buffer_dispose(&target);
    tpl__free(os);
    return found;
}

static verdict check_directory(checker *own, const tpl__row *row, int *sys_errno) {
    tpl__stat stat = {.size = 0};
    *sys_errno = tpl__opener_stat(&own->opener, row->path, row->path_len, &stat);
    return verdict_if(stat.type != TPL__TYPE_DIRECTORY, TPL_FINDING_TYPE_CHANGED);
}

static const tpl__row *row_at(const check *c, size_t position) {
    size_t files = c->manifest->count;
    return position < files ? tpl__manifest_row(c->manifest, position)
                            : &c->manifest->dirs.rows[position - files];
}

static size_t count_rows(const check *c) {
    return c->manifest->count + c->manifest->dirs.count;
}

/* What has no content to hash. */
static bool is_special(const tpl__row *row) {
    return tpl__row_kind(row) >= TPL_KIND_SYMLINK;
}

static verdict check_special(checker *own, const tpl__row *row, int *sys_errno) {
    verdict found = tpl__row_kind(row) == TPL_KIND_SYMLINK ? check_link(own, row, sys_errno)
                                                           : check_directory(own, row, sys_errno);
    return *sys_errno == 0 ? found : judge_failure(*sys_errno);
}

/* A hash that is a digest, of a file that is in one piece and has no run bit to be looked at. */
static const tpl_hash128 *digest_of(const check *c, const tpl__row *row) {
    bool whole = c->manifest->format != TPL_FORMAT_2025_12_04_BETA && tpl__row_text_len(row) == 0;
    return whole ? &row->hash.digest : NULL;
}

static bool check_row(checker *own, size_t position) {
    check *c = own->check;
    const tpl__row *row = row_at(c, position);
    tpl__content content = {.sys_errno = 0};
    tpl__outcome outcome = TPL__DONE;
    verdict found;
    if (is_special(row)) {
        found = check_special(own, row, &content.sys_errno);
        outcome = content.sys_errno == 0 ? TPL__DONE : TPL__FAILED;
    } else {
        tpl__reader_chunk(own->reader, tpl__row_kind(row) == TPL_KIND_CHUNKED ? TPL_CHUNK_SIZE : 0);
        tpl__reader_expect(own->reader, digest_of(c, row), row->size);
        outcome = tpl__opener_hash(&own->opener, own->reader, row->path, row->path_len, &content);
        found = judge(c, row, outcome, &content);
    }
    if (outcome == TPL__FAILED && tpl__fs_is_starved(content.sys_errno)) {
        atomic_store(&c->starved, content.sys_errno);
        return false;
    }
    if (outcome != TPL__STOPPED) {
        c->verdicts[position] = found;
        tpl__tally_add(own->tally, 1, 0);
    }
    return true;
}

static void worker_body(unsigned number, void *arg) {
    check *c = arg;
    size_t count = count_rows(c);
    checker own = {.check = c, .tally = &c->tallies[number]};
    tpl__opener_init(&own.opener, c->root_fd, c->symlinks);
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

static tpl_status list_verdicts(tpl_verification *v, check *c) {
    size_t count = count_rows(c);
    tpl_status status = TPL_OK;
    for (size_t i = 0; status == TPL_OK && i < count; i++) {
        verdict one = c->verdicts[i];
        if (tpl__poll_stops_at(&c->poll, i)) {
            return TPL_E_CANCELLED;
        }
        if (one.found == 0) {
            continue;
        }
        const tpl__row *row = row_at(c, i);
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
static tpl_status refuse_unsafe(check *c, tpl_error *err) {
    if (c->manifest->parent != NULL) {
        return tpl__fail(err, TPL_E_MANIFEST, "a diff does not tell what a tree holds");
    }
    for (size_t i = 0; i < count_rows(c); i++) {
        const tpl__row *row = row_at(c, i);
        if (!tpl_text_is_inside(row->path, row->path_len)) {
            return tpl__fail_text(err, TPL_E_UNSAFE_PATH, row->path, row->path_len, "%s",
                                  tpl_status_text(TPL_E_UNSAFE_PATH));
        }
        if (tpl__poll_stops_at(&c->poll, i)) {
            return tpl__fail_cancelled(err);
        }
    }
    return TPL_OK;
}

static int by_path(const void *left, const void *right) {
    const listed *a = left;
    const listed *b = right;
    return tpl_text_compare(a->path, a->len, b->path, b->len);
}

/* Directories come behind files: puts what was found among them in its place. */
static void order_lists(tpl_verification *v, const check *c) {
    for (int i = 0; c->manifest->dirs.count > 0 && i < TPL_FINDING_COUNT; i++) {
        size_t count = v->lists[i].len / sizeof(listed);
        if (count > 1) {
            qsort(v->lists[i].data, count, sizeof(listed), by_path);
        }
    }
}

/* Under whatever kind; a directory is expected, too, that only holds something. */
static bool is_expected(const check *c, const tpl__row *row) {
    const char *path = row->path;
    size_t len = row->path_len;
    size_t index = 0;
    return tpl_manifest_find(c->manifest, path, len, &index) ||
           tpl__dirs_find(&c->manifest->dirs, path, len) != SIZE_MAX ||
           (tpl__row_kind(row) == TPL_KIND_DIRECTORY &&
            tpl__manifest_implies(c->manifest, path, len));
}

static tpl_status list_unexpected(tpl_verification *v, check *c, const char *root, tpl_error *err) {
    tpl_filter filter = TPL_FILTER_INIT;
    filter.symlinks =
        tpl__manifest_has_links(c->manifest) ? TPL_SYMLINKS_KEEP : c->options->symlinks;
    filter.omit = c->options->omit; /* borrowed */
    tpl_run quiet = c->options->run;
    quiet.progress = NULL;
    quiet.warning = NULL;
    tpl__tree_options options = {.filter = &filter, .run = &quiet, .names_only = true};
    options.directories = c->manifest->dirs.count > 0;
    tpl_manifest *tree = NULL;
    tpl_status status = tpl__tree_scan(&tree, root, &options, NULL, err);
    size_t files = tree == NULL ? 0 : tree->count;
    size_t count = tree == NULL ? 0 : files + tree->dirs.count;
    for (size_t i = 0; status == TPL_OK && i < count; i++) {
        const tpl__row *row = i < files ? tpl__manifest_row(tree, i) : &tree->dirs.rows[i - files];
        if (!is_expected(c, row) &&
            add(v, TPL_FINDING_UNEXPECTED, row->path, row->path_len, NULL) != TPL_OK) {
            status = tpl__fail_nomem(err);
        } else if (tpl__poll_stops_at(&c->poll, i)) {
            status = tpl__fail_cancelled(err);
        }
    }
    tpl_manifest_free(tree);
    return status;
}

static tpl_status check_entries(tpl_verification *v, check *c, const char *root, tpl_error *err) {
    const tpl_run *run = &c->options->run;
    unsigned workers = tpl__pool_workers(run, root);
    c->tallies = tpl__alloc_array(workers, sizeof(*c->tallies));
    tpl__pool_init(&c->pool, c->tallies, workers);
    atomic_init(&c->next, 0);
    atomic_init(&c->starved, 0);
    size_t count = count_rows(c);
    uint64_t bytes = 0;
    for (size_t i = 0; i < c->manifest->count; i++) {
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
    if (status == TPL_OK) {
        status = list_verdicts(v, c);
        if (status != TPL_OK) {
            return tpl__fail(err, status, "%s", tpl_status_text(status));
        }
        order_lists(v, c);
    }
    return status;
}

/* A manifest that has links tells them from files: none stands for what it leads to. */
static tpl_symlinks links_to_follow(const tpl_manifest *manifest,
                                    const tpl_verify_options *options) {
    bool kept = options->symlinks == TPL_SYMLINKS_BENEATH && tpl__manifest_has_links(manifest);
    return kept ? TPL_SYMLINKS_KEEP : options->symlinks;
}

tpl_status tpl_verify(tpl_verification **out, const tpl_manifest *manifest, const char *root,
                      const tpl_verify_options *options, tpl_error *err) {
    *out = NULL;
    check c = {.manifest = manifest,
               .options = options,
               .symlinks = links_to_follow(manifest, options),
               .poll = TPL__POLL_INIT(&options->run),
               .root_fd = -1};
    tpl_status status = refuse_unsafe(&c, err);
    if (status != TPL_OK) {
        return status;
    }
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
