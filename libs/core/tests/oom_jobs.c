/* SPDX-License-Identifier: MIT */
/* Cases about a job's paths; the files are those of oom_files.c. */
#include <string.h>

#include "check.h"
#include "oom.h"
#include "tpl/mapping.h"
#include "tpl/submit.h"

static const char PROFILE[] =
    "{\"storageProfileId\":\"s\",\"osFamily\":\"linux\",\"fileSystemLocations\":["
    "{\"name\":\"n\",\"path\":\"tree/d0\",\"type\":\"LOCAL\"},"
    "{\"name\":\"link\",\"path\":\"tree/to-directory\",\"type\":\"LOCAL\"},"
    "{\"name\":\"s\",\"path\":\"tree/d1\",\"type\":\"SHARED\"}]}";
static const char REFERENCES[] =
    "{\"assetReferences\":{\"inputs\":{\"filenames\":[\"tree/last\",\"tree/d0/e0/f0.txt\"],"
    "\"directories\":[\"tree/d2\"]},\"outputs\":{\"directories\":[\"tree/d0/out\",\"o\"]},"
    "\"referencedPaths\":[\"r\\udcff\"]}}";

static tpl_status decode_profile(tpl_error *err) {
    tpl_storage_profile *profile = (void *)&err;
    tpl_status status = tpl_storage_profile_decode(&profile, PROFILE, sizeof(PROFILE) - 1, err);
    assert_true((status == TPL_OK) == (profile != NULL));
    tpl_storage_profile_free(profile);
    return status;
}

static tpl_status decode_references(tpl_error *err) {
    tpl_asset_references *document = (void *)&err;
    tpl_status status =
        tpl_asset_references_decode(&document, REFERENCES, sizeof(REFERENCES) - 1, err);
    assert_true((status == TPL_OK) == (document != NULL));
    tpl_asset_references_free(document);
    return status;
}

static tpl_status append_references(tpl_error *err) {
    tpl_asset_references *document = NULL;
    tpl_references paths = TPL_REFERENCES_INIT;
    (void)err;
    tpl_status status =
        tpl_asset_references_decode(&document, REFERENCES, sizeof(REFERENCES) - 1, NULL);
    status = status == TPL_OK ? tpl_references_append(&paths, tpl_asset_references_paths(document))
                              : status;
    tpl_references_dispose(&paths);
    tpl_asset_references_free(document);
    return status;
}

static void count(const tpl_warning *warning, void *payload) {
    assert_true(warning->path_len > 0);
    ++*(int *)payload;
}

/* Everything from the documents to the payload. */
static tpl_status submit(const tpl_submission_options *given, const tpl_references *paths,
                         tpl_error *err) {
    int warnings = 0;
    tpl_submission *made = (void *)&warnings;
    tpl_submission_options options = *given;
    tpl_buffer payload = TPL_BUFFER_INIT;
    options.run.warning = count;
    options.run.payload = &warnings;
    options.run.jobs = 1;
    tpl_status status = tpl_submission_new(&made, paths, &options, err);
    assert_true((status == TPL_OK) == (made != NULL));
    if (status == TPL_OK) {
        status = tpl_submission_hash(made, TPL_FORMAT_DEFAULT, &options.run, NULL, err);
    }
    if (status == TPL_OK) {
        status = tpl_submission_payload(&payload, made, "COPIED", "a/prefix", err);
        assert_true((status == TPL_OK) == (payload.len > 0));
    }
    tpl_buffer_dispose(&payload);
    tpl_submission_free(made);
    return status;
}

static tpl_status submit_with_a_profile(tpl_error *err) {
    static const char *inputs[] = {"tree/last", "tree/d0/e0/f0.txt", "tree/d0/../to-file", "gone"};
    static const char *directories[] = {"tree/d2", "empty"};
    static const char *outputs[] = {"tree/d0/out", "o"};
    static const char *referenced[] = {"r\xff"};
    static const char *exclude[] = {"*/f8.*"};
    static const char *omit[] = {"tree/d2/e0/f2.txt"};
    static const tpl_location locations[] = {{"n", "tree/d0", false},
                                             {"again", "tree/d0", false},
                                             {"link", "tree/to-directory/../elsewhere", false},
                                             {"s", "tree/d1", true}};
    tpl_profile profile = {NULL, false, locations, 4};
    tpl_references paths = {
        {inputs, 4, 4}, {directories, 2, 2}, {outputs, 2, 2}, {referenced, 1, 1}};
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    options.profile = &profile;
    options.exclude = (tpl_strings){exclude, 1, 1};
    options.omit = (tpl_strings){omit, 1, 1};
    return submit(&options, &paths, err);
}

static tpl_status submit_what_is_missing(tpl_error *err) {
    static const char *inputs[] = {"gone", "tree"};
    tpl_references paths = {{inputs, 2, 2}, {NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}};
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    options.require_paths_exist = true;
    return submit(&options, &paths, err);
}

static tpl_status submit_only_outputs(tpl_error *err) {
    static const char *outputs[] = {"o"};
    tpl_references paths = {{NULL, 0, 0}, {NULL, 0, 0}, {outputs, 1, 1}, {NULL, 0, 0}};
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    return submit(&options, &paths, err);
}

static tpl_status map_paths(tpl_error *err) {
    const tpl_location here[] = {{"n", "/a", false}};
    const tpl_location there[] = {{"n",
                                   "/a/longer/destination/than/a/buffer/begins/with/in/its/"
                                   "first/allocation",
                                   true}};
    tpl_profile from = {"a", false, here, 1};
    tpl_profile to = {"b", false, there, 1};
    tpl_buffer rules = TPL_BUFFER_INIT;
    tpl_buffer out = TPL_BUFFER_INIT;
    bool mapped = true;
    tpl_status status = tpl_mapping_between(&rules, &from, &to);
    if (status == TPL_OK) {
        tpl_mapping mapping = {(const void *)rules.data, 1};
        status = tpl_mapping_apply(&out, &mapped, &mapping, "/a/and/something/more", NULL);
        assert_true(mapped == (status == TPL_OK));
    }
    (void)err;
    tpl_buffer_dispose(&rules);
    tpl_buffer_dispose(&out);
    return status;
}

const oom_case oom_jobs[] = {
    {.functions = "tpl_storage_profile_decode", .about = "a profile", .run = decode_profile},
    {.functions = "tpl_asset_references_decode", .about = "a bundle", .run = decode_references},
    {.functions = "tpl_references_append",
     .about = "a bundle",
     .run = append_references,
     .silent = true},
    {.functions = "tpl_submission_new tpl_submission_hash tpl_submission_payload",
     .about = "with a profile",
     .run = submit_with_a_profile,
     .recovers = true},
    {.functions = "tpl_mapping_between tpl_mapping_apply",
     .about = "a rule",
     .run = map_paths,
     .silent = true},
    {.functions = "tpl_submission_new",
     .about = "what is missing",
     .run = submit_what_is_missing,
     .otherwise = TPL_E_INPUTS},
    {.functions = "tpl_submission_new",
     .about = "only outputs",
     .run = submit_only_outputs,
     .recovers = true},
};

const size_t oom_jobs_count = sizeof(oom_jobs) / sizeof(*oom_jobs);
