/* SPDX-License-Identifier: MIT */
#include "diff_pieces.h"

#include <string.h>

#include "check.h"
#include "codec.h"
#include "diffs.h"
#include "manifest_table.h"
#include "mem_faulty.h"
#include "parted.h"

enum {
    SOME = 3000 /* entries of a pair that is cut into several pieces */
};

static tpl_status compare(tpl_diff **out, parted pair[2], uint64_t part_size, unsigned readers,
                          const tpl_diff_options *options, const tpl__glob *glob) {
    tpl__v2023_source sources[2];
    for (int i = 0; i < 2; i++) {
        sources[i] = parted_source(&pair[i], part_size, readers);
    }
    return tpl__diff_pieces(out, &sources[0], &sources[1], options, glob);
}

static tpl_diff_options keeping(bool unchanged, bool states) {
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = unchanged;
    options.keep_states = states;
    return options;
}

/* In pieces they differ as in one, or not at all; returns how many pieces there were. */
static size_t pieces_agree(const tpl_buffer texts[2], uint64_t part_size, unsigned readers,
                           const tpl_diff_options *options) {
    parted pair[2] = {{.data = &texts[0], .broken = SIZE_MAX},
                      {.data = &texts[1], .broken = SIZE_MAX}};
    tpl_diff *found = NULL;
    assert_int_equal(compare(&found, pair, part_size, readers, options, NULL), TPL_OK);
    if (found == NULL) {
        return 0;
    }
    tpl_diff *expected = diff_of_texts(texts, options);
    assert_non_null(expected);
    expect_same_diff(found, expected, options->keep_unchanged, options->keep_states);
    tpl_diff_free(expected);
    tpl_diff_free(found);
    return pair[0].opened;
}

/* Puts an entry into one document or both, there the same or not. */
static void deal(tpl_manifest *to[2], tpl_entry *entry, uint64_t dice) {
    entry->hash_text = NULL;
    for (uint64_t side = 0; side < 2; side++) {
        if (dice % 8 != 6 + side) {
            entry->hash.low += side * (dice % 8 == 5);
            entry->size += side * (dice % 16 == 4);
            assert_int_equal(tpl_manifest_add(to[side], entry, NULL), TPL_OK);
        }
    }
}

/* Two canonical documents with many paths in common; whether both have entries. */
static bool append_random_pair(tpl_buffer texts[2], uint64_t *seed, bool exotic) {
    tpl_manifest *pair[2] = {NULL, NULL};
    tpl_manifest *all = random_manifest(seed, exotic);
    tpl_entry entry;
    tpl_entry next;
    assert_int_equal(tpl_manifest_sort(all, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_new(&pair[0], NULL), TPL_OK);
    assert_int_equal(tpl_manifest_new(&pair[1], NULL), TPL_OK);
    for (size_t i = 0; i < all->count; i++) {
        tpl_manifest_entry(all, i, &entry);
        tpl_manifest_entry(all, i + 1 < all->count ? i + 1 : 0, &next);
        bool again = i + 1 < all->count && entry.path_len == next.path_len &&
                     memcmp(entry.path, next.path, entry.path_len) == 0;
        if (!again) {
            deal(pair, &entry, next_random(seed));
        }
    }
    bool any = pair[0]->count > 0 && pair[1]->count > 0;
    for (int side = 0; side < 2; side++) {
        assert_int_equal(tpl_manifest_sort(pair[side], NULL), TPL_OK);
        append_encoded(&texts[side], pair[side]);
        tpl_manifest_free(pair[side]);
    }
    tpl_manifest_free(all);
    return any;
}

static void pieces_make_up_the_whole(void **state) {
    (void)state;
    uint64_t seed = 37;
    size_t most = 0;
    for (unsigned round = 0; round < 4000; round++) {
        tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
        tpl_diff_options options = keeping(round % 4 < 2, round % 2 == 0);
        bool any = append_random_pair(texts, &seed, round % 3 == 0);
        uint64_t part_size = 1 + next_random(&seed) % 300;
        size_t count = pieces_agree(texts, part_size, 1 + round % 3, &options);
        most = count > most ? count : most;
        assert_int_equal(count > 0, any);
        tpl_buffer_dispose(&texts[0]);
        tpl_buffer_dispose(&texts[1]);
    }
    assert_true(most > 20);
}

static void a_damaged_piece_spoils_the_whole(void **state) {
    (void)state;
    uint64_t seed = 41;
    size_t taken = 0;
    for (int round = 0; round < 8000; round++) {
        tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
        tpl_diff_options options = keeping(true, true);
        append_random_pair(texts, &seed, round % 3 == 0);
        mutate_text(&texts[round % 2], &seed);
        taken += pieces_agree(texts, 1 + next_random(&seed) % 300, 2, &options) > 0;
        tpl_buffer_dispose(&texts[0]);
        tpl_buffer_dispose(&texts[1]);
    }
    assert_true(taken > 200 && taken < 7800);
}

/* Entries of these one-letter paths, in this order. */
static void append_letters(tpl_buffer *text, const char *letters) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (const char *letter = letters; *letter != '\0'; letter++) {
        const char path[] = {*letter, '\0'};
        add_path(manifest, path, 1);
    }
    manifest->sealed = true; /* as they stand */
    append_encoded(text, manifest);
    tpl_manifest_free(manifest);
}

