/* Strangers at the bus: so many connections, each with a key that nobody knows, each made anew as soon as it is
 * hung up on. How many that were the service counts itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

#include "base/crypto.h"
#include "base/files.h"
#include "base/program.h"
#include "bus/key.h"
#include "core/error.h"

static const char help[] =
    "bench-knock --service registry [--connections 16] [--seconds 10]\n\n"
    "In FADDER_HOME, which is where it runs. Half of them knock at each of the service's doors.";

enum { CONNECTIONS_MAX = 1024, AGAIN_MS = 1 };

static struct {
    const char *service;
    int connections, seconds;
} settings = {.connections = 16, .seconds = 10};

static void read_settings(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--service") == 0)
            settings.service = argv[i + 1];
        else if (strcmp(argv[i], "--connections") == 0)
            settings.connections = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seconds") == 0)
            settings.seconds = atoi(argv[i + 1]);
        else
            bug("bench-knock: %s is no option", argv[i]);
    }
    if (settings.service == NULL || settings.connections < 1 ||
        settings.connections > CONNECTIONS_MAX)
        bug("bench-knock: %s", help);
}

static void set(void *socket, int option, const void *value, size_t size)
{
    if (zmq_setsockopt(socket, option, value, size) != 0) bug("zmq_setsockopt");
}

static void knock(void *socket, const uint8_t public[BUS_KEY_SIZE], const char *door)
{
    struct bus_key nobodys;
    char endpoint[128];

    crypto_random(nobodys.secret, sizeof nobodys.secret);
    crypto_public_key(nobodys.secret, nobodys.public);
    set(socket, ZMQ_CURVE_SERVERKEY, public, BUS_KEY_SIZE);
    set(socket, ZMQ_CURVE_SECRETKEY, nobodys.secret, sizeof nobodys.secret);
    set(socket, ZMQ_CURVE_PUBLICKEY, nobodys.public, sizeof nobodys.public);
    set(socket, ZMQ_RECONNECT_IVL, &(int){AGAIN_MS}, sizeof(int));
    set(socket, ZMQ_LINGER, &(int){0}, sizeof(int));
    snprintf(endpoint, sizeof endpoint, "ipc://run/%s.%s", settings.service, door);
    if (zmq_connect(socket, endpoint) != 0) bug("zmq_connect");
}

int main(int argc, char **argv)
{
    void *sockets[CONNECTIONS_MAX], *context = zmq_ctx_new();
    uint8_t public[BUS_KEY_SIZE];
    struct files *files;
    struct error err;

    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        puts(help);
        return 0;
    }
    read_settings(argc, argv);
    crypto_start();
    if ((files = files_open(".", &err)) == NULL || !bus_key_of(files, settings.service, public))
        bug("bench-knock: there is no key of %s here", settings.service);
    for (int i = 0; i < settings.connections; i++) {
        if ((sockets[i] = zmq_socket(context, ZMQ_DEALER)) == NULL) bug("zmq_socket");
        knock(sockets[i], public, i % 2 == 0 ? "commands" : "reads");
    }
    sleep((unsigned)settings.seconds);
    for (int i = 0; i < settings.connections; i++)
        zmq_close(sockets[i]);
    zmq_ctx_term(context);
    files_close(files);
    return 0;
}
