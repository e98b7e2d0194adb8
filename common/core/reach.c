/* Addresses first, then urls. A url is taken apart as libcurl does it, which reads hosts such as 127.1,
 * 0x7f.1 and 2130706433 as the IPv4 addresses that they are. */
#include "core/reach.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/hostname.h"

/* Addresses. */

/* The first bits of an IPv4 address that is not of the public internet (IANA's special-purpose
 * registry, RFC 6890 and its updates), and 168.63.129.16, where one cloud answers its guests. */
/* clang-format off */
static const struct { uint32_t network, bits; } special4[] = {
    {0x00000000, 8},  /* 0.0.0.0        this network */
    {0x0A000000, 8},  /* 10.0.0.0       private */
    {0x64400000, 10}, /* 100.64.0.0     shared, behind carriers' NAT */
    {0x7F000000, 8},  /* 127.0.0.0      loopback */
    {0xA83F8110, 32}, /* 168.63.129.16 */
    {0xA9FE0000, 16}, /* 169.254.0.0    link-local, and metadata */
    {0xAC100000, 12}, /* 172.16.0.0     private */
    {0xC0000000, 24}, /* 192.0.0.0      protocol assignments */
    {0xC0000200, 24}, /* 192.0.2.0      documentation */
    {0xC0586300, 24}, /* 192.88.99.0    6to4 relays */
    {0xC0A80000, 16}, /* 192.168.0.0    private */
    {0xC6120000, 15}, /* 198.18.0.0     benchmarks */
    {0xC6336400, 24}, /* 198.51.100.0   documentation */
    {0xCB007100, 24}, /* 203.0.113.0    documentation */
    {0xE0000000, 4},  /* 224.0.0.0      multicast */
    {0xF0000000, 4},  /* 240.0.0.0      reserved, and broadcast */
};

/* Of IPv6 only 2000::/3 is public; these parts of it are not. */
static const struct { uint64_t network; uint32_t bits; } special6[] = {
    {0x2001000000000000, 23}, /* 2001::      protocol assignments, Teredo among them */
    {0x20010DB800000000, 32}, /* 2001:db8::  documentation */
    {0x2002000000000000, 16}, /* 2002::      6to4: any IPv4 address */
    {0x3FFF000000000000, 20}, /* 3fff::      documentation */
};
/* clang-format on */

static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};   /* ::ffff:0:0/96 */
static const uint8_t translated[12] = {0x00, 0x64, 0xFF, 0x9B}; /* 64:ff9b::/96, NAT64 */

static uint64_t number(const uint8_t *bytes, size_t size)
{
    uint64_t all = 0;

    for (size_t i = 0; i < size; i++)
        all = all << 8 | bytes[i];
    return all;
}

static bool is_public4(uint32_t address)
{
    for (size_t i = 0; i < sizeof special4 / sizeof special4[0]; i++)
        if ((address ^ special4[i].network) >> (32 - special4[i].bits) == 0) return false;
    return true;
}

static bool is_public6(uint64_t half)
{
    if (half >> 61 != 1) return false;
    for (size_t i = 0; i < sizeof special6 / sizeof special6[0]; i++)
        if ((half ^ special6[i].network) >> (64 - special6[i].bits) == 0) return false;
    return true;
}

bool reach_is_public(const uint8_t address[REACH_ADDRESS_SIZE])
{
    if (memcmp(address, mapped, sizeof mapped) == 0 ||
        memcmp(address, translated, sizeof translated) == 0)
        return is_public4((uint32_t)number(address + 12, 4));
    return is_public6(number(address, 8));
}

static bool is_in(const struct reach_network *network, const uint8_t address[REACH_ADDRESS_SIZE])
{
    const size_t whole = network->bits / 8;
    const unsigned rest = network->bits % 8;

    if (memcmp(network->at, address, whole) != 0) return false;
    return rest == 0 || (network->at[whole] ^ address[whole]) >> (8 - rest) == 0;
}

bool reach_holds(const struct reach_networks *networks, const uint8_t address[REACH_ADDRESS_SIZE])
{
    for (size_t i = 0; networks != NULL && i < networks->count; i++)
        if (is_in(&networks->at[i], address)) return true;
    return false;
}

bool reach_admits(const struct reach_networks *admitted, const uint8_t address[REACH_ADDRESS_SIZE],
                  bool is_plain)
{
    return reach_holds(admitted, address) || (!is_plain && reach_is_public(address));
}

/* Hosts. */

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* A part of an IPv4 address as C libraries read it: decimal, 0x hexadecimal, 0 octal. */
static bool read_part(const char **text, uint64_t *part)
{
    int base = 10;
    const char *at = *text;

    if (digit(*at) > 9) return false;
    if (*at == '0' && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        at += 2;
        if (digit(*at) > 15) return false;
    } else if (*at == '0') {
        base = 8;
    }
    for (*part = 0; digit(*at) < base && *part <= UINT32_MAX; at++)
        *part = *part * (uint64_t)base + (uint64_t)digit(*at);
    *text = at;
    return true;
}

/* From one part to four; the last one fills what is left. */
static bool read_ipv4(const char *host, uint32_t *address)
{
    uint64_t part = 0, all = 0;
    unsigned parts = 0;

    for (;; host++, parts++) {
        if (parts == 4 || !read_part(&host, &part)) return false;
        if (*host != '.' || host[1] == '\0') break;
        if (part > 255) return false;
        all = all << 8 | part;
    }
    if (*host == '.') host++; /* the root's */
    if (*host != '\0' || part >> (8 * (4 - parts)) != 0) return false;
    *address = (uint32_t)(all << (8 * (4 - parts)) | part);
    return true;
}

