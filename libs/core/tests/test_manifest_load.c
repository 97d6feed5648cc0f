/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "codec.h"
#include "hasty.h"
#include "scratch.h"
#include "tpl/file.h"
#include "tpl/manifest.h"

enum {
    MANY = 20000,      /* several windows of text */
    VERY_MANY = 80000, /* several parts */
    LONG = 300000      /* longer than any window */
};

/* Every byte that a manifest of so many entries has, one path of `longest` characters among them.
 */
static tpl_buffer document(int count, size_t longest) {
    tpl_buffer text = TPL_BUFFER_INIT;
    tpl_manifest *manifest = NULL;
    char *path = calloc(1, longest + 100);
    assert_non_null(path);
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (int i = 0; i < count; i++) {
        size_t fill = i == count / 2 ? longest : (size_t)i % 50;
        memset(path, 'x', fill);
        int len = snprintf(path + fill, 40, "/%07d", i);
        tpl_entry entry = {.path = path, .path_len = fill + (size_t)len, .size = (uint64_t)i};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    append_encoded(&text, manifest);
    tpl_manifest_free(manifest);
    free(path);
    return text;
}

static void write_bytes(const char *path, const void *data, size_t len) {
    tpl_output *out = NULL;
    assert_int_equal(tpl_output_new(&out, path, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_output_write(data, len, out), TPL_OK);
    assert_int_equal(tpl_output_commit(out, NULL), TPL_OK);
    tpl_output_free(out);
}

/* Loading says exactly what decoding says. */
static tpl_status load_and_compare(const tpl_buffer *text) {
    tpl_manifest *loaded = NULL;
    tpl_manifest *decoded = NULL;
    tpl_hash128 file_hash;
    int64_t mtime_ns;
    tpl_error one = TPL_ERROR_INIT;
    tpl_error two = TPL_ERROR_INIT;
    write_bytes("m", text->data, text->len);
    scratch_set_mtime("m", 1700000000123456789);
    tpl_status status = tpl_manifest_load(&loaded, "m", &mtime_ns, &file_hash, NULL, &one);
    assert_int_equal(tpl_manifest_decode(&decoded, text->data, text->len, NULL, &two), status);
    assert_string_equal(one.message, two.message);
    assert_true((loaded != NULL) == (status == TPL_OK));
    if (status == TPL_OK) {
        tpl_hash128 hash = tpl_hash_bytes(text->data, text->len);
        assert_true(tpl_manifest_equal(loaded, decoded));
        assert_true(file_hash.high == hash.high && file_hash.low == hash.low);
        assert_true(mtime_ns == 1700000000123456789);
    }
    tpl_manifest_free(loaded);
    tpl_manifest_free(decoded);
    tpl_error_dispose(&one);
    tpl_error_dispose(&two);
    return status;
}

static void loads_what_is_longer_than_a_window(void **state) {
    (void)state;
    for (int count = 1; count <= MANY; count = count * 3 + 1) {
        tpl_buffer text = document(count, 5);
        assert_int_equal(load_and_compare(&text), TPL_OK);
        assert_int_equal(tpl_buffer_append(&text, "\n\r\n", 3), TPL_OK);
        assert_int_equal(load_and_compare(&text), TPL_OK);
        tpl_buffer_dispose(&text);
    }
}

static void an_entry_may_be_longer_than_a_window(void **state) {
    (void)state;
    const size_t lengths[] = {60000, 66000, 190000, LONG};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        tpl_buffer text = document(MANY / 4, lengths[i]);
        assert_int_equal(load_and_compare(&text), TPL_OK);
        tpl_buffer_dispose(&text);
    }
}

static void what_is_not_canonical_is_read_whole(void **state) {
    (void)state;
    tpl_buffer text = document(MANY, 5);
    text.data[text.len - 1] = ' '; /* the last brace */
    assert_int_equal(load_and_compare(&text), TPL_E_SYNTAX);
    text.data[text.len - 1] = '}';
    assert_int_equal(tpl_buffer_append(&text, " ", 1), TPL_OK);
    assert_int_equal(load_and_compare(&text), TPL_OK);
    for (size_t i = 0; i < LONG; i++) {
        assert_int_equal(tpl_buffer_append(&text, "\n", 1), TPL_OK);
    }
    assert_int_equal(load_and_compare(&text), TPL_OK);
    text.len = 0;
    assert_int_equal(load_and_compare(&text), TPL_E_SYNTAX);
    tpl_buffer_dispose(&text);
}

/* Without a hash, in parts; with one, in one. */
static tpl_status load_in_parts(const tpl_buffer *text) {
    const tpl_run both = {.jobs = 2};
    tpl_manifest *parts = NULL;
    tpl_manifest *whole = NULL;
    tpl_hash128 hash;
    tpl_error one = TPL_ERROR_INIT;
    tpl_error two = TPL_ERROR_INIT;
    write_bytes("m", text->data, text->len);
    tpl_status status = tpl_manifest_load(&parts, "m", NULL, NULL, &both, &one);
    assert_int_equal(tpl_manifest_load(&whole, "m", NULL, &hash, &both, &two), status);
    assert_string_equal(one.message, two.message);
    assert_int_equal(parts != NULL, status == TPL_OK);
    assert_true(parts == NULL || tpl_manifest_equal(parts, whole));
    tpl_manifest_free(parts);
    tpl_manifest_free(whole);
    tpl_error_dispose(&one);
    tpl_error_dispose(&two);
    return status;
}

static void long_files_are_read_in_parts(void **state) {
    (void)state;
    const size_t lengths[] = {5, 60000, LONG};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        tpl_buffer text = document(VERY_MANY, lengths[i]);
        assert_true(text.len > (size_t)8 << 20);
        assert_int_equal(load_in_parts(&text), TPL_OK);
        for (size_t place = 1; place < 4; place++) {
            char *byte = &text.data[text.len / 4 * place];
            char kept = *byte;
            *byte = '\x01';
            assert_int_equal(load_in_parts(&text), TPL_E_SYNTAX);
            *byte = kept;
        }
        tpl_buffer_dispose(&text);
    }
}

