/* SPDX-License-Identifier: MIT */
/* Memory that runs out when a test says so. Linked into a test, its definitions of mem.h's four
 * functions take the place of core's. */
#ifndef TPL_TEST_MEM_FAULTY_H
#define TPL_TEST_MEM_FAULTY_H

#include <stdbool.h>
#include <stdint.h>

/* From now on the `nth` allocation fails (1: the next), and with `forever` all behind it. 0: none.
 */
void mem_faulty_arm(uint64_t nth, bool forever);

uint64_t mem_faulty_asked(void);  /* allocations asked for since it was armed */
uint64_t mem_faulty_failed(void); /* of those, how many failed */
int64_t mem_faulty_live(void);    /* allocations not freed yet, since the program started */

#endif
