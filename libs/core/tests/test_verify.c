/* SPDX-License-Identifier: MIT */
#include "tpl/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "fresh.h"
#include "scratch.h"

static tpl_manifest *snapshot(const char *root) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, root, &options, NULL, NULL), TPL_OK);
    return manifest;
}

static void expect(const tpl_verification *v, tpl_finding finding, const char *want) {
    char all[400] = "";
    for (size_t i = 0; i < tpl_verification_count(v, finding); i++) {
        size_t len = 0;
        const char *error = NULL;
        const char *path = tpl_verification_path(v, finding, i, &len, &error);
        size_t at = strlen(all);
        snprintf(all + at, sizeof(all) - at, "%.*s%s%s ", (int)len, path, error == NULL ? "" : ":",
                 error == NULL ? "" : error);
    }
    assert_string_equal(all, want);
}

static tpl_verification *verify(const tpl_manifest *manifest, const char *root,
                                const tpl_verify_options *options) {
    tpl_verification *v = NULL;
    assert_int_equal(tpl_verify(&v, manifest, root, options, NULL), TPL_OK);
    return v;
}

static void a_tree_is_what_its_snapshot_says(void **state) {
    (void)state;
    scratch_write_old("a", "1");
    scratch_write_old("d/e/f", "2");
    scratch_link("d/up", "../a");
    tpl_manifest *manifest = snapshot(".");
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.strict = true;
    tpl_verification *v = verify(manifest, ".", &options);
    assert_true(tpl_verification_ok(v));
    assert_true(tpl_verification_checked(v) == 3);
    tpl_verification_free(v);
    tpl_verification_free(NULL);
    tpl_manifest_free(manifest);
}

static void every_kind_of_difference_is_told_apart(void **state) {
    (void)state;
    static const char *const names[] = {"d/gone", "d/same", "fifo", "grown", "swapped", "to-dir"};
    for (int i = 0; i < 6; i++) {
        scratch_write_old(names[i], "text");
    }
    tpl_manifest *manifest = snapshot(".");
    unlink("d/gone");
    scratch_write_old("grown", "texts");
    scratch_write_old("swapped", "tixt");
    unlink("to-dir");
    scratch_directory("to-dir");
    unlink("fifo");
    scratch_fifo("fifo");
    scratch_write_old("new", "");
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_verification *v = verify(manifest, ".", &options);
    assert_false(tpl_verification_ok(v));
    expect(v, TPL_FINDING_MISSING, "d/gone ");
    expect(v, TPL_FINDING_MODIFIED, "grown swapped ");
    expect(v, TPL_FINDING_TYPE_CHANGED, "fifo to-dir ");
    expect(v, TPL_FINDING_UNEXPECTED, "");
    expect(v, TPL_FINDING_UNREADABLE, "");
    tpl_verification_free(v);
    options.strict = true;
    v = verify(manifest, ".", &options);
    expect(v, TPL_FINDING_UNEXPECTED, "new ");
    tpl_verification_free(v);
    tpl_manifest_free(manifest);
}

static void links_that_lead_outside_are_not_looked_behind(void **state) {
    (void)state;
    scratch_write_old("outside/secret", "s");
    scratch_write_old("root/file", "f");
    scratch_link("root/out", "../outside/secret");
    scratch_link("root/dir", "../outside");
    char root[8192];
    snprintf(root, sizeof(root), "%s", "root");
    tpl_manifest *manifest = snapshot(root);
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_verification *v = verify(manifest, root, &options);
    expect(v, TPL_FINDING_UNREADABLE,
           "dir/secret:symbolic link leads outside the tree "
           "out:symbolic link leads outside the tree ");
    tpl_verification_free(v);
    options.symlinks = TPL_SYMLINKS_SKIP;
    v = verify(manifest, root, &options);
    expect(v, TPL_FINDING_TYPE_CHANGED, "out ");
    expect(v, TPL_FINDING_MISSING, "dir/secret ");
    tpl_verification_free(v);
    options.symlinks = TPL_SYMLINKS_FOLLOW;
    v = verify(manifest, root, &options);
    assert_true(tpl_verification_ok(v));
    tpl_verification_free(v);
    tpl_manifest_free(manifest);
}

static void an_unsafe_path_is_refused_before_anything_is_opened(void **state) {
    (void)state;
    static const char *const paths[] = {"../x", "/etc/passwd", "a/../../x", "", ".."};
    for (int i = 0; i < 5; i++) {
        tpl_manifest *manifest = NULL;
        assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
        tpl_entry entry = {.path = paths[i], .path_len = strlen(paths[i])};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
        tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
        tpl_verification *v = (tpl_verification *)state;
        tpl_error err = TPL_ERROR_INIT;
        assert_int_equal(tpl_verify(&v, manifest, "/no/such/root", &options, &err),
                         TPL_E_UNSAFE_PATH);
        assert_null(v);
        assert_string_equal(err.path, paths[i]);
        tpl_error_dispose(&err);
        tpl_manifest_free(manifest);
    }
}

