/* SPDX-License-Identifier: MIT */
/* Draws the progress bar: files, bytes, rate, time left. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "platform.h"

#define PATIENCE_MS 250
#define LINE_MAX_COLUMNS 240
#define BAR_COLUMNS 24

static void measure(cli_progress *bar, const tpl_progress *now, uint64_t ms) {
    bool first = bar->start_ms == 0;
    if (first || now->bytes_done < bar->last_bytes || now->files_done < bar->last_files) {
        bar->start_ms = first ? ms : bar->start_ms; /* else it is about the next file */
        bar->last_ms = ms;
        bar->last_bytes = now->bytes_done;
        bar->last_files = now->files_done;
        return;
    }
    uint64_t elapsed = ms - bar->last_ms;
    if (elapsed < 50) {
        return;
    }
    double seconds = (double)elapsed / 1000.0;
    double bytes = (double)(now->bytes_done - bar->last_bytes) / seconds;
    double files = (double)(now->files_done - bar->last_files) / seconds;
    double weight = bar->bytes_rate > 0 || bar->files_rate > 0 ? 0.2 : 1.0;
    bar->bytes_rate += weight * (bytes - bar->bytes_rate);
    bar->files_rate += weight * (files - bar->files_rate);
    bar->last_ms = ms;
    bar->last_bytes = now->bytes_done;
    bar->last_files = now->files_done;
}

static void put_size(char *out, size_t size, double bytes) {
    static const char *const UNITS[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    size_t unit = 0;
    while (bytes >= 1000 && unit + 1 < sizeof(UNITS) / sizeof(UNITS[0])) {
        bytes /= 1024;
        unit++;
    }
    (void)snprintf(out, size, unit == 0 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes,
                   UNITS[unit]);
}

/* How much is done, 0 to 1; less than 0 when that is not known. */
static double share(const tpl_progress *now) {
    if (!now->total_known) {
        return -1;
    }
    if (now->bytes_total > 0) {
        return (double)now->bytes_done / (double)now->bytes_total;
    }
    return now->files_total > 0 ? (double)now->files_done / (double)now->files_total : -1;
}

static void put_left(char *out, size_t size, const cli_progress *bar, const tpl_progress *now) {
    double left = -1;
    if (now->total_known && now->bytes_total > now->bytes_done && bar->bytes_rate > 0) {
        left = (double)(now->bytes_total - now->bytes_done) / bar->bytes_rate;
    } else if (now->total_known && now->files_total > now->files_done && bar->files_rate > 0) {
        left = (double)(now->files_total - now->files_done) / bar->files_rate;
    }
    out[0] = '\0';
    if (left >= 0 && left < 360000) {
        unsigned seconds = (unsigned)(left + 0.5);
        if (seconds >= 3600) {
            (void)snprintf(out, size, "  %u:%02u:%02u left", seconds / 3600, seconds / 60 % 60,
                           seconds % 60);
        } else {
            (void)snprintf(out, size, "  %u:%02u left", seconds / 60, seconds % 60);
        }
    }
}

static void put_bar(char *out, double done) {
    int full = (int)(done * BAR_COLUMNS);
    full = full > BAR_COLUMNS ? BAR_COLUMNS : full;
    out[0] = '[';
    memset(out + 1, '=', (size_t)full);
    memset(out + 1 + full, ' ', (size_t)(BAR_COLUMNS - full));
    memcpy(out + 1 + BAR_COLUMNS, "]  ", 4);
}

static void compose(char *out, size_t size, const cli_progress *bar, const tpl_progress *now) {
    char graph[BAR_COLUMNS + 5] = "";
    char files[64];
    char bytes[32];
    char rate[32];
    char left[32];
    double done = share(now);
    if (done >= 0) {
        put_bar(graph, done);
        (void)snprintf(files, sizeof(files), "%" PRIu64 "/%" PRIu64 " files", now->files_done,
                       now->files_total);
    } else {
        (void)snprintf(files, sizeof(files), "%" PRIu64 " files",
                       now->files_total > now->files_done ? now->files_total : now->files_done);
    }
    put_size(bytes, sizeof(bytes), (double)now->bytes_done);
    put_size(rate, sizeof(rate), bar->bytes_rate);
    put_left(left, sizeof(left), bar, now);
    int len = snprintf(out, size, "%s  %s%s  %s  %s/s%s", tpl_phase_word(now->phase), graph, files,
                       bytes, rate, left);
    if (len < 0) {
        out[0] = '\0';
    }
}

void cli_progress_update(cli_progress *bar, const tpl_progress *progress) {
    uint64_t ms = cli_clock_ms();
    measure(bar, progress, ms);
    if (progress->phase == TPL_PHASE_DONE) {
        cli_progress_clear(bar);
        return;
    }
    if (bar->patient && ms - bar->start_ms < PATIENCE_MS) {
        return;
    }
    char text[LINE_MAX_COLUMNS];
    compose(text, sizeof(text), bar, progress);
    int width = cli_terminal_width() - 1; /* the last column would wrap */
    char line[LINE_MAX_COLUMNS + 8];
    int len = snprintf(line, sizeof(line), "\r%.*s\033[K", width < 1 ? 1 : width, text);
    cli_stderr_write(line, (size_t)len);
    bar->drawn = true;
}

void cli_progress_clear(cli_progress *bar) {
    if (bar->drawn) {
        cli_stderr_write("\r\033[K", 4);
        bar->drawn = false;
    }
}
