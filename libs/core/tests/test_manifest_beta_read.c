/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "codec.h"
#include "mem.h"
#include "tpl/manifest.h"

#define VERSION "\"manifestVersion\":\"2025-12-04-beta\""
#define REST ",\"hashAlg\":\"xxh128\",\"totalSize\":1,"
#define BETA(dirs, files) "{\"dirs\":[" dirs "],\"files\":[" files "]" REST VERSION "}"
#define DIFF(dirs, files)                                                                          \
    "{\"parentManifestHash\":\"0p\",\"dirs\":[" dirs "],\"files\":[" files "]" REST VERSION "}"
#define OTHER(version, more, files)                                                                \
    "{\"specificationVersion\":\"" version "\",\"dirs\":[],\"files\":[" files "]" REST more "}"
#define SNAPSHOT "relative-manifest-snapshot-beta-2025-12"
#define CHANGES "relative-manifest-diff-beta-2025-12"
#define NUMBERS "\"size\":1,\"mtime\":2"
#define GOOD "{\"name\":\"p\",\"hash\":\"0a\"," NUMBERS "}"
#define LINK(name, target) "{\"name\":\"" name "\",\"symlink\":{\"name\":\"" target "\"}}"

typedef struct refusal {
    const char *text;
    tpl_status status;
    const char *message;
} refusal;

static void expect_refusals(const refusal *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tpl_error err = TPL_ERROR_INIT;
        tpl_manifest *manifest = NULL;
        size_t len = strlen(list[i].text);
        char *exact = tpl__alloc(len); /* so that a read past the end is noticed */
        assert_non_null(exact);
        memcpy(exact, list[i].text, len);
        tpl_status status = tpl_manifest_decode(&manifest, exact, len, NULL, &err);
        assert_string_equal(err.message, list[i].message);
        assert_int_equal(status, list[i].status);
        assert_int_equal(err.status, list[i].status);
        assert_null(manifest);
        tpl__free(exact);
    }
}

#define EXPECT_REFUSALS(list) expect_refusals(list, sizeof(list) / sizeof(list[0]))

static void expect_recoded(const char *text, const char *canonical) {
    tpl_manifest *manifest = decoded(text, strlen(text));
    assert_int_equal(tpl_manifest_format(manifest), TPL_FORMAT_2025_12_04_BETA);
    tpl_buffer out = TPL_BUFFER_INIT;
    assert_int_equal(tpl_manifest_encode(manifest, TPL_FORMAT_2025_12_04_BETA, tpl_buffer_write,
                                         &out, NULL, NULL),
                     TPL_OK);
    assert_int_equal(tpl_buffer_append(&out, "", 1), TPL_OK);
    assert_string_equal(out.data, canonical);
    assert_int_equal(tpl_manifest_is_canonical(manifest, text, strlen(text)),
                     strcmp(text, canonical) == 0);
    tpl_buffer_dispose(&out);
    tpl_manifest_free(manifest);
}

#define CANONICAL(dirs, files)                                                                     \
    "{\"dirs\":[" dirs "],\"files\":[" files "],\"hashAlg\":\"xxh128\"," VERSION ",\"totalSize\":" \
    "1}"
#define CANONICAL_DIFF(dirs, files)                                                                \
    "{\"dirs\":[" dirs "],\"files\":[" files "],\"hashAlg\":\"xxh128\"," VERSION                   \
    ",\"parentManifestHash\":\"0p\",\"totalSize\":1}"

static void recodes_the_example_of_the_format(void **state) {
    (void)state;
    static const char text[] =
        "{\"dirs\":[{\"name\":\"a\"},{\"name\":\"$0/b\"}],\"files\":["
        "{\"hash\":\"11\",\"mtime\":1,\"name\":\"$1/y\",\"size\":1},"
        "{\"name\":\"$0/l\",\"symlink\":{\"name\":\"x\"}},"
        "{\"hash\":\"22\",\"mtime\":2,\"name\":\"$0/x\",\"size\":2},"
        "{\"hash\":\"33\",\"mtime\":3,\"name\":\"z\",\"size\":3}],"
        "\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\",\"totalSize\":6}";
    expect_recoded(text, text);
    tpl_manifest *manifest = decoded(text, sizeof(text) - 1);
    tpl_entry entry;
    char hex[TPL_HASH_HEX_LEN + 1];
    size_t len = 9;
    assert_int_equal(tpl_manifest_count(manifest), 4);
    assert_int_equal(tpl_manifest_directory_count(manifest), 2);
    assert_null(tpl_manifest_parent(manifest, &len));
    assert_int_equal(len, 0);
    tpl_manifest_directory(manifest, 1, &entry);
    assert_int_equal(entry.kind, TPL_KIND_DIRECTORY);
    assert_memory_equal(entry.path, "a/b", entry.path_len);
    tpl_manifest_entry(manifest, 1, &entry);
    assert_int_equal(entry.kind, TPL_KIND_SYMLINK);
    assert_int_equal(entry.path_len, 3);
    assert_memory_equal(entry.path, "a/l", 3);
    assert_memory_equal(entry.hash_text, "x", entry.hash_text_len);
    assert_string_equal(tpl_entry_hash(&entry, hex, &len), "");
    assert_int_equal(len, 0);
    tpl_manifest_free(manifest);
}

