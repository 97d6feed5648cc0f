/* SPDX-License-Identifier: MIT */
#include "submission.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "job.h"
#include "scratch.h"
#include "tpl/hash.h"

#define TEXT(literal) ((char[]){literal})

static tpl_submission *made_of(job *j) {
    tpl_submission *made = NULL;
    assert_int_equal(tpl_submission_new(&made, &j->references, &j->options, NULL), TPL_OK);
    return made;
}

static void expect_payload(const tpl_submission *made, const char *prefix, const char *format,
                           const char *first, const char *second) {
    char expected[2048];
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_buffer_append(&out, "kept", 4), TPL_OK);
    assert_int_equal(tpl_submission_payload(&out, made, "COPIED", prefix, NULL), TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "", 1), TPL_OK);
    int length = snprintf(expected, sizeof(expected), "kept");
    for (const char *c = format; *c != '\0'; c++) { /* ^ and $ stand for the two texts */
        const char one[] = {*c, '\0'};
        const char *text = *c == '^' ? first : *c == '$' ? second : one;
        length += snprintf(expected + length, sizeof(expected) - (size_t)length, "%s", text);
    }
    assert_string_equal(out.data, expected);
    tpl_buffer_dispose(&out);
}

static void key_of(char hex[TPL_HASH_HEX_LEN + 1], const char *path) {
    tpl_hash128_to_hex(tpl_hash_bytes(path, strlen(path)), hex);
}

static void a_payload_has_a_member_for_all_there_is(void **state) {
    (void)state;
    char cwd[512];
    char root[600];
    char key[TPL_HASH_HEX_LEN + 1];
    char hash[TPL_HASH_HEX_LEN + 1];
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    snprintf(root, sizeof(root), "%s/p", cwd);
    key_of(key, root);
    scratch_write_old("p/a", "hello");
    job j;
    job_begin(&j, TEXT("p/a"), NULL, TEXT("p p/out/x"), TEXT("p/r"));
    tpl_submission *made = made_of(&j);
    expect_payload(made, NULL,
                   "{\"manifests\":[{\"rootPath\":\"^\",\"rootPathFormat\":\"posix\","
                   "\"outputRelativeDirectories\":[\".\",\"out/x\"]}],\"fileSystem\":\"COPIED\"}",
                   root, NULL);
    tpl_snapshot_stats stats = {0};
    assert_int_equal(tpl_submission_hash(made, TPL_FORMAT_DEFAULT, &j.options.run, &stats, NULL),
                     TPL_OK);
    assert_true(stats.hashed_files == 1 && stats.hashed_bytes == 5);
    tpl_asset_root seen;
    tpl_submission_root(made, 0, &seen);
    assert_int_equal(tpl_manifest_count(seen.manifest), 1);
    tpl_buffer encoded = TPL_BUFFER_INIT;
    assert_int_equal(tpl_manifest_encode(seen.manifest, TPL_FORMAT_DEFAULT, tpl_buffer_write,
                                         &encoded, NULL, NULL),
                     TPL_OK);
    tpl_hash128_to_hex(tpl_hash_bytes(encoded.data, encoded.len), hash);
    tpl_buffer_dispose(&encoded);
    char text[512];
    snprintf(text, sizeof(text),
             "\"inputManifestPath\":\"farm/%s_input\",\"inputManifestHash\":\"%s\"", key, hash);
    static const char *const prefixes[] = {"farm", "farm/"};
    for (int i = 0; i < 2; i++) {
        expect_payload(made, prefixes[i],
                       "{\"manifests\":[{\"rootPath\":\"^\",\"rootPathFormat\":\"posix\",$,"
                       "\"outputRelativeDirectories\":[\".\",\"out/x\"]}],"
                       "\"fileSystem\":\"COPIED\"}",
                       root, text);
    }
    tpl_manifest *taken = tpl_submission_take(made, 0);
    assert_ptr_equal(taken, seen.manifest);
    assert_null(tpl_submission_take(made, 0));
    tpl_manifest_free(taken);
    tpl_submission_free(made);
    job_end(&j);
}

static void a_payload_of_nothing_has_no_manifests(void **state) {
    (void)state;
    job j;
    job_begin(&j, NULL, NULL, NULL, NULL);
    tpl_submission *made = made_of(&j);
    assert_int_equal(tpl_submission_hash(made, TPL_FORMAT_DEFAULT, NULL, NULL, NULL), TPL_OK);
    expect_payload(made, "x", "{\"manifests\":[],\"fileSystem\":\"COPIED\"}", NULL, NULL);
    tpl_submission_free(made);
    job_end(&j);
}

