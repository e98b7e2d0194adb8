#include "base/boot.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "core/error.h"

int64_t boot_ms(void)
{
    struct timespec since;

    if (clock_gettime(CLOCK_BOOTTIME, &since) != 0) bug("clock_gettime failed");
    return (int64_t)since.tv_sec * 1000 + since.tv_nsec / 1000000;
}

void boot_id(char id[BOOT_ID_SIZE])
{
    const int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd < 0 ? 0 : read(fd, id, 36);

    if (fd >= 0) close(fd);
    id[size > 0 ? size : 0] = '\0';
}
