/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "codec.h"
#include "manifest_v2023.h"
#include "mem.h"

#define ENTRY(path, hash, size, mtime)                                                             \
    "{\"path\":" path ",\"hash\":" hash ",\"size\":" size ",\"mtime\":" mtime "}"
#define GOOD ENTRY("\"p\"", "\"0a\"", "1", "2")
#define TOP(alg, version, paths, total)                                                            \
    "{\"hashAlg\":" alg ",\"manifestVersion\":" version ",\"paths\":" paths                        \
    ",\"totalSize\":" total "}"
#define ALG "\"xxh128\""
#define VERSION "\"2023-03-03\""

typedef struct refusal {
    const char *text;
    tpl_status status;
    const char *message;
} refusal;

static void expect_refusal(const char *text, size_t len, tpl_status status, const char *message) {
    tpl_error err = TPL_ERROR_INIT;
    tpl_manifest *manifest = NULL;
    char *exact = tpl__alloc(len + 1); /* so that a read past the end is noticed */
    assert_non_null(exact);
    memcpy(exact, text, len);
    assert_int_equal(tpl_manifest_decode(&manifest, exact, len, NULL, &err), status);
    assert_null(manifest);
    assert_int_equal(err.status, status);
    assert_string_equal(err.message, message);
    assert_null(err.path);
    assert_int_equal(tpl_manifest_decode(&manifest, exact, len, NULL, NULL), status);
    tpl__free(exact);
}

static void expect_refusals(const refusal *refusals, size_t count) {
    for (size_t i = 0; i < count; i++) {
        expect_refusal(refusals[i].text, strlen(refusals[i].text), refusals[i].status,
                       refusals[i].message);
    }
}

#define EXPECT_REFUSALS(list) expect_refusals(list, sizeof(list) / sizeof(list[0]))

static void refuses_documents_by_the_rules_for_their_members(void **state) {
    (void)state;
    static const refusal list[] = {
        {"[]", TPL_E_MANIFEST, "manifest is not an object"},
        {"3", TPL_E_MANIFEST, "manifest is not an object"},
        {"\"manifestVersion\"", TPL_E_MANIFEST, "manifest is not an object"},
        {"null", TPL_E_MANIFEST, "manifest is not an object"},
        {"{}", TPL_E_MANIFEST, "manifestVersion is missing"},
        {"{\"specificationVersion\":\"x\"}", TPL_E_MANIFEST, "manifestVersion is missing"},
        {TOP(ALG, "\"1900-06-06\"", "[" GOOD "]", "1"), TPL_E_VERSION,
         "unknown manifest version \"1900-06-06\" (known: 2023-03-03, 2025-12-04-beta)"},
        {TOP(ALG, "\"UNDEFINED\"", "[" GOOD "]", "1"), TPL_E_VERSION,
         "unknown manifest version \"UNDEFINED\" (known: 2023-03-03, 2025-12-04-beta)"},
        {TOP(ALG, "\"2025-12-04-beta\"", "[" GOOD "]", "1"), TPL_E_MANIFEST,
         "manifest lacks dirs, files"},
        {TOP(ALG, "\"a\\n\\udc80\"", "[" GOOD "]", "1"), TPL_E_VERSION,
         "unknown manifest version \"a\\n\\udc80\" (known: 2023-03-03, 2025-12-04-beta)"},
        {TOP(ALG, "\"\"", "[" GOOD "]", "1"), TPL_E_VERSION,
         "unknown manifest version \"\" (known: 2023-03-03, 2025-12-04-beta)"},
        {TOP(ALG, "null", "[" GOOD "]", "1"), TPL_E_VERSION,
         "manifestVersion is not a string (known: 2023-03-03, 2025-12-04-beta)"},
        {"{\"manifestVersion\":" VERSION "}", TPL_E_MANIFEST,
         "manifest lacks hashAlg, paths, totalSize"},
        {"{\"manifestVersion\":" VERSION ",\"hashAlg\":1,\"totalSize\":1}", TPL_E_MANIFEST,
         "manifest lacks paths"},
        {TOP("\"XXH128\"", VERSION, "7", "1.5"), TPL_E_MANIFEST, "hashAlg is not \"xxh128\""},
        {TOP("[\"xxh128\"]", VERSION, "7", "1.5"), TPL_E_MANIFEST, "hashAlg is not \"xxh128\""},
        {TOP(ALG, VERSION, "7", "\"1\""), TPL_E_MANIFEST, "totalSize is not an integer"},
        {TOP(ALG, VERSION, "7", "true"), TPL_E_MANIFEST, "totalSize is not an integer"},
        {TOP(ALG, VERSION, "7", "1.0"), TPL_E_MANIFEST, "totalSize is not an integer"},
        {TOP(ALG, VERSION, "7", "1e3"), TPL_E_MANIFEST, "totalSize is not an integer"},
        {TOP(ALG, VERSION, "7", "NaN"), TPL_E_MANIFEST, "totalSize is not an integer"},
        {TOP(ALG, VERSION, "7", "-1"), TPL_E_RANGE, "totalSize is not within 0 and 2^64 - 1"},
        {TOP(ALG, VERSION, "7", "18446744073709551616"), TPL_E_RANGE,
         "totalSize is not within 0 and 2^64 - 1"},
        {TOP(ALG, VERSION, "{}", "1"), TPL_E_MANIFEST, "paths is not a list"},
        {TOP(ALG, VERSION, "null", "1"), TPL_E_MANIFEST, "paths is not a list"},
        {TOP(ALG, VERSION, "[ ]", "1"), TPL_E_MANIFEST, "paths has no entry"},
    };
    EXPECT_REFUSALS(list);
}

