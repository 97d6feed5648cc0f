/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "codec.h"
#include "manifest_table.h"
#include "manifest_v2023.h"
#include "mem.h"

/* The fast reader takes nothing that the strict one refuses, and makes the same of it; returns
 * whether it took the text. `data` lies at the very end of its memory. */
static bool readers_agree(const char *data, size_t len) {
    tpl_manifest *fast = NULL;
    tpl_manifest *strict = NULL;
    tpl__poll nobody = TPL__POLL_INIT(NULL);
    assert_int_equal(tpl__v2023_read_text(&fast, data, len, &nobody), TPL_OK);
    tpl_status status = tpl__v2023_read(&strict, data, len, &nobody, NULL);
    assert_int_equal(strict != NULL, status == TPL_OK);
    if (fast != NULL) {
        assert_int_equal(status, TPL_OK);
        expect_same_rows(fast, strict);
    }
    bool taken = fast != NULL;
    tpl_manifest_free(fast);
    tpl_manifest_free(strict);
    return taken;
}

static bool agree_on(const char *text, size_t len) {
    char *exact = tpl__alloc(len + 1);
    assert_non_null(exact);
    memcpy(exact + 1, text, len);
    bool taken = readers_agree(exact + 1, len);
    tpl__free(exact);
    return taken;
}

static void takes_canonical_text(void **state) {
    (void)state;
    uint64_t seed = 17;
    for (int round = 0; round < 600; round++) {
        tpl_buffer text = TPL_BUFFER_INIT;
        append_document(&text, &seed, round % 2 == 0);
        assert_true(agree_on(text.data, text.len));
        tpl_buffer_dispose(&text);
    }
}

static void decoding_undoes_encoding(void **state) {
    (void)state;
    uint64_t seed = 19;
    for (int round = 0; round < 1000; round++) {
        tpl_buffer text = TPL_BUFFER_INIT;
        tpl_manifest *manifest = random_manifest(&seed, round % 4 != 0);
        assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
        append_encoded(&text, manifest);
        tpl_manifest *back = decoded(text.data, text.len);
        assert_true(tpl_manifest_equal(manifest, back));
        assert_true(tpl_manifest_is_canonical(back, text.data, text.len));
        tpl_manifest_free(back);
        tpl_manifest_free(manifest);
        tpl_buffer_dispose(&text);
    }
}

static void agrees_with_the_strict_reader_on_mutated_text(void **state) {
    (void)state;
    uint64_t seed = 23;
    size_t taken = 0;
    size_t rounds = 20000;
    for (size_t round = 0; round < rounds;) {
        tpl_buffer text = TPL_BUFFER_INIT;
        append_document(&text, &seed, round % 2 == 0);
        for (int i = 0; i < 20; i++, round++) {
            tpl_buffer copy = TPL_BUFFER_INIT;
            assert_int_equal(tpl_buffer_append(&copy, text.data, text.len), TPL_OK);
            mutate_text(&copy, &seed);
            taken += agree_on(copy.data, copy.len);
            tpl_buffer_dispose(&copy);
        }
        tpl_buffer_dispose(&text);
    }
    assert_true(taken > rounds / 20 && taken < rounds);
}

#define HASH "00112233445566778899aabbccddeeff"
#define ENTRY(hash, mtime, path, size)                                                             \
    "{\"hash\":\"" hash "\",\"mtime\":" mtime ",\"path\":\"" path "\",\"size\":" size "}"

static void agrees_on_every_cut(void **state) {
    (void)state;
    static const char text[] = DOCUMENT(ENTRY(HASH, "1700000000123456", "some/path\\u00e9 and more",
                                              "12345678901") "," ENTRY(HASH, "-1", "", "0"),
                                        "3");
    for (size_t len = 0; len <= sizeof(text) - 1; len++) {
        assert_int_equal(agree_on(text, len), len == sizeof(text) - 1);
    }
}

static void agrees_on_every_byte_at_every_place(void **state) {
    (void)state;
    char text[] = DOCUMENT(ENTRY(HASH, "10", "p\\n", "20"), "30");
    for (size_t at = 0; at < sizeof(text) - 1; at++) {
        char kept = text[at];
        for (int byte = 0; byte < 256; byte++) {
            text[at] = (char)byte;
            agree_on(text, sizeof(text) - 1);
        }
        text[at] = kept;
    }
}

