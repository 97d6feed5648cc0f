/* SPDX-License-Identifier: MIT */
/* System calls of core that fail on demand, by the linker's --wrap (SYS_FAULTY in CMakeLists.txt).
 */
#ifndef TPL_TEST_SYS_FAULTY_H
#define TPL_TEST_SYS_FAULTY_H

#include <stdbool.h>
#include <stdint.h>

/* From now on the nth call (from 1), or with `forever` it and all behind it, fails with this errno.
 * EINTR hits only calls that can be interrupted, and those alone are counted then. 0 disarms. */
void sys_faulty_arm(uint64_t nth, int sys_errno, bool forever);

uint64_t sys_faulty_failed(void); /* how many calls failed since it was armed */

#endif
