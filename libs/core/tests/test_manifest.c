/* SPDX-License-Identifier: MIT */
#include "tpl/manifest.h"

#include <string.h>

#include "check.h"
#include "codec.h"
#include "manifest_table.h"
#include "mem.h"
#include "tpl/text.h"

static tpl_manifest *new_manifest(void) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    return manifest;
}

static void expect_text(const tpl_manifest *manifest, const char *text, size_t len) {
    tpl_buffer out = TPL_BUFFER_INIT;
    append_encoded(&out, manifest);
    assert_int_equal(out.len, len);
    assert_memory_equal(out.data, text, len);
    tpl_buffer_dispose(&out);
}

static void expect_fingerprint(const tpl_manifest *manifest, const char *hex) {
    tpl_hash128 hash;
    char text[TPL_HASH_HEX_LEN + 1];
    assert_int_equal(tpl_manifest_fingerprint(manifest, &hash, NULL, NULL, NULL), TPL_OK);
    tpl_hash128_to_hex(hash, text);
    assert_string_equal(text, hex);
}

static void writes_one_file_as_the_reference_does(void **state) {
    (void)state;
    static const char text[] =
        DOCUMENT("{\"hash\":\"b5e9c1ad071b3e7fc779cfaa5e523818\",\"mtime\":1700000000123456,"
                 "\"path\":\"a.txt\",\"size\":5}",
                 "5");
    tpl_manifest *manifest = new_manifest();
    tpl_entry entry = {.path = "a.txt", .path_len = 5, .size = 5, .mtime = 1700000000123456};
    entry.hash = tpl_hash_bytes("hello", 5);
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    expect_text(manifest, text, 168);
    expect_fingerprint(manifest, "8494d1b893353df9de06b78c8fdd4941");
    tpl_manifest_free(manifest);
}

/* Paths that tell UTF-16 order and every kind of escape apart. */
static void add_tricky_entries(tpl_manifest *manifest) {
    static const char *const paths[] = {"b/\xc3\xa9.txt",
                                        "b/z",
                                        "a\"q\\s",
                                        "tab\tnl\n",
                                        "del\x7f",
                                        "\xf0\x90\x80\x80",
                                        "\xee\x80\x80",
                                        "\xed\xa0\xbd",
                                        "\xf0\x9f\x98\x80",
                                        "\xef\xbf\xae",
                                        "",
                                        "-"};
    for (size_t i = 0; i < 12; i++) {
        tpl_entry entry = {.path = paths[i], .path_len = strlen(paths[i]), .size = i};
        entry.hash = (tpl_hash128){0, i};
        entry.mtime = 1700000000000000 + (int64_t)i;
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    }
}

static void writes_tricky_paths_as_the_reference_does(void **state) {
    (void)state;
    static const uint64_t order[] = {10, 11, 2, 1, 0, 4, 3, 5, 7, 8, 6, 9};
    tpl_manifest *manifest = new_manifest();
    add_tricky_entries(manifest);
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    for (size_t i = 0; i < 12; i++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, i, &entry);
        assert_int_equal(entry.size, order[i]);
    }
    tpl_buffer out = TPL_BUFFER_INIT;
    append_encoded(&out, manifest);
    assert_int_equal(out.len, 1217);
    expect_fingerprint(manifest, "748318a69c4993e3f75d0a0c20da1973");
    tpl_manifest *back = decoded(out.data, out.len);
    assert_true(tpl_manifest_equal(manifest, back));
    tpl_manifest_free(back);
    tpl_buffer_dispose(&out);
    tpl_manifest_free(manifest);
}

