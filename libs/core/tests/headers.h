/* SPDX-License-Identifier: MIT */
/* The public headers, for tests that must leave no function out. TPL_TEST_HEADERS is their folder.
 */
#ifndef TPL_TEST_HEADERS_H
#define TPL_TEST_HEADERS_H

#include <stdbool.h>

/* Whether a space-separated list holds the name; a list may be NULL. */
bool headers_lists(const char *functions, const char *name);

/* Fails the test at a public function that returns a tpl_status and that `is_tried` does not know;
 * `how` ends the message. */
void headers_check(bool (*is_tried)(const char *name), const char *how);

#endif