static void every_length_of_a_text_cut_off_is_told_alike(void **state) {
    (void)state;
    tpl_buffer text = document(3, 5);
    for (size_t len = text.len; len-- > 0;) {
        tpl_buffer part = {.data = text.data, .len = len};
        assert_int_equal(load_and_compare(&part), TPL_E_SYNTAX);
    }
    tpl_buffer_dispose(&text);
}

static void a_pipe_is_read_to_its_end(void **state) {
    (void)state;
    tpl_buffer text = document(MANY, 5);
    write_bytes("m", text.data, text.len);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execlp("cp", "cp", "m", "pipe", (char *)NULL);
        _exit(1);
    }
    tpl_manifest *loaded = NULL;
    tpl_hash128 hash;
    assert_int_equal(tpl_manifest_load(&loaded, "pipe", NULL, &hash, NULL, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_count(loaded), MANY);
    assert_true(hash.low == tpl_hash_bytes(text.data, text.len).low);
    int ended = -1;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    tpl_manifest_free(loaded);
    tpl_buffer_dispose(&text);
}

static void what_cannot_be_read_is_told_with_its_name(void **state) {
    (void)state;
    tpl_manifest *loaded = (tpl_manifest *)(uintptr_t)state;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_manifest_load(&loaded, "missing", NULL, NULL, NULL, &err), TPL_E_IO);
    assert_null(loaded);
    assert_int_equal(err.sys_errno, ENOENT);
    assert_string_equal(err.path, "missing");
    assert_int_equal(tpl_manifest_load(&loaded, ".", NULL, NULL, NULL, &err), TPL_E_IO);
    assert_int_equal(err.sys_errno, EISDIR);
    assert_string_equal(err.path, ".");
    tpl_error_dispose(&err);
}

static uint64_t readable = UINT64_MAX; /* bytes of a file, before an error */

int __real_tpl__fs_read_at(int fd, void *buf, size_t size, uint64_t offset, size_t *got);
int __wrap_tpl__fs_read_at(int fd, void *buf, size_t size, uint64_t offset, size_t *got);

int __wrap_tpl__fs_read_at(int fd, void *buf, size_t size, uint64_t offset, size_t *got) {
    return offset < readable ? __real_tpl__fs_read_at(fd, buf, size, offset, got) : EIO;
}

static void whichever_reader_fails_its_cause_is_told(void **state) {
    (void)state;
    const tpl_run both = {.jobs = 2};
    tpl_buffer text = document(VERY_MANY, 5);
    write_bytes("m", text.data, text.len);
    readable = text.len / 2;
    for (int round = 0; round < 10; round++) {
        tpl_manifest *loaded = NULL;
        tpl_error err = TPL_ERROR_INIT;
        assert_int_equal(tpl_manifest_load(&loaded, "m", NULL, NULL, &both, &err), TPL_E_IO);
        assert_null(loaded);
        assert_int_equal(err.sys_errno, EIO);
        assert_string_equal(err.path, "m");
        tpl_error_dispose(&err);
    }
    readable = UINT64_MAX;
    tpl_buffer_dispose(&text);
}

static void loading_can_be_stopped_at_every_question(void **state) {
    (void)state;
    tpl_buffer text = document(MANY, 5);
    write_bytes("m", text.data, text.len);
    tpl_buffer_dispose(&text);
    tpl_manifest *loaded = NULL;
    hasty caller = {0, 0};
    tpl_run run = {.poll = hasty_poll, .payload = &caller};
    while (tpl_manifest_load(&loaded, "m", NULL, NULL, &run, NULL) == TPL_E_CANCELLED) {
        assert_null(loaded);
        assert_int_equal(caller.asked, caller.patience + 1);
        caller = (hasty){caller.patience + 1, 0};
    }
    assert_non_null(loaded);
    assert_true(caller.patience > 3);
    tpl_manifest_free(loaded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(loads_what_is_longer_than_a_window),
        IN_SCRATCH(an_entry_may_be_longer_than_a_window),
        IN_SCRATCH(what_is_not_canonical_is_read_whole),
        IN_SCRATCH(long_files_are_read_in_parts),
        IN_SCRATCH(every_length_of_a_text_cut_off_is_told_alike),
        IN_SCRATCH(a_pipe_is_read_to_its_end),
        IN_SCRATCH(what_cannot_be_read_is_told_with_its_name),
        IN_SCRATCH(whichever_reader_fails_its_cause_is_told),
        IN_SCRATCH(loading_can_be_stopped_at_every_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