static void takes_every_spelling_of_a_member(void **state) {
    (void)state;
    static const char hash[] =
        CANONICAL("", "{\"hash\":\"0a\",\"mtime\":2,\"name\":\"p\",\"size\":1}");
    static const char link[] = CANONICAL("", "{\"name\":\"l\",\"symlink\":{\"name\":\"t\"}}");
    static const char gone[] =
        CANONICAL_DIFF("{\"delete\":true,\"name\":\"d\"}", "{\"delete\":true,\"name\":\"p\"}");
    expect_recoded(BETA("", GOOD), hash);
    expect_recoded(BETA("", "{\"path\":\"p\",\"hash\":\"0a\"," NUMBERS "}"), hash);
    expect_recoded(BETA("", "{\"path\":\"p\",\"name\":\"\\u0070\",\"hash\":\"0a\"," NUMBERS "}"),
                   hash);
    expect_recoded(BETA("", "{\"name\":\"p\",\"hash\":\"\\u0030a\",\"chunkhashes\":null,"
                            "\"symlink\":null,\"symlink_target\":null,\"runnable\":false,"
                            "\"delete\":false,\"new\":[{}]," NUMBERS "}"),
                   hash);
    expect_recoded(BETA("", LINK("l", "t")), link);
    expect_recoded(BETA("", "{\"name\":\"l\",\"symlink\":{\"target\":\"t\"}}"), link);
    expect_recoded(BETA("", "{\"name\":\"l\",\"symlink_target\":\"t\"}"), link);
    expect_recoded(BETA("", "{\"name\":\"l\",\"symlink\":{\"name\":\"t\",\"target\":\"t\"},"
                            "\"symlink_target\":\"t\",\"size\":7,\"mtime\":\"no\"}"),
                   link);
    expect_recoded(DIFF("{\"name\":\"d\",\"delete\":true}", "{\"name\":\"p\",\"deleted\":true}"),
                   gone);
    expect_recoded(DIFF("{\"path\":\"d\",\"deleted\":true,\"delete\":true}",
                        "{\"path\":\"p\",\"delete\":true,\"hash\":null,\"runnable\":false}"),
                   gone);
    expect_recoded(
        BETA("", "{\"name\":\"p\",\"hash\":\"0123456789abcdef0123456789abcdef\","
                 "\"runnable\":true,\"size\":1,\"mtime\":-2}"),
        CANONICAL("", "{\"hash\":\"0123456789abcdef0123456789abcdef\",\"mtime\":-2,\"name\":\"p\","
                      "\"runnable\":true,\"size\":1}"));
    expect_recoded(BETA("", "{\"name\":\"p\",\"hash\":\"0123456789abcdef0123456789abcde\\u0066\","
                            "\"runnable\":true,\"size\":1,\"mtime\":-2}"),
                   CANONICAL("", "{\"hash\":\"0123456789abcdef0123456789abcdef\",\"mtime\":-2,"
                                 "\"name\":\"p\",\"runnable\":true,\"size\":1}"));
}

static void takes_chunks(void **state) {
    (void)state;
    expect_recoded(BETA("", "{\"name\":\"p\",\"chunkhashes\":[ \"a1\" , \"\\u0062\"],"
                            "\"size\":536870912,\"mtime\":0}"),
                   CANONICAL("", "{\"chunkhashes\":[\"a1\",\"b\"],\"mtime\":0,\"name\":\"p\","
                                 "\"size\":536870912}"));
    expect_recoded(BETA("", "{\"name\":\"p\",\"chunkhashes\":[\"a\",\"b\",\"c\"],"
                            "\"size\":536870913,\"mtime\":0,\"runnable\":true}"),
                   CANONICAL("", "{\"chunkhashes\":[\"a\",\"b\",\"c\"],\"mtime\":0,\"name\":\"p\","
                                 "\"runnable\":true,\"size\":536870913}"));
    /* one hash for a file of any size is taken, too */
    expect_recoded(BETA("", "{\"name\":\"p\",\"hash\":\"a\",\"size\":536870913,\"mtime\":0}"),
                   CANONICAL("", "{\"hash\":\"a\",\"mtime\":0,\"name\":\"p\",\"size\":536870913}"));
}

