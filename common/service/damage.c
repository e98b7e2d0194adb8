#include "service/damage.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/log.h"
#include "core/ending.h"
#include "core/error.h"
#include "fold/trust.h"
#include "service/slots.h"

struct damage {
    struct files *files;
    const char *name;
    bool may_mend;
};

static struct slots watched; /* those of this process */
static struct sigaction before;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool is_missing_page(const siginfo_t *info)
{
    return info->si_code == BUS_ADRERR || info->si_code == BUS_OBJERR ||
           info->si_code == BUS_MCEERR_AR;
}

static void say(const struct damage *one)
{
    log_error("file_damaged", "text=%s service=%s",
              one->may_mend
                  ? "A data.mdb is cut off or its disk cannot be read. If it is that of state/, "
                    "the next start makes it anew from the journal; if it is that of journal/, "
                    "stop the system and put back a backup."
                  : "A data.mdb is cut off or its disk cannot be read.",
              one->name);
    if (one->may_mend) trust_doubt(one->files, one->name);
}

/* More than other handlers may do: it comes from an access to a map, when no lock is held. Whose map it
 * was is not known: each service of the process is said, and folds anew. */
static void on_bus(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (!is_missing_page(info)) {
        sigaction(number, &before, NULL); /* the same access once more, and it is theirs */
        return;
    }
    for (size_t i = 0; i < SERVICES_MAX; i++) {
        const struct damage *one = atomic_load(&watched.at[i]);

        if (one != NULL) say(one);
    }
    ending(ENDING_FAILED);
}

static void handle(void)
{
    const struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};

    sigaction(SIGBUS, &action, &before);
}

struct damage *damage_watch(struct files *files, const char *name, bool may_mend)
{
    struct damage *damage = malloc(sizeof *damage);

    if (damage == NULL) bug("out of memory");
    *damage = (struct damage){files, name, may_mend};
    slots_take(&watched, damage);
    pthread_once(&once, handle);
    return damage;
}

void damage_forget(struct damage *damage)
{
    if (damage == NULL) return;
    slots_forget(&watched, damage);
    free(damage);
}
