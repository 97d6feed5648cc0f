/* SPDX-License-Identifier: MIT */
/* Look-ups in an index while a tree is scanned, and the index that comes out of it.
 *
 * Every write moves ctime to the clock's time, so a file whose ctime was older than the scan, by
 * more than a step of its time stamps, cannot have changed since without another ctime. What is
 * fresher is not remembered: the next scan reads it again. */
#include "index.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "fail.h"
#include "glob.h"
#include "index_file.h"
#include "known.h"
#include "manifest_table.h"
#include "mem.h"
#include "order.h"
#include "output.h"
#include "poll.h"
#include "tpl/entry.h"
#include "tpl/file.h"
#include "tpl/text.h"

enum {
    NS_PER_SEC = 1000000000,
    NS_PER_US = 1000
};

/* A file's hash, and those of its chunks, are two records: an index serves both formats. */
enum {
    WHOLE,
    CHUNKS,
    FORMS
};

typedef struct gathered {
    tpl_buffer records; /* of tpl__index_record */
    tpl_buffer text;
    tpl__known_place place; /* in the table of that form */
} gathered;

struct tpl__index {
    tpl__index_order order;
    tpl__stat root;
    tpl_buffer data; /* the file */
    tpl__index_view view;
    tpl_manifest *tables[FORMS]; /* a row for each record, in the same order */
    tpl__known known[FORMS];     /* of these: what goes into the next index */
    gathered *gathered;          /* one for each worker and form */
    bool unusable;               /* neither read nor written */
    bool stale;                  /* to be written even without news */
    bool warned;
    tpl_warning_kind warning;
    int sys_errno; /* of the warning */
};

static void warn(tpl__index *index, tpl_warning_kind kind, int sys_errno) {
    index->warned = true;
    index->warning = kind;
    index->sys_errno = sys_errno;
}

/* --- reading --- */

static void judge(tpl__index *index, tpl__index_verdict verdict) {
    static const tpl_warning_kind KINDS[] = {[TPL__INDEX_DAMAGED] = TPL_WARN_INDEX_DAMAGED,
                                             [TPL__INDEX_VERSION] = TPL_WARN_INDEX_VERSION,
                                             [TPL__INDEX_OTHER_TREE] = TPL_WARN_INDEX_OTHER_TREE,
                                             [TPL__INDEX_FOREIGN] = TPL_WARN_INDEX_FOREIGN};
    if (verdict != TPL__INDEX_GOOD) {
        warn(index, KINDS[verdict], 0);
        index->stale = true;
        index->unusable = verdict == TPL__INDEX_FOREIGN;
    }
}

