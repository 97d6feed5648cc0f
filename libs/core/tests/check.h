/* SPDX-License-Identifier: MIT */
/* cmocka with the headers it wants before it, and what our tests share. */
#ifndef TPL_TEST_CHECK_H
#define TPL_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