static void expands_references_wherever_the_directories_stand(void **state) {
    (void)state;
    static const char canonical[] =
        CANONICAL("{\"name\":\"a\"},{\"name\":\"$0/b\"},{\"name\":\"c\"}",
                  "{\"hash\":\"1\",\"mtime\":2,\"name\":\"$1/p\",\"size\":1},"
                  "{\"name\":\"$2/l\",\"symlink\":{\"name\":\"$1/p\"}}");
#define DIRS "[{\"name\":\"c\"},{\"name\":\"a\"},{\"name\":\"$1/b\"},{\"name\":\"c\"}]"
#define FILES "[" LINK("$3/l", "a/b/p") ",{\"name\":\"$2/p\",\"hash\":\"1\"," NUMBERS "}]"
    expect_recoded("{\"dirs\":" DIRS ",\"files\":" FILES REST VERSION "}", canonical);
    expect_recoded("{\"files\":" FILES ",\"dirs\":" DIRS REST VERSION "}", canonical);
    expect_recoded(" {\"files\":7,\"dirs\":[1]" REST VERSION ",\n\"dirs\":" DIRS ",\"files\":" FILES
                   "}",
                   canonical);
    /* no slash, no number, more than one slash */
    expect_recoded(BETA("{\"name\":\"d\"}", "{\"name\":\"$0\",\"hash\":\"1\"," NUMBERS "},"
                                            "{\"name\":\"$/x\",\"hash\":\"1\"," NUMBERS "},"
                                            "{\"name\":\"$0x/y\",\"hash\":\"1\"," NUMBERS "},"
                                            "{\"name\":\"$0/y/z\",\"hash\":\"1\"," NUMBERS "}"),
                   CANONICAL("{\"name\":\"d\"}",
                             "{\"hash\":\"1\",\"mtime\":2,\"name\":\"$/x\",\"size\":1},"
                             "{\"hash\":\"1\",\"mtime\":2,\"name\":\"$0\",\"size\":1},"
                             "{\"hash\":\"1\",\"mtime\":2,\"name\":\"$0x/y\",\"size\":1},"
                             "{\"hash\":\"1\",\"mtime\":2,\"name\":\"d/y/z\",\"size\":1}"));
    /* a directory whose name looks like a reference */
    expect_recoded(BETA("{\"name\":\"$0\"}", "{\"name\":\"$0/y/z\",\"hash\":\"1\"," NUMBERS "}"),
                   CANONICAL("{\"name\":\"$0\"},{\"name\":\"$0/y\"}",
                             "{\"hash\":\"1\",\"mtime\":2,\"name\":\"$1/z\",\"size\":1}"));
}

static void takes_the_relatives_of_the_format(void **state) {
    (void)state;
    static const char link[] = CANONICAL("", "{\"name\":\"a/b/l\",\"symlink\":{\"name\":\"%s\"}}");
    static const struct {
        const char *target; /* relative to the root */
        const char *own;
    } targets[] = {{"t", "../../t"}, {"a/t", "../t"},  {"a/b/t", "t"},     {"a/bc/t", "../bc/t"},
                   {"a/b", "../b"},  {"a", "../../a"}, {"a/b/c/t", "c/t"}, {"b/t", "../../b/t"}};
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        char text[512];
        char canonical[512];
        snprintf(text, sizeof(text), OTHER(SNAPSHOT, "\"x\":0", LINK("a/b/l", "%s")),
                 targets[i].target);
        snprintf(canonical, sizeof(canonical), link, targets[i].own);
        expect_recoded(text, canonical);
    }
    static const char plain[] = CANONICAL("", "{\"name\":\"a/l\",\"symlink\":{\"name\":\"t\"}}");
    expect_recoded(OTHER(SNAPSHOT, "\"fileChunkSizeBytes\":268435456",
                         "{\"path\":\"a/l\",\"symlink\":{\"target\":\"t\"}}"),
                   plain);
    expect_recoded(OTHER("2025-12-04-beta", VERSION, LINK("a/l", "t")), plain);
    expect_recoded(OTHER(SNAPSHOT, "\"fileChunkSizeBytes\":-1", LINK("a/l", "a/t")), plain);
    expect_recoded(
        OTHER(CHANGES, "\"parentManifestHash\":\"0p\"", "{\"path\":\"p\",\"deleted\":true}"),
        CANONICAL_DIFF("", "{\"delete\":true,\"name\":\"p\"}"));
}

