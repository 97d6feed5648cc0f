/* SPDX-License-Identifier: MIT */
/* In the place of the functions of buffer.h and arena.h, by the linker's --wrap. */
#include "room_faulty.h"

#include <pthread.h>

#include "arena.h"
#include "tpl/buffer.h"

enum {
    MOST_PLACES = 4096
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const void *places[MOST_PLACES];
static size_t place_count;
static size_t fail_at;

void room_faulty_arm(size_t nth) {
    pthread_mutex_lock(&lock);
    place_count = 0;
    fail_at = nth;
    pthread_mutex_unlock(&lock);
}

bool room_faulty_failed(void) {
    pthread_mutex_lock(&lock);
    bool failed = fail_at != 0 && place_count >= fail_at;
    pthread_mutex_unlock(&lock);
    return failed;
}

static bool refuses(const void *place) {
    bool refused = false;
    pthread_mutex_lock(&lock);
    if (fail_at != 0 && place_count < fail_at) {
        size_t i = 0;
        while (i < place_count && places[i] != place) {
            i++;
        }
        if (i == place_count && place_count < MOST_PLACES) {
            places[place_count++] = place;
            refused = place_count == fail_at;
        }
    }
    pthread_mutex_unlock(&lock);
    return refused;
}

#define REFUSES() refuses(__builtin_return_address(0))

tpl_status __real_tpl_buffer_reserve(tpl_buffer *buf, size_t extra);
tpl_status __wrap_tpl_buffer_reserve(tpl_buffer *buf, size_t extra);
tpl_status __wrap_tpl_buffer_reserve(tpl_buffer *buf, size_t extra) {
    return REFUSES() ? TPL_E_NOMEM : __real_tpl_buffer_reserve(buf, extra);
}

tpl_status __real_tpl_buffer_append(tpl_buffer *buf, const void *data, size_t len);
tpl_status __wrap_tpl_buffer_append(tpl_buffer *buf, const void *data, size_t len);
tpl_status __wrap_tpl_buffer_append(tpl_buffer *buf, const void *data, size_t len) {
    return len > 0 && REFUSES() ? TPL_E_NOMEM : __real_tpl_buffer_append(buf, data, len);
}

tpl_status __real_tpl_strings_append(tpl_strings *list, const char *string);
tpl_status __wrap_tpl_strings_append(tpl_strings *list, const char *string);
tpl_status __wrap_tpl_strings_append(tpl_strings *list, const char *string) {
    return REFUSES() ? TPL_E_NOMEM : __real_tpl_strings_append(list, string);
}

char *__real_tpl__arena_bytes(tpl__arena *arena, size_t size);
char *__wrap_tpl__arena_bytes(tpl__arena *arena, size_t size);
char *__wrap_tpl__arena_bytes(tpl__arena *arena, size_t size) {
    return REFUSES() ? NULL : __real_tpl__arena_bytes(arena, size);
}

void *__real_tpl__arena_object(tpl__arena *arena, size_t size);
void *__wrap_tpl__arena_object(tpl__arena *arena, size_t size);
void *__wrap_tpl__arena_object(tpl__arena *arena, size_t size) {
    return REFUSES() ? NULL : __real_tpl__arena_object(arena, size);
}

char *__real_tpl__arena_copy(tpl__arena *arena, const char *data, size_t len);
char *__wrap_tpl__arena_copy(tpl__arena *arena, const char *data, size_t len);
char *__wrap_tpl__arena_copy(tpl__arena *arena, const char *data, size_t len) {
    return REFUSES() ? NULL : __real_tpl__arena_copy(arena, data, len);
}