static void a_missing_root_is_an_error(void **state) {
    (void)state;
    scratch_write_old("a", "1");
    tpl_manifest *manifest = snapshot(".");
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_verification *v = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_verify(&v, manifest, "none", &options, &err), TPL_E_IO);
    assert_int_equal(err.sys_errno, ENOENT);
    tpl_error_dispose(&err);
    tpl_manifest_free(manifest);
}

static void another_spelling_of_a_hash_is_another_hash(void **state) {
    (void)state;
    scratch_write_old("a", "hello");
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    static const char hash[] = "B5E9C1AD071B3E7FC779CFAA5E523818";
    tpl_entry entry = {
        .path = "a", .path_len = 1, .hash_text = hash, .hash_text_len = 32, .size = 5};
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_verification *v = verify(manifest, ".", &options);
    expect(v, TPL_FINDING_MODIFIED, "a ");
    tpl_verification_free(v);
    tpl_manifest_free(manifest);
}

static void special_files_are_never_opened(void **state) {
    (void)state;
    scratch_write_old("pipe", "1");
    scratch_write_old("d/linked", "2");
    scratch_link("link", "d/linked");
    tpl_manifest *manifest = snapshot(".");
    assert_int_equal(unlink("pipe"), 0);
    assert_int_equal(unlink("d/linked"), 0);
    scratch_fifo("pipe");
    scratch_fifo("d/linked");
    int ends[2] = {open("pipe", O_RDWR), open("d/linked", O_RDWR)};
    for (tpl_symlinks links = TPL_SYMLINKS_FOLLOW; links <= TPL_SYMLINKS_SKIP; links++) {
        tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
        options.symlinks = links;
        char byte = 'x';
        for (int i = 0; i < 2; i++) {
            assert_int_equal(write(ends[i], &byte, 1), 1);
        }
        tpl_verification *v = verify(manifest, ".", &options);
        expect(v, TPL_FINDING_TYPE_CHANGED, "d/linked link pipe ");
        tpl_verification_free(v);
        for (int i = 0; i < 2; i++) { /* and what is in the pipes is still there */
            assert_int_equal(read(ends[i], &byte, 1), 1);
        }
    }
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
    tpl_manifest_free(manifest);
}

/* Links below a path longer than one argument may be, one of them to a directory far above. */
static void links_in_deep_trees_are_followed(void **state) {
    (void)state;
    enum {
        LEVELS = 300,
        UP = 250,
        NAME = 20
    };
    char name[NAME + 1];
    char target[UP * 3 + 6] = "";
    char *home = getcwd(NULL, 0);
    memset(name, 'n', NAME);
    name[NAME] = '\0';
    for (int i = 0; i < LEVELS; i++) {
        if (i == LEVELS - UP) {
            scratch_write_old("there/x", "text");
        }
        assert_int_equal(mkdir(name, 0755), 0);
        assert_int_equal(chdir(name), 0);
    }
    for (int i = 0; i < UP; i++) {
        memcpy(target + (size_t)i * 3, "../", 3);
    }
    memcpy(target + (size_t)UP * 3, "there", 6);
    scratch_write_old("leaf", "text");
    scratch_link("near", "leaf");
    scratch_link("far", target);
    tpl_manifest *manifest = snapshot(home);
    assert_int_equal(tpl_manifest_count(manifest), 4);
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    for (tpl_symlinks links = TPL_SYMLINKS_FOLLOW; links <= TPL_SYMLINKS_BENEATH; links++) {
        options.symlinks = links;
        tpl_verification *v = verify(manifest, home, &options);
        assert_true(tpl_verification_ok(v));
        tpl_verification_free(v);
    }
    assert_int_equal(unlink("leaf"), 0); /* the link to it leads nowhere now */
    tpl_verification *v = verify(manifest, home, &options);
    assert_int_equal(tpl_verification_count(v, TPL_FINDING_MISSING), 2);
    assert_int_equal(tpl_verification_count(v, TPL_FINDING_UNREADABLE), 0);
    tpl_verification_free(v);
    tpl_manifest_free(manifest);
    remove("near");
    remove("far");
    for (int i = LEVELS; i-- > 0;) { /* take it down from inside: it is too deep for nftw */
        assert_int_equal(chdir(".."), 0);
        assert_int_equal(rmdir(name), 0);
        remove("there/x");
        remove("there");
    }
    assert_int_equal(chdir(home), 0);
    free(home);
}

