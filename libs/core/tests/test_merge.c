/* SPDX-License-Identifier: MIT */
#include "tpl/merge.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "mem.h"
#include "tpl/hash.h"
#include "tpl/text.h"

static tpl_manifest *of_paths(const char *const *paths, const uint64_t *sizes, size_t count) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (size_t i = 0; i < count; i++) {
        add_path(manifest, paths[i], sizes[i]);
    }
    assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
    return manifest;
}

static void expect_entries(const tpl_manifest *manifest, const char *const *paths,
                           const uint64_t *sizes, size_t count) {
    assert_int_equal(tpl_manifest_count(manifest), count);
    for (size_t i = 0; i < count; i++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, i, &entry);
        assert_int_equal(entry.path_len, strlen(paths[i]));
        assert_memory_equal(entry.path, paths[i], entry.path_len);
        assert_int_equal(entry.size, sizes[i]);
    }
}

static void the_last_entry_of_a_path_wins(void **state) {
    (void)state;
    tpl_manifest *parts[] = {
        of_paths((const char *[]){"c", "a", "b"}, (uint64_t[]){1, 2, 3}, 3),
        of_paths((const char *[]){"b", "d", "b"}, (uint64_t[]){4, 5, 6}, 3),
        of_paths(NULL, NULL, 0),
        of_paths((const char *[]){"a"}, (uint64_t[]){7}, 1),
    };
    tpl_manifest *merged = NULL;
    const tpl_manifest *const *all = (const tpl_manifest *const *)parts;
    assert_int_equal(tpl_merge(&merged, all, 4, NULL, NULL), TPL_OK);
    expect_entries(merged, (const char *[]){"a", "b", "c", "d"}, (uint64_t[]){7, 6, 1, 5}, 4);
    assert_int_equal(tpl_manifest_total_size(merged), 19);
    tpl_manifest_free(merged);
    for (size_t i = 0; i < 4; i++) {
        tpl_manifest_free(parts[i]);
    }
}

static void one_manifest_alone_stays_as_it_is(void **state) {
    (void)state;
    static const char text[] =
        DOCUMENT("{\"hash\":\"1\",\"mtime\":1,\"path\":\"b\",\"size\":18446744073709551615},"
                 "{\"hash\":\"Z\",\"mtime\":1,\"path\":\"a\",\"size\":18446744073709551615},"
                 "{\"hash\":\"3\",\"mtime\":1,\"path\":\"b\",\"size\":7}",
                 "5");
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    const tpl_manifest *const all[] = {manifest};
    tpl_manifest *merged = NULL;
    assert_int_equal(tpl_merge(&merged, all, 1, NULL, NULL), TPL_OK);
    assert_true(tpl_manifest_equal(merged, manifest));
    expect_entries(merged, (const char *[]){"a", "b", "b"}, (uint64_t[]){UINT64_MAX, UINT64_MAX, 7},
                   3);
    tpl_manifest_free(manifest);
    assert_int_equal(tpl_manifest_total_size(merged), 5);
    tpl_manifest_free(merged);
}

static void a_total_beyond_the_limit_is_refused(void **state) {
    (void)state;
    tpl_manifest *parts[] = {of_paths((const char *[]){"a"}, (uint64_t[]){UINT64_MAX}, 1),
                             of_paths((const char *[]){"b"}, (uint64_t[]){1}, 1)};
    tpl_error err = TPL_ERROR_INIT;
    tpl_manifest *merged = parts[0];
    const tpl_manifest *const *all = (const tpl_manifest *const *)parts;
    assert_int_equal(tpl_merge(&merged, all, 2, NULL, &err), TPL_E_RANGE);
    assert_null(merged);
    assert_string_equal(err.message, "the sizes add up to more than 2^64 - 1 bytes");
    tpl_manifest_free(parts[0]);
    tpl_manifest_free(parts[1]);
}

