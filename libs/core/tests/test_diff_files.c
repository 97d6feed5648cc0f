/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "codec.h"
#include "diffs.h"
#include "scratch.h"

enum {
    LONG = 90000 /* entries of documents that are worth it */
};

static void long_files_are_compared_as_their_manifests_are(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    options.keep_states = true;
    static const char *patterns[] = {"**/*0"};
    write_pair(texts, "a/place/in/the/tree", LONG);
    for (unsigned jobs = 1; jobs < 6; jobs += 2) {
        tpl_diff *found = NULL;
        options.run.jobs = jobs;
        options.filter.exclude = (tpl_strings){patterns, jobs == 3, 1};
        assert_int_equal(tpl_diff_files(&found, OLD_MANIFEST, NEW_MANIFEST, &options, NULL),
                         TPL_OK);
        assert_non_null(found);
        tpl_diff *expected = diff_of_texts(texts, &options);
        expect_same_diff(found, expected, true, true);
        assert_int_equal(tpl_diff_count(found, TPL_CHANGE_NEW), jobs == 3 ? 0 : LONG / 100);
        tpl_diff_free(expected);
        tpl_diff_free(found);
    }
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

static void a_filter_for_trees_alone_hides_nothing(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    static const char *patterns[] = {"**"};
    tpl_diff *found = NULL;
    write_pair(texts, "a/place/in/the/tree", LONG);
    options.filter.exclude = (tpl_strings){patterns, 1, 1};
    options.filter_trees_only = true;
    assert_int_equal(tpl_diff_files(&found, OLD_MANIFEST, NEW_MANIFEST, &options, NULL), TPL_OK);
    assert_int_equal(tpl_diff_count(found, TPL_CHANGE_NEW), LONG / 100);
    tpl_diff_free(found);
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

static void what_must_be_loaded_is_left_alone(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    const tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    write_pair(texts, "a/place/in/the/tree", LONG);
    scratch_write("short", "{}");
    scratch_directory("directory");
    assert_int_equal(mkfifo("fifo", 0600), 0);
    texts[0].data[texts[0].len / 2] ^= 1;
    scratch_write_bytes("damaged", texts[0].data, texts[0].len);
    static const char *others[] = {"short", "directory", "missing", "fifo", "damaged"};
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        tpl_error err = TPL_ERROR_INIT;
        tpl_diff *found = (tpl_diff *)&err;
        assert_int_equal(tpl_diff_files(&found, OLD_MANIFEST, others[i], &options, &err), TPL_OK);
        assert_null(found);
        assert_int_equal(tpl_diff_files(&found, others[i], NEW_MANIFEST, &options, &err), TPL_OK);
        assert_null(found);
        assert_string_equal(err.message, "");
    }
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

static void a_pattern_that_is_none_is_an_error(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    static const char *patterns[] = {"../up"};
    tpl_error err = TPL_ERROR_INIT;
    tpl_diff *found = NULL;
    write_pair(texts, "a/place/in/the/tree", LONG);
    options.filter.include = (tpl_strings){patterns, 1, 1};
    options.filter.dialect = TPL_DIALECT_FNMATCH;
    options.filter.hide_dotfiles = true;
    assert_int_equal(tpl_diff_files(&found, OLD_MANIFEST, NEW_MANIFEST, &options, &err),
                     TPL_E_ARGUMENT);
    assert_null(found);
    tpl_error_dispose(&err);
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

static void it_can_be_stopped(void **state) {
    (void)state;
    tpl_buffer texts[2] = {TPL_BUFFER_INIT, TPL_BUFFER_INIT};
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    tpl_error err = TPL_ERROR_INIT;
    tpl_diff *found = NULL;
    write_pair(texts, "a/place/in/the/tree", 10 * LONG);
    options.run = no_more;
    assert_int_equal(tpl_diff_files(&found, OLD_MANIFEST, NEW_MANIFEST, &options, &err),
                     TPL_E_CANCELLED);
    assert_null(found);
    assert_true(err.message[0] != '\0');
    tpl_error_dispose(&err);
    tpl_buffer_dispose(&texts[0]);
    tpl_buffer_dispose(&texts[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(long_files_are_compared_as_their_manifests_are),
        IN_SCRATCH(a_filter_for_trees_alone_hides_nothing),
        IN_SCRATCH(what_must_be_loaded_is_left_alone),
        IN_SCRATCH(a_pattern_that_is_none_is_an_error),
        IN_SCRATCH(it_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