static void locations_and_the_root_of_all_are_told(void **state) {
    (void)state;
    job j;
    job_begin(&j, NULL, NULL, TEXT("/ /nowhere\xff"), TEXT("l/r"));
    job_locate(&j, "\"L\"", "l", false);
    job_locate(&j, "", "nameless", false);
    assert_int_equal(tpl_strings_append(&j.references.outputs, "nameless/\n"), TPL_OK);
    tpl_submission *made = made_of(&j);
    char cwd[512];
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    expect_payload(made, NULL,
                   "{\"manifests\":[{\"rootPath\":\"/\",\"rootPathFormat\":\"posix\","
                   "\"outputRelativeDirectories\":[\".\",\"nowhere\\udcff\"]},"
                   "{\"rootPath\":\"^/l/r\",\"fileSystemLocationName\":\"\\\"L\\\"\","
                   "\"rootPathFormat\":\"posix\"},{\"rootPath\":\"^/nameless/\\n\","
                   "\"rootPathFormat\":\"posix\",\"outputRelativeDirectories\":[\".\"]}],"
                   "\"fileSystem\":\"COPIED\"}",
                   cwd, NULL);
    tpl_submission_free(made);
    job_end(&j);
}

static void inputs_become_a_manifest_relative_to_the_root(void **state) {
    (void)state;
    scratch_write_old("p/b/x", "1");
    scratch_write_old("p/a", "22");
    scratch_link("p/link", "b/x");
    assert_int_equal(chmod("p/a", 0755), 0);
    job j;
    job_begin(&j, TEXT("p/link"), TEXT("p"), NULL, NULL);
    tpl_submission *made = made_of(&j);
    tpl_asset_root root;
    for (int format = 0; format < TPL_FORMAT_COUNT; format++) {
        assert_int_equal(tpl_submission_hash(made, (tpl_format)format, NULL, NULL, NULL), TPL_OK);
        tpl_submission_root(made, 0, &root);
        assert_int_equal(tpl_manifest_format(root.manifest), format);
        assert_int_equal(tpl_manifest_count(root.manifest), 3);
        static const char *const paths[] = {"a", "b/x", "link"};
        for (size_t i = 0; i < 3; i++) {
            tpl_entry entry;
            tpl_manifest_entry(root.manifest, i, &entry);
            assert_int_equal(entry.path_len, strlen(paths[i]));
            assert_memory_equal(entry.path, paths[i], entry.path_len);
            assert_true(entry.size == (i == 0 ? 2u : 1u) && entry.mtime == 1600000000123456);
            assert_int_equal(entry.kind, TPL_KIND_FILE);
            assert_true(entry.runnable == (i == 0 && format == TPL_FORMAT_2025_12_04_BETA));
        }
    }
    tpl_submission_free(made);
    job_end(&j);
}

static void expect_failure(tpl_submission *made, tpl_status status, int sys_errno,
                           const char *end) {
    tpl_error err = TPL_ERROR_INIT;
    tpl_snapshot_stats stats = {7, 7, 7, 7};
    assert_int_equal(tpl_submission_hash(made, TPL_FORMAT_DEFAULT, NULL, &stats, &err), status);
    assert_int_equal(err.sys_errno, sys_errno);
    assert_string_equal(err.path + err.path_len - strlen(end), end);
    assert_true(stats.hashed_files == 7);
    tpl_error_dispose(&err);
    assert_int_equal(tpl_submission_hash(made, TPL_FORMAT_DEFAULT, NULL, NULL, NULL), status);
}

static void what_is_no_longer_there_is_an_error(void **state) {
    (void)state;
    scratch_write("p/a", "1");
    scratch_write("p/b", "2");
    job j;
    job_begin(&j, NULL, TEXT("p"), NULL, NULL);
    tpl_submission *made = made_of(&j);
    assert_int_equal(unlink("p/b"), 0);
    expect_failure(made, TPL_E_IO, ENOENT, "/p/b");
    scratch_fifo("p/b");
    expect_failure(made, TPL_E_INPUTS, 0, "/p/b");
    tpl_submission_free(made);
    job_end(&j);
}

typedef struct witness {
    int told;
    int done;
    tpl_progress last;
    bool refuses;
} witness;

static int watch(const tpl_progress *progress, void *payload) {
    witness *w = payload;
    w->told++;
    w->done += progress->phase == TPL_PHASE_DONE ? 1 : 0;
    assert_true(progress->files_done >= w->last.files_done);
    w->last = *progress;
    return w->refuses;
}

