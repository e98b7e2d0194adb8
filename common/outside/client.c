/* Transfers by libcurl: one thread drives them all, its owner hears of the ended ones by a bell. An
 * address is looked at when a socket is opened for it, so that no name can lead into our own
 * network (SSRF). */
#include "outside/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/bell.h"
#include "base/thread.h"
#include "core/error.h"
#include "core/reach.h"

/* Addresses. */

static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF}; /* ::ffff:0:0/96 */

/* An address as 16 bytes, IPv4 as ::ffff:a.b.c.d; false when it is neither. */
static bool address_bytes(const struct sockaddr *address, uint8_t bytes[REACH_ADDRESS_SIZE])
{
    if (address->sa_family == AF_INET) {
        memcpy(bytes, mapped, 12);
        memcpy(bytes + 12, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        return true;
    }
    if (address->sa_family != AF_INET6) return false;
    memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    return true;
}

bool client_is_public(const struct sockaddr *address)
{
    uint8_t bytes[REACH_ADDRESS_SIZE];

    return address_bytes(address, bytes) && reach_is_public(bytes);
}

/* Transfers. */

enum stage { FREE, FILLING, WAITING, RUNNING, ENDED };

struct transfer {
    struct client *client;
    enum stage
        stage; /* guarded by the client's mutex; FILLING is its owner's, RUNNING the thread's */
    CURL *easy;
    bool is_mail, is_plain;
    bool was_forbidden, was_tried; /* an address of it */
    struct smtp_talk talk;         /* of a mail */
    char *body;
    size_t size, sent, received;
    struct curl_slist *headers, *recipients;
    client_done *done;
    void *cookie;
    struct client_outcome outcome;
};

struct client {
    CURLM *multi;
    struct thread *thread; /* that drives the transfers; or NULL */
    bool has_lock;
    pthread_mutex_t lock; /* stage of every transfer, is_ending */
    bool is_ending;
    struct bell *bell; /* a transfer has ended */
    struct reach_networks allowed;
    char *smtp;
    curl_usessl smtp_security;
    struct transfer transfers[CLIENT_TRANSFERS];
};

static void drop_list(struct curl_slist **list)
{
    for (struct curl_slist *one = *list; one != NULL; one = one->next)
        explicit_bzero(one->data, strlen(one->data));
    curl_slist_free_all(*list);
    *list = NULL;
}

static void wipe(struct transfer *t)
{
    drop_list(&t->headers);
    drop_list(&t->recipients);
    if (t->body != NULL) explicit_bzero(t->body, t->size);
    free(t->body);
    t->body = NULL;
    t->size = t->sent = t->received = 0;
    t->was_forbidden = t->was_tried = false;
    t->talk = (struct smtp_talk){0};
}

static void set_stage(struct transfer *t, enum stage stage)
{
    pthread_mutex_lock(&t->client->lock);
    t->stage = stage;
    pthread_mutex_unlock(&t->client->lock);
}

static struct transfer *take(struct client *client, struct error *err)
{
    struct transfer *taken = NULL;

    pthread_mutex_lock(&client->lock);
    for (size_t i = 0; i < CLIENT_TRANSFERS && taken == NULL; i++)
        if (client->transfers[i].stage == FREE) taken = &client->transfers[i];
    if (taken != NULL) taken->stage = FILLING;
    pthread_mutex_unlock(&client->lock);
    if (taken == NULL)
        error_set(err, ERROR_BUSY, "busy", "%d transfers are under way.", CLIENT_TRANSFERS);
    return taken;
}

static void end(struct transfer *t)
{
    wipe(t);
    set_stage(t, ENDED);
    bell_ring(t->client->bell);
}

/* What libcurl asks while it works. */

/* The one place where a connection comes to be: nothing gets out that is not let out here. */
static curl_socket_t open_socket(void *cookie, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *t = cookie;
    uint8_t bytes[REACH_ADDRESS_SIZE];

    if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
    if (!t->is_mail && !(address_bytes(&address->addr, bytes) &&
                         reach_admits(&t->client->allowed, bytes, t->is_plain))) {
        t->was_forbidden = true;
        return CURL_SOCKET_BAD;
    }
    t->was_tried = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t give(char *buffer, size_t one, size_t many, void *cookie)
{
    struct transfer *t = cookie;
    const size_t rest = t->size - t->sent, room = one * many;
    const size_t size = rest < room ? rest : room;

    memcpy(buffer, t->body + t->sent, size);
    t->sent += size;
    return size;
}

static int overhear(CURL *easy, curl_infotype type, char *line, size_t size, void *cookie)
{
    struct transfer *t = cookie;

    (void)easy;
    if (type == CURLINFO_HEADER_OUT) smtp_said(&t->talk, line, size);
    if (type == CURLINFO_HEADER_IN) smtp_heard(&t->talk, line, size);
    return 0;
}

static size_t ignore(char *bytes, size_t one, size_t many, void *cookie)
{
    struct transfer *t = cookie;

    (void)bytes;
    t->received += one * many;
    return t->received > CLIENT_ANSWER_MAX ? 0 : one * many; /* 0: hang up */
}

/* What came of it. */

static enum client_trouble trouble_of_errno(long number)
{
    switch (number) {
    case ECONNREFUSED: return CLIENT_CONNECTION_REFUSED;
    case ECONNRESET:
    case EPIPE: return CLIENT_CONNECTION_RESET;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT: return CLIENT_NETWORK_UNREACHABLE;
    case ETIMEDOUT: return CLIENT_TIMEOUT;
    default: return CLIENT_NETWORK_ERROR;
    }
}

/* Why no answer came. */
static enum client_trouble trouble_of(const struct transfer *t, CURLcode code)
{
    long number = 0;

    if (t->was_forbidden && !t->was_tried) return CLIENT_ADDRESS_FORBIDDEN;
    curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST: return CLIENT_DNS_ERROR;
    case CURLE_COULDNT_CONNECT: return trouble_of_errno(number);
    case CURLE_OPERATION_TIMEDOUT: return CLIENT_TIMEOUT;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return CLIENT_CONNECTION_RESET;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED: return CLIENT_TLS_ERROR;
    default: return CLIENT_NETWORK_ERROR;
    }
}

static struct client_outcome judge_http(long code, curl_off_t wait_s)
{
    struct client_outcome outcome = {.trouble = CLIENT_HTTP, .code = code};

    outcome.wait_ms = wait_s > CLIENT_WAIT_MAX_MS / 1000 ? CLIENT_WAIT_MAX_MS : wait_s * 1000;
    outcome.result = CLIENT_LATER;
    if (code / 100 == 2)
        outcome = (struct client_outcome){.result = CLIENT_DELIVERED, .code = code};
    else if (code / 100 == 3)
        outcome.trouble = CLIENT_REDIRECT_ERROR;
    else if (code == 410)
        outcome.result = CLIENT_GONE;
    else if (code == 429 || code == 502 || code == 503 || code == 504)
        outcome.result = CLIENT_THROTTLED;
    return outcome;
}

static struct client_outcome judge_post(const struct transfer *t, CURLcode why)
{
    struct client_outcome outcome = {.result = CLIENT_LATER};
    long code = 0;
    curl_off_t wait_s = 0;

    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &wait_s);
    if (code >= 200 && code <= 999)
        return judge_http(code, wait_s); /* its body matters to nobody */
    outcome.trouble = trouble_of(t, why);
    if (outcome.trouble == CLIENT_ADDRESS_FORBIDDEN) outcome.result = CLIENT_REFUSED;
    return outcome;
}

