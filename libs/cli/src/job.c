/* SPDX-License-Identifier: MIT */
/* What belongs to a job: its options and documents in, its groups out. */
#include "job.h"

#include <inttypes.h>
#include <string.h>

#include "filters.h"
#include "input.h"
#include "report.h"
#include "text.h"

const cli_option cli_job_options[] = {
    {"asset-references", 0, CLI_TEXT, offsetof(cli_job_names, asset_references), "FILE", NULL, NULL,
     "take paths from a job bundle's asset_references.json, too"},
    {"input", 'i', CLI_LIST, offsetof(cli_job_names, given.inputs), "FILE", NULL, NULL,
     "the job reads FILE"},
    {"input-dir", 0, CLI_LIST, offsetof(cli_job_names, given.directories), "DIR", NULL, NULL,
     "the job reads every file below DIR; links to directories are not followed"},
    {"output-dir", 0, CLI_LIST, offsetof(cli_job_names, given.outputs), "DIR", NULL, NULL,
     "the job writes to DIR, which need not exist"},
    {"reference", 0, CLI_LIST, offsetof(cli_job_names, given.referenced), "PATH", NULL, NULL,
     "the job only names PATH"},
    {"exclude", 0, CLI_LIST, offsetof(cli_job_names, exclude), "GLOB", NULL, NULL,
     "no files whose path below an input directory matches GLOB"},
    {"dialect", 0, CLI_CHOICE, offsetof(cli_job_names, dialect), "NAME", cli_dialect_choices,
     "glob", "how GLOB is read, as for snapshot"},
    {"storage-profile", 0, CLI_TEXT, offsetof(cli_job_names, storage_profile), "FILE", NULL, NULL,
     "this machine's storage profile (JSON): what is below a SHARED location is left out, what is "
     "below a LOCAL one has a root of its own"},
    {"require-paths-exist", 0, CLI_FLAG, offsetof(cli_job_names, require_paths_exist), NULL, NULL,
     NULL, "a missing input is an error; otherwise it counts as a referenced path"},
    CLI_JOBS_OPTION(cli_job_names, jobs),
    {0},
};

void cli_job_names_dispose(cli_job_names *names) {
    tpl_references_dispose(&names->given);
    tpl_strings_dispose(&names->exclude);
}

static bool is_stdin(const char *argument) {
    return argument != NULL && cli_input_is_stdin(argument);
}

bool cli_job_names_check(cli_context *cli, const cli_job_names *names) {
    const tpl_references *given = &names->given;
    const char *wrong = NULL;
    if (names->asset_references == NULL && given->inputs.count + given->directories.count +
                                                   given->outputs.count + given->referenced.count ==
                                               0) {
        wrong = "there is nothing to submit: name paths, or --asset-references";
    } else if (is_stdin(names->asset_references) && is_stdin(names->storage_profile)) {
        wrong = "standard input can be only one of the files";
    }
    if (wrong != NULL) {
        (void)cli_usage(cli, wrong, NULL, NULL);
    }
    return wrong == NULL;
}

/* The documents, and the paths that borrow from them. */
typedef struct job_sources {
    tpl_references references;
    tpl_asset_references *document;
    tpl_storage_profile *profile;
    tpl_profile view;
} job_sources;