/* Row by row as the format's rules have it. */
static void refuses_what_the_rules_of_the_format_refuse(void **state) {
    (void)state;
    static const refusal list[] = {
        {BETA("{\"name\":\"d\",\"delete\":true}", GOOD), TPL_E_MANIFEST,
         "dirs[0] is a deletion in a manifest that is no diff"},
        {BETA("", GOOD ",{\"name\":\"q\",\"delete\":true}"), TPL_E_MANIFEST,
         "files[1] is a deletion in a manifest that is no diff"},
#define GONE(member) DIFF("", "{\"name\":\"p\",\"delete\":true," member "}")
        {GONE("\"hash\":\"a\",\"size\":1"), TPL_E_MANIFEST, "files[0] is deleted and has a hash"},
        {GONE("\"chunkhashes\":[],\"size\":1"), TPL_E_MANIFEST,
         "files[0] is deleted and has chunkhashes"},
        {GONE("\"symlink_target\":\"t\""), TPL_E_MANIFEST,
         "files[0] is deleted and has a symlink_target"},
        {GONE("\"symlink\":{}"), TPL_E_MANIFEST, "files[0] is deleted and has a symlink"},
        {GONE("\"mtime\":1,\"runnable\":true"), TPL_E_MANIFEST,
         "files[0] is deleted and has runnable"},
        {GONE("\"mtime\":1,\"size\":0"), TPL_E_MANIFEST, "files[0] is deleted and has a size"},
        {GONE("\"mtime\":0"), TPL_E_MANIFEST, "files[0] is deleted and has an mtime"},
#define ONE "files[0] has not exactly one of hash, chunkhashes and symlink"
#define FILE_WITH(members) BETA("", "{\"name\":\"p\"," members "}")
        {FILE_WITH(NUMBERS), TPL_E_MANIFEST, ONE},
        {FILE_WITH("\"hash\":\"a\",\"chunkhashes\":[\"a\"]," NUMBERS), TPL_E_MANIFEST, ONE},
        {FILE_WITH("\"hash\":\"a\",\"symlink\":{\"name\":\"t\"}," NUMBERS), TPL_E_MANIFEST, ONE},
        {FILE_WITH("\"chunkhashes\":[],\"symlink_target\":\"t\""), TPL_E_MANIFEST, ONE},
        {FILE_WITH("\"hash\":\"a\",\"mtime\":1"), TPL_E_MANIFEST, "files[0] lacks size"},
        {FILE_WITH("\"hash\":\"a\",\"size\":1,\"mtime\":null"), TPL_E_MANIFEST,
         "files[0] lacks mtime"},
        {FILE_WITH("\"chunkhashes\":[\"a\"],\"size\":268435456,\"mtime\":1"), TPL_E_MANIFEST,
         "files[0] has chunkhashes and is not over 256 MiB"},
        {FILE_WITH("\"chunkhashes\":[],\"size\":0,\"mtime\":1"), TPL_E_MANIFEST,
         "files[0] has chunkhashes and is not over 256 MiB"},
        {FILE_WITH("\"chunkhashes\":[\"a\"],\"size\":268435457,\"mtime\":1"), TPL_E_MANIFEST,
         "files[0].chunkhashes are not as many as its chunks"},
        {FILE_WITH("\"chunkhashes\":[\"a\",\"b\",\"c\"],\"size\":536870912,\"mtime\":1"),
         TPL_E_MANIFEST, "files[0].chunkhashes are not as many as its chunks"},
        {BETA("", LINK("a/l", "/t")), TPL_E_MANIFEST, "files[0] is a link with an absolute target"},
        {BETA("", LINK("a/l", "C:t")), TPL_E_MANIFEST,
         "files[0] is a link with an absolute target"},
        {BETA("", LINK("a/l", "\\\\\\\\h\\\\s")), TPL_E_MANIFEST,
         "files[0] is a link with an absolute target"},
        {BETA("", LINK("a/l", "//h/s")), TPL_E_MANIFEST,
         "files[0] is a link with an absolute target"},
        {BETA("", LINK("l", "..")), TPL_E_MANIFEST,
         "files[0] is a link whose target is outside the tree"},
        {BETA("", LINK("l", "../t")), TPL_E_MANIFEST,
         "files[0] is a link whose target is outside the tree"},
    };
    EXPECT_REFUSALS(list);
}

