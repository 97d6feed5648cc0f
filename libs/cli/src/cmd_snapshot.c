/* SPDX-License-Identifier: MIT */
/* `snapshot`: a directory tree as a manifest. */
#include "commands.h"
#include "filters.h"
#include "manifests.h"
#include "naming.h"
#include "out.h"
#include "report.h"
#include "tpl/snapshot.h"

typedef struct arguments {
    const char *root;
    const char *output;
    const char *base;
    const char *index;
    int format; /* tpl_format */
    bool delta;
    bool rehash;
    cli_naming naming;
    cli_filters filters;
} arguments;

static const cli_option OPTIONS[] = {
    CLI_OUTPUT_OPTION(arguments, output, "the manifest"),
    CLI_DESTINATION_OPTION(arguments, naming.destination),
    CLI_NAME_OPTION(arguments, naming.name),
    {"base", 0, CLI_TEXT, offsetof(arguments, base), "MANIFEST", NULL, NULL,
     "take the hashes of files with the same size and time from MANIFEST"},
    {"delta", 0, CLI_FLAG, offsetof(arguments, delta), NULL, NULL, NULL,
     "with --base: only what is new or modified; nothing is written when nothing is. Of "
     "2025-12-04-beta a diff, which tells what was deleted, too"},
    {"index", 0, CLI_TEXT, offsetof(arguments, index), "FILE", NULL, NULL,
     "keep the hashes and states of files in FILE, and read only what changed since"},
    {"rehash", 0, CLI_FLAG, offsetof(arguments, rehash), NULL, NULL, NULL,
     "with --base or --index: hash every file all the same"},
    CLI_FORMAT_OPTION(arguments, format),
    {0},
};

static tpl_status prepare(tpl_snapshot_options *options, tpl_manifest **base, arguments *args,
                          cli_context *cli, tpl_error *err) {
    cli->jobs = args->filters.jobs;
    options->run = cli_run(cli);
    options->delta = args->delta;
    options->rehash = args->rehash;
    options->index = args->index;
    options->format = (tpl_format)args->format;
    tpl_status status = cli_filters_take(&options->filter, &args->filters, args->output, err);
    if (status == TPL_OK && args->base != NULL) {
        status = cli_base_load(base, options, cli, args->base, err);
    }
    return status;
}

static tpl_status answer(cli_json *json, cli_context *cli, const arguments *args,
                         const tpl_manifest *manifest, const tpl_snapshot_stats *stats,
                         tpl_error *err) {
    cli_json_begin(json, "snapshot");
    cli_json_os(json, "root", args->root);
    tpl_status status = cli_manifest_members(json, cli, manifest, args->output, err);
    cli_json_unsigned(json, "hashedFiles", stats->hashed_files);
    cli_json_unsigned(json, "hashedBytes", stats->hashed_bytes);
    cli_json_unsigned(json, "reusedFiles", stats->reused_files);
    cli_json_items(json, "skipped", &cli->skipped);
    return status;
}

/* Everything from the options to the answer; `nothing` tells that no manifest was written. */
static tpl_status make(bool *nothing, cli_json *json, arguments *args, cli_context *cli,
                       tpl_error *err) {
    tpl_snapshot_options options = TPL_SNAPSHOT_OPTIONS_INIT;
    tpl_snapshot_stats stats = {0};
    tpl_manifest *base = NULL;
    tpl_manifest *manifest = NULL;
    cli_out out = CLI_OUT_INIT;
    tpl_status status = cli_out_open(&out, cli, args->output, err);
    status = status == TPL_OK ? prepare(&options, &base, args, cli, err) : status;
    if (status == TPL_OK) {
        cli->subject = args->root;
        status = tpl_snapshot(&manifest, args->root, &options, &stats, err);
        cli_hint_at_beta(cli, status, options.format);
    }
    cli->subject = status == TPL_OK ? NULL : cli->subject;
    *nothing = status == TPL_OK && args->delta && cli_manifest_is_empty(manifest);
    if (status == TPL_OK && cli->json) {
        status = answer(json, cli, args, *nothing ? NULL : manifest, &stats, err);
    }
    if (status == TPL_OK && !*nothing) {
        status = cli_manifest_save(manifest, (tpl_format)args->format, &out, &options.run, err);
    }
    cli_out_dispose(&out);
    tpl_manifest_free(manifest);
    tpl_manifest_free(base);
    tpl_filter_dispose(&options.filter);
    return status;
}

static cli_exit snapshot(cli_context *cli, arguments *args) {
    tpl_error err = TPL_ERROR_INIT;
    cli_json json = CLI_JSON_INIT;
    bool nothing;
    tpl_status status = make(&nothing, &json, args, cli, &err);
    if (status == TPL_OK && nothing) {
        cli_text line = CLI_TEXT_INIT;
        cli_put(&line, "nothing is new or modified: no manifest was written");
        cli_note(cli, &line);
    }
    if (status == TPL_OK && cli->json) {
        status = cli_print_json(&json, &err);
    } else if (status == TPL_OK && !nothing) {
        status = cli_naming_tell(&args->naming, cli, &err);
    }
    cli_json_dispose(&json);
    return status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    arguments args = {.naming = CLI_NAMING_INIT, .filters = CLI_FILTERS_INIT};
    cli_exit code;
    if (cli_parse(cli, &args, argc, argv, &code)) {
        args.root = cli->operand_count == 0 ? "." : cli->operands[0];
        if (args.delta && args.base == NULL) {
            code = cli_usage(cli, "--delta needs --base", NULL, NULL);
        } else if (!cli_filters_clash(cli, &args.filters, (tpl_format)args.format, &code) &&
                   cli_naming_apply(&args.naming, cli, args.root, &args.output, &code)) {
            code = snapshot(cli, &args);
        }
    }
    cli_naming_dispose(&args.naming);
    cli_filters_dispose(&args.filters);
    return code;
}

const cli_command cli_cmd_snapshot = {
    .name = "snapshot",
    .arguments = "[DIR]",
    .summary = "Hash the files of a directory tree into a manifest",
    .details = "DIR is the current directory when it is not given. Special files, dangling links "
               "and links in a circle are passed over with a warning. A file that cannot be read "
               "ends the command, since a manifest that silently lacks files is worse than none.",
    .examples = "  template-cli snapshot src -o src.manifest\n"
                "  template-cli snapshot src --include '**/*.c' --exclude 'old/**'\n"
                "  template-cli snapshot src --index src.index -o src.manifest\n"
                "  template-cli snapshot src --base src.manifest --delta -o changes.manifest\n"
                "  template-cli snapshot src --format 2025-12-04-beta --symlinks keep\n",
    .options = OPTIONS,
    .shared = cli_filter_options,
    .shared_offset = offsetof(arguments, filters),
    .run = run,
};