static bool ends_with(const char *text, const char *end) {
    size_t len = strlen(text);
    size_t end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void hint_at_json(cli_context *cli, const char *argument, tpl_status status) {
    bool yaml = ends_with(argument, ".yaml") || ends_with(argument, ".yml");
    if (status == TPL_E_SYNTAX && yaml) {
        cli->hint = "YAML is not read: give the same as JSON";
    }
}

static tpl_status load_references(job_sources *job, cli_context *cli, const char *argument,
                                  tpl_error *err) {
    tpl_buffer data = TPL_BUFFER_INIT;
    tpl_status status = cli_input_read(&data, cli, argument, NULL, err);
    if (status == TPL_OK) {
        status = tpl_asset_references_decode(&job->document, data.data, data.len, err);
        hint_at_json(cli, argument, status);
    }
    if (status == TPL_OK && tpl_references_append(&job->references, tpl_asset_references_paths(
                                                                        job->document)) != TPL_OK) {
        status = cli_error(err, TPL_E_NOMEM);
    }
    tpl_buffer_dispose(&data);
    return status;
}

static tpl_status load_profile(job_sources *job, cli_context *cli, const char *argument,
                               tpl_error *err) {
    tpl_buffer data = TPL_BUFFER_INIT;
    tpl_status status = cli_input_read(&data, cli, argument, NULL, err);
    if (status == TPL_OK) {
        status = tpl_storage_profile_decode(&job->profile, data.data, data.len, err);
        hint_at_json(cli, argument, status);
    }
    if (status == TPL_OK) {
        tpl_storage_profile_view(job->profile, &job->view);
    }
    tpl_buffer_dispose(&data);
    return status;
}

static tpl_status load(job_sources *job, cli_context *cli, const cli_job_names *names,
                       tpl_error *err) {
    tpl_status status = TPL_OK;
    if (tpl_references_append(&job->references, &names->given) != TPL_OK) {
        status = cli_error(err, TPL_E_NOMEM);
    }
    if (status == TPL_OK && names->asset_references != NULL) {
        status = load_references(job, cli, names->asset_references, err);
    }
    if (status == TPL_OK && names->storage_profile != NULL) {
        status = load_profile(job, cli, names->storage_profile, err);
    }
    cli->subject = status == TPL_OK ? NULL : cli->subject;
    return status;
}

static void hint_at_inputs(cli_context *cli, tpl_status status, const cli_job_names *names) {
    if (status == TPL_E_INPUTS) {
        cli->hint = names->require_paths_exist
                        ? "directories go to --input-dir; without --require-paths-exist what is "
                          "missing counts as referenced"
                        : "directories go to --input-dir; special files are no inputs";
    }
}

tpl_status cli_job_group(tpl_submission **out, cli_context *cli, const cli_job_names *names,
                         const char *output, tpl_error *err) {
    job_sources job = {.references = TPL_REFERENCES_INIT};
    tpl_submission_options options = TPL_SUBMISSION_OPTIONS_INIT;
    options.profile = &job.view;
    options.require_paths_exist = names->require_paths_exist;
    options.exclude = names->exclude; /* borrowed */
    options.dialect = (tpl_dialect)names->dialect;
    cli->jobs = names->jobs;
    options.run = cli_run(cli);
    options.hash_follows = true;
    tpl_status status = cli_omit_output(&options.omit, output, err);
    status = status == TPL_OK ? load(&job, cli, names, err) : status;
    if (status == TPL_OK) {
        status = tpl_submission_new(out, &job.references, &options, err);
        hint_at_inputs(cli, status, names);
    }
    tpl_strings_dispose(&options.omit);
    tpl_references_dispose(&job.references);
    tpl_asset_references_free(job.document);
    tpl_storage_profile_free(job.profile);
    return status;
}

static void put_paths(cli_json *json, const char *key, const tpl_asset_path *paths, size_t count) {
    cli_json_array(json, key);
    for (size_t i = 0; i < count; i++) {
        cli_json_text(json, NULL, paths[i].text, paths[i].len);
    }
    cli_json_array_end(json);
}

typedef struct totals {
    uint64_t files;
    uint64_t bytes;
    size_t roots;
} totals;

static totals sum(const tpl_submission *submission) {
    totals all = {0, 0, tpl_submission_count(submission)};
    for (size_t i = 0; i < all.roots; i++) {
        tpl_asset_root root;
        tpl_submission_root(submission, i, &root);
        all.files += root.input_count;
        all.bytes += root.input_size;
    }
    return all;
}

void cli_job_members(cli_json *json, const tpl_submission *submission, const tpl_buffer *payload) {
    totals all = sum(submission);
    cli_json_document(json, "attachments", payload->data, payload->len);
    cli_json_array(json, "roots");
    for (size_t i = 0; i < all.roots; i++) {
        tpl_asset_root root;
        tpl_submission_root(submission, i, &root);
        cli_json_object(json, NULL);
        cli_json_text(json, "rootPath", root.path, root.path_len);
        cli_json_string(json, "fileSystemLocationName", root.location);
        cli_json_unsigned(json, "inputSize", root.input_size);
        put_paths(json, "inputs", root.inputs, root.input_count);
        put_paths(json, "outputs", root.outputs, root.output_count);
        put_paths(json, "references", root.references, root.reference_count);
        cli_json_object_end(json);
    }
    cli_json_array_end(json);
    cli_json_unsigned(json, "fileCount", all.files);
    cli_json_unsigned(json, "totalSize", all.bytes);
}

void cli_job_tell(cli_context *cli, const tpl_submission *submission) {
    totals all = sum(submission);
    cli_text line = CLI_TEXT_INIT;
    cli_put_format(&line, "%" PRIu64 " input file%s of %" PRIu64 " byte%s in %zu root%s", all.files,
                   all.files == 1 ? "" : "s", all.bytes, all.bytes == 1 ? "" : "s", all.roots,
                   all.roots == 1 ? "" : "s");
    cli_note(cli, &line);
}
