/* SPDX-License-Identifier: MIT */
/* What a person reads on stderr: errors with hints, warnings, notes; and the exit code of a
 * failure.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli.h"
#include "text.h"
#include "tpl/status.h"

/* Fills an error record and gives back its status: the status's own text; an errno about one of the
 * standard streams. */
tpl_status cli_error(tpl_error *err, tpl_status status);
tpl_status cli_error_stream(tpl_error *err, int sys_errno, const char *stream);

cli_exit cli_exit_of(tpl_status status);

/* Reports an error, with cli->subject and cli->hint, as lines on stderr and with --json as a
 * document on stdout; then releases it. Returns its exit code. */
cli_exit cli_fail(cli_context *cli, tpl_error *err);

/* Reports it on stderr only, where it is not the end; then releases it. */
void cli_complain(cli_context *cli, tpl_error *err);

/* Reports that the command line is wrong: `message`, and behind it `word` when not NULL (operating-
 * system text). `similar` (may be NULL) is what was perhaps meant. Returns CLI_EXIT_USAGE. */
cli_exit cli_usage(cli_context *cli, const char *message, const char *word, const char *similar);

/* A line that begins with "warning:", about a path (operating-system bytes); not with --quiet. */
void cli_warn(cli_context *cli, const char *os_path, const char *message);

/* A tpl_warning_fn whose payload is the context: prints it, and keeps what was skipped. */
void cli_on_warning(const tpl_warning *warning, void *payload);

/* Appends what to write instead of a pattern that names a directory. */
void cli_put_pattern_below(cli_text *text, const char *pattern, size_t len);

/* A line of information, made by cli_put...(), which it disposes; not with --quiet. */
void cli_note(cli_context *cli, cli_text *line);

#endif
