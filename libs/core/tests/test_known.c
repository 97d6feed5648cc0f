/* SPDX-License-Identifier: MIT */
#include "known.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "tpl/text.h"

enum {
    MANY = 3000,
    ROUNDS = 200
};

static tpl__poll nobody = TPL__POLL_INIT(NULL);

static void add(tpl_manifest *manifest, const char *path, uint64_t size) {
    tpl_entry entry = {.path = path, .path_len = strlen(path), .size = size};
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
}

static tpl_manifest *made(void) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    return manifest;
}

/* A look-up from wherever the one before led says what tpl_manifest_find() says. */
static void assert_found(const tpl__known *known, tpl__known_place *place, const char *path,
                         size_t len) {
    size_t index;
    size_t position = SIZE_MAX;
    const tpl__row *row = tpl__known_find(known, place, path, len, &position);
    if (tpl_manifest_find(known->table, path, len, &index)) {
        assert_ptr_equal(row, &known->table->rows[index]);
        assert_ptr_equal(row, tpl__manifest_row(known->table, position));
    } else {
        assert_null(row);
    }
}

static void look_everywhere(const tpl_manifest *table) {
    tpl__known known;
    tpl__known_place place = TPL__KNOWN_PLACE_INIT;
    assert_true(tpl__known_init(&known, table));
    for (size_t i = 0; i < table->count; i++) {
        char other[4096];
        const tpl__row *row = &table->rows[i];
        assert_found(&known, &place, row->path, row->path_len);
        assert_found(&known, &place, row->path, row->path_len / 2);
        if (row->path_len < sizeof(other) - 2) {
            memcpy(other, row->path, row->path_len);
            other[row->path_len] = '/';
            other[row->path_len + 1] = 'x';
            assert_found(&known, &place, other, row->path_len + 1);
            assert_found(&known, &place, other, row->path_len + 2);
        }
    }
    assert_found(&known, &place, "", 0);
    assert_found(&known, &place, "/", 1);
    tpl__known_dispose(&known);
    tpl__known_dispose(&known);
}

static void finds_what_a_search_through_all_finds(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < ROUNDS; round++) {
        tpl_manifest *manifest = random_manifest(&seed, round % 2 == 0);
        assert_int_equal(round % 3 == 0 ? tpl_manifest_sort(manifest, NULL)
                                        : tpl_manifest_seal(manifest, NULL),
                         TPL_OK);
        look_everywhere(manifest);
        tpl_manifest_free(manifest);
    }
}

static void directories_of_every_size_and_depth(void **state) {
    (void)state;
    tpl_manifest *manifest = made();
    for (int i = 0; i < MANY; i++) {
        char path[64];
        snprintf(path, sizeof(path), "d%d/%s%d", i % 7, i % 3 == 0 ? "deep/er/" : "", i % 5 * i);
        add(manifest, path, 1);
    }
    add(manifest, "d", 1);
    add(manifest, "d1", 1);
    add(manifest, "d1!", 1);
    add(manifest, "d10", 1);
    add(manifest, "d1/deep", 1);
    add(manifest, "d1/deep!", 1);
    add(manifest, "z/only", 1);
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    look_everywhere(manifest);
    tpl_manifest_free(manifest);
}

static void nothing_is_found_where_nothing_is_known(void **state) {
    (void)state;
    tpl_manifest *empty = made();
    assert_int_equal(tpl_manifest_sort(empty, NULL), TPL_OK);
    look_everywhere(empty);
    tpl__known none;
    assert_true(tpl__known_init(&none, NULL));
    assert_int_equal(tpl__known_add_kept(&none, empty, NULL, &nobody), TPL_OK);
    assert_int_equal(empty->count, 0);
    tpl__known_dispose(&none);
    tpl_manifest_free(empty);
}

/* Some rows are kept and some are new: all of them come out, in order, the new one of a path that
 * has both. */