static void seals_without_moving_entries(void **state) {
    (void)state;
    tpl_manifest *sorted = new_manifest();
    tpl_manifest *sealed = new_manifest();
    add_tricky_entries(sorted);
    add_tricky_entries(sealed);
    assert_int_equal(tpl_manifest_sort(sorted, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_seal(sealed, NULL), TPL_OK);
    for (size_t i = 0; i < 12; i++) {
        tpl_entry entry;
        tpl_manifest_entry(sealed, i, &entry);
        assert_int_equal(entry.size, i);
    }
    assert_true(tpl_manifest_equal(sorted, sealed));
    expect_fingerprint(sealed, "748318a69c4993e3f75d0a0c20da1973");
    tpl_manifest_free(sorted);
    tpl_manifest_free(sealed);
}

static void finds_the_last_entry_of_a_path(void **state) {
    (void)state;
    static const char *const paths[] = {"c", "a", "b", "a", "c", "a"};
    for (int sort = 0; sort < 2; sort++) {
        tpl_manifest *manifest = new_manifest();
        for (size_t i = 0; i < 6; i++) {
            add_path(manifest, paths[i], i);
        }
        assert_int_equal(sort != 0 ? tpl_manifest_sort(manifest, NULL)
                                   : tpl_manifest_seal(manifest, NULL),
                         TPL_OK);
        assert_int_equal(tpl_manifest_duplicates(manifest), 3);
        static const struct {
            const char *path;
            size_t size;
            size_t index_when_sorted;
        } expected[] = {{"a", 5, 2}, {"b", 2, 3}, {"c", 4, 5}};
        for (size_t i = 0; i < 3; i++) {
            size_t index = SIZE_MAX;
            tpl_entry entry;
            assert_true(tpl_manifest_find(manifest, expected[i].path, 1, &index));
            tpl_manifest_entry(manifest, index, &entry);
            assert_int_equal(entry.size, expected[i].size);
            assert_int_equal(index, sort != 0 ? expected[i].index_when_sorted : expected[i].size);
        }
        size_t index;
        assert_false(tpl_manifest_find(manifest, "", 0, &index));
        assert_false(tpl_manifest_find(manifest, "aa", 2, &index));
        assert_false(tpl_manifest_find(manifest, "d", 1, &index));
        tpl_manifest_free(manifest);
    }
}

static void an_empty_manifest_encodes(void **state) {
    (void)state;
    static const char text[] = DOCUMENT("", "0");
    tpl_manifest *manifest = new_manifest();
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    expect_text(manifest, text, sizeof(text) - 1);
    size_t index;
    assert_false(tpl_manifest_find(manifest, "a", 1, &index));
    assert_int_equal(tpl_manifest_count(manifest), 0);
    assert_int_equal(tpl_manifest_duplicates(manifest), 0);
    tpl_manifest_free(manifest);
}

static void adds_sizes_up_to_the_limit(void **state) {
    (void)state;
    tpl_manifest *manifest = new_manifest();
    tpl_error err = TPL_ERROR_INIT;
    tpl_entry entry = {.path = "a", .path_len = 1, .size = UINT64_MAX - 1};
    assert_int_equal(tpl_manifest_add(manifest, &entry, &err), TPL_OK);
    entry.size = 2;
    assert_int_equal(tpl_manifest_add(manifest, &entry, &err), TPL_E_RANGE);
    assert_string_equal(err.message, "the sizes add up to more than 2^64 - 1 bytes");
    assert_int_equal(tpl_manifest_count(manifest), 1);
    entry.size = 1;
    assert_int_equal(tpl_manifest_add(manifest, &entry, &err), TPL_OK);
    assert_true(tpl_manifest_total_size(manifest) == UINT64_MAX);
    tpl_manifest_free(manifest);
}

static void keeps_hashes_that_are_not_of_32_digits_as_text(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool as_text;
    } hashes[] = {{"00112233445566778899aabbccddeeff", false},
                  {"00112233445566778899AABBCCDDEEFF", true},
                  {"00112233445566778899aabbccddeef", true},
                  {"z", true}};
    tpl_manifest *manifest = new_manifest();
    for (size_t i = 0; i < 4; i++) {
        tpl_entry entry = {.path = "p", .path_len = 1};
        entry.hash_text = hashes[i].text;
        entry.hash_text_len = strlen(hashes[i].text);
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        tpl_entry view;
        tpl_manifest_entry(manifest, i, &view);
        assert_int_equal(view.hash_text != NULL, hashes[i].as_text);
        char buf[TPL_HASH_HEX_LEN + 1];
        size_t len;
        const char *text = tpl_entry_hash(&view, buf, &len);
        assert_int_equal(len, strlen(hashes[i].text));
        assert_memory_equal(text, hashes[i].text, len);
    }
    tpl_manifest_free(manifest);
}

