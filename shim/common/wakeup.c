/* SPDX-License-Identifier: MIT */
#include "common/wakeup.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int wakeup_open(struct failure *failure)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) {
        (void)failure_set_errno(failure, STATUS_INTERNAL,
                                "cannot create an eventfd");
    }
    return fd;
}

void wakeup_send(int fd)
{
    const uint64_t one = 1;
    while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR) {
    }
}

void wakeup_clear(int fd)
{
    uint64_t count;
    (void)!read(fd, &count, sizeof(count));
}
