/* SPDX-License-Identifier: MIT */
/* Cases without files: buffers, text, hashes, manifests and their documents. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "oom.h"
#include "tpl/buffer.h"
#include "tpl/diff.h"
#include "tpl/hash.h"
#include "tpl/manifest.h"
#include "tpl/merge.h"
#include "tpl/select.h"
#include "tpl/text.h"

#define ODD_NAME "\xed\xb3\xbf \xc3\xa9 \"quoted\"\n"

enum {
    MANY = 300,       /* entries, so that everything grows more than once */
    TWICE = 50,       /* of them are duplicates in the second manifest */
    EXPANDED = 30,    /* names of a document that refer to a long directory */
    LONG_NAME = 70000 /* more than a block of an arena has left */
};

static tpl_manifest *first;  /* sorted */
static tpl_manifest *second; /* sealed, out of order, with duplicates */
static tpl_buffer canonical; /* document of `first` */
static tpl_buffer general;   /* one that only the strict reader takes */
static tpl_buffer long_beta;
static tpl_buffer long_names; /* paths that one block of an arena does not hold */
static tpl_buffer long_hash;  /* the same of a hash, with an escape in it */

/* --- buffers and text --- */

static tpl_status buffer_grows(tpl_error *err) {
    (void)err;
    tpl_buffer buf = TPL_BUFFER_INIT;
    tpl_status status = tpl_buffer_reserve(&buf, 10);
    for (int i = 0; i < MANY && status == TPL_OK; i++) {
        size_t before = buf.len;
        status = i % 2 == 0 ? tpl_buffer_append(&buf, "12345678", 8)
                            : tpl_buffer_write("12345678", 8, &buf);
        assert_int_equal(buf.len, before + (status == TPL_OK ? 8 : 0));
        assert_true(before == 0 || memcmp(buf.data + before - 8, "12345678", 8) == 0);
    }
    tpl_buffer_dispose(&buf);
    return status;
}

static tpl_status strings_grow(tpl_error *err) {
    (void)err;
    tpl_strings list = TPL_STRINGS_INIT;
    tpl_status status = TPL_OK;
    for (size_t i = 0; i < MANY && status == TPL_OK; i++) {
        status = tpl_strings_append(&list, "x");
        assert_int_equal(list.count, i + (status == TPL_OK ? 1 : 0));
    }
    tpl_strings_dispose(&list);
    return status;
}

typedef tpl_status (*text_fn)(tpl_buffer *out, const char *text, size_t len);

static tpl_status convert(text_fn convert_one, const char *text) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_status status = TPL_OK;
    for (int i = 0; i < MANY && status == TPL_OK; i++) {
        status = convert_one(&out, text, strlen(text));
    }
    tpl_buffer_dispose(&out);
    return status;
}

static tpl_status text_from_os(tpl_error *err) {
    (void)err;
    return convert(tpl_text_from_os, "plain\xff\xfe \xc3\xa9");
}

static tpl_status text_to_os(tpl_error *err) {
    (void)err;
    return convert(tpl_text_to_os, ODD_NAME);
}

static tpl_status text_as_json(tpl_error *err) {
    (void)err;
    return convert(tpl_text_append_json, ODD_NAME);
}

static tpl_status text_for_people(tpl_error *err) {
    (void)err;
    tpl_status status = convert(tpl_text_append_display, "plain");
    return status == TPL_OK ? convert(tpl_text_append_display, ODD_NAME) : status;
}

/* --- hashes --- */

static tpl_status hasher(tpl_error *err) {
    (void)err;
    tpl_hasher *one = (tpl_hasher *)&long_names;
    tpl_status status = tpl_hasher_new(&one);
    if (status != TPL_OK) {
        assert_null(one);
        return status;
    }
    status = tpl_hasher_write("abc", 3, one);
    assert_true(tpl_hasher_digest(one).low == tpl_hash_bytes("abc", 3).low);
    tpl_hasher_free(one);
    return status;
}

