/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "manifest_beta.h"
#include "manifest_table.h"

#define ENTRY(name, ...) (&(tpl_entry){.path = (name), .path_len = strlen(name), __VA_ARGS__})

static void add(tpl_manifest *manifest, const tpl_entry *entry) {
    assert_int_equal(tpl_manifest_add(manifest, entry, NULL), TPL_OK);
}

static void finish(tpl_manifest *manifest) {
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2025_12_04_BETA, NULL, NULL),
                     TPL_OK);
}

static tpl_manifest *fresh(void) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    return manifest;
}

static void expect_written(const tpl_manifest *manifest, bool zero_mtime, const char *text) {
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl__beta_write(manifest, zero_mtime, tpl_buffer_write, &out, NULL), TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "", 1), TPL_OK);
    assert_string_equal(out.data, text);
    tpl_buffer_dispose(&out);
}

#define END "\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\""
#define ZEROS "00000000000000000000000000000000"

static void writes_every_member_in_its_place(void **state) {
    (void)state;
    tpl_manifest *manifest = fresh();
    add(manifest, ENTRY("d/c", .kind = TPL_KIND_CHUNKED, .hash_text = "a1,b2,c3",
                        .hash_text_len = 8, .size = 3, .mtime = -4, .runnable = true));
    add(manifest, ENTRY("d/f", .size = 18446744073709551000u, .mtime = 5));
    add(manifest, ENTRY("d/g", .deleted = true));
    add(manifest, ENTRY("d/h", .hash_text = "Odd", .hash_text_len = 3));
    add(manifest, ENTRY("d/l", .kind = TPL_KIND_SYMLINK, .hash_text = "e/t", .hash_text_len = 3));
    add(manifest, ENTRY("e", .kind = TPL_KIND_DIRECTORY, .deleted = true));
    add(manifest, ENTRY("d", .kind = TPL_KIND_DIRECTORY));
    assert_int_equal(tpl_manifest_set_parent(manifest, "feed", 4, NULL), TPL_OK);
    finish(manifest);
    expect_written(manifest, false,
                   "{\"dirs\":[{\"name\":\"d\"},{\"delete\":true,\"name\":\"e\"}],\"files\":["
                   "{\"chunkhashes\":[\"a1\",\"b2\",\"c3\"],\"mtime\":-4,\"name\":\"$0/c\","
                   "\"runnable\":true,\"size\":3},"
                   "{\"hash\":\"" ZEROS "\",\"mtime\":5,\"name\":\"$0/f\","
                   "\"size\":18446744073709551000},"
                   "{\"delete\":true,\"name\":\"$0/g\"},"
                   "{\"hash\":\"Odd\",\"mtime\":0,\"name\":\"$0/h\",\"size\":0},"
                   "{\"name\":\"$0/l\",\"symlink\":{\"name\":\"$1/t\"}}]," END
                   ",\"parentManifestHash\":\"feed\",\"totalSize\":18446744073709551003}");
    tpl_manifest_free(manifest);
}

static void the_content_hash_leaves_times_out(void **state) {
    (void)state;
    tpl_manifest *manifest = fresh();
    add(manifest, ENTRY("f", .size = 1, .mtime = 5));
    finish(manifest);
    expect_written(manifest, true,
                   "{\"dirs\":[],\"files\":[{\"hash\":\"" ZEROS "\",\"mtime\":0,\"name\":\"f\","
                   "\"size\":1}]," END ",\"totalSize\":1}");
    tpl_hash128 content;
    tpl_hash128 whole;
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl__beta_write(manifest, true, tpl_buffer_write, &out, NULL), TPL_OK);
    tpl_hash128 expected = tpl_hash_bytes(out.data, out.len);
    assert_int_equal(tpl_manifest_fingerprint(manifest, &whole, &content, NULL, NULL), TPL_OK);
    assert_true(content.high == expected.high && content.low == expected.low);
    assert_true(whole.low != expected.low);
    tpl_buffer_dispose(&out);
    tpl_manifest_free(manifest);
}

