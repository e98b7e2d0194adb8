/* barred SERVICE PROGRAM WHAT TIMES
 *
 * Says that command to the service as the program, with its key, in the role of our own rules, so often; and asks for the record of
 * that name. How many were refused as not admitted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "core/error.h"
#include "core/text.h"

enum { PATIENCE_MS = 30000 };

static void on_answer(void *cookie, const struct reply *reply)
{
    if (!reply->is_accepted && !reply->is_page && strcmp(reply->error.code, "not_admitted") == 0)
        ++*(int *)cookie;
}

static void say(struct peer *peer, const char *what, int *refused)
{
    static struct bus_command command;
    struct error err;

    command = (struct bus_command){.role = ACTOR_ROLE_SYS,
                                   .print = {.size = sizeof command.print.at},
                                   .id = random_id(clock_now_ms())};
    text_copy(command.type, sizeof command.type, what);
    if (!peer_command(peer, &command, clock_steady_ms(), PATIENCE_MS, on_answer, refused, &err))
        bug("%s", err.text);
}

static void ask(struct peer *peer, const char *what, int *refused)
{
    static struct bus_query query;
    struct error err;

    query = (struct bus_query){.role = ACTOR_ROLE_SYS, .limit = 1};
    text_copy(query.record, sizeof query.record, what);
    if (!peer_query(peer, &query, clock_steady_ms(), PATIENCE_MS, on_answer, refused, &err))
        bug("%s", err.text);
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct socket *sockets[PEER_DOORS];
    bool ready[PEER_DOORS];
    struct bus *bus;
    struct peer *peer = NULL;
    char name[64];
    int refused = 0;

    if (argc != 5 || chdir(getenv("FADDER_HOME")) != 0) return EXIT_FAILURE;
    crypto_start();
    snprintf(name, sizeof name, "%s.%08x", argv[2], random_number());
    if ((bus = bus_open(".", &err)) == NULL || (peer = peer_open(bus, argv[1], name, &err)) == NULL)
        bug("%s", err.text);
    for (int i = atoi(argv[4]); i > 0; i--)
        say(peer, argv[3], &refused);
    ask(peer, argv[3], &refused);
    while (peer_waiting(peer) > 0) {
        peer_flush(peer);
        peer_sockets(peer, sockets);
        bus_wait(sockets, PEER_DOORS, NULL, 0, 100, ready);
        peer_turn(peer, clock_steady_ms());
    }
    printf("%d\n", refused);
    peer_close(peer);
    bus_close(bus);
    return EXIT_SUCCESS;
}
