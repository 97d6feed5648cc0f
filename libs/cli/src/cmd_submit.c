/* SPDX-License-Identifier: MIT */
/* `submit`: a job's paths as the attachments of a CreateJob request. */
#include "commands.h"
#include "job.h"
#include "manifests.h"
#include "out.h"
#include "report.h"

typedef struct arguments {
    bool dry_run;
    const char *manifest_prefix;
    const char *output;
    int file_system; /* position in FILE_SYSTEMS */
    int format;      /* tpl_format */
    cli_job_names names;
} arguments;

static const char *const FILE_SYSTEMS[] = {"COPIED", "VIRTUAL", NULL};

static const cli_option OPTIONS[] = {
    {"dry-run", 0, CLI_FLAG, offsetof(arguments, dry_run), NULL, NULL, NULL,
     "group and hash, and send nothing: the payload is the answer. Required, since there is "
     "nothing "
     "yet to send it to"},
    {"file-system", 0, CLI_CHOICE, offsetof(arguments, file_system), "MODE", FILE_SYSTEMS, "COPIED",
     "how workers are to have the files"},
    {"manifest-prefix", 0, CLI_TEXT, offsetof(arguments, manifest_prefix), "TEXT", NULL, NULL,
     "what the manifests' keys begin with, such as farm-1/queue-1/Inputs/0123"},
    CLI_FORMAT_OPTION(arguments, format),
    CLI_OUTPUT_OPTION(arguments, output, "the payload"),
    {0},
};

/* Groups and hashes, and appends the payload. */
static tpl_status prepare(tpl_submission **out, tpl_buffer *payload, const arguments *args,
                          cli_context *cli, tpl_error *err) {
    tpl_status status = cli_job_group(out, cli, &args->names, args->output, err);
    if (status == TPL_OK) {
        tpl_run run = cli_run(cli);
        status = tpl_submission_hash(*out, (tpl_format)args->format, &run, NULL, err);
    }
    if (status == TPL_OK) {
        status = tpl_submission_payload(payload, *out, FILE_SYSTEMS[args->file_system],
                                        args->manifest_prefix, err);
    }
    return status;
}

/* The payload goes to its file, or to standard output unless a document does. */
static tpl_status answer(cli_context *cli, const arguments *args, const tpl_submission *submission,
                         const tpl_buffer *payload, cli_out *out, tpl_error *err) {
    cli_json json = CLI_JSON_INIT;
    tpl_status status = TPL_OK;
    if (!cli->json || cli_out_is_file(args->output)) {
        (void)cli_out_write(payload->data, payload->len, out);
        (void)cli_out_write("\n", 1, out);
        status = cli_out_commit(out, err);
    }
    if (status == TPL_OK && cli->json) {
        cli_json_begin(&json, "submit");
        cli_job_members(&json, submission, payload);
        cli_json_items(&json, "skipped", &cli->skipped);
        status = cli_print_json(&json, err);
    } else if (status == TPL_OK) {
        cli_job_tell(cli, submission);
    }
    cli_json_dispose(&json);
    return status;
}

static cli_exit submit(cli_context *cli, const arguments *args) {
    tpl_error err = TPL_ERROR_INIT;
    cli_out out = CLI_OUT_INIT;
    tpl_buffer payload = TPL_BUFFER_INIT;
    tpl_submission *submission = NULL;
    tpl_status status = cli_out_open(&out, cli, args->output, &err);
    if (status == TPL_OK) {
        status = prepare(&submission, &payload, args, cli, &err);
    }
    if (status == TPL_OK) {
        status = answer(cli, args, submission, &payload, &out, &err);
    }
    tpl_submission_free(submission);
    tpl_buffer_dispose(&payload);
    cli_out_dispose(&out);
    return status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    arguments args = {.names = CLI_JOB_NAMES_INIT};
    cli_exit code;
    if (cli_parse(cli, &args, argc, argv, &code)) {
        if (!args.dry_run) {
            code = cli_usage(cli, "submit needs --dry-run: there is nothing yet to send to", NULL,
                             NULL);
        } else {
            code = cli_job_names_check(cli, &args.names) ? submit(cli, &args) : CLI_EXIT_USAGE;
        }
    }
    cli_job_names_dispose(&args.names);
    return code;
}

const cli_command cli_cmd_submit = {
    .name = "submit",
    .arguments = "",
    .summary = "Group and hash a job's paths, and print its attachments",
    .details = "Paths are grouped under the directory that they have in common; the inputs of each "
               "root become a manifest, and the attachments member of a CreateJob request is "
               "printed, as the deadline package makes it.",
    .examples = "  template-cli submit --dry-run --input-dir scene --output-dir scene/out\n"
                "  template-cli submit --dry-run --asset-references asset_references.json\n"
                "  template-cli submit --dry-run -i a.ma --storage-profile profile.json --json\n",
    .options = OPTIONS,
    .shared = cli_job_options,
    .shared_offset = offsetof(arguments, names),
    .run = run,
};