/* Every path of every part is there once, with the entry that came last. */
static void random_merges_hold_the_last_of_everything(void **state) {
    (void)state;
    uint64_t seed = 29;
    for (int round = 0; round < 200; round++) {
        tpl_manifest *parts[9];
        size_t count = 2 + next_random(&seed) % 8;
        size_t last[9];
        for (size_t i = 0; i < count; i++) {
            parts[i] = random_manifest(&seed, round % 2 == 0);
            assert_int_equal(tpl_manifest_seal(parts[i], NULL), TPL_OK);
        }
        tpl_manifest *merged = NULL;
        const tpl_manifest *const *all = (const tpl_manifest *const *)parts;
        assert_int_equal(tpl_merge(&merged, all, count, NULL, NULL), TPL_OK);
        assert_int_equal(tpl_manifest_duplicates(merged), 0);
        size_t seen = 0;
        for (size_t i = 0; i < count; i++) {
            for (size_t j = 0; j < tpl_manifest_count(parts[i]); j++) {
                tpl_entry entry;
                tpl_entry other;
                size_t index;
                tpl_manifest_entry(parts[i], j, &entry);
                assert_true(tpl_manifest_find(merged, entry.path, entry.path_len, &index));
                size_t part = count - 1;
                while (!tpl_manifest_find(parts[part], entry.path, entry.path_len, &last[part])) {
                    part--;
                }
                seen += part == i && last[part] == j;
                tpl_entry merged_entry;
                tpl_manifest_entry(merged, index, &merged_entry);
                tpl_manifest_entry(parts[part], last[part], &other);
                assert_true(merged_entry.size == other.size && merged_entry.mtime == other.mtime);
            }
        }
        assert_int_equal(seen, tpl_manifest_count(merged));
        for (size_t i = 0; i < count; i++) {
            tpl_manifest_free(parts[i]);
        }
        tpl_manifest_free(merged);
    }
}

static void a_merge_can_be_given_up(void **state) {
    (void)state;
    tpl_manifest *from[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tpl_manifest_new(&from[i], NULL), TPL_OK);
        add_paths_backwards(from[i], 5000);
        assert_int_equal(tpl_manifest_seal(from[i], NULL), TPL_OK);
    }
    const tpl_manifest *const all[] = {from[0], from[1]};
    for (size_t count = 1; count <= 2; count++) {
        tpl_error err = TPL_ERROR_INIT;
        tpl_manifest *merged = from[0];
        assert_int_equal(tpl_merge(&merged, all, count, &no_more, &err), TPL_E_CANCELLED);
        assert_null(merged);
        assert_string_equal(err.message, "cancelled");
        tpl_error_dispose(&err);
    }
    tpl_manifest_free(from[0]);
    tpl_manifest_free(from[1]);
}

#define BETA(dirs, files, parent)                                                                  \
    "{\"dirs\":[" dirs "],\"files\":[" files                                                       \
    "],\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\"" parent ",\"totalSize\":"
#define PARENT(hash) ",\"parentManifestHash\":\"" hash "\""
#define WITH(name, hash) "{\"hash\":\"" hash "\",\"mtime\":1,\"name\":\"" name "\",\"size\":5}"
#define WITHOUT(name) "{\"delete\":true,\"name\":\"" name "\"}"
#define BASE                                                                                       \
    BETA("{\"name\":\"d\"},{\"name\":\"e\"}", WITH("b", "2") "," WITH("$0/a", "1"), "") "10}"

static void expect_merged(const char *const *texts, size_t count, const char *wanted) {
    tpl_manifest *parts[3];
    for (size_t i = 0; i < count; i++) {
        parts[i] = decoded(texts[i], strlen(texts[i]));
    }
    tpl_manifest *merged = NULL;
    assert_int_equal(tpl_merge(&merged, (const tpl_manifest *const *)parts, count, NULL, NULL),
                     TPL_OK);
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_manifest_encode(merged, tpl_manifest_format(merged), tpl_buffer_write,
                                         &out, NULL, NULL),
                     TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "", 1), TPL_OK);
    assert_string_equal(out.data, wanted);
    tpl_buffer_dispose(&out);
    tpl_manifest_free(merged);
    for (size_t i = 0; i < count; i++) {
        tpl_manifest_free(parts[i]);
    }
}

