/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem_faulty.h"
#include "parted.h"

enum {
    LONG_COUNT = 90000 /* entries of a text that is worth two threads */
};

static tpl_status read_parts(tpl_manifest **out, parted *t, uint64_t part_size, unsigned readers,
                             const tpl_run *run) {
    tpl__poll poll = TPL__POLL_INIT(run);
    const tpl__v2023_source source = parted_source(t, part_size, readers);
    return tpl__v2023_read_fast(out, &source, &poll);
}

/* In parts it is read as in one, or not at all; returns how many parts were taken. */
static size_t parts_agree(const tpl_buffer *data, unsigned readers) {
    parted t = {.data = data, .broken = SIZE_MAX};
    tpl__poll nobody = TPL__POLL_INIT(NULL);
    tpl_manifest *parts = NULL;
    tpl_manifest *whole = NULL;
    assert_int_equal(read_parts(&parts, &t, 1 + data->len % 200, readers, NULL), TPL_OK);
    assert_int_equal(tpl__v2023_read_text(&whole, data->data, data->len, &nobody), TPL_OK);
    assert_int_equal(parts != NULL, whole != NULL);
    if (parts != NULL) {
        expect_same_rows(parts, whole);
    }
    tpl_manifest_free(parts);
    tpl_manifest_free(whole);
    return parts != NULL ? t.opened : 0;
}

static void parts_make_up_the_whole(void **state) {
    (void)state;
    uint64_t seed = 29;
    size_t most = 0;
    for (int round = 0; round < 600; round++) {
        tpl_buffer text = TPL_BUFFER_INIT;
        append_document(&text, &seed, round % 2 == 0);
        size_t count = parts_agree(&text, 2 + (unsigned)round % 3);
        most = count > most ? count : most;
        assert_true(count > 0);
        tpl_buffer_dispose(&text);
    }
    assert_true(most > 20);
}

static void a_damaged_part_spoils_the_whole(void **state) {
    (void)state;
    uint64_t seed = 31;
    size_t taken = 0;
    for (int round = 0; round < 4000; round++) {
        tpl_buffer text = TPL_BUFFER_INIT;
        append_document(&text, &seed, round % 2 == 0);
        mutate_text(&text, &seed);
        taken += parts_agree(&text, 2) > 0;
        tpl_buffer_dispose(&text);
    }
    assert_true(taken > 100 && taken < 3900);
}

