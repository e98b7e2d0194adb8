#include "bus/line.h"

#include <stdlib.h>

#include "bus/bus.h"
#include "bus/peer.h"
#include "core/error.h"

struct line {
    struct socket *socket;
    struct follower *follower;
};

/* What is lost on the way is asked for again. */
static void send_letter(void *cookie, struct bytes letter)
{
    const struct line *line = cookie;

    socket_send(line->socket, NULL, &(struct frame){letter.at, letter.size}, 1);
}

struct line *line_open(struct bus *bus, const char *own_name, const char *service,
                       const char *const *types, const struct journal_position *from,
                       const struct journal_position *until, struct error *err)
{
    struct line *line = calloc(1, sizeof *line);
    char endpoint[128];

    if (line == NULL) bug("out of memory");
    service_endpoint(service, "reads", endpoint);
    if ((line->socket = bus_dial(bus, service, endpoint, own_name, err)) == NULL) {
        free(line);
        return NULL;
    }
    line->follower = follower_create(service, types, from, until, send_letter, line);
    return line;
}

void line_close(struct line *line)
{
    if (line == NULL) return;
    follower_destroy(line->follower);
    socket_close(line->socket);
    free(line);
}

struct socket *line_socket(struct line *line)
{
    return line->socket;
}

struct follower *line_follower(struct line *line)
{
    return line->follower;
}

/* What the follower has no room for stays in the socket. */
void line_turn(struct line *line, int64_t now_ms)
{
    struct message *message;

    while (follower_has_room(line->follower) && (message = socket_receive(line->socket)) != NULL) {
        for (size_t i = 0; i < message_count(message); i++) {
            const struct frame frame = message_frame(message, i);

            follower_hear(line->follower, (struct bytes){frame.at, frame.size}, now_ms);
        }
        message_destroy(message);
    }
    follower_turn(line->follower, now_ms);
}
