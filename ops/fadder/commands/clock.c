/* fadder clock confirm: services that wait because the machine's clock jumped go on. */
#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "core/error.h"
#include "core/instant.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"

static const char confirm[] = "clock confirm";

/* Those whose clock did not jump are left alone. */
static bool confirm_for(void *cookie, const char *service, struct error *err)
{
    size_t *count = cookie;

    if (ask_trust_clock(service, err)) {
        ++*count;
        return true;
    }
    return err->kind == ERROR_CONFLICT;
}

int command_clock_confirm(int argc, char **argv)
{
    struct option options[] = {{.name = "SERVICE", .what = "all of them where it is not given"}};
    char now[INSTANT_TEXT_SIZE];
    size_t count = 0;
    int code;

    if (!options_read(
            argc, argv, confirm,
            "Says that the machine's clock is right, though it jumped by more than an hour:\n"
            "services that held back deadlines and refused commands go on. A journal's time\n"
            "never goes back, so set the clock first if it is wrong: what is done while it\n"
            "is ahead cannot be undone.",
            options, 1, &code))
        return code;
    if (options[0].given != NULL && !has_journal(options[0].given))
        return options_refuse(confirm, &options[0], journals_are);
    code = ask_each(confirm, options[0].given, confirm_for, &count);
    instant_write((struct instant){clock_now_ms()}, now);
    if (count > 0)
        printf("%zu of the services go on: it is %s.\n", count, now);
    else if (code == EXIT_DONE)
        printf("No service doubts the clock: it is %s.\n", now);
    return code;
}
