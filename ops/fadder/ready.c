#include "ready.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "core/error.h"
#include "home.h"
#include "runtime/clock.h"
#include "runtime/settings.h"

enum { PATIENCE_MS = 2000, LOOK_MS = 50, STATUS_MAX = 65536 };

const char *ready_address(void)
{
    const char *set = getenv("FADDER_HTTP");

    return set != NULL && set[0] != '\0' ? set : "127.0.0.1:8080";
}

static int dial(void)
{
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct settings_address address;
    struct addrinfo *found = NULL;
    struct error err;
    char port[8];
    int fd;

    if (!settings_address("FADDER_HTTP", "127.0.0.1:8080", &address, &err)) return -1;
    snprintf(port, sizeof port, "%u", address.port);
    if (getaddrinfo(address.host, port, &wanted, &found) != 0) return -1;
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

bool ready_gateway(void)
{
    char request[320], answer[16] = "";
    size_t have = 0;
    ssize_t size = 1;
    const int fd = dial();

    if (fd < 0) return false;
    snprintf(request, sizeof request,
             "GET /readyz HTTP/1.1\r\nHost: %.200s\r\nConnection: close\r\n\r\n", ready_address());
    if (send(fd, request, strlen(request), MSG_NOSIGNAL) > 0)
        while (have < sizeof answer - 1 && size > 0)
            if ((size = recv(fd, answer + have, sizeof answer - 1 - have, 0)) > 0)
                have += (size_t)size;
    close(fd);
    return strncmp(answer, "HTTP/1.1 200", 12) == 0;
}

static void rest(int64_t ms)
{
    const struct timespec pause = {.tv_nsec = ms * 1000000};

    nanosleep(&pause, NULL);
}

bool ready_wait(int64_t timeout_ms, const char **late)
{
    const int64_t until_ms = clock_steady_ms() + timeout_ms;
    static char status[STATUS_MAX];

    for (size_t i = 0; services[i] != NULL;) {
        const bool is_gateway = strcmp(services[i], "gateway") == 0;

        if (is_gateway ? ready_gateway()
                       : ask_status(services[i], PATIENCE_MS, status, sizeof status)) {
            i++;
            continue;
        }
        if (clock_steady_ms() >= until_ms) {
            *late = services[i];
            return false;
        }
        rest(LOOK_MS);
    }
    return true;
}
