/* SPDX-License-Identifier: MIT */
/* `verify`: whether a tree is what a manifest says. */
#include <inttypes.h>

#include "commands.h"
#include "filters.h"
#include "listing.h"
#include "manifests.h"
#include "report.h"
#include "tpl/verify.h"

typedef struct arguments {
    bool strict;
    int symlinks; /* position in SYMLINKS */
    unsigned jobs;
} arguments;

static const char *const SYMLINKS[] = {"beneath", "follow", "skip", NULL};
static const tpl_symlinks SYMLINK_MODES[] = {TPL_SYMLINKS_BENEATH, TPL_SYMLINKS_FOLLOW,
                                             TPL_SYMLINKS_SKIP};

static const cli_option OPTIONS[] = {
    {"strict", 0, CLI_FLAG, offsetof(arguments, strict), NULL, NULL, NULL,
     "look also for files that the manifest does not have"},
    {"symlinks", 0, CLI_CHOICE, offsetof(arguments, symlinks), "MODE", SYMLINKS, "beneath",
     "symbolic links: followed where they stay in DIR, followed anywhere, or not followed"},
    CLI_JOBS_OPTION(arguments, jobs),
    {0},
};

static const char *read_path(const void *verification, int finding, size_t index, size_t *len,
                             const char **note) {
    return tpl_verification_path(verification, (tpl_finding)finding, index, len, note);
}

static tpl_status print_document(const tpl_verification *verification, const cli_listing *listing,
                                 tpl_error *err) {
    cli_json json = CLI_JSON_INIT;
    cli_json_begin(&json, "verify");
    cli_json_bool(&json, "ok", tpl_verification_ok(verification));
    cli_json_unsigned(&json, "checked", tpl_verification_checked(verification));
    for (size_t i = 0; i < listing->list_count; i++) {
        cli_listing_member(listing, i, listing->lists[i].id == TPL_FINDING_UNREADABLE, &json);
    }
    return cli_print_json(&json, err);
}

static tpl_status print_text(cli_context *cli, const tpl_verification *verification,
                             const cli_listing *listing, tpl_error *err) {
    cli_out out = CLI_OUT_INIT;
    tpl_status status = cli_listing_write(listing, &out, err);
    cli_out_dispose(&out);
    if (status == TPL_OK) {
        cli_text line = CLI_TEXT_INIT;
        cli_put_format(&line, "%" PRIu64 " checked", tpl_verification_checked(verification));
        for (size_t i = 0; i < listing->list_count; i++) {
            cli_put_format(&line, ", %zu %s", listing->lists[i].count, listing->lists[i].word);
        }
        cli_note(cli, &line);
    }
    return status;
}

static tpl_status print(cli_context *cli, const tpl_verification *verification, tpl_error *err) {
    static const char *const WORDS[TPL_FINDING_COUNT] = {
        [TPL_FINDING_MISSING] = "missing",       [TPL_FINDING_MODIFIED] = "modified",
        [TPL_FINDING_UNEXPECTED] = "unexpected", [TPL_FINDING_TYPE_CHANGED] = "type-changed",
        [TPL_FINDING_UNREADABLE] = "unreadable",
    };
    cli_listing listing = {.list_count = TPL_FINDING_COUNT,
                           .read = read_path,
                           .source = verification,
                           .color = cli_wants_color(cli, true)};
    for (int i = 0; i < TPL_FINDING_COUNT; i++) {
        tpl_finding finding = (tpl_finding)i;
        listing.lists[i] = (cli_list){i, tpl_verification_count(verification, finding),
                                      tpl_finding_word(finding), WORDS[i], "31"};
    }
    return cli->json ? print_document(verification, &listing, err)
                     : print_text(cli, verification, &listing, err);
}

static tpl_status check(tpl_verification **out, cli_context *cli, const arguments *args,
                        tpl_error *err) {
    const char *root = cli->operand_count < 2 ? "." : cli->operands[1];
    tpl_verify_options options = TPL_VERIFY_OPTIONS_INIT;
    tpl_manifest *manifest = NULL;
    options.symlinks = SYMLINK_MODES[args->symlinks];
    options.strict = args->strict;
    cli->jobs = args->jobs;
    options.run = cli_run(cli);
    tpl_status status = cli_omit_output(&options.omit, NULL, err);
    if (status == TPL_OK) {
        status = cli_omit_manifest(&options.omit, cli->operands[0], err);
    }
    if (status == TPL_OK) {
        status = cli_manifest_load(&manifest, cli, cli->operands[0], err);
    }
    if (status == TPL_OK) {
        status = tpl_verify(out, manifest, root, &options, err);
        if (status == TPL_E_MANIFEST) {
            cli->hint = CLI_NAME " merge BASE DIFF makes a manifest of it";
        }
    }
    tpl_manifest_free(manifest);
    tpl_strings_dispose(&options.omit);
    return status;
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    arguments args = {0};
    tpl_error err = TPL_ERROR_INIT;
    tpl_verification *verification = NULL;
    cli_exit code;
    if (!cli_parse(cli, &args, argc, argv, &code)) {
        return code;
    }
    tpl_status status = check(&verification, cli, &args, &err);
    if (status == TPL_OK) {
        status = print(cli, verification, &err);
    }
    if (status != TPL_OK) {
        code = cli_fail(cli, &err);
    } else if (tpl_verification_count(verification, TPL_FINDING_UNREADABLE) > 0) {
        code = CLI_EXIT_IO;
    } else {
        code = tpl_verification_ok(verification) ? CLI_EXIT_DONE : CLI_EXIT_NO;
    }
    tpl_verification_free(verification);
    return code;
}

const cli_command cli_cmd_verify = {
    .name = "verify",
    .arguments = "MANIFEST [DIR]",
    .summary = "Check by hash that a directory tree is what a manifest says",
    .details = "DIR is the current directory when it is not given. Every entry is looked at. A "
               "line is missing, modified, unexpected, type-changed or unreadable, and a path; "
               "the counts go to standard error. Nothing outside DIR is opened, unless with "
               "--symlinks follow.",
    .examples = "  template-cli verify src.manifest src --strict\n",
    .options = OPTIONS,
    .run = run,
};
