/* X-Forwarded-For and Forwarded, element by element, from the end. */
#include "front/origin.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { ELEMENTS_MAX = 16 }; /* as many proxies one behind the other */

const char *const origin_headers[] = {
    [ORIGIN_X_FORWARDED_FOR] = "X-Forwarded-For",
    [ORIGIN_FORWARDED] = "Forwarded",
};

struct piece {
    const char *at;
    size_t size;
};

static struct piece trimmed(struct piece piece)
{
    while (piece.size > 0 && (piece.at[0] == ' ' || piece.at[0] == '\t')) {
        piece.at++;
        piece.size--;
    }
    while (piece.size > 0 && (piece.at[piece.size - 1] == ' ' || piece.at[piece.size - 1] == '\t'))
        piece.size--;
    return piece;
}

/* What follows the last comma, which goes with it. */
static struct piece take_last(struct piece *rest)
{
    size_t from = rest->size;
    struct piece last;

    while (from > 0 && rest->at[from - 1] != ',')
        from--;
    last = (struct piece){rest->at + from, rest->size - from};
    rest->size = from > 0 ? from - 1 : 0;
    return trimmed(last);
}

/* What a node says: for=… among the parts of an element, without its quotes. */
static struct piece node_of(struct piece element)
{
    while (element.size > 0) {
        const char *end = memchr(element.at, ';', element.size);
        const size_t size = end == NULL ? element.size : (size_t)(end - element.at);
        struct piece part = trimmed((struct piece){element.at, size});

        if (part.size > 4 && strncasecmp(part.at, "for=", 4) == 0) {
            part = (struct piece){part.at + 4, part.size - 4};
            if (part.size > 1 && part.at[0] == '"' && part.at[part.size - 1] == '"')
                part = (struct piece){part.at + 1, part.size - 2};
            return part;
        }
        element.at += end == NULL ? size : size + 1;
        element.size -= end == NULL ? size : size + 1;
    }
    return (struct piece){"", 0};
}

static bool read_ipv4(const char *text, uint8_t address[REACH_ADDRESS_SIZE])
{
    struct in_addr in;

    if (inet_pton(AF_INET, text, &in) != 1) return false;
    memset(address, 0, 10);
    memset(address + 10, 0xFF, 2);
    memcpy(address + 12, &in, 4);
    return true;
}

static bool is_port(const char *text)
{
    return strlen(text) <= 5 && text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* 192.0.2.1, 192.0.2.1:4711, 2001:db8::1, [2001:db8::1], [2001:db8::1]:4711 */
static bool read_address(struct piece node, uint8_t address[REACH_ADDRESS_SIZE])
{
    uint8_t read[REACH_ADDRESS_SIZE];
    char text[64], *host = text, *end;

    if (node.size == 0 || node.size >= sizeof text) return false;
    memcpy(text, node.at, node.size);
    text[node.size] = '\0';
    if (text[0] == '[') {
        if ((end = strchr(text, ']')) == NULL) return false;
        if (end[1] != '\0' && (end[1] != ':' || !is_port(end + 2))) return false;
        *end = '\0';
        host++;
    } else if ((end = strchr(text, ':')) != NULL && strchr(end + 1, ':') == NULL) {
        if (!is_port(end + 1)) return false;
        *end = '\0';
    }
    if (!read_ipv4(host, read) && inet_pton(AF_INET6, host, read) != 1) return false;
    memcpy(address, read, sizeof read);
    return true;
}

void origin_find(const struct reach_networks *proxies, enum origin_header header,
                 const uint8_t peer[REACH_ADDRESS_SIZE], const char *said,
                 uint8_t address[REACH_ADDRESS_SIZE])
{
    struct piece rest = {said, said == NULL ? 0 : strlen(said)};

    memcpy(address, peer, REACH_ADDRESS_SIZE);
    for (int i = 0; i < ELEMENTS_MAX && rest.size > 0 && reach_holds(proxies, address); i++) {
        const struct piece element = take_last(&rest);

        if (!read_address(header == ORIGIN_FORWARDED ? node_of(element) : element, address)) return;
    }
}

bool origin_is_ipv4(const uint8_t address[REACH_ADDRESS_SIZE])
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};

    return memcmp(address, mapped, sizeof mapped) == 0;
}

bool origin_is_localhost(const uint8_t address[REACH_ADDRESS_SIZE])
{
    static const uint8_t ipv4[4] = {127, 0, 0, 1}, ipv6[REACH_ADDRESS_SIZE] = {[15] = 1};

    return origin_is_ipv4(address) ? memcmp(address + 12, ipv4, sizeof ipv4) == 0
                                   : memcmp(address, ipv6, sizeof ipv6) == 0;
}

void origin_write(const uint8_t address[REACH_ADDRESS_SIZE], char text[ORIGIN_TEXT_SIZE])
{
    if (origin_is_ipv4(address))
        inet_ntop(AF_INET, address + 12, text, ORIGIN_TEXT_SIZE);
    else
        inet_ntop(AF_INET6, address, text, ORIGIN_TEXT_SIZE);
}
