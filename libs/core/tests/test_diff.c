/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "scratch.h"
#include "tpl/diff.h"

#define US_PER_SEC INT64_C(1000000)

/* An entry whose hash is the hash of `text`, or, with a leading '!', the text behind it. */
static void add(tpl_manifest *manifest, const char *path, const char *text, int64_t mtime) {
    tpl_entry entry = {.path = path,
                       .path_len = strlen(path),
                       .hash = tpl_hash_bytes(text, strlen(text)),
                       .size = strlen(text),
                       .mtime = mtime};
    if (text[0] == '!') {
        entry.hash_text = text + 1;
        entry.hash_text_len = strlen(text + 1);
        entry.size = 1;
    }
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
}

static tpl_manifest *new_manifest(void) {
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    return manifest;
}

/* "path=text path=text": sorted, every mtime 0. */
static tpl_manifest *manifest_of(const char *entries) {
    tpl_manifest *manifest = new_manifest();
    char copy[512];
    assert_true(strlen(entries) < sizeof(copy));
    memcpy(copy, entries, strlen(entries) + 1);
    for (char *next = copy; *next != '\0';) {
        char *equals = strchr(next, '=');
        char *space = strchr(next, ' ');
        assert_non_null(equals);
        *equals = '\0';
        if (space != NULL) {
            *space = '\0';
        }
        add(manifest, next, equals + 1, 0);
        next = space == NULL ? equals + 1 + strlen(equals + 1) : space + 1;
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    return manifest;
}

/* The lists as "A path M path D path", unchanged ones as "= path". */
static void describe(const tpl_diff *diff, bool unchanged, char *out, size_t size) {
    static const tpl_change order[] = {TPL_CHANGE_NEW, TPL_CHANGE_MODIFIED, TPL_CHANGE_DELETED,
                                       TPL_CHANGE_UNCHANGED};
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < (unchanged ? 4 : 3); i++) {
        char letter = order[i] == TPL_CHANGE_UNCHANGED ? '=' : tpl_change_letter(order[i]);
        for (size_t at = 0; at < tpl_diff_count(diff, order[i]); at++) {
            size_t len = 0;
            const char *path = tpl_diff_path(diff, order[i], at, &len);
            used += (size_t)snprintf(out + used, size - used, "%s%c %.*s", used == 0 ? "" : " ",
                                     letter, (int)len, path);
            assert_true(used < size);
        }
    }
}

static void assert_sides(tpl_side before, tpl_side after, const tpl_diff_options *options,
                         const char *expected) {
    char got[1024];
    tpl_diff *diff = NULL;
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = tpl_diff_sides(&diff, before, after, options, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, TPL_OK);
    describe(diff, options->keep_unchanged, got, sizeof(got));
    assert_string_equal(got, expected);
    tpl_diff_free(diff);
}

static void assert_manifests(const char *before, const char *after, const tpl_diff_options *options,
                             const char *expected) {
    tpl_manifest *old = manifest_of(before);
    tpl_manifest *new = manifest_of(after);
    assert_sides((tpl_side){old, NULL}, (tpl_side){new, NULL}, options, expected);
    tpl_manifest_free(old);
    tpl_manifest_free(new);
}

static void changes_have_words_and_letters(void **state) {
    (void)state;
    assert_string_equal(tpl_change_word(TPL_CHANGE_NEW), "new");
    assert_string_equal(tpl_change_word(TPL_CHANGE_UNCHANGED), "unchanged");
    assert_string_equal(tpl_change_word(TPL_CHANGE_COUNT), "unknown");
    assert_int_equal(tpl_change_letter(TPL_CHANGE_NEW), 'A');
    assert_int_equal(tpl_change_letter(TPL_CHANGE_MODIFIED), 'M');
    assert_int_equal(tpl_change_letter(TPL_CHANGE_DELETED), 'D');
    assert_int_equal(tpl_change_letter((tpl_change)-1), '?');
    tpl_diff_free(NULL);
}

