/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "hasty.h"
#include "job.h"
#include "scratch.h"
#include "tpl/submit.h"

#define TEXT(literal) ((char[]){literal})

static void make_tree(void) {
    scratch_write("p/a", "1");
    scratch_write("p/b", "22");
    scratch_write("p/d/c", "333");
    scratch_write("q/e", "4444");
    scratch_directory("p/empty");
}

static void paths_share_the_root_that_they_have_in_common(void **state) {
    (void)state;
    make_tree();
    job j;
    job_begin(&j, TEXT("p/d/c p/a"), NULL, TEXT("p/out"), NULL);
    assert_string_equal(job_group(&j), "~/p in:~/p/a,~/p/d/c out:~/p/out;");
    job_end(&j);
    job_begin(&j, TEXT("p/a q/e"), NULL, NULL, TEXT("nowhere/x"));
    assert_string_equal(job_group(&j), "~ in:~/p/a,~/q/e ref:~/nowhere/x;");
    job_end(&j);
    job_begin(&j, TEXT("p/a"), NULL, NULL, TEXT("/"));
    assert_string_equal(job_group(&j), "/ in:~/p/a ref:/;");
    job_end(&j);
}

static void a_root_that_is_a_file_gives_way_to_its_directory(void **state) {
    (void)state;
    make_tree();
    job j;
    job_begin(&j, TEXT("p/d/c"), NULL, NULL, NULL);
    assert_string_equal(job_group(&j), "~/p/d in:~/p/d/c;");
    job_end(&j);
    job_begin(&j, NULL, NULL, TEXT("p/a"), NULL);
    assert_string_equal(job_group(&j), "~/p out:~/p/a;");
    job_end(&j);
    job_begin(&j, NULL, NULL, TEXT("p/new"), NULL);
    assert_string_equal(job_group(&j), "~/p/new out:~/p/new;");
    job_end(&j);
}

static void nothing_makes_no_root(void **state) {
    (void)state;
    job j;
    job_begin(&j, NULL, NULL, NULL, NULL);
    assert_string_equal(job_group(&j), "");
    job_end(&j);
    job_begin(&j, TEXT(" "), TEXT(" "), TEXT(" "), TEXT(" "));
    assert_int_equal(j.references.inputs.count, 2); /* empty both */
    assert_string_equal(job_group(&j), "");
    job_end(&j);
}

static void a_path_counts_once_however_it_is_spelt(void **state) {
    (void)state;
    make_tree();
    char cwd[512];
    char absolute[1100];
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    snprintf(absolute, sizeof(absolute), "p//a ./p/../p/a %s/p/a ///%s/p/./a q/../p/a", cwd, cwd);
    job j;
    job_begin(&j, absolute, TEXT("p"), TEXT("o o/ o/. x/../o"), TEXT("o"));
    assert_string_equal(job_group(&j), "~ in:~/p/a,~/p/b,~/p/d/c out:~/o ref:~/o;");
    job_end(&j);
}

static void components_are_compared_and_not_bytes(void **state) {
    (void)state;
    scratch_write("s/a/x", "");
    scratch_write("s/a-b/x", "");
    scratch_write("s/a.b/x", "");
    job j;
    job_begin(&j, TEXT("s/a.b/x s/a-b/x s/a/x"), NULL, NULL, NULL);
    assert_string_equal(job_group(&j), "~/s in:~/s/a/x,~/s/a-b/x,~/s/a.b/x;");
    job_end(&j);
    job_begin(&j, TEXT("s/a/x s/a-b/x"), NULL, NULL, NULL);
    job_locate(&j, "L", "s/a", false);
    assert_string_equal(job_group(&j), "~/s/a@L in:~/s/a/x;~/s/a-b in:~/s/a-b/x;");
    job_end(&j);
}

static void input_directories_are_walked(void **state) {
    (void)state;
    make_tree();
    scratch_link("p/link", "a");
    scratch_link("p/folder", "../q"); /* links to directories are not followed */
    scratch_link("p/dangling", "nowhere");
    scratch_fifo("p/pipe");
    job j;
    job_begin(&j, TEXT("p/a"), TEXT("p p/empty"), NULL, NULL);
    assert_string_equal(job_group(&j),
                        "~/p in:~/p/a,~/p/b,~/p/d/c,~/p/link ref:~/p/dangling,~/p/empty;");
    assert_string_equal(j.warnings, "special-file ~/p/pipe;input-referenced ~/p/dangling;");
    assert_int_equal(tpl_strings_append(&j.options.exclude, "d/*"), TPL_OK);
    assert_int_equal(tpl_strings_append(&j.options.exclude, "dang*"), TPL_OK);
    assert_string_equal(job_group(&j), "~/p in:~/p/a,~/p/b,~/p/link ref:~/p/empty;");
    job_end(&j);
}

