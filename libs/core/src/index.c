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
#include "huge.h"
#include "index_file.h"
#include "lookup.h"
#include "mem.h"
#include "output.h"
#include "poll.h"
#include "tpl/entry.h"
#include "tpl/file.h"
#include "tpl/text.h"

enum {
    NS_PER_SEC = 1000000000
};

/* A record's path, and whether the record goes into the next index. */
typedef struct row {
    tpl__path_ref ref;
    atomic_bool stays;
} row;

/* A file's hash, and those of its chunks, are two records: an index serves both formats. */
enum {
    WHOLE,
    CHUNKS,
    FORMS
};

typedef struct gathered {
    tpl_buffer records; /* of tpl__index_record */
    tpl_buffer text;
} gathered;

struct tpl__index {
    tpl__index_order order;
    tpl__stat root;
    tpl_buffer data; /* the file */
    tpl__index_view view;
    row *rows; /* one a record */
    tpl__lookup lookups[FORMS];
    gathered *gathered; /* one for each worker and form */
    bool unusable;      /* neither read nor written */
    bool stale;         /* to be written even without news */
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
    if (error == 0 && stat.size < SIZE_MAX &&
        tpl_buffer_reserve(&index->data, (size_t)stat.size + 1) == TPL_OK) {
        tpl__huge_hint(index->data.data, index->data.cap);
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

static tpl_status make_table(tpl__index *index, tpl_error *err) {
    size_t count = index->view.count;
    const char *text = index->view.text;
    index->rows = tpl__alloc_array(count, sizeof(*index->rows));
    if (index->rows == NULL) {
        return tpl__fail_nomem(err);
    }
    tpl__huge_hint(index->rows, count * sizeof(*index->rows));
    for (size_t i = 0; i < count; i++) {
        const tpl__index_record *record = &index->view.records[i];
        index->rows[i].ref = (tpl__path_ref){text, record->path_len};
        text += (size_t)record->path_len + record->chunks_len;
    }
    size_t whole = index->order.rehash ? 0 : index->view.whole;
    size_t chunks = index->order.rehash ? 0 : count - index->view.whole;
    const row *behind = index->rows + index->view.whole;
    tpl__poll poll = {index->order.run, 0};
    tpl_status status =
        tpl__lookup_init(&index->lookups[WHOLE], index->rows, whole, sizeof(row), &poll);
    if (status == TPL_OK) {
        status = tpl__lookup_init(&index->lookups[CHUNKS], behind, chunks, sizeof(row), &poll);
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
    status = status != TPL_OK ? status : make_table(index, err);
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
    tpl__lookup_dispose(&index->lookups[WHOLE]);
    tpl__lookup_dispose(&index->lookups[CHUNKS]);
    tpl__free(index->rows);
    tpl_buffer_dispose(&index->data);
    tpl__free(index);
}

/* --- while the tree is scanned --- */

bool tpl__index_is_empty(const tpl__index *index) {
    return index->lookups[WHOLE].slots == NULL && index->lookups[CHUNKS].slots == NULL;
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
static const tpl__index_record *recall(tpl__index *index, size_t form, const char *path, size_t len,
                                       const tpl__stat *stat) {
    tpl__index_record now;
    size_t number = tpl__lookup_find(&index->lookups[form], path, len);
    if (number == TPL__LOOKUP_NONE || !state_of(&now, index, stat)) {
        return NULL;
    }
    number += form == CHUNKS ? index->view.whole : 0;
    const tpl__index_record *then = &index->view.records[number];
    if (then->size != now.size || then->mtime != now.mtime || then->ctime != now.ctime ||
        then->ino != now.ino || then->dev != now.dev) {
        return NULL;
    }
    atomic_store_explicit(&index->rows[number].stays, true, memory_order_relaxed);
    return then;
}

bool tpl__index_find(tpl__index *index, const char *path, size_t len, const tpl__stat *stat,
                     tpl__index_hash *hash) {
    const tpl__index_record *then = recall(index, WHOLE, path, len, stat);
    if (stat->size > TPL_CHUNK_SIZE) { /* the other format's stays, too */
        (void)recall(index, CHUNKS, path, len, stat);
    }
    if (then == NULL) {
        return false;
    }
    *hash = (tpl__index_hash){.digest = then->hash};
    return true;
}

bool tpl__index_find_chunks(tpl__index *index, const char *path, size_t len, const tpl__stat *stat,
                            tpl__index_hash *hash) {
    const tpl__index_record *then = recall(index, CHUNKS, path, len, stat);
    (void)recall(index, WHOLE, path, len, stat);
    if (then == NULL) {
        return false;
    }
    const tpl__path_ref *ref = &index->rows[then - index->view.records].ref;
    *hash = (tpl__index_hash){.chunks = ref->path + ref->path_len, .chunks_len = then->chunks_len};
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

typedef struct saver {
    tpl__index *index;
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

static bool stays(const tpl__index *index, size_t i) {
    return atomic_load_explicit(&index->rows[i].stays, memory_order_relaxed);
}

static size_t text_length(const tpl__index *index, size_t i) {
    const tpl__index_record *record = &index->view.records[i];
    return (size_t)record->path_len + record->chunks_len;
}

static size_t first_of(const tpl__index *index, size_t form) {
    return form == WHOLE ? 0 : form == CHUNKS ? index->view.whole : index->view.count;
}

static void put_records(saver *s, size_t form) {
    const tpl__index *index = s->index;
    for (size_t i = first_of(index, form); i < first_of(index, form + 1); i++) {
        put(s, &index->view.records[i], stays(index, i) ? sizeof(tpl__index_record) : 0);
    }
    for (size_t i = form; i < gathered_count(index); i += FORMS) {
        put(s, index->gathered[i].records.data, index->gathered[i].records.len);
    }
}

static void put_text(saver *s, size_t form) {
    const tpl__index *index = s->index;
    for (size_t i = first_of(index, form); i < first_of(index, form + 1); i++) {
        put(s, index->rows[i].ref.path, stays(index, i) ? text_length(index, i) : 0);
    }
    for (size_t i = form; i < gathered_count(index); i += FORMS) {
        put(s, index->gathered[i].text.data, index->gathered[i].text.len);
    }
}

static void put_all(saver *s, const tpl__index_head *head) {
    put(s, head, sizeof(*head));
    put_records(s, WHOLE);
    put_records(s, CHUNKS);
    put_text(s, WHOLE);
    put_text(s, CHUNKS);
    tpl_hash128 hash = tpl_hasher_digest(s->hasher);
    put(s, &hash, sizeof(hash));
}

/* What was not found, but is none of the files that this scan asked for, stays as it is. Counts
 * what the next index holds; false when that is what the file holds already. */
static bool settle(tpl__index *index, const tpl__glob *glob, tpl__index_head *head) {
    size_t count = 0;
    size_t text_len = 0;
    for (size_t i = 0; i < index->view.count; i++) {
        const tpl__path_ref *ref = &index->rows[i].ref;
        if (!stays(index, i) && !tpl__glob_is_all(glob) &&
            !tpl__glob_file(glob, ref->path, ref->path_len)) {
            atomic_store_explicit(&index->rows[i].stays, true, memory_order_relaxed);
        }
        count += stays(index, i);
        text_len += stays(index, i) ? text_length(index, i) : 0;
    }
    bool news = index->stale || count != index->view.count;
    for (size_t i = 0; i < gathered_count(index); i++) {
        const gathered *more = &index->gathered[i];
        count += more->records.len / sizeof(tpl__index_record);
        text_len += more->text.len;
        news = news || more->records.len > 0;
    }
    *head = tpl__index_head_of(index->root.ino, count, text_len);
    return news;
}

static tpl_status write_file(tpl__index *index, const tpl__index_head *head, tpl_error *err) {
    saver s = {.index = index};
    tpl_status status = tpl_hasher_new(&s.hasher);
    if (status == TPL_OK) {
        status = tpl_output_new(&s.out, index->order.path, index->order.run, err);
    }
    if (status == TPL_OK) {
        tpl__output_is_cache(s.out);
        put_all(&s, head);
        status = tpl_output_commit(s.out, err);
    }
    tpl_output_free(s.out);
    tpl_hasher_free(s.hasher);
    return status;
}

tpl_status tpl__index_save(tpl__index *index, const tpl_filter *filter, tpl_error *err) {
    tpl__glob *glob = NULL;
    tpl__index_head head;
    tpl_error why = TPL_ERROR_INIT;
    if (index->unusable) {
        return TPL_OK;
    }
    tpl_status status = tpl__glob_new(&glob, filter, err);
    if (status == TPL_OK && settle(index, glob, &head)) {
        status = write_file(index, &head, &why);
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
