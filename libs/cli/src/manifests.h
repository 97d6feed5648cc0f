/* SPDX-License-Identifier: MIT */
/* Manifests between the command line and core: arguments that name one, files that get one. */
#ifndef CLI_MANIFESTS_H
#define CLI_MANIFESTS_H

#include "cli.h"
#include "out.h"
#include "tpl/manifest.h"
#include "tpl/snapshot.h"

/* The texts of the known formats up to NULL, for a table's --format row. */
extern const char *const cli_format_choices[];

#define CLI_FORMAT_OPTION(type, member)                                                            \
    {"format",     0,                                                                              \
     CLI_CHOICE,   offsetof(type, member),                                                         \
     "V",          cli_format_choices,                                                             \
     "2023-03-03", "the manifest's format"}

/* The --output row. */
#define CLI_OUTPUT_OPTION(type, member, what)                                                      \
    {"output", 'o',                                                                                \
     CLI_TEXT, offsetof(type, member),                                                             \
     "FILE",   NULL,                                                                               \
     NULL,     "write " what " to FILE, replaced as a whole; - is standard output, as without it"}

/* Loads the manifest that an argument names. A failure leaves in the context what it is about and
 * what to do. */
tpl_status cli_manifest_load(tpl_manifest **out, cli_context *cli, const char *argument,
                             tpl_error *err);

/* As cli_manifest_load(), for what others refer to: `hash` (may be NULL) is that of the file's
 * bytes, `mtime_ns` as for cli_input_read(). */
tpl_status cli_parent_load(tpl_manifest **out, tpl_hash128 *hash, int64_t *mtime_ns,
                           cli_context *cli, const char *argument, tpl_error *err);

/* The base of a snapshot, whose file is no part of the tree. `options` borrows `out`, and the
 * snapshot may empty it. */
tpl_status cli_base_load(tpl_manifest **out, tpl_snapshot_options *options, cli_context *cli,
                         const char *argument, tpl_error *err);

/* Writes it canonically to an opened output, and commits that. */
tpl_status cli_manifest_save(const tpl_manifest *manifest, tpl_format format, cli_out *out,
                             const tpl_run *run, tpl_error *err);

/* What a manifest is, for the documents of the commands that make one: `manifest` (the file),
 * `manifestHash`, `contentHash`, `fileCount`, `totalSize`. A NULL manifest was not written. */
tpl_status cli_manifest_members(cli_json *json, cli_context *cli, const tpl_manifest *manifest,
                                const char *path, tpl_error *err);

/* Where a manifest goes that is all of a command's answer. */
typedef struct cli_delivery {
    const char *kind; /* of the document */
    tpl_format format;
    const char *path; /* as given, or NULL */
    cli_out out;      /* opened for it */
} cli_delivery;

/* No entry at all. */
bool cli_manifest_is_empty(const tpl_manifest *manifest);

/* What to do when a manifest does not fit into a format. */
void cli_hint_at_beta(cli_context *cli, tpl_status status, tpl_format format);

/* Gives it another format; a failure leaves in the context what to do. */
tpl_status cli_manifest_convert(cli_context *cli, tpl_manifest *manifest, tpl_format format,
                                tpl_error *err);

/* Converts and saves it, and with --json prints the document about it. */
tpl_status cli_manifest_deliver(cli_context *cli, tpl_manifest *manifest, cli_delivery *to,
                                tpl_error *err);

/* Whether --json would have to share standard output with the command's `result`; then it was
 * reported. */
bool cli_json_needs_file(cli_context *cli, const char *path, const char *result);

#endif
