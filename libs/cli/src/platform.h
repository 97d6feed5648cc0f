/* SPDX-License-Identifier: MIT */
/* What the command needs of the operating system: standard streams, terminal, clock, signals,
 * limits. One implementation a platform. */
#ifndef CLI_PLATFORM_H
#define CLI_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CLI_STDIN,
    CLI_STDOUT,
    CLI_STDERR
};

/* A standard stream that was closed is opened so that using it fails: else the next file opened
 * would be taken for it. */
void cli_streams_start(void);

/* Writes all of it to standard output: 0 or an errno; EINTR when a signal was caught and nobody
 * reads. */
int cli_stdout_write(const void *data, size_t len);
int cli_stdout_close(void); /* 0, or the errno of a write that failed late */

/* Writes what it can to standard error. */
void cli_stderr_write(const void *data, size_t len);

bool cli_stream_is_terminal(int stream);
int cli_terminal_width(void); /* columns of the terminal on standard error; 80 when not known */

/* A path that leads to a standard stream whatever it is connected to. */
const char *cli_stream_path(int stream);

const char *cli_environment(const char *name); /* a variable, or NULL */

uint64_t cli_clock_ms(void); /* milliseconds of a clock that only goes forward */

#define CLI_STAMP_SIZE 32

void cli_clock_stamp(char out[CLI_STAMP_SIZE]); /* local time as 2023-11-14T22-13-20 */

/* From now on SIGINT, SIGTERM and SIGHUP are remembered instead of ending the process; those that
 * it was started to ignore stay ignored. A file that grows past a limit is an error, not the end.
 */
void cli_signals_catch(void);
int cli_signal_caught(void); /* the first one's number, or 0 */
bool cli_signal_is_interrupt(int signal);

/* Lifts the soft limit of open files to the hard one: a deep tree needs one a level. */
void cli_files_unlimit(void);

#endif