static void refuses_hashes_that_no_reader_takes(void **state) {
    (void)state;
    static const char *const hashes[] = {"", "a-b", "a\n", "\"", "\xc3\xa9"};
    tpl_manifest *manifest = new_manifest();
    for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
        tpl_error err = TPL_ERROR_INIT;
        tpl_entry entry = {.path = "p/q", .path_len = 3, .hash_text = hashes[i]};
        entry.hash_text_len = strlen(hashes[i]);
        assert_int_equal(tpl_manifest_add(manifest, &entry, &err), TPL_E_ARGUMENT);
        assert_string_equal(err.message, "hash is not alphanumeric");
        assert_string_equal(err.path, "p/q");
        tpl_error_dispose(&err);
    }
    assert_int_equal(tpl_manifest_count(manifest), 0);
    tpl_manifest_free(manifest);
}

static void equal_means_equal_in_everything(void **state) {
    (void)state;
    static const char *const others[] = {
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":1,\"path\":\"p\",\"size\":2}", "3"),
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":1,\"path\":\"p\",\"size\":3}", "2"),
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":2,\"path\":\"p\",\"size\":2}", "2"),
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":1,\"path\":\"q\",\"size\":2}", "2"),
        DOCUMENT("{\"hash\":\"ac\",\"mtime\":1,\"path\":\"p\",\"size\":2}", "2"),
        DOCUMENT(
            "{\"hash\":\"00000000000000000000000000000000\",\"mtime\":1,\"path\":\"p\",\"size\":2}",
            "2"),
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":1,\"path\":\"p\",\"size\":2},"
                 "{\"hash\":\"ab\",\"mtime\":1,\"path\":\"p\",\"size\":2}",
                 "2")};
    static const char text[] =
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":1,\"path\":\"p\",\"size\":2}", "2");
    tpl_manifest *one = decoded(text, strlen(text));
    tpl_manifest *same = decoded(text, strlen(text));
    assert_true(tpl_manifest_equal(one, same));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        tpl_manifest *other = decoded(others[i], strlen(others[i]));
        assert_false(tpl_manifest_equal(one, other));
        tpl_manifest_free(other);
    }
    tpl_manifest_free(one);
    tpl_manifest_free(same);
}

static tpl_manifest *diff_of(const char *parent) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    if (parent[0] != '\0') {
        assert_int_equal(tpl_manifest_set_parent(manifest, parent, strlen(parent), NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    return manifest;
}

static void diffs_of_different_parents_differ(void **state) {
    (void)state;
    static const char *const parents[] = {"", "a", "b", "ab"};
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            tpl_manifest *one = diff_of(parents[i]);
            tpl_manifest *other = diff_of(parents[j]);
            assert_int_equal(tpl_manifest_equal(one, other), i == j);
            tpl_manifest_free(one);
            tpl_manifest_free(other);
        }
    }
}

static void content_fingerprint_leaves_out_the_times(void **state) {
    (void)state;
    static const char zero[] =
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":0,\"path\":\"p\",\"size\":2}", "2");
    static const char early[] =
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":-5,\"path\":\"p\",\"size\":2}", "2");
    tpl_manifest *manifest = decoded(early, sizeof(early) - 1);
    tpl_hash128 whole;
    tpl_hash128 content;
    assert_int_equal(tpl_manifest_fingerprint(manifest, &whole, &content, NULL, NULL), TPL_OK);
    tpl_hash128 expected = tpl_hash_bytes(zero, sizeof(zero) - 1);
    assert_true(content.high == expected.high && content.low == expected.low);
    expected = tpl_hash_bytes(early, sizeof(early) - 1);
    assert_true(whole.high == expected.high && whole.low == expected.low);
    tpl_manifest_free(manifest);
}

static void tells_canonical_text_from_other_text(void **state) {
    (void)state;
    static const char text[] =
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":0,\"path\":\"p\\u00e9\",\"size\":2}", "2");
    static const char *const others[] = {
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":0,\"path\":\"p\\u00E9\",\"size\":2}", "2"),
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":0,\"path\":\"p\\u00e9\",\"size\":2}", "2") "\n",
        DOCUMENT("{\"hash\":\"ab\",\"mtime\":-0,\"path\":\"p\\u00e9\",\"size\":2}", "2"),
        DOCUMENT("{\"hash\":\"ab\",\"path\":\"p\\u00e9\",\"mtime\":0,\"size\":2}", "2")};
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    assert_true(tpl_manifest_is_canonical(manifest, text, sizeof(text) - 1));
    assert_false(tpl_manifest_is_canonical(manifest, text, sizeof(text) - 2));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        tpl_manifest *other = decoded(others[i], strlen(others[i]));
        assert_true(tpl_manifest_equal(manifest, other));
        assert_false(tpl_manifest_is_canonical(other, others[i], strlen(others[i])));
        tpl_manifest_free(other);
    }
    tpl_manifest_free(manifest);
}

