/* libmicrohttpd with an external event loop: its descriptors become one epoll descriptor, requests
 * wait for their handler, and what must not be read is refused while it arrives. */
#include "http/http.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "core/error.h"
#include "core/reach.h"
#include "http/guard.h"
#include "http/target.h"

enum {
    POOL = 16384,          /* the library's memory for a connection: the head, pieces of the body */
    SMALL_BODY = 4096,     /* a longer one is allocated */
    DISCARD_MAX = 1 << 20, /* what we still read of a body that is too long, before saying so */
    SPARES_MAX = 256,      /* exchanges kept for the next requests */
    BACKLOG = 1024,
};

/* MHD_ALLOW_SUSPEND_RESUME without its pipe: who resumes is the one who calls MHD_run next. */
enum { SUSPENDING = MHD_ALLOW_SUSPEND_RESUME & ~MHD_USE_ITC };

/* An IPv6 address, or an IPv4 one as ::ffff:a.b.c.d. */
struct address {
    uint8_t at[16];
};

/* A connection, in the list of those that wait for the same, oldest first. */
struct client {
    struct client *before, *after;
    struct clients *list;        /* or NULL: its request is being handled */
    struct client *left, *right; /* of all there are */
    struct address address;
    int socket;
    int64_t since_ms;
};

struct clients {
    struct client *first, *last;
    int64_t limit_ms;
};

/* A request and its answer. */
struct exchange {
    struct http_request request; /* first: a request is cast back to its exchange */
    struct http *http;
    struct MHD_Connection *connection;
    struct client *client;
    struct exchange *before, *after; /* of those handed over; a spare's next is after */
    bool is_begun, is_whole, is_handed_over, is_answered, is_suspended, closes;
    size_t expected, received; /* of the body */
    size_t room; /* for it: allocated, and counted in http->bodies; 0: it lies in small */
    struct http_head head;
    uint8_t *body;
    uint8_t small[SMALL_BODY];
    char target[HTTP_TARGET_MAX + 2];
    char path[HTTP_TARGET_MAX + 1];
    alignas(max_align_t) char scratch[];
};

struct http {
    struct MHD_Daemon *daemon;
    int listener, descriptor;
    uint16_t port;
    bool is_stopping, is_closing, has_resumed;
    int64_t now_ms;
    http_handler *handler;
    void *cookie;
    size_t scratch_size, spare_count, connections, under_way, bodies;
    struct exchange *spares, *handed_over;
    struct clients asking, taking;
    struct client *clients;               /* all */
    size_t per_address;                   /* connections that one address may have; 0: any number */
    const struct reach_networks *proxies; /* whose are not counted */
};

/* Connections and their time. */

static void leave(struct client *client)
{
    struct clients *list = client->list;

    if (list == NULL) return;
    *(client->before != NULL ? &client->before->after : &list->first) = client->after;
    *(client->after != NULL ? &client->after->before : &list->last) = client->before;
    client->list = NULL;
}

static void enter(struct client *client, struct clients *list, int64_t now_ms)
{
    leave(client);
    client->list = list;
    client->since_ms = now_ms;
    client->before = list->last;
    client->after = NULL;
    *(list->last != NULL ? &list->last->after : &list->first) = client;
    list->last = client;
}

/* The library sees the end of the connection and does the rest. */
static void cut_overdue(struct clients *list, int64_t now_ms)
{
    while (list->first != NULL && now_ms - list->first->since_ms >= list->limit_ms) {
        shutdown(list->first->socket, SHUT_RDWR);
        leave(list->first);
    }
}

static struct address address_of(const struct sockaddr *from)
{
    struct address address = {{[10] = 0xFF, [11] = 0xFF}};

