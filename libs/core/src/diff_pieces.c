/* SPDX-License-Identifier: MIT */
/* The older document is cut where an entry begins, some way behind the last cut; the newer one
 * where the first path begins that does not come before that entry's. As long as nobody knows that
 * the documents are sorted, a cut is but a guess: who reads a piece sees to it that its paths are
 * sorted and within its bounds, which makes all of them sorted. */
#include "diff_pieces.h"

#include "manifest_table.h"
#include "mem.h"
#include "order.h"
#include "pool.h"
#include "thread.h"

#define SIGHT ((size_t)8 << 10) /* an entry begins and ends in it, or there is no cut */
#define FIRST_STEP ((uint64_t)4 << 10)

typedef struct bound {
    const char *path; /* NULL: there is none */
    size_t len;
} bound;

/* One document, as far as it is cut. */
typedef struct document {
    const tpl__v2023_source *source;
    uint64_t at;
    tpl_manifest probe; /* the entry that was looked at */
} document;

typedef struct range {
    uint64_t from;
    uint64_t to;
} range;

typedef struct piece {
    size_t index;
    bool last;
    bound from; /* no path comes before it */
    bound to;   /* every path does */
    range before;
    range after;
} piece;

typedef struct pieces {
    tpl__pool pool;
    tpl__join join; /* but for its manifests */
    tpl__mutex lock;
    /* The rest is for who holds the lock. */
    document before;
    document after;
    tpl__arena bounds;
    bound bound; /* where the next piece begins */
    size_t taken;
    bool cut; /* to the end */
    tpl_diff **diffs;
    bool ours;
    tpl_status status;
} pieces;

static int compare(bound a, const tpl__row *b) {
    return tpl__order_of(a.path, a.len, b->path, b->path_len);
}

/* --- cutting --- */

/* The first entry, but for the document's first, that begins at or behind `*at`, which becomes
 * where it begins. NULL: none is in sight. */
static const tpl__row *look(document *d, uint64_t *at) {
    uint64_t from = *at < 2 ? 0 : *at - 2; /* where the entry before it ends */
    size_t len = SIGHT;
    const char *text = d->source->look(from, &len, d->source->payload);
    size_t start = tpl__v2023_find_entry(text, len);
    size_t size = start == SIZE_MAX ? SIZE_MAX : tpl__v2023_find_entry(text + start, len - start);
    if (size == SIZE_MAX) {
        return NULL;
    }
    tpl__window window = {.at = text + start, .end = text + start + size, .ended = true};
    tpl__v2023_part part = {.first = false};
    tpl__poll nobody = TPL__POLL_INIT(NULL);
    d->probe.count = 0;
    tpl__arena_clear(&d->probe.arena);
    tpl_status status = tpl__v2023_read_part(&d->probe, &window, &part, &nobody);
    *at = from + start;
    return status == TPL_OK && part.taken ? d->probe.rows : NULL;
}

/* Where the first entry begins whose path does not come before `to`, near `guess` most likely; 0:
 * none is in sight, or it may be the document's first. */
static uint64_t find(document *d, bound to, uint64_t guess) {
    uint64_t low = d->at;
    uint64_t high = d->source->size;
    uint64_t found = 0;
    uint64_t step = FIRST_STEP;
    uint64_t at = guess;
    bool bounded[2] = {false, false};
    while (low < high) {
        bool narrow = bounded[0] && bounded[1];
        at = narrow || at < low || at >= high ? low + (high - low) / 2 : at;
        uint64_t start = at;
        const tpl__row *row = look(d, &start);
        bool beyond = row == NULL || compare(to, row) <= 0;
        bounded[beyond] = true;
        if (beyond) {
            found = row == NULL ? 0 : start;
            high = at;
            at = high > step ? high - step : 0;
        } else {
            low = start + 1;
            at = low + step;
        }
        step *= 4;
    }
    return d->at > 0 || bounded[0] ? found : 0;
}

/* False: memory is out. */
static bool set_bound(pieces *all, const tpl__row *row) {
    all->bound.path = tpl__arena_copy(&all->bounds, row->path, row->path_len);
    all->bound.len = row->path_len;
    return all->bound.path != NULL;
}

/* Where the next piece of both ends; false: there is but one more. */
static bool cut_both(pieces *all, uint64_t *before, uint64_t *after) {
    const document *d = &all->before;
    bool begun = all->after.at > 0;
    *before = d->at;
    *after = 0;
    do {
        *before += d->source->part_size;
        const tpl__row *row = *before < d->source->size ? look(&all->before, before) : NULL;
        if (row == NULL) {
            return false;
        }
        if (!set_bound(all, row)) {
            all->status = TPL_E_NOMEM;
            return false;
        }
        *after = find(&all->after, all->bound, all->after.at + (*before - d->at));
    } while (*after == 0 && !begun); /* what is newer may begin with a later path */
    return *after > 0;
}

static void take(pieces *all, piece *out) {
    *out = (piece){.index = all->taken++, .from = all->bound};
    out->before.from = all->before.at;
    out->after.from = all->after.at;
    if (cut_both(all, &out->before.to, &out->after.to)) {
        out->to = all->bound;
    } else {
        out->before.to = all->before.source->size;
        out->after.to = all->after.source->size;
        out->last = true;
        all->cut = true;
    }
    all->before.at = out->before.to;
    all->after.at = out->after.to;
}

