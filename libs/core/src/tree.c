/* SPDX-License-Identifier: MIT */
/* A tree as a manifest: each worker gathers rows for the files it visits, sorted together at the
 * end. */
#include "tree.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "fail.h"
#include "index.h"
#include "known.h"
#include "listed.h"
#include "manifest_dirs.h"
#include "manifest_table.h"
#include "mem.h"
#include "poll.h"
#include "tpl/text.h"
#include "walk.h"

enum {
    NS_PER_SEC = 1000000000
};

typedef struct file_id {
    uint64_t dev;
    uint64_t ino;
} file_id;

typedef struct gatherer {
    tpl__pool *pool;
    tpl__tally *tally;
    tpl__reader *reader; /* made for the first file that is hashed */
    tpl_buffer rows;     /* of tpl__row */
    tpl_buffer dirs;     /* likewise */
    tpl_buffer text;     /* the hashes of the chunks of one file */
    tpl__known_place place;
    tpl__arena arena;
    tpl_snapshot_stats stats;
} gatherer;

typedef struct tree {
    const tpl__tree_options *options;
    tpl__pool pool;
    tpl__index *index;  /* NULL: none is wanted */
    tpl__known indexed; /* files of the index */
    tpl__known known;   /* of the base, or of what says which files to hash */
    gatherer *gatherers;
    tpl__tally *tallies;
    unsigned workers;
    file_id *omit;
    size_t omit_count;
    tpl__time begun;
} tree;

/* What a file has to do with the base manifest. */
typedef enum relation {
    UNKNOWN, /* no base, or the path is new, or size or time differ */
    SUSPECT, /* size and time agree but do not prove anything */
    SAME
} relation;

typedef struct base_entry {
    tpl_entry entry;
    size_t position; /* in canonical order */
} base_entry;

static bool step(size_t bytes, void *payload) {
    gatherer *g = payload;
    tpl__tally_add(g->tally, 0, bytes);
    return !tpl__pool_stopped(g->pool);
}

static int64_t microseconds(const tree *t, tpl__time time) {
    return t->options->truncate_mtime ? tpl__time_cut_to_us(time) : tpl__time_to_us(time);
}

static bool not_older(tpl__time time, int64_t ns) {
    int64_t sec = ns / NS_PER_SEC - (ns % NS_PER_SEC < 0);
    return tpl__time_compare(time, (tpl__time){sec, (uint32_t)(ns - sec * NS_PER_SEC)}) >= 0;
}

/* One microsecond of tolerance, as deadline has it; the difference cannot overflow as unsigned. */
static bool times_agree(int64_t a, int64_t b) {
    return (a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a) <= 1;
}

/* The form that the hash of a file of this size has. */
static tpl_kind kind_of(const tree *t, uint64_t size) {
    return t->options->attributes && size > TPL_CHUNK_SIZE ? TPL_KIND_CHUNKED : TPL_KIND_FILE;
}

static relation relate(const tree *t, gatherer *g, const tpl__found *file, const tpl__stat *stat,
                       base_entry *base) {
    const tpl__tree_options *o = t->options;
    const tpl__row *row = o->base == NULL ? NULL
                                          : tpl__known_find(&t->known, &g->place, file->path,
                                                            file->path_len, &base->position);
    if (row == NULL) {
        return UNKNOWN;
    }
    tpl__row_view(row, &base->entry);
    if (base->entry.deleted || base->entry.kind != kind_of(t, stat->size)) {
        return UNKNOWN;
    }
    if (o->rehash) {
        return SUSPECT;
    }
    if (stat->size != base->entry.size ||
        !times_agree(tpl__time_cut_to_us(stat->mtime), base->entry.mtime)) {
        return UNKNOWN;
    }
    return not_older(stat->mtime, o->base_mtime_ns) ? SUSPECT : SAME;
}

static bool is_omitted(const tree *t, const tpl__stat *stat) {
    for (size_t i = 0; i < t->omit_count; i++) {
        if (t->omit[i].dev == stat->dev && t->omit[i].ino == stat->ino) {
            return true;
        }
    }
    return false;
}

