/* SPDX-License-Identifier: MIT */
/* Standard streams, terminal, clock and limits on POSIX systems. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void cli_streams_start(void) {
    for (int fd = CLI_STDIN; fd <= CLI_STDERR; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF) {
            /* the lowest free number is `fd`; the wrong direction makes its use fail */
            (void)open("/dev/null", fd == CLI_STDIN ? O_WRONLY : O_RDONLY);
        }
    }
}

/* Waits until `fd` can be written, but not on when a signal was caught: 0, EINTR or another errno.
 */
static int wait_writable(int fd) {
    for (;;) {
        struct pollfd ready = {fd, POLLOUT, 0};
        int count = poll(&ready, 1, 20);
        if (count > 0) {
            return 0;
        }
        if (count < 0 && errno != EINTR && errno != EAGAIN) {
            return errno;
        }
        if (cli_signal_caught() != 0) {
            return EINTR;
        }
    }
}

/* As a pipe, a socket and a terminal may, and a file and /dev/null may not. */
static bool may_fill_up(int fd) {
    struct stat status;
    bool known = fstat(fd, &status) == 0;
    return !known || !(S_ISREG(status.st_mode) || (S_ISCHR(status.st_mode) && !isatty(fd)));
}

/* Pieces of PIPE_BUF never block once the stream is ready, so a signal is always noticed. */
static int write_all(int fd, const char *bytes, size_t len) {
    size_t most = may_fill_up(fd) ? PIPE_BUF : len;
    while (len > 0) {
        int error = wait_writable(fd);
        if (error != 0) {
            return error;
        }
        ssize_t written = write(fd, bytes, len < most ? len : most);
        if (written >= 0) {
            bytes += written;
            len -= (size_t)written;
        } else if (errno != EINTR && errno != EAGAIN) {
            return errno;
        }
    }
    return 0;
}

int cli_stdout_write(const void *data, size_t len) {
    return write_all(CLI_STDOUT, data, len);
}

void cli_stderr_write(const void *data, size_t len) {
    (void)write_all(CLI_STDERR, data, len);
}

int cli_stdout_close(void) {
    return close(CLI_STDOUT) == 0 || errno == EINTR ? 0 : errno;
}

bool cli_stream_is_terminal(int stream) {
    return isatty(stream) == 1;
}

int cli_terminal_width(void) {
    struct winsize size;
    if (ioctl(CLI_STDERR, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 80;
}

const char *cli_stream_path(int stream) {
    return stream == CLI_STDIN ? "/dev/stdin" : "/dev/stdout";
}

const char *cli_environment(const char *name) {
    return getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing here changes the environment */
}

uint64_t cli_clock_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void cli_clock_stamp(char out[CLI_STAMP_SIZE]) {
    time_t now = time(NULL);
    struct tm local;
    bool known = localtime_r(&now, &local) != NULL;
    if (!known || strftime(out, CLI_STAMP_SIZE, "%Y-%m-%dT%H-%M-%S", &local) == 0) {
        out[0] = '\0';
    }
}

void cli_files_unlimit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}