static void what_is_named_is_not_excluded(void **state) {
    (void)state;
    make_tree();
    job j;
    job_begin(&j, TEXT("p/a"), TEXT("p/d"), NULL, NULL);
    assert_int_equal(tpl_strings_append(&j.options.exclude, "**"), TPL_OK);
    assert_string_equal(job_group(&j), "~/p in:~/p/a ref:~/p/d;");
    j.options.exclude.items[0] = "{c,x}";
    assert_string_equal(job_group(&j), "~/p in:~/p/a,~/p/d/c;");
    j.options.dialect = TPL_DIALECT_GLOBSET;
    assert_string_equal(job_group(&j), "~/p in:~/p/a ref:~/p/d;");
    job_end(&j);
}

static void a_missing_input_is_referenced_or_an_error(void **state) {
    (void)state;
    make_tree();
    job j;
    job_begin(&j, TEXT("p/a p/z p/a/below"), TEXT("p/nodir q/e"), NULL, NULL);
    assert_string_equal(job_group(&j), "~ in:~/p/a ref:~/p/a/below,~/p/nodir,~/p/z,~/q/e;");
    assert_string_equal(j.warnings, "input-referenced ~/p/a/below;input-referenced ~/p/nodir;"
                                    "input-referenced ~/p/z;input-referenced ~/q/e;");
    j.options.require_paths_exist = true;
    assert_string_equal(
        job_group(&j), "E_INPUTS ~/p/a/below: input does not exist (1 of 4 inputs that are missing "
                       "or are no files)");
    assert_string_equal(j.warnings, "input-missing ~/p/a/below;input-missing ~/p/nodir;"
                                    "input-missing ~/p/z;input-missing ~/q/e;");
    job_end(&j);
    job_begin(&j, TEXT("p/z"), NULL, NULL, NULL);
    j.options.require_paths_exist = true;
    assert_string_equal(job_group(&j), "E_INPUTS ~/p/z: input does not exist");
    job_end(&j);
}

static void a_directory_or_pipe_among_the_files_is_an_error_always(void **state) {
    (void)state;
    make_tree();
    scratch_fifo("pipe");
    job j;
    job_begin(&j, TEXT("p"), NULL, NULL, NULL);
    assert_string_equal(job_group(&j), "E_INPUTS ~/p: input is a directory, not a file");
    job_end(&j);
    job_begin(&j, TEXT("pipe p/z p"), NULL, NULL, NULL);
    assert_string_equal(job_group(&j), "E_INPUTS ~/p: input is a directory, not a file (1 of 2 "
                                       "inputs that are missing or are no files)");
    assert_string_equal(j.warnings,
                        "input-directory ~/p;input-referenced ~/p/z;input-special ~/pipe;");
    job_end(&j);
}

static void a_link_that_leads_in_a_circle_is_missing(void **state) {
    (void)state;
    scratch_link("one", "two");
    scratch_link("two", "one");
    job j;
    job_begin(&j, TEXT("one"), NULL, NULL, NULL);
    job_locate(&j, "L", "two", false);
    job_locate(&j, "S", "elsewhere", true);
    assert_string_equal(job_group(&j), "~/one ref:~/one;");
    job_end(&j);
}

static void what_is_shared_is_left_out(void **state) {
    (void)state;
    make_tree();
    scratch_link("to-p", "p");
    job j;
    job_begin(&j, TEXT("p/a q/e to-p/b"), NULL, TEXT("p/out q/out"), TEXT("p r"));
    job_locate(&j, "S", "p/", true);
    assert_string_equal(job_group(&j), "~ in:~/q/e out:~/q/out ref:~/r;");
    job_locate(&j, "L", "p/d", false); /* SHARED wins */
    assert_string_equal(job_group(&j), "~ in:~/q/e out:~/q/out ref:~/r;");
    job_end(&j);
}