    if (from->sa_family == AF_INET6)
        memcpy(address.at, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
    else
        memcpy(address.at + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    return address;
}

/* Where a proxy on this machine comes from. */
static bool is_localhost(const struct address *address)
{
    static const struct address ipv4 = {{[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1}};

    return memcmp(address, &ipv4, sizeof ipv4) == 0 ||
           memcmp(address->at, &in6addr_loopback, sizeof in6addr_loopback) == 0;
}

/* Whether somebody may connect: an address that has all that it may have waits outside. */
static enum MHD_Result on_accept(void *cookie, const struct sockaddr *from, socklen_t size)
{
    const struct http *http = cookie;
    const struct address address = address_of(from);
    size_t count = 0;

    (void)size;
    if (http->per_address == 0 || http->connections < http->per_address || is_localhost(&address) ||
        reach_holds(http->proxies, address.at))
        return MHD_YES;
    for (const struct client *client = http->clients; client != NULL; client = client->right)
        count += memcmp(&client->address, &address, sizeof address) == 0;
    return count < http->per_address ? MHD_YES : MHD_NO;
}

static void on_connection(void *cookie, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = cookie;
    struct client *client = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        if ((client = calloc(1, sizeof *client)) == NULL) bug("out of memory");
        client->socket =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        client->address = address_of(
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
        client->right = http->clients;
        if (client->right != NULL) client->right->left = client;
        http->clients = client;
        enter(client, &http->asking, http->now_ms);
        http->connections++;
        *context = client;
    } else {
        leave(client);
        *(client->left != NULL ? &client->left->right : &http->clients) = client->right;
        if (client->right != NULL) client->right->left = client->left;
        free(client);
        http->connections--;
        *context = NULL;
    }
}

/* Exchanges. */

static struct exchange *exchange_begin(struct http *http, struct MHD_Connection *connection)
{
    struct exchange *x = http->spares;

    if (x != NULL) {
        http->spares = x->after;
        http->spare_count--;
    } else if ((x = malloc(sizeof *x + http->scratch_size)) == NULL) {
        bug("out of memory");
    }
    x->http = http;
    x->connection = connection;
    x->client =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    x->is_begun = x->is_whole = x->is_handed_over = x->is_answered = x->is_suspended = false;
    x->closes = false;
    x->expected = x->received = x->room = 0;
    x->body = x->small;
    x->request = (struct http_request){.path = x->path, .query = "", .scratch = x->scratch};
    if (x->client != NULL) memcpy(x->request.from, x->client->address.at, sizeof x->request.from);
    return x;
}

static void drop_body(struct exchange *x)
{
    if (x->room > 0) free(x->body);
    x->http->bodies -= x->room;
    x->body = x->small;
    x->room = 0;
    x->request.body_size = 0;
}

static void exchange_end(struct exchange *x)
{
    struct http *http = x->http;

    drop_body(x);
    if (http->spare_count == SPARES_MAX) {
        free(x);
        return;
    }
    x->after = http->spares;
    http->spares = x;
    http->spare_count++;
}

/* The library's first word of a request: its line has come. */
static void *on_target(void *cookie, const char *target, struct MHD_Connection *connection)
{
    struct exchange *x = exchange_begin(cookie, connection);
    const size_t size = strnlen(target, HTTP_TARGET_MAX + 1);

    memcpy(x->target, target, size);
    x->target[size] = '\0';
    return x;
}

static void on_completed(void *cookie, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct http *http = cookie;
    struct exchange *x = *context;

    (void)connection;
    (void)code;
    if (x == NULL) return;
    if (x->client != NULL) enter(x->client, &http->asking, http->now_ms);
    if (x->is_handed_over) http->under_way--;
    exchange_end(x);
    *context = NULL;
}

/* The head. */

static enum MHD_Result on_header(void *cookie, enum MHD_ValueKind kind, const char *name,
                                 size_t name_size, const char *value, size_t value_size)
{
    struct http_head *head = cookie;

    (void)kind;
    if (head->count > HTTP_HEADERS_MAX) return MHD_NO;
    head->headers[head->count].name = name;
    head->headers[head->count].name_size = name_size;
    head->headers[head->count].value = value == NULL ? "" : value;
    head->headers[head->count++].value_size = value_size;
    return MHD_YES;
}

static bool read_target(struct exchange *x)
{
    const size_t path = strcspn(x->target, "?");

    if (x->target[path] == '?') x->request.query = x->target + path + 1;
    if (path <= HTTP_TARGET_MAX && http_decode(x->target, path, x->path)) return true;
    x->path[0] = '\0';
    return false;
}

static void take_head(struct exchange *x, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    struct http_head *head = &x->head;

    x->request.method = method;
    head->method = method;
    head->target = x->target;
    head->version = version;
    head->count = 0;
    head->size = size == NULL ? 0 : size->header_size;
    head->is_exact = MHD_VERSION < 0x00097701;
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, on_header, head);
}

static void hand_over(struct exchange *x)
{
    struct http *http = x->http;

    leave(x->client);
    x->is_handed_over = true;
    x->before = NULL;
    x->after = http->handed_over;
    if (x->after != NULL) x->after->before = x;
    http->handed_over = x;
    http->under_way++;
    if (http->is_closing)
        http_answer(&x->request, 503, NULL, NULL, "", 0);
    else
        http->handler(http->cookie, &x->request);
    if (!x->is_answered) {
        if (x->request.refused != 0) bug("http: what was refused is not answered");
        MHD_suspend_connection(x->connection);
        x->is_suspended = true;
    }
}

static enum MHD_Result begin(struct exchange *x, const char *method, const char *version)
{
    const char *why = NULL;
    uint64_t body;
    unsigned status;

    take_head(x, method, version);
    x->is_begun = true;
    status = http_guard(&x->head, &body, &why);
    if (!read_target(x) && status == 0) {
        status = 400;
        why = "The address is badly encoded.";
    }
    x->request.refused = status;
    x->request.why = why;
    x->closes = status != 0;
    if (status == 413 && body <= DISCARD_MAX && http_header(&x->request, "Expect") == NULL) {
        x->closes = false;
        x->expected = (size_t)body;
        return MHD_YES; /* most clients listen only when they have said all */
    }
    if (status != 0)
        hand_over(x);
    else
        x->expected = (size_t)body;
    return MHD_YES;
}

/* The body. Memory is taken for what has come, not for what was claimed. */

static bool make_room(struct exchange *x, size_t size)
{
    struct http *http = x->http;
    size_t room = x->room == 0 ? 2 * SMALL_BODY : 2 * x->room;
    uint8_t *body;

    if (size <= (x->room == 0 ? SMALL_BODY : x->room)) return true;
    if (room < size) room = size;
    if (room > x->expected) room = x->expected;
    if (http->bodies - x->room + room > HTTP_BODIES_MAX) return false;
    if ((body = realloc(x->room == 0 ? NULL : x->body, room)) == NULL) bug("out of memory");
    if (x->room == 0) memcpy(body, x->small, x->request.body_size);
    http->bodies += room - x->room;
    x->body = body;
    x->room = room;
    return true;
}

/* False: it is more than was said. */
static bool take_body(struct exchange *x, const char *data, size_t size)
{
    if (size > x->expected - x->received) return false;
    x->received += size;
    if (x->request.refused != 0) return true;
    if (!make_room(x, x->received)) {
        drop_body(x);
        x->request.refused = 503; /* said when all of it has come */
        x->request.why = "Too much is under way; ask again later.";
        return true;
    }
    memcpy(x->body + x->request.body_size, data, size);
    x->request.body_size += size;
    return true;
}

static enum MHD_Result on_request(void *cookie, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **context)
{
    struct exchange *x = *context;

    (void)cookie;
    (void)connection;
    (void)url;
    if (!x->is_begun) return begin(x, method, version);
    if (*size > 0) {
        if (!take_body(x, data, *size)) return MHD_NO;
        *size = 0;
        return MHD_YES;
    }
    if (x->is_handed_over || x->received != x->expected) return MHD_NO;
    x->request.body = x->body;
    hand_over(x);
    return MHD_YES;
}

/* Answering. */

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) == MHD_NO)
        bug("an answer's header %s is malformed", name);
}

