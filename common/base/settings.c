/* Values read strictly: what is not exactly what it has to be is refused with the setting's name.
 * */
#include "base/settings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/reach.h"
#include "core/text.h"

const char *setting_value(const struct setting *setting)
{
    const char *value = getenv(setting->name);

    return value == NULL || *value == '\0' ? setting->default_value : value;
}

static bool wrong(struct error *err, const struct setting *setting, const char *what)
{
    return error_set(err, ERROR_INVALID, "settings", "%s %s", setting->name, what);
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((*text >= 0 && *text < ' ') || *text == 0x7F) return true;
    return false;
}

bool settings_text(const struct setting *setting, char *text, size_t size, struct error *err)
{
    const char *value = setting_value(setting);
    uint32_t characters;

    if (strlen(value) >= size)
        return error_set(err, ERROR_INVALID, "settings", "%s is longer than %zu bytes",
                         setting->name, size - 1);
    if (!text_check((const uint8_t *)value, strlen(value), &characters) || has_control(value))
        return wrong(err, setting, "is not UTF-8 text on one line");
    memcpy(text, value, strlen(value) + 1);
    return true;
}

/* Digits with an optional minus, nothing else: no spaces, no plus, no hexadecimal. */
static bool read_integer(const char *value, int64_t *number)
{
    const char *digits = value + (*value == '-');
    char *end;

    if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0') return false;
    errno = 0;
    *number = strtoll(value, &end, 10);
    return errno == 0;
}

bool settings_integer(const struct setting *setting, int64_t *number, struct error *err)
{
    int64_t read;

    if (!read_integer(setting_value(setting), &read) || read < setting->min || read > setting->max)
        return error_set(err, ERROR_INVALID, "settings",
                         "%s must be a whole number from %lld to %lld", setting->name,
                         (long long)setting->min, (long long)setting->max);
    *number = read;
    return true;
}

static bool is_no_word(struct error *err, const char *name, const char *const *words)
{
    char list[128] = "";

    for (size_t i = 0; words[i] != NULL; i++) {
        const char *between = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";
        size_t size = strlen(list);

        snprintf(list + size, sizeof list - size, "%s%s", between, words[i]);
    }
    return error_set(err, ERROR_INVALID, "settings", "%s must be %s", name, list);
}

bool settings_word(const struct setting *setting, const char *const *words, unsigned *place,
                   struct error *err)
{
    const char *value = setting_value(setting);

    for (unsigned i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], value) == 0) {
            *place = i;
            return true;
        }
    }
    return is_no_word(err, setting->name, words);
}

static bool read_port(const char *text, uint16_t *port)
{
    int64_t number;

    if (!read_integer(text, &number) || number < 0 || number > 65535) return false;
    *port = (uint16_t)number;
    return true;
}

/* Between brackets only an IPv6 address, without them no colon: else host and port are a guess. */
static bool read_host(const char *text, size_t size, struct settings_address *address)
{
    struct in6_addr ignored;
    bool is_bracketed = size > 2 && text[0] == '[' && text[size - 1] == ']';

    if (is_bracketed) text++, size -= 2;
    if (size == 0 || size >= sizeof address->host) return false;
    memcpy(address->host, text, size);
    address->host[size] = '\0';
    if (is_bracketed) return inet_pton(AF_INET6, address->host, &ignored) == 1;
    return address->host[strcspn(address->host, " []:/@\\")] == '\0' && !has_control(address->host);
}

bool settings_address(const struct setting *setting, struct settings_address *address,
                      struct error *err)
{
    const char *value = setting_value(setting), *colon = strrchr(value, ':');
    struct settings_address read;

    if (colon == NULL || !read_host(value, (size_t)(colon - value), &read) ||
        !read_port(colon + 1, &read.port))
        return wrong(err, setting, "must be an address and a port, such as 127.0.0.1:8080");
    *address = read;
    return true;
}

static const uint8_t ipv4_prefix[12] = {[10] = 0xFF, [11] = 0xFF}; /* RFC 4291, section 2.5.5.2 */

static bool read_network_address(const char *text, struct reach_network *network, int64_t *most)
{
    *most = 32;
    memcpy(network->at, ipv4_prefix, sizeof ipv4_prefix);
    if (inet_pton(AF_INET, text, network->at + sizeof ipv4_prefix) == 1) return true;
    *most = 128;
    return inet_pton(AF_INET6, text, network->at) == 1;
}

static bool bit_of(const uint8_t at[16], unsigned bit)
{
    return (at[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

static bool read_network(char *text, struct reach_network *network)
{
    char *slash = strchr(text, '/');
    int64_t bits, most;

    if (slash != NULL) *slash = '\0';
    if (!read_network_address(text, network, &most)) return false;
    bits = most;
    if (slash != NULL && !read_integer(slash + 1, &bits)) return false;
    if (bits < 0 || bits > most) return false;
    network->bits = (unsigned)(128 - most + bits);
    for (unsigned bit = network->bits; bit < 128; bit++)
        if (bit_of(network->at, bit)) return false;
    return true;
}

bool settings_networks(const struct setting *setting, struct reach_networks *networks,
                       struct error *err)
{
    struct reach_networks read = {.count = 0};
    char list[REACH_NETWORKS_MAX * 48], *rest, *one;

    if (!settings_text(setting, list, sizeof list, err)) return false;
    for (one = strtok_r(list, ", ", &rest); one != NULL; one = strtok_r(NULL, ", ", &rest)) {
        if (read.count == REACH_NETWORKS_MAX) return wrong(err, setting, "names over 32 networks");
        if (!read_network(one, &read.at[read.count++]))
            return error_set(err, ERROR_INVALID, "settings",
                             "%s must be networks such as 127.0.0.0/8 or fd00::/8, with no bit set "
                             "past the prefix; number %zu is not",
                             setting->name, read.count);
    }
    *networks = read;
    return true;
}