static void a_name_too_long_for_any_file_is_missing(void **state) {
    (void)state;
    char name[300];
    tpl_manifest *manifest = NULL;
    tpl_entry entry = {.path = name};
    memset(name, 'n', sizeof(name));
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    entry.path_len = 256;
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    name[257] = '/';
    entry.path_len = 260;
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    for (tpl_symlinks links = TPL_SYMLINKS_FOLLOW; links <= TPL_SYMLINKS_SKIP; links++) {
        tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
        options.symlinks = links;
        tpl_verification *v = verify(manifest, ".", &options);
        assert_int_equal(tpl_verification_count(v, TPL_FINDING_MISSING), 2);
        tpl_verification_free(v);
    }
    tpl_manifest_free(manifest);
}

static int verifies_without_descriptors(const tpl_manifest *manifest, bool strict) {
    struct rlimit limit;
    int last = 0;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1;
    }
    limit.rlim_cur = 16;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1;
    }
    for (int fd = dup(0); fd >= 0; fd = dup(0)) {
        last = fd;
    }
    close(last); /* for the root */
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.strict = strict;
    tpl_verification *v = NULL;
    tpl_error err = TPL_ERROR_INIT;
    tpl_status status = tpl_verify(&v, manifest, ".", &options, &err);
    bool told = status == TPL_E_IO && v == NULL && err.sys_errno == EMFILE;
    tpl_error_dispose(&err);
    return told ? 0 : 2;
}

static void too_many_open_files_are_no_finding(void **state) {
    (void)state;
    scratch_write_old("a", "1");
    scratch_write_old("d/b", "2");
    tpl_manifest *manifest = snapshot(".");
    for (int strict = 0; strict < 2; strict++) {
        fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            _exit(verifies_without_descriptors(manifest, strict != 0));
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    tpl_manifest_free(manifest);
}

static void every_finding_has_a_word_of_its_own(void **state) {
    (void)state;
    for (int i = 0; i < TPL_FINDING_COUNT; i++) {
        const char *word = tpl_finding_word((tpl_finding)i);
        assert_true(strlen(word) > 0 && strcmp(word, "unknown") != 0);
        for (int other = 0; other < i; other++) {
            assert_true(strcmp(word, tpl_finding_word((tpl_finding)other)) != 0);
        }
    }
    assert_string_equal(tpl_finding_word(TPL_FINDING_COUNT), "unknown");
    assert_string_equal(tpl_finding_word((tpl_finding)-1), "unknown");
}

static void a_name_that_no_system_has_is_missing(void **state) {
    (void)state;
    scratch_write("tree/a", "");
    static const tpl_symlinks modes[] = {TPL_SYMLINKS_BENEATH, TPL_SYMLINKS_FOLLOW,
                                         TPL_SYMLINKS_SKIP};
    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
        tpl_manifest *manifest = NULL;
        assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
        const tpl_entry entry = {.path = "d/\xed\xa0\x80", .path_len = 5}; /* U+D800 */
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
        tpl_verification *found = NULL;
        tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
        options.symlinks = modes[i];
        assert_int_equal(tpl_verify(&found, manifest, "tree", &options, NULL), TPL_OK);
        assert_int_equal(tpl_verification_count(found, TPL_FINDING_MISSING), 1);
        tpl_verification_free(found);
        tpl_manifest_free(manifest);
    }
}

static tpl_manifest *of_beta(const char *root) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    options.format = TPL_FORMAT_2025_12_04_BETA;
    options.filter.symlinks = TPL_SYMLINKS_KEEP;
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_snapshot(&manifest, root, &options, NULL, NULL), TPL_OK);
    return manifest;
}

static void links_and_directories_are_entries_too(void **state) {
    (void)state;
    scratch_write_old("tree/d/a", "1");
    scratch_directory("tree/empty");
    scratch_link("tree/same", "d/a");
    scratch_link("tree/other", "d/a");
    scratch_link("tree/shorter", "d/a");
    tpl_manifest *manifest = of_beta("tree");
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.strict = true;
    tpl_verification *v = verify(manifest, "tree", &options);
    assert_true(tpl_verification_ok(v));
    tpl_verification_free(v);
    assert_int_equal(unlink("tree/other"), 0);
    assert_int_equal(unlink("tree/shorter"), 0);
    assert_int_equal(rmdir("tree/empty"), 0);
    scratch_link("tree/other", "d/b");
    scratch_link("tree/shorter", "d");
    scratch_directory("tree/new");
    scratch_directory("tree/d/new");
    v = verify(manifest, "tree", &options);
    expect(v, TPL_FINDING_MODIFIED, "other shorter ");
    expect(v, TPL_FINDING_MISSING, "empty ");
    expect(v, TPL_FINDING_UNEXPECTED, "d/new new ");
    tpl_verification_free(v);
    tpl_manifest_free(manifest);
}

