/* fadder status: how each service is doing. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/settings.h"
#include "core/error.h"
#include "core/text.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "system/health.h"
#include "system/ready.h"
#include "system/supervise.h"

enum { ELSEWHERE = -1 }; /* in place of a process's id: no child of our supervisor */

static bool print_one(const struct supervised *one)
{
    char text[HEALTH_TEXT_MAX];
    const bool has_door = ready_has_door(one->service);
    const bool has_answered =
        one->pid != 0 && (has_door ? ready_door(one->service) : health_ask(one->service, text));
    const bool has_text = has_answered && !has_door;
    const bool is_ready = has_answered && (has_door || health_is_ready(text));
    const int64_t up_s = one->up_ms / 1000;
    char pid[16] = "-", since[32] = "-", restarts[32] = "-", behind[32] = "-";

    if (one->pid != ELSEWHERE)
        snprintf(restarts, sizeof restarts, "%lld", (long long)one->restarts);
    if (one->pid > 0) {
        snprintf(pid, sizeof pid, "%ld", (long)one->pid);
        snprintf(since, sizeof since, "%lld:%02lld:%02lld", (long long)up_s / 3600,
                 (long long)up_s / 60 % 60, (long long)up_s % 60);
    }
    if (has_text)
        snprintf(behind, sizeof behind, "%.0f", health_metric(text, "fadder_lag_batches"));
    printf("%-20s %8s %10s %9s %6s  %s\n", one->service, pid, since, restarts, behind,
           is_ready ? "yes" : "no");
    if (has_text) health_tell(one->service, text);
    return is_ready;
}

/* What runs here: of our supervisor, or of another; 0: nothing. */
static int look(struct supervised list[SUPERVISED_MAX])
{
    int count = 0;

    if (home_holder() != 0 && supervise_look(list, &count)) return count;
    for (size_t i = 0; services[i] != NULL && (i > 0 || health_any()); i++) {
        if (!has_journal(services[i])) continue; /* of these only their own addresses tell */
        list[count] = (struct supervised){.pid = ELSEWHERE};
        text_copy(list[count].service, sizeof list[count].service, services[i]);
        count++;
    }
    return count;
}

int command_status(int argc, char **argv)
{
    struct supervised list[SUPERVISED_MAX];
    struct error err;
    bool are_ready = true;
    int code, count;

    if (!options_read(
            argc, argv, "status",
            "Shows each service: process, time up, restarts, how many batches it is behind\n"
            "those that it follows, and whether it is ready; of those that no `fadder up`\n"
            "started only the last two. Exit code 0 only when all are ready.",
            NULL, 0, &code))
        return code;
    if (!home_enter(&err)) return ask_failed("status", &err);
    if ((count = look(list)) == 0) {
        printf("Nothing is running in %s.\n", setting_value(setting_of("FADDER_HOME")));
        return EXIT_FAILED;
    }
    printf("%-20s %8s %10s %9s %6s  %s\n", "service", "process", "up", "restarts", "behind",
           "ready");
    for (int i = 0; i < count; i++)
        are_ready = print_one(&list[i]) && are_ready;
    ask_end();
    return are_ready ? EXIT_DONE : EXIT_FAILED;
}
