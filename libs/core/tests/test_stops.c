/* SPDX-License-Identifier: MIT */
/* Work on the caller's own thread, with him saying stop at his first question, at his second and so
 * on until it is done: it ends at once each time, he is not asked again, and nothing comes out. And
 * he is asked all along, as often as there are so many rows or bytes. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hasty.h"
#include "scratch.h"
#include "tpl/diff.h"
#include "tpl/merge.h"
#include "tpl/verify.h"

enum {
    ROWS = 9000,
    ROW_QUESTIONS = 2,    /* in a loop over them */
    LONG_TEXT = 1 << 20,  /* bytes */
    TEXT_QUESTIONS = 3,   /* in it */
    MOST_QUESTIONS = 1000 /* more than in any case: it must come to an end */
};

typedef struct stop_case {
    const char *about;
    tpl_status (*work)(const tpl_run *run, tpl_error *err);
    int least; /* questions */
} stop_case;

#define BETA_ENDS ",\"hashAlg\":\"xxh128\",\"totalSize\":0"
#define BETA_VERSION ",\"manifestVersion\":\"2025-12-04-beta\""

static tpl_buffer text;     /* a document */
static tpl_manifest *first; /* 2025-12-04-beta, of directories with a file in each */
static tpl_manifest *second;
static tpl_manifest *files; /* 2023-03-03 */

static void put(const char *piece) {
    assert_int_equal(tpl_buffer_append(&text, piece, strlen(piece)), TPL_OK);
}

/* Many a piece with a number in it, `between` between two. Numbers fall: nothing is in order. */
static void put_many(const char *piece, const char *between) {
    for (int i = ROWS; i > 0; i--) {
        char one[128];
        (void)snprintf(one, sizeof(one), piece, i);
        put(one);
        put(i == 1 ? "" : between);
    }
}

static void put_long(const char *begin, char with, const char *end) {
    put(begin);
    assert_int_equal(tpl_buffer_reserve(&text, LONG_TEXT), TPL_OK);
    memset(text.data + text.len, with, LONG_TEXT);
    text.len += LONG_TEXT;
    put(end);
}

static tpl_status decode(const tpl_run *run, tpl_error *err) {
    tpl_manifest *manifest = NULL;
    tpl_status status = tpl_manifest_decode(&manifest, text.data, text.len, run, err);
    assert_true((manifest != NULL) == (status == TPL_OK));
    tpl_manifest_free(manifest);
    tpl_buffer_dispose(&text);
    return status;
}

/* What names the version comes behind the lists: they are passed over twice and then read. */
static tpl_status decode_with_the_version_last(const tpl_run *run, tpl_error *err) {
    put("{\"files\":[");
    put_many("{\"delete\":true,\"name\":\"some/directory/or/other/%08d\"}", ",");
    put("],\"dirs\":[]" BETA_ENDS ",\"parentManifestHash\":\"0\"" BETA_VERSION "}");
    return decode(run, err);
}

static tpl_status decode_many_directories(const tpl_run *run, tpl_error *err) {
    put("{\"dirs\":[");
    put_many("{\"name\":\"%08d\"}", ",");
    put("],\"files\":[]" BETA_ENDS BETA_VERSION "}");
    return decode(run, err);
}

static tpl_status decode_a_long_string(const tpl_run *run, tpl_error *err) {
    put_long("{\"unknown\":\"", 'x', "\",\"dirs\":[],\"files\":[]" BETA_ENDS BETA_VERSION "}");
    return decode(run, err);
}

static tpl_status decode_blanks(const tpl_run *run, tpl_error *err) {
    put_long("{", ' ', "\"dirs\":[],\"files\":[]" BETA_ENDS BETA_VERSION "}");
    return decode(run, err);
}

static tpl_status decode_a_long_number(const tpl_run *run, tpl_error *err) {
    put_long("{\"unknown\":", '1', ",\"dirs\":[],\"files\":[]" BETA_ENDS BETA_VERSION "}");
    return decode(run, err);
}

static tpl_status decode_a_long_fraction(const tpl_run *run, tpl_error *err) {
    put_long("{\"unknown\":1.", '1', ",\"dirs\":[],\"files\":[]" BETA_ENDS BETA_VERSION "}");
    return decode(run, err);
}

static tpl_status decode_many_values(const tpl_run *run, tpl_error *err) {
    put("{\"hashAlg\":\"xxh128\",\"manifestVersion\":\"2023-03-03\",\"unknown\":[");
    put_many("{\"some text\":[\"or other\",null,true,[[%d]]]}", ", ");
    put("],\"paths\":[{\"hash\":\"0\",\"mtime\":1,\"path\":\"a\",\"size\":0}],\"totalSize\":0}");
    return decode(run, err);
}

/* The place of what is wrong is looked for. */
static tpl_status decode_what_is_broken(const tpl_run *run, tpl_error *err) {
    put_long("{\"unknown\":\"", 'x', "\"!");
    return decode(run, err);
}

static tpl_status merge(const tpl_run *run, tpl_error *err) {
    tpl_manifest *merged = NULL;
    const tpl_manifest *const all[] = {first, second};
    tpl_status status = tpl_merge(&merged, all, 2, run, err);
    assert_true((merged != NULL) == (status == TPL_OK));
    tpl_manifest_free(merged);
    return status;
}

static tpl_status copy(const tpl_run *run, tpl_error *err) {
    tpl_manifest *copied = NULL;
    const tpl_manifest *const all[] = {first};
    tpl_status status = tpl_merge(&copied, all, 1, run, err);
    assert_true((copied != NULL) == (status == TPL_OK));
    tpl_manifest_free(copied);
    return status;
}

