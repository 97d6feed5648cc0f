/* SPDX-License-Identifier: MIT */
/* `merge`: several manifests as one. */
#include "commands.h"
#include "input.h"
#include "manifests.h"
#include "report.h"
#include "tpl/merge.h"

typedef struct arguments {
    const char *output;
    bool any_parent;
} arguments;

static const cli_option OPTIONS[] = {
    CLI_OUTPUT_OPTION(arguments, output, "the manifest"),
    {"any-parent", 0, CLI_FLAG, offsetof(arguments, any_parent), NULL, NULL, NULL,
     "apply a diff even to another manifest than the one that it is of"},
    {0},
};

/* Loads every operand; `loaded` holds the pointers, which are owned, also after a failure. */
static tpl_status load_all(tpl_buffer *loaded, cli_context *cli, tpl_error *err) {
    tpl_status status = TPL_OK;
    for (int i = 0; i < cli->operand_count && status == TPL_OK; i++) {
        tpl_manifest *manifest = NULL;
        status = cli_manifest_load(&manifest, cli, cli->operands[i], err);
        if (status == TPL_OK && tpl_buffer_append(loaded, &manifest, sizeof(manifest)) != TPL_OK) {
            tpl_manifest_free(manifest);
            status = cli_error(err, TPL_E_NOMEM);
        }
    }
    return status;
}

/* A failure leaves in the context what it is about and what to do. */
static tpl_status check(cli_context *cli, const tpl_manifest *const *manifests, size_t count,
                        const tpl_run *run, tpl_error *err) {
    size_t stray;
    tpl_status status = tpl_merge_check(&stray, manifests, count, run, err);
    if (stray > 0) {
        cli->subject = cli_input_name(cli->operands[stray]);
        cli->hint = "--any-parent applies it all the same";
    }
    return status;
}

static tpl_status combine(tpl_manifest **out, cli_context *cli, const arguments *args,
                          const tpl_manifest *const *manifests, size_t count, tpl_error *err) {
    tpl_run run = cli_run(cli);
    tpl_status status = args->any_parent ? TPL_OK : check(cli, manifests, count, &run, err);
    if (status == TPL_OK) {
        status = tpl_merge(out, manifests, count, &run, err);
    }
    for (size_t i = 1; i < count && status == TPL_E_MANIFEST; i++) {
        if (tpl_manifest_format(manifests[i]) != tpl_manifest_format(manifests[0])) {
            cli->hint = CLI_NAME " convert --format V makes them of one format";
        }
    }
    return status;
}

static cli_exit merge(cli_context *cli, const arguments *args) {
    tpl_error err = TPL_ERROR_INIT;
    tpl_buffer loaded = TPL_BUFFER_INIT;
    tpl_manifest *merged = NULL;
    cli_delivery to = {"merge", TPL_FORMAT_DEFAULT, args->output, CLI_OUT_INIT};
    tpl_status status = cli_out_open(&to.out, cli, args->output, &err);
    if (status == TPL_OK) {
        status = load_all(&loaded, cli, &err);
    }
    tpl_manifest **manifests = (tpl_manifest **)(void *)loaded.data;
    size_t count = loaded.len / sizeof(*manifests);
    if (status == TPL_OK) {
        status = combine(&merged, cli, args, (const tpl_manifest *const *)manifests, count, &err);
    }
    if (status == TPL_OK) {
        to.format = tpl_manifest_format(merged);
        status = cli_manifest_deliver(cli, merged, &to, &err);
    }
    for (size_t i = 0; i < count; i++) {
        tpl_manifest_free(manifests[i]);
    }
    tpl_buffer_dispose(&loaded);
    tpl_manifest_free(merged);
    cli_out_dispose(&to.out);
    return status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    arguments args = {0};
    cli_exit code;
    if (cli_parse(cli, &args, argc, argv, &code)) {
        bool wrong = cli_stdin_twice(cli, cli->operands, cli->operand_count) ||
                     cli_json_needs_file(cli, args.output, "manifest");
        code = wrong ? CLI_EXIT_USAGE : merge(cli, &args);
    }
    return code;
}

const cli_command cli_cmd_merge = {
    .name = "merge",
    .arguments = "BASE [DIFF...]",
    .summary = "Combine manifests: every path of any of them, the last one wins",
    .details = "All of one format. A diff of 2025-12-04-beta is applied: what it deletes is left "
               "out. It must be of one of those before it, or of what they make together. Diffs "
               "alone make a diff of the first one's parent.",
    .examples = "  template-cli merge base.manifest delta.manifest -o all.manifest\n",
    .options = OPTIONS,
    .run = run,
};
