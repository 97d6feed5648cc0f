/* SPDX-License-Identifier: MIT */
/* The progress bar: one line on stderr that is redrawn in place and clears itself. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "tpl/run.h"

typedef struct cli_progress {
    bool patient; /* not before the work has gone on for a moment */
    bool drawn;   /* a line is on the screen */
    uint64_t start_ms;
    uint64_t last_ms; /* when the rate was measured */
    uint64_t last_bytes;
    uint64_t last_files;
    double bytes_rate; /* per second, smoothed */
    double files_rate;
} cli_progress;

/* Takes one report of core's and redraws. */
void cli_progress_update(cli_progress *bar, const tpl_progress *progress);

/* Wipes the line, if one is on the screen. */
void cli_progress_clear(cli_progress *bar);

#endif