static void merge_some(int spacing, bool spend) {
    tpl_manifest *table = made();
    tpl_manifest *fresh = made();
    tpl_manifest *expected = made();
    for (int i = 0; i < MANY; i++) {
        char path[32];
        snprintf(path, sizeof(path), "d%02d/%05d", i % 30, i);
        add(table, path, 3);
        if (spacing > 0 && i % spacing == 0) {
            add(fresh, path, 5);
        }
        bool renewed = spacing > 0 && i % spacing == 0;
        if (renewed || i % 2 == 0) {
            add(expected, path, renewed ? 5 : 3);
        }
    }
    assert_int_equal(tpl_manifest_seal(table, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(fresh, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(expected, NULL), TPL_OK);
    tpl__known known;
    tpl__known_place place = TPL__KNOWN_PLACE_INIT;
    assert_true(tpl__known_init(&known, table));
    for (size_t i = 0; i < table->count; i += 2) {
        size_t position;
        const tpl__row *row = &table->rows[i];
        assert_ptr_equal(tpl__known_find(&known, &place, row->path, row->path_len, &position), row);
        tpl__known_keep(&known, position);
    }
    assert_int_equal(tpl__known_add_kept(&known, fresh, spend ? table : NULL, &nobody), TPL_OK);
    tpl__known_dispose(&known);
    assert_int_equal(tpl_manifest_count(table), spend ? 0 : MANY);
    tpl_manifest_free(table); /* nothing is borrowed from it */
    assert_true(tpl_manifest_equal(fresh, expected));
    tpl_manifest_free(fresh);
    tpl_manifest_free(expected);
}

static void kept_and_new_rows_come_out_in_order(void **state) {
    (void)state;
    for (int spacing = 0; spacing < 12; spacing++) { /* 0: nothing is new */
        merge_some(spacing, false);
        merge_some(spacing, true);
    }
}

static void text_and_attributes_are_kept(void **state) {
    (void)state;
    tpl_manifest *table = made();
    tpl_manifest *fresh = made();
    const char hashes[] = "0123456789abcdef0123456789abcdef,0123456789abcdef0123456789abcdef";
    tpl_entry entry = {.path = "a",
                       .path_len = 1,
                       .size = 1,
                       .kind = TPL_KIND_CHUNKED,
                       .runnable = true,
                       .hash_text = hashes,
                       .hash_text_len = sizeof(hashes) - 1};
    assert_int_equal(tpl_manifest_add(table, &entry, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(table, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(fresh, NULL), TPL_OK);
    tpl__known known;
    assert_true(tpl__known_init(&known, table));
    tpl__known_keep(&known, 0);
    assert_int_equal(tpl__known_add_kept(&known, fresh, NULL, &nobody), TPL_OK);
    tpl__known_dispose(&known);
    tpl_manifest_free(table);
    assert_false(tpl__manifest_is_plain(fresh));
    tpl_manifest_entry(fresh, 0, &entry);
    assert_true(entry.runnable && entry.kind == TPL_KIND_CHUNKED);
    assert_memory_equal(entry.hash_text, hashes, sizeof(hashes) - 1);
    tpl_manifest_free(fresh);
}

static void sizes_that_add_up_to_too_much_are_refused(void **state) {
    (void)state;
    tpl_manifest *table = made();
    tpl_manifest *fresh = made();
    add(table, "a", UINT64_MAX);
    add(fresh, "b", 1);
    assert_int_equal(tpl_manifest_sort(table, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(fresh, NULL), TPL_OK);
    tpl__known known;
    assert_true(tpl__known_init(&known, table));
    tpl__known_keep(&known, 0);
    assert_int_equal(tpl__known_add_kept(&known, fresh, NULL, &nobody), TPL_E_RANGE);
    tpl__known_dispose(&known);
    tpl_manifest_free(table);
    tpl_manifest_free(fresh);
}

static void more_rows_than_a_manifest_counts_are_refused(void **state) {
    (void)state;
    tpl_manifest *table = made();
    tpl_manifest *fresh = made();
    add(table, "a", 1);
    assert_int_equal(tpl_manifest_sort(table, NULL), TPL_OK);
    tpl__known known;
    assert_true(tpl__known_init(&known, table));
    tpl__known_keep(&known, 0);
    fresh->count = UINT32_MAX; /* none of them is looked at */
    assert_int_equal(tpl__known_add_kept(&known, fresh, NULL, &nobody), TPL_E_NOMEM);
    fresh->count = 0;
    tpl__known_dispose(&known);
    tpl_manifest_free(table);
    tpl_manifest_free(fresh);
}

static int stop(void *payload) {
    (void)payload;
    return 1;
}

static void merging_can_be_stopped(void **state) {
    (void)state;
    tpl_manifest *table = made();
    tpl_manifest *fresh = made();
    for (int i = 0; i < 2 * (int)TPL__POLL_ROWS; i++) {
        char path[16];
        snprintf(path, sizeof(path), "%06d", i);
        add(table, path, 1);
    }
    assert_int_equal(tpl_manifest_sort(table, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(fresh, NULL), TPL_OK);
    tpl__known known;
    tpl_run run = {.poll = stop};
    tpl__poll poll = TPL__POLL_INIT(&run);
    assert_true(tpl__known_init(&known, table));
    tpl__known_keep(&known, 0);
    assert_int_equal(tpl__known_add_kept(&known, fresh, NULL, &poll), TPL_E_CANCELLED);
    tpl__known_dispose(&known);
    tpl_manifest_free(table);
    tpl_manifest_free(fresh);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_search_through_all_finds),
        cmocka_unit_test(directories_of_every_size_and_depth),
        cmocka_unit_test(nothing_is_found_where_nothing_is_known),
        cmocka_unit_test(kept_and_new_rows_come_out_in_order),
        cmocka_unit_test(text_and_attributes_are_kept),
        cmocka_unit_test(sizes_that_add_up_to_too_much_are_refused),
        cmocka_unit_test(more_rows_than_a_manifest_counts_are_refused),
        cmocka_unit_test(merging_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
