/* SPDX-License-Identifier: MIT */
/* A job's paths: the options that name them, what they are grouped into, and that as JSON. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include "cli.h"
#include "tpl/submit.h"

/* The options that say what belongs to a job. */
typedef struct cli_job_names {
    tpl_references given;
    tpl_strings exclude;
    const char *asset_references; /* documents' files, or NULL */
    const char *storage_profile;
    int dialect; /* tpl_dialect, of `exclude` */
    bool require_paths_exist;
    unsigned jobs;
} cli_job_names;

#define CLI_JOB_NAMES_INIT                                                                         \
    {TPL_REFERENCES_INIT, TPL_STRINGS_INIT, NULL, NULL, TPL_DIALECT_GLOB, false, 0}

/* The table for it. */
extern const cli_option cli_job_options[];

/* Whether they name anything, and standard input once at most; if not, it was reported. */
bool cli_job_names_check(cli_context *cli, const cli_job_names *names);
void cli_job_names_dispose(cli_job_names *names);

/* Reads the documents and groups everything, to be hashed next; the file that `output` names (may
 * be NULL) is no input. The result borrows nothing. A failure leaves in the context what it is
 * about. */
tpl_status cli_job_group(tpl_submission **out, cli_context *cli, const cli_job_names *names,
                         const char *output, tpl_error *err);

/* Members `attachments` (the payload's text), `roots` and their totals. */
void cli_job_members(cli_json *json, const tpl_submission *submission, const tpl_buffer *payload);

/* How many files, bytes and roots, for a person. */
void cli_job_tell(cli_context *cli, const tpl_submission *submission);

#endif
