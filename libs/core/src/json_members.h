/* SPDX-License-Identifier: MIT */
/* Members of objects by name, and their values as numbers: what the strict readers of all formats
 * share. */
#ifndef TPL__JSON_MEMBERS_H
#define TPL__JSON_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json_read.h"

typedef struct tpl__member {
    const char *name;
    size_t len;
} tpl__member;

#define TPL__MEMBER(name) {name, sizeof(name) - 1}
#define TPL__ABSENT_SIZE 64 /* enough for the names of all that is required anywhere */

/* The position of a name in a list; `count` when it is not there. */
size_t tpl__member_index(const tpl__json_value *name, const tpl__member *members, size_t count);

/* Whether any is absent; their names, comma separated, in `out`. */
bool tpl__find_absent(char out[TPL__ABSENT_SIZE], const tpl__json_value *values,
                      const tpl__member *members, size_t count);

/* The number of a value that is an integer; false when it does not fit. */
bool tpl__json_to_size(const tpl__json_value *value, uint64_t *out);
bool tpl__json_to_mtime(const tpl__json_value *value, int64_t *out);

/* TPL_E_VERSION, with the value of `manifestVersion` and the versions there are. */
tpl_status tpl__unknown_version(const tpl__json_value *version, tpl_error *err);

#endif
