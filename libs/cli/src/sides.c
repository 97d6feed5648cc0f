/* SPDX-License-Identifier: MIT */
/* Opens the sides of a comparison. */
#include "sides.h"

#include "filters.h"
#include "manifests.h"
#include "tpl/file.h"

static tpl_status open_side(tpl_side *side, tpl_manifest **owned, cli_context *cli,
                            const char *argument, tpl_error *err) {
    if (tpl_file_is_directory(argument)) {
        side->root = argument;
        return TPL_OK;
    }
    tpl_status status = cli_manifest_load(owned, cli, argument, NULL, err);
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

tpl_status cli_sides_open(cli_sides *sides, cli_context *cli, tpl_strings *omit, tpl_error *err) {
    const char *last = cli->operands[cli->operand_count - 1];
    tpl_status status = cli_omit_manifest(omit, cli->operands[0], err);
    if (status == TPL_OK) {
        status = cli_omit_manifest(omit, last, err);
    }
    if (status == TPL_OK && cli->operand_count == 1) {
        status = open_nothing(&sides->before, &sides->manifests[0], err);
    } else if (status == TPL_OK) {
        status = open_side(&sides->before, &sides->manifests[0], cli, cli->operands[0], err);
    }
    if (status == TPL_OK) {
        status = open_side(&sides->after, &sides->manifests[1], cli, last, err);
    }
    return status;
}

void cli_sides_dispose(cli_sides *sides) {
    tpl_manifest_free(sides->manifests[0]);
    tpl_manifest_free(sides->manifests[1]);
    *sides = (cli_sides)CLI_SIDES_INIT;
}
