/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "few_threads.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem_faulty.h"
#include "pool.h"

static tpl_manifest *numbered(size_t count) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < count; i++) {
        char path[40];
        int len = snprintf(path, sizeof(path), "d%03zu/\"%05zu", i / 100, i);
        tpl_entry entry = {.path = path, .path_len = (size_t)len, .size = i, .mtime = -(int64_t)i};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    return manifest;
}

static void expect_serial_text(const tpl_manifest *manifest, unsigned threads, bool zero_mtime) {
    tpl_buffer wanted = TPL_BUFFER_INIT;
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(
        tpl__v2023_write_rows(manifest, 0, manifest->count, zero_mtime, tpl_buffer_write, &wanted),
        TPL_OK);
    assert_int_equal(tpl__v2023_write_blocks(manifest, zero_mtime, tpl_buffer_write, &out, threads),
                     TPL_OK);
    assert_int_equal(out.len, wanted.len);
    assert_memory_equal(out.data, wanted.data, out.len);
    tpl_buffer_dispose(&wanted);
    tpl_buffer_dispose(&out);
}

static void blocks_make_up_the_text(void **state) {
    (void)state;
    const size_t counts[] = {1, 2, 1023, 1024, 1025, 20000};
    const unsigned threads[] = {1, 2, 3, TPL__PROCESSORS_MOST};
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        tpl_manifest *manifest = numbered(counts[i]);
        for (size_t j = 0; j < sizeof(threads) / sizeof(*threads); j++) {
            expect_serial_text(manifest, threads[j], j % 2 == 0);
        }
        tpl_manifest_free(manifest);
    }
}

static tpl_status refuse_later(const void *data, size_t len, void *payload) {
    (void)data;
    (void)len;
    return (*(int *)payload)-- > 0 ? TPL_OK : TPL_E_IO;
}

static void a_writer_that_refuses_is_not_asked_again(void **state) {
    (void)state;
    tpl_manifest *manifest = numbered(20000);
    for (int patience = 0; patience < 20; patience++) {
        int left = patience;
        assert_int_equal(tpl__v2023_write_blocks(manifest, false, refuse_later, &left, 3),
                         TPL_E_IO);
        assert_int_equal(left, -1);
    }
    tpl_manifest_free(manifest);
}

static void memory_may_run_out_anywhere(void **state) {
    (void)state;
    tpl_manifest *manifest = numbered(5000);
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_buffer_reserve(&out, (size_t)1 << 20), TPL_OK);
    int64_t live = mem_faulty_live();
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        out.len = 0;
        mem_faulty_arm(nth, false);
        tpl_status status = tpl__v2023_write_blocks(manifest, false, tpl_buffer_write, &out, 3);
        failed = mem_faulty_failed() > 0;
        mem_faulty_arm(0, false);
        assert_true(status == TPL_OK || (failed && status == TPL_E_NOMEM)); /* fewer threads do */
        assert_int_equal(mem_faulty_live(), live);
    }
    tpl_buffer_dispose(&out);
    tpl_manifest_free(manifest);
}

static void no_thread_is_needed(void **state) {
    (void)state;
    tpl_manifest *manifest = numbered(20000);
    threads_left = 0;
    expect_serial_text(manifest, 4, false);
    threads_left = 1;
    expect_serial_text(manifest, 4, false);
    threads_left = ENOUGH_THREADS;
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_make_up_the_text),
        cmocka_unit_test(a_writer_that_refuses_is_not_asked_again),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(no_thread_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
