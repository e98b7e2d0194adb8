/* The clock against the time since this boot, as it stood when it was last believed; that difference is
 * written beside the journal, with the boot that it is of. */
#include "service/timekeeper.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/boot.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/settings.h"
#include "core/error.h"

enum {
    JUMP_MS = 3600 * 1000, /* so much is a jump */
    WORTH_MS = 1000,       /* so much of a change is written down */
    NAME_SIZE = 128,
    DAY_MS = 86400 * 1000,
};

struct timekeeper {
    struct files *files;
    char name[NAME_SIZE];
    struct metrics_metric *jumped; /* by how many seconds */
    int64_t off_max_ms;
    bool has_offset; /* false: of this boot nothing is known, only where the journal stands */
    _Atomic int64_t offset_ms; /* of the clock from the time since this boot, when last believed */
    int64_t written_ms;        /* and as it is written down */
    _Atomic int64_t held; /* where the journal stands while the clock is not believed; else -1 */
};

static bool read_offset(struct timekeeper *timekeeper)
{
    char text[160], boot[BOOT_ID_SIZE], said[BOOT_ID_SIZE];
    size_t size = sizeof text - 1;
    long long offset_ms;

    if (!files_read(timekeeper->files, timekeeper->name, text, &size)) return false;
    text[size] = '\0';
    boot_id(boot);
    if (sscanf(text, "boot %63s\noffset %lld\n", said, &offset_ms) != 2) return false;
    timekeeper->written_ms = offset_ms;
    atomic_store(&timekeeper->offset_ms, offset_ms);
    return boot[0] != '\0' && strcmp(boot, said) == 0;
}

/* It need not outlast this boot, so nothing is flushed; without it the journal has to do. */
static void write_offset(struct timekeeper *timekeeper)
{
    char text[160], boot[BOOT_ID_SIZE];
    int size;

    boot_id(boot);
    size = snprintf(text, sizeof text, "boot %s\noffset %lld\n", boot,
                    (long long)atomic_load(&timekeeper->offset_ms));
    if (!files_write(timekeeper->files, timekeeper->name, text, (size_t)size, false))
        log_warning("clock_not_kept", "name=%s", timekeeper->name);
    timekeeper->written_ms = atomic_load(&timekeeper->offset_ms);
}

/* By how much it is too much; 0: it is not. */
static int64_t too_far(int64_t by_ms, int64_t ahead_max_ms)
{
    return by_ms < -JUMP_MS || by_ms > ahead_max_ms ? by_ms : 0;
}

/* What the clock would show by the time since this boot. */
static int64_t expected_ms(const struct timekeeper *timekeeper)
{
    return atomic_load(&timekeeper->offset_ms) + boot_ms();
}

/* By how much the clock has jumped that shows now; 0: it is believed. */
static int64_t jump(const struct timekeeper *timekeeper, int64_t now_ms, int64_t at_ms)
{
    return timekeeper->has_offset ? too_far(now_ms - expected_ms(timekeeper), JUMP_MS)
                                  : too_far(now_ms - at_ms, timekeeper->off_max_ms);
}

static void believe(struct timekeeper *timekeeper, int64_t now_ms)
{
    const int64_t offset_ms = now_ms - boot_ms(), change_ms = offset_ms - timekeeper->written_ms;
    const bool is_worth_it =
        !timekeeper->has_offset || change_ms > WORTH_MS || change_ms < -WORTH_MS;

    atomic_store(&timekeeper->offset_ms, offset_ms);
    timekeeper->has_offset = true;
    if (is_worth_it) write_offset(timekeeper);
    if (atomic_exchange(&timekeeper->held, -1) >= 0) log_info("clock_believed", "again=yes");
    metrics_set(timekeeper->jumped, 0);
}

bool timekeeper_look(struct timekeeper *timekeeper, int64_t at_ms, int64_t *now_ms)
{
    const int64_t shown_ms = clock_now_ms(), by_ms = jump(timekeeper, shown_ms, at_ms);

    *now_ms = by_ms == 0 ? shown_ms : at_ms;
    if (by_ms == 0) {
        believe(timekeeper, shown_ms);
        return true;
    }
    if (atomic_exchange(&timekeeper->held, at_ms) < 0)
        log_error("clock_jumped", "by_s=%lld do=set it, or fadder clock confirm",
                  (long long)(by_ms / 1000));
    metrics_set(timekeeper->jumped, by_ms / 1000);
    return false;
}

void timekeeper_confirm(struct timekeeper *timekeeper)
{
    believe(timekeeper, clock_now_ms());
}

/* It may have jumped since it was looked at. */
int64_t timekeeper_now(const struct timekeeper *timekeeper)
{
    const int64_t held = atomic_load(&timekeeper->held), now_ms = clock_now_ms();

    if (held >= 0) return held;
    return too_far(now_ms - expected_ms(timekeeper), JUMP_MS) == 0 ? now_ms
                                                                   : expected_ms(timekeeper);
}

struct timekeeper *timekeeper_open(struct files *files, const char *directory,
                                   struct metrics_metric *jumped, int64_t at_ms, bool may_be_ahead,
                                   struct error *err)
{
    struct timekeeper *timekeeper = calloc(1, sizeof *timekeeper);
    int64_t days, now_ms;

    if (timekeeper == NULL) bug("out of memory");
    if (!settings_integer(setting_of("FADDER_OFF_MAX"), &days, err)) {
        free(timekeeper);
        return NULL;
    }
    timekeeper->jumped = jumped;
    timekeeper->off_max_ms = may_be_ahead ? INT64_MAX : days * DAY_MS;
    timekeeper->files = files;
    snprintf(timekeeper->name, NAME_SIZE, "%s/clock", directory);
    atomic_init(&timekeeper->held, -1);
    timekeeper->has_offset = read_offset(timekeeper);
    timekeeper_look(timekeeper, at_ms, &now_ms);
    return timekeeper;
}

void timekeeper_close(struct timekeeper *timekeeper)
{
    free(timekeeper);
}
