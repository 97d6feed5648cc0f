/* SPDX-License-Identifier: MIT */
/* `inspect`: what a manifest says. */
#include <inttypes.h>

#include "commands.h"
#include "entries.h"
#include "manifests.h"
#include "report.h"
#include "tpl/text.h"

typedef struct arguments {
    bool entries;
} arguments;

static const cli_option OPTIONS[] = {
    {"entries", 0, CLI_FLAG, offsetof(arguments, entries), NULL, NULL, NULL,
     "list the entries, too: hash, size, modification time in microseconds, path"},
    {0},
};

/* What is known about a manifest file. */
typedef struct facts {
    const tpl_manifest *manifest;
    tpl_hash128 manifest_hash; /* of the file as it is */
    tpl_hash128 content_hash;
    bool canonical;
} facts;

static tpl_status gather(facts *out, tpl_manifest **manifest, cli_context *cli, tpl_error *err) {
    tpl_run run = cli_run(cli);
    tpl_hash128 canonical;
    tpl_status status =
        cli_parent_load(manifest, &out->manifest_hash, NULL, cli, cli->operands[0], err);
    if (status == TPL_OK) {
        status = tpl_manifest_fingerprint(*manifest, &canonical, &out->content_hash, &run, err);
    }
    if (status == TPL_OK) {
        out->manifest = *manifest;
        out->canonical =
            canonical.high == out->manifest_hash.high && canonical.low == out->manifest_hash.low;
    }
    return status;
}

/* What only 2025-12-04-beta has. */
static void put_beta(cli_text *text, const tpl_manifest *manifest) {
    if (tpl_manifest_format(manifest) != TPL_FORMAT_2025_12_04_BETA) {
        return;
    }
    size_t len;
    const char *parent = tpl_manifest_parent(manifest, &len);
    cli_put_format(text, "directories:   %zu\n", tpl_manifest_directory_count(manifest));
    if (parent != NULL) {
        cli_put(text, "diff of:       ");
        cli_put_path(text, parent, len);
        cli_put(text, "\n");
    }
}

static void add_beta(cli_json *json, const tpl_manifest *manifest) {
    if (tpl_manifest_format(manifest) != TPL_FORMAT_2025_12_04_BETA) {
        return;
    }
    size_t len;
    const char *parent = tpl_manifest_parent(manifest, &len);
    cli_json_unsigned(json, "directoryCount", tpl_manifest_directory_count(manifest));
    if (parent == NULL) {
        cli_json_null(json, "parentManifestHash");
    } else {
        cli_json_text(json, "parentManifestHash", parent, len);
    }
}

static tpl_status print_text(const facts *known, bool entries, tpl_error *err) {
    const tpl_manifest *manifest = known->manifest;
    char manifest_hash[TPL_HASH_HEX_LEN + 1];
    char content_hash[TPL_HASH_HEX_LEN + 1];
    tpl_hash128_to_hex(known->manifest_hash, manifest_hash);
    tpl_hash128_to_hex(known->content_hash, content_hash);
    cli_text text = CLI_TEXT_INIT;
    cli_put_format(&text, "version:       %s\n", tpl_format_text(tpl_manifest_format(manifest)));
    cli_put(&text, "hash:          xxh128\n");
    cli_put_format(&text, "files:         %zu\n", tpl_manifest_count(manifest));
    if (tpl_manifest_duplicates(manifest) > 0) {
        cli_put_format(&text, "duplicates:    %zu\n", tpl_manifest_duplicates(manifest));
    }
    put_beta(&text, manifest);
    cli_put_format(&text, "total size:    %" PRIu64 "\n", tpl_manifest_total_size(manifest));
    cli_put_format(&text, "manifest hash: %s\n", manifest_hash);
    cli_put_format(&text, "content hash:  %s\n", content_hash);
    cli_put_format(&text, "canonical:     %s\n", known->canonical ? "yes" : "no");
    cli_out out = CLI_OUT_INIT;
    (void)cli_out_text(&out, &text); /* commit tells of a failure */
    cli_text_dispose(&text);
    if (entries) {
        cli_entries_write(manifest, &out);
    }
    tpl_status status = cli_out_commit(&out, err);
    cli_out_dispose(&out);
    return status;
}

static tpl_status print_document(const facts *known, bool entries, tpl_error *err) {
    cli_json json = CLI_JSON_INIT;
    cli_json_begin(&json, "inspect");
    cli_json_string(&json, "version", tpl_format_text(tpl_manifest_format(known->manifest)));
    cli_json_string(&json, "hashAlg", "xxh128");
    cli_json_unsigned(&json, "fileCount", tpl_manifest_count(known->manifest));
    cli_json_unsigned(&json, "totalSize", tpl_manifest_total_size(known->manifest));
    cli_json_hash(&json, "manifestHash", known->manifest_hash);
    cli_json_hash(&json, "contentHash", known->content_hash);
    cli_json_bool(&json, "canonical", known->canonical);
    if (entries) {
        cli_entries_member(&json, known->manifest);
    }
    add_beta(&json, known->manifest);
    cli_json_unsigned(&json, "duplicates", tpl_manifest_duplicates(known->manifest));
    return cli_print_json(&json, err);
}

static cli_exit run(cli_context *cli, int argc, char **argv) {
    arguments args = {0};
    tpl_error err = TPL_ERROR_INIT;
    tpl_manifest *manifest = NULL;
    facts known;
    cli_exit code;
    if (!cli_parse(cli, &args, argc, argv, &code)) {
        return code;
    }
    tpl_status status = gather(&known, &manifest, cli, &err);
    if (status == TPL_OK) {
        status = cli->json ? print_document(&known, args.entries, &err)
                           : print_text(&known, args.entries, &err);
    }
    tpl_manifest_free(manifest);
    return status == TPL_OK ? CLI_EXIT_DONE : cli_fail(cli, &err);
}

const cli_command cli_cmd_inspect = {
    .name = "inspect",
    .arguments = "MANIFEST",
    .summary = "Print what a manifest says: totals, fingerprints, entries",
    .details = "The manifest hash is of the file's bytes. The content hash is of its canonical "
               "form with every time written as 0: equal for equal paths and contents. A file is "
               "canonical when it is byte for byte what convert would write.",
    .examples = "  template-cli inspect src.manifest\n"
                "  template-cli inspect --json --entries src.manifest\n",
    .options = OPTIONS,
    .run = run,
};
