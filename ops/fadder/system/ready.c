/* Asking every service, and the gateway, until all answer. */
#include "system/ready.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "base/settings.h"
#include "core/error.h"
#include "operator/home.h"
#include "system/folding.h"

enum { PATIENCE_MS = 2000, LOOK_MS = 50, STATUS_MAX = 65536 };

static const struct door {
    const char *service, *setting, *port_file, *path;
} doors[] = {
    {"gateway", "FADDER_HTTP", "run/http.port", "/readyz"},
    {"pages", "FADDER_PAGES", "run/pages.port", "/healthz"},
};

static const struct door *door_of(const char *service)
{
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++)
        if (strcmp(doors[i].service, service) == 0) return &doors[i];
    return NULL;
}

bool ready_has_door(const char *service)
{
    return door_of(service) != NULL;
}

static bool find(const struct door *door, struct settings_address *address)
{
    FILE *file = home_stream(door->port_file, "r");
    struct error err;
    unsigned port;
    bool is_there;

    if (file == NULL) return false;
    is_there = fscanf(file, "%u", &port) == 1 && port <= UINT16_MAX &&
               settings_address(setting_of(door->setting), address, &err);
    fclose(file);
    if (is_there) address->port = (uint16_t)port;
    return is_there;
}

void ready_forget(const char *service)
{
    const struct door *door = door_of(service);

    if (door != NULL) unlink(door->port_file);
}

bool ready_address(const char *service, char text[READY_ADDRESS_SIZE])
{
    const struct door *door = door_of(service);
    struct settings_address address;

    if (door == NULL || !find(door, &address)) return false;
    snprintf(text, READY_ADDRESS_SIZE, strchr(address.host, ':') == NULL ? "%s:%u" : "[%s]:%u",
             address.host, address.port);
    return true;
}

static int dial(const struct door *door)
{
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct settings_address address;
    struct addrinfo *found = NULL;
    char port[8];
    int fd;

    if (!find(door, &address)) return -1;
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

bool ready_door(const char *service)
{
    const struct door *door = door_of(service);
    char address[READY_ADDRESS_SIZE], request[READY_ADDRESS_SIZE + 80], answer[1024] = "";
    size_t have = 0;
    ssize_t size = 1;
    int fd;

    if (!ready_address(service, address) || (fd = dial(door)) < 0) return false;
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
             door->path, address);
    if (send(fd, request, strlen(request), MSG_NOSIGNAL) > 0)
        while (have < sizeof answer - 1 && size > 0)
            if ((size = recv(fd, answer + have, sizeof answer - 1 - have, 0)) > 0)
                have += (size_t)size;
    close(fd);
    /* that a service waits for somebody is another matter: `status` says so */
    return strncmp(answer, "HTTP/1.1 200", 12) == 0 || strstr(answer, "\"code\":\"waits\"") != NULL;
}

static void rest(int64_t ms)
{
    const struct timespec pause = {.tv_nsec = ms * 1000000};

    nanosleep(&pause, NULL);
}

bool ready_wait(int64_t timeout_ms, const char **late)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    struct folding folding = {.file = 0};
    char status[STATUS_MAX];

    for (size_t i = 0; services[i] != NULL;) {
        const bool has_door = ready_has_door(services[i]);

        if (has_door ? ready_door(services[i])
                     : ask_status(services[i], PATIENCE_MS, status, sizeof status)) {
            folding = (struct folding){.file = 0};
            i++;
            continue;
        }
        if (!has_door && folding_goes_on(&folding, services[i]))
            until_ms = clock_steady_ms() + timeout_ms;
        if (clock_steady_ms() >= until_ms) {
            *late = services[i];
            return false;
        }
        rest(LOOK_MS);
    }
    return true;
}