static void text_is_raw_but_for_what_json_and_utf8_cannot_hold(void **state) {
    (void)state;
    tpl_manifest *manifest = fresh();
    add(manifest,
        ENTRY("\x01\b\f\n\r\t\"\\/\x7f\xc3\xa9\xf0\x9f\x98\x80\xed\xb2\x80 '<&", .size = 0));
    add(manifest, ENTRY("\xff", .size = 0)); /* not even WTF-8 */
    finish(manifest);
    expect_written(manifest, false,
                   "{\"dirs\":[],\"files\":[{\"hash\":\"" ZEROS "\",\"mtime\":0,\"name\":\""
                   "\\u0001\\b\\f\\n\\r\\t\\\"\\\\/\x7f\xc3\xa9\xf0\x9f\x98\x80\\udc80 '<&"
                   "\",\"size\":0},{\"hash\":\"" ZEROS "\",\"mtime\":0,\"name\":\"\\udcff\","
                   "\"size\":0}]," END ",\"totalSize\":0}");
    tpl_manifest_free(manifest);
}

/* U+FFEE is before U+1F600 as a code point, and behind it in UTF-16. */
static void directories_and_files_have_orders_of_their_own(void **state) {
    (void)state;
    tpl_manifest *manifest = fresh();
    add(manifest, ENTRY("\xf0\x9f\x98\x80", .kind = TPL_KIND_DIRECTORY));
    add(manifest, ENTRY("\xef\xbf\xae", .kind = TPL_KIND_DIRECTORY));
    add(manifest, ENTRY("\xef\xbf\xae/x", .deleted = true));
    add(manifest, ENTRY("\xf0\x9f\x98\x80/x", .deleted = true));
    assert_int_equal(tpl_manifest_set_parent(manifest, "p", 1, NULL), TPL_OK);
    finish(manifest);
    expect_written(manifest, false,
                   "{\"dirs\":[{\"name\":\"\xef\xbf\xae\"},{\"name\":\"\xf0\x9f\x98\x80\"}],"
                   "\"files\":[{\"delete\":true,\"name\":\"$1/x\"},"
                   "{\"delete\":true,\"name\":\"$0/x\"}]," END
                   ",\"parentManifestHash\":\"p\",\"totalSize\":0}");
    tpl_manifest_free(manifest);
}

static void add_random(tpl_manifest *manifest, uint64_t *seed, bool diff) {
    tpl_buffer path = TPL_BUFFER_INIT;
    tpl_buffer target = TPL_BUFFER_INIT;
    append_random_text(&path, seed, 12, true);
    assert_int_equal(tpl_buffer_append(&target, "t", 1), TPL_OK);
    append_random_text(&target, seed, 8, true);
    uint64_t dice = next_random(seed);
    tpl_entry entry = {
        .path = path.data, .path_len = path.len, .mtime = (int64_t)next_random(seed)};
    entry.size = next_random(seed) >> 12;
    if (dice % 4 == 0) {
        entry.kind = TPL_KIND_DIRECTORY;
        entry.deleted = diff && dice % 3 == 0;
    } else if (diff && dice % 4 == 1) {
        entry.deleted = true;
    } else if (dice % 8 == 2 && memchr(target.data, ':', target.len) == NULL) {
        entry.kind = TPL_KIND_SYMLINK;
        entry.hash_text = target.data;
        entry.hash_text_len = target.len;
    } else {
        entry.runnable = dice % 5 == 0;
        entry.hash.low = next_random(seed);
        entry.hash_text = dice % 7 == 0 ? "Zz" : NULL;
        entry.hash_text_len = dice % 7 == 0 ? 2 : 0;
    }
    if (dice % 16 == 8) {
        entry.kind = TPL_KIND_CHUNKED;
        entry.size = TPL_CHUNK_SIZE * 2;
        entry.hash_text = "a0,b1";
        entry.hash_text_len = 5;
        entry.deleted = false;
    }
    add(manifest, &entry);
    tpl_buffer_dispose(&path);
    tpl_buffer_dispose(&target);
}

