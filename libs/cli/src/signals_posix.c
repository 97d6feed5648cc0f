/* SPDX-License-Identifier: MIT */
/* Signals that end the process become a number that the work polls. */
#include <signal.h>
#include <string.h>

#include "platform.h"

/* A signal handler can reach nothing else. */
static volatile sig_atomic_t caught;

static void on_signal(int signal) {
    if (caught == 0) {
        caught = signal;
    }
}

static void catch_one(int signal) {
    struct sigaction action;
    if (sigaction(signal, NULL, &action) != 0 || action.sa_handler == SIG_IGN) {
        return;
    }
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal; /* without SA_RESTART: a blocked write has to come back */
    sigemptyset(&action.sa_mask);
    (void)sigaction(signal, &action, NULL);
}

void cli_signals_catch(void) {
    catch_one(SIGINT);
    catch_one(SIGTERM);
    catch_one(SIGHUP);
    (void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write() */
}

int cli_signal_caught(void) {
    return caught;
}

bool cli_signal_is_interrupt(int signal) {
    return signal == SIGINT;
}
