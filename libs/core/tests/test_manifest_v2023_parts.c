/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem_faulty.h"
#include "thread.h"

enum {
    LONG_COUNT = 90000 /* entries of a text that is worth two threads */
};

/* As many windows as entries and places for them allow, each one ending where the next begins. */
static size_t cut_everywhere(tpl__window windows[TPL__PARTS_MOST], const tpl_buffer *text) {
    size_t count = 0;
    const char *at = text->data;
    const char *end = at + text->len;
    size_t next = 0;
    while (next != SIZE_MAX && count < TPL__PARTS_MOST) {
        next = tpl__v2023_find_entry(at, (size_t)(end - at));
        bool last = next == SIZE_MAX || count == TPL__PARTS_MOST - 1;
        const char *stop = last ? end : at + next;
        windows[count++] = (tpl__window){.at = at, .end = stop, .ended = true};
        at = stop;
    }
    return count;
}

static tpl_status read_windows(tpl_manifest **out, tpl__window *windows, size_t count,
                               const tpl_run *run) {
    tpl__poll poll = {run, 0};
    tpl__window *each[TPL__PARTS_MOST];
    for (size_t i = 0; i < count; i++) {
        each[i] = &windows[i];
    }
    return tpl__v2023_read_fast(out, each, count, &poll);
}

static void expect_same(const tpl_manifest *parts, const tpl_manifest *whole) {
    assert_true(tpl_manifest_equal(parts, whole));
    assert_int_equal(tpl_manifest_duplicates(parts), tpl_manifest_duplicates(whole));
    assert_int_equal(parts->order == NULL, whole->order == NULL);
    for (size_t i = 0; i < parts->count; i++) {
        assert_int_equal(parts->rows[i].path_len, whole->rows[i].path_len);
        assert_memory_equal(parts->rows[i].path, whole->rows[i].path, parts->rows[i].path_len);
    }
}

/* In parts it is read as in one, or not at all; returns how many parts were taken. */
static size_t parts_agree(const tpl_buffer *text) {
    tpl__window windows[TPL__PARTS_MOST];
    tpl__poll nobody = {NULL, 0};
    tpl_manifest *parts = NULL;
    tpl_manifest *whole = NULL;
    size_t count = cut_everywhere(windows, text);
    assert_int_equal(read_windows(&parts, windows, count, NULL), TPL_OK);
    assert_int_equal(tpl__v2023_read_text(&whole, text->data, text->len, &nobody), TPL_OK);
    assert_int_equal(parts != NULL, whole != NULL);
    if (parts != NULL) {
        expect_same(parts, whole);
    }
    tpl_manifest_free(parts);
    tpl_manifest_free(whole);
    return parts != NULL ? count : 0;
}

static void parts_make_up_the_whole(void **state) {
    (void)state;
    uint64_t seed = 29;
    size_t most = 0;
    for (int round = 0; round < 600; round++) {
        tpl_buffer text = TPL_BUFFER_INIT;
        append_document(&text, &seed, round % 2 == 0);
        size_t count = parts_agree(&text);
        most = count > most ? count : most;
        assert_true(count > 0);
        tpl_buffer_dispose(&text);
    }
    assert_int_equal(most, TPL__PARTS_MOST);
}

