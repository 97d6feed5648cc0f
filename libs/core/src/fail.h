/* SPDX-License-Identifier: MIT */
/* How core fills a caller's error record. Each returns the status it was given; `err` may be NULL.
 */
#ifndef TPL__FAIL_H
#define TPL__FAIL_H

#include <stddef.h>

#include "tpl/status.h"

#if defined(__GNUC__)
#define TPL__PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define TPL__PRINTF(fmt, args)
#endif

/* About no path. */
tpl_status tpl__fail(tpl_error *err, tpl_status status, const char *format, ...) TPL__PRINTF(3, 4);

/* About a WTF-8 path, which is copied. */
tpl_status tpl__fail_text(tpl_error *err, tpl_status status, const char *path, size_t len,
                          const char *format, ...) TPL__PRINTF(5, 6);

/* About an operating-system path. */
tpl_status tpl__fail_at(tpl_error *err, tpl_status status, const char *os_path,
                        const char *message);

/* An operating-system error (`sys_errno`) about an operating-system path: TPL_E_IO, or TPL_E_NOMEM
 * for ENOMEM. */
tpl_status tpl__fail_os(tpl_error *err, int sys_errno, const char *os_path);

/* The bare statuses whose text says all. */
tpl_status tpl__fail_nomem(tpl_error *err);
tpl_status tpl__fail_cancelled(tpl_error *err);

#endif
