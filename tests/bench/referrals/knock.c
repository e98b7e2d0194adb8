/* Strangers at the bus: so many connections, each with a key that nobody knows, each made anew when it is hung up on: by
 * libzmq, which waits a little and longer each time; or at once, with another key. How many that were the service counts
 * itself. */
#include <pthread.h>
#include <stdatomic.h>
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
    "bench-knock --service registry [--connections 16] [--seconds 10] [--at-once no]\n\n"
    "In FADDER_HOME, which is where it runs. A third of them knock at each of the service's doors; "
    "with --at-once yes "
    "again as soon as they are hung up on.";

enum { CONNECTIONS_MAX = 1024, AGAIN_MS = 1, PATIENCE_MS = 1000 };

static struct {
    const char *service;
    int connections, seconds;
    bool is_at_once;
    uint8_t public[BUS_KEY_SIZE];
    void *context;
} settings = {.connections = 16, .seconds = 10};

static const char *const doors[] = {"commands", "reads", "lookups"};
static atomic_bool is_ending;

static void read_settings(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--service") == 0)
            settings.service = argv[i + 1];
        else if (strcmp(argv[i], "--connections") == 0)
            settings.connections = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seconds") == 0)
            settings.seconds = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--at-once") == 0)
            settings.is_at_once = strcmp(argv[i + 1], "yes") == 0;
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

static void knock(void *socket, const char *door)
{
    struct bus_key nobodys;
    char endpoint[128];

    crypto_random(nobodys.secret, sizeof nobodys.secret);
    crypto_public_key(nobodys.secret, nobodys.public);
    set(socket, ZMQ_CURVE_SERVERKEY, settings.public, BUS_KEY_SIZE);
    set(socket, ZMQ_CURVE_SECRETKEY, nobodys.secret, sizeof nobodys.secret);
    set(socket, ZMQ_CURVE_PUBLICKEY, nobodys.public, sizeof nobodys.public);
    set(socket, ZMQ_RECONNECT_IVL, &(int){AGAIN_MS}, sizeof(int));
    set(socket, ZMQ_LINGER, &(int){0}, sizeof(int));
    snprintf(endpoint, sizeof endpoint, "ipc://run/%s.%s", settings.service, door);
    if (zmq_connect(socket, endpoint) != 0) bug("zmq_connect");
}

static void *new_socket(int type)
{
    void *socket = zmq_socket(settings.context, type);

    if (socket == NULL) bug("zmq_socket");
    return socket;
}

/* Until it is hung up on. */
static void knock_once(int connection, unsigned time)
{
    void *socket = new_socket(ZMQ_DEALER), *monitor = new_socket(ZMQ_PAIR);
    zmq_pollitem_t item = {.socket = monitor, .events = ZMQ_POLLIN};
    char name[64];

    snprintf(name, sizeof name, "inproc://monitor.%d.%u", connection, time);
    if (zmq_socket_monitor(socket, name,
                           ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED) != 0 ||
        zmq_connect(monitor, name) != 0)
        bug("zmq_socket_monitor");
    knock(socket, doors[connection % 3]);
    zmq_poll(&item, 1, PATIENCE_MS);
    zmq_socket_monitor(socket, NULL, 0);
    zmq_close(socket);
    zmq_close(monitor);
}

static void *knock_at_once(void *cookie)
{
    const int connection = *(const int *)cookie;

    for (unsigned time = 0; !atomic_load(&is_ending); time++)
        knock_once(connection, time);
    return NULL;
}

static void knock_all_at_once(void)
{
    static pthread_t threads[CONNECTIONS_MAX];
    static int numbers[CONNECTIONS_MAX];

    for (int i = 0; i < settings.connections; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL, knock_at_once, &numbers[i]) != 0) bug("a thread");
    }
    sleep((unsigned)settings.seconds);
    atomic_store(&is_ending, true);
    for (int i = 0; i < settings.connections; i++)
        pthread_join(threads[i], NULL);
}

static void knock_as_libzmq_does(void)
{
    static void *sockets[CONNECTIONS_MAX];

    for (int i = 0; i < settings.connections; i++)
        knock(sockets[i] = new_socket(ZMQ_DEALER), doors[i % 3]);
    sleep((unsigned)settings.seconds);
    for (int i = 0; i < settings.connections; i++)
        zmq_close(sockets[i]);
}

int main(int argc, char **argv)
{
    struct files *files;
    struct error err;

    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        puts(help);
        return 0;
    }
    read_settings(argc, argv);
    crypto_start();
    settings.context = zmq_ctx_new();
    if ((files = files_open(".", &err)) == NULL ||
        !bus_key_of(files, settings.service, settings.public))
        bug("bench-knock: there is no key of %s here", settings.service);
    if (settings.is_at_once)
        knock_all_at_once();
    else
        knock_as_libzmq_does();
    zmq_ctx_term(settings.context);
    files_close(files);
    return 0;
}
