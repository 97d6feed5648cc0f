/* SPDX-License-Identifier: MIT */
/* Loads and saves the manifests that arguments name. */
#include "manifests.h"

#include <errno.h>

#include "filters.h"
#include "input.h"
#include "platform.h"
#include "report.h"

const char *const cli_format_choices[] = {
#define FORMAT_TEXT(name, text) text,
    TPL_FORMAT_MAP(FORMAT_TEXT)
#undef FORMAT_TEXT
        NULL};

static void hint_at_snapshot(cli_context *cli, const tpl_error *err) {
    if (err->sys_errno == EISDIR) {
        cli->hint = "a manifest is needed here; " CLI_NAME " snapshot DIR -o FILE makes one";
    }
}

static tpl_status load_stdin(tpl_manifest **out, tpl_hash128 *hash, int64_t *mtime_ns,
                             cli_context *cli, tpl_error *err) {
    tpl_buffer data = TPL_BUFFER_INIT;
    tpl_run run = cli_run(cli);
    tpl_status status = cli_input_read(&data, cli, "-", mtime_ns, err);
    if (status == TPL_OK && hash != NULL) {
        *hash = tpl_hash_bytes(data.data, data.len);
    }
    if (status == TPL_OK) {
        status = tpl_manifest_decode(out, data.data, data.len, &run, err);
    }
    tpl_buffer_dispose(&data);
    return status;
}

static tpl_status load_file(tpl_manifest **out, tpl_hash128 *hash, int64_t *mtime_ns,
                            cli_context *cli, const char *argument, tpl_error *err) {
    tpl_run run = cli_run(cli);
    cli->subject = argument;
    return tpl_manifest_load(out, argument, mtime_ns, hash, &run, err);
}

static void warn_of_duplicates(cli_context *cli, const tpl_manifest *manifest,
                               const char *argument) {
    size_t count = tpl_manifest_duplicates(manifest);
    if (count > 0) {
        cli_text message = CLI_TEXT_INIT;
        cli_put_format(&message, "%zu %s the path of an earlier one", count,
                       count == 1 ? "entry repeats" : "entries repeat");
        cli_warn(cli, cli_input_name(argument), cli_text_string(&message));
        cli_text_dispose(&message);
    }
}

tpl_status cli_parent_load(tpl_manifest **out, tpl_hash128 *hash, int64_t *mtime_ns,
                           cli_context *cli, const char *argument, tpl_error *err) {
    tpl_status status = cli_input_is_stdin(argument)
                            ? load_stdin(out, hash, mtime_ns, cli, err)
                            : load_file(out, hash, mtime_ns, cli, argument, err);
    if (status == TPL_OK) {
        cli->subject = NULL;
        warn_of_duplicates(cli, *out, argument);
    } else {
        hint_at_snapshot(cli, err);
    }
    return status;
}

tpl_status cli_base_load(tpl_manifest **out, tpl_snapshot_options *options, cli_context *cli,
                         const char *argument, tpl_error *err) {
    tpl_status status = cli_omit_manifest(&options->filter.omit, argument, err);
    if (status == TPL_OK) {
        const bool is_parent = options->delta && options->format == TPL_FORMAT_2025_12_04_BETA;
        tpl_hash128 *hash = is_parent ? &options->base_hash : NULL;
        status = cli_parent_load(out, hash, &options->base_mtime_ns, cli, argument, err);
        options->base = *out;
        options->spare = *out;
    }
    return status;
}

tpl_status cli_manifest_load(tpl_manifest **out, cli_context *cli, const char *argument,
                             tpl_error *err) {
    return cli_parent_load(out, NULL, NULL, cli, argument, err);
}

tpl_status cli_manifest_save(const tpl_manifest *manifest, tpl_format format, cli_out *out,
                             const tpl_run *run, tpl_error *err) {
    tpl_status status = tpl_manifest_encode(manifest, format, cli_out_write, out, run, err);
    if (status == TPL_OK || out->failed != TPL_OK) {
        status = cli_out_commit(out, err);
    }
    return status;
}

tpl_status cli_manifest_members(cli_json *json, cli_context *cli, const tpl_manifest *manifest,
                                const char *path, tpl_error *err) {
    if (manifest == NULL) {
        cli_json_null(json, "manifest");
        cli_json_null(json, "manifestHash");
        cli_json_null(json, "contentHash");
        cli_json_unsigned(json, "fileCount", 0);
        cli_json_unsigned(json, "totalSize", 0);
        return TPL_OK;
    }
    tpl_hash128 manifest_hash;
    tpl_hash128 content_hash;
    tpl_run run = cli_run(cli);
    tpl_status status =
        tpl_manifest_fingerprint(manifest, &manifest_hash, &content_hash, &run, err);
    if (status != TPL_OK) {
        return status;
    }
    cli_json_os(json, "manifest", path);
    cli_json_hash(json, "manifestHash", manifest_hash);
    cli_json_hash(json, "contentHash", content_hash);
    cli_json_unsigned(json, "fileCount", tpl_manifest_count(manifest));
    cli_json_unsigned(json, "totalSize", tpl_manifest_total_size(manifest));
    return TPL_OK;
}

bool cli_manifest_is_empty(const tpl_manifest *manifest) {
    return tpl_manifest_count(manifest) == 0 && tpl_manifest_directory_count(manifest) == 0;
}

void cli_hint_at_beta(cli_context *cli, tpl_status status, tpl_format format) {
    if (status == TPL_E_MANIFEST && format == TPL_FORMAT_2023_03_03) {
        cli->hint = "--format 2025-12-04-beta can hold it";
    }
}

tpl_status cli_manifest_convert(cli_context *cli, tpl_manifest *manifest, tpl_format format,
                                tpl_error *err) {
    tpl_run run = cli_run(cli);
    tpl_status status = tpl_manifest_convert(manifest, format, &run, err);
    cli_hint_at_beta(cli, status, format);
    return status;
}

tpl_status cli_manifest_deliver(cli_context *cli, tpl_manifest *manifest, cli_delivery *to,
                                tpl_error *err) {
    cli_json json = CLI_JSON_INIT;
    tpl_status status = cli_manifest_convert(cli, manifest, to->format, err);
    if (status == TPL_OK && cli->json) {
        cli_json_begin(&json, to->kind);
        status = cli_manifest_members(&json, cli, manifest, to->path, err);
    }
    if (status == TPL_OK) {
        tpl_run run = cli_run(cli);
        status = cli_manifest_save(manifest, to->format, &to->out, &run, err);
    }
    if (status == TPL_OK && cli->json) {
        status = cli_print_json(&json, err);
    }
    cli_json_dispose(&json);
    return status;
}

bool cli_json_needs_file(cli_context *cli, const char *path, const char *result) {
    bool needed = cli->json && !cli_out_is_file(path);
    if (needed) {
        cli_text message = CLI_TEXT_INIT;
        cli_put_format(&message, "--json needs -o FILE: the %s and the document are two results",
                       result);
        (void)cli_usage(cli, cli_text_string(&message), NULL, NULL);
        cli_text_dispose(&message);
    }
    return needed;
}