static tpl_buffer long_text(const char *dir) {
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (int i = 0; i < LONG_COUNT; i++) {
        char path[100];
        int len = snprintf(path, sizeof(path), "%s/%07d", dir, i);
        tpl_entry entry = {.path = path, .path_len = (size_t)len, .size = (uint64_t)i};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    append_encoded(&text, manifest);
    tpl_manifest_free(manifest);
    return text;
}

static void a_long_text_is_read_alike_by_any_number(void **state) {
    (void)state;
    const unsigned jobs[] = {1, 2, 3, 64};
    tpl_buffer text = long_text("quite/some/way/down/into/the/tree");
    tpl_manifest *whole = NULL;
    for (size_t i = 0; i < sizeof(jobs) / sizeof(*jobs); i++) {
        tpl_run run = {.jobs = jobs[i]};
        tpl__poll poll = TPL__POLL_INIT(&run);
        tpl_manifest *manifest = NULL;
        assert_int_equal(tpl__v2023_read_text(&manifest, text.data, text.len, &poll), TPL_OK);
        assert_int_equal(tpl_manifest_count(manifest), LONG_COUNT);
        if (whole == NULL) {
            whole = manifest;
        } else {
            expect_same_rows(manifest, whole);
            tpl_manifest_free(manifest);
        }
    }
    tpl_manifest_free(whole);
    tpl_buffer_dispose(&text);
}

static void only_a_long_text_is_worth_more_than_one_thread(void **state) {
    (void)state;
    const tpl_run some = {.jobs = 5};
    const tpl_run many = {.jobs = 500};
    assert_int_equal(tpl__v2023_readers(8 * TPL__PART_SIZE - 1, &some), 1);
    assert_int_equal(tpl__v2023_readers(8 * TPL__PART_SIZE, &some), 5);
    assert_int_equal(tpl__v2023_readers(8 * TPL__PART_SIZE, &many), TPL__PROCESSORS_MOST);
}

static void where_no_entry_is_seen_there_is_no_cut(void **state) {
    (void)state;
    tpl_buffer data = long_text("seen/in/one");
    parted t = {.data = &data, .broken = SIZE_MAX, .hidden = true};
    tpl_manifest *manifest = NULL;
    assert_int_equal(read_parts(&manifest, &t, 1 << 20, 3, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_count(manifest), LONG_COUNT);
    assert_int_equal(t.opened, 1);
    tpl_manifest_free(manifest);
    tpl_buffer_dispose(&data);
}

static void an_entry_is_found_wherever_it_begins(void **state) {
    (void)state;
    static const char text[] = "}},{\"hash\":},{\"hash\":\"0";
    for (size_t len = 0; len < sizeof(text); len++) {
        size_t wanted = len < sizeof(text) - 2 ? SIZE_MAX : 13;
        assert_int_equal(tpl__v2023_find_entry(text, len), wanted);
    }
}

static void a_part_that_cannot_be_read_fails_the_whole(void **state) {
    (void)state;
    tpl_buffer data = long_text("some/tree");
    tpl_manifest *manifest = NULL;
    for (size_t broken = 0; broken < 7; broken++) {
        parted t = {.data = &data, .broken = broken};
        assert_int_equal(read_parts(&manifest, &t, 1 << 20, 3, NULL), TPL_E_IO);
        assert_null(manifest);
    }
    tpl_buffer_dispose(&data);
}

static void memory_may_run_out_anywhere(void **state) {
    (void)state;
    tpl_buffer data = long_text("small/memory");
    parted t = {.data = &data, .broken = SIZE_MAX};
    tpl_manifest *manifest = NULL;
    int64_t live = mem_faulty_live();
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        mem_faulty_arm(nth, false);
        tpl_status status = read_parts(&manifest, &t, 1 << 21, 2, NULL);
        failed = mem_faulty_failed() > 0;
        mem_faulty_arm(0, false);
        assert_true(status == TPL_OK || (failed && status == TPL_E_NOMEM)); /* fewer threads do */
        assert_int_equal(manifest != NULL, status == TPL_OK);
        tpl_manifest_free(manifest);
        assert_int_equal(mem_faulty_live(), live);
    }
    tpl_buffer_dispose(&data);
}

static void reading_in_parts_can_be_stopped(void **state) {
    (void)state;
    tpl_buffer data = long_text("any/tree");
    parted t = {.data = &data, .broken = SIZE_MAX, .more = parted_wait};
    tpl_run run = {.poll = parted_stop, .payload = &t};
    tpl_manifest *manifest = NULL;
    assert_int_equal(read_parts(&manifest, &t, 1 << 21, 2, &run), TPL_E_CANCELLED);
    assert_null(manifest);
    assert_true(t.opened > 0);
    assert_int_equal(read_parts(&manifest, &t, 1 << 21, 2, &no_more), TPL_E_CANCELLED);
    assert_int_equal(t.opened, 0); /* it was not even cut */
    tpl_buffer_dispose(&data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_up_the_whole),
        cmocka_unit_test(a_damaged_part_spoils_the_whole),
        cmocka_unit_test(a_long_text_is_read_alike_by_any_number),
        cmocka_unit_test(only_a_long_text_is_worth_more_than_one_thread),
        cmocka_unit_test(where_no_entry_is_seen_there_is_no_cut),
        cmocka_unit_test(an_entry_is_found_wherever_it_begins),
        cmocka_unit_test(a_part_that_cannot_be_read_fails_the_whole),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(reading_in_parts_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
