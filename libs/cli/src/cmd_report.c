/* SPDX-License-Identifier: MIT */
/* `report`: a comparison, or a tree alone, as a page to look at. */
#include <inttypes.h>

#include "changes.h"
#include "commands.h"
#include "input.h"
#include "manifests.h"
#include "page.h"
#include "report.h"
#include "sides.h"

typedef struct arguments {
    const char *output;
    const char *title;
    bool rehash;
    bool exit_code;
    cli_filters filters;
} arguments;

static const cli_option OPTIONS[] = {
    CLI_OUTPUT_OPTION(arguments, output, "the page"),
    {"title", 0, CLI_TEXT, offsetof(arguments, title), "TEXT", NULL, NULL,
     "head the page with TEXT, not with what it is about"},
    {"exit-code", 0, CLI_FLAG, offsetof(arguments, exit_code), NULL, NULL, NULL,
     "exit with 1 when there are differences"},
    {"rehash", 0, CLI_FLAG, offsetof(arguments, rehash), NULL, NULL, NULL,
     "between a manifest and a tree: compare hashes, not size and time"},
    {0},
};

static tpl_status compare(tpl_diff **out, cli_context *cli, arguments *args, tpl_error *err) {
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.rehash = args->rehash && cli->operand_count > 1;
    options.keep_unchanged = true;
    options.keep_states = true;
    return cli_sides_compare(out, cli, &args->filters, args->output, &options, err);
}

static tpl_status answer(cli_context *cli, const cli_page *page, const char *output,
                         tpl_error *err) {
    bool alone = page->before.name == NULL;
    cli_json json = CLI_JSON_INIT;
    cli_json_begin(&json, "report");
    cli_json_os(&json, "page", output);
    cli_json_unsigned(&json, "fileCount", page->after.files);
    cli_json_unsigned(&json, "totalSize", page->after.bytes);
    for (size_t i = 0; i < page->listing->list_count; i++) {
        static const char *const MEMBERS[] = {"newCount", "modifiedCount", "deletedCount",
                                              "unchangedCount"};
        size_t listed = page->listing->lists[i].count;
        size_t same = i == 3 ? page->listing->lists[0].count : 0;
        cli_json_unsigned(&json, MEMBERS[i], alone ? same : listed);
    }
    cli_json_items(&json, "skipped", &cli->skipped);
    return cli_print_json(&json, err);
}

static void note(cli_context *cli, const cli_page *page) {
    if (page->before.name != NULL) {
        cli_changes_note(cli, page->listing);
        return;
    }
    cli_text line = CLI_TEXT_INIT;
    cli_put_format(&line, "%" PRIu64 " file%s, %" PRIu64 " byte%s", page->after.files,
                   page->after.files == 1 ? "" : "s", page->after.bytes,
                   page->after.bytes == 1 ? "" : "s");
    cli_note(cli, &line);
}

static tpl_status present(cli_context *cli, const arguments *args, const tpl_diff *diff,
                          cli_out *out, tpl_error *err) {
    cli_listing listing = cli_changes_listing(diff, true);
    cli_page page = {.diff = diff, .listing = &listing, .title = args->title};
    page.before.name = cli->operand_count > 1 ? cli->operands[0] : NULL;
    page.after.name = cli->operands[cli->operand_count - 1];
    cli_page_count(&page);
    tpl_status status = cli_page_write(&page, out, err);
    if (status == TPL_OK && cli->json) {
        status = answer(cli, &page, args->output, err);
    } else if (status == TPL_OK) {
        note(cli, &page);
    }
    return status;
}

static cli_exit report(cli_context *cli, arguments *args) {
    tpl_error err = TPL_ERROR_INIT;
    cli_out out = CLI_OUT_INIT;
    tpl_diff *diff = NULL;
    tpl_status status = cli_out_open(&out, cli, args->output, &err);
    status = status == TPL_OK ? compare(&diff, cli, args, &err) : status;
    status = status == TPL_OK ? present(cli, args, diff, &out, &err) : status;
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
        if (args.exit_code && cli->operand_count < 2) {
            code = cli_usage(cli, "--exit-code needs OLD and NEW", NULL, NULL);
        } else if (cli_stdin_twice(cli, cli->operands, cli->operand_count) ||
                   cli_json_needs_file(cli, args.output, "page")) {
            code = CLI_EXIT_USAGE;
        } else if (!cli_filters_clash(cli, &args.filters, TPL_FORMAT_2025_12_04_BETA, &code)) {
            code = report(cli, &args);
        }
    }
    cli_filters_dispose(&args.filters);
    return code;
}

const cli_command cli_cmd_report = {
    .name = "report",
    .arguments = "OLD [NEW]",
    .summary = "Make a page of what changed, or of what a tree holds",
    .details = "OLD and NEW are as for diff; OLD alone is shown as it is. The page is one HTML "
               "file without anything from elsewhere: a map of the files by size, their changes "
               "coloured, and a table to sort and search, for any browser, by mouse or keys.",
    .examples = "  template-cli report old.manifest src -o changes.html\n"
                "  template-cli report src -o sizes.html\n",
    .options = OPTIONS,
    .shared = cli_filter_options,
    .shared_offset = offsetof(arguments, filters),
    .run = run,
};
