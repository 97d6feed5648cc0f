/* SPDX-License-Identifier: MIT */
/* Devices as sysfs shows them, made of plain files. */
#include "device_linux.h"

#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

#include "check.h"
#include "scratch.h"

static void a_whole_disk_says_whether_it_turns(void **state) {
    (void)state;
    scratch_write("sda/queue/rotational", "1\n");
    scratch_write("nvme0n1/queue/rotational", "0\n");
    assert_int_equal(tpl__device_of_block("sda"), TPL__DEVICE_SPINNING);
    assert_int_equal(tpl__device_of_block("nvme0n1"), TPL__DEVICE_SOLID);
}

static void a_partition_asks_its_disk(void **state) {
    (void)state;
    scratch_write("devices/pci/sda/queue/rotational", "1\n");
    scratch_directory("devices/pci/sda/sda1");
    scratch_link("8:1", "devices/pci/sda/sda1");
    assert_int_equal(tpl__device_of_block("8:1"), TPL__DEVICE_SPINNING);
}

static void a_guests_disk_is_not_believed(void **state) {
    (void)state;
    scratch_write("devices/pci/virtio1/block/vda/queue/rotational", "1\n");
    scratch_link("254:0", "devices/pci/virtio1/block/vda");
    assert_int_equal(tpl__device_of_block("254:0"), TPL__DEVICE_SOLID);
}

/* A disk in /sys/devices with one partition, whether it turns or not. */
static void disk(const char *name, bool turning) {
    char path[200];
    (void)snprintf(path, sizeof(path), "devices/%s/queue/rotational", name);
    scratch_write(path, turning ? "1\n" : "0\n");
    (void)snprintf(path, sizeof(path), "devices/%s/slaves", name);
    scratch_directory(path);
    (void)snprintf(path, sizeof(path), "devices/%s/%s1", name, strrchr(name, '/') + 1);
    scratch_directory(path);
}

/* A device that is made of another one. */
static void layer(const char *name, const char *of, bool turning) {
    char path[200];
    char target[200];
    disk(name, turning);
    (void)snprintf(path, sizeof(path), "devices/%s/slaves/%s", name, strrchr(of, '/') + 1);
    (void)snprintf(target, sizeof(target), "../../../../%s", of);
    scratch_link(path, target);
}

static void a_device_made_of_others_is_what_they_are(void **state) {
    (void)state;
    disk("pci/block/sda", true);
    disk("pci/block/sdb", false);
    disk("virtio1/block/vda", true);
    layer("virtual/block/md0", "pci/block/sdb/sdb1", true);
    layer("virtual/block/dm-0", "pci/block/sda/sda1", true);
    layer("virtual/block/dm-1", "virtual/block/dm-0", true); /* LVM on LUKS */
    layer("virtual/block/dm-2", "virtio1/block/vda/vda1", true);
    scratch_link("253:0", "devices/virtual/block/dm-0");
    scratch_link("253:1", "devices/virtual/block/dm-1");
    scratch_link("253:2", "devices/virtual/block/dm-2");
    scratch_link("9:0", "devices/virtual/block/md0");
    assert_int_equal(tpl__device_of_block("253:0"), TPL__DEVICE_SPINNING);
    assert_int_equal(tpl__device_of_block("253:1"), TPL__DEVICE_SPINNING);
    assert_int_equal(tpl__device_of_block("253:2"), TPL__DEVICE_SOLID);
    assert_int_equal(tpl__device_of_block("9:0"), TPL__DEVICE_SOLID);
    scratch_link("devices/virtual/block/md0/slaves/sda1", "../../../../pci/block/sda/sda1");
    assert_int_equal(tpl__device_of_block("9:0"), TPL__DEVICE_SPINNING); /* one turns */
    assert_int_equal(tpl__device_of_block("devices/virtual/block/md0/md01"), TPL__DEVICE_SPINNING);
}

static void devices_made_of_one_another_have_an_end(void **state) {
    (void)state;
    layer("virtual/block/dm-0", "virtual/block/dm-1", true);
    layer("virtual/block/dm-1", "virtual/block/dm-0", true);
    assert_int_equal(tpl__device_of_block("devices/virtual/block/dm-0"), TPL__DEVICE_SOLID);
}

static void a_virtual_device_of_none_is_not_believed(void **state) {
    (void)state;
    disk("virtual/block/loop0", true);
    scratch_link("7:0", "devices/virtual/block/loop0");
    assert_int_equal(tpl__device_of_block("7:0"), TPL__DEVICE_SOLID);
}

static void what_says_nothing_is_taken_for_solid(void **state) {
    (void)state;
    char longest[5000];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    scratch_write("empty/queue/rotational", "");
    assert_int_equal(tpl__device_of_block("empty"), TPL__DEVICE_SOLID);
    assert_int_equal(tpl__device_of_block("missing"), TPL__DEVICE_SOLID);
    assert_int_equal(tpl__device_of_block(longest), TPL__DEVICE_SOLID);
    assert_int_equal(tpl__device_of("missing"), TPL__DEVICE_SOLID);
}

static void what_cannot_be_read_says_nothing(void **state) {
    (void)state;
    scratch_directory("folder/queue/rotational");
    assert_int_equal(tpl__device_of_block("folder"), TPL__DEVICE_SOLID);
}

static int64_t file_system; /* what statfs() says; 0: the truth */

int __real_statfs64(const char *path, struct statfs64 *out);
int __wrap_statfs64(const char *path, struct statfs64 *out);
int __real_statfs(const char *path, struct statfs *out);
int __wrap_statfs(const char *path, struct statfs *out);

int __wrap_statfs64(const char *path, struct statfs64 *out) {
    int result = __real_statfs64(path, out);
    out->f_type = file_system != 0 ? file_system : out->f_type;
    return result;
}

int __wrap_statfs(const char *path, struct statfs *out) {
    int result = __real_statfs(path, out);
    out->f_type = file_system != 0 ? file_system : out->f_type;
    return result;
}

static void a_tree_on_another_machine_is_remote(void **state) {
    (void)state;
    file_system = 0x6969; /* NFS */
    assert_int_equal(tpl__device_of("."), TPL__DEVICE_REMOTE);
    file_system = 0x1021994; /* tmpfs */
    assert_int_not_equal(tpl__device_of("."), TPL__DEVICE_REMOTE);
    file_system = 0;
}

static void what_lies_elsewhere_is_known_by_its_number(void **state) {
    (void)state;
    assert_true(tpl__device_is_remote(0x6969));
    assert_true(tpl__device_is_remote(0xff534d42));
    assert_true(tpl__device_is_remote((uint64_t)(int64_t)(int32_t)0xff534d42)); /* of 32 bits */
    assert_false(tpl__device_is_remote(0xef53));                                /* ext4 */
    assert_int_equal(tpl__device_of("/proc"), TPL__DEVICE_SOLID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(a_whole_disk_says_whether_it_turns),
        IN_SCRATCH(a_partition_asks_its_disk),
        IN_SCRATCH(a_guests_disk_is_not_believed),
        IN_SCRATCH(a_device_made_of_others_is_what_they_are),
        IN_SCRATCH(devices_made_of_one_another_have_an_end),
        IN_SCRATCH(a_virtual_device_of_none_is_not_believed),
        IN_SCRATCH(what_says_nothing_is_taken_for_solid),
        IN_SCRATCH(what_cannot_be_read_says_nothing),
        IN_SCRATCH(a_tree_on_another_machine_is_remote),
        IN_SCRATCH(what_lies_elsewhere_is_known_by_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
