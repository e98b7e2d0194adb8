#include "bus/gate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/metrics.h"
#include "bus/key.h"
#include "core/error.h"

METRICS_COUNTER(strangers, "fadder_bus_strangers_total",
                "Connections to the bus that were hung up on, as their key is nobody's.")

enum {
    SETTLE_MS = 100, /* two changes may be of one time: so long after one the list is read anyhow */
    TELL_MS = 1000,  /* from one line of the log to the next */
};

struct gate {
    struct files *files;
    struct bus_known known[BUS_PROGRAMS_MAX];
    size_t count;
    int64_t changed_ns, settled_ms; /* of the list */
    bool is_settled;
    int64_t told_ms; /* 0: not yet */
    uint64_t untold; /* strangers, since they were told of in the log */
};

struct gate *gate_create(struct files *files)
{
    struct gate *gate = calloc(1, sizeof *gate);

    if (gate == NULL) bug("out of memory");
    gate->files = files;
    return gate;
}

void gate_destroy(struct gate *gate)
{
    free(gate);
}

static void look(struct gate *gate, int64_t now_ms)
{
    const int64_t changed_ns = bus_key_changed_ns(gate->files);

    if (changed_ns == gate->changed_ns && gate->is_settled) return;
    if (changed_ns != gate->changed_ns) gate->settled_ms = now_ms + SETTLE_MS;
    gate->changed_ns = changed_ns;
    gate->is_settled = now_ms >= gate->settled_ms;
    gate->count = bus_key_all(gate->files, gate->known);
}

static void tell(struct gate *gate, int64_t now_ms)
{
    metrics_count(&strangers, 1);
    gate->untold++;
    if (gate->told_ms != 0 && now_ms - gate->told_ms < TELL_MS) return;
    log_warning("bus_strangers", "count=%llu text=%s", (unsigned long long)gate->untold,
                "Connections whose key is not in keys/bus.");
    gate->told_ms = now_ms;
    gate->untold = 0;
}

const char *gate_program(struct gate *gate, const void *key, size_t size, int64_t now_ms)
{
    look(gate, now_ms);
    for (size_t i = 0; i < gate->count && size == BUS_KEY_SIZE; i++)
        if (memcmp(gate->known[i].public, key, size) == 0) return gate->known[i].program;
    tell(gate, now_ms);
    return NULL;
}