static void takes_what_the_rules_of_the_format_do_not_look_at(void **state) {
    (void)state;
    expect_recoded(BETA("", LINK("a/l", "../../t")),
                   CANONICAL("", "{\"name\":\"a/l\",\"symlink\":{\"name\":\"../../t\"}}"));
    expect_recoded(BETA("", LINK("l", "..t")),
                   CANONICAL("", "{\"name\":\"l\",\"symlink\":{\"name\":\"..t\"}}"));
    expect_recoded(BETA("{\"name\":\"\"},{\"name\":\"/d\"}", "{\"name\":\"../p\",\"hash\":\"1\","
                                                             "\"size\":1,\"mtime\":2}"),
                   CANONICAL("{\"name\":\"\"},{\"name\":\"$0/d\"}",
                             "{\"hash\":\"1\",\"mtime\":2,\"name\":\"../p\",\"size\":1}"));
    tpl_manifest *twice = decoded(BETA("", GOOD "," GOOD), strlen(BETA("", GOOD "," GOOD)));
    assert_int_equal(tpl_manifest_count(twice), 2);
    assert_int_equal(tpl_manifest_duplicates(twice), 1);
    assert_int_equal(tpl_manifest_total_size(twice), 1);
    tpl_manifest_free(twice);
    expect_recoded(BETA("", ""), CANONICAL("", ""));
    expect_recoded("{\"paths\":[3]" REST VERSION ",\"files\":[],\"dirs\":[]}", CANONICAL("", ""));
}

static void refuses_members_of_another_kind(void **state) {
    (void)state;
    static const refusal list[] = {
        {BETA("3", GOOD), TPL_E_MANIFEST, "dirs[0] is not an object"},
        {BETA("{}", GOOD), TPL_E_MANIFEST, "dirs[0] lacks name"},
        {BETA("", GOOD ",[]"), TPL_E_MANIFEST, "files[1] is not an object"},
        {FILE_WITH("\"name\":null"), TPL_E_MANIFEST, "files[0].name is not a string"},
        {FILE_WITH("\"path\":1"), TPL_E_MANIFEST, "files[0].path is not a string"},
        {FILE_WITH("\"path\":\"q\""), TPL_E_MANIFEST, "files[0].name and .path disagree"},
        {FILE_WITH("\"path\":\"pq\""), TPL_E_MANIFEST, "files[0].name and .path disagree"},
        {FILE_WITH("\"delete\":null"), TPL_E_MANIFEST, "files[0].delete is not a boolean"},
        {FILE_WITH("\"deleted\":1"), TPL_E_MANIFEST, "files[0].deleted is not a boolean"},
        {FILE_WITH("\"delete\":true,\"deleted\":false"), TPL_E_MANIFEST,
         "files[0].delete and .deleted disagree"},
        {FILE_WITH("\"hash\":\"a\",\"runnable\":null"), TPL_E_MANIFEST,
         "files[0].runnable is not a boolean"},
        {FILE_WITH("\"hash\":1," NUMBERS), TPL_E_MANIFEST, "files[0].hash is not a string"},
        {FILE_WITH("\"hash\":\"\"," NUMBERS), TPL_E_MANIFEST, "files[0].hash is not alphanumeric"},
        {FILE_WITH("\"hash\":\"a,b\"," NUMBERS), TPL_E_MANIFEST,
         "files[0].hash is not alphanumeric"},
        {FILE_WITH("\"hash\":\"a\",\"mtime\":1,\"size\":1.0"), TPL_E_MANIFEST,
         "files[0].size is not an integer"},
        {FILE_WITH("\"hash\":\"a\",\"mtime\":true,\"size\":1"), TPL_E_MANIFEST,
         "files[0].mtime is not an integer"},
        {FILE_WITH("\"hash\":\"a\",\"mtime\":1,\"size\":-1"), TPL_E_RANGE,
         "files[0].size is not within 0 and 2^64 - 1"},
        {FILE_WITH("\"hash\":\"a\",\"mtime\":9223372036854775808,\"size\":1"), TPL_E_RANGE,
         "files[0].mtime is not within -2^63 and 2^63 - 1"},
        {FILE_WITH("\"chunkhashes\":\"a\"," NUMBERS), TPL_E_MANIFEST,
         "files[0].chunkhashes is not a list of strings"},
        {FILE_WITH("\"chunkhashes\":[null]," NUMBERS), TPL_E_MANIFEST,
         "files[0].chunkhashes is not a list of strings"},
        {FILE_WITH("\"chunkhashes\":[\"a\",\"-\"]," NUMBERS), TPL_E_MANIFEST,
         "files[0].chunkhashes has one that is not alphanumeric"},
        {FILE_WITH("\"symlink\":\"t\""), TPL_E_MANIFEST, "files[0].symlink is not an object"},
        {FILE_WITH("\"symlink\":{}"), TPL_E_MANIFEST, "files[0].symlink lacks name"},
        {FILE_WITH("\"symlink\":{\"name\":1}"), TPL_E_MANIFEST,
         "files[0] has a link target that is not a string"},
        {FILE_WITH("\"symlink_target\":{}"), TPL_E_MANIFEST,
         "files[0] has a link target that is not a string"},
        {FILE_WITH("\"symlink\":{\"name\":\"t\",\"target\":\"s\"}"), TPL_E_MANIFEST,
         "files[0] has link targets that disagree"},
        {FILE_WITH("\"symlink\":{\"name\":\"t\"},\"symlink_target\":\"ts\""), TPL_E_MANIFEST,
         "files[0] has link targets that disagree"},
        {BETA("", LINK("l", "")), TPL_E_MANIFEST, "files[0] is a link with an empty target"},
        {BETA("{\"name\":\"$0/d\"}", ""), TPL_E_MANIFEST,
         "dirs[0] refers to a directory that is not listed"},
        {BETA("{\"name\":\"d\"}", "{\"name\":\"$1/p\",\"hash\":\"a\"," NUMBERS "}"), TPL_E_MANIFEST,
         "files[0] refers to a directory that is not listed"},
        {BETA("{\"name\":\"d\"}", LINK("l", "$00/t")), TPL_E_MANIFEST,
         "files[0] refers to a directory that is not listed"},
        {BETA("{\"name\":\"d\"}", LINK("l", "$99999999999999999999999/t")), TPL_E_MANIFEST,
         "files[0] refers to a directory that is not listed"},
    };
    EXPECT_REFUSALS(list);
}

