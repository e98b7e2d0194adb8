#include "service/damage.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/log.h"
#include "core/error.h"
#include "fold/trust.h"
#include "service/service.h"

struct watched {
    const char *name; /* NULL: nobody */
    bool may_mend;
};

static struct watched watched[SERVICES_MAX]; /* those of this process */
static struct sigaction before;

static bool is_missing_page(const siginfo_t *info)
{
    return info->si_code == BUS_ADRERR || info->si_code == BUS_OBJERR ||
           info->si_code == BUS_MCEERR_AR;
}

static void say(const struct watched *one)
{
    log_error("file_damaged", "text=%s service=%s",
              one->may_mend
                  ? "A data.mdb is cut off or its disk cannot be read. If it is that of state/, "
                    "the next start makes it anew from the journal; if it is that of journal/, "
                    "stop the system and put back a backup."
                  : "A data.mdb is cut off or its disk cannot be read.",
              one->name);
    if (one->may_mend) trust_doubt(one->name);
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
    for (size_t i = 0; i < SERVICES_MAX && watched[i].name != NULL; i++)
        say(&watched[i]);
    _exit(1);
}

void damage_watch(const char *name, bool may_mend)
{
    struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};
    size_t place = 0;

    while (place < SERVICES_MAX && watched[place].name != NULL)
        place++;
    if (place == SERVICES_MAX) bug("more than %d services in a process", SERVICES_MAX);
    watched[place] = (struct watched){name, may_mend};
    sigaction(SIGBUS, &action, place == 0 ? &before : NULL);
}
