/* SPDX-License-Identifier: MIT */
/* The judgement over what Linux says about a device, apart so that it can be tried on any. */
#ifndef TPL__DEVICE_LINUX_H
#define TPL__DEVICE_LINUX_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"

/* Whether a file system's magic number is one that lies elsewhere, or in another process. */
bool tpl__device_is_remote(uint64_t magic);

/* What the folder of a block device says: `folder` is its path, as /sys/dev/block/8:1. */
tpl__device tpl__device_of_block(const char *folder);

#endif