/* What a mail failed of that nobody has refused. */
static enum smtp_cause cause_of(enum client_trouble trouble, CURLcode why)
{
    if (why == CURLE_LOGIN_DENIED) return SMTP_CAUSE_LOGIN;
    return trouble == CLIENT_TLS_ERROR ? SMTP_CAUSE_TLS : SMTP_CAUSE_ROUTE;
}

static struct client_outcome judge_mail(const struct transfer *t, CURLcode why)
{
    const struct smtp_meaning meaning = smtp_meaning(&t->talk);
    const enum client_trouble trouble = trouble_of(t, why);

    if (why == CURLE_OK)
        return (struct client_outcome){.result = CLIENT_DELIVERED, .code = t->talk.code};
    if (t->talk.code < 400)
        return (struct client_outcome){
            .result = CLIENT_LATER, .trouble = trouble, .cause = cause_of(trouble, why)};
    return (struct client_outcome){.result = meaning.is_final ? CLIENT_REFUSED : CLIENT_LATER,
                                   .trouble = CLIENT_SMTP,
                                   .code = t->talk.code,
                                   .cause = meaning.cause,
                                   .is_of_reader = t->talk.phase == SMTP_RCPT};
}

/* The thread. */

/* Give libcurl what has come in since; false: it is time to end. */
static bool begin_waiting(struct client *client)
{
    bool goes_on;

    pthread_mutex_lock(&client->lock);
    goes_on = !client->is_ending;
    for (size_t i = 0; i < CLIENT_TRANSFERS && goes_on; i++) {
        struct transfer *t = &client->transfers[i];

        if (t->stage != WAITING) continue;
        t->stage = RUNNING;
        if (curl_multi_add_handle(client->multi, t->easy) != CURLM_OK)
            bug("client: curl_multi_add_handle");
    }
    pthread_mutex_unlock(&client->lock);
    return goes_on;
}