/* For a file that cannot be read. */
static bool is_omitted_by_name(const tree *t, const tpl__found *file) {
    tpl__stat stat;
    bool follow = file->links != TPL__LINKS_NOFOLLOW;
    return t->omit_count > 0 && tpl__fs_stat_at(&stat, file->at, file->name, follow) == 0 &&
           is_omitted(t, &stat);
}

/* Some may execute it. */
static bool is_runnable(const tree *t, const tpl__stat *stat) {
    return t->options->attributes && (stat->mode & 0111) != 0;
}

static bool add_row(gatherer *g, const tpl__found *file, const tpl_entry *entry) {
    tpl__row row = {.path_len = (uint32_t)file->path_len,
                    .tag = (uint32_t)entry->kind | (entry->runnable ? TPL__TAG_RUNNABLE : 0) |
                           (uint32_t)entry->hash_text_len << TPL__TAG_BITS,
                    .size = entry->size,
                    .mtime = entry->mtime};
    row.path = tpl__arena_copy(&g->arena, file->path, file->path_len);
    if (entry->hash_text == NULL) {
        row.hash.digest = entry->hash;
    } else {
        row.hash.text = tpl__arena_copy(&g->arena, entry->hash_text, entry->hash_text_len);
    }
    bool copied = row.path != NULL && (entry->hash_text == NULL || row.hash.text != NULL);
    tpl_buffer *rows = entry->kind == TPL_KIND_DIRECTORY ? &g->dirs : &g->rows;
    return copied && tpl_buffer_append(rows, &row, sizeof(row)) == TPL_OK;
}

static bool same_hash(const tpl_entry *base, const tpl_entry *now) {
    if (base->hash_text == NULL || now->hash_text == NULL) {
        return base->hash_text == now->hash_text && base->hash.high == now->hash.high &&
               base->hash.low == now->hash.low;
    }
    return base->hash_text_len == now->hash_text_len &&
           memcmp(base->hash_text, now->hash_text, now->hash_text_len) == 0;
}

/* A file whose content is known. */
static tpl__outcome known_row(const tree *t, gatherer *g, const tpl__found *file, relation known,
                              const tpl_entry *base, const tpl_entry *entry) {
    bool unchanged = known != UNKNOWN && same_hash(base, entry) && base->size == entry->size;
    if (t->options->delta && unchanged) {
        return TPL__DONE;
    }
    return add_row(g, file, entry) ? TPL__DONE : TPL__FAILED;
}

/* The hashes of chunks as an entry has them; the text lasts until the next file. */
static bool set_chunks(gatherer *g, tpl_entry *entry, const tpl__content *content) {
    g->text.len = 0;
    for (size_t i = 0; i < content->chunk_count; i++) {
        char digits[TPL_HASH_HEX_LEN + 1];
        tpl_hash128_to_hex(content->chunks[i], digits);
        if (tpl_buffer_append(&g->text, ",", i > 0) != TPL_OK ||
            tpl_buffer_append(&g->text, digits, TPL_HASH_HEX_LEN) != TPL_OK) {
            return false; /* GCOVR_EXCL_LINE: memory is out behind hundreds of megabytes */
        }
    }
    if (content->chunk_count > 0) {
        entry->kind = TPL_KIND_CHUNKED;
        entry->hash_text = g->text.data;
        entry->hash_text_len = g->text.len;
    }
    return true;
}

static bool note_in_index(const tree *t, unsigned worker, const tpl__found *file,
                          const tpl__content *content, const tpl_entry *entry) {
    tpl__index_hash hash = {content->hash, entry->hash_text, entry->hash_text_len, 0};
    tpl__index_news news = {file->path, file->path_len, &content->stat, content->size, hash};
    return t->index == NULL || tpl__index_note(t->index, worker, &news);
}