/* A file that is not even regular is none of ours. */
static tpl_status load(tpl__index *index, tpl_error *err) {
    tpl__stat stat;
    tpl_error why = TPL_ERROR_INIT;
    int error = tpl__fs_stat_at(&stat, TPL__FS_CWD, index->order.path, true);
    if (error == ENOENT) {
        index->stale = true;
        return TPL_OK;
    }
    if (error == 0 && stat.type != TPL__TYPE_FILE) {
        judge(index, TPL__INDEX_FOREIGN);
        return TPL_OK;
    }
    tpl_status status =
        error == 0 ? tpl_file_read(&index->data, index->order.path, NULL, index->order.run, &why)
                   : tpl__fail_os(&why, error, index->order.path);
    if (status == TPL_OK) {
        judge(index,
              tpl__index_parse(&index->view, index->data.data, index->data.len, index->root.ino));
    } else if (status == TPL_E_IO) {
        warn(index, TPL_WARN_INDEX_UNREADABLE, why.sys_errno);
        index->unusable = true;
        status = TPL_OK;
    }
    tpl_error_dispose(&why);
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

static size_t first_of(const tpl__index *index, size_t form) {
    return form == WHOLE ? 0 : form == CHUNKS ? index->view.whole : index->view.count;
}

/* Rows for the records of one form; *text moves on behind them. */
static tpl_status fill_table(tpl_manifest *table, const tpl__index *index, size_t form,
                             const char **text) {
    tpl__poll poll = TPL__POLL_INIT(index->order.run);
    size_t first = first_of(index, form);
    size_t count = first_of(index, form + 1) - first;
    if (!tpl__manifest_reserve(table, count)) {
        return TPL_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const tpl__index_record *record = &index->view.records[first + i];
        *tpl__manifest_append(table) =
            (tpl__row){.path = *text,
                       .path_len = record->path_len,
                       .hash.digest = record->hash,
                       .size = record->size,
                       .mtime = record->mtime / NS_PER_US - (record->mtime % NS_PER_US < 0)};
        *text += (size_t)record->path_len + record->chunks_len;
        if (tpl__poll_stops_at(&poll, i)) {
            return TPL_E_CANCELLED;
        }
    }
    table->sealed = tpl__order_is_canonical(table->rows, count, &poll, &table->duplicates);
    return poll.stopped ? TPL_E_CANCELLED : TPL_OK;
}

/* Both tables; without any records where these are not in order, which we never write. */
static tpl_status make_tables(tpl__index *index, tpl_error *err) {
    const char *text = index->view.text;
    tpl_status status = TPL_OK;
    bool sorted = true;
    for (size_t form = 0; status == TPL_OK && form < FORMS; form++) {
        status = tpl_manifest_new(&index->tables[form], NULL);
        if (status == TPL_OK) {
            status = fill_table(index->tables[form], index, form, &text);
        }
        sorted = sorted && status == TPL_OK && index->tables[form]->sealed;
    }
    if (status == TPL_OK && !sorted) {
        judge(index, TPL__INDEX_DAMAGED);
        index->view = (tpl__index_view){.records = NULL};
        tpl__manifest_empty(index->tables[WHOLE]);
        tpl__manifest_empty(index->tables[CHUNKS]);
    }
    for (size_t form = 0; status == TPL_OK && form < FORMS; form++) {
        if (!tpl__known_init(&index->known[form], index->tables[form])) {
            status = TPL_E_NOMEM;
        }
    }
    return status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
}

tpl_status tpl__index_new(tpl__index **out, const tpl__index_order *order, tpl_error *err) {
    *out = NULL;
    tpl__index *index = tpl__alloc_array(1, sizeof(*index));
    if (index == NULL) {
        return tpl__fail_nomem(err);
    }
    index->order = *order;
    index->gathered = tpl__alloc_array((size_t)order->workers * FORMS, sizeof(*index->gathered));
    tpl_status status = index->gathered == NULL ? tpl__fail_nomem(err) : TPL_OK;
    if (status == TPL_OK) {
        /* without a root there is no tree either: the walk is going to say so */
        index->unusable = tpl__fs_stat_at(&index->root, TPL__FS_CWD, order->root, true) != 0;
        status = index->unusable ? TPL_OK : load(index, err);
    }
    status = status != TPL_OK ? status : make_tables(index, err);
    if (status != TPL_OK) {
        tpl__index_free(index);
        return status;
    }
    *out = index;
    return TPL_OK;
}

static size_t gathered_count(const tpl__index *index) {
    return (size_t)index->order.workers * FORMS;
}

void tpl__index_free(tpl__index *index) {
    if (index == NULL) {
        return;
    }
    for (size_t i = 0; index->gathered != NULL && i < gathered_count(index); i++) {
        tpl_buffer_dispose(&index->gathered[i].records);
        tpl_buffer_dispose(&index->gathered[i].text);
    }
    tpl__free(index->gathered);
    for (size_t form = 0; form < FORMS; form++) {
        tpl__known_dispose(&index->known[form]);
        tpl_manifest_free(index->tables[form]);
    }
    tpl_buffer_dispose(&index->data);
    tpl__free(index);
}

/* --- while the tree is scanned --- */

bool tpl__index_is_empty(const tpl__index *index) {
    return index->order.rehash || index->view.count == 0;
}

tpl_manifest *tpl__index_table(tpl__index *index) {
    return index->tables[WHOLE];
}

static bool nanoseconds(int64_t *out, tpl__time time) {
    if (time.sec >= INT64_MAX / NS_PER_SEC || time.sec <= INT64_MIN / NS_PER_SEC) {
        return false;
    }
    *out = time.sec * NS_PER_SEC + time.nsec;
    return true;
}

/* The state of a file; false when it cannot be recorded. */
static bool state_of(tpl__index_record *out, const tpl__index *index, const tpl__stat *stat) {
    *out = (tpl__index_record){
        .size = stat->size, .ino = stat->ino, .dev = stat->dev == index->root.dev ? 0 : stat->dev};
    return nanoseconds(&out->mtime, stat->mtime) && nanoseconds(&out->ctime, stat->ctime);
}

/* The record of a file if its state is that one, which then stays; else NULL. */
static const tpl__index_record *recall(tpl__index *index, size_t form,
                                       const tpl__index_query *query, size_t *position) {
    tpl__index_record now;
    tpl__known_place *place = &index->gathered[query->worker * FORMS + form].place;
    if (tpl__index_is_empty(index) ||
        tpl__known_find(&index->known[form], place, query->path, query->path_len, position) ==
            NULL ||
        !state_of(&now, index, query->stat)) {
        return NULL;
    }
    const tpl__index_record *then = &index->view.records[first_of(index, form) + *position];
    if (then->size != now.size || then->mtime != now.mtime || then->ctime != now.ctime ||
        then->ino != now.ino || then->dev != now.dev) {
        return NULL;
    }
    tpl__known_keep(&index->known[form], *position);
    return then;
}

bool tpl__index_find(tpl__index *index, const tpl__index_query *query, tpl__index_hash *hash) {
    size_t position;
    size_t other;
    const tpl__index_record *then = recall(index, WHOLE, query, &position);
    if (query->stat->size > TPL_CHUNK_SIZE) { /* the other format's stays, too */
        (void)recall(index, CHUNKS, query, &other);
    }
    if (then == NULL) {
        return false;
    }
    *hash = (tpl__index_hash){.position = position, .digest = then->hash};
    return true;
}

bool tpl__index_find_chunks(tpl__index *index, const tpl__index_query *query,
                            tpl__index_hash *hash) {
    size_t position;
    size_t other;
    const tpl__index_record *then = recall(index, CHUNKS, query, &position);
    (void)recall(index, WHOLE, query, &other);
    if (then == NULL) {
        return false;
    }
    const tpl__row *row = &index->tables[CHUNKS]->rows[position];
    *hash = (tpl__index_hash){.chunks = row->path + row->path_len, .chunks_len = then->chunks_len};
    return true;
}

/* How far apart two time stamps of its file system may be: those without fractions of a second come
 * from one that has none, two seconds at worst. */
static int64_t grain(const tpl__stat *stat) {
    return stat->ctime.nsec == 0 ? (int64_t)2 * NS_PER_SEC : tpl__fs_tick();
}

/* Not where size says nothing (/proc, whose files can be empty now and full later). */
static bool tells_of_changes(const tpl__index *index, const tpl__index_news *news,
                             const tpl__index_record *state) {
    const tpl__stat *stat = news->stat;
    int64_t begun = 0;
    bool sized = news->size == stat->size && (stat->size > 0 || stat->dev == index->root.dev);
    return sized && nanoseconds(&begun, index->order.begun) && state->ctime < begun - grain(stat);
}

bool tpl__index_note(tpl__index *index, unsigned worker, const tpl__index_news *news) {
    const tpl__index_hash *hash = &news->hash;
    size_t form = hash->chunks == NULL ? WHOLE : CHUNKS;
    gathered *to = &index->gathered[worker * FORMS + form];
    tpl__index_record record;
    if (index->unusable || !state_of(&record, index, news->stat) ||
        !tells_of_changes(index, news, &record)) {
        return true;
    }
    record.hash = hash->digest;
    record.path_len = (uint32_t)news->path_len;
    record.chunks_len = (uint32_t)hash->chunks_len;
    return tpl_buffer_append(&to->text, news->path, news->path_len) == TPL_OK &&
           tpl_buffer_append(&to->text, hash->chunks, hash->chunks_len) == TPL_OK &&
           tpl_buffer_append(&to->records, &record, sizeof(record)) == TPL_OK;
}

/* --- writing --- */

/* A record of the next index, and its text. */
typedef struct piece {
    const tpl__index_record *record;
    const char *text;
} piece;

typedef struct pieces {
    piece *items; /* in canonical order of paths */
    size_t count;
    size_t text_len;
} pieces;

static void add_piece(pieces *to, const tpl__index_record *record, const char *text) {
    to->items[to->count++] = (piece){record, text};
    to->text_len += (size_t)record->path_len + record->chunks_len;
}

static size_t news_count(const tpl__index *index, size_t form) {
    size_t count = 0;
    for (size_t i = form; i < gathered_count(index); i += FORMS) {
        count += index->gathered[i].records.len / sizeof(tpl__index_record);
    }
    return count;
}

/* What workers gathered, sorted; rows' texts are their records. */
static tpl_status sort_news(tpl_manifest *news, const tpl__index *index, size_t form,
                            tpl__poll *poll) {
    if (!tpl__manifest_reserve(news, news_count(index, form))) {
        return TPL_E_NOMEM;
    }
    for (size_t i = form; i < gathered_count(index); i += FORMS) {
        const gathered *from = &index->gathered[i];
        const tpl__index_record *records = (const void *)from->records.data;
        const char *text = from->text.data;
        for (size_t k = 0; k < from->records.len / sizeof(*records); k++) {
            *tpl__manifest_append(news) = (tpl__row){.path = text,
                                                     .path_len = records[k].path_len,
                                                     .hash.text = (const void *)&records[k]};
            text += (size_t)records[k].path_len + records[k].chunks_len;
        }
    }
    return tpl__manifest_order(news, true, poll, NULL);
}

/* What stays and what is new, merged. */
static void merge_pieces(pieces *out, const tpl__index *index, size_t form,
                         const tpl_manifest *news) {
    const tpl_manifest *table = index->tables[form];
    const tpl__row *fresh = news->rows;
    const tpl__row *end = fresh + news->count;
    for (size_t i = 0; i < table->count; i++) {
        const tpl__row *row = &table->rows[i];
        if (!tpl__known_is_kept(&index->known[form], i)) {
            continue;
        }
        for (; fresh < end &&
               tpl__order_of(fresh->path, fresh->path_len, row->path, row->path_len) < 0;
             fresh++) {
            add_piece(out, (const void *)fresh->hash.text, fresh->path);
        }
        add_piece(out, &index->view.records[first_of(index, form) + i], row->path);
    }
    for (; fresh < end; fresh++) {
        add_piece(out, (const void *)fresh->hash.text, fresh->path);
    }
}

static tpl_status collect(pieces *out, const tpl__index *index, size_t form) {
    tpl__poll poll = TPL__POLL_INIT(index->order.run);
    tpl_manifest *news = NULL;
    tpl_status status = tpl_manifest_new(&news, NULL);
    if (status == TPL_OK) {
        status = sort_news(news, index, form, &poll);
    }
    if (status == TPL_OK) {
        out->items = tpl__alloc_array(index->tables[form]->count + news->count, sizeof(piece));
        status = out->items == NULL ? TPL_E_NOMEM : TPL_OK;
    }
    if (status == TPL_OK) {
        merge_pieces(out, index, form, news);
    }
    tpl_manifest_free(news);
    return status;
}

typedef struct saver {
    tpl_output *out;
    tpl_hasher *hasher;
    tpl_status status;
} saver;

static void put(saver *s, const void *data, size_t len) {
    if (s->status == TPL_OK && len > 0) {
        tpl_hasher_update(s->hasher, data, len);
        s->status = tpl_output_write(data, len, s->out);
    }
}

static void put_all(saver *s, const tpl__index *index, const pieces all[FORMS]) {
    size_t count = 0;
    size_t text_len = 0;
    for (size_t form = 0; form < FORMS; form++) {
        count += all[form].count;
        text_len += all[form].text_len;
    }
    const tpl__index_head head = tpl__index_head_of(index->root.ino, count, text_len);
    put(s, &head, sizeof(head));
    for (size_t form = 0; form < FORMS; form++) {
        for (size_t i = 0; i < all[form].count; i++) {
            put(s, all[form].items[i].record, sizeof(tpl__index_record));
        }
    }
    for (size_t form = 0; form < FORMS; form++) {
        for (size_t i = 0; i < all[form].count; i++) {
            const tpl__index_record *record = all[form].items[i].record;
            put(s, all[form].items[i].text, (size_t)record->path_len + record->chunks_len);
        }
    }
    tpl_hash128 hash = tpl_hasher_digest(s->hasher);
    put(s, &hash, sizeof(hash));
}

/* What was not found, but is none of the files that this scan asked for, stays as it is. False
 * when the next index is what the file holds already. */
static bool settle(tpl__index *index, const tpl__glob *glob) {
    bool news = index->stale;
    for (size_t form = 0; form < FORMS; form++) {
        const tpl_manifest *table = index->tables[form];
        for (size_t i = 0; i < table->count; i++) {
            const tpl__row *row = &table->rows[i];
            if (!tpl__known_is_kept(&index->known[form], i) && !tpl__glob_is_all(glob) &&
                !tpl__glob_file(glob, row->path, row->path_len)) {
                tpl__known_keep(&index->known[form], i);
            }
            news = news || !tpl__known_is_kept(&index->known[form], i);
        }
        news = news || news_count(index, form) > 0;
    }
    return news;
}

static tpl_status write_file(tpl__index *index, tpl_error *err) {
    saver s = {.out = NULL};
    pieces all[FORMS] = {{NULL, 0, 0}, {NULL, 0, 0}};
    tpl_status status = tpl_hasher_new(&s.hasher);
    for (size_t form = 0; status == TPL_OK && form < FORMS; form++) {
        status = collect(&all[form], index, form);
    }
    if (status == TPL_OK) {
        status = tpl_output_new(&s.out, index->order.path, index->order.run, err);
    }
    if (status == TPL_OK) {
        tpl__output_is_cache(s.out);
        put_all(&s, index, all);
        status = tpl_output_commit(s.out, err);
    }
    tpl__free(all[WHOLE].items);
    tpl__free(all[CHUNKS].items);
    tpl_output_free(s.out);
    tpl_hasher_free(s.hasher);
    return status;
}

tpl_status tpl__index_save(tpl__index *index, const tpl_filter *filter, tpl_error *err) {
    tpl__glob *glob = NULL;
    tpl_error why = TPL_ERROR_INIT;
    if (index->unusable) {
        return TPL_OK;
    }
    tpl_status status = tpl__glob_new(&glob, filter, err);
    if (status == TPL_OK && settle(index, glob)) {
        status = write_file(index, &why);
        if (status == TPL_E_IO) {
            warn(index, TPL_WARN_INDEX_UNWRITTEN, why.sys_errno);
            status = TPL_OK;
        } else if (status != TPL_OK) {
            tpl__fail(err, status, "%s", tpl_status_text(status));
        }
    }
    tpl_error_dispose(&why);
    tpl__glob_free(glob);
    return status;
}

void tpl__index_tell(const tpl__index *index) {
    const tpl_run *run = index->order.run;
    tpl_buffer path = TPL_BUFFER_INIT;
    const char *os_path = index->order.path;
    if (index->warned && run->warning != NULL) {
        if (tpl_text_from_os(&path, os_path, strlen(os_path)) == TPL_OK) {
            tpl_warning warning = {index->warning, path.data, path.len, index->sys_errno};
            run->warning(&warning, run->payload);
        }
    }
    tpl_buffer_dispose(&path);
}
