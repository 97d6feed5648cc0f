/* SPDX-License-Identifier: MIT */
/* From filter options to core's filter. */
#include "filters.h"

#include <string.h>

#include "out.h"
#include "platform.h"
#include "report.h"

static const char *const SYMLINKS[] = {"follow", "keep", "skip", NULL};
static const tpl_symlinks SYMLINK_MODES[] = {TPL_SYMLINKS_FOLLOW, TPL_SYMLINKS_KEEP,
                                             TPL_SYMLINKS_SKIP};
static const char *const COMPAT[] = {"deadline", NULL};
const char *const cli_dialect_choices[] = {
#define WORD(name, word) word,
    TPL_DIALECT_MAP(WORD)
#undef WORD
        NULL};

const cli_option cli_filter_options[] = {
    {"include", 0, CLI_LIST, offsetof(cli_filters, include), "GLOB", NULL, NULL,
     "only files whose path below the root matches GLOB; ** is any number of directories"},
    {"exclude", 0, CLI_LIST, offsetof(cli_filters, exclude), "GLOB", NULL, NULL,
     "no files whose path matches GLOB"},
    {"dialect", 0, CLI_CHOICE, offsetof(cli_filters, dialect), "NAME", cli_dialect_choices, "glob",
     "how GLOB is read: segment by segment, or as the globset crate or deadline's downloads do, "
     "where wildcards match slashes, too"},
    {"symlinks", 0, CLI_CHOICE, offsetof(cli_filters, symlinks), "MODE", SYMLINKS, "follow",
     "what a symbolic link leads to counts under its name, or the link itself does (which "
     "2025-12-04-beta can hold), or links are passed over"},
    {"compat", 0, CLI_CHOICE, offsetof(cli_filters, compat), "WHAT", COMPAT, NULL,
     "as the deadline package: wildcards do not match a leading dot, and diff filters only what is "
     "on disk"},
    {"skip-unreadable", 0, CLI_FLAG, offsetof(cli_filters, skip_unreadable), NULL, NULL, NULL,
     "go on past what cannot be read, with a warning"},
    CLI_JOBS_OPTION(cli_filters, jobs),
    {0},
};

bool cli_filters_clash(cli_context *cli, const cli_filters *filters, tpl_format format,
                       cli_exit *code) {
    if (filters->compat >= 0 && filters->dialect != TPL_DIALECT_GLOB) {
        *code = cli_usage(cli, "--compat is about the dialect glob, not ",
                          cli_dialect_choices[filters->dialect], NULL);
        return true;
    }
    if (format == TPL_FORMAT_2023_03_03 && SYMLINK_MODES[filters->symlinks] == TPL_SYMLINKS_KEEP) {
        *code = cli_usage(cli, "--symlinks keep needs --format 2025-12-04-beta", NULL, NULL);
        return true;
    }
    return false;
}

tpl_status cli_filters_take(tpl_filter *out, cli_filters *filters, const char *output,
                            tpl_error *err) {
    out->include = filters->include;
    out->exclude = filters->exclude;
    filters->include = (tpl_strings)TPL_STRINGS_INIT;
    filters->exclude = (tpl_strings)TPL_STRINGS_INIT;
    out->symlinks = SYMLINK_MODES[filters->symlinks];
    out->dialect = (tpl_dialect)filters->dialect;
    out->hide_dotfiles = filters->compat >= 0;
    out->skip_unreadable = filters->skip_unreadable;
    return cli_omit_output(&out->omit, output, err);
}

tpl_status cli_omit_output(tpl_strings *omit, const char *output, tpl_error *err) {
    tpl_status status = tpl_strings_append(omit, cli_stream_path(CLI_STDOUT));
    if (status == TPL_OK && cli_out_is_file(output)) {
        status = tpl_strings_append(omit, output);
    }
    return status == TPL_OK ? TPL_OK : cli_error(err, status);
}

tpl_status cli_omit_manifest(tpl_strings *omit, const char *argument, tpl_error *err) {
    bool is_stdin = strcmp(argument, "-") == 0;
    tpl_status status = tpl_strings_append(omit, is_stdin ? cli_stream_path(CLI_STDIN) : argument);
    return status == TPL_OK ? TPL_OK : cli_error(err, status);
}

void cli_filters_dispose(cli_filters *filters) {
    tpl_strings_dispose(&filters->include);
    tpl_strings_dispose(&filters->exclude);
}
