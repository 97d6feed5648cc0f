/* SPDX-License-Identifier: MIT */
/* What a tree lies on, as far as it matters to how many readers it should have. */
#ifndef TPL__DEVICE_H
#define TPL__DEVICE_H

typedef enum tpl__device {
    TPL__DEVICE_SOLID, /* or nobody knows: many requests at a time cost nothing */
    TPL__DEVICE_SPINNING,
    TPL__DEVICE_REMOTE /* every request waits for an answer from elsewhere */
} tpl__device;

/* Of an operating-system path; what cannot be told is taken for solid. */
tpl__device tpl__device_of(const char *path);

/* How many readers suit it on a machine with so many processors. */
unsigned tpl__device_readers(tpl__device device, unsigned processors);

#endif
