/* A table of sets, as credentials.c has one: nobody outside knows who shares a set with whom. */
#include "front/visitors.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "core/error.h"
#include "front/limit.h"
#include "front/origin.h"

enum { WAYS = 8, SETS = VISITORS_MAX / WAYS, MS_NS = 1000000 };

METRICS_COUNTER(held_back, "fadder_http_addresses_held_back_total",
                "Requests answered 429 because their address asks too often.")
METRICS_COUNTER(strangers, "fadder_http_strangers_held_back_total",
                "Requests answered 429, nobody looked up, because their address has shown too "
                "often what nobody has.")

struct visitor {
    uint8_t address[REACH_ADDRESS_SIZE];
    bool is_there, is_told;
    int64_t came_ns, told_ns;
    struct limit requests, failures;
};

struct visitors {
    struct visitors_settings settings;
    uint8_t salt[16];
    struct visitor sets[SETS][WAYS];
};

struct visitors *visitors_create(const struct visitors_settings *settings)
{
    struct visitors *visitors = calloc(1, sizeof *visitors);

    if (visitors == NULL) bug("out of memory");
    visitors->settings = *settings;
    random_bytes(visitors->salt, sizeof visitors->salt);
    return visitors;
}

void visitors_destroy(struct visitors *visitors)
{
    free(visitors);
}

/* NULL: whose requests are not counted. */
static struct visitor *visitor_of(struct visitors *visitors,
                                  const uint8_t address[REACH_ADDRESS_SIZE], int64_t now_ns)
{
    uint8_t network[REACH_ADDRESS_SIZE], print[CRYPTO_FINGERPRINT_SIZE];
    struct visitor *set, *oldest;

    if (origin_is_localhost(address) || reach_holds(visitors->settings.proxies, address))
        return NULL;
    memcpy(network, address, sizeof network);
    if (!origin_is_ipv4(address)) memset(network + 8, 0, 8);
    crypto_fingerprint(visitors->salt, sizeof visitors->salt, network, sizeof network, print);
    set = oldest = visitors->sets[(print[0] | print[1] << 8) % SETS];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].is_there && memcmp(set[i].address, network, sizeof network) == 0) {
            set[i].came_ns = now_ns;
            return &set[i];
        }
        if (set[i].came_ns < oldest->came_ns) oldest = &set[i];
    }
    *oldest = (struct visitor){.is_there = true, .came_ns = now_ns};
    memcpy(oldest->address, network, sizeof network);
    return oldest;
}

static void tell(struct visitor *visitor, const char *what, int64_t now_ns)
{
    char text[ORIGIN_TEXT_SIZE];

    if (visitor->is_told && now_ns - visitor->told_ns < (int64_t)VISITORS_TOLD_MS * MS_NS) return;
    visitor->is_told = true;
    visitor->told_ns = now_ns;
    origin_write(visitor->address, text);
    log_warning("held_back", "address=%s why=%s", text, what);
}

bool visitors_let_in(struct visitors *visitors, const uint8_t address[REACH_ADDRESS_SIZE],
                     int64_t now_ns)
{
    const int64_t rate = visitors->settings.rate;
    struct visitor *visitor = rate == 0 ? NULL : visitor_of(visitors, address, now_ns);

    if (visitor == NULL || limit_take(&visitor->requests, rate, now_ns)) return true;
    metrics_count(&held_back, 1);
    tell(visitor, "requests", now_ns);
    return false;
}

bool visitors_may_try(struct visitors *visitors, const uint8_t address[REACH_ADDRESS_SIZE],
                      int64_t now_ns)
{
    const int64_t rate = visitors->settings.stranger_rate;
    struct visitor *visitor = rate == 0 ? NULL : visitor_of(visitors, address, now_ns);

    if (visitor == NULL || limit_has(&visitor->failures, rate, now_ns)) return true;
    metrics_count(&strangers, 1);
    tell(visitor, "unauthorized", now_ns);
    return false;
}

void visitors_failed(struct visitors *visitors, const uint8_t address[REACH_ADDRESS_SIZE],
                     int64_t now_ns)
{
    const int64_t rate = visitors->settings.stranger_rate;
    struct visitor *visitor = rate == 0 ? NULL : visitor_of(visitors, address, now_ns);

    if (visitor != NULL) (void)limit_take(&visitor->failures, rate, now_ns);
}
