/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "few_threads.h"
#include "hasty.h"
#include "scratch.h"
#include "submission.h"

static int by_text(const void *a, const void *b) {
    return strcmp(((const tpl_asset_path *)a)->text, ((const tpl_asset_path *)b)->text);
}

static void everything_below_is_found_whatever_the_number_of_threads(void **state) {
    for (int i = 0; i < 300; i++) {
        char path[64];
        snprintf(path, sizeof(path), "d/%d/%d/\xff%d", i % 7, i % 3, i);
        scratch_write(path, "");
    }
    for (unsigned jobs = 1; jobs <= 4; jobs += 3) {
        tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
        tpl_buffer paths = TPL_BUFFER_INIT;
        tpl__arena arena = TPL__ARENA_INIT;
        options.run.jobs = jobs;
        assert_int_equal(tpl__expand(&paths, &arena, *state, &options, NULL), TPL_OK);
        assert_int_equal(tpl__paths_count(&paths), 300);
        qsort(paths.data, 300, sizeof(tpl_asset_path), by_text);
        for (size_t i = 0; i < 300; i++) {
            const tpl_asset_path *path = &tpl__paths_of(&paths)[i];
            size_t root = strlen(*state);
            assert_memory_equal(path->text, *state, root);
            assert_memory_equal(path->text + root, "/d/", 3);
            assert_non_null(strstr(path->text, "/\xed\xb3\xbf"));
            assert_int_equal(strlen(path->text), path->len);
            assert_true(i == 0 || strcmp(path->text, path[-1].text) != 0);
        }
        tpl_buffer_dispose(&paths);
        tpl__arena_dispose(&arena);
    }
}

static void a_directory_that_is_not_there_is_an_error(void **state) {
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    tpl_buffer paths = TPL_BUFFER_INIT;
    tpl__arena arena = TPL__ARENA_INIT;
    tpl_error err = TPL_ERROR_INIT;
    (void)state;
    assert_int_equal(tpl__expand(&paths, &arena, "nothing", &options, &err), TPL_E_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_int_equal(paths.len, 0);
    tpl_error_dispose(&err);
    tpl__arena_dispose(&arena);
}

static tpl_warning_kind warned;
static char warned_of[64];

static void on_warning(const tpl_warning *warning, void *payload) {
    assert_ptr_equal(payload, &warned);
    warned = warning->kind;
    snprintf(warned_of, sizeof(warned_of), "%.*s", (int)warning->path_len, warning->path);
}

static void a_pattern_that_names_a_directory_is_told_as_it_is(void **state) {
    scratch_write("d/x", "");
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    tpl_buffer paths = TPL_BUFFER_INIT;
    tpl__arena arena = TPL__ARENA_INIT;
    options.run.warning = on_warning;
    options.run.payload = &warned;
    assert_int_equal(tpl_strings_append(&options.exclude, "d"), TPL_OK);
    assert_int_equal(tpl__expand(&paths, &arena, *state, &options, NULL), TPL_OK);
    assert_int_equal(tpl__paths_count(&paths), 1);
    assert_int_equal(warned, TPL_WARN_PATTERN_IS_DIRECTORY);
    assert_string_equal(warned_of, "d");
    tpl_strings_dispose(&options.exclude);
    tpl_buffer_dispose(&paths);
    tpl__arena_dispose(&arena);
}

static tpl_status expand(const char *directory, const tpl_submission_options *options) {
    tpl_buffer paths = TPL_BUFFER_INIT;
    tpl__arena arena = TPL__ARENA_INIT;
    tpl_status status = tpl__expand(&paths, &arena, directory, options, NULL);
    assert_int_equal(tpl__paths_count(&paths), status == TPL_OK ? 1 : 0);
    tpl_buffer_dispose(&paths);
    tpl__arena_dispose(&arena);
    return status;
}

static void a_caller_may_have_no_callbacks(void **state) {
    scratch_write("d/x", "");
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    assert_int_equal(tpl_strings_append(&options.exclude, "d"), TPL_OK);
    assert_int_equal(expand(*state, &options), TPL_OK);
    tpl_strings_dispose(&options.exclude);
}

/* On the caller's own thread, where he is asked in between. */
static void it_stops_when_the_caller_says_so(void **state) {
    scratch_write("d/x", "");
    hasty caller = {0, 0};
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    options.run.poll = hasty_poll;
    options.run.payload = &caller;
    threads_left = 0;
    assert_int_equal(expand(*state, &options), TPL_E_CANCELLED);
    threads_left = ENOUGH_THREADS;
    assert_int_equal(caller.asked, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(everything_below_is_found_whatever_the_number_of_threads),
        IN_SCRATCH(a_directory_that_is_not_there_is_an_error),
        IN_SCRATCH(a_pattern_that_names_a_directory_is_told_as_it_is),
        IN_SCRATCH(a_caller_may_have_no_callbacks),
        IN_SCRATCH(it_stops_when_the_caller_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
