/* SPDX-License-Identifier: MIT */
/* How the command can end. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

/* Name, code, meaning. */
#define CLI_EXIT_MAP(X)                                                                            \
    X(DONE, 0, "done")                                                                             \
    X(NO, 1, "the answer is no: verify, hash --check, diff --exit-code")                           \
    X(USAGE, 2, "the command line is wrong")                                                       \
    X(IO, 3, "a file, the system or memory failed")                                                \
    X(DATA, 4, "a manifest or other data is invalid or cannot be expressed")                       \
    X(INTERNAL, 70, "a defect of the program")                                                     \
    X(INTERRUPTED, 130, "interrupted (SIGINT), after cleaning up")                                 \
    X(TERMINATED, 143, "terminated (SIGTERM, SIGHUP), after cleaning up")

typedef enum cli_exit {
#define CLI_EXIT_ENUM(name, code, meaning) CLI_EXIT_##name = (code),
    CLI_EXIT_MAP(CLI_EXIT_ENUM)
#undef CLI_EXIT_ENUM
} cli_exit;

#endif