static void only_sorted_documents_are_compared_like_that(void **state) {
    (void)state;
    static const struct {
        const char *before, *after;
        bool taken;
    } table[] = {
        {"abcdefgh", "abcdefgh", true},   {"abcdefgh", "bdh", true},
        {"aceg", "abcdefgh", true},       {"abcdefgh", "ah", true},
        {"abcdefgh", "a", true},          {"a", "abcdefgh", true},
        {"abcd", "efgh", true},           {"efgh", "abcd", true},
        {"abdcefgh", "abcdefgh", false},  {"abcdefgh", "abdcefgh", false},
        {"abccdefgh", "abcdefgh", false}, {"abcdefgh", "abcdeffgh", false},
        {"bcdefgha", "abcdefgh", false},  {"abcdefgh", "hgfedcba", false},
    };
    const tpl_diff_options options = keeping(true, true);
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
        append_letters(&texts[0], table[i].before);
        append_letters(&texts[1], table[i].after);
        for (uint64_t part_size = 1; part_size < 400; part_size += 40) {
            bool taken = pieces_agree(texts, part_size, 2, &options) > 0;
            assert_true(taken == table[i].taken || (part_size > 80 && taken));
        }
        tpl_buffer_dispose(&texts[0]);
        tpl_buffer_dispose(&texts[1]);
    }
}

static void where_no_entry_is_seen_there_is_one_piece(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    const tpl_diff_options options = keeping(false, false);
    append_pair(texts, "some/tree", SOME);
    for (int hidden = 0; hidden < 2; hidden++) {
        parted pair[2] = {{.data = &texts[0], .broken = SIZE_MAX, .hidden = hidden == 0},
                          {.data = &texts[1], .broken = SIZE_MAX, .hidden = hidden == 1}};
        tpl_diff *found = NULL;
        assert_int_equal(compare(&found, pair, 20000, 3, &options, NULL), TPL_OK);
        assert_int_equal(tpl_diff_count(found, TPL_CHANGE_MODIFIED), SOME / 100);
        assert_int_equal(pair[0].opened, 1);
        tpl_diff_free(found);
    }
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

static void a_glob_holds_on_both_sides(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    tpl_diff_options options = keeping(true, true);
    static const char *patterns[] = {"**/*00", "**/*30", "**/*60"};
    tpl__glob *glob = NULL;
    tpl_diff *found = NULL;
    options.filter.include = (tpl_strings){patterns, 3, 3};
    append_pair(texts, "some/tree", SOME);
    parted pair[2] = {{.data = &texts[0], .broken = SIZE_MAX},
                      {.data = &texts[1], .broken = SIZE_MAX}};
    assert_int_equal(tpl__glob_new(&glob, &options.filter, NULL), TPL_OK);
    assert_int_equal(compare(&found, pair, 20000, 3, &options, glob), TPL_OK);
    tpl_diff *expected = diff_of_texts(texts, &options);
    expect_same_diff(found, expected, true, true);
    assert_int_equal(tpl_diff_count(found, TPL_CHANGE_UNCHANGED), SOME / 100);
    assert_int_equal(tpl_diff_count(found, TPL_CHANGE_NEW), SOME / 100);
    tpl_diff_free(expected);
    tpl_diff_free(found);
    tpl__glob_free(glob);
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

static void a_piece_that_cannot_be_read_leaves_it_to_others(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    const tpl_diff_options options = keeping(false, false);
    append_pair(texts, "some/tree", SOME);
    for (size_t broken = 0; broken < 20; broken++) {
        parted pair[2] = {{.data = &texts[0], .broken = broken % 2 ? SIZE_MAX : broken / 2},
                          {.data = &texts[1], .broken = broken % 2 ? broken / 2 : SIZE_MAX}};
        tpl_diff *found = NULL;
        assert_int_equal(compare(&found, pair, 20000, 3, &options, NULL), TPL_OK);
        assert_null(found);
    }
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

static void memory_may_run_out_anywhere(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    const tpl_diff_options options = keeping(true, true);
    append_pair(texts, "small/memory", SOME);
    parted pair[2] = {{.data = &texts[0], .broken = SIZE_MAX},
                      {.data = &texts[1], .broken = SIZE_MAX}};
    for (int forever = 0; forever < 2; forever++) {
        int64_t live = mem_faulty_live();
        bool failed = true;
        for (uint64_t nth = 1; failed; nth++) {
            tpl_diff *found = NULL;
            mem_faulty_arm(nth, forever == 1);
            tpl_status status = compare(&found, pair, 100000, 1 + nth % 2, &options, NULL);
            failed = mem_faulty_failed() > 0;
            mem_faulty_arm(0, false);
            assert_true(status == TPL_OK || (failed && status == TPL_E_NOMEM));
            assert_true(status == TPL_OK || found == NULL);
            assert_true(found != NULL || failed);
            assert_true(found == NULL || tpl_diff_count(found, TPL_CHANGE_MODIFIED) == SOME / 100);
            tpl_diff_free(found);
            assert_int_equal(mem_faulty_live(), live);
        }
    }
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

static void it_can_be_stopped(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    tpl_diff_options options = keeping(false, false);
    append_pair(texts, "any/tree", SOME);
    parted pair[2] = {{.data = &texts[0], .broken = SIZE_MAX, .more = parted_wait},
                      {.data = &texts[1], .broken = SIZE_MAX}};
    tpl_diff *found = NULL;
    options.run = (tpl_run){.poll = parted_stop, .payload = &pair[0]};
    assert_int_equal(compare(&found, pair, 20000, 2, &options, NULL), TPL_E_CANCELLED);
    assert_null(found);
    assert_true(pair[0].opened > 0);
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_make_up_the_whole),
        cmocka_unit_test(a_damaged_piece_spoils_the_whole),
        cmocka_unit_test(only_sorted_documents_are_compared_like_that),
        cmocka_unit_test(where_no_entry_is_seen_there_is_one_piece),
        cmocka_unit_test(a_glob_holds_on_both_sides),
        cmocka_unit_test(a_piece_that_cannot_be_read_leaves_it_to_others),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(it_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