static tpl__outcome hash_row(const tree *t, unsigned worker, const tpl__found *file, relation known,
                             const tpl_entry *base, int *sys_errno) {
    gatherer *g = &t->gatherers[worker];
    *sys_errno = ENOMEM;
    if (g->reader == NULL) {
        g->reader = tpl__reader_new(step, g);
    }
    if (g->reader == NULL) {
        return TPL__FAILED;
    }
    tpl__reader_chunk(g->reader, t->options->attributes ? TPL_CHUNK_SIZE : 0);
    tpl__content content = {.sys_errno = 0};
    tpl__outcome outcome = tpl__reader_hash(g->reader, file->at, file->name, file->links, &content);
    if (outcome == TPL__DONE ? is_omitted(t, &content.stat) : is_omitted_by_name(t, file)) {
        return TPL__DONE;
    }
    if (outcome != TPL__DONE) {
        *sys_errno = content.sys_errno;
        return outcome;
    }
    g->stats.hashed_files++;
    g->stats.hashed_bytes += content.size;
    tpl_entry entry = {.hash = content.hash,
                       .size = content.size,
                       .mtime = microseconds(t, content.stat.mtime),
                       .runnable = is_runnable(t, &content.stat)};
    if (!set_chunks(g, &entry, &content)) {
        return TPL__FAILED; /* GCOVR_EXCL_LINE: memory is out behind hundreds of megabytes */
    }
    if (!note_in_index(t, worker, file, &content, &entry)) {
        return TPL__FAILED;
    }
    return known_row(t, g, file, known, base, &entry);
}

/* The entry of a file that the index knows in this state. */
static bool is_indexed(const tree *t, const tpl__index_query *query, base_entry *found) {
    tpl__index_hash hash;
    const tpl__stat *stat = query->stat;
    tpl_kind kind = kind_of(t, stat->size);
    if (t->index == NULL || !(kind == TPL_KIND_CHUNKED ? tpl__index_find_chunks
                                                       : tpl__index_find)(t->index, query, &hash)) {
        return false;
    }
    found->position = hash.position;
    found->entry = (tpl_entry){.kind = kind,
                               .hash = hash.digest,
                               .hash_text = hash.chunks,
                               .hash_text_len = hash.chunks_len,
                               .size = stat->size,
                               .mtime = microseconds(t, stat->mtime),
                               .runnable = is_runnable(t, stat)};
    return true;
}

/* A file that the index knows, and the base, too, perhaps. */
static tpl__outcome indexed_row(const tree *t, gatherer *g, const tpl__found *file, relation known,
                                const base_entry *base, const base_entry *found) {
    const tpl__known *index = &t->indexed;
    const tpl_entry *entry = &found->entry;
    g->stats.reused_files++;
    if (!t->options->delta && entry->kind == TPL_KIND_FILE && !entry->runnable &&
        index->table->rows[found->position].mtime == entry->mtime) {
        tpl__known_keep(index, found->position);
        return TPL__DONE;
    }
    return known_row(t, g, file, known, &base->entry, entry);
}

/* Rows that need no reading: names, stat results, hashes from the base. */
static tpl__outcome plain_row(const tree *t, gatherer *g, const tpl__found *file,
                              const tpl__stat *stat, const tpl_entry *base, int *sys_errno) {
    if (stat != NULL && is_omitted(t, stat)) {
        return TPL__DONE;
    }
    tpl_entry entry = {.size = 0};
    if (stat != NULL) {
        entry.size = stat->size;
        entry.mtime = microseconds(t, stat->mtime);
        entry.runnable = is_runnable(t, stat);
    }
    if (base != NULL) {
        entry.kind = base->kind;
        g->stats.reused_files++;
        entry.hash = base->hash;
        entry.hash_text = base->hash_text;
        entry.hash_text_len = base->hash_text_len;
    }
    *sys_errno = ENOMEM;
    return add_row(g, file, &entry) ? TPL__DONE : TPL__FAILED;
}

static bool is_hashed(const tree *t, gatherer *g, const tpl__found *file) {
    const tpl__tree_options *o = t->options;
    size_t position;
    return o->hash && (o->hashed == NULL || tpl__known_find(&t->known, &g->place, file->path,
                                                            file->path_len, &position) != NULL);
}