void http_answer(struct http_request *request, unsigned status, const char *type,
                 const struct http_header *headers, const void *body, size_t size)
{
    struct exchange *x = (struct exchange *)request;
    struct http *http = x->http;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);

    if (!x->is_handed_over || x->is_answered) bug("http: an answer that nobody waits for");
    if (response == NULL) bug("out of memory");
    if (type != NULL) add(response, "Content-Type", type);
    for (; headers != NULL && headers->name != NULL; headers++)
        add(response, headers->name, headers->value);
    if (x->closes || http->is_stopping) add(response, "Connection", "close");

    *(x->before != NULL ? &x->before->after : &http->handed_over) = x->after;
    if (x->after != NULL) x->after->before = x->before;
    x->is_answered = true;
    enter(x->client, &http->taking, http->now_ms);
    /* It may fail when the client is gone; the library then comes back and is told to close. */
    (void)MHD_queue_response(x->connection, status, response);
    MHD_destroy_response(response);
    if (x->is_suspended) {
        MHD_resume_connection(x->connection);
        http->has_resumed = true;
    }
}

const char *http_header(const struct http_request *request, const char *name)
{
    const struct http_head *head = &((const struct exchange *)request)->head;

    for (size_t i = 0; i < head->count; i++)
        if (strcasecmp(head->headers[i].name, name) == 0) return head->headers[i].value;
    return NULL;
}

