/* SPDX-License-Identifier: MIT */
/* Status names and texts, and the filling of error records. */
#include "tpl/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "mem.h"
#include "tpl/buffer.h"
#include "tpl/text.h"

static const char *const NAMES[] = {
#define NAME(name, text) #name,
    TPL_STATUS_MAP(NAME)
#undef NAME
};

static const char *const TEXTS[] = {
#define TEXT(name, text) text,
    TPL_STATUS_MAP(TEXT)
#undef TEXT
};

static tpl_status known(tpl_status status) {
    return (unsigned)status < TPL_STATUS_COUNT ? status : TPL_E_INTERNAL;
}

const char *tpl_status_name(tpl_status status) {
    return NAMES[known(status)];
}

const char *tpl_status_text(tpl_status status) {
    return TEXTS[known(status)];
}

void tpl_error_dispose(tpl_error *err) {
    tpl__free(err->path);
    *err = (tpl_error)TPL_ERROR_INIT;
}

static void set_message(tpl_error *err, const char *format, va_list args) {
    if (vsnprintf(err->message, sizeof(err->message), format, args) < 0) {
        err->message[0] = '\0'; /* GCOVR_EXCL_LINE: our formats are none that it refuses */
    }
}

tpl_status tpl__fail(tpl_error *err, tpl_status status, const char *format, ...) {
    if (err != NULL) {
        tpl_error_dispose(err);
        err->status = status;
        va_list args;
        va_start(args, format);
        set_message(err, format, args);
        va_end(args);
    }
    return status;
}

tpl_status tpl__fail_text(tpl_error *err, tpl_status status, const char *path, size_t len,
                          const char *format, ...) {
    if (err == NULL) {
        return status;
    }
    char *copy = tpl__alloc_array(len + 1, 1); /* without memory, the message alone has to do */
    if (copy != NULL && len > 0) {
        memcpy(copy, path, len);
    }
    tpl_error_dispose(err);
    err->status = status;
    err->path = copy;
    err->path_len = copy == NULL ? 0 : len;
    va_list args;
    va_start(args, format);
    set_message(err, format, args);
    va_end(args);
    return status;
}

tpl_status tpl__fail_at(tpl_error *err, tpl_status status, const char *os_path,
                        const char *message) {
    tpl_buffer text = TPL_BUFFER_INIT;
    if (err != NULL && tpl_text_from_os(&text, os_path, strlen(os_path)) == TPL_OK) {
        tpl__fail_text(err, status, text.data, text.len, "%s", message);
    } else {
        tpl__fail(err, status, "%s", message);
    }
    tpl_buffer_dispose(&text);
    return status;
}

tpl_status tpl__fail_os(tpl_error *err, int sys_errno, const char *os_path) {
    if (sys_errno == ENOMEM) {
        return tpl__fail_nomem(err);
    }
    char buf[128];
    tpl__fail_at(err, TPL_E_IO, os_path, tpl_errno_text(sys_errno, buf, sizeof(buf)));
    if (err != NULL) {
        err->sys_errno = sys_errno;
    }
    return TPL_E_IO;
}

tpl_status tpl__fail_nomem(tpl_error *err) {
    return tpl__fail(err, TPL_E_NOMEM, "%s", tpl_status_text(TPL_E_NOMEM));
}

tpl_status tpl__fail_cancelled(tpl_error *err) {
    return tpl__fail(err, TPL_E_CANCELLED, "%s", tpl_status_text(TPL_E_CANCELLED));
}