static tpl_status hash_in_pieces(tpl_error *err) {
    static const char zeros[(1 << 20) + 1];
    tpl_hash128 hash = {7, 7};
    tpl_status status = tpl_hash_memory(&hash, zeros, sizeof(zeros), NULL, err);
    assert_true((hash.low == 7) == (status != TPL_OK));
    return status;
}

/* --- manifests --- */

static void number_entry(tpl_entry *entry, char path[32], int number) {
    snprintf(path, 32, "d%d/file %d%s", number % 7, number,
             number % 11 == 0 ? "\xf0\x9f\x98\x80" : "");
    *entry = (tpl_entry){.path = path,
                         .path_len = strlen(path),
                         .hash = tpl_hash_bytes(path, strlen(path)),
                         .size = (uint64_t)number,
                         .mtime = number};
    if (number % 5 == 0) {
        entry->hash_text = "odd";
        entry->hash_text_len = 3;
    }
}

static tpl_status build(tpl_manifest **out, int count, int turn, tpl_error *err) {
    tpl_status status = tpl_manifest_new(out, err);
    for (int i = 0; i < count && status == TPL_OK; i++) {
        char path[32];
        tpl_entry entry;
        number_entry(&entry, path, i * 7 % (count - turn));
        status = tpl_manifest_add(*out, &entry, err);
    }
    return status;
}

static tpl_status manifest_sorts(tpl_error *err) {
    tpl_manifest *manifest = first;
    tpl_status status = build(&manifest, MANY, 0, err);
    assert_true(status == TPL_OK || manifest != first);
    status = status == TPL_OK ? tpl_manifest_sort(manifest, err) : status;
    assert_true(status != TPL_OK || tpl_manifest_equal(manifest, first));
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status manifest_seals(tpl_error *err) {
    tpl_manifest *manifest = NULL;
    tpl_status status = build(&manifest, MANY, TWICE, err);
    status = status == TPL_OK ? tpl_manifest_seal(manifest, err) : status;
    assert_true(status != TPL_OK || tpl_manifest_duplicates(manifest) == TWICE);
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status encode_to_buffer(tpl_error *err) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_status status =
        tpl_manifest_encode(first, TPL_FORMAT_DEFAULT, tpl_buffer_write, &out, NULL, err);
    if (status == TPL_OK) {
        assert_int_equal(out.len, canonical.len);
        assert_memory_equal(out.data, canonical.data, out.len);
    }
    tpl_buffer_dispose(&out);
    return status;
}

static tpl_status encode_into_memory(tpl_error *err) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_status status =
        tpl_manifest_encode_into(first, TPL_FORMAT_DEFAULT, tpl_buffer_room, &out, NULL, err);
    if (status == TPL_OK) {
        assert_int_equal(out.len, canonical.len);
        assert_memory_equal(out.data, canonical.data, out.len);
    }
    tpl_buffer_dispose(&out);
    return status;
}

static tpl_status fingerprint(tpl_error *err) {
    tpl_hash128 manifest_hash = {1, 2};
    tpl_hash128 content_hash = {1, 2};
    tpl_status status = tpl_manifest_fingerprint(first, &manifest_hash, &content_hash, NULL, err);
    if (status == TPL_OK) {
        assert_true(manifest_hash.low == tpl_hash_bytes(canonical.data, canonical.len).low);
    }
    return status;
}