static void diffs_are_applied_to_a_snapshot(void **state) {
    (void)state;
    static const char *const texts[] = {
        BASE,
        BETA("{\"name\":\"c\"}," WITHOUT("e"), WITHOUT("b") "," WITH("c/n", "3"),
             PARENT("0a")) "5}",
        BETA(WITHOUT("d"), WITH("b", "4") "," WITHOUT("d/a") "," WITHOUT("nowhere"),
             PARENT("0b")) "5}"};
    expect_merged(texts, 1, BASE);
    expect_merged(texts, 2,
                  BETA("{\"name\":\"c\"},{\"name\":\"d\"}", WITH("$0/n", "3") "," WITH("$1/a", "1"),
                       "") "10}");
    expect_merged(texts, 3,
                  BETA("{\"name\":\"c\"}", WITH("b", "4") "," WITH("$0/n", "3"), "") "10}");
}

/* A document that is a diff of the text `of`. */
static tpl_manifest *diff_of(const char *of, size_t len, const char *name) {
    char digits[TPL_HASH_HEX_LEN + 1];
    char text[400];
    tpl_hash128_to_hex(tpl_hash_bytes(of, len), digits);
    int size = snprintf(text, sizeof(text),
                        "{\"dirs\":[],\"files\":[{\"delete\":true,\"name\":\"%s\"}],\"hashAlg\":"
                        "\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\","
                        "\"parentManifestHash\":\"%s\",\"totalSize\":0}",
                        name, digits);
    assert_true(size > 0 && (size_t)size < sizeof(text));
    return decoded(text, (size_t)size);
}

static void expect_stray(const tpl_manifest *const *all, size_t count, size_t wanted) {
    size_t stray = SIZE_MAX;
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = tpl_merge_check(&stray, all, count, NULL, &err);
    assert_int_equal(status, wanted == 0 ? TPL_OK : TPL_E_MANIFEST);
    assert_int_equal(stray, wanted);
    tpl_error_dispose(&err);
}

static void a_diff_has_to_be_of_what_comes_before_it(void **state) {
    (void)state;
    static const char loose[] = " " BASE;
    tpl_manifest *base = decoded(loose, sizeof(loose) - 1);
    tpl_manifest *by_bytes = diff_of(loose, sizeof(loose) - 1, "b");
    tpl_manifest *canonical = diff_of(BASE, sizeof(BASE) - 1, "b");
    tpl_manifest *other = diff_of("", 0, "b");
    expect_stray((const tpl_manifest *[]){base}, 1, 0);
    expect_stray((const tpl_manifest *[]){base, base}, 2, 0);
    expect_stray((const tpl_manifest *[]){base, by_bytes}, 2, 0);
    expect_stray((const tpl_manifest *[]){base, canonical}, 2, 0);
    expect_stray((const tpl_manifest *[]){base, by_bytes, canonical}, 3, 0);
    expect_stray((const tpl_manifest *[]){base, other}, 2, 1);
    expect_stray((const tpl_manifest *[]){base, canonical, other}, 3, 2);
    expect_stray((const tpl_manifest *[]){other, canonical}, 2, 0); /* cannot be told */
    tpl_manifest_free(base);
    tpl_manifest_free(by_bytes);
    tpl_manifest_free(canonical);
    tpl_manifest_free(other);
}

static void a_diff_may_be_of_what_the_others_make(void **state) {
    (void)state;
    tpl_manifest *base = decoded(BASE, sizeof(BASE) - 1);
    tpl_manifest *first = diff_of(BASE, sizeof(BASE) - 1, "b");
    tpl_manifest *merged = NULL;
    tpl_buffer text = TPL_BUFFER_INIT;
    assert_int_equal(tpl_merge(&merged, (const tpl_manifest *[]){base, first}, 2, NULL, NULL),
                     TPL_OK);
    assert_int_equal(tpl_manifest_encode(merged, TPL_FORMAT_2025_12_04_BETA, tpl_buffer_write,
                                         &text, NULL, NULL),
                     TPL_OK);
    tpl_manifest *second = diff_of(text.data, text.len, "d/a");
    expect_stray((const tpl_manifest *[]){base, first, second}, 3, 0);
    expect_stray((const tpl_manifest *[]){base, second, first}, 3, 1);
    tpl_buffer_dispose(&text);
    tpl_manifest_free(base);
    tpl_manifest_free(first);
    tpl_manifest_free(second);
    tpl_manifest_free(merged);
}

