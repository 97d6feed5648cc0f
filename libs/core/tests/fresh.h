/* SPDX-License-Identifier: MIT */
/* Files that are said to have changed just now, whatever their state: for tests that wrap
 * tpl__fs_stat. */
#ifndef FRESH_H
#define FRESH_H

#include <stdatomic.h>

extern atomic_bool fresh_files;

#endif
