/* SPDX-License-Identifier: MIT */
/* System calls of core that fail on demand, by the linker's --wrap (TPL_SYSTEM_CALLS in cmake).
 */
#ifndef TPL_TEST_SYS_FAULTY_H
#define TPL_TEST_SYS_FAULTY_H

#include <stdbool.h>
#include <stdint.h>

/* From now on the nth call (from 1), or with `forever` it and all behind it, fails with this errno.
 * EINTR hits only calls that can be interrupted, and those alone are counted then. 0 disarms.
 * SYS_FAULTY_SHORT is no failure: of those that read or write, the nth does so with one byte, or
 * all from it on with half of what they are asked for. */
#define SYS_FAULTY_SHORT (-1)
void sys_faulty_arm(uint64_t nth, int sys_errno, bool forever);

uint64_t sys_faulty_failed(void); /* how many calls failed since it was armed */

#endif