static void end_done(struct client *client)
{
    const CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
        const CURLcode why = message->data.result;
        CURL *easy = message->easy_handle;
        struct transfer *t;

        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
        t->outcome = t->is_mail ? judge_mail(t, why) : judge_post(t, why);
        curl_multi_remove_handle(client->multi, easy);
        end(t);
    }
}

static void *drive(void *cookie)
{
    struct client *client = cookie;
    int running;

    while (begin_waiting(client)) {
        curl_multi_perform(client->multi, &running);
        end_done(client);
        curl_multi_poll(client->multi, NULL, 0, 1000, NULL);
    }
    return NULL;
}

static void hand_over(struct transfer *t, client_done *done, void *cookie)
{
    t->done = done;
    t->cookie = cookie;
    set_stage(t, WAITING);
    curl_multi_wakeup(t->client->multi);
}

/* Open and close. */

static void init_library(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) bug("client: curl_global_init");
}

static bool start_thread(struct client *client)
{
    client->thread = thread_start(drive, client);
    return client->thread != NULL;
}

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    const bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return has;
}

/* Whether the host of an address is this machine, by what it is called. */
static bool is_near(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "[::1]") == 0;
}

static bool read_smtp(struct client *client, const char *smtp, struct error *err)
{
    CURLU *url = curl_url();
    char *host = NULL;
    const bool is_good =
        url != NULL && (strncmp(smtp, "smtp://", 7) == 0 || strncmp(smtp, "smtps://", 8) == 0) &&
        curl_url_set(url, CURLUPART_URL, smtp, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK;

    if (is_good) {
        client->smtp = strdup(smtp);
        client->smtp_security = is_near(host)                   ? CURLUSESSL_NONE
                                : has_part(url, CURLUPART_USER) ? CURLUSESSL_ALL
                                                                : CURLUSESSL_TRY;
    }
    curl_free(host);
    curl_url_cleanup(url);
    if (!is_good) /* without showing it: it may hold a password */
        return error_set(err, ERROR_INVALID, "smtp",
                         "FADDER_SMTP is not like smtp://host:port or smtps://host:port.");
    return client->smtp != NULL;
}

static bool prepare(struct client *client, const struct reach_networks *allowed, const char *smtp,
                    struct error *err)
{
    client->allowed = *allowed;
    if (smtp != NULL && !read_smtp(client, smtp, err)) return false;

    client->bell = bell_create();
    client->multi = curl_multi_init();
    client->has_lock = pthread_mutex_init(&client->lock, NULL) == 0;
    if (client->multi == NULL || !client->has_lock)
        return error_set(err, ERROR_BROKEN, "client", "%s", strerror(errno));
    curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)CLIENT_TRANSFERS);
    for (size_t i = 0; i < CLIENT_TRANSFERS; i++) {
        client->transfers[i].client = client;
        client->transfers[i].easy = curl_easy_init();
        if (client->transfers[i].easy == NULL) bug("client: out of memory");
    }
    if (!start_thread(client)) return error_set(err, ERROR_BROKEN, "client", "No thread.");
    return true;
}