static void a_version_is_shown_only_when_it_is_short(void **state) {
    (void)state;
    char text[2048] = "{\"manifestVersion\":\"";
    size_t len = strlen(text);
    memset(text + len, 'v', 1000);
    memcpy(text + len + 1000, "\"}", 2);
    expect_refusal(text, len + 1002, TPL_E_VERSION,
                   "manifestVersion is not a known one (known: 2023-03-03, 2025-12-04-beta)");
}

#define PATHS(entries) TOP(ALG, VERSION, "[" entries "]", "1")

static void refuses_entries_by_the_rules_for_their_members(void **state) {
    (void)state;
    static const refusal list[] = {
        {PATHS(GOOD ",null"), TPL_E_MANIFEST, "paths[1] is not an object"},
        {PATHS(GOOD "," GOOD ",[]"), TPL_E_MANIFEST, "paths[2] is not an object"},
        {PATHS("\"path hash size mtime\""), TPL_E_MANIFEST, "paths[0] is not an object"},
        {PATHS("{}"), TPL_E_MANIFEST, "paths[0] lacks path, hash, size, mtime"},
        {PATHS("{\"size\":true,\"path\":1}"), TPL_E_MANIFEST, "paths[0] lacks hash, mtime"},
        {PATHS(ENTRY("1", "2", "\"\"", "\"\"")), TPL_E_MANIFEST, "paths[0].path is not a string"},
        {PATHS(ENTRY("\"\"", "2", "\"\"", "\"\"")), TPL_E_MANIFEST,
         "paths[0].hash is not a string"},
        {PATHS(ENTRY("\"\"", "\"-\"", "\"\"", "\"\"")), TPL_E_MANIFEST,
         "paths[0].size is not an integer"},
        {PATHS(ENTRY("\"\"", "\"-\"", "-1", "false")), TPL_E_MANIFEST,
         "paths[0].mtime is not an integer"},
        {PATHS(ENTRY("\"\"", "\"-\"", "-1", "1")), TPL_E_RANGE,
         "paths[0].size is not within 0 and 2^64 - 1"},
        {PATHS(ENTRY("\"\"", "\"-\"", "18446744073709551616", "1")), TPL_E_RANGE,
         "paths[0].size is not within 0 and 2^64 - 1"},
        {PATHS(ENTRY("\"\"", "\"-\"", "1", "9223372036854775808")), TPL_E_RANGE,
         "paths[0].mtime is not within -2^63 and 2^63 - 1"},
        {PATHS(ENTRY("\"\"", "\"-\"", "1", "-9223372036854775809")), TPL_E_RANGE,
         "paths[0].mtime is not within -2^63 and 2^63 - 1"},
        {PATHS(GOOD "," ENTRY("\"\"", "\"\"", "1", "1")), TPL_E_MANIFEST,
         "paths[1].hash is not alphanumeric"},
        {PATHS(ENTRY("\"\"", "\"ab\\n\"", "1", "1")), TPL_E_MANIFEST,
         "paths[0].hash is not alphanumeric"},
        {PATHS(ENTRY("\"\"", "\"\\u0661\"", "1", "1")), TPL_E_MANIFEST,
         "paths[0].hash is not alphanumeric"},
        {PATHS(ENTRY("\"\"", "\"O.o\"", "1", "1")), TPL_E_MANIFEST,
         "paths[0].hash is not alphanumeric"},
    };
    EXPECT_REFUSALS(list);
}

