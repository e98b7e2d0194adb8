#include "service/meters.h"

#include <stddef.h>
#include <stdlib.h>

#include "core/error.h"

static const struct {
    size_t at;
    enum metrics_kind kind;
    const char *name, *help;
    const struct metrics_scale *scale;
} all[] = {
#define METER(field, kind, name, help)                         \
    {                                                          \
        offsetof(struct meters, field), kind, name, help, NULL \
    }
    METER(commits, METRICS_KIND_COUNTER, "fadder_commits_total", "Commits of the journal."),
    METER(journal_bytes, METRICS_KIND_GAUGE, "fadder_journal_bytes", "Bytes used of the journal."),
    METER(sealed_bytes, METRICS_KIND_GAUGE, "fadder_sealed_bytes", "Bytes used of what is sealed."),
    METER(state_bytes, METRICS_KIND_GAUGE, "fadder_state_bytes", "Bytes used of the state."),
    METER(head_batch, METRICS_KIND_GAUGE, "fadder_head_batch", "The last batch of the journal."),
    METER(events, METRICS_KIND_COUNTER, "fadder_events_total",
          "Events of the service's own, journaled."),
    METER(foreign_events, METRICS_KIND_COUNTER, "fadder_foreign_events_total",
          "Events of others, journaled."),
    METER(deadlines, METRICS_KIND_COUNTER, "fadder_deadlines_total", "Deadlines fired."),
    METER(deadlines_idle, METRICS_KIND_COUNTER, "fadder_deadlines_idle_total",
          "Deadlines that changed nothing."),
    METER(accepted, METRICS_KIND_COUNTER, "fadder_commands_accepted_total", "Commands accepted."),
    METER(on_behalf, METRICS_KIND_COUNTER, "fadder_commands_on_behalf_total",
          "Commands accepted that write down what somebody else had said."),
    METER(repeated, METRICS_KIND_COUNTER, "fadder_commands_repeated_total",
          "Commands answered from memory."),
    METER(refused, METRICS_KIND_COUNTER, "fadder_commands_refused_total", "Commands refused."),
    METER(not_admitted, METRICS_KIND_COUNTER, "fadder_not_admitted_total",
          "Commands, queries and followings of programs that may not say, read or follow that."),
    METER(given_up, METRICS_KIND_COUNTER, "fadder_queries_given_up_total",
          "Queries that nobody waited for any more when their turn came."),
    METER(quarantined, METRICS_KIND_COUNTER, "fadder_quarantined_total",
          "Inputs set aside because they kill."),
    METER(aside, METRICS_KIND_GAUGE, "fadder_set_aside",
          "Inputs that are set aside now, with those behind them."),
    METER(struck, METRICS_KIND_COUNTER, "fadder_struck_total",
          "Rows of the journal out of which something was struck."),
    METER(to_strike, METRICS_KIND_GAUGE, "fadder_to_strike",
          "1: something that may not be known any more is still to be struck or overwritten; 0: "
          "nothing is."),
    METER(clock_jump, METRICS_KIND_GAUGE, "fadder_clock_jump_seconds",
          "How far the machine's clock jumped while that is not confirmed, 0: it did not."),
    METER(disk_free, METRICS_KIND_GAUGE, "fadder_disk_free_bytes", "Bytes free on the disk."),
    METER(disk_min, METRICS_KIND_GAUGE, "fadder_disk_min_bytes",
          "Bytes of the disk that have to stay free."),
    METER(shortage, METRICS_KIND_GAUGE, "fadder_room_shortage",
          "0: there is room; 1: the disk is nearly full; 2: there is none, commands are refused."),
    METER(keys_lost, METRICS_KIND_GAUGE, "fadder_keys_lost",
          "Whose key is lost: what is theirs cannot be read, nor sealed."),
    METER(sealed_unopened, METRICS_KIND_GAUGE, "fadder_sealed_unopened",
          "Whose sealed data is missing or damaged, as far as anybody asked for it."),
#undef METER
    {offsetof(struct meters, commit_time), METRICS_KIND_HISTOGRAM, "fadder_commit_seconds",
     "How long a commit of the journal takes.", &metrics_seconds},
    {offsetof(struct meters, batch_size), METRICS_KIND_HISTOGRAM, "fadder_batch_events",
     "Events in a batch.", &metrics_sizes},
};

enum { METERS = sizeof all / sizeof all[0] };

static struct metrics_metric *nth(struct meters *meters, size_t i)
{
    return (struct metrics_metric *)(void *)((char *)meters + all[i].at);
}

struct meters *meters_create(const void *owner)
{
    struct meters *meters = calloc(1, sizeof *meters);

    if (meters == NULL) bug("out of memory");
    for (size_t i = 0; i < METERS; i++) {
        struct metrics_metric *metric = nth(meters, i);

        metric->owner = owner;
        metric->kind = all[i].kind;
        metric->name = all[i].name;
        metric->help = all[i].help;
        metric->scale = all[i].scale;
        metrics_add(metric);
    }
    return meters;
}

void meters_destroy(struct meters *meters)
{
    if (meters == NULL) return;
    for (size_t i = 0; i < METERS; i++)
        metrics_remove(nth(meters, i));
    free(meters);
}