static void put_ipv4(uint32_t number4, uint8_t address[REACH_ADDRESS_SIZE])
{
    memcpy(address, mapped, sizeof mapped);
    for (int i = 0; i < 4; i++)
        address[12 + i] = (uint8_t)(number4 >> (24 - 8 * i));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* localhost and what ends so, also with the root's dot (RFC 6761, section 6.3). */
static bool is_this_machine(const char *host)
{
    static const char name[] = "localhost";
    const size_t length = sizeof name - 1;
    size_t size = strlen(host);

    if (size > 0 && host[size - 1] == '.') size--;
    if (size < length || (size > length && host[size - length - 1] != '.')) return false;
    for (size_t i = 0; i < length; i++)
        if (lower(host[size - length + i]) != name[i]) return false;
    return true;
}

static bool is_name(const char *host)
{
    for (const char *at = host; *at != '\0'; at++) {
        const char c = lower(*at);

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && strchr("-_.", c) == NULL)
            return false;
        if (c == '.' && (at == host || at[-1] == '.')) return false;
    }
    return *host != '\0';
}

static enum reach judge(const struct reach_networks *admitted,
                        const uint8_t address[REACH_ADDRESS_SIZE], bool is_plain)
{
    if (reach_admits(admitted, address, is_plain)) return REACH_FINE;
    return is_plain && reach_is_public(address) ? REACH_PLAIN : REACH_OUR_OWN;
}

/* Whether there is a network that has names of its own: this machine itself has but one. */
static bool has_names(const struct reach_networks *admitted)
{
    static const struct reach_network this_machine[] = {
        {.at = {[10] = 0xFF, [11] = 0xFF, [12] = 127}, .bits = 104},
        {.at = {[15] = 1}, .bits = 128}};

    for (size_t i = 0; admitted != NULL && i < admitted->count; i++)
        if (!is_in(&this_machine[0], admitted->at[i].at) &&
            !is_in(&this_machine[1], admitted->at[i].at))
            return true;
    return false;
}

static enum reach judge_name(char *host, const struct reach_networks *admitted, bool is_plain)
{
    const size_t size = strlen(host);

    if (size > 0 && host[size - 1] == '.') host[size - 1] = '\0'; /* the root's */
    switch (hostname_of(host)) {
    case HOSTNAME_NONE: return REACH_NO_NAME;
    case HOSTNAME_ALONE:
    case HOSTNAME_OWN: return has_names(admitted) ? REACH_FINE : REACH_NOWHERE;
    case HOSTNAME_FINE: break;
    }
    return is_plain && !has_names(admitted) ? REACH_PLAIN : REACH_FINE;
}

static enum reach judge_host(char *host, const struct reach_networks *admitted, bool is_plain)
{
    static const uint8_t loopback6[REACH_ADDRESS_SIZE] = {[15] = 1};
    uint8_t address[REACH_ADDRESS_SIZE];
    uint32_t number4;

    if (is_this_machine(host) && reach_holds(admitted, loopback6)) return REACH_FINE;
    if (read_ipv4(is_this_machine(host) ? "127.0.0.1" : host, &number4)) {
        put_ipv4(number4, address);
        return judge(admitted, address, is_plain);
    }
    if (!is_name(host)) return REACH_NO_ADDRESS;
    return judge_name(host, admitted, is_plain);
}

static enum reach judge_ipv6(const char *host, const struct reach_networks *admitted, bool is_plain)
{
    uint8_t address[REACH_ADDRESS_SIZE];

    if (inet_pton(AF_INET6, host, address) != 1) return REACH_NO_ADDRESS;
    return judge(admitted, address, is_plain);
}

/* Urls. */

/* Behind the scheme; NULL: it is neither. */
static const char *behind_scheme(const char *url, bool *is_plain)
{
    static const char *const schemes[] = {"https://", "http://"};

    for (int i = 0; i < 2; i++) {
        size_t size = 0;

        while (schemes[i][size] != '\0' && lower(url[size]) == schemes[i][size])
            size++;
        *is_plain = i == 1;
        if (schemes[i][size] == '\0') return url + size;
    }
    return NULL;
}

/* ":8443", or nothing behind the host. */
static bool is_port(const char *text, size_t size)
{
    uint32_t port = 0;

    if (size == 0) return true;
    for (size_t i = 1; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        port = port * 10 + (uint32_t)(text[i] - '0');
        if (port > UINT16_MAX) return false;
    }
    return text[0] == ':' && (size == 1 || port > 0);
}

enum reach reach_of(const char *url, const struct reach_networks *admitted)
{
    bool is_plain;
    const char *authority = behind_scheme(url, &is_plain), *from, *end;
    size_t size, host_size;
    char host[HOSTNAME_MAX + 2]; /* with the root's dot */
    bool is_ipv6;

    if (authority == NULL) return REACH_NO_ADDRESS;
    size = strcspn(authority, "/?#");
    end = authority + size;
    if (strcspn(authority, "@") < size) return REACH_USER;
    is_ipv6 = authority[0] == '[';
    from = authority + is_ipv6;
    host_size = strcspn(from, is_ipv6 ? "]/?#" : ":/?#");
    if (host_size == 0 || host_size >= sizeof host || (is_ipv6 && from[host_size] != ']'))
        return REACH_NO_ADDRESS;
    memcpy(host, from, host_size);
    host[host_size] = '\0';
    from += host_size + is_ipv6;
    if (!is_port(from, (size_t)(end - from))) return REACH_NO_PORT;
    return is_ipv6 ? judge_ipv6(host, admitted, is_plain) : judge_host(host, admitted, is_plain);
}
