/* SPDX-License-Identifier: MIT */
/* What core may ask of an output beyond what tpl/file.h offers. */
#ifndef TPL__OUTPUT_H
#define TPL__OUTPUT_H

#include "tpl/file.h"

/* Its file checks itself and can be done without, so it takes its name without being flushed to the
 * disk before. */
void tpl__output_is_cache(tpl_output *output);

#endif
