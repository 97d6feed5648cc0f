/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "codec.h"
#include "few_threads.h"
#include "hasty.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem_faulty.h"
#include "pool.h"

static tpl_manifest *of_entries(unsigned count) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    add_paths_backwards(manifest, count);
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    return manifest;
}

static void expect_text_in_pieces(const tpl_manifest *manifest, unsigned threads) {
    tpl_buffer wanted = TPL_BUFFER_INIT;
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(
        tpl__v2023_write_rows(manifest, 0, manifest->count, false, tpl_buffer_write, &wanted),
        TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "before", 6), TPL_OK);
    assert_int_equal(tpl__v2023_write_text(manifest, tpl_buffer_room, &out, threads, NULL), TPL_OK);
    assert_int_equal(out.len, 6 + wanted.len);
    assert_memory_equal(out.data, "before", 6);
    assert_memory_equal(out.data + 6, wanted.data, wanted.len);
    tpl_buffer_dispose(&wanted);
    tpl_buffer_dispose(&out);
}

static void the_text_is_that_in_pieces(void **state) {
    (void)state;
    const unsigned counts[] = {1, 2, 1023, 1024, 1025, 20000};
    const unsigned threads[] = {1, 2, 3, TPL__PROCESSORS_MOST};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        tpl_manifest *manifest = of_entries(counts[i]);
        for (size_t j = 0; j < sizeof(threads) / sizeof(*threads); j++) {
            expect_text_in_pieces(manifest, threads[j]);
        }
        tpl_manifest_free(manifest);
    }
}

static char *no_room(size_t size, void *asked) {
    assert_true(size > 0);
    ++*(int *)asked;
    return NULL;
}

static void room_is_asked_for_once(void **state) {
    (void)state;
    tpl_manifest *manifest = of_entries(20000);
    int asked = 0;
    assert_int_equal(tpl__v2023_write_text(manifest, no_room, &asked, 2, NULL), TPL_E_NOMEM);
    assert_int_equal(asked, 1);
    tpl_manifest_free(manifest);
}

static void short_and_long_manifests_go_into_memory(void **state) {
    (void)state;
    const unsigned counts[] = {0, 3, 20000};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        for (int format = 0; format < TPL_FORMAT_COUNT; format++) {
            tpl_manifest *manifest = of_entries(counts[i]);
            tpl_buffer wanted = TPL_BUFFER_INIT;
            tpl_buffer out = TPL_BUFFER_INIT;
            const tpl_run two = {.jobs = 2};
            int asked = 0;
            assert_int_equal(tpl_manifest_encode(manifest, (tpl_format)format, tpl_buffer_write,
                                                 &wanted, NULL, NULL),
                             TPL_OK);
            assert_int_equal(tpl_manifest_encode_into(manifest, (tpl_format)format, tpl_buffer_room,
                                                      &out, &two, NULL),
                             TPL_OK);
            assert_int_equal(out.len, wanted.len);
            assert_memory_equal(out.data, wanted.data, wanted.len);
            assert_int_equal(
                tpl_manifest_encode_into(manifest, (tpl_format)format, no_room, &asked, &two, NULL),
                TPL_E_NOMEM);
            assert_int_equal(asked, 1);
            tpl_buffer_dispose(&wanted);
            tpl_buffer_dispose(&out);
            tpl_manifest_free(manifest);
        }
    }
}

static void it_can_be_stopped_at_every_block(void **state) {
    (void)state;
    tpl_manifest *manifest = of_entries(5000);
    tpl_buffer out = TPL_BUFFER_INIT;
    hasty caller = {0, 0};
    const tpl_run run = {.poll = hasty_poll, .payload = &caller};
    tpl_status status = TPL_E_CANCELLED;
    threads_left = 0; /* the caller works, and asks at every step of the clock */
    int stops = 0;
    for (; status == TPL_E_CANCELLED; stops++) {
        caller = (hasty){stops, 0};
        tpl_buffer_dispose(&out);
        status = tpl__v2023_write_text(manifest, tpl_buffer_room, &out, 2, &run);
    }
    threads_left = ENOUGH_THREADS;
    assert_int_equal(status, TPL_OK);
    assert_true(stops > 2 * 5); /* blocks are measured, then written */
    tpl_buffer_dispose(&out);
    tpl_manifest_free(manifest);
}

static void memory_may_run_out_anywhere(void **state) {
    (void)state;
    tpl_manifest *manifest = of_entries(5000);
    int64_t live = mem_faulty_live();
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        tpl_buffer out = TPL_BUFFER_INIT;
        mem_faulty_arm(nth, false);
        tpl_status status = tpl__v2023_write_text(manifest, tpl_buffer_room, &out, 3, NULL);
        failed = mem_faulty_failed() > 0;
        mem_faulty_arm(0, false);
        tpl_buffer_dispose(&out);
        assert_true(status == TPL_OK || (failed && status == TPL_E_NOMEM)); /* fewer threads do */
        assert_int_equal(mem_faulty_live(), live);
    }
    tpl_manifest_free(manifest);
}

static void few_threads_will_do(void **state) {
    (void)state;
    tpl_manifest *manifest = of_entries(20000);
    for (threads_left = 0; threads_left < 4; threads_left++) {
        unsigned left = threads_left;
        expect_text_in_pieces(manifest, 4);
        threads_left = left;
    }
    threads_left = ENOUGH_THREADS;
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_that_in_pieces),
        cmocka_unit_test(room_is_asked_for_once),
        cmocka_unit_test(short_and_long_manifests_go_into_memory),
        cmocka_unit_test(it_can_be_stopped_at_every_block),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(few_threads_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