static void what_was_written_is_read_back(void **state) {
    (void)state;
    uint64_t seed = 21;
    for (int round = 0; round < 3000; round++) {
        tpl_manifest *manifest = fresh();
        bool diff = round % 2 == 0;
        for (uint64_t count = next_random(&seed) % 30; count > 0; count--) {
            add_random(manifest, &seed, diff);
        }
        if (diff) {
            assert_int_equal(tpl_manifest_set_parent(manifest, "aB", 2, NULL), TPL_OK);
        }
        finish(manifest);
        tpl_buffer out = TPL_BUFFER_INIT;
        assert_int_equal(tpl__beta_write(manifest, false, tpl_buffer_write, &out, NULL), TPL_OK);
        tpl_manifest *again = decoded(out.data, out.len);
        assert_true(tpl_manifest_equal(manifest, again));
        assert_true(tpl_manifest_is_canonical(again, out.data, out.len));
        assert_int_equal(tpl_manifest_directory_count(again), manifest->dirs.count);
        tpl_buffer_dispose(&out);
        tpl_manifest_free(again);
        tpl_manifest_free(manifest);
    }
}

/* A chain of directories, each below the one before, with a name of 255 bytes. */
static tpl_manifest *chain(size_t levels) {
    tpl_manifest *manifest = fresh();
    char *path = malloc(levels * 256);
    assert_non_null(path);
    memset(path, 'd', levels * 256);
    for (size_t level = 1; level <= levels; level++) {
        path[level * 256 - 1] = '/';
        add(manifest,
            &(tpl_entry){.path = path, .path_len = level * 256 - 1, .kind = TPL_KIND_DIRECTORY});
    }
    free(path);
    finish(manifest);
    return manifest;
}

/* What a reader would refuse is refused while it is written: nobody has a file that is no use. */
static void what_nobody_would_read_back_is_not_written(void **state) {
    (void)state;
    size_t refused = 0;
    for (size_t levels = 400; levels <= 440; levels++) {
        tpl_manifest *manifest = chain(levels);
        tpl_buffer out = TPL_BUFFER_INIT;
        tpl_error err = TPL_ERROR_INIT;
        tpl_status status = tpl__beta_write(manifest, false, tpl_buffer_write, &out, &err);
        if (status == TPL_OK) {
            assert_int_equal(refused, 0);
            tpl_manifest_free(decoded(out.data, out.len));
        } else {
            assert_int_equal(status, TPL_E_RANGE);
            assert_string_equal(err.message, "paths too long for format 2025-12-04-beta");
            tpl_manifest *again = NULL;
            assert_int_equal(tpl_manifest_decode(&again, out.data, out.len, NULL, NULL),
                             TPL_E_RANGE);
            refused++;
        }
        tpl_error_dispose(&err);
        tpl_buffer_dispose(&out);
        tpl_manifest_free(manifest);
    }
    assert_in_range(refused, 1, 40);
}

static tpl_status full(const void *data, size_t len, void *payload) {
    (void)data;
    (void)len;
    ++*(int *)payload;
    return TPL_E_IO;
}

static void a_failed_write_ends_it(void **state) {
    (void)state;
    tpl_manifest *manifest = fresh();
    char path[64];
    for (int i = 0; i < 5000; i++) {
        snprintf(path, sizeof(path), "directory-%d/file", i);
        add(manifest, ENTRY(path, .size = 1));
        snprintf(path, sizeof(path), "directory-%d", i);
        add(manifest, ENTRY(path, .kind = TPL_KIND_DIRECTORY));
    }
    finish(manifest);
    int calls = 0;
    assert_int_equal(tpl__beta_write(manifest, false, full, &calls, NULL), TPL_E_IO);
    assert_int_equal(calls, 1);
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_member_in_its_place),
        cmocka_unit_test(the_content_hash_leaves_times_out),
        cmocka_unit_test(text_is_raw_but_for_what_json_and_utf8_cannot_hold),
        cmocka_unit_test(directories_and_files_have_orders_of_their_own),
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(what_nobody_would_read_back_is_not_written),
        cmocka_unit_test(a_failed_write_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