static void manifests_are_joined_by_path(void **state) {
    (void)state;
    static const struct {
        const char *before, *after, *expected;
    } table[] = {
        {"", "", ""},
        {"a=1", "", "D a"},
        {"", "a=1", "A a"},
        {"a=1", "a=1", "= a"},
        {"a=1", "a=2", "M a"},
        {"a=1", "a=22", "M a"},
        {"a=1 b=1 c=1", "b=1 c=2 d=1", "A d M c D a = b"},
        {"x=1", "x/y=1", "A x/y D x"},
        {"x/y=1 x/z=1", "x=1", "A x D x/y D x/z"},
        {"b=1 c=1 e=1", "a=1 d=1 f=1", "A a A d A f D b D c D e"},
        {"A=1", "a=1", "A a D A"},
    };
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        assert_manifests(table[i].before, table[i].after, &options, table[i].expected);
    }
}

static void lists_stand_in_utf_16_order(void **state) {
    (void)state;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    assert_manifests("", "\xef\xbf\xae=1 \xf0\x9f\x98\x80=1 a=1", &options,
                     "A a A \xf0\x9f\x98\x80 A \xef\xbf\xae");
}

/* What a diff takes away is in neither side. */
static void a_mark_of_deletion_is_no_file(void **state) {
    (void)state;
    tpl_manifest *old = new_manifest();
    tpl_manifest *new = new_manifest();
    const tpl_entry gone = {.path = "b", .path_len = 1, .deleted = true};
    add(old, "a", "1", 0);
    add(old, "b", "1", 0);
    add(new, "a", "1", 0);
    assert_int_equal(tpl_manifest_add(new, &gone, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_set_parent(new, "0", 1, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(old, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(new, NULL), TPL_OK);
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    assert_sides((tpl_side){old, NULL}, (tpl_side){new, NULL}, &options, "D b = a");
    assert_sides((tpl_side){new, NULL}, (tpl_side){old, NULL}, &options, "A b = a");
    tpl_manifest_free(old);
    tpl_manifest_free(new);
}

static void add_link(tpl_manifest *manifest, const char *path, const char *target) {
    const tpl_entry link = {.path = path,
                            .path_len = strlen(path),
                            .kind = TPL_KIND_SYMLINK,
                            .hash_text = target,
                            .hash_text_len = strlen(target)};
    assert_int_equal(tpl_manifest_add(manifest, &link, NULL), TPL_OK);
}

static void a_link_is_its_target_and_no_file(void **state) {
    (void)state;
    tpl_manifest *old = new_manifest();
    tpl_manifest *new = new_manifest();
    add_link(old, "a", "x");
    add_link(new, "a", "x");
    add_link(old, "b", "x");
    add_link(new, "b", "y");
    add_link(old, "c", "x");
    add(new, "c", "1", 0);
    add(old, "d", "1", 0);
    add_link(new, "d", "x");
    tpl_manifest *const both[] = {old, new};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tpl_manifest_sort(both[i], NULL), TPL_OK);
        assert_int_equal(tpl_manifest_convert(both[i], TPL_FORMAT_2025_12_04_BETA, NULL, NULL),
                         TPL_OK);
    }
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    assert_sides((tpl_side){old, NULL}, (tpl_side){new, NULL}, &options, "M b M c M d = a");
    scratch_write("tree/c", "1");
    scratch_link("tree/a", "x");
    const tpl_symlinks modes[] = {TPL_SYMLINKS_FOLLOW, TPL_SYMLINKS_KEEP};
    for (int i = 0; i < 2; i++) { /* a manifest with links has the tree's read as such */
        options.filter.symlinks = modes[i];
        assert_sides((tpl_side){old, NULL}, (tpl_side){NULL, "tree"}, &options, "M c D b D d = a");
        assert_sides((tpl_side){NULL, "tree"}, (tpl_side){old, NULL}, &options, "A b A d M c = a");
    }
    options.filter.symlinks = TPL_SYMLINKS_SKIP;
    assert_sides((tpl_side){old, NULL}, (tpl_side){NULL, "tree"}, &options, "M c D a D b D d");
    tpl_manifest_free(old);
    tpl_manifest_free(new);
}

static void times_do_not_count_between_manifests(void **state) {
    (void)state;
    tpl_manifest *old = new_manifest();
    tpl_manifest *new = new_manifest();
    add(old, "a", "1", 0);
    add(new, "a", "1", 5 * US_PER_SEC);
    assert_int_equal(tpl_manifest_sort(old, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(new, NULL), TPL_OK);
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    assert_sides((tpl_side){old, NULL}, (tpl_side){new, NULL}, &options, "= a");
    tpl_manifest_free(old);
    tpl_manifest_free(new);
}

static void hashes_of_any_text_are_compared_as_they_stand(void **state) {
    (void)state;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    assert_manifests("a=!abc", "a=!abc", &options, "= a");
    assert_manifests("a=!abc", "a=!abd", &options, "M a");
    assert_manifests("a=!abc", "a=!abcd", &options, "M a");
    assert_manifests("a=!abc", "a=1", &options, "M a");
    assert_manifests("a=1", "a=!abc", &options, "M a");
    assert_manifests("a=!DF3CE784D856334D65CD25028F98F158", "a=1", &options, "M a");
}

static void of_duplicates_the_last_one_counts(void **state) {
    (void)state;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    assert_manifests("a=1 a=2 b=1", "a=2 b=1", &options, "= a = b");
    assert_manifests("a=1 a=2 b=1", "a=1 b=1", &options, "M a = b");
    assert_manifests("a=1", "a=3 b=1 a=2 a=1", &options, "A b = a");
    assert_manifests("a=1 a=1 a=1", "", &options, "D a");
    tpl_manifest *sealed = new_manifest(); /* in the document's order, not the canonical one */
    add(sealed, "b", "1", 0);
    add(sealed, "a", "1", 0);
    add(sealed, "b", "2", 0);
    assert_int_equal(tpl_manifest_seal(sealed, NULL), TPL_OK);
    tpl_manifest *other = manifest_of("a=1 b=2");
    assert_sides((tpl_side){sealed, NULL}, (tpl_side){other, NULL}, &options, "= a = b");
    tpl_manifest_free(sealed);
    tpl_manifest_free(other);
}

static void a_filter_holds_on_both_sides(void **state) {
    (void)state;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    assert_int_equal(tpl_strings_append(&options.filter.exclude, "b/**"), TPL_OK);
    assert_manifests("a=1 b/x=1 c=1", "a=2 b/y=1 d=1", &options, "A d M a D c");
    assert_int_equal(tpl_strings_append(&options.filter.include, "a"), TPL_OK);
    assert_manifests("a=1 b/x=1 c=1", "a=2 b/y=1 d=1", &options, "M a");
    options.filter_trees_only = true;
    assert_manifests("a=1 b/x=1 c=1", "a=2 b/y=1 d=1", &options, "A b/y A d M a D b/x D c");
    tpl_filter_dispose(&options.filter);
}

static void unchanged_paths_are_counted_and_listed_only_when_asked(void **state) {
    (void)state;
    tpl_manifest *manifest = manifest_of("a=1 b=1 c=1");
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    for (int keep = 0; keep < 2; keep++) {
        tpl_diff *diff = NULL;
        options.keep_unchanged = keep == 1;
        assert_int_equal(tpl_diff_sides(&diff, (tpl_side){manifest, NULL},
                                        (tpl_side){manifest, NULL}, &options, NULL),
                         TPL_OK);
        assert_int_equal(tpl_diff_count(diff, TPL_CHANGE_UNCHANGED), 3);
        assert_int_equal(tpl_diff_count(diff, TPL_CHANGE_MODIFIED), 0);
        tpl_diff_free(diff);
    }
    tpl_manifest_free(manifest);
}

/* The states of the first path of a list. */
static void assert_states(tpl_side before, tpl_side after, const tpl_diff_options *options,
                          tpl_change change, const tpl_diff_states *expected) {
    tpl_diff *diff = NULL;
    assert_int_equal(tpl_diff_sides(&diff, before, after, options, NULL), TPL_OK);
    assert_int_equal(tpl_diff_count(diff, change), 1);
    tpl_diff_states got = tpl_diff_states_of(diff, change, 0);
    assert_int_equal(got.before.size, expected->before.size);
    assert_int_equal(got.before.mtime, expected->before.mtime);
    assert_int_equal(got.after.size, expected->after.size);
    assert_int_equal(got.after.mtime, expected->after.mtime);
    tpl_diff_free(diff);
}

static void both_sides_tell_sizes_and_times(void **state) {
    (void)state;
    tpl_manifest *old = new_manifest();
    tpl_manifest *new = new_manifest();
    add(old, "deleted", "22", 2);
    add(old, "modified", "333", 3);
    add(old, "unchanged", "1", 1);
    add(new, "modified", "4444", 4);
    add(new, "new", "55555", 5);
    add(new, "unchanged", "1", 6);
    assert_int_equal(tpl_manifest_sort(old, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(new, NULL), TPL_OK);
    static const tpl_diff_states expected[TPL_CHANGE_COUNT] = {
        [TPL_CHANGE_UNCHANGED] = {{1, 1}, {1, 6}},
        [TPL_CHANGE_NEW] = {{0, 0}, {5, 5}},
        [TPL_CHANGE_MODIFIED] = {{3, 3}, {4, 4}},
        [TPL_CHANGE_DELETED] = {{2, 2}, {0, 0}},
    };
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    options.keep_states = true;
    for (int change = 0; change < TPL_CHANGE_COUNT; change++) {
        assert_states((tpl_side){old, NULL}, (tpl_side){new, NULL}, &options, (tpl_change)change,
                      &expected[change]);
    }
    tpl_manifest_free(old);
    tpl_manifest_free(new);
}

static void a_file_that_is_not_read_has_a_state_all_the_same(void **state) {
    (void)state;
    scratch_write("tree/new", "four");
    scratch_set_mtime("tree/new", INT64_C(7000));
    tpl_manifest *manifest = manifest_of("gone=1");
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_states = true;
    for (int rehash = 0; rehash < 2; rehash++) {
        options.rehash = rehash == 1;
        assert_states((tpl_side){manifest, NULL}, (tpl_side){NULL, "tree"}, &options,
                      TPL_CHANGE_NEW, &(tpl_diff_states){{0, 0}, {4, 7}});
    }
    tpl_manifest_free(manifest);
}

/* --- trees --- */

static void a_tree_is_told_by_size_and_time(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t manifest_us;
        int64_t tree_ns;
        const char *expected;
    } table[] = {
        {"1", 1000000, 1000000000, "= f"},
        {"2", 1000000, 1000000000, "= f"}, /* not read */
        {"1", 1000000, 1000001999, "= f"},
        {"1", 1000000, 1000002000, "M f"},
        {"1", 1000000, 999999000, "= f"},
        {"1", 1000000, 999998999, "M f"},
        {"11", 1000000, 1000000000, "M f"},
        {"1", -2, -1500, "= f"},
        {"1", -1, -2999, "= f"},
        {"1", -1, -3000, "M f"},
        {"1", INT64_MIN, 0, "M f"},
        {"1", INT64_MAX, 0, "M f"},
        {"1", INT64_MAX, -5000, "M f"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        scratch_write("tree/f", "1");
        scratch_set_mtime("tree/f", table[i].tree_ns);
        tpl_manifest *manifest = new_manifest();
        add(manifest, "f", table[i].text, table[i].manifest_us);
        assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
        tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
        options.keep_unchanged = true;
        tpl_side old = {manifest, NULL};
        tpl_side new = {NULL, "tree"};
        assert_sides(old, new, &options, table[i].expected);
        assert_sides(new, old, &options, table[i].expected);
        tpl_manifest_free(manifest);
    }
}

static void a_tree_is_read_when_hashes_decide(void **state) {
    (void)state;
    scratch_write("tree/same", "1");
    scratch_write("tree/other", "1");
    scratch_write("tree/d/new", "1");
    tpl_manifest *manifest = manifest_of("gone=1 other=2 same=1");
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    options.rehash = true;
    assert_sides((tpl_side){manifest, NULL}, (tpl_side){NULL, "tree"}, &options,
                 "A d/new M other D gone = same");
    assert_sides((tpl_side){NULL, "tree"}, (tpl_side){manifest, NULL}, &options,
                 "A gone M other D d/new = same");
    tpl_manifest_free(manifest);
}

static int note_bytes(const tpl_progress *progress, void *payload) {
    *(uint64_t *)payload = progress->bytes_done;
    return 0;
}

/* Longer than the other files are, even when each is read twice because it is so fresh. */
#define LONG_TEXT "a file that is much longer than those that are looked at, and that is not"

static void a_file_that_the_manifest_lacks_is_not_read(void **state) {
    (void)state;
    scratch_write("tree/same", "1");
    scratch_write("tree/other", "22");
    scratch_write("tree/new", LONG_TEXT);
    tpl_manifest *manifest = manifest_of("other=2 same=1");
    uint64_t bytes = 0;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.rehash = true;
    options.run.progress = note_bytes;
    options.run.payload = &bytes;
    assert_sides((tpl_side){manifest, NULL}, (tpl_side){NULL, "tree"}, &options, "A new M other");
    assert_true(bytes >= 3 && bytes < sizeof(LONG_TEXT) - 1);
    assert_sides((tpl_side){NULL, "tree"}, (tpl_side){manifest, NULL}, &options, "M other D new");
    assert_true(bytes >= 3 && bytes < sizeof(LONG_TEXT) - 1);
    tpl_manifest_free(manifest);
}

static void trees_are_compared_by_content(void **state) {
    (void)state;
    scratch_write("one/a", "1");
    scratch_write("one/b", "1");
    scratch_write("one/x", "file");
    scratch_write("two/a", "1");
    scratch_write("two/b", "2");
    scratch_write("two/x/y", "directory");
    scratch_set_mtime("one/a", 0);
    scratch_directory("empty");
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.keep_unchanged = true;
    tpl_side one = {NULL, "one"};
    tpl_side two = {NULL, "two"};
    tpl_side empty = {NULL, "empty"};
    assert_sides(one, two, &options, "A x/y M b D x = a");
    assert_sides(one, empty, &options, "D a D b D x");
    assert_sides(empty, one, &options, "A a A b A x");
    assert_sides(empty, empty, &options, "");
}

static void what_a_filter_hides_on_disk_alone_counts_as_deleted(void **state) {
    (void)state;
    scratch_write("tree/.h", "1");
    scratch_write("tree/b/c", "1");
    scratch_write("tree/n", "1");
    tpl_manifest *manifest = manifest_of(".h=1 b/c=1 n=1");
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.rehash = true;
    options.filter.hide_dotfiles = true;
    assert_int_equal(tpl_strings_append(&options.filter.exclude, "b/*"), TPL_OK);
    tpl_side old = {manifest, NULL};
    tpl_side new = {NULL, "tree"};
    assert_sides(old, new, &options, "");
    options.filter_trees_only = true;
    assert_sides(old, new, &options, "D .h D b/c");
    tpl_filter_dispose(&options.filter);
    tpl_manifest_free(manifest);
}

static void a_missing_tree_is_an_error(void **state) {
    (void)state;
    scratch_write("one/a", "1");
    static const char *const roots[][2] = {{"missing", "one"}, {"one", "missing"}};
    for (int i = 0; i < 2; i++) {
        tpl_error err = TPL_ERROR_INIT;
        tpl_diff *diff = (tpl_diff *)&err;
        tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
        assert_int_equal(tpl_diff_sides(&diff, (tpl_side){NULL, roots[i][0]},
                                        (tpl_side){NULL, roots[i][1]}, &options, &err),
                         TPL_E_IO);
        assert_null(diff);
        assert_string_equal(err.path, "missing");
        tpl_error_dispose(&err);
    }
}

/* --- callbacks --- */

typedef struct witness {
    int first;
    int last;
    int warnings;
    int calls;
    uint64_t files;
    int stop_at; /* the call to stop at; 0: none */
} witness;

static int watch(const tpl_progress *progress, void *payload) {
    witness *w = payload;
    w->calls++;
    w->first += progress->phase == TPL_PHASE_SCAN ? 1 : 0;
    w->last += progress->phase == TPL_PHASE_DONE ? 1 : 0;
    assert_true(progress->files_done >= w->files);
    w->files = progress->files_done;
    return w->calls == w->stop_at;
}

static void count_warning(const tpl_warning *warning, void *payload) {
    witness *w = payload;
    assert_int_equal(warning->kind, TPL_WARN_DANGLING_LINK);
    w->warnings++;
}

static int stop_now(void *payload) {
    (void)payload;
    return 1;
}

static void two_trees_are_one_piece_of_work(void **state) {
    (void)state;
    scratch_write("one/a", "1");
    scratch_write("one/b", "1");
    scratch_link("one/l", "nowhere");
    scratch_write("two/a", "1");
    scratch_link("two/l", "nowhere");
    witness w = {0};
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.run = (tpl_run){2, watch, count_warning, NULL, &w};
    assert_sides((tpl_side){NULL, "one"}, (tpl_side){NULL, "two"}, &options, "D b");
    assert_int_equal(w.first, 1);
    assert_int_equal(w.last, 1);
    assert_int_equal(w.files, 3);
    assert_int_equal(w.warnings, 2);
}

static void every_progress_call_can_stop_it(void **state) {
    (void)state;
    scratch_write("one/a", "1");
    scratch_write("two/a", "1");
    for (int at = 1; at < 3; at++) {
        witness w = {.stop_at = at};
        tpl_error err = TPL_ERROR_INIT;
        tpl_diff *diff = (tpl_diff *)&err;
        tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
        options.run = (tpl_run){1, watch, NULL, NULL, &w};
        assert_int_equal(
            tpl_diff_sides(&diff, (tpl_side){NULL, "one"}, (tpl_side){NULL, "two"}, &options, &err),
            TPL_E_CANCELLED);
        assert_null(diff);
        assert_int_equal(w.calls, at);
        tpl_error_dispose(&err);
    }
}

static void a_long_join_can_be_stopped(void **state) {
    (void)state;
    tpl_manifest *manifest = new_manifest();
    char path[16];
    for (int i = 0; i < 70000; i++) {
        snprintf(path, sizeof(path), "%d", i);
        add(manifest, path, "1", 0);
    }
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    tpl_diff *diff = NULL;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    tpl_side side = {manifest, NULL};
    assert_int_equal(tpl_diff_sides(&diff, side, side, &options, NULL), TPL_OK);
    assert_int_equal(tpl_diff_count(diff, TPL_CHANGE_UNCHANGED), 70000);
    tpl_diff_free(diff);
    options.run.poll = stop_now;
    assert_int_equal(tpl_diff_sides(&diff, side, side, &options, NULL), TPL_E_CANCELLED);
    assert_null(diff);
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_have_words_and_letters),
        cmocka_unit_test(manifests_are_joined_by_path),
        cmocka_unit_test(lists_stand_in_utf_16_order),
        cmocka_unit_test(times_do_not_count_between_manifests),
        cmocka_unit_test(hashes_of_any_text_are_compared_as_they_stand),
        cmocka_unit_test(of_duplicates_the_last_one_counts),
        cmocka_unit_test(a_filter_holds_on_both_sides),
        cmocka_unit_test(both_sides_tell_sizes_and_times),
        IN_SCRATCH(a_file_that_is_not_read_has_a_state_all_the_same),
        cmocka_unit_test(unchanged_paths_are_counted_and_listed_only_when_asked),
        IN_SCRATCH(a_tree_is_told_by_size_and_time),
        IN_SCRATCH(a_tree_is_read_when_hashes_decide),
        IN_SCRATCH(a_file_that_the_manifest_lacks_is_not_read),
        IN_SCRATCH(trees_are_compared_by_content),
        IN_SCRATCH(what_a_filter_hides_on_disk_alone_counts_as_deleted),
        IN_SCRATCH(a_missing_tree_is_an_error),
        IN_SCRATCH(two_trees_are_one_piece_of_work),
        IN_SCRATCH(every_progress_call_can_stop_it),
        cmocka_unit_test(a_long_join_can_be_stopped),
        cmocka_unit_test(a_mark_of_deletion_is_no_file),
        IN_SCRATCH(a_link_is_its_target_and_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
