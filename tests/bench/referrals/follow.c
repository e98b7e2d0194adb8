/* Follows one service and measures what it hears. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/program.h"
#include "bus/bus.h"
#include "bus/line.h"
#include "contract/journal.h"
#include "core/error.h"
#include "core/id.h"
#include "core/pack.h"
#include "journal/journal.h"

static const char help[] =
    "bench-follow --service notification --types message.queued --seconds 30 [--until BATCH]\n"
    "             [--log FILE]\n\n"
    "Follows one service and measures what it hears.\n\n"
    "Ends after so many seconds, or when the journal's batch is reached. Prints one line of JSON:\n"
    "events, batches, seconds (from the first to the last), per_second. --log writes a line for\n"
    "each event: the id in its body's field `about`, and when it was heard (nanoseconds,\n"
    "CLOCK_MONOTONIC). Without --types it reads everything.";

enum { NAMES_MAX = 16 };

struct settings {
    const char *service, *log;
    const char *types[NAMES_MAX + 1];
    long seconds;
    int64_t until;
};

static struct settings settings = {.types = {"*"}, .seconds = 30, .until = INT64_MAX};
static FILE *log_file;
static uint64_t events, batches;

static void misused(const char *option)
{
    fprintf(stderr, "bench-follow: there is no option %s, or it has no value; see --help\n",
            option);
    exit(2);
}

static void read_settings(int argc, char **argv)
{
    size_t types = 0;

    for (int i = 1; i < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];

        if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
            puts(help);
            exit(0);
        }
        if (strcmp(name, "--version") == 0) {
            printf("bench-follow %s\n", program_version);
            exit(0);
        }
        if (value == NULL) misused(name);
        if (strcmp(name, "--service") == 0)
            settings.service = value;
        else if (strcmp(name, "--types") == 0 && types < NAMES_MAX)
            settings.types[types++] = value;
        else if (strcmp(name, "--seconds") == 0)
            settings.seconds = atol(value);
        else if (strcmp(name, "--until") == 0)
            settings.until = atoll(value);
        else if (strcmp(name, "--log") == 0)
            settings.log = value;
        else
            misused(name);
    }
    if (settings.service == NULL) bug("follow: --service");
}

static void write_log(struct bytes row, int64_t now_ns)
{
    static struct journal_event envelope;
    struct bytes body;
    struct glimpse about;
    struct error err;
    struct id id;
    char text[ID_TEXT_SIZE];

    if (!row_read(row, &envelope, &body, &err)) bug("follow: %s", err.text);
    if (!unpack_glimpse(body.at, body.size, "about", &about) || about.size != sizeof id) return;
    memcpy(&id, about.at, sizeof id);
    id_write(id, text);
    fprintf(log_file, "%s %lld\n", text, (long long)now_ns);
}

static void hear(const struct foreign *foreign, int64_t now_ns)
{
    batches++;
    events += foreign->count;
    for (uint32_t i = 0; log_file != NULL && i < foreign->count; i++)
        write_log(foreign->rows[i].row, now_ns);
}

static double run(struct line *line)
{
    static struct foreign foreign;
    const int64_t until_ns = clock_steady_ns() + settings.seconds * INT64_C(1000000000);
    int64_t first_ns = 0, last_ns = 0;

    while (clock_steady_ns() < until_ns &&
           follower_position(line_follower(line))->batch < settings.until) {
        struct socket *socket = line_socket(line);
        bool ready;

        bus_wait(&socket, 1, NULL, 0, 100, &ready);
        line_turn(line, clock_steady_ms());
        while (follower_next(line_follower(line), &foreign)) {
            last_ns = clock_steady_ns();
            if (first_ns == 0) first_ns = last_ns;
            hear(&foreign, last_ns);
            follower_consumed(line_follower(line), &foreign, UINT32_MAX);
        }
        if (follower_trouble(line_follower(line)) != NULL)
            bug("follow: %s", follower_trouble(line_follower(line))->text);
    }
    return (double)(last_ns - first_ns) / 1e9;
}

int main(int argc, char **argv)
{
    const struct journal_position from = {.within = 0};
    struct line *line;
    struct error err;
    struct bus *bus;
    double seconds;

    read_settings(argc, argv);
    crypto_start();
    if (settings.log != NULL && (log_file = fopen(settings.log, "w")) == NULL)
        bug("%s", settings.log);
    if ((bus = bus_open(".", &err)) == NULL) bug("%s", err.text);
    line = line_open(bus, "operator.bench", settings.service, settings.types, &from, NULL, &err);
    if (line == NULL) bug("%s", err.text);
    seconds = run(line);
    printf("{\"events\": %llu, \"batches\": %llu, \"seconds\": %.3f, \"per_second\": %.0f}\n",
           (unsigned long long)events, (unsigned long long)batches, seconds,
           seconds > 0 ? (double)events / seconds : 0);
    if (log_file != NULL) fclose(log_file);
    line_close(line);
    bus_close(bus);
    return 0;
}
