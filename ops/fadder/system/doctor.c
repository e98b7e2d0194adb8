/* fadder doctor: what an operator should look at, also when nothing runs. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/settings.h"
#include "core/error.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "system/health.h"
#include "system/programmes.h"
#include "system/ready.h"

enum { HOUR_MS = 3600000 };

static bool is_fine(const char *what)
{
    printf("fine  %s\n", what);
    return true;
}

/* What others may not read. */
static bool check_closed(const char *path, const char *what)
{
    struct stat there;

    if (stat(path, &there) != 0) {
        printf("look  %s: %s is not there\n", what, path);
        return false;
    }
    if ((there.st_mode & 077) == 0) return is_fine(what);
    printf("look  %s: others may read %s; `chmod go= %s`\n", what, path, path);
    return false;
}

static bool check_disk(void)
{
    static const char what[] = "room on the disk";
    int64_t least_mib = 0, free_mib;
    struct statvfs disk;
    struct error err;

    if (!settings_integer(setting_of("FADDER_DISK_MIN"), &least_mib, &err) ||
        statvfs(".", &disk) != 0)
        return true;
    free_mib = (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize >> 20);
    if (free_mib >= FILES_LITTLE_ROOM * least_mib) return is_fine(what);
    printf("look  %s: %lld MiB are left; below %lld (FADDER_DISK_MIN) commands are refused\n", what,
           (long long)free_mib, (long long)least_mib);
    return false;
}

/* What was written last was not written in the future. */
static bool check_clock(void)
{
    static const char what[] = "the machine's clock";
    char path[PATH_SIZE];
    struct stat there;

    for (size_t i = 0; services[i] != NULL; i++) {
        snprintf(path, sizeof path, "%s/journal/data.mdb", services[i]);
        if (stat(path, &there) != 0 ||
            (int64_t)there.st_mtim.tv_sec * 1000 < clock_now_ms() + HOUR_MS)
            continue;
        printf("look  %s: %s was written after what it says now; set it\n", what, path);
        return false;
    }
    return is_fine(what);
}

static bool check_service(const char *service, bool is_supervised)
{
    char text[HEALTH_TEXT_MAX];
    const bool has_door = ready_has_door(service);

    if (has_door && !is_supervised) {
        printf("skip  %s: only its own address tells\n", service);
        return true;
    }
    if (has_door ? !ready_door(service) : !health_ask(service, text)) {
        printf("look  %s: it does not answer; %s says why\n", service,
               is_supervised ? "its file in log/" : "its log");
        return false;
    }
    if (has_door || !health_needs_somebody(text)) return is_fine(service);
    printf("look  %s:\n", service);
    health_tell(service, text);
    return false;
}

static bool check_services(void)
{
    const bool is_supervised = home_holder() != 0;
    bool is_well = true;

    if (!is_supervised && !health_any()) {
        printf("look  nothing is running here; `fadder up` starts it\n");
        return false;
    }
    for (size_t i = 0; services[i] != NULL; i++)
        is_well = check_service(services[i], is_supervised) && is_well;
    return is_well;
}

/* What the registry tells of them, where it is there to tell. */
static bool check_programmes(void)
{
    struct error err;
    bool is_well;

    return !programmes_check(&is_well, &err) || is_well;
}

int command_doctor(int argc, char **argv)
{
    struct error err;
    bool is_well;
    int code;

    if (!options_read(
            argc, argv, "doctor",
            "Looks at what may need an operator: who can read the home and its keys, room\n"
            "on the disk, the clock, and each service: whether it answers, waits for\n"
            "somebody, has set inputs aside, gets no mail through or has nowhere to send it;\n"
            "and whether a programme lacks somebody: an admin, a second one who could confirm\n"
            "what takes two, a cleared coordinator for protected people, a data protection\n"
            "officer. What only makes it depend on the operator is a hint.\n"
            "Exit code 0 only when all is "
            "fine.",
            NULL, 0, &code))
        return code;
    if (!home_enter(&err)) return ask_failed("doctor", &err);
    is_well = check_closed(".", "the home");
    is_well = check_closed("keys", "the keys") && is_well;
    is_well = check_closed("ledger", "the ledger of erasures") && is_well;
    is_well = check_disk() && is_well;
    is_well = check_clock() && is_well;
    is_well = check_services() && is_well;
    is_well = check_programmes() && is_well;
    ask_end();
    return is_well ? EXIT_DONE : EXIT_FAILED;
}