struct client *client_open(const struct reach_networks *allowed, const char *smtp,
                           struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct client *client = calloc(1, sizeof *client);

    if (client == NULL) bug("client: out of memory");
    pthread_once(&once, init_library);
    if (prepare(client, allowed, smtp, err)) return client;
    client_close(client);
    return NULL;
}

static void stop_thread(struct client *client)
{
    pthread_mutex_lock(&client->lock);
    client->is_ending = true;
    pthread_mutex_unlock(&client->lock);
    curl_multi_wakeup(client->multi);
    thread_join(client->thread);
}

/* libcurl ends a mail that is taken away from it with the dot that says it is whole, unless it has no
 * recipient: what had been said of it, or nothing at all, would be delivered. */
static void break_off(struct client *client, struct transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_MAIL_RCPT, NULL);
    curl_multi_remove_handle(client->multi, t->easy);
}

void client_close(struct client *client)
{
    if (client == NULL) return;
    if (client->thread != NULL) stop_thread(client);
    for (size_t i = 0; i < CLIENT_TRANSFERS; i++) {
        struct transfer *t = &client->transfers[i];

        if (t->stage == RUNNING) break_off(client, t);
        curl_easy_cleanup(t->easy);
        wipe(t);
    }
    curl_multi_cleanup(client->multi);
    if (client->has_lock) pthread_mutex_destroy(&client->lock);
    bell_destroy(client->bell);
    if (client->smtp != NULL) explicit_bzero(client->smtp, strlen(client->smtp));
    free(client->smtp);
    free(client);
}

/* Posting and mailing. */

/* What both kinds have in common. Nothing may come from the environment. */
static void set_common(struct transfer *t, const char *url, const char *protocols)
{
    CURL *easy = t->easy;

    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, (void *)t);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 30L);
}

static bool is_line(const char *text)
{
    for (; *text != 0; text++)
        if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7F) return false;
    return true;
}

static void add(struct curl_slist **list, const char *text)
{
    struct curl_slist *longer = curl_slist_append(*list, text);

    if (longer == NULL) bug("client: out of memory");
    *list = longer;
}

static bool add_headers(struct transfer *t, const char *const *headers, struct error *err)
{
    size_t count = 0;

    for (; *headers != NULL; headers++) {
        if (!is_line(*headers) || strchr(*headers, ':') == NULL || ++count > CLIENT_HEADERS_MAX)
            return error_set(err, ERROR_INVALID, "bad_header", "A header is one line of text.");
        add(&t->headers, *headers);
    }
    add(&t->headers, "Expect:"); /* no 100-continue */
    add(&t->headers, "Accept: */*");
    return true;
}

/* Whether the rule has nothing against how it is written. Whether we may go there is seen at connecting. */
static bool is_written_well(const char *text)
{
    const enum reach reach = reach_of(text, NULL);

    return reach == REACH_FINE || reach == REACH_PLAIN || reach == REACH_OUR_OWN ||
           reach == REACH_NO_NAME || reach == REACH_NOWHERE;
}

/* http or https, and no user name; by the rule, and as libcurl reads it. */
static bool check_url(const char *text, bool *is_plain, struct error *err)
{
    CURLU *url = curl_url();
    char *scheme = NULL;
    bool is_good = url != NULL && is_line(text) && is_written_well(text) &&
                   curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                   curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                   !has_part(url, CURLUPART_USER);

    if (is_good) {
        *is_plain = strcmp(scheme, "http") == 0;
        is_good = *is_plain || strcmp(scheme, "https") == 0;
    }
    curl_free(scheme);
    curl_url_cleanup(url);
    if (!is_good) error_set(err, ERROR_INVALID, "bad_url", "That is no address to post to.");
    return is_good;
}

