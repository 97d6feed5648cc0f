/* SPDX-License-Identifier: MIT */
/* Buffers and arenas that refuse when a test says so, also where they need no more memory: every
 * place in the code that asks for room is refused, not those alone that happen to need the
 * allocator. For tests that wrap these functions (tpl_wrap in CMakeLists.txt). */
#ifndef ROOM_FAULTY_H
#define ROOM_FAULTY_H

#include <stdbool.h>
#include <stddef.h>

/* From now on places in the code are counted, each at its first call; that call of the `nth` (1:
 * the next) is refused. 0: none. */
void room_faulty_arm(size_t nth);

bool room_faulty_failed(void); /* whether one was refused since it was armed */

#endif