static void all_roots_are_one_piece_of_work(void **state) {
    (void)state;
    scratch_write("p/a", "1");
    scratch_write("p/b", "22");
    scratch_write("q/c", "333");
    job j;
    job_begin(&j, TEXT("q/c"), TEXT("p"), TEXT("o"), NULL);
    job_locate(&j, "P", "p", false);
    job_locate(&j, "Q", "q", false);
    for (int follows = 0; follows < 2; follows++) {
        witness w = {0};
        j.options.run = (tpl_run){1, watch, NULL, NULL, &w};
        j.options.hash_follows = follows == 1;
        tpl_submission *made = made_of(&j);
        assert_int_equal(tpl_submission_count(made), 3);
        assert_int_equal(w.done, 1 - follows);
        assert_true(w.last.files_done == (follows == 1 ? 0 : 3));
        w = (witness){0};
        tpl_snapshot_stats stats = {0};
        assert_int_equal(
            tpl_submission_hash(made, TPL_FORMAT_DEFAULT, &j.options.run, &stats, NULL), TPL_OK);
        assert_int_equal(w.done, 1);
        assert_int_equal(w.last.phase, TPL_PHASE_DONE);
        assert_true(w.last.total_known && w.last.files_done == 3 && w.last.files_total == 3);
        assert_true(w.last.bytes_done == 6 && w.last.bytes_total == 6);
        assert_true(stats.hashed_files == 3 && stats.begun_ns > 0 && stats.begun_ns < INT64_MAX);
        tpl_submission_free(made);
    }
    job_end(&j);
}

static void all_that_is_to_be_hashed_is_known_at_once(void **state) {
    (void)state;
    scratch_write("p/a", "1");
    scratch_write("p/b", "22");
    job j;
    job_begin(&j, NULL, TEXT("p"), NULL, NULL);
    witness w = {0};
    j.options.run = (tpl_run){1, watch, NULL, NULL, &w};
    tpl_submission *made = made_of(&j);
    assert_int_equal(tpl_submission_count(made), 1);
    w = (witness){.refuses = true};
    assert_int_equal(tpl_submission_hash(made, TPL_FORMAT_DEFAULT, &j.options.run, NULL, NULL),
                     TPL_E_CANCELLED);
    assert_true(w.told == 1 && w.last.total_known);
    assert_true(w.last.files_total == 2 && w.last.bytes_total == 3);
    tpl_submission_free(made);
    job_end(&j);
}

static void a_submission_of_nothing_begins_and_is_done(void **state) {
    (void)state;
    job j;
    job_begin(&j, NULL, NULL, NULL, NULL);
    witness w = {0};
    j.options.run = (tpl_run){1, watch, NULL, NULL, &w};
    tpl_submission *made = made_of(&j);
    assert_true(w.told == 2 && w.done == 1 && w.last.total_known);
    w.refuses = true;
    tpl_submission *none = made;
    assert_int_equal(tpl_submission_new(&none, &j.references, &j.options, NULL), TPL_E_CANCELLED);
    assert_null(none);
    assert_int_equal(w.told, 3);
    tpl_submission_free(made);
    job_end(&j);
}

static void hashing_stops_when_it_is_told_to(void **state) {
    (void)state;
    scratch_write("p/a", "1");
    job j;
    job_begin(&j, TEXT("p/a"), NULL, NULL, NULL);
    tpl_submission *made = made_of(&j);
    witness w = {.refuses = true};
    j.options.run = (tpl_run){1, watch, NULL, NULL, &w};
    assert_int_equal(tpl_submission_hash(made, TPL_FORMAT_DEFAULT, &j.options.run, NULL, NULL),
                     TPL_E_CANCELLED);
    tpl_submission_free(made);
    job_end(&j);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_payload_has_a_member_for_all_there_is),
        IN_SCRATCH(a_payload_of_nothing_has_no_manifests),
        IN_SCRATCH(locations_and_the_root_of_all_are_told),
        IN_SCRATCH(inputs_become_a_manifest_relative_to_the_root),
        IN_SCRATCH(what_is_no_longer_there_is_an_error),
        IN_SCRATCH(all_roots_are_one_piece_of_work),
        IN_SCRATCH(all_that_is_to_be_hashed_is_known_at_once),
        IN_SCRATCH(a_submission_of_nothing_begins_and_is_done),
        IN_SCRATCH(hashing_stops_when_it_is_told_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
