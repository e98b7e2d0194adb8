/* Asking the outside world: HTTP and SMTP by libcurl, and the only door to it.
 *
 * One thread drives all transfers; client_post and client_mail copy what they are given and return
 * at once. What came of a transfer is called back from client_turn, in the caller's own thread, and
 * exactly once. One thread uses a client at a time. What was copied is wiped when it is over.
 *
 * Where webhooks may go is core/reach's to say. It is asked about every address at the moment of
 * connecting to it, so no name that resolves to something else later gets past it. No redirect is
 * followed, no proxy, cookie, netrc or user name is used.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outside/smtp.h"

struct bell;
struct client;
struct error;
struct reach_networks;
struct sockaddr;

enum {
    CLIENT_TRANSFERS = 64,          /* under way at once */
    CLIENT_POST_TIMEOUT_MS = 15000, /* from the call to the last byte of the answer */
    CLIENT_MAIL_TIMEOUT_MS = 60000,
    CLIENT_ANSWER_MAX = 20000, /* bytes of an answer's body; what follows is not read */
    CLIENT_WAIT_MAX_MS =
        21600000, /* a longer Retry-After counts as six hours, as newer libcurls have it */
    CLIENT_HEADERS_MAX = 8,
};

enum client_result {
    CLIENT_DELIVERED,
    CLIENT_LATER,     /* may go well another time */
    CLIENT_THROTTLED, /* too much for them just now: 429, 502, 503, 504 */
    CLIENT_REFUSED,   /* will not go well another time */
    CLIENT_GONE,      /* 410: nobody wants anything there any more */
};

enum client_trouble {
    CLIENT_NO_TROUBLE,
    CLIENT_DNS_ERROR,
    CLIENT_CONNECTION_REFUSED,
    CLIENT_CONNECTION_RESET,
    CLIENT_NETWORK_UNREACHABLE,
    CLIENT_TIMEOUT,
    CLIENT_TLS_ERROR,
    CLIENT_REDIRECT_ERROR,
    CLIENT_NETWORK_ERROR,
    CLIENT_ADDRESS_FORBIDDEN,
    CLIENT_HTTP, /* the answer was code */
    CLIENT_SMTP,
};

struct client_outcome {
    enum client_result result;
    enum client_trouble trouble;
    int64_t code;          /* what HTTP or SMTP answered, 100 to 999; 0: it did not come to that */
    int64_t wait_ms;       /* Retry-After; 0: not said */
    enum smtp_cause cause; /* of a mail: what it failed of */
    bool is_of_reader;     /* and it was refused when it was said whom it is for */
};

typedef void client_done(void *cookie, const struct client_outcome *outcome);

/* allowed: networks that webhooks may go to besides the public ones (copied). smtp:
 * "smtp://relay.example:25" or "smtps://user:password@relay.example"; NULL: no mail. With a user the
 * connection has to be encrypted; without, it is when the server can; to localhost never. */
struct client *client_open(const struct reach_networks *allowed, const char *smtp,
                           struct error *err);
void client_close(struct client *client); /* what is under way is not called back any more */

/* POST a body to url, with headers "name: value". False, and no call back: ERROR_BUSY when
 * CLIENT_TRANSFERS are under way, ERROR_INVALID when a header holds a line break or the url is none
 * that we post to. */
bool client_post(struct client *client, const char *url, const char *const *headers,
                 const void *body, size_t size, client_done *done, void *cookie, struct error *err);

/* Hand a mail as mime.h writes it to the SMTP server, for one recipient. */
bool client_mail(struct client *client, const char *from, const char *to, const void *bytes,
                 size_t size, client_done *done, void *cookie, struct error *err);

/* Call back as if a transfer had ended like this, at the next client_turn. ERROR_BUSY as above. */
bool client_settle(struct client *client, const struct client_outcome *outcome, client_done *done,
                   void *cookie, struct error *err);

/* Call back for all that has ended; how many. client_bell rings when there is something;
 * it lives as long as the client. */
size_t client_turn(struct client *client);
struct bell *client_bell(const struct client *client);
size_t client_under_way(struct client *client);

/* "connection_refused", "http", static; never NULL. */
const char *client_trouble_word(enum client_trouble trouble);

/* Whether an address is of the public internet. */
bool client_is_public(const struct sockaddr *address);