bool http_header_lines(const struct http_request *request, const char *name, char *lines,
                       size_t room)
{
    const struct http_head *head = &((const struct exchange *)request)->head;
    size_t used = 0;
    bool is_there = false;

    for (size_t i = 0; i < head->count; i++) {
        int size;

        if (strcasecmp(head->headers[i].name, name) != 0) continue;
        size = snprintf(lines + used, room - used, "%s%s", is_there ? "," : "",
                        head->headers[i].value);
        if ((size_t)size >= room - used) return false;
        used += (size_t)size;
        is_there = true;
    }
    return is_there;
}

bool http_is_type(const struct http_request *request, const char *type)
{
    const char *given = http_header(request, "Content-Type");
    const size_t size = strlen(type);

    if (given == NULL || strncasecmp(given, type, size) != 0) return false;
    return given[size] == '\0' || given[size] == ';' || given[size] == ' ';
}

/* The server. */

static bool listen_at(const struct addrinfo *where, int *listener)
{
    const int yes = 1;

    *listener = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*listener < 0) return false;
    if (setsockopt(*listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(*listener, where->ai_addr, where->ai_addrlen) == 0 && listen(*listener, BACKLOG) == 0)
        return true;
    close(*listener); /* keeps errno: it does not fail */
    *listener = -1;
    return false;
}

static bool open_listener(struct http *http, const char *host, uint16_t port, struct error *err)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    struct addrinfo *found = NULL;
    char digits[8];
    bool is_good;

    snprintf(digits, sizeof digits, "%u", port);
    if (getaddrinfo(host[0] == '\0' ? NULL : host, digits, &hints, &found) != 0)
        return error_set(err, ERROR_INVALID, "http", "%s: no such address", host);
    is_good = listen_at(found, &http->listener);
    freeaddrinfo(found);
    if (!is_good)
        return error_set(err, ERROR_BROKEN, "http", "cannot listen at %s, port %u: %s", host, port,
                         strerror(errno));
    getsockname(http->listener, (struct sockaddr *)&bound, &size);
    getnameinfo((struct sockaddr *)&bound, size, NULL, 0, digits, sizeof digits, NI_NUMERICSERV);
    http->port = (uint16_t)strtoul(digits, NULL, 10);
    return true;
}

/* Leave the target as it came: it is decoded here, once. */
static size_t unescape(void *cookie, struct MHD_Connection *connection, char *text)
{
    (void)cookie;
    (void)connection;
    return strlen(text);
}

static void panic(void *cookie, const char *file, unsigned line, const char *reason)
{
    (void)cookie;
    bug("libmicrohttpd: %s line %u: %s", file, line, reason == NULL ? "-" : reason);
}

