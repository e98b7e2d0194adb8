#include "base/bell.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/error.h"

struct bell {
    int fd;
    bool is_own;
};

struct bell *bell_create(void)
{
    struct bell *bell = malloc(sizeof *bell);

    if (bell == NULL) bug("out of memory");
    bell->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (bell->fd < 0) bug("eventfd: %s", strerror(errno));
    bell->is_own = true;
    return bell;
}

struct bell *bell_on(int fd)
{
    struct bell *bell = malloc(sizeof *bell);

    if (bell == NULL) bug("out of memory");
    *bell = (struct bell){.fd = fd};
    return bell;
}

void bell_destroy(struct bell *bell)
{
    if (bell == NULL) return;
    if (bell->is_own) close(bell->fd);
    free(bell);
}

/* Nothing here that a signal handler may not do. */
void bell_ring(const struct bell *bell)
{
    const uint64_t one = 1;
    const int before = errno;
    const ssize_t rung = write(bell->fd, &one, sizeof one);

    (void)rung; /* full: it rings already */
    errno = before;
}

void bell_hush(const struct bell *bell)
{
    uint64_t count;

    if (read(bell->fd, &count, sizeof count) < 0 && errno != EAGAIN && errno != EINTR)
        bug("bell: %s", strerror(errno));
}

int bell_fd(const struct bell *bell)
{
    return bell->fd;
}