static bool needs_stat(const tree *t, bool hash) {
    const tpl__tree_options *o = t->options;
    bool names_only = o->names_only || (o->hash != hash && !o->stat_all);
    return (!hash && (!names_only || t->omit_count > 0)) || o->base != NULL ||
           (t->index != NULL && !tpl__index_is_empty(t->index));
}

/* A file that is as the base says. */
static tpl__outcome same_row(const tree *t, gatherer *g, const tpl__found *file,
                             const tpl__stat *stat, const base_entry *base, int *sys_errno) {
    if (t->options->delta) {
        g->stats.reused_files++;
        return TPL__DONE;
    }
    if (is_omitted(t, stat) || base->entry.mtime != microseconds(t, stat->mtime) ||
        base->entry.runnable != is_runnable(t, stat)) {
        return plain_row(t, g, file, stat, &base->entry, sys_errno);
    }
    g->stats.reused_files++;
    tpl__known_keep(&t->known, base->position);
    return TPL__DONE;
}

/* The hash of a file, from where it costs least. */
static tpl__outcome content_row(const tree *t, unsigned worker, const tpl__found *file,
                                const tpl__stat *stat, int *sys_errno) {
    gatherer *g = &t->gatherers[worker];
    base_entry base;
    base_entry found;
    const tpl__index_query query = {worker, file->path, file->path_len, stat};
    relation known = stat == NULL ? UNKNOWN : relate(t, g, file, stat, &base);
    if (stat != NULL && is_indexed(t, &query, &found)) {
        return is_omitted(t, stat) ? TPL__DONE : indexed_row(t, g, file, known, &base, &found);
    }
    return known == SAME ? same_row(t, g, file, stat, &base, sys_errno)
                         : hash_row(t, worker, file, known, &base.entry, sys_errno);
}

static tpl__outcome gather(const tree *t, unsigned worker, const tpl__found *file, int *sys_errno) {
    bool hash = is_hashed(t, &t->gatherers[worker], file);
    tpl__stat own;
    const tpl__stat *stat = file->stat;
    if (stat == NULL && needs_stat(t, hash)) {
        *sys_errno = tpl__fs_stat_at(&own, file->at, file->name, false);
        stat = &own;
        if (*sys_errno != 0) {
            return TPL__FAILED;
        }
        if (own.type != TPL__TYPE_FILE) {
            return TPL__NOT_FILE;
        }
    }
    *sys_errno = ENOMEM; /* of a row without room */
    return hash ? content_row(t, worker, file, stat, sys_errno)
                : plain_row(t, &t->gatherers[worker], file, stat, NULL, sys_errno);
}

/* A directory or a link, which need no look at a file. */
static tpl__outcome special_row(const tree *t, gatherer *g, const tpl__found *file,
                                int *sys_errno) {
    tpl_entry entry = {.kind = TPL_KIND_DIRECTORY};
    if (file->type == TPL__TYPE_LINK) {
        if (!t->options->names_only &&
            !tpl_text_link_is_inside(file->path, file->path_len, file->target, file->target_len)) {
            return TPL__OUTSIDE;
        }
        entry = (tpl_entry){
            .kind = TPL_KIND_SYMLINK, .hash_text = file->target, .hash_text_len = file->target_len};
    }
    *sys_errno = file->target_len > TPL__TEXT_MAX ? ENAMETOOLONG : ENOMEM;
    bool added = file->target_len <= TPL__TEXT_MAX && add_row(g, file, &entry);
    return added ? TPL__DONE : TPL__FAILED;
}

static tpl__outcome visit(unsigned worker, const tpl__found *file, int *sys_errno, void *payload) {
    const tree *t = payload;
    /* GCOVR_EXCL_START: no file system has trees so deep */
    if (file->path_len > UINT32_MAX) {
        *sys_errno = ENAMETOOLONG;
        return TPL__FAILED;
    }
    /* GCOVR_EXCL_STOP */
    if (file->type == TPL__TYPE_DIRECTORY) {
        return special_row(t, &t->gatherers[worker], file, sys_errno);
    }
    tpl__outcome outcome = file->type == TPL__TYPE_LINK
                               ? special_row(t, &t->gatherers[worker], file, sys_errno)
                               : gather(t, worker, file, sys_errno);
    tpl__tally_add(t->gatherers[worker].tally, 1, 0);
    return outcome;
}