static void refuses_documents_by_the_rules_for_their_members(void **state) {
    (void)state;
    static const refusal list[] = {
        {"{\"dirs\":[],\"files\":[]}", TPL_E_MANIFEST, "manifestVersion is missing"},
        {"{" VERSION "}", TPL_E_MANIFEST, "manifest lacks dirs, files, hashAlg, totalSize"},
        {"{\"dirs\":{},\"files\":[]" REST VERSION "}", TPL_E_MANIFEST, "dirs is not a list"},
        {"{\"dirs\":[],\"files\":\"\"" REST VERSION "}", TPL_E_MANIFEST, "files is not a list"},
        {"{\"dirs\":[],\"files\":[],\"files\":3" REST VERSION "}", TPL_E_MANIFEST,
         "files is not a list"},
        {"{\"dirs\":[],\"files\":[]" REST VERSION ",\"hashAlg\":\"md5\"}", TPL_E_MANIFEST,
         "hashAlg is not \"xxh128\""},
        {"{\"dirs\":[],\"files\":[]" REST VERSION ",\"totalSize\":1.5}", TPL_E_MANIFEST,
         "totalSize is not an integer"},
        {"{\"dirs\":[],\"files\":[]" REST VERSION ",\"totalSize\":-1}", TPL_E_RANGE,
         "totalSize is not within 0 and 2^64 - 1"},
        {"{\"dirs\":[],\"files\":[]" REST VERSION ",\"parentManifestHash\":7}", TPL_E_MANIFEST,
         "parentManifestHash is not a string"},
        {"{\"dirs\":[],\"files\":[]" REST VERSION ",\"parentManifestHash\":\"\"}", TPL_E_MANIFEST,
         "parentManifestHash is not alphanumeric"},
        {"{\"dirs\":[],\"files\":[]" REST VERSION ",\"fileChunkSizeBytes\":1}", TPL_E_MANIFEST,
         "fileChunkSizeBytes is not 268435456"},
        {"{\"dirs\":[],\"files\":[]" REST VERSION ",\"fileChunkSizeBytes\":-268435456}",
         TPL_E_MANIFEST, "fileChunkSizeBytes is not 268435456"},
        {"{\"dirs\":[],\"files\":[]" REST VERSION ",\"fileChunkSizeBytes\":null}", TPL_E_MANIFEST,
         "fileChunkSizeBytes is not 268435456"},
        {OTHER(SNAPSHOT, VERSION, ""), TPL_E_MANIFEST,
         "manifestVersion and specificationVersion disagree"},
        {OTHER(SNAPSHOT, "\"parentManifestHash\":\"a\"", ""), TPL_E_MANIFEST,
         "a snapshot has a parentManifestHash"},
        {OTHER(CHANGES, "\"x\":1", ""), TPL_E_MANIFEST, "a diff lacks parentManifestHash"},
        {OTHER(SNAPSHOT, "\"x\":1", LINK("a/l", "../t/../../..") "," LINK("a/l", "/t")),
         TPL_E_MANIFEST, "files[1] is a link with an absolute target"},
        {"{\"dirs\":[],\"files\":[]" REST "\"manifestVersion\":\"2025-12-05\"}", TPL_E_VERSION,
         "unknown manifest version \"2025-12-05\" (known: 2023-03-03, 2025-12-04-beta)"},
        /* the last of equal members counts, also of versions */
        {"{" VERSION ",\"manifestVersion\":\"2023-03-03\"}", TPL_E_MANIFEST,
         "manifest lacks hashAlg, paths, totalSize"},
        {"{\"manifestVersion\":\"2023-03-03\"," VERSION "}", TPL_E_MANIFEST,
         "manifest lacks dirs, files, hashAlg, totalSize"},
        {"{\"dirs\":[],\"files\":[]" REST VERSION, TPL_E_SYNTAX,
         "expected ',' or '}' at line 1 column 91"},
        {"{\"dirs\":[],\"files\":[{]}", TPL_E_SYNTAX,
         "expected a member name in double quotes at line 1 column 22"},
        {"{" VERSION ",\"files\":[1 2]}", TPL_E_SYNTAX, "expected ',' or ']' at line 1 column 49"},
        {"{\"dirs\":", TPL_E_SYNTAX, "expected a value at line 1 column 9"},
    };
    EXPECT_REFUSALS(list);
}

