/* The request's first bytes, read before anybody else does: what two readers could take for
 * different requests (request smuggling) is refused. */
#include "http/guard.h"

#include <string.h>
#include <strings.h>

/* Headers that say one thing: a second one could be believed by somebody else. */
enum single { HOST, LENGTH, CODING, TYPE, ENCODING, EXPECT, LAST_NAMED };

static const char *const singles[] = {
    [HOST] = "Host",
    [LENGTH] = "Content-Length",
    [CODING] = "Transfer-Encoding",
    [TYPE] = "Content-Type",
    [ENCODING] = "Content-Encoding",
    [EXPECT] = "Expect",
    [LAST_NAMED] = "Authorization",
    "If-Match",
    "Idempotency-Key",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
};

enum { SINGLES = sizeof singles / sizeof *singles };

static unsigned say(unsigned status, const char **why, const char *text)
{
    *why = text;
    return status;
}

/* RFC 9110, section 5.6.2. */
static bool is_token(const char *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] <= ' ' || at[i] > '~' || strchr("\"(),/:;<=>?@[\\]{}", at[i]) != NULL)
            return false;
    return size > 0;
}

/* RFC 9110, section 5.5: a value has no control character but the tab. */
static bool is_value(const char *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (((unsigned char)at[i] < ' ' && at[i] != '\t') || at[i] == 0x7F) return false;
    return true;
}

/* The bytes that the head must have had, if each line ended in CR LF and nothing was dropped. */
static size_t exact_size(const struct http_head *head)
{
    size_t size = strlen(head->method) + 1 + strlen(head->target) + 1 + strlen(head->version) + 4;

    for (size_t i = 0; i < head->count; i++) {
        const uintptr_t name = (uintptr_t)head->headers[i].name;
        const uintptr_t value = (uintptr_t)head->headers[i].value;

        if (value <= name || value - name > HTTP_HEAD_MAX) return 0;
        size += value - name + head->headers[i].value_size + 2;
    }
    return size;
}

static bool is_length(const char *at, size_t size, uint64_t *length)
{
    *length = 0;
    for (size_t i = 0; i < size; i++) {
        if (at[i] < '0' || at[i] > '9') return false;
        if (*length < UINT64_C(1) << 56) *length = *length * 10 + (uint64_t)(at[i] - '0');
    }
    return size > 0;
}

static unsigned check_line(const struct http_head *head, const char **why)
{
    const size_t target = strlen(head->target);
    bool is_http_11 = strcmp(head->version, "HTTP/1.1") == 0;

    if (!is_http_11 && strcmp(head->version, "HTTP/1.0") != 0)
        return say(400, why, "The request line names no version of HTTP that is spoken here.");
    if (!is_token(head->method, strlen(head->method)) || strlen(head->method) > 16)
        return say(400, why, "The request line begins with no method.");
    if (target > HTTP_TARGET_MAX) return say(414, why, "The address is too long.");
    if (head->target[0] != '/') return say(400, why, "The address is no path.");
    for (size_t i = 0; i < target; i++)
        if (head->target[i] <= ' ' || head->target[i] > '~')
            return say(400, why, "The address holds what must be percent-encoded.");
    return 0;
}

/* Find the headers that stand once; found[i] is the index of singles[i], or SIZE_MAX. */
static unsigned check_headers(const struct http_head *head, size_t found[SINGLES], const char **why)
{
    for (size_t i = 0; i < SINGLES; i++)
        found[i] = SIZE_MAX;
    for (size_t i = 0; i < head->count; i++) {
        const char *name = head->headers[i].name;

        if (!is_token(name, head->headers[i].name_size))
            return say(400, why, "A header's name is malformed.");
        if (!is_value(head->headers[i].value, head->headers[i].value_size))
            return say(400, why, "A header's value holds a control character.");
        for (size_t n = 0; n < SINGLES; n++) {
            if ((name[0] | 0x20) != (singles[n][0] | 0x20) || strcasecmp(name, singles[n]) != 0)
                continue;
            if (found[n] != SIZE_MAX)
                return say(400, why, "A header that may stand once stands twice.");
            found[n] = i;
        }
    }
    return 0;
}

static unsigned check_body(const struct http_head *head, const size_t found[SINGLES],
                           uint64_t *body_size, const char **why)
{
    const size_t length = found[LENGTH];

    if (found[CODING] != SIZE_MAX && length != SIZE_MAX)
        return say(400, why, "Content-Length and Transfer-Encoding exclude each other.");
    if (found[CODING] != SIZE_MAX && strcasecmp(head->headers[found[CODING]].value, "chunked") != 0)
        return say(400, why, "This Transfer-Encoding is not understood.");
    if (found[CODING] != SIZE_MAX)
        return say(411, why, "A body needs a Content-Length; chunks are not taken.");
    if (length == SIZE_MAX) return 0;
    if (!is_length(head->headers[length].value, head->headers[length].value_size, body_size))
        return say(400, why, "Content-Length is no number.");
    if (*body_size > 0 && (strcmp(head->method, "GET") == 0 || strcmp(head->method, "HEAD") == 0))
        return say(400, why, "A reading request has no body.");
    return *body_size > HTTP_BODY_MAX ? say(413, why, "The body is over 64 KiB.") : 0;
}

unsigned http_guard(const struct http_head *head, uint64_t *body_size, const char **why)
{
    size_t found[SINGLES];
    unsigned status;

    *body_size = 0;
    if (head->count > HTTP_HEADERS_MAX) return say(431, why, "There are too many headers.");
    if (head->size > HTTP_HEAD_MAX) return say(431, why, "The headers are too long.");
    if ((status = check_line(head, why)) != 0) return status;
    if ((status = check_headers(head, found, why)) != 0) return status;
    if (head->is_exact && exact_size(head) != head->size)
        return say(400, why, "A line of the head is folded, or does not end in CR LF.");
    if (found[HOST] == SIZE_MAX ? strcmp(head->version, "HTTP/1.1") == 0
                                : head->headers[found[HOST]].value_size == 0)
        return say(400, why, "There is no Host.");
    if (found[EXPECT] != SIZE_MAX &&
        strcasecmp(head->headers[found[EXPECT]].value, "100-continue") != 0)
        return say(417, why, "This expectation is not understood.");
    if (found[ENCODING] != SIZE_MAX &&
        strcasecmp(head->headers[found[ENCODING]].value, "identity") != 0)
        return say(415, why, "The body must not be compressed.");
    return check_body(head, found, body_size, why);
}