/* --- reading and joining --- */

/* What one thread works with, over and over. */
typedef struct desk {
    unsigned reader;
    tpl_manifest before;
    tpl_manifest after;
    tpl__poll *poll;
} desk;

static bool is_within(const tpl_manifest *table, const piece *p) {
    return table->count == 0 ||
           ((p->from.path == NULL || compare(p->from, &table->rows[0]) <= 0) &&
            (p->to.path == NULL || compare(p->to, &table->rows[table->count - 1]) > 0));
}

/* Whether the table has all that the piece says of this document. */
static bool read_range(tpl_manifest *table, const tpl__v2023_source *source, range where,
                       const piece *p, const desk *d, tpl_status *status) {
    tpl__v2023_part part = {.first = p->index == 0, .last = p->last};
    table->count = 0;
    table->duplicates = 0;
    tpl__arena_clear(&table->arena);
    if (where.from == where.to) {
        return true;
    }
    tpl__window *window = source->show(d->reader, where.from, where.to, source->payload);
    *status = tpl__v2023_read_part(table, window, &part, d->poll);
    return part.taken && part.canonical_order && table->duplicates == 0 && is_within(table, p);
}

/* *out stays NULL when the piece is not ours. */
static tpl_status compare_piece(tpl_diff **out, const pieces *all, const piece *p, desk *d) {
    tpl_status status = TPL_OK;
    if (!read_range(&d->before, all->before.source, p->before, p, d, &status) ||
        !read_range(&d->after, all->after.source, p->after, p, d, &status)) {
        return status;
    }
    tpl__join join = all->join;
    join.before.manifest = &d->before;
    join.after.manifest = &d->after;
    *out = tpl__alloc_array(1, sizeof(**out));
    return *out == NULL ? TPL_E_NOMEM : tpl__join_run(*out, &join, d->poll);
}

static int is_stopped(void *pool) {
    return tpl__pool_stopped(pool);
}

static void work(unsigned reader, void *arg) {
    pieces *all = arg;
    tpl_run run = {.poll = is_stopped, .payload = &all->pool};
    tpl__poll poll = TPL__POLL_INIT(&run);
    desk d = {.reader = reader, .poll = &poll};
    tpl__mutex_lock(&all->lock);
    while (!all->cut && !tpl__pool_stopped(&all->pool)) {
        piece p;
        tpl_diff *diff = NULL;
        take(all, &p);
        tpl__mutex_unlock(&all->lock);
        tpl_status status = compare_piece(&diff, all, &p, &d);
        tpl__mutex_lock(&all->lock);
        all->diffs[p.index] = diff;
        all->ours = all->ours && diff != NULL;
        if (status == TPL_E_NOMEM) {
            all->status = status;
        }
        if (!all->ours || all->status != TPL_OK) {
            atomic_store(&all->pool.stop, true);
        }
    }
    tpl__mutex_unlock(&all->lock);
    tpl__manifest_empty(&d.before);
    tpl__manifest_empty(&d.after);
}

static tpl_status run_workers(pieces *all, const tpl_run *run) {
    tpl_run quiet = {.poll = run->poll, .payload = run->payload};
    tpl__pool_init(&all->pool, NULL, 0);
    tpl__mutex_init(&all->lock);
    unsigned readers = all->before.source->readers;
    tpl_status status = tpl__pool_run(&all->pool, readers, work, all, &quiet, NULL);
    tpl__mutex_dispose(&all->lock);
    return status == TPL_OK ? all->status : status;
}

/* Puts the pieces together; the first one becomes the whole. */
static tpl_status put_together(tpl_diff **out, pieces *all) {
    for (size_t i = 1; i < all->taken; i++) {
        if (!tpl__diff_append(all->diffs[0], all->diffs[i])) {
            return TPL_E_NOMEM;
        }
    }
    *out = all->diffs[0];
    all->diffs[0] = NULL;
    return TPL_OK;
}

tpl_status tpl__diff_pieces(tpl_diff **out, const tpl__v2023_source *before,
                            const tpl__v2023_source *after, const tpl_diff_options *options,
                            const tpl__glob *glob) {
    pieces all = {.join = {.before.glob = glob,
                           .after.glob = glob,
                           .by_hash = true,
                           .keep_unchanged = options->keep_unchanged,
                           .keep_states = options->keep_states},
                  .before.source = before,
                  .after.source = after,
                  .ours = true};
    *out = NULL;
    size_t most = (size_t)(before->size / before->part_size) + 1;
    all.diffs = tpl__alloc_array(most, sizeof(tpl_diff *));
    tpl_status status = all.diffs == NULL ? TPL_E_NOMEM : run_workers(&all, &options->run);
    if (status == TPL_OK && all.ours) {
        status = put_together(out, &all);
    }
    for (size_t i = 0; i < all.taken; i++) {
        tpl_diff_free(all.diffs[i]);
    }
    tpl__free(all.diffs);
    tpl__manifest_empty(&all.before.probe);
    tpl__manifest_empty(&all.after.probe);
    tpl__arena_dispose(&all.bounds);
    return status;
}
