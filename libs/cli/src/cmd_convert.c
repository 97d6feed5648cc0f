/* SPDX-License-Identifier: MIT */
/* `convert`: a manifest in its canonical form. */
#include "commands.h"
#include "manifests.h"
#include "report.h"

typedef struct arguments {
    const char *output;
    int format; /* tpl_format */
} arguments;

static const cli_option OPTIONS[] = {
    CLI_OUTPUT_OPTION(arguments, output, "the manifest"),
    CLI_FORMAT_OPTION(arguments, format),
    {0},
};

static cli_exit convert(cli_context *cli, const arguments *args) {
    tpl_error err = TPL_ERROR_INIT;
    tpl_manifest *manifest = NULL;
    cli_delivery to = {"convert", (tpl_format)args->format, args->output, CLI_OUT_INIT};
    tpl_status status = cli_out_open(&to.out, cli, args->output, &err);
    if (status == TPL_OK) {
        status = cli_manifest_load(&manifest, cli, cli->operands[0], &err);
    }
    if (status == TPL_OK) {
        status = cli_manifest_deliver(cli, manifest, &to, &err);
    }
    tpl_manifest_free(manifest);
    cli_out_dispose(&to.out);
    return status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    arguments args = {0};
    cli_exit code;
    if (cli_parse(cli, &args, argc, argv, &code)) {
        code = cli_json_needs_file(cli, args.output, "manifest") ? CLI_EXIT_USAGE
                                                                 : convert(cli, &args);
    }
    return code;
}

const cli_command cli_cmd_convert = {
    .name = "convert",
    .arguments = "MANIFEST",
    .summary = "Write a manifest in its canonical form",
    .details = "Of another format, when it can hold all that the manifest says: 2023-03-03 has no "
               "symbolic links, run bits, empty directories, chunks or deletions.",
    .examples = "  template-cli convert old.manifest --format 2025-12-04-beta -o new.manifest\n",
    .options = OPTIONS,
    .run = run,
};