/* Each directory below the one before: little text that means much. */
static void references_cannot_fill_the_memory(void **state) {
    (void)state;
    enum {
        LEVELS = 40000
    };
    tpl_buffer text = TPL_BUFFER_INIT;
    char piece[64];
    assert_int_equal(tpl_buffer_append(&text, "{\"dirs\":[{\"name\":\"d\"}", 21), TPL_OK);
    for (int i = 0; i < LEVELS; i++) {
        int len = snprintf(piece, sizeof(piece), ",{\"name\":\"$%d/d\"}", i);
        assert_int_equal(tpl_buffer_append(&text, piece, (size_t)len), TPL_OK);
    }
    static const char rest[] = "],\"files\":[]" REST VERSION "}";
    assert_int_equal(tpl_buffer_append(&text, rest, sizeof(rest) - 1), TPL_OK);
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_manifest_decode(&manifest, text.data, text.len, NULL, &err), TPL_E_RANGE);
    assert_null(manifest);
    assert_non_null(strstr(err.message, " makes paths too long"));
    tpl_buffer_dispose(&text);
}

static void put(tpl_buffer *out, const char *text, size_t times) {
    for (size_t i = 0; i < times; i++) {
        assert_int_equal(tpl_buffer_append(out, text, strlen(text)), TPL_OK);
    }
}

/* Links far down whose targets are at the root: each has to be led all the way up. */
static void targets_cannot_fill_the_memory(void **state) {
    (void)state;
    for (size_t levels = 100000; levels <= 180000; levels += 10000) {
        tpl_buffer text = TPL_BUFFER_INIT;
        put(&text, "{\"dirs\":[{\"name\":\"", 1);
        put(&text, "d/", levels);
        put(&text, "d\"}],\"files\":[" LINK("$0/l", "t"), 1);
        put(&text, "," LINK("$0/l", "t"), 200);
        put(&text, "]" REST "\"specificationVersion\":\"" SNAPSHOT "\"}", 1);
        tpl_manifest *manifest = NULL;
        tpl_error err = TPL_ERROR_INIT;
        assert_int_equal(tpl_manifest_decode(&manifest, text.data, text.len, NULL, &err),
                         TPL_E_RANGE);
        assert_non_null(strstr(err.message, " makes paths too long"));
        tpl_buffer_dispose(&text);
    }
}

static int count_down(void *payload) {
    int *left = payload;
    return --*left < 0;
}

static void stops_at_every_question(void **state) {
    (void)state;
    tpl_buffer text = TPL_BUFFER_INIT;
    put(&text, "{\"dirs\":[],\"files\":[" GOOD, 1);
    put(&text, "," GOOD, 100000);
    put(&text, "]" REST VERSION "}", 1);
    int questions = 0;
    tpl_status status = TPL_E_CANCELLED;
    for (; status == TPL_E_CANCELLED && questions < 1000; questions++) {
        int left = questions;
        tpl_run run = {.poll = count_down, .payload = &left};
        tpl_manifest *manifest = NULL;
        status = tpl_manifest_decode(&manifest, text.data, text.len, &run, NULL);
        assert_true((manifest != NULL) == (status == TPL_OK));
        tpl_manifest_free(manifest);
    }
    assert_int_equal(status, TPL_OK);
    assert_true(questions > 1); /* the first one at once, the others by the clock */
    tpl_buffer_dispose(&text);
}