static void reports_the_rule_that_the_reference_reports(void **state) {
    (void)state;
    static const refusal list[] = {
        /* syntax before everything, wherever it is */
        {"{\"manifestVersion\":1,\"paths\":[{\"size\":true}],\"a\":tru}", TPL_E_SYNTAX,
         "expected a value at line 1 column 50"},
        {"[1,2] x", TPL_E_SYNTAX, "text after the document at line 1 column 7"},
        /* the document's members before its entries */
        {TOP(ALG, "\"x\"", "[1]", "1"), TPL_E_VERSION,
         "unknown manifest version \"x\" (known: 2023-03-03, 2025-12-04-beta)"},
        {TOP("\"md5\"", VERSION, "[1]", "1"), TPL_E_MANIFEST, "hashAlg is not \"xxh128\""},
        {"{\"paths\":[1],\"manifestVersion\":" VERSION "}", TPL_E_MANIFEST,
         "manifest lacks hashAlg, totalSize"},
        /* entries in their order, hashes behind all of them */
        {PATHS(ENTRY("\"\"", "\"-\"", "1", "1") ",7,{}"), TPL_E_MANIFEST,
         "paths[1] is not an object"},
        {PATHS(ENTRY("\"\"", "\"-\"", "1", "1") "," ENTRY("\"\"", "\"*\"", "1", "1")),
         TPL_E_MANIFEST, "paths[0].hash is not alphanumeric"},
    };
    EXPECT_REFUSALS(list);
}

static void the_last_of_equal_members_counts(void **state) {
    (void)state;
    static const refusal list[] = {
        {"{\"totalSize\":1,"
         "\"hashAlg\":" ALG ",\"manifestVersion\":" VERSION ",\"paths\":[" GOOD
         "],\"totalSize\":\"1\"}",
         TPL_E_MANIFEST, "totalSize is not an integer"},
        {"{\"totalSize\":1,\"hashAlg\":" ALG ",\"manifestVersion\":" VERSION ",\"paths\":[" GOOD
         "],\"paths\":{}}",
         TPL_E_MANIFEST, "paths is not a list"},
        {"{\"totalSize\":1,\"hashAlg\":" ALG ",\"manifestVersion\":" VERSION ",\"paths\":[" GOOD
         "],\"paths\":[]}",
         TPL_E_MANIFEST, "paths has no entry"},
        {PATHS("{\"path\":\"p\",\"hash\":\"a\",\"size\":1,\"mtime\":1,\"size\":null}"),
         TPL_E_MANIFEST, "paths[0].size is not an integer"},
    };
    EXPECT_REFUSALS(list);
    static const char text[] =
        "{\"totalSize\":\"1\",\"manifestVersion\":\"no\",\"hashAlg\":{},\"paths\":[1," GOOD ",{}],"
        "\"paths\":[" ENTRY("\"x\"", "\"-\"", "1", "1") "],\"paths\":[" GOOD
                                                        "],\"totalSize\":9,\"hashAlg\":" ALG
                                                        ",\"m\\u0061nifestVersion\":" VERSION "}";
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    assert_int_equal(tpl_manifest_count(manifest), 1);
    assert_int_equal(tpl_manifest_total_size(manifest), 9);
    tpl_manifest_free(manifest);
}

static void expect_recoded(const char *text, const char *canonical) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_manifest *manifest = decoded(text, strlen(text));
    append_encoded(&out, manifest);
    assert_int_equal(out.len, strlen(canonical));
    assert_memory_equal(out.data, canonical, out.len);
    tpl_buffer_dispose(&out);
    tpl_manifest_free(manifest);
}

static void accepts_what_means_the_same(void **state) {
    (void)state;
    static const char canonical[] = DOCUMENT(
        "{\"hash\":\"0a\",\"mtime\":-2,\"path\":\"\\u00e9\\ud83d\\ude00\\ud83d\",\"size\":0}", "0");
    expect_recoded(canonical, canonical);
    expect_recoded(" {\n\"totalSize\" : -0 ,\t\"paths\":[ "
                   "{\r\"size\":-0,\"path\":\"\xc3\xa9\xf0\x9f\x98\x80\\uD83D\","
                   "\"mtime\":-2,\"h\\u0061sh\":\"\\u0030a\"} ],\"hashAlg\":\"xxh\\u0031\\u00328\","
                   "\"manifestVersion\":\"2023-0\\u0033-03\"}\n\n",
                   canonical);
    expect_recoded(
        "{\"x\":[{\"paths\":[1]},NaN,-Infinity,1e999,{}],\"totalSize\":0,\"paths\":[{\"size\":0,"
        "\"a\":{\"b\":[[]]},\"path\":\"\\u00e9\\ud83d\\ude00\\ud83d\",\"mtime\":-2,\"hash\":\"0a\","
        "\"Path\":7}],\"hashAlg\":\"xxh128\",\"\":\"\xef\xbf\xbf\",\"manifestVersion\":\"2023-03-"
        "03\"}",
        canonical);
}