static void the_local_location_with_the_longest_path_makes_the_group(void **state) {
    (void)state;
    make_tree();
    job j;
    job_begin(&j, TEXT("p/a p/d/c q/e"), NULL, TEXT("p/d/out"), NULL);
    job_locate(&j, "outer", "p", false);
    job_locate(&j, "inner", "p/d", false);
    assert_string_equal(job_group(&j), "~/p@outer in:~/p/a;"
                                       "~/p/d@inner in:~/p/d/c out:~/p/d/out;"
                                       "~/q in:~/q/e;");
    job_end(&j);
    job_begin(&j, TEXT("p/a"), NULL, NULL, NULL);
    job_locate(&j, "first", "p", false);
    job_locate(&j, "longer spelling", "p/", false);
    job_locate(&j, "last of one path", "p/", false);
    assert_string_equal(job_group(&j), "~/p@last of one path in:~/p/a;");
    job_end(&j);
}

static void the_root_of_a_location_is_what_its_paths_share(void **state) {
    (void)state;
    make_tree();
    job j;
    job_begin(&j, TEXT("p/d/c"), NULL, NULL, NULL);
    job_locate(&j, "all", "/", false);
    assert_string_equal(job_group(&j), "~/p/d@all in:~/p/d/c;");
    job_end(&j);
}

static void locations_lead_where_their_links_do(void **state) {
    (void)state;
    make_tree();
    scratch_link("real", "q");
    scratch_link("p/up", "../q/e");
    job j;
    job_begin(&j, TEXT("q/e p/up p/a real/e"), NULL, NULL, NULL);
    job_locate(&j, "L", "real/./x/..", false);
    assert_string_equal(job_group(&j), "~@L in:~/p/up,~/q/e,~/real/e;~/p in:~/p/a;");
    job_end(&j);
}

static void roots_are_in_the_order_of_their_texts(void **state) {
    (void)state;
    scratch_write("a/x", "");
    scratch_write("a-/x", "");
    scratch_write("a0/x", "");
    job j;
    job_begin(&j, TEXT("a/x a-/x a0/x"), NULL, NULL, NULL);
    job_locate(&j, "1", "a0", false);
    job_locate(&j, "2", "a", false);
    job_locate(&j, "3", "a-", false);
    assert_string_equal(job_group(&j), "~/a@2 in:~/a/x;~/a-@3 in:~/a-/x;~/a0@1 in:~/a0/x;");
    job_end(&j);
    /* one text twice: without a location first */
    scratch_link("a/to", "../a0/x");
    job_begin(&j, TEXT("a/x a/to"), NULL, NULL, NULL);
    job_locate(&j, "z", "a0", false);
    assert_string_equal(job_group(&j), "~/a in:~/a/x;~/a@z in:~/a/to;");
    job_locate(&j, "b", "a", false);
    assert_string_equal(job_group(&j), "~/a@b in:~/a/x;~/a@z in:~/a/to;");
    job_end(&j);
}

static void names_that_are_not_utf8_are_paths_like_others(void **state) {
    (void)state;
    scratch_write("n/\xff", "x");
    scratch_write("n/\xc3\xa9", "yy");
    job j;
    job_begin(&j, TEXT("n/\xff"), TEXT("n"), TEXT("n/o\xfe"), NULL);
    job_locate(&j, "L", "n", false);
    assert_string_equal(job_group(&j),
                        "~/n@L in:~/n/\xc3\xa9,~/n/\xed\xb3\xbf out:~/n/o\xed\xb3\xbe;");
    job_end(&j);
}

static void sizes_are_added_up(void **state) {
    (void)state;
    make_tree();
    job j;
    tpl_submission *made = NULL;
    tpl_asset_root root;
    job_begin(&j, TEXT("p/a p/a p/b q/e"), TEXT("p/d"), NULL, NULL);
    assert_int_equal(tpl_submission_new(&made, &j.references, &j.options, NULL), TPL_OK);
    assert_int_equal(tpl_submission_count(made), 1);
    tpl_submission_root(made, 0, &root);
    assert_true(root.input_size == 10 && root.inputs[1].size == 2);
    assert_null(root.manifest);
    assert_null(root.location);
    tpl_submission_free(made);
    tpl_submission_free(NULL);
    job_end(&j);
}

static void what_is_omitted_is_no_input(void **state) {
    (void)state;
    make_tree();
    scratch_link("to-a", "p/a");
    job j;
    job_begin(&j, TEXT("p/a"), TEXT("p"), NULL, NULL);
    assert_int_equal(tpl_strings_append(&j.options.omit, "to-a"), TPL_OK);
    assert_int_equal(tpl_strings_append(&j.options.omit, "nothing"), TPL_OK);
    assert_int_equal(tpl_strings_append(&j.options.omit, "p/d/c"), TPL_OK);
    assert_string_equal(job_group(&j), "~/p in:~/p/b;");
    job_end(&j);
}

