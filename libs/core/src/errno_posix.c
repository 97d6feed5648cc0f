/* SPDX-License-Identifier: MIT */
/* The text of an errno. Alone in its file for the POSIX strerror_r, which GNU's would otherwise
 * shadow. */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>

#include "tpl/status.h"

const char *tpl_errno_text(int sys_errno, char *buf, size_t size) {
    if (strerror_r(sys_errno, buf, size) != 0) {
        snprintf(buf, size, "error %d", sys_errno);
    }
    /* "No such file" reads "no such file" behind a path; "I/O" stays. */
    if (buf[0] >= 'A' && buf[0] <= 'Z' && buf[1] >= 'a' && buf[1] <= 'z') {
        buf[0] = (char)(buf[0] - 'A' + 'a');
    }
    return buf;
}