static void omit(tree *t, const char *path) {
    tpl__stat stat;
    if (path != NULL && tpl__fs_stat_at(&stat, TPL__FS_CWD, path, true) == 0) {
        t->omit[t->omit_count++] = (file_id){stat.dev, stat.ino};
    }
}

static tpl_status find_omitted(tree *t, tpl_error *err) {
    const tpl_strings *paths = &t->options->filter->omit;
    t->omit = tpl__alloc_array(paths->count + 1, sizeof(*t->omit));
    if (t->omit == NULL) {
        return tpl__fail_nomem(err);
    }
    for (size_t i = 0; i < paths->count; i++) {
        omit(t, paths->items[i]);
    }
    omit(t, t->options->index);
    return TPL_OK;
}

/* False: no memory. */
static bool know(tree *t) {
    const tpl__tree_options *o = t->options;
    assert(o->base == NULL || o->hashed == NULL);
    return tpl__known_init(&t->known, o->base != NULL ? o->base : o->hashed);
}

/* Most files are not going to be read, or nobody is told how many there are. */
static bool is_brief(const tree *t) {
    const tpl__tree_options *o = t->options;
    bool known = o->base != NULL || (t->index != NULL && !tpl__index_is_empty(t->index));
    bool told = o->run != NULL && o->run->progress != NULL;
    return !told || !o->hash || (known && !o->rehash);
}

static tpl_status open_index(tree *t, const char *root, tpl_error *err) {
    const tpl__tree_options *o = t->options;
    tpl__index_order order = {o->index, root, o->rehash, t->workers, t->begun, o->run};
    tpl_status status = o->index == NULL ? TPL_OK : tpl__index_new(&t->index, &order, err);
    if (status == TPL_OK && o->index != NULL) {
        status = tpl__known_init(&t->indexed, tpl__index_table(t->index)) ? TPL_OK
                                                                          : tpl__fail_nomem(err);
        t->indexed.foreign_text = true;
    }
    return status;
}

/* A directory that changes while it is listed can give a name twice; both rows are true. */
static void drop_duplicates(tpl_manifest *manifest) {
    size_t kept = 0;
    for (size_t i = 0; manifest->duplicates > 0 && i < manifest->count; i++) {
        const tpl__row *row = &manifest->rows[i];
        const tpl__row *last = kept == 0 ? NULL : &manifest->rows[kept - 1];
        if (last != NULL && last->path_len == row->path_len &&
            memcmp(last->path, row->path, row->path_len) == 0) {
            manifest->total_size -= last->size;
            kept--;
        }
        manifest->rows[kept++] = *row;
    }
    manifest->count = manifest->duplicates > 0 ? kept : manifest->count;
    manifest->duplicates = 0;
}

/* Their text comes with the arena. */
static bool adopt_dirs(tpl_manifest *manifest, const gatherer *g) {
    const tpl__row *rows = (const void *)g->dirs.data;
    for (size_t i = 0; i < g->dirs.len / sizeof(*rows); i++) {
        tpl__row *dir = tpl__dirs_append(&manifest->dirs);
        if (dir == NULL) {
            return false;
        }
        *dir = rows[i];
    }
    return true;
}