static tpl_status refuse(const void *data, size_t len, void *payload) {
    (void)data;
    (void)len;
    (*(int *)payload)++;
    return TPL_E_IO;
}

static void a_writer_that_refuses_ends_the_encoding(void **state) {
    (void)state;
    uint64_t seed = 3;
    int calls = 0;
    tpl_error err = TPL_ERROR_INIT;
    tpl_manifest *manifest = new_manifest();
    for (int i = 0; i < 5000; i++) {
        tpl_buffer path = TPL_BUFFER_INIT;
        append_random_text(&path, &seed, 30, true);
        tpl_entry entry = {.path = path.data, .path_len = path.len};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        tpl_buffer_dispose(&path);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_encode(manifest, TPL_FORMAT_DEFAULT, refuse, &calls, NULL, &err),
                     TPL_E_IO);
    assert_int_equal(calls, 1);
    assert_int_equal(err.status, TPL_E_IO);
    tpl_manifest_free(manifest);
}

static void adopts_rows_with_their_text(void **state) {
    (void)state;
    tpl_manifest *manifest = new_manifest();
    add_path(manifest, "z", 1);
    tpl__arena arena = TPL__ARENA_INIT;
    tpl__row rows[2] = {{.path = tpl__arena_copy(&arena, "y", 1), .path_len = 1, .size = 2},
                        {.path = tpl__arena_copy(&arena, "x", 1), .path_len = 1, .size = 3}};
    assert_int_equal(tpl__manifest_adopt(manifest, rows, 2, &arena), TPL_OK);
    assert_null(arena.blocks);
    rows[0].size = UINT64_MAX;
    assert_int_equal(tpl__manifest_adopt(manifest, rows, 1, &arena), TPL_E_RANGE);
    assert_int_equal(tpl_manifest_total_size(manifest), 6);
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    for (size_t i = 0; i < 3; i++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, i, &entry);
        assert_int_equal(entry.path[0], 'x' + (int)i);
        assert_int_equal(entry.size, 3 - i);
    }
    tpl_manifest_free(manifest);
    tpl_manifest_free(NULL);
}

static void formats_have_texts(void **state) {
    (void)state;
    tpl_format format = TPL_FORMAT_COUNT;
    assert_string_equal(tpl_format_text(TPL_FORMAT_2023_03_03), "2023-03-03");
    assert_true(tpl_format_from_text(&format, "2023-03-03"));
    assert_int_equal(format, TPL_FORMAT_2023_03_03);
    assert_false(tpl_format_from_text(&format, "2023-03-0"));
    assert_false(tpl_format_from_text(&format, ""));
}

/* Sorting and sealing agree with each other, and what is found by path is there. */
static void random_manifests_keep_their_promises(void **state) {
    (void)state;
    uint64_t seed = 11;
    for (int round = 0; round < 400; round++) {
        uint64_t again = seed;
        tpl_manifest *sealed = random_manifest(&seed, round % 2 == 0);
        tpl_manifest *sorted = random_manifest(&again, round % 2 == 0);
        assert_int_equal(tpl_manifest_seal(sealed, NULL), TPL_OK);
        assert_int_equal(tpl_manifest_sort(sorted, NULL), TPL_OK);
        assert_true(tpl_manifest_equal(sealed, sorted));
        assert_int_equal(tpl_manifest_duplicates(sealed), tpl_manifest_duplicates(sorted));
        for (size_t i = 0; i < tpl_manifest_count(sealed); i++) {
            tpl_entry wanted;
            tpl_entry found;
            size_t index = 0;
            tpl_manifest_entry(sealed, i, &wanted);
            assert_true(tpl_manifest_find(sealed, wanted.path, wanted.path_len, &index));
            assert_true(index >= i);
            tpl_manifest_entry(sealed, index, &found);
            assert_int_equal(
                tpl_text_compare(wanted.path, wanted.path_len, found.path, found.path_len), 0);
        }
        tpl_manifest_free(sealed);
        tpl_manifest_free(sorted);
    }
}