static void stops_when_nobody_wants_the_rest(void **state) {
    (void)state;
    enum {
        FILES_MAX = 100000
    };
    tpl_buffer text = TPL_BUFFER_INIT;
    static const char start[] = "{\"dirs\":[],\"files\":[" GOOD;
    assert_int_equal(tpl_buffer_append(&text, start, sizeof(start) - 1), TPL_OK);
    for (int i = 0; i < FILES_MAX; i++) {
        assert_int_equal(tpl_buffer_append(&text, "," GOOD, sizeof(GOOD)), TPL_OK);
    }
    tpl_manifest *manifest = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_manifest_decode(&manifest, text.data, text.len, &no_more, &err),
                     TPL_E_CANCELLED);
    assert_null(manifest);
    assert_string_equal(err.message, "cancelled");
    tpl_buffer_dispose(&text);
}

/* Whatever a damaged document is taken for, it is taken for the same again. */
static void damaged_documents_are_refused_or_taken_whole(void **state) {
    (void)state;
    static const char whole[] =
        "{\"dirs\":[{\"name\":\"a\"},{\"delete\":true,\"name\":\"$0/b\"}],\"files\":["
        "{\"chunkhashes\":[\"11\",\"12\"],\"mtime\":1,\"name\":\"$1/y\",\"size\":268435457},"
        "{\"delete\":true,\"name\":\"$0/g\"},"
        "{\"name\":\"$0/l\",\"symlink\":{\"name\":\"$1/x\"}},"
        "{\"hash\":\"22\",\"mtime\":2,\"name\":\"$0/\\u00e9\",\"runnable\":true,\"size\":2}],"
        "\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2025-12-04-beta\","
        "\"parentManifestHash\":\"0f\",\"totalSize\":6}";
    static const char bytes[] = "\"{}[],:$/0129.\\ \x80\xed\xa0ntfu-";
    uint64_t seed = 11;
    unsigned taken = 0;
    for (int round = 0; round < 20000; round++) {
        char text[sizeof(whole)];
        size_t len = sizeof(whole) - 1;
        memcpy(text, whole, len);
        for (uint64_t changes = next_random(&seed) % 3; changes < 3; changes++) {
            text[next_random(&seed) % len] = bytes[next_random(&seed) % (sizeof(bytes) - 1)];
        }
        tpl_manifest *manifest = NULL;
        if (tpl_manifest_decode(&manifest, text, len, NULL, NULL) != TPL_OK) {
            assert_null(manifest);
            continue;
        }
        tpl_buffer out = TPL_BUFFER_INIT;
        assert_int_equal(tpl_manifest_encode(manifest, tpl_manifest_format(manifest),
                                             tpl_buffer_write, &out, NULL, NULL),
                         TPL_OK);
        tpl_manifest *again = decoded(out.data, out.len);
        assert_true(tpl_manifest_equal(manifest, again));
        assert_true(tpl_manifest_is_canonical(again, out.data, out.len));
        tpl_buffer_dispose(&out);
        tpl_manifest_free(again);
        tpl_manifest_free(manifest);
        taken++;
    }
    assert_true(taken > 200); /* or nothing was tried */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recodes_the_example_of_the_format),
        cmocka_unit_test(takes_every_spelling_of_a_member),
        cmocka_unit_test(takes_chunks),
        cmocka_unit_test(expands_references_wherever_the_directories_stand),
        cmocka_unit_test(takes_the_relatives_of_the_format),
        cmocka_unit_test(refuses_what_the_rules_of_the_format_refuse),
        cmocka_unit_test(takes_what_the_rules_of_the_format_do_not_look_at),
        cmocka_unit_test(refuses_members_of_another_kind),
        cmocka_unit_test(refuses_documents_by_the_rules_for_their_members),
        cmocka_unit_test(references_cannot_fill_the_memory),
        cmocka_unit_test(targets_cannot_fill_the_memory),
        cmocka_unit_test(stops_at_every_question),
        cmocka_unit_test(stops_when_nobody_wants_the_rest),
        cmocka_unit_test(damaged_documents_are_refused_or_taken_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