static tpl_status assemble(tree *t, tpl_manifest **out, tpl_snapshot_stats *stats, tpl_error *err) {
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl_manifest_new(&manifest, err);
    tpl_snapshot_stats sum = {.begun_ns = t->begun.sec * NS_PER_SEC + t->begun.nsec};
    size_t total = 0;
    for (unsigned i = 0; i < t->workers; i++) {
        total += t->gatherers[i].rows.len / sizeof(tpl__row);
    }
    if (status == TPL_OK && !tpl__manifest_reserve(manifest, total)) {
        status = tpl__fail_nomem(err);
    }
    for (unsigned i = 0; status == TPL_OK && i < t->workers; i++) {
        gatherer *g = &t->gatherers[i];
        sum.hashed_files += g->stats.hashed_files;
        sum.hashed_bytes += g->stats.hashed_bytes;
        sum.reused_files += g->stats.reused_files;
        size_t count = g->rows.len / sizeof(tpl__row);
        status = adopt_dirs(manifest, g) ? TPL_OK : TPL_E_NOMEM;
        if (status == TPL_OK) {
            status = tpl__manifest_adopt(manifest, (void *)g->rows.data, count, &g->arena);
            tpl_buffer_dispose(&g->rows);
        }
        if (status != TPL_OK) {
            tpl__fail(err, status, "%s", tpl_status_text(status));
        }
    }
    tpl__poll poll = TPL__POLL_INIT(t->options->run);
    status = status != TPL_OK ? status : tpl__manifest_order(manifest, true, &poll, err);
    if (status != TPL_OK) {
        tpl_manifest_free(manifest);
        return status;
    }
    drop_duplicates(manifest);
    status = tpl__known_add_kept(&t->known, manifest, t->options->spare, &poll);
    if (status == TPL_OK && t->index != NULL) {
        status = tpl__known_add_kept(&t->indexed, manifest, tpl__index_table(t->index), &poll);
    }
    if (status != TPL_OK) {
        tpl_manifest_free(manifest);
        return tpl__fail(err, status, "%s", tpl_status_text(status));
    }
    if (stats != NULL) {
        *stats = sum;
    }
    *out = manifest;
    return TPL_OK;
}

static void dispose(tree *t) {
    for (unsigned i = 0; t->gatherers != NULL && i < t->workers; i++) {
        tpl__reader_free(t->gatherers[i].reader);
        tpl_buffer_dispose(&t->gatherers[i].rows);
        tpl_buffer_dispose(&t->gatherers[i].dirs);
        tpl_buffer_dispose(&t->gatherers[i].text);
        tpl__arena_dispose(&t->gatherers[i].arena);
    }
    tpl__index_free(t->index);
    tpl__known_dispose(&t->indexed);
    tpl__known_dispose(&t->known);
    tpl__free(t->gatherers);
    tpl__free(t->tallies);
    tpl__free(t->omit);
}

tpl_status tpl__tree_scan(tpl_manifest **out, const char *root, const tpl__tree_options *options,
                          tpl_snapshot_stats *stats, tpl_error *err) {
    *out = NULL;
    tree t = {.options = options,
              .workers = tpl__pool_workers(options->run, root),
              .begun = tpl__fs_now()};
    t.gatherers = tpl__alloc_array(t.workers, sizeof(*t.gatherers));
    t.tallies = tpl__alloc_array(t.workers, sizeof(*t.tallies));
    tpl__pool_init(&t.pool, t.tallies, t.workers);
    bool room = t.gatherers != NULL && t.tallies != NULL && know(&t);
    for (unsigned i = 0; room && i < t.workers; i++) {
        t.gatherers[i].pool = &t.pool;
        t.gatherers[i].tally = &t.tallies[i];
    }
    tpl_status status = room ? find_omitted(&t, err) : tpl__fail_nomem(err);
    status = status != TPL_OK ? status : open_index(&t, root, err);
    if (status == TPL_OK) {
        tpl__walk_order order = {root,        options->filter, options->run, &t.pool,
                                 t.workers,   visit,           &t,           options->directories,
                                 is_brief(&t)};
        status = options->files == NULL ? tpl__walk(&order, err)
                                        : tpl__listed(&order, options->files, err);
    }
    if (status == TPL_OK && t.index != NULL) {
        status = tpl__index_save(t.index, options->filter, err);
        tpl__index_tell(t.index);
    }
    if (status == TPL_OK) {
        status = assemble(&t, out, stats, err);
    }
    dispose(&t);
    return status;
}