static void keeps_the_documents_order_and_duplicates(void **state) {
    (void)state;
    static const char text[] = PATHS(ENTRY("\"b\"", "\"1\"", "1", "1") "," ENTRY(
        "\"a\"", "\"2\"", "2", "2") "," ENTRY("\"b\"", "\"3\"", "3", "3"));
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    assert_int_equal(tpl_manifest_duplicates(manifest), 1);
    for (size_t i = 0; i < 3; i++) {
        tpl_entry entry;
        tpl_manifest_entry(manifest, i, &entry);
        assert_int_equal(entry.size, i + 1);
    }
    tpl_manifest_free(manifest);
}

static void takes_hashes_of_any_length(void **state) {
    (void)state;
    static const char text[] =
        PATHS(ENTRY("\"\"", "\"00112233445566778899aabbccddee\\u0066f\"", "1",
                    "1") "," ENTRY("\"\"", "\"00112233445566778899aabbccddeefF\"", "1",
                                   "1") "," ENTRY("\"\"", "\"q\"", "1", "1"));
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    tpl_entry entry;
    tpl_manifest_entry(manifest, 0, &entry);
    assert_null(entry.hash_text);
    assert_true(entry.hash.low == UINT64_C(0x8899aabbccddeeff));
    tpl_manifest_entry(manifest, 1, &entry);
    assert_int_equal(entry.hash_text_len, 32);
    tpl_manifest_entry(manifest, 2, &entry);
    assert_memory_equal(entry.hash_text, "q", 1);
    tpl_manifest_free(manifest);
}

static void numbers_reach_their_limits(void **state) {
    (void)state;
    static const char text[] =
        TOP(ALG, VERSION,
            "[" ENTRY("\"\"", "\"a\"", "18446744073709551615", "9223372036854775807") "," ENTRY(
                "\"\"", "\"a\"", "18446744073709551615", "-9223372036854775808") "]",
            "18446744073709551615");
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    tpl_entry entry;
    tpl_manifest_entry(manifest, 0, &entry);
    assert_true(entry.size == UINT64_MAX && entry.mtime == INT64_MAX);
    tpl_manifest_entry(manifest, 1, &entry);
    assert_true(entry.mtime == INT64_MIN);
    assert_true(tpl_manifest_total_size(manifest) == UINT64_MAX);
    tpl_manifest_free(manifest);
}

static void an_empty_document_is_refused(void **state) {
    (void)state;
    tpl_error err = TPL_ERROR_INIT;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_decode(&manifest, NULL, 0, NULL, &err), TPL_E_SYNTAX);
    assert_string_equal(err.message, "expected a value at line 1 column 1");
    assert_null(manifest);
}

/* A document cut anywhere is refused, and nothing behind the cut is read. */
static void a_cut_document_is_refused(void **state) {
    (void)state;
    static const char text[] = " " PATHS(
        GOOD ",{\"x\":[1,{\"y\":\"\\ud83d\\ude00\xc3\xa9\"}],\"path\":\"\\n\",\"hash\":\"0\","
             "\"size\":0,\"mtime\":-12}");
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        tpl_manifest *manifest = NULL;
        char *exact = tpl__alloc(len + 1);
        assert_non_null(exact);
        memcpy(exact + 1, text, len);
        assert_int_equal(tpl_manifest_decode(&manifest, exact + 1, len, NULL, NULL), TPL_E_SYNTAX);
        assert_null(manifest);
        tpl__free(exact);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_documents_by_the_rules_for_their_members),
        cmocka_unit_test(a_version_is_shown_only_when_it_is_short),
        cmocka_unit_test(refuses_entries_by_the_rules_for_their_members),
        cmocka_unit_test(reports_the_rule_that_the_reference_reports),
        cmocka_unit_test(the_last_of_equal_members_counts),
        cmocka_unit_test(accepts_what_means_the_same),
        cmocka_unit_test(keeps_the_documents_order_and_duplicates),
        cmocka_unit_test(takes_hashes_of_any_length),
        cmocka_unit_test(numbers_reach_their_limits),
        cmocka_unit_test(an_empty_document_is_refused),
        cmocka_unit_test(a_cut_document_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
