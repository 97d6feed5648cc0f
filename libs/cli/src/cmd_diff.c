/* SPDX-License-Identifier: MIT */
/* `diff`: what changed between two manifests or trees. */
#include "changes.h"
#include "commands.h"
#include "input.h"
#include "manifests.h"
#include "report.h"
#include "sides.h"

typedef struct arguments {
    const char *output;
    bool rehash;
    bool exit_code;
    bool all;
    bool as_manifest;
    bool tree;
    cli_filters filters;
} arguments;

static const cli_option OPTIONS[] = {
    CLI_OUTPUT_OPTION(arguments, output, "the listing or document"),
    {"exit-code", 0, CLI_FLAG, offsetof(arguments, exit_code), NULL, NULL, NULL,
     "exit with 1 when there are differences"},
    {"all", 0, CLI_FLAG, offsetof(arguments, all), NULL, NULL, NULL, "list what is unchanged, too"},
    {"tree", 0, CLI_FLAG, offsetof(arguments, tree), NULL, NULL, NULL,
     "draw the listing as a tree of directories"},
    {"as-manifest", 0, CLI_FLAG, offsetof(arguments, as_manifest), NULL, NULL, NULL,
     "of two manifests: write what turns OLD into NEW as a manifest, a diff of 2025-12-04-beta"},
    {"rehash", 0, CLI_FLAG, offsetof(arguments, rehash), NULL, NULL, NULL,
     "between a manifest and a tree: compare hashes, not size and time"},
    {0},
};

static tpl_status compare(tpl_diff **out, cli_context *cli, arguments *args, tpl_error *err) {
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.rehash = args->rehash;
    options.keep_unchanged = args->all;
    return cli_sides_compare(out, cli, &args->filters, args->output, &options, err);
}

static cli_exit diff(cli_context *cli, arguments *args) {
    tpl_error err = TPL_ERROR_INIT;
    cli_out out = CLI_OUT_INIT;
    tpl_diff *diff = NULL;
    tpl_status status = cli_out_open(&out, cli, args->output, &err);
    if (status == TPL_OK) {
        status = compare(&diff, cli, args, &err);
    }
    if (status == TPL_OK) {
        status = cli_changes_print(cli, diff, args->all, args->tree, &out, &err);
    }
    cli_exit code = status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
    if (status == TPL_OK && args->exit_code && cli_changes_any(diff)) {
        code = CLI_EXIT_NO;
    }
    tpl_diff_free(diff);
    cli_out_dispose(&out);
    return code;
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    arguments args = {.filters = CLI_FILTERS_INIT};
    cli_exit code;
    if (cli_parse(cli, &args, argc, argv, &code)) {
        if (cli_stdin_twice(cli, cli->operands, 2)) {
            code = CLI_EXIT_USAGE;
        } else if (args.tree && (cli->json || args.as_manifest)) {
            code = cli_usage(cli, "--tree draws a listing; it does not go with ",
                             cli->json ? "--json" : "--as-manifest", NULL);
        } else if (!cli_filters_clash(cli, &args.filters, TPL_FORMAT_2025_12_04_BETA, &code)) {
            code = args.as_manifest ? cli_changes_save(cli, args.output, args.exit_code)
                                    : diff(cli, &args);
        }
    }
    cli_filters_dispose(&args.filters);
    return code;
}

const cli_command cli_cmd_diff = {
    .name = "diff",
    .arguments = "OLD NEW",
    .summary = "List what changed between two manifests or directory trees",
    .details = "OLD and NEW are each a manifest, - for one on standard input, or a directory. A "
               "line is A (new), M (modified) or D (deleted) and a path; the counts go to "
               "standard error. Between a manifest and a directory a file is modified when its "
               "size or time differ. Directories are no files: --as-manifest tells of them, too.",
    .examples = "  template-cli diff src.manifest src\n"
                "  template-cli diff --tree old.manifest src\n"
                "  template-cli diff --exit-code --json old.manifest new.manifest\n"
                "  template-cli diff --as-manifest old.manifest new.manifest -o changes.manifest\n",
    .options = OPTIONS,
    .shared = cli_filter_options,
    .shared_offset = offsetof(arguments, filters),
    .run = run,
};
