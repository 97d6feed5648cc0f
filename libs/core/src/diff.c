/* SPDX-License-Identifier: MIT */
/* Two sides as sorted manifests. */
#include "tpl/diff.h"

#include <assert.h>

#include "diff_join.h"
#include "fail.h"
#include "manifest_convert.h"
#include "mem.h"
#include "relay.h"
#include "tree.h"

static const char *const WORDS[] = {
#define WORD(name, word, letter) word,
    TPL_CHANGE_MAP(WORD)
#undef WORD
};

static const char LETTERS[] = {
#define LETTER(name, word, letter) letter,
    TPL_CHANGE_MAP(LETTER)
#undef LETTER
};

const char *tpl_change_word(tpl_change change) {
    return (unsigned)change < TPL_CHANGE_COUNT ? WORDS[change] : "unknown";
}

char tpl_change_letter(tpl_change change) {
    return (unsigned)change < TPL_CHANGE_COUNT ? LETTERS[change] : '?';
}

void tpl_diff_free(tpl_diff *diff) {
    if (diff == NULL) {
        return;
    }
    for (int i = 0; i < TPL_CHANGE_COUNT; i++) {
        tpl__free(diff->lists[i].items);
        tpl__free(diff->lists[i].states);
    }
    tpl__arena_dispose(&diff->arena);
    tpl__free(diff);
}

size_t tpl_diff_count(const tpl_diff *diff, tpl_change change) {
    return diff->lists[change].count;
}

const char *tpl_diff_path(const tpl_diff *diff, tpl_change change, size_t index, size_t *len) {
    assert(diff->lists[change].items != NULL && index < diff->lists[change].count);
    *len = diff->lists[change].items[index].len;
    return diff->lists[change].items[index].text;
}

tpl_diff_states tpl_diff_states_of(const tpl_diff *diff, tpl_change change, size_t index) {
    assert(diff->lists[change].states != NULL && index < diff->lists[change].count);
    return diff->lists[change].states[index];
}

/* Whether hashes decide: a tree against a manifest is told by size and time. */
static bool compares_hashes(const tpl_side *sides, const tpl_diff_options *options) {
    bool mixed = (sides[0].root == NULL) != (sides[1].root == NULL);
    return !mixed || options->rehash;
}

static bool is_beta(const tpl_side *side) {
    return side->manifest != NULL &&
           tpl_manifest_format(side->manifest) == TPL_FORMAT_2025_12_04_BETA;
}

/* A tree is read as the manifest on the other side tells of one: with links, if it has some. */
static tpl_symlinks links_to_read(const tpl_side sides[2], const tpl_filter *filter) {
    bool kept = false;
    for (int i = 0; i < 2; i++) {
        kept = kept || (sides[i].manifest != NULL && tpl__manifest_has_links(sides[i].manifest));
    }
    return kept && filter->symlinks == TPL_SYMLINKS_FOLLOW ? TPL_SYMLINKS_KEEP : filter->symlinks;
}

/* Fills `scanned` with the manifests of the sides that are trees. */
static tpl_status scan_trees(tpl_manifest *scanned[2], const tpl_side sides[2],
                             const tpl_diff_options *options, tpl_error *err) {
    tpl__relay relay = tpl__relay_start(&options->run, TPL_PHASE_HASH);
    tpl_run run = tpl__relay_run(&relay);
    bool any = sides[0].root != NULL || sides[1].root != NULL;
    bool by_hash = compares_hashes(sides, options);
    tpl_filter filter = options->filter; /* its lists are borrowed */
    filter.symlinks = links_to_read(sides, &options->filter);
    tpl__tree_options tree = {.filter = &filter,
                              .run = &run,
                              .attributes = is_beta(&sides[0]) || is_beta(&sides[1]),
                              .hash = by_hash,
                              .stat_all = options->keep_states,
                              .truncate_mtime = !by_hash,
                              .base_mtime_ns = INT64_MAX};
    tpl_status status = any ? tpl__relay_begin(&relay, err) : TPL_OK;
    for (int i = 0; i < 2 && status == TPL_OK; i++) {
        if (sides[i].root != NULL) {
            relay.more = i == 0 && sides[1].root != NULL;
            tree.hashed = sides[1 - i].manifest;
            status = tpl__tree_scan(&scanned[i], sides[i].root, &tree, NULL, err);
        }
    }
    return any && status == TPL_OK ? tpl__relay_end(&relay, err) : status;
}

/* A scan has asked the glob already. */
static tpl__join_side side_of(const tpl_manifest *manifest, const tpl_manifest *scanned,
                              const tpl__glob *glob) {
    return scanned == NULL ? (tpl__join_side){manifest, glob} : (tpl__join_side){scanned, NULL};
}

tpl_status tpl_diff_sides(tpl_diff **out, tpl_side before, tpl_side after,
                          const tpl_diff_options *options, tpl_error *err) {
    assert((before.manifest == NULL) != (before.root == NULL));
    assert((after.manifest == NULL) != (after.root == NULL));
    *out = NULL;
    const tpl_side sides[2] = {before, after};
    tpl_manifest *scanned[2] = {NULL, NULL};
    tpl__glob *glob = NULL;
    tpl_diff *diff = tpl__alloc_array(1, sizeof(*diff));
    tpl__join join = {.by_hash = compares_hashes(sides, options),
                      .attributes = (is_beta(&before) || before.root != NULL) &&
                                    (is_beta(&after) || after.root != NULL),
                      .keep_unchanged = options->keep_unchanged,
                      .keep_states = options->keep_states};
    tpl_status status = diff == NULL ? tpl__fail_nomem(err) : TPL_OK;
    if (status == TPL_OK && !options->filter_trees_only) {
        status = tpl__glob_new(&glob, &options->filter, err);
    }
    if (status == TPL_OK) {
        status = scan_trees(scanned, sides, options, err);
    }
    if (status == TPL_OK) {
        const tpl__glob *asked = glob == NULL || tpl__glob_is_all(glob) ? NULL : glob;
        tpl__poll poll = TPL__POLL_INIT(&options->run);
        join.before = side_of(before.manifest, scanned[0], asked);
        join.after = side_of(after.manifest, scanned[1], asked);
        status = tpl__join_run(diff, &join, &poll);
        status = status == TPL_OK ? TPL_OK : tpl__fail(err, status, "%s", tpl_status_text(status));
    }
    if (status == TPL_OK) {
        *out = diff;
        diff = NULL;
    }
    tpl_manifest_free(scanned[0]);
    tpl_manifest_free(scanned[1]);
    tpl__glob_free(glob);
    tpl_diff_free(diff);
    return status;
}
