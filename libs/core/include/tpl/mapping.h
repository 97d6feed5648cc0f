/* SPDX-License-Identifier: MIT */
/* Path mapping: paths of the machine that submitted a job as those of the machine that has the
 * result. Text alone; no file is looked at. Paths are operating-system bytes, NUL-terminated. */
#ifndef TPL_MAPPING_H
#define TPL_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "tpl/buffer.h"
#include "tpl/profile.h"
#include "tpl/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is at or below `source` is at or below `destination`. */
typedef struct tpl_mapping_rule {
    bool windows;       /* `source` is a Windows path: either slash, letters of either case */
    const char *source; /* both borrowed */
    const char *destination;
} tpl_mapping_rule;

/* Rules that hold together; borrowed. */
typedef struct tpl_mapping {
    const tpl_mapping_rule *rules;
    size_t count;
} tpl_mapping;

/* Appends the rules (tpl_mapping_rule) from one machine's profile to another's: one for each name
 * that locations of both have, of any type, in the order of `from`; of equal names the last counts.
 * None when the profiles have the same id. The texts are the profiles'. TPL_E_NOMEM. Corresponds to
 * deadline's _generate_path_mapping_rules(). */
tpl_status tpl_mapping_between(tpl_buffer *out, const tpl_profile *from, const tpl_profile *to);

/* Appends where a path is by the rule whose source is the longest part of it, component by
 * component, the rest keeping its case; of equal sources the last rule counts. `*mapped` tells
 * whether any applies; else nothing is appended. TPL_E_ARGUMENT (rules of several formats),
 * TPL_E_NOMEM. Corresponds to deadline's _PathMappingRuleApplier. */
tpl_status tpl_mapping_apply(tpl_buffer *out, bool *mapped, const tpl_mapping *mapping,
                             const char *path, tpl_error *err);

#ifdef __cplusplus
}
#endif
#endif
