/* SPDX-License-Identifier: MIT */
/* The number of readers. */
#include "device.h"

enum {
    PER_PROCESSOR = 4,
    SOLID_LEAST = 16, /* from a cold cache a disk without heads wants a queue, whatever the cores */
    REMOTE_LEAST = 32,
    SPINNING = 2 /* one seeks while the other's bytes are hashed; more only move the heads */
};

unsigned tpl__device_readers(tpl__device device, unsigned processors) {
    unsigned least = device == TPL__DEVICE_REMOTE ? REMOTE_LEAST : SOLID_LEAST;
    unsigned most = processors * PER_PROCESSOR;
    if (device == TPL__DEVICE_SPINNING) {
        return SPINNING;
    }
    return most > least ? most : least;
}
