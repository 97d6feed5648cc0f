/* SPDX-License-Identifier: MIT */
/* The common options, and the ground that a long call stands on. */
#include <string.h>

#include "cli.h"
#include "platform.h"
#include "report.h"

static const char *const WHEN[] = {"auto", "always", "never", NULL};

/* --json is the first, so that commands without it can leave it out. */
static const cli_option COMMON[] = {
    {"json", 0, CLI_FLAG, offsetof(cli_context, json), NULL, NULL, NULL,
     "one JSON document on standard output, also for an error"},
    {"quiet", 'q', CLI_FLAG, offsetof(cli_context, quiet), NULL, NULL, NULL,
     "nothing on standard error but errors"},
    {"progress", 0, CLI_CHOICE, offsetof(cli_context, progress), "WHEN", WHEN, "auto",
     "a progress bar on standard error; auto: when it is a terminal"},
    {"color", 0, CLI_CHOICE, offsetof(cli_context, color), "WHEN", WHEN, "auto",
     "colors in listings; auto: on a terminal, unless NO_COLOR is set"},
    {"help", 'h', CLI_FLAG, offsetof(cli_context, help), NULL, NULL, NULL, "print this help"},
    {0},
};

void cli_context_dispose(cli_context *cli) {
    cli_json_dispose(&cli->skipped);
    tpl_buffer_dispose(&cli->pattern);
}

/* Row `*index` of a table; counts it down by the table's length when that is too short. */
static const cli_option *row(const cli_option *table, size_t *index) {
    for (; table != NULL && table->name != NULL; table++) {
        if (*index == 0) {
            return table;
        }
        --*index;
    }
    return NULL;
}

const cli_option *cli_option_at(const cli_command *command, size_t index, cli_scope *scope) {
    const cli_option *const tables[] = {
        [CLI_OWN] = command->options,
        [CLI_SHARED] = command->shared,
        [CLI_COMMON] = command->no_json ? COMMON + 1 : COMMON,
    };
    const cli_option *found = NULL;
    for (int i = CLI_OWN; i <= CLI_COMMON && found == NULL; i++) {
        found = row(tables[i], &index);
        if (found != NULL && scope != NULL) {
            *scope = (cli_scope)i;
        }
    }
    return found;
}

const cli_command *cli_command_find(const char *name) {
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        if (strcmp(cli_commands[i]->name, name) == 0) {
            return cli_commands[i];
        }
    }
    return NULL;
}

static int on_progress(const tpl_progress *progress, void *payload) {
    cli_context *cli = payload;
    cli_progress_update(&cli->bar, progress);
    return 0;
}

static int on_poll(void *payload) {
    (void)payload;
    return cli_signal_caught();
}

static bool wants_progress(const cli_context *cli) {
    if (cli->progress != CLI_WHEN_AUTO) {
        return cli->progress == CLI_WHEN_ALWAYS;
    }
    const char *terminal = cli_environment("TERM");
    bool dumb = terminal != NULL && strcmp(terminal, "dumb") == 0;
    return !cli->quiet && !dumb && cli_stream_is_terminal(CLI_STDERR);
}

tpl_run cli_run(cli_context *cli) {
    cli_signals_catch();
    cli_files_unlimit();
    cli->bar.patient = cli->progress == CLI_WHEN_AUTO;
    tpl_run run = {cli->jobs, wants_progress(cli) ? on_progress : NULL, cli_on_warning, on_poll,
                   cli};
    return run;
}

bool cli_wants_color(const cli_context *cli, bool to_stdout) {
    if (cli->color != CLI_WHEN_AUTO) {
        return cli->color == CLI_WHEN_ALWAYS;
    }
    const char *no_color = cli_environment("NO_COLOR");
    bool refused = no_color != NULL && no_color[0] != '\0';
    return to_stdout && !refused && cli_stream_is_terminal(CLI_STDOUT);
}
