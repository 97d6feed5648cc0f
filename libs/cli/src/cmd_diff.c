/* SPDX-License-Identifier: MIT */
/* `diff`: what changed between two manifests or trees. */
#include "commands.h"
#include "filters.h"
#include "input.h"
#include "listing.h"
#include "manifests.h"
#include "report.h"
#include "sides.h"

typedef struct arguments {
    const char *output;
    bool rehash;
    bool exit_code;
    bool all;
    cli_filters filters;
} arguments;

static const cli_option OPTIONS[] = {
    CLI_OUTPUT_OPTION(arguments, output, "the listing or document"),
    {"exit-code", 0, CLI_FLAG, offsetof(arguments, exit_code), NULL, NULL, NULL,
     "exit with 1 when there are differences"},
    {"all", 0, CLI_FLAG, offsetof(arguments, all), NULL, NULL, NULL, "list what is unchanged, too"},
    {"rehash", 0, CLI_FLAG, offsetof(arguments, rehash), NULL, NULL, NULL,
     "between a manifest and a tree: compare hashes, not size and time"},
    {0},
};

static tpl_status compare(tpl_diff **out, cli_context *cli, arguments *args, tpl_error *err) {
    cli_sides sides = CLI_SIDES_INIT;
    tpl_diff_options options = TPL_DIFF_OPTIONS_INIT;
    options.filter_trees_only = args->filters.compat >= 0;
    options.rehash = args->rehash;
    options.keep_unchanged = args->all;
    options.run = cli_run(cli, args->filters.jobs);
    tpl_status status = cli_filters_take(&options.filter, &args->filters, args->output, err);
    if (status == TPL_OK) {
        status = cli_sides_open(&sides, cli, &options.filter.omit, err);
    }
    if (status == TPL_OK) {
        status = tpl_diff_sides(out, sides.before, sides.after, &options, err);
    }
    cli_sides_dispose(&sides);
    tpl_filter_dispose(&options.filter);
    return status;
}

static const char *read_path(const void *diff, int change, size_t index, size_t *len,
                             const char **note) {
    (void)note;
    return tpl_diff_path(diff, (tpl_change)change, index, len);
}

static tpl_status write_document(const cli_listing *listing, bool all, cli_out *out,
                                 tpl_error *err) {
    cli_json json = CLI_JSON_INIT;
    cli_json_begin(&json, "diff");
    cli_listing_member(listing, 0, false, &json);
    cli_listing_member(listing, 1, false, &json);
    cli_listing_member(listing, 2, false, &json);
    cli_json_unsigned(&json, "unchangedCount", listing->lists[3].count);
    if (all) {
        cli_listing_member(listing, 3, false, &json);
    }
    return cli_out_json(out, &json, err);
}

static void note_counts(cli_context *cli, const cli_listing *listing) {
    cli_text line = CLI_TEXT_INIT;
    for (size_t i = 0; i < 4; i++) {
        const cli_list *list = &listing->lists[i];
        cli_put_format(&line, "%s%zu %s", i == 0 ? "" : ", ", list->count, list->member);
    }
    cli_note(cli, &line);
}

static tpl_status print(cli_context *cli, const tpl_diff *diff, bool all, cli_out *out,
                        tpl_error *err) {
    cli_listing listing = {{{TPL_CHANGE_NEW, 0, "new", "A", "32"},
                            {TPL_CHANGE_MODIFIED, 0, "modified", "M", "33"},
                            {TPL_CHANGE_DELETED, 0, "deleted", "D", "31"},
                            {TPL_CHANGE_UNCHANGED, 0, "unchanged", " ", NULL}},
                           all ? 4 : 3,
                           read_path,
                           diff,
                           cli_wants_color(cli, out->file == NULL)};
    for (size_t i = 0; i < 4; i++) {
        listing.lists[i].count = tpl_diff_count(diff, (tpl_change)listing.lists[i].id);
    }
    if (cli->json) {
        return write_document(&listing, all, out, err);
    }
    tpl_status status = cli_listing_write(&listing, out, err);
    if (status == TPL_OK) {
        note_counts(cli, &listing);
    }
    return status;
}

static bool differs(const tpl_diff *diff) {
    return tpl_diff_count(diff, TPL_CHANGE_NEW) > 0 ||
           tpl_diff_count(diff, TPL_CHANGE_MODIFIED) > 0 ||
           tpl_diff_count(diff, TPL_CHANGE_DELETED) > 0;
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
        status = print(cli, diff, args->all, &out, &err);
    }
    cli_exit code = status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
    if (status == TPL_OK && args->exit_code && differs(diff)) {
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
        code = cli_stdin_twice(cli, cli->operands, 2) ? CLI_EXIT_USAGE : diff(cli, &args);
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
               "size or time differ.",
    .examples = "  template-cli diff src.manifest src\n"
                "  template-cli diff --exit-code --json old.manifest new.manifest\n",
    .options = OPTIONS,
    .shared = cli_filter_options,
    .shared_offset = offsetof(arguments, filters),
    .run = run,
};
