/* SPDX-License-Identifier: MIT */
/* Standard streams, terminal, clock and limits on POSIX systems. */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
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

static int write_some(int fd, const void *data, size_t len, size_t *written) {
    ssize_t n = write(fd, data, len);
    if (n >= 0) {
        *written = (size_t)n;
        return 0;
    }
    int error = errno;
    if (error == EAGAIN) { /* someone made the stream non-blocking */
        struct pollfd ready = {fd, POLLOUT, 0};
        (void)poll(&ready, 1, 50);
        error = EINTR;
    }
    *written = 0;
    return error;
}

int cli_stdout_write(const void *data, size_t len) {
    const char *bytes = data;
    while (len > 0) {
        size_t written;
        int error = write_some(CLI_STDOUT, bytes, len, &written);
        if (error != 0 && (error != EINTR || cli_signal_caught() != 0)) {
            return error;
        }
        bytes += written;
        len -= written;
    }
    return 0;
}

int cli_stdout_close(void) {
    return close(CLI_STDOUT) == 0 || errno == EINTR ? 0 : errno;
}

void cli_stderr_write(const void *data, size_t len) {
    const char *bytes = data;
    while (len > 0) {
        size_t written;
        int error = write_some(CLI_STDERR, bytes, len, &written);
        if (error != 0 && error != EINTR) {
            return;
        }
        bytes += written;
        len -= written;
    }
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

void cli_files_unlimit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}