static void what_is_no_digest_is_no_parent(void **state) {
    (void)state;
    static const char text[] = BETA("", WITHOUT("b"), PARENT("Z")) "0}";
    static const char old[] =
        DOCUMENT("{\"hash\":\"1\",\"mtime\":1,\"path\":\"b\",\"size\":1}", "1");
    tpl_manifest *base = decoded(BASE, sizeof(BASE) - 1);
    tpl_manifest *diff = decoded(text, sizeof(text) - 1);
    tpl_manifest *older = decoded(old, sizeof(old) - 1);
    tpl_error err = TPL_ERROR_INIT;
    size_t stray;
    const tpl_manifest *all[] = {base, diff};
    assert_int_equal(tpl_merge_check(&stray, all, 2, NULL, &err), TPL_E_MANIFEST);
    assert_int_equal(stray, 1);
    assert_string_equal(err.message, "a diff of another manifest: parentManifestHash is Z");
    all[0] = older; /* formats come first */
    assert_int_equal(tpl_merge_check(&stray, all, 2, NULL, &err), TPL_E_MANIFEST);
    assert_int_equal(stray, 0);
    tpl_error_dispose(&err);
    tpl_manifest_free(base);
    tpl_manifest_free(diff);
    tpl_manifest_free(older);
}

static void diffs_alone_make_a_diff(void **state) {
    (void)state;
    static const char *const texts[] = {
        BETA("{\"name\":\"c\"}", WITH("a", "1") "," WITHOUT("b"), PARENT("0a")) "5}",
        BETA(WITHOUT("c"), WITHOUT("a") "," WITH("b", "2"), PARENT("0b")) "5}"};
    expect_merged(texts, 2, BETA(WITHOUT("c"), WITHOUT("a") "," WITH("b", "2"), PARENT("0a")) "5}");
    expect_merged(texts, 1, texts[0]);
}

static void formats_are_not_mixed(void **state) {
    (void)state;
    static const char old[] =
        DOCUMENT("{\"hash\":\"1\",\"mtime\":1,\"path\":\"a\",\"size\":5}", "5");
    tpl_manifest *parts[2] = {decoded(BASE, sizeof(BASE) - 1), decoded(old, sizeof(old) - 1)};
    tpl_manifest *merged = parts[0];
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_merge(&merged, (const tpl_manifest *const *)parts, 2, NULL, &err),
                     TPL_E_MANIFEST);
    assert_null(merged);
    assert_string_equal(err.message,
                        "manifests of 2025-12-04-beta and 2023-03-03 cannot be merged");
    const tpl_manifest *last_differs[] = {parts[0], parts[0], parts[1]};
    assert_int_equal(tpl_merge(&merged, last_differs, 3, NULL, NULL), TPL_E_MANIFEST);
    tpl_manifest_free(parts[0]);
    tpl_manifest_free(parts[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diffs_are_applied_to_a_snapshot),
        cmocka_unit_test(a_diff_has_to_be_of_what_comes_before_it),
        cmocka_unit_test(a_diff_may_be_of_what_the_others_make),
        cmocka_unit_test(what_is_no_digest_is_no_parent),
        cmocka_unit_test(diffs_alone_make_a_diff),
        cmocka_unit_test(formats_are_not_mixed),
        cmocka_unit_test(the_last_entry_of_a_path_wins),
        cmocka_unit_test(one_manifest_alone_stays_as_it_is),
        cmocka_unit_test(a_total_beyond_the_limit_is_refused),
        cmocka_unit_test(random_merges_hold_the_last_of_everything),
        cmocka_unit_test(a_merge_can_be_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