static void sorting_and_fingerprints_can_be_given_up(void **state) {
    (void)state;
    tpl_manifest *manifest = new_manifest();
    add_paths_backwards(manifest, 10000);
    tpl__poll poll = TPL__POLL_INIT(&no_more);
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl__manifest_order(manifest, true, &poll, &err), TPL_E_CANCELLED);
    assert_string_equal(err.message, "cancelled");
    tpl_manifest_free(manifest);
    manifest = new_manifest();
    add_paths_backwards(manifest, 10000);
    assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
    tpl_hash128 hash = {1, 2};
    assert_int_equal(tpl_manifest_fingerprint(manifest, &hash, NULL, &no_more, NULL),
                     TPL_E_CANCELLED);
    assert_int_equal(tpl_manifest_fingerprint(manifest, NULL, &hash, &no_more, NULL),
                     TPL_E_CANCELLED);
    assert_true(hash.high == 1 && hash.low == 2);
    tpl_error_dispose(&err);
    tpl_manifest_free(manifest);
}

static void decoding_can_be_given_up(void **state) {
    (void)state;
    for (int spaced = 0; spaced < 2; spaced++) { /* not canonical: for the strict reader */
        tpl_manifest *manifest = new_manifest();
        tpl_buffer text = TPL_BUFFER_INIT;
        add_paths_backwards(manifest, 5000);
        assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
        assert_int_equal(tpl_buffer_append(&text, " ", (size_t)spaced), TPL_OK);
        append_encoded(&text, manifest);
        tpl_manifest_free(manifest);
        tpl_error err = TPL_ERROR_INIT;
        assert_int_equal(tpl_manifest_decode(&manifest, text.data, text.len, &no_more, &err),
                         TPL_E_CANCELLED);
        assert_null(manifest);
        assert_string_equal(err.message, "cancelled");
        tpl_error_dispose(&err);
        tpl_buffer_dispose(&text);
    }
}

static void there_is_a_limit_to_entries_and_texts(void **state) {
    (void)state;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    add_path(manifest, "a", 1);
    assert_false(tpl__manifest_reserve(manifest, UINT32_MAX));
    assert_false(tpl__manifest_reserve(manifest, SIZE_MAX));
    tpl_error err = TPL_ERROR_INIT;
    tpl_entry entry = {.path = "b", .path_len = (size_t)UINT32_MAX + 1};
    assert_int_equal(tpl_manifest_add(manifest, &entry, &err), TPL_E_RANGE);
    assert_string_equal(err.message, "path is longer than 4 GiB or hash than 256 MiB");
    tpl_error_dispose(&err);
    entry = (tpl_entry){.path = "b", .path_len = 1, .hash_text = "Z"};
    entry.hash_text_len = (size_t)1 << 30;
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_E_RANGE);
    assert_int_equal(tpl_manifest_count(manifest), 1);
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_a_limit_to_entries_and_texts),
        cmocka_unit_test(writes_one_file_as_the_reference_does),
        cmocka_unit_test(writes_tricky_paths_as_the_reference_does),
        cmocka_unit_test(seals_without_moving_entries),
        cmocka_unit_test(finds_the_last_entry_of_a_path),
        cmocka_unit_test(an_empty_manifest_encodes),
        cmocka_unit_test(adds_sizes_up_to_the_limit),
        cmocka_unit_test(keeps_hashes_that_are_not_of_32_digits_as_text),
        cmocka_unit_test(refuses_hashes_that_no_reader_takes),
        cmocka_unit_test(equal_means_equal_in_everything),
        cmocka_unit_test(diffs_of_different_parents_differ),
        cmocka_unit_test(content_fingerprint_leaves_out_the_times),
        cmocka_unit_test(tells_canonical_text_from_other_text),
        cmocka_unit_test(a_writer_that_refuses_ends_the_encoding),
        cmocka_unit_test(adopts_rows_with_their_text),
        cmocka_unit_test(formats_have_texts),
        cmocka_unit_test(random_manifests_keep_their_promises),
        cmocka_unit_test(sorting_and_fingerprints_can_be_given_up),
        cmocka_unit_test(decoding_can_be_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