static int refuse(const tpl_progress *progress, void *payload) {
    (void)progress;
    (void)payload;
    return 1;
}

static void grouping_stops_when_it_is_told_to(void **state) {
    (void)state;
    make_tree();
    job j;
    job_begin(&j, NULL, TEXT("p"), NULL, NULL);
    j.options.run.progress = refuse;
    assert_string_equal(job_group(&j), "E_CANCELLED : cancelled");
    job_end(&j);
}

static void grouping_can_be_stopped_at_every_question(void **state) {
    (void)state;
    make_tree();
    job j;
    job_begin(&j, TEXT("p/a q/e gone"), TEXT("p"), TEXT("o"), NULL);
    hasty caller = {0, 0};
    j.options.run = (tpl_run){.poll = hasty_poll, .payload = &caller};
    while (strcmp(job_group(&j), "E_CANCELLED : cancelled") == 0) {
        caller = (hasty){caller.patience + 1, 0};
    }
    assert_string_equal(j.shown, "~ in:~/p/a,~/p/b,~/p/d/c,~/q/e out:~/o ref:~/gone;");
    assert_true(caller.patience > 10); /* at each input, and at each path that is given a root */
    job_end(&j);
}

static void a_directory_that_is_gone_is_no_place_for_relative_paths(void **state) {
    char cwd[512];
    (void)state;
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    scratch_directory("gone");
    assert_int_equal(chdir("gone"), 0);
    assert_int_equal(rmdir("../gone"), 0);
    tpl_references references = TPL_REFERENCES_INIT;
    tpl_location location = {"L", "relative", false};
    tpl_profile profile = {NULL, false, &location, 1};
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    tpl_submission *made = NULL;
    tpl_error err = TPL_ERROR_INIT;
    assert_int_equal(tpl_strings_append(&references.referenced, "/x"), TPL_OK);
    assert_int_equal(tpl_submission_new(&made, &references, &options, &err), TPL_OK);
    tpl_submission_free(made);
    options.profile = &profile;
    assert_int_equal(tpl_submission_new(&made, &references, &options, &err), TPL_E_IO);
    assert_string_equal(err.path, "relative");
    assert_int_equal(err.sys_errno, ENOENT);
    options.profile = NULL;
    assert_int_equal(tpl_strings_append(&references.inputs, "x"), TPL_OK);
    assert_int_equal(tpl_submission_new(&made, &references, &options, &err), TPL_E_IO);
    assert_string_equal(err.path, "x");
    assert_null(made);
    tpl_references_dispose(&references);
    tpl_error_dispose(&err);
    assert_int_equal(chdir(cwd), 0);
}

static void a_name_that_is_too_long_is_an_error(void **state) {
    (void)state;
    char name[400];
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    job j;
    job_begin(&j, name, NULL, NULL, NULL);
    assert_true(strncmp(job_group(&j), "E_IO ~/nnn", 10) == 0);
    job_end(&j);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(paths_share_the_root_that_they_have_in_common),
        IN_SCRATCH(a_root_that_is_a_file_gives_way_to_its_directory),
        IN_SCRATCH(nothing_makes_no_root),
        IN_SCRATCH(a_path_counts_once_however_it_is_spelt),
        IN_SCRATCH(components_are_compared_and_not_bytes),
        IN_SCRATCH(input_directories_are_walked),
        IN_SCRATCH(what_is_named_is_not_excluded),
        IN_SCRATCH(a_missing_input_is_referenced_or_an_error),
        IN_SCRATCH(a_directory_or_pipe_among_the_files_is_an_error_always),
        IN_SCRATCH(a_link_that_leads_in_a_circle_is_missing),
        IN_SCRATCH(what_is_shared_is_left_out),
        IN_SCRATCH(the_local_location_with_the_longest_path_makes_the_group),
        IN_SCRATCH(the_root_of_a_location_is_what_its_paths_share),
        IN_SCRATCH(locations_lead_where_their_links_do),
        IN_SCRATCH(roots_are_in_the_order_of_their_texts),
        IN_SCRATCH(names_that_are_not_utf8_are_paths_like_others),
        IN_SCRATCH(sizes_are_added_up),
        IN_SCRATCH(what_is_omitted_is_no_input),
        IN_SCRATCH(grouping_stops_when_it_is_told_to),
        IN_SCRATCH(grouping_can_be_stopped_at_every_question),
        IN_SCRATCH(a_directory_that_is_gone_is_no_place_for_relative_paths),
        IN_SCRATCH(a_name_that_is_too_long_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
