/* tap HOME FILE SERVICE ...
 *
 * Stands between the programs of HOME and these services, at ipc://run/tap.<service>.<door>, with the services' own keys
 * towards them and theirs towards the services: all of these are its user's. Every frame is written to FILE, behind a
 * line "<service> <door> <to or from> <bytes>". Ends when its standard input does. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "bus/bus.h"
#include "core/error.h"

enum { DOORS_MAX = 16, LINES_MAX = 512, PAUSE_MS = 2 };

/* Somebody who dialled, and the socket that goes on from there. */
struct line {
    char peer[PEER_NAME_MAX + 1];
    struct socket *socket;
};

struct door {
    const char *service, *name;
    struct socket *socket;
    struct line lines[LINES_MAX];
    size_t count;
};

static struct bus *bus;
static struct door doors[DOORS_MAX];
static size_t door_count;
static FILE *out;

static void open_door(const char *service, const char *name)
{
    struct door *door = &doors[door_count++];
    char endpoint[96];
    struct error err;

    if (door_count > DOORS_MAX) bug("too many services");
    snprintf(endpoint, sizeof endpoint, "ipc://run/tap.%s.%s", service, name);
    door->service = service;
    door->name = name;
    if ((door->socket = bus_serve(bus, service, endpoint, &err)) == NULL) bug("%s", err.text);
}

static struct line *line_of(struct door *door, const char *peer)
{
    struct line *line = door->lines;
    char endpoint[96], name[64];
    struct error err;

    for (; line < door->lines + door->count; line++)
        if (strcmp(line->peer, peer) == 0) return line;
    if (++door->count > LINES_MAX) bug("too many who dial %s", door->service);
    snprintf(line->peer, sizeof line->peer, "%s", peer);
    snprintf(endpoint, sizeof endpoint, "ipc://run/%s.%s", door->service, door->name);
    snprintf(name, sizeof name, "%.*s", bus_peer_shown(peer), peer);
    line->socket = bus_dial(bus, door->service, endpoint, name, &err);
    if (line->socket == NULL) bug("%s", err.text);
    return line;
}

static size_t note(const struct door *door, const char *way, const struct message *message,
                   struct frame frames[FRAMES_MAX])
{
    const size_t count = message_count(message);

    for (size_t i = 0; i < count; i++) {
        frames[i] = message_frame(message, i);
        fprintf(out, "%s %s %s %zu\n", door->service, door->name, way, frames[i].size);
        fwrite(frames[i].at, 1, frames[i].size, out);
    }
    fflush(out);
    return count;
}

/* What is not taken is lost, as anywhere on the bus. */
static void pass_on(struct door *door)
{
    struct frame frames[FRAMES_MAX];
    struct message *message;
    size_t count;

    while ((message = socket_receive(door->socket)) != NULL) {
        if ((count = note(door, "to", message, frames)) > 0)
            socket_send(line_of(door, message_peer(message))->socket, NULL, frames, count);
        message_destroy(message);
    }
    for (struct line *line = door->lines; line < door->lines + door->count; line++)
        while ((message = socket_receive(line->socket)) != NULL) {
            if ((count = note(door, "from", message, frames)) > 0)
                socket_send(door->socket, line->peer, frames, count);
            message_destroy(message);
        }
}

static void close_door(struct door *door)
{
    for (size_t i = 0; i < door->count; i++)
        socket_close(door->lines[i].socket);
    socket_close(door->socket);
}

int main(int argc, char **argv)
{
    struct pollfd end = {.fd = STDIN_FILENO, .events = POLLIN};
    struct error err;

    if (argc < 4 || (out = fopen(argv[2], "wb")) == NULL) return 2;
    if (!log_start("tap", &err)) bug("%s", err.text);
    crypto_start();
    if ((bus = bus_open(argv[1], &err)) == NULL) bug("%s", err.text);
    for (int i = 3; i < argc; i++) {
        open_door(argv[i], "commands");
        open_door(argv[i], "reads");
        open_door(argv[i], "lookups");
    }
    puts("ready");
    fflush(stdout);
    while (poll(&end, 1, PAUSE_MS) == 0)
        for (size_t i = 0; i < door_count; i++)
            pass_on(&doors[i]);
    for (size_t i = 0; i < door_count; i++)
        close_door(&doors[i]);
    bus_close(bus);
    return fclose(out) != 0;
}
