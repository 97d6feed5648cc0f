/* SPDX-License-Identifier: MIT */
/* Letters without their case. */
#ifndef TPL__LOWER_H
#define TPL__LOWER_H

#include <stdint.h>

/* The lower case of a code point, where that is one code point; else the code point itself. */
uint32_t tpl__lower(uint32_t code);

#endif
