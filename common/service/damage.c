#include "service/damage.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/log.h"
#include "fold/trust.h"

static const char *service_name;
static bool may_mend_state;
static struct sigaction before;

static bool is_missing_page(const siginfo_t *info)
{
    return info->si_code == BUS_ADRERR || info->si_code == BUS_OBJERR ||
           info->si_code == BUS_MCEERR_AR;
}

/* More than other handlers may do: it comes from an access to a map, when no lock is held. */
static void on_bus(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (!is_missing_page(info)) {
        sigaction(number, &before, NULL); /* the same access once more, and it is theirs */
        return;
    }
    log_error("file_damaged", "text=%s service=%s",
              may_mend_state
                  ? "A data.mdb is cut off or its disk cannot be read. If it is that of state/, "
                    "the next start makes it anew from the journal; if it is that of journal/, "
                    "stop the system and put back a backup."
                  : "A data.mdb is cut off or its disk cannot be read.",
              service_name);
    if (may_mend_state) trust_doubt(service_name);
    _exit(1);
}

void damage_watch(const char *name, bool may_mend)
{
    struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};

    service_name = name;
    may_mend_state = may_mend;
    sigaction(SIGBUS, &action, &before);
}
