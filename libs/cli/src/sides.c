/* SPDX-License-Identifier: MIT */
/* Opens the sides of a comparison. */
#include "sides.h"

#include "input.h"
#include "manifests.h"
#include "tpl/file.h"

typedef struct sides {
    tpl_side before;
    tpl_side after;
    tpl_manifest *manifests[2]; /* owned; NULL for a directory */
} sides;

static tpl_status open_side(tpl_side *side, tpl_manifest **owned, cli_context *cli,
                            const char *argument, tpl_error *err) {
    if (tpl_file_is_directory(argument)) {
        side->root = argument;
        return TPL_OK;
    }
    tpl_status status = cli_manifest_load(owned, cli, argument, err);
    side->manifest = *owned;
    return status;
}

static tpl_status open_nothing(tpl_side *side, tpl_manifest **owned, tpl_error *err) {
    tpl_status status = tpl_manifest_new(owned, err);
    if (status == TPL_OK) {
        status = tpl_manifest_sort(*owned, err);
    }
    side->manifest = *owned;
    return status;
}

static tpl_status open_both(sides *s, cli_context *cli, tpl_strings *omit, tpl_error *err) {
    const char *last = cli->operands[cli->operand_count - 1];
    tpl_status status = cli_omit_manifest(omit, cli->operands[0], err);
    if (status == TPL_OK) {
        status = cli_omit_manifest(omit, last, err);
    }
    if (status == TPL_OK && cli->operand_count == 1) {
        status = open_nothing(&s->before, &s->manifests[0], err);
    } else if (status == TPL_OK) {
        status = open_side(&s->before, &s->manifests[0], cli, cli->operands[0], err);
    }
    if (status == TPL_OK) {
        status = open_side(&s->after, &s->manifests[1], cli, last, err);
    }
    return status;
}

/* Two manifests need not be in memory to be compared; *out stays NULL where they do. */
static tpl_status compare_files(tpl_diff **out, const cli_context *cli,
                                const tpl_diff_options *options, tpl_error *err) {
    if (cli->operand_count != 2 || cli_input_is_stdin(cli->operands[0]) ||
        cli_input_is_stdin(cli->operands[1])) {
        return TPL_OK;
    }
    return tpl_diff_files(out, cli->operands[0], cli->operands[1], options, err);
}

tpl_status cli_sides_compare(tpl_diff **out, cli_context *cli, cli_filters *filters,
                             const char *output, tpl_diff_options *options, tpl_error *err) {
    sides s = {.manifests = {NULL, NULL}};
    options->filter_trees_only = filters->compat >= 0;
    cli->jobs = filters->jobs;
    options->run = cli_run(cli);
    tpl_status status = cli_filters_take(&options->filter, filters, output, err);
    if (status == TPL_OK) {
        status = compare_files(out, cli, options, err);
    }
    const bool compared = status == TPL_OK && *out != NULL;
    if (status == TPL_OK && !compared) {
        status = open_both(&s, cli, &options->filter.omit, err);
    }
    if (status == TPL_OK && !compared) {
        status = tpl_diff_sides(out, s.before, s.after, options, err);
    }
    tpl_manifest_free(s.manifests[0]);
    tpl_manifest_free(s.manifests[1]);
    tpl_filter_dispose(&options->filter);
    return status;
}