/* Of directories that are listed, those above them need not be. */
static void a_directory_that_only_holds_something_is_expected(void **state) {
    (void)state;
    scratch_write_old("tree/d/e/a", "1");
    scratch_directory("tree/x");
    tpl_manifest *manifest = NULL;
    assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
    tpl_entry entry = {.path = "d/e/a", .path_len = 5, .size = 1, .hash = tpl_hash_bytes("1", 1)};
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    entry = (tpl_entry){.path = "x", .path_len = 1, .kind = TPL_KIND_DIRECTORY};
    assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
    assert_int_equal(tpl_manifest_convert(manifest, TPL_FORMAT_2025_12_04_BETA, NULL, NULL),
                     TPL_OK);
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    options.strict = true;
    tpl_verification *v = verify(manifest, "tree", &options);
    assert_true(tpl_verification_ok(v));
    tpl_verification_free(v);
    tpl_manifest_free(manifest);
}

static void a_doubled_slash_is_one(void **state) {
    (void)state;
    scratch_write_old("tree/d/a", "1");
    static const tpl_symlinks modes[] = {TPL_SYMLINKS_BENEATH, TPL_SYMLINKS_FOLLOW,
                                         TPL_SYMLINKS_SKIP};
    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
        tpl_manifest *manifest = NULL;
        assert_int_equal(tpl_manifest_new(&manifest, NULL), TPL_OK);
        const tpl_entry entry = {
            .path = "d//a", .path_len = 4, .size = 1, .hash = tpl_hash_bytes("1", 1)};
        assert_int_equal(tpl_manifest_add(manifest, &entry, NULL), TPL_OK);
        assert_int_equal(tpl_manifest_sort(manifest, NULL), TPL_OK);
        tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
        options.symlinks = modes[i];
        tpl_verification *v = verify(manifest, "tree", &options);
        assert_true(tpl_verification_ok(v));
        tpl_verification_free(v);
        tpl_manifest_free(manifest);
    }
}

static void what_never_rests_is_told_unless_it_is_what_was_expected(void **state) {
    (void)state;
    scratch_write_old("tree/a", "1");
    scratch_write_old("tree/b", "2");
    scratch_write_old("tree/c", "3");
    tpl_manifest *manifest = NULL;
    tpl_snapshot_options snapshot = TPL_SNAPSHOT_OPTIONS_INIT;
    assert_int_equal(tpl_snapshot(&manifest, "tree", &snapshot, NULL, NULL), TPL_OK);
    scratch_write_old("tree/a", "A");
    scratch_write_old("tree/b", "22");
    tpl_verification *found = NULL;
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    fresh_files = true;
    assert_int_equal(tpl_verify(&found, manifest, "tree", &options, NULL), TPL_OK);
    fresh_files = false;
    assert_int_equal(tpl_verification_count(found, TPL_FINDING_UNREADABLE), 2);
    assert_int_equal(tpl_verification_count(found, TPL_FINDING_MODIFIED), 0);
    const char *error = NULL;
    size_t len = 0;
    const char *path = tpl_verification_path(found, TPL_FINDING_UNREADABLE, 0, &len, &error);
    assert_int_equal(len, 1);
    assert_memory_equal(path, "a", 1);
    assert_string_equal(error, "file kept changing while it was read");
    tpl_verification_free(found);
    tpl_manifest_free(manifest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_tree_is_what_its_snapshot_says),
        IN_SCRATCH(every_kind_of_difference_is_told_apart),
        IN_SCRATCH(links_that_lead_outside_are_not_looked_behind),
        IN_SCRATCH(an_unsafe_path_is_refused_before_anything_is_opened),
        IN_SCRATCH(a_missing_root_is_an_error),
        IN_SCRATCH(another_spelling_of_a_hash_is_another_hash),
        IN_SCRATCH(special_files_are_never_opened),
        IN_SCRATCH(links_in_deep_trees_are_followed),
        IN_SCRATCH(a_name_too_long_for_any_file_is_missing),
        IN_SCRATCH(a_name_that_no_system_has_is_missing),
        IN_SCRATCH(links_and_directories_are_entries_too),
        IN_SCRATCH(a_directory_that_only_holds_something_is_expected),
        IN_SCRATCH(a_doubled_slash_is_one),
        IN_SCRATCH(what_never_rests_is_told_unless_it_is_what_was_expected),
        IN_SCRATCH(too_many_open_files_are_no_finding),
        cmocka_unit_test(every_finding_has_a_word_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
