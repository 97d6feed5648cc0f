/* SPDX-License-Identifier: MIT */
/* The manual page, made from the command table. */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include "text.h"

/* Appends it in the man(7) language. */
void cli_man_put(cli_text *out);

#endif
