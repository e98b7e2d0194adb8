/* An HTTP/1.1 server: libmicrohttpd, and the only door to it.
 *
 * One thread: its owner waits on http_descriptor together with whatever else it waits for, and
 * calls http_turn. A request is handed over once it is whole, or once it is clear that it cannot be
 * taken; one that is too slow never gets that far, and what is not even HTTP is answered by the
 * library in its own words. It is answered exactly once, at once or later; meanwhile the client may
 * be gone, which nobody needs to know. TLS ends at a reverse proxy in front, so what two servers
 * could read differently is refused (http/guard.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct http;

enum {
    HTTP_CONNECTIONS_MAX = 2000, /* further ones wait until one is closed */
    HTTP_TARGET_MAX = 2048,      /* bytes of path and query; 414 */
    HTTP_HEAD_MAX = 8192,        /* bytes of a request's line and headers; 431 */
    HTTP_HEADERS_MAX = 64,       /* in a request; 431 */
    HTTP_BODY_MAX = 65536,       /* bytes; 413 */
    HTTP_BODIES_MAX = 32 << 20,  /* bytes that have come of all bodies under way; 503 */
    HTTP_ARGUMENTS_MAX = 16,     /* in a query */
    HTTP_REQUEST_MS = 30000,     /* from a connection's opening, or its last answer's end, until it
                                    has said all of its next request; then it is cut off */
    HTTP_ANSWER_MS = 30000,      /* within which an answer must have been taken */
};

struct http_header {
    const char *name, *value;
};

/* A request, whole. All of it is borrowed until it is answered. */
struct http_request {
    const char *method;
    const char *path;  /* percent-decoded; begins with a slash; "" when it could not be read */
    const char *query; /* what follows the question mark, as it came; or "" */
    const uint8_t *body;
    size_t body_size;
    unsigned refused; /* 0; or the status to answer, at once: it cannot be taken, and has no body */
    const char *why;  /* it is refused: a sentence */
    uint8_t from[16]; /* the connection's address; an IPv4 one as ::ffff:a.b.c.d */
    void *scratch;    /* scratch_size bytes of the handler's own, aligned, not cleared */
};

/* What is asked of the handler: that http_answer is called, now or later. */
typedef void http_handler(void *cookie, struct http_request *request);

/* Listen at host (a name or an address; "": all of them) and port (0: any that is free). */
struct http *http_open(const char *host, uint16_t port, size_t scratch_size, http_handler *handler,
                       void *cookie, struct error *err);
/* Cuts all connections; what is unanswered is answered 503 into the void, and the
 * handler is not called again. Accepts NULL. */
void http_close(struct http *http);

/* No more connections from one address than so many, 0: any number, which it is until this is called.
 * Those from 127.0.0.1 and ::1, where a proxy may be, and from these networks, borrowed, are not counted. */
struct reach_networks;
void http_limit(struct http *http, size_t per_address, const struct reach_networks *proxies);

uint16_t http_port(const struct http *http);
/* Readable when http_turn has something to do. */
int http_descriptor(const struct http *http);
/* How long to wait on it at the most before the next http_turn; at least 0. */
int64_t http_wait_ms(struct http *http, int64_t now_ms);
/* now_ms: of a clock that never goes back. Calls the handler. */
void http_turn(struct http *http, int64_t now_ms);

/* Take no more connections, and close each that is open once its answer is out. */
void http_stop(struct http *http);
/* Requests handed over whose answer is not out yet; and open connections. */
size_t http_under_way(const struct http *http);
size_t http_connections(const struct http *http);

/* The value of a request's header, by name in any case; or NULL. Valid until it is answered. */
const char *http_header(const struct http_request *request, const char *name);

/* All lines of a header, in their order, with commas between. False: there is none, or too much of it. */
bool http_header_lines(const struct http_request *request, const char *name, char *lines,
                       size_t room);

/* Whether the Content-Type is this one, whatever its parameters. */
bool http_is_type(const struct http_request *request, const char *type);

/* The arguments of a request's query, decoded. False: malformed, or too many. */
struct http_arguments {
    size_t count;
    struct http_header at[HTTP_ARGUMENTS_MAX]; /* into text */
    char text[HTTP_TARGET_MAX + 1];
};
bool http_arguments(const struct http_request *request, struct http_arguments *arguments);

/* Answer. headers end with a NULL name, and may be NULL; type too, when there is no body. All is
 * copied. The request is gone then. */
void http_answer(struct http_request *request, unsigned status, const char *type,
                 const struct http_header *headers, const void *body, size_t size);