static void keep_body(struct transfer *t, const void *body, size_t size)
{
    t->body = malloc(size + 1);
    if (t->body == NULL) bug("client: out of memory");
    memcpy(t->body, body, size);
    t->size = size;
}

bool client_post(struct client *client, const char *url, const char *const *headers,
                 const void *body, size_t size, client_done *done, void *cookie, struct error *err)
{
    struct transfer *t;
    bool is_plain;

    if (!check_url(url, &is_plain, err)) return false;
    t = take(client, err);
    if (t == NULL) return false;
    t->is_mail = false;
    t->is_plain = is_plain;
    if (!add_headers(t, headers, err)) {
        wipe(t);
        set_stage(t, FREE);
        return false;
    }
    keep_body(t, body, size);

    set_common(t, url, "http,https");
    curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "Fadder");
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, (long)size);
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body);
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)CLIENT_POST_TIMEOUT_MS);
    hand_over(t, done, cookie);
    return true;
}

bool client_mail(struct client *client, const char *from, const char *to, const void *bytes,
                 size_t size, client_done *done, void *cookie, struct error *err)
{
    struct transfer *t;

    if (client->smtp == NULL || !is_line(from) || !is_line(to))
        return error_set(err, ERROR_INVALID, "bad_address", "That is no address to write to.");
    t = take(client, err);
    if (t == NULL) return false;
    t->is_mail = true;
    keep_body(t, bytes, size);
    add(&t->recipients, to);

    set_common(t, client->smtp, "smtp,smtps");
    curl_easy_setopt(t->easy, CURLOPT_USE_SSL, (long)client->smtp_security);
    curl_easy_setopt(t->easy, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(t->easy, CURLOPT_MAIL_RCPT, t->recipients);
    curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(t->easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(t->easy, CURLOPT_VERBOSE, 1L); /* to overhear what is said, and to no log */
    curl_easy_setopt(t->easy, CURLOPT_DEBUGFUNCTION, overhear);
    curl_easy_setopt(t->easy, CURLOPT_DEBUGDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)CLIENT_MAIL_TIMEOUT_MS);
    hand_over(t, done, cookie);
    return true;
}

bool client_settle(struct client *client, const struct client_outcome *outcome, client_done *done,
                   void *cookie, struct error *err)
{
    struct transfer *t = take(client, err);

    if (t == NULL) return false;
    t->done = done;
    t->cookie = cookie;
    t->outcome = *outcome;
    end(t);
    return true;
}

/* Calling back. */

static struct transfer next_ended(struct client *client)
{
    struct transfer ended = {0};

    pthread_mutex_lock(&client->lock);
    for (size_t i = 0; i < CLIENT_TRANSFERS && ended.done == NULL; i++) {
        if (client->transfers[i].stage != ENDED) continue;
        ended = client->transfers[i];
        client->transfers[i].stage = FREE;
    }
    pthread_mutex_unlock(&client->lock);
    return ended;
}

size_t client_turn(struct client *client)
{
    size_t count = 0;

    bell_hush(client->bell);
    for (struct transfer ended = next_ended(client); ended.done != NULL;
         ended = next_ended(client), count++)
        ended.done(ended.cookie, &ended.outcome);
    return count;
}

struct bell *client_bell(const struct client *client)
{
    return client->bell;
}

size_t client_under_way(struct client *client)
{
    size_t count = 0;

    pthread_mutex_lock(&client->lock);
    for (size_t i = 0; i < CLIENT_TRANSFERS; i++)
        count += client->transfers[i].stage != FREE;
    pthread_mutex_unlock(&client->lock);
    return count;
}

const char *client_trouble_word(enum client_trouble trouble)
{
    static const char *const words[] = {
        "none",    "dns_error", "connection_refused", "connection_reset", "network_unreachable",
        "timeout", "tls_error", "redirect_error",     "network_error",    "address_forbidden",
        "http",    "smtp",
    };

    return words[trouble];
}