static void no_log(void *cookie, const char *format, va_list args)
{
    (void)cookie;
    (void)format;
    (void)args;
}

#if MHD_VERSION >= 0x00097701
enum { STRICTNESS = MHD_OPTION_CLIENT_DISCIPLINE_LVL, STRICT = 2 };
#else
enum { STRICTNESS = MHD_OPTION_STRICT_FOR_CLIENT, STRICT = 1 };
#endif

static bool start(struct http *http, struct error *err)
{
    /* clang-format off */
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)no_log, NULL}, /* a client's mistake is not ours */
        {MHD_OPTION_LISTEN_SOCKET, http->listener, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, HTTP_CONNECTIONS_MAX, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL}, /* asking and taking have theirs */
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, http},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)unescape, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, http},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, http},
        {(enum MHD_OPTION)STRICTNESS, STRICT, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    /* clang-format on */
    const union MHD_DaemonInfo *info;

    MHD_set_panic_func(panic, NULL);
    http->daemon = MHD_start_daemon(MHD_USE_EPOLL | (unsigned)SUSPENDING, 0, on_accept, http,
                                    on_request, http, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    if (http->daemon == NULL)
        return error_set(err, ERROR_BROKEN, "http", "libmicrohttpd does not start");
    info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    http->descriptor = info->epoll_fd;
    return true;
}

struct http *http_open(const char *host, uint16_t port, size_t scratch_size, http_handler *handler,
                       void *cookie, struct error *err)
{
    struct http *http = calloc(1, sizeof *http);

    if (http == NULL) bug("out of memory");
    http->listener = -1;
    http->scratch_size = scratch_size;
    http->handler = handler;
    http->cookie = cookie;
    http->asking.limit_ms = HTTP_REQUEST_MS;
    http->taking.limit_ms = HTTP_ANSWER_MS;
    if (open_listener(http, host, port, err) && start(http, err)) return http;
    http_close(http);
    return NULL;
}

void http_limit(struct http *http, size_t per_address, const struct reach_networks *proxies)
{
    http->proxies = proxies;
    http->per_address = per_address;
}

void http_stop(struct http *http)
{
    if (http->is_stopping) return;
    http->is_stopping = true;
    MHD_quiesce_daemon(http->daemon);
    close(http->listener);
    http->listener = -1;
}

void http_close(struct http *http)
{
    if (http == NULL) return;
    http->is_closing = true;
    while (http->handed_over != NULL)
        http_answer(&http->handed_over->request, 503, NULL, NULL, "", 0);
    if (http->daemon != NULL) {
        MHD_run(http->daemon); /* those resumed have to be known as such before the end */
        http_stop(http);
        MHD_stop_daemon(http->daemon);
    }
    if (http->listener >= 0) close(http->listener);
    while (http->spares != NULL) {
        struct exchange *x = http->spares;

        http->spares = x->after;
        free(x);
    }
    free(http);
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}

int http_descriptor(const struct http *http)
{
    return http->descriptor;
}

size_t http_under_way(const struct http *http)
{
    return http->under_way;
}

size_t http_connections(const struct http *http)
{
    return http->connections;
}

static int64_t sooner(const struct clients *list, int64_t now_ms, int64_t wait_ms)
{
    const struct client *first = list->first;
    const int64_t left = first == NULL ? wait_ms : first->since_ms + list->limit_ms - now_ms;

    return left < 0 ? 0 : left < wait_ms ? left : wait_ms;
}

int64_t http_wait_ms(struct http *http, int64_t now_ms)
{
    MHD_UNSIGNED_LONG_LONG due;

    if (http->has_resumed) return 0;
    if (MHD_get_timeout(http->daemon, &due) == MHD_YES && due == 0) return 0;
    return sooner(&http->taking, now_ms, sooner(&http->asking, now_ms, 60000));
}

void http_turn(struct http *http, int64_t now_ms)
{
    http->now_ms = now_ms;
    http->has_resumed = false;
    MHD_run(http->daemon);
    cut_overdue(&http->asking, now_ms);
    cut_overdue(&http->taking, now_ms);
}