static void leaves_odd_numbers_and_hashes_to_the_strict_reader(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool taken;
    } cases[] = {
        {DOCUMENT(ENTRY(HASH, "0", "p", "0"), "0"), true},
        {DOCUMENT(ENTRY(HASH, "-0", "p", "0"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "00", "p", "0"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "01", "p", "0"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "", "p", "0"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "-", "p", "0"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "1e3", "p", "0"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "1", "p", "1.0"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "1", "p", "-1"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "9223372036854775807", "p", "9999999999999999999"), "0"), true},
        {DOCUMENT(ENTRY(HASH, "-9223372036854775808", "p", "10000000000000000000"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "9223372036854775808", "p", "1"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "-9223372036854775809", "p", "1"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "1", "p", "18446744073709551616"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "1", "p", "99999999999999999999"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "1", "p", "118446744073709551615"), "0"), false},
        {DOCUMENT(ENTRY(HASH, "1", "p", "1"), "9999999999999999999"), true},
        {DOCUMENT(ENTRY(HASH, "1", "p", "1"), "18446744073709551616"), false},
        {DOCUMENT(ENTRY("00112233445566778899aabbccddeefF", "1", "p", "1"), "1"), false},
        {DOCUMENT(ENTRY("00112233445566778899aabbccddeef", "1", "p", "1"), "1"), false},
        {DOCUMENT(ENTRY("00112233445566778899aabbccddeefg", "1", "p", "1"), "1"), false},
        {DOCUMENT(ENTRY("0011223344556677889`aabbccddeeff", "1", "p", "1"), "1"), false},
        {DOCUMENT(ENTRY("0011223344556677889:aabbccddeeff", "1", "p", "1"), "1"), false},
        {DOCUMENT("", "1"), false},
        {DOCUMENT(ENTRY(HASH, "1", "p", "1"), "1") "\r\n\n", true},
        {DOCUMENT(ENTRY(HASH, "1", "p", "1"), "1") "\n{", false},
        {DOCUMENT(ENTRY(HASH, "1", "p", "1"), "1") "\f", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(agree_on(cases[i].text, strlen(cases[i].text)), cases[i].taken);
    }
}

static void takes_paths_longer_than_any_block(void **state) {
    (void)state;
    static const size_t lengths[] = {1000, 4000, 4096, 5000, 70000, 1048576, 3000000};
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    char *path = tpl__alloc(3000000);
    assert_non_null(path);
    memset(path, 'p', 3000000);
    for (size_t i = 0; i < 40; i++) {
        tpl_entry entry = {.path = path, .path_len = lengths[i % 7] - i};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    }
    assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
    tpl_buffer text = TPL_BUFFER_INIT;
    append_encoded(&text, manifest);
    assert_true(agree_on(text.data, text.len));
    tpl_buffer_dispose(&text);
    tpl_manifest_free(manifest);
    tpl__free(path);
}

/* Entries much longer or shorter than those before them: the first guess at their number is off. */
static void takes_documents_of_any_shape(void **state) {
    (void)state;
    static const char path[900] = {0};
    for (int shrinking = 0; shrinking < 2; shrinking++) {
        tpl_manifest *manifest = NULL;
        assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
        for (size_t i = 0; i < 4000; i++) {
            tpl_entry entry = {.path = path, .size = i};
            entry.path_len = ((i < 1000) == (shrinking != 0)) ? 900 : 1;
            assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        }
        assert_int_equal(tpl_manifest_seal(manifest, NULL), TPL_OK);
        tpl_buffer text = TPL_BUFFER_INIT;
        append_encoded(&text, manifest);
        assert_true(agree_on(text.data, text.len));
        tpl_buffer_dispose(&text);
        tpl_manifest_free(manifest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_canonical_text),
        cmocka_unit_test(decoding_undoes_encoding),
        cmocka_unit_test(agrees_with_the_strict_reader_on_mutated_text),
        cmocka_unit_test(agrees_on_every_cut),
        cmocka_unit_test(agrees_on_every_byte_at_every_place),
        cmocka_unit_test(leaves_odd_numbers_and_hashes_to_the_strict_reader),
        cmocka_unit_test(takes_paths_longer_than_any_block),
        cmocka_unit_test(takes_documents_of_any_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
