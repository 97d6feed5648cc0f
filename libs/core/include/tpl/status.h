/* SPDX-License-Identifier: MIT */
/* Statuses and the error record that every fallible call of the library reports with. */
#ifndef TPL_STATUS_H
#define TPL_STATUS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One row a status: name, text. The enum, tpl_status_name() and tpl_status_text() are made from it.
 */
#define TPL_STATUS_MAP(X)                                                                          \
    X(OK, "success")                                                                               \
    X(E_NOMEM, "out of memory")                                                                    \
    X(E_ARGUMENT, "invalid argument")                                                              \
    X(E_IO, "operating system error")                                                              \
    X(E_CHANGED, "file kept changing while it was read")                                           \
    X(E_CANCELLED, "cancelled")                                                                    \
    X(E_SYNTAX, "not a JSON document")                                                             \
    X(E_MANIFEST, "invalid manifest")                                                              \
    X(E_VERSION, "unsupported manifest version")                                                   \
    X(E_RANGE, "number out of range")                                                              \
    X(E_EMPTY, "no file to describe")                                                              \
    X(E_UNSAFE_PATH, "path leaves the tree")                                                       \
    X(E_DOCUMENT, "not the document that is wanted")                                               \
    X(E_INPUTS, "inputs are missing or are no files")                                              \
    X(E_INTERNAL, "internal error")

typedef enum tpl_status {
#define TPL_STATUS_ENUM(name, text) TPL_##name,
    TPL_STATUS_MAP(TPL_STATUS_ENUM)
#undef TPL_STATUS_ENUM
    TPL_STATUS_COUNT /* sentinel: the number of statuses */
} tpl_status;

/* The status's name without prefix ("E_NOMEM") and its one-line text. Static strings; a value
 * outside the list gives "E_INTERNAL" and its text. */
const char *tpl_status_name(tpl_status status);
const char *tpl_status_text(tpl_status status);

#define TPL_ERROR_MESSAGE_SIZE 256

/* What went wrong: always the last parameter, owned by the caller, may be NULL. A call that fails
 * fills it, a call that succeeds leaves it alone. Initialise with TPL_ERROR_INIT; it can be handed
 * to any number of calls, one at a time. */
typedef struct tpl_error {
    tpl_status status;
    int sys_errno;                        /* the saved errno of TPL_E_IO, else 0 */
    char message[TPL_ERROR_MESSAGE_SIZE]; /* one line, lower-case, without the path, NUL-terminated
                                           */
    char *path;      /* WTF-8, NUL-terminated, owned; NULL when it is about no path */
    size_t path_len; /* in bytes; a manifest path may hold NUL */
} tpl_error;

#define TPL_ERROR_INIT {TPL_OK, 0, {0}, NULL, 0}

/* Releases what the record owns and makes it TPL_ERROR_INIT again; may be called on a record that
 * holds nothing. */
void tpl_error_dispose(tpl_error *err);

/* The one-line text of an errno as our messages have it: lower-case, without its number. `buf`
 * holds it and is returned. */
const char *tpl_errno_text(int sys_errno, char *buf, size_t size);

#ifdef __cplusplus
}
#endif
#endif