static void a_damaged_part_spoils_the_whole(void **state) {
    (void)state;
    uint64_t seed = 31;
    size_t taken = 0;
    for (int round = 0; round < 4000; round++) {
        tpl_buffer text = TPL_BUFFER_INIT;
        append_document(&text, &seed, round % 2 == 0);
        mutate_text(&text, &seed);
        taken += parts_agree(&text) > 0;
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

static void a_long_text_is_cut_where_entries_begin(void **state) {
    (void)state;
    const unsigned jobs[] = {1, 2, 3, 64};
    tpl_buffer text = long_text("quite/some/way/down/into/the/tree");
    tpl_manifest *whole = NULL;
    for (size_t i = 0; i < sizeof(jobs) / sizeof(*jobs); i++) {
        tpl_run run = {.jobs = jobs[i]};
        tpl__poll poll = {&run, 0};
        tpl_manifest *manifest = NULL;
        assert_int_equal(tpl__v2023_read_text(&manifest, text.data, text.len, &poll), TPL_OK);
        assert_int_equal(tpl_manifest_count(manifest), LONG_COUNT);
        if (whole == NULL) {
            whole = manifest;
        } else {
            expect_same(manifest, whole);
            tpl_manifest_free(manifest);
        }
    }
    tpl_manifest_free(whole);
    tpl_buffer_dispose(&text);
}

static const char *look(uint64_t offset, size_t *len, void *source) {
    const tpl_buffer *text = source;
    *len = text->len - (size_t)offset;
    *len = *len < TPL__WINDOW_SIGHT ? *len : TPL__WINDOW_SIGHT;
    return text->data + offset;
}

static const char *look_at_nothing(uint64_t offset, size_t *len, void *source) {
    (void)offset;
    (void)source;
    *len = 0;
    return "";
}

static void cuts_lie_between_entries(void **state) {
    (void)state;
    tpl_run run = {.jobs = 100};
    uint64_t cuts[TPL__PARTS_MOST + 1];
    tpl_buffer text = long_text("and/further/down/than/in/the/other/test");
    size_t count = tpl__v2023_cut(cuts, text.len, &run, look, &text);
    assert_int_equal(count, text.len >> 22);
    assert_true(count > 1);
    for (size_t i = 1; i < count; i++) {
        assert_memory_equal(text.data + cuts[i] - 2, "},{\"hash\":\"", 11);
    }
    assert_int_equal(cuts[0], 0);
    assert_int_equal(cuts[count], text.len);
    run.jobs = 1;
    assert_int_equal(tpl__v2023_cut(cuts, text.len, &run, look, &text), 1);
    assert_int_equal(cuts[1], text.len);
    run.jobs = 2;
    assert_int_equal(tpl__v2023_cut(cuts, text.len, &run, look_at_nothing, &text), 1);
    assert_int_equal(cuts[1], text.len);
    assert_int_equal(tpl__v2023_cut(cuts, (4 << 20) - 1, &run, look, &text), 1);
    run.jobs = 100;
    assert_int_equal(tpl__v2023_cut(cuts, (uint64_t)1 << 40, &run, look_at_nothing, &text), 1);
    tpl_buffer_dispose(&text);
}

static void an_entry_is_found_wherever_it_begins(void **state) {
    (void)state;
    static const char text[] = "}},{\"hash\":},{\"hash\":\"0";
    for (size_t len = 0; len < sizeof(text); len++) {
        size_t wanted = len < sizeof(text) - 2 ? SIZE_MAX : 13;
        assert_int_equal(tpl__v2023_find_entry(text, len), wanted);
    }
}

static tpl_status fail_to_read(tpl__window *window) {
    (void)window;
    return TPL_E_IO;
}

static void a_part_that_cannot_be_read_fails_the_whole(void **state) {
    (void)state;
    uint64_t seed = 37;
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl__window windows[TPL__PARTS_MOST];
    tpl_manifest *manifest = NULL;
    size_t count = 0;
    while (count < 3) {
        text.len = 0;
        append_document(&text, &seed, false);
        count = cut_everywhere(windows, &text);
    }
    for (size_t bad = 0; bad < count; bad++) {
        cut_everywhere(windows, &text);
        windows[bad] = (tpl__window){.at = "", .end = windows[bad].at, .more = fail_to_read};
        windows[bad].end = windows[bad].at;
        assert_int_equal(read_windows(&manifest, windows, count, NULL), TPL_E_IO);
        assert_null(manifest);
    }
    tpl_buffer_dispose(&text);
}

static void memory_may_run_out_anywhere(void **state) {
    (void)state;
    uint64_t seed = 41;
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl__window windows[TPL__PARTS_MOST];
    tpl_manifest *manifest = NULL;
    size_t count = 0;
    while (count < 3) {
        text.len = 0;
        append_document(&text, &seed, true);
        count = cut_everywhere(windows, &text);
    }
    int64_t live = mem_faulty_live();
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        cut_everywhere(windows, &text);
        mem_faulty_arm(nth, false);
        tpl_status status = read_windows(&manifest, windows, count, NULL);
        failed = mem_faulty_failed() > 0;
        mem_faulty_arm(0, false);
        assert_true(status == TPL_OK || (failed && status == TPL_E_NOMEM)); /* fewer threads do */
        assert_int_equal(manifest != NULL, status == TPL_OK);
        tpl_manifest_free(manifest);
        assert_int_equal(mem_faulty_live(), live);
    }
    tpl_buffer_dispose(&text);
}

static atomic_bool asked;

static int stop_at_once(void *payload) {
    (void)payload;
    atomic_store(&asked, true);
    return 1;
}

static tpl_status wait_until_asked(tpl__window *window) {
    while (!atomic_load(&asked)) {
        tpl__sleep_ms(1);
    }
    tpl__sleep_ms(20); /* the answer takes its way */
    window->ended = true;
    return TPL_OK;
}

static void reading_in_parts_can_be_stopped(void **state) {
    (void)state;
    tpl_run run = {.jobs = 2, .poll = stop_at_once};
    tpl_buffer text = long_text("any/tree");
    tpl__window windows[TPL__PARTS_MOST];
    tpl_manifest *manifest = NULL;
    size_t middle = text.len / 2;
    middle += tpl__v2023_find_entry(text.data + middle, TPL__WINDOW_SIGHT);
    const size_t cuts[] = {0, middle, text.len};
    for (size_t i = 0; i < 2; i++) {
        windows[i] = (tpl__window){.at = text.data + cuts[i], .end = text.data + cuts[i + 1]};
        windows[i].more = wait_until_asked;
    }
    assert_int_equal(read_windows(&manifest, windows, 2, &run), TPL_E_CANCELLED);
    assert_null(manifest);
    tpl_buffer_dispose(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_up_the_whole),
        cmocka_unit_test(a_damaged_part_spoils_the_whole),
        cmocka_unit_test(a_long_text_is_cut_where_entries_begin),
        cmocka_unit_test(cuts_lie_between_entries),
        cmocka_unit_test(an_entry_is_found_wherever_it_begins),
        cmocka_unit_test(a_part_that_cannot_be_read_fails_the_whole),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(reading_in_parts_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