static tpl_status decode(const tpl_buffer *document, size_t len, size_t count, tpl_error *err) {
    tpl_manifest *manifest = first;
    tpl_status status = tpl_manifest_decode(&manifest, document->data, len, NULL, err);
    if (status != TPL_OK) {
        assert_null(manifest);
        return status;
    }
    assert_int_equal(tpl_manifest_count(manifest), count);
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status decode_canonical(tpl_error *err) {
    return decode(&canonical, canonical.len, MANY, err);
}

static tpl_status decode_general(tpl_error *err) {
    return decode(&general, general.len, 3, err);
}

static tpl_status decode_long_names(tpl_error *err) {
    return decode(&long_names, long_names.len, 2, err);
}

static tpl_status decode_long_hash(tpl_error *err) {
    return decode(&long_hash, long_hash.len, 1, err);
}

static tpl_status decode_cut_short(tpl_error *err) {
    return decode(&canonical, canonical.len - 1, 0, err);
}

static tpl_status decode_wrong(tpl_error *err) {
    static char text[] = "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2099-01-01\","
                         "\"paths\":[],\"totalSize\":0}";
    tpl_buffer document = {text, sizeof(text) - 1, 0, 0};
    return decode(&document, document.len, 0, err);
}

/* A diff with all that the format has: references before directories, chunks, links, odd hashes. */
static tpl_status decode_beta(tpl_error *err) {
    static char text[] =
        "{\"files\":[{\"name\":\"$1/"
        "c\",\"chunkhashes\":[\"a\",\"b\"],\"size\":268435457,\"mtime\":1},"
        "{\"path\":\"$0/l\",\"symlink\":{\"target\":\"$1/t\",\"name\":\"$1/t\"}},"
        "{\"path\":\"\\u0024\\u0030/p\",\"name\":\"$0/p\",\"hash\":\"odd\",\"size\":1,\"mtime\":1},"
        "{\"name\":\"g\",\"delete\":true}],"
        "\"dirs\":[{\"name\":\"$7\"},{\"name\":\"$0/b/c\"}],\"hashAlg\":\"xxh128\","
        "\"manifestVersion\":\"2025-12-04-beta\",\"parentManifestHash\":\"f0\",\"totalSize\":2}";
    tpl_buffer document = {text, sizeof(text) - 1, 0, 0};
    return decode(&document, document.len, 4, err);
}

static tpl_status decode_rooted(tpl_error *err) {
    static char text[] = "{\"dirs\":[],\"files\":[{\"name\":\"a/l\",\"symlink\":{\"name\":\"t\"}}],"
                         "\"hashAlg\":\"xxh128\",\"totalSize\":0,\"specificationVersion\":"
                         "\"relative-manifest-snapshot-beta-2025-12\"}";
    tpl_buffer document = {text, sizeof(text) - 1, 0, 0};
    return decode(&document, document.len, 1, err);
}

/* Text that no block of an arena has room for: escaped, expanded, made relative, in chunks. */
static tpl_status decode_long_beta(tpl_error *err) {
    return decode(&long_beta, long_beta.len, 3 + EXPANDED, err);
}

static tpl_status convert_what_needs_directories(tpl_error *err) {
    tpl_manifest *manifest = NULL;
    const tpl_entry entry = {.path = "$1/x", .path_len = 4};
    tpl_status status = tpl_manifest_new(&manifest, err);
    status = status == TPL_OK ? tpl_manifest_add(manifest, &entry, err) : status;
    status = status == TPL_OK ? tpl_manifest_seal(manifest, err) : status;
    status = status == TPL_OK
                 ? tpl_manifest_convert(manifest, TPL_FORMAT_2025_12_04_BETA, NULL, err)
                 : status;
    assert_true(status != TPL_OK || tpl_manifest_directory_count(manifest) == 1);
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status convert_with_directories(tpl_error *err) {
    tpl_manifest *manifest = NULL;
    tpl_status status = build(&manifest, MANY, 0, err);
    const tpl_entry entries[] = {{.path = "d1", .path_len = 2, .kind = TPL_KIND_DIRECTORY},
                                 {.path = "d2", .path_len = 2, .kind = TPL_KIND_DIRECTORY},
                                 {.path = "$1/x", .path_len = 4, .deleted = true},
                                 {.path = "l",
                                  .path_len = 1,
                                  .kind = TPL_KIND_SYMLINK,
                                  .hash_text = "t",
                                  .hash_text_len = 1}};
    for (size_t i = 0; i < 4 && status == TPL_OK; i++) {
        status = tpl_manifest_add(manifest, &entries[i], err);
    }
    status = status == TPL_OK ? tpl_manifest_set_parent(manifest, "p", 1, err) : status;
    status = status == TPL_OK ? tpl_manifest_seal(manifest, err) : status;
    status = status == TPL_OK
                 ? tpl_manifest_convert(manifest, TPL_FORMAT_2025_12_04_BETA, NULL, err)
                 : status;
    assert_true(status != TPL_OK || tpl_manifest_directory_count(manifest) == 3);
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status encode_in_another_format(tpl_error *err) {
    tpl_buffer out = TPL_BUFFER_INIT;
    tpl_status status =
        tpl_manifest_encode(first, TPL_FORMAT_2025_12_04_BETA, tpl_buffer_write, &out, NULL, err);
    assert_true(status != TPL_OK || memcmp(out.data, "{\"dirs\":[]", 10) == 0);
    tpl_buffer_dispose(&out);
    return status;
}

static tpl_status merge(const tpl_manifest *const *manifests, size_t count, tpl_error *err) {
    tpl_manifest *merged = first;
    tpl_status status = tpl_merge(&merged, manifests, count, NULL, err);
    if (status != TPL_OK) {
        assert_null(merged);
        return status;
    }
    assert_int_equal(tpl_manifest_count(merged), MANY);
    tpl_manifest_free(merged);
    return status;
}

static tpl_status merge_two(tpl_error *err) {
    const tpl_manifest *const both[] = {first, second};
    return merge(both, 2, err);
}

static tpl_status merge_one(tpl_error *err) {
    const tpl_manifest *const one[] = {second};
    return merge(one, 1, err);
}

static tpl_status matches(tpl_error *err) {
    static const tpl_filter all = TPL_FILTER_INIT;
    bool found = false;
    tpl_status status = tpl_filter_matches(&found, &all, "a/b", 3, err);
    assert_int_equal(found, status == TPL_OK);
    return status;
}

/* With a pattern that no block of an arena has room for. */
static tpl_status matches_as(tpl_dialect dialect, tpl_error *err) {
    char pattern[3000] = "{a,[b-c]}*";
    memset(pattern + strlen(pattern), 'x', sizeof(pattern) - 1 - strlen(pattern));
    const char *patterns[] = {pattern};
    tpl_filter filter = TPL_FILTER_INIT;
    filter.exclude = (tpl_strings){patterns, 1, 1};
    filter.dialect = dialect;
    bool found = false;
    tpl_status status = tpl_filter_matches(&found, &filter, "d/e", 3, err);
    assert_int_equal(found, status == TPL_OK);
    return status;
}

static tpl_status matches_glob(tpl_error *err) {
    return matches_as(TPL_DIALECT_GLOB, err);
}

static tpl_status matches_globset(tpl_error *err) {
    return matches_as(TPL_DIALECT_GLOBSET, err);
}

static tpl_status matches_fnmatch(tpl_error *err) {
    return matches_as(TPL_DIALECT_FNMATCH, err);
}

static tpl_status select_some(tpl_error *err) {
    static const tpl_filter all = TPL_FILTER_INIT;
    tpl_manifest *found = first;
    tpl_status status = tpl_select(&found, first, &all, NULL, err);
    if (status == TPL_OK) {
        assert_true(tpl_manifest_equal(found, first));
        tpl_manifest_free(found);
    } else {
        assert_null(found);
    }
    return status;
}

static const char DIFF[] =
    "{\"dirs\":[{\"name\":\"d\"},{\"delete\":true,\"name\":\"e\"},{\"name\":\"f\"}],\"files\":["
    "{\"delete\":true,\"name\":\"$0/a\"}],\"hashAlg\":\"xxh128\",\"manifestVersion\":"
    "\"2025-12-04-beta\",\"parentManifestHash\":\"0\",\"totalSize\":0}";

static tpl_status select_from_a_diff(tpl_error *err) {
    static const tpl_filter all = TPL_FILTER_INIT;
    tpl_manifest *diff = NULL;
    tpl_manifest *found = NULL;
    tpl_status status = tpl_manifest_decode(&diff, DIFF, sizeof(DIFF) - 1, NULL, err);
    status = status == TPL_OK ? tpl_select(&found, diff, &all, NULL, err) : status;
    assert_true(status != TPL_OK || tpl_manifest_equal(found, diff));
    tpl_manifest_free(diff);
    tpl_manifest_free(found);
    return status;
}

static tpl_status merge_diffs(tpl_error *err) {
    static const char text[] =
        "{\"dirs\":[{\"name\":\"d\"},{\"name\":\"e\"},{\"name\":\"f\"}],\"files\":[{\"delete\":"
        "true,\"name\":\"$0/a\"}],\"hashAlg\":"
        "\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\",\"parentManifestHash\":\"0\","
        "\"totalSize\":0}";
    tpl_manifest *one = NULL;
    tpl_manifest *merged = NULL;
    tpl_status status = tpl_manifest_decode(&one, text, sizeof(text) - 1, NULL, err);
    if (status == TPL_OK) {
        const tpl_manifest *const both[] = {one, one};
        status = tpl_merge(&merged, both, 2, NULL, err);
        assert_true(status == TPL_OK ? tpl_manifest_equal(merged, one) : merged == NULL);
    }
    tpl_manifest_free(one);
    tpl_manifest_free(merged);
    return status;
}

static tpl_status check_merge(tpl_error *err) {
    static const char base[] =
        "{\"dirs\":[],\"files\":[],\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\","
        "\"totalSize\":0}";
    static const char diff[] =
        "{\"dirs\":[],\"files\":[],\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\","
        "\"parentManifestHash\":\"00000000000000000000000000000000\",\"totalSize\":0}";
    tpl_manifest *one = NULL;
    tpl_manifest *other = NULL;
    size_t stray = 0;
    tpl_status status = tpl_manifest_decode(&one, base, sizeof(base) - 1, NULL, err);
    if (status == TPL_OK) {
        status = tpl_manifest_decode(&other, diff, sizeof(diff) - 1, NULL, err);
    }
    if (status == TPL_OK) {
        const tpl_manifest *const all[] = {one, one, other};
        status = tpl_merge_check(&stray, all, 3, NULL, err);
    }
    assert_int_equal(stray, status == TPL_E_MANIFEST ? 2 : 0);
    tpl_manifest_free(one);
    tpl_manifest_free(other);
    return status;
}

static tpl_status diff_as_manifest(tpl_error *err) {
    tpl_manifest *diff = first;
    tpl_hash128 parent = {1, 2};
    tpl_status status = tpl_diff_manifest(&diff, second, first, parent, NULL, err);
    if (status == TPL_OK) {
        assert_true(tpl_manifest_count(diff) >= TWICE);
        tpl_manifest_free(diff);
    } else {
        assert_null(diff);
    }
    return status;
}

static tpl_status diff_manifests(tpl_error *err) {
    tpl_diff *diff = (tpl_diff *)&long_names;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    static const char *patterns[] = {"**/file*", "d[0-5]/*"};
    options.filter.include = (tpl_strings){patterns, 2, 2};
    options.keep_unchanged = true;
    options.keep_states = true;
    tpl_side before = {first, NULL};
    tpl_side after = {second, NULL};
    tpl_status status = tpl_diff_sides(&diff, before, after, &options, err);
    if (status != TPL_OK) {
        assert_null(diff);
        return status;
    }
    assert_int_equal(tpl_diff_count(diff, TPL_CHANGE_DELETED), TWICE);
    assert_int_equal(tpl_diff_count(diff, TPL_CHANGE_UNCHANGED), MANY - TWICE);
    tpl_diff_free(diff);
    return status;
}

/* A hash that is no digest, longer than what an arena has left. */
static tpl_status add_odd_hash(tpl_error *err) {
    static char hash[LONG_NAME];
    memset(hash, 'a', sizeof(hash));
    const tpl_entry entry = {
        .path = "p", .path_len = 1, .hash_text = hash, .hash_text_len = sizeof(hash)};
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl_manifest_new(&manifest, err);
    status = status == TPL_OK ? tpl_manifest_add(manifest, &entry, err) : status;
    assert_true(status != TPL_OK || tpl_manifest_total_size(manifest) == 0);
    tpl_manifest_free(manifest);
    return status;
}

/* --- inputs --- */

#define DOCUMENT_START "{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"paths\":["
#define HASH "\"hash\":\"df3ce784d856334d65cd25028f98f158\""

static void put(tpl_buffer *out, const char *text) {
    assert_int_equal(tpl_buffer_append(out, text, strlen(text)), TPL_OK);
}

static void put_long_name(tpl_buffer *out, char letter) {
    put(out, "{" HASH ",\"mtime\":0,\"path\":\"");
    for (int i = 0; i < LONG_NAME; i++) {
        assert_int_equal(tpl_buffer_append(out, &letter, 1), TPL_OK);
    }
    put(out, "\",\"size\":1}");
}

static void put_many(tpl_buffer *out, const char *text) {
    for (int i = 0; i < LONG_NAME; i++) {
        put(out, text);
    }
}

static void put_long_beta(tpl_buffer *out) {
    put(out, "{\"dirs\":[{\"name\":\"");
    put_many(out, "d");
    put(out, "\"}],\"files\":[");
    for (int i = 0; i < EXPANDED; i++) { /* more than the document itself */
        put(out, "{\"name\":\"$0/x\",\"delete\":false,\"hash\":\"1\",\"size\":0,\"mtime\":1},");
    }
    put(out, "{\"name\":\"$0/\\u0065\",\"chunkhashes\":[\"");
    put_many(out, "\\u0061");
    put(out, "\",\"b\"],\"size\":268435457,\"mtime\":1},{\"name\":\"");
    put_many(out, "\\u00e9");
    put(out, "\",\"hash\":\"");
    put_many(out, "\\u0061");
    put(out, "\",\"size\":1,\"mtime\":1},{\"name\":\"a/b/l\",\"symlink\":{\"name\":\"");
    put_many(out, "\\u0074");
    put(out, "\"}}],\"hashAlg\":\"xxh128\",\"totalSize\":1,\"specificationVersion\":"
             "\"relative-manifest-snapshot-beta-2025-12\"}");
}

void oom_values_setup(void) {
    put_long_beta(&long_beta);
    assert_int_equal(build(&first, MANY, 0, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(first, NULL), TPL_OK);
    assert_int_equal(build(&second, MANY, TWICE, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_seal(second, NULL), TPL_OK);
    assert_int_equal(
        tpl_manifest_encode(first, TPL_FORMAT_DEFAULT, tpl_buffer_write, &canonical, NULL, NULL),
        TPL_OK);
    put(&general, " {\"totalSize\": 3, \"paths\": ["
                  "{\"size\":1,\"path\":\"b\\u00e9\",\"mtime\":1,\"hash\":\"A\\u0042\"},"
                  "{\"size\":1,\"path\":\"a\",\"mtime\":1,\"more\":[{}]," HASH "},"
                  "{\"size\":1,\"path\":\"a\",\"mtime\":1," HASH "}],"
                  " \"hashAlg\": \"xxh128\", \"manifestVersion\": \"2023-03-03\"} ");
    put(&long_names, DOCUMENT_START);
    put_long_name(&long_names, 'a');
    put(&long_names, ",");
    put_long_name(&long_names, 'b');
    put(&long_names, "],\"totalSize\":2}");
    put(&long_hash, DOCUMENT_START "{\"hash\":\"\\u0041");
    put_many(&long_hash, "B");
    put(&long_hash, "\",\"mtime\":0,\"path\":\"a\",\"size\":1}],\"totalSize\":1}");
}

void oom_values_teardown(void) {
    tpl_manifest_free(first);
    tpl_manifest_free(second);
    first = NULL;
    second = NULL;
    tpl_buffer_dispose(&canonical);
    tpl_buffer_dispose(&general);
    tpl_buffer_dispose(&long_names);
    tpl_buffer_dispose(&long_hash);
    tpl_buffer_dispose(&long_beta);
}

const oom_case oom_values[] = {
    {.functions = "tpl_buffer_reserve tpl_buffer_append tpl_buffer_write",
     .about = "growth",
     .run = buffer_grows,
     .silent = true},
    {.functions = "tpl_strings_append", .about = "growth", .run = strings_grow, .silent = true},
    {.functions = "tpl_text_from_os", .about = "bytes", .run = text_from_os, .silent = true},
    {.functions = "tpl_text_to_os", .about = "bytes", .run = text_to_os, .silent = true},
    {.functions = "tpl_text_append_json", .about = "escapes", .run = text_as_json, .silent = true},
    {.functions = "tpl_text_append_display",
     .about = "plain and quoted",
     .run = text_for_people,
     .silent = true},
    {.functions = "tpl_hasher_new tpl_hasher_write",
     .about = "one hasher",
     .run = hasher,
     .silent = true},
    {.functions = "tpl_hash_memory", .about = "two pieces", .run = hash_in_pieces},
    {.functions = "tpl_manifest_new tpl_manifest_add tpl_manifest_sort",
     .about = "out of order",
     .run = manifest_sorts},
    {.functions = "tpl_manifest_seal", .about = "duplicates", .run = manifest_seals},
    {.functions = "tpl_manifest_encode", .about = "into a buffer", .run = encode_to_buffer},
    {.functions = "tpl_manifest_encode_into tpl_buffer_room",
     .about = "into a buffer",
     .run = encode_into_memory},
    {.functions = "tpl_manifest_fingerprint", .about = "both", .run = fingerprint},
    {.functions = "tpl_manifest_decode", .about = "canonical", .run = decode_canonical},
    {.functions = "tpl_manifest_decode", .about = "general", .run = decode_general},
    {.functions = "tpl_manifest_decode", .about = "long names", .run = decode_long_names},
    {.functions = "tpl_manifest_decode", .about = "a long hash", .run = decode_long_hash},
    {.functions = "tpl_manifest_decode", .about = "2025-12-04-beta", .run = decode_beta},
    {.functions = "tpl_manifest_decode", .about = "a relative", .run = decode_rooted},
    {.functions = "tpl_manifest_decode", .about = "long text", .run = decode_long_beta},
    {.functions = "tpl_manifest_convert",
     .about = "needed directories",
     .run = convert_what_needs_directories},
    {.functions = "tpl_manifest_convert tpl_manifest_set_parent",
     .about = "directories",
     .run = convert_with_directories},
    {.functions = "tpl_manifest_encode",
     .about = "in another format",
     .run = encode_in_another_format},
    {.functions = "tpl_manifest_decode",
     .about = "no JSON",
     .run = decode_cut_short,
     .otherwise = TPL_E_SYNTAX},
    {.functions = "tpl_manifest_decode",
     .about = "another version",
     .run = decode_wrong,
     .otherwise = TPL_E_VERSION},
    {.functions = "tpl_merge", .about = "two", .run = merge_two},
    {.functions = "tpl_merge", .about = "one", .run = merge_one},
    {.functions = "tpl_merge", .about = "diffs", .run = merge_diffs},
    {.functions = "tpl_merge_check",
     .about = "a stray diff",
     .run = check_merge,
     .otherwise = TPL_E_MANIFEST},
    {.functions = "tpl_filter_matches", .about = "a pattern", .run = matches},
    {.functions = "tpl_filter_matches", .about = "of glob", .run = matches_glob},
    {.functions = "tpl_filter_matches", .about = "of globset", .run = matches_globset},
    {.functions = "tpl_filter_matches", .about = "of fnmatch", .run = matches_fnmatch},
    {.functions = "tpl_select", .about = "all entries", .run = select_some},
    {.functions = "tpl_manifest_add", .about = "an odd hash", .run = add_odd_hash},
    {.functions = "tpl_select", .about = "a diff", .run = select_from_a_diff},
    {.functions = "tpl_diff_manifest", .about = "manifests", .run = diff_as_manifest},
    {.functions = "tpl_diff_sides", .about = "manifests", .run = diff_manifests},
};

const size_t oom_values_count = sizeof(oom_values) / sizeof(*oom_values);