static tpl_status make_difference(const tpl_run *run, tpl_error *err) {
    tpl_manifest *diff = NULL;
    tpl_status status = tpl_diff_manifest(&diff, first, second, (tpl_hash128){1, 2}, run, err);
    assert_true((diff != NULL) == (status == TPL_OK));
    tpl_manifest_free(diff);
    return status;
}

static tpl_manifest *copy_of(const tpl_manifest *manifest) {
    tpl_manifest *made = NULL;
    assert_int_equal(tpl_merge(&made, &manifest, 1, NULL, NULL), TPL_OK);
    return made;
}

static tpl_status convert(const tpl_manifest *from, tpl_format to, const tpl_run *run,
                          tpl_error *err) {
    tpl_manifest *manifest = copy_of(from);
    tpl_status status = tpl_manifest_convert(manifest, to, run, err);
    assert_int_equal(tpl_manifest_format(manifest),
                     status == TPL_OK ? to : tpl_manifest_format(from));
    assert_true(status == TPL_OK || tpl_manifest_equal(manifest, from));
    tpl_manifest_free(manifest);
    return status;
}

static tpl_status convert_to_2023(const tpl_run *run, tpl_error *err) {
    return convert(first, TPL_FORMAT_2023_03_03, run, err);
}

/* Names that look like references get directories, in no order. */
static tpl_status convert_to_beta(const tpl_run *run, tpl_error *err) {
    return convert(files, TPL_FORMAT_2025_12_04_BETA, run, err);
}

static tpl_status verify(const tpl_run *run, tpl_error *err) {
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_verification *found = NULL;
    options.run = *run;
    options.run.jobs = 1;
    tpl_status status = tpl_verify(&found, files, ".", &options, err);
    assert_true((found != NULL) == (status == TPL_OK));
    assert_true(status != TPL_OK ||
                tpl_verification_count(found, TPL_FINDING_MISSING) == 2 * (size_t)ROWS);
    tpl_verification_free(found);
    return status;
}

static const stop_case cases[] = {
    {"decode, the version last", decode_with_the_version_last, 3 * ROW_QUESTIONS},
    {"decode many directories", decode_many_directories, 2 * ROW_QUESTIONS},
    {"decode a long string", decode_a_long_string, 2 * TEXT_QUESTIONS},
    {"decode blanks", decode_blanks, 2 * TEXT_QUESTIONS},
    {"decode a long number", decode_a_long_number, 2 * TEXT_QUESTIONS},
    {"decode a long fraction", decode_a_long_fraction, 2 * TEXT_QUESTIONS},
    {"decode many values", decode_many_values, 1},
    {"decode what is broken", decode_what_is_broken, 3 * TEXT_QUESTIONS},
    {"merge", merge, 4 * ROW_QUESTIONS},
    {"copy", copy, 3 * ROW_QUESTIONS},
    {"the difference as a manifest", make_difference, 4 * ROW_QUESTIONS},
    {"convert to 2023-03-03", convert_to_2023, 2 * ROW_QUESTIONS},
    {"convert to 2025-12-04-beta", convert_to_beta, 3 * ROW_QUESTIONS},
    {"verify", verify, 4 * ROW_QUESTIONS},
};

static void sweep(const stop_case *c) {
    hasty caller = {0, 0};
    const tpl_run run = {.poll = hasty_poll, .payload = &caller};
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = c->work(&run, &err);
    while (status == TPL_E_CANCELLED) {
        if (caller.asked != caller.patience + 1 || strcmp(err.message, "cancelled") != 0) {
            fail_msg("%s: asked %d times, of which %d too many: %s", c->about, caller.asked,
                     caller.asked - caller.patience - 1, err.message);
        }
        tpl_error_dispose(&err);
        caller = (hasty){caller.patience + 1, 0};
        assert_true(caller.patience < MOST_QUESTIONS);
        status = c->work(&run, &err);
    }
    bool broken = c->work == decode_what_is_broken;
    if (status != (broken ? TPL_E_SYNTAX : TPL_OK) || caller.asked < c->least) {
        fail_msg("%s: %d questions and not %d: %s", c->about, caller.asked, c->least, err.message);
    }
    tpl_error_dispose(&err);
}

static void add(tpl_manifest *to, const char *form, int number, tpl_kind kind) {
    char path[64];
    int len = snprintf(path, sizeof(path), form, number);
    const tpl_entry entry = {.path = path, .path_len = (size_t)len, .kind = kind};
    assert_int_equal(tpl_manifest_add(to, &entry, NULL), TPL_OK);
}

static tpl_manifest *tree(const char *directory, const char *file) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    for (int i = ROWS; i > 0; i--) {
        add(manifest, directory, i, TPL_KIND_DIRECTORY);
        add(manifest, file, i, TPL_KIND_FILE);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2025_12_04_BETA, NULL, NULL),
                     TPL_OK);
    return manifest;
}

static void every_long_call_stops_at_every_question(void **state) {
    (void)state;
    first = tree("a%06d", "a%06d/file");
    second = tree("b%06d", "b%06d/file");
    assert_int_equal(tpl_manifest_new(&files, NULL), TPL_OK);
    for (int i = ROWS; i > 0; i--) {
        add(files, "$%d/file", i, TPL_KIND_FILE);
        add(files, "file %d", i, TPL_KIND_FILE);
    }
    assert_int_equal(tpl_manifest_seal(files, NULL), TPL_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        sweep(&cases[i]);
    }
    tpl_manifest_free(files);
    tpl_manifest_free(second);
    tpl_manifest_free(first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(every_long_call_stops_at_every_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
