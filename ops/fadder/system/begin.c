/* The link holds when it was made, and a mark that only the operator's program and the pages can make (bus/mark.h): nothing is kept of it,
 * and nobody finds it in a file. It goes to standard output, and into no log. */
#include "system/begin.h"

#include <stdio.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/random.h"
#include "base/settings.h"
#include "bus/mark.h"
#include "contract/programme.h"
#include "core/error.h"
#include "core/id.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "system/ready.h"

enum { LINK_SIZE = 64 };

/* What programmes there are. */
struct found {
    bool is_any, is_others; /* and one that no such link has set up */
};

static bool take_programme(void *cookie, const void *row)
{
    struct found *found = cookie;

    found->is_any = true;
    found->is_others = found->is_others || !((const struct programme *)row)->by_link;
    return true;
}

static bool find_programmes(struct found *found, struct error *err)
{
    const struct ask_for nobody = {0};

    *found = (struct found){.is_any = false};
    return ask_rows(&nobody, find_record("programme", NULL), NULL, NULL, take_programme, found,
                    err);
}

static bool make_link(char link[LINK_SIZE], struct error *err)
{
    const struct id made = random_id(clock_now_ms());
    uint8_t key[MARK_KEY_SIZE], bytes[sizeof made.bytes + MARK_SIZE];
    struct files *files = files_open(".", err);
    bool is_good;

    if (files == NULL) return false;
    if ((is_good = mark_key(files, "operator", "pages", key, err))) {
        memcpy(bytes, made.bytes, sizeof made.bytes);
        mark_write(key, "begin", bytes, sizeof made.bytes, bytes + sizeof made.bytes);
        crypto_base64url_encode(bytes, sizeof bytes, link);
    }
    crypto_wipe(key, sizeof key);
    files_close(files);
    return is_good;
}

/* As people come to the pages: by the address that they are told, or on this machine. */
static void print_link(const char *link)
{
    const char *url = setting_value(setting_of("FADDER_PAGES_URL"));
    char pages[READY_ADDRESS_SIZE] = "";

    if (url[0] != '\0') {
        printf("%s/begin/%s\n", url, link);
        return;
    }
    ready_address("pages", pages);
    printf("http://%s/begin/%s\n", pages, link);
}

void begin_say(void)
{
    char link[LINK_SIZE];
    struct found found;
    struct error err;

    if (!find_programmes(&found, &err) || found.is_any || !make_link(link, &err)) return;
    printf("\nThere is no programme yet. Set one up in a browser, by this link; whoever has it "
           "becomes\nthe programme's first admin. It is good once, and for a day (`fadder begin` "
           "makes another).\n\n  ");
    print_link(link);
}

int command_begin(int argc, char **argv)
{
    char link[LINK_SIZE];
    struct found found;
    struct error err;
    int code;

    if (!options_read(argc, argv, "begin",
                      "Prints a link by which the first programme is set up in the pages, and\n"
                      "whoever has it is let in as its first admin: once, and within a day. Give\n"
                      "it to nobody else.",
                      NULL, 0, &code))
        return code;
    if (!home_enter(&err) || !find_programmes(&found, &err)) return ask_failed("begin", &err);
    if (found.is_others) {
        ask_end();
        fprintf(stderr,
                "fadder begin: there is a programme already. Who takes part in it signs in\n"
                "in the pages; `fadder token add` makes one of its coordinators an admin.\n");
        return EXIT_FAILED;
    }
    if (!make_link(link, &err)) return ask_failed("begin", &err);
    print_link(link);
    ask_end();
    return EXIT_DONE;
}
