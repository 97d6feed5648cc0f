/* SPDX-License-Identifier: MIT */
/* What changed: as a listing, a document, or a manifest. */
#include "changes.h"

#include "input.h"
#include "manifests.h"
#include "outline.h"
#include "report.h"
#include "tpl/file.h"

static const char *read_path(const void *diff, int change, size_t index, size_t *len,
                             const char **note) {
    (void)note;
    return tpl_diff_path(diff, (tpl_change)change, index, len);
}

cli_listing cli_changes_listing(const tpl_diff *diff, bool all) {
    cli_listing listing = {{{TPL_CHANGE_NEW, 0, "new", "A", "32"},
                            {TPL_CHANGE_MODIFIED, 0, "modified", "M", "33"},
                            {TPL_CHANGE_DELETED, 0, "deleted", "D", "31"},
                            {TPL_CHANGE_UNCHANGED, 0, "unchanged", " ", NULL}},
                           all ? 4 : 3,
                           read_path,
                           diff,
                           false};
    for (size_t i = 0; i < 4; i++) {
        listing.lists[i].count = tpl_diff_count(diff, (tpl_change)listing.lists[i].id);
    }
    return listing;
}

bool cli_changes_any(const tpl_diff *diff) {
    return tpl_diff_count(diff, TPL_CHANGE_NEW) > 0 ||
           tpl_diff_count(diff, TPL_CHANGE_MODIFIED) > 0 ||
           tpl_diff_count(diff, TPL_CHANGE_DELETED) > 0;
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

void cli_changes_note(cli_context *cli, const cli_listing *listing) {
    cli_text line = CLI_TEXT_INIT;
    for (size_t i = 0; i < 4; i++) {
        const cli_list *list = &listing->lists[i];
        cli_put_format(&line, "%s%zu %s", i == 0 ? "" : ", ", list->count, list->member);
    }
    cli_note(cli, &line);
}

tpl_status cli_changes_print(cli_context *cli, const tpl_diff *diff, bool all, bool tree,
                             cli_out *out, tpl_error *err) {
    cli_listing listing = cli_changes_listing(diff, all);
    listing.color = cli_wants_color(cli, out->file == NULL);
    if (cli->json) {
        return write_document(&listing, all, out, err);
    }
    tpl_status status =
        tree ? cli_outline_write(&listing, out, err) : cli_listing_write(&listing, out, err);
    if (status == TPL_OK) {
        cli_changes_note(cli, &listing);
    }
    return status;
}

static tpl_status make(tpl_manifest **out, cli_context *cli, tpl_error *err) {
    tpl_manifest *before = NULL;
    tpl_manifest *after = NULL;
    tpl_hash128 parent = {0, 0};
    tpl_status status = cli_parent_load(&before, &parent, NULL, cli, cli->operands[0], err);
    if (status == TPL_OK) {
        status = cli_manifest_load(&after, cli, cli->operands[1], err);
    }
    if (status == TPL_OK) {
        tpl_run run = cli_run(cli);
        status = tpl_diff_manifest(out, before, after, parent, &run, err);
    }
    tpl_manifest_free(before);
    tpl_manifest_free(after);
    return status;
}

static bool names_a_tree(cli_context *cli) {
    bool found = false;
    for (int i = 0; i < 2 && !found; i++) {
        found = tpl_file_is_directory(cli->operands[i]);
    }
    if (found) {
        (void)cli_usage(cli,
                        "--as-manifest needs two manifests; of a directory, snapshot --delta "
                        "--format 2025-12-04-beta makes one",
                        NULL, NULL);
    }
    return found;
}

cli_exit cli_changes_save(cli_context *cli, const char *output, bool exit_code) {
    if (names_a_tree(cli) || cli_json_needs_file(cli, output, "manifest")) {
        return CLI_EXIT_USAGE;
    }
    tpl_error err = TPL_ERROR_INIT;
    tpl_manifest *changes = NULL;
    cli_delivery to = {"diff-manifest", TPL_FORMAT_2025_12_04_BETA, output, CLI_OUT_INIT};
    tpl_status status = cli_out_open(&to.out, cli, output, &err);
    if (status == TPL_OK) {
        status = make(&changes, cli, &err);
    }
    bool differs = status == TPL_OK &&
                   (tpl_manifest_count(changes) > 0 || tpl_manifest_directory_count(changes) > 0);
    if (status == TPL_OK) {
        status = cli_manifest_deliver(cli, changes, &to, &err);
    }
    tpl_manifest_free(changes);
    cli_out_dispose(&to.out);
    if (status != TPL_OK) {
        return cli_fail(cli, &err);
    }
    return exit_code && differs ? CLI_EXIT_NO : CLI_EXIT_DONE;
}
