/* Readers: some who ask for list after list, as fast as they are answered, and one whose time it is that is
 * measured. Each has a connection and a token of its own. */
#define _GNU_SOURCE /* strcasestr, memmem */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"
#include "core/error.h"

static const char help[] = "bench-read --port 8080 --path PATH [--count 500] [--each-ms 20] "
                           "[--greedy 0] [--greedy-path PATH]\n\n"
                           "Asks for --path so often, once in --each-ms, while --greedy others ask "
                           "for --greedy-path, page after\n"
                           "page, each as soon as it has the one before. Tokens come by standard "
                           "input, a line each: first\n"
                           "the measured one's, then those of the greedy. Prints one line of JSON: "
                           "p50_ms, p99_ms, max_ms, how\n"
                           "often each status, and the greedy ones' pages and statuses.";

enum { GREEDY_MAX = 256, TOKEN_MAX = 256, ANSWER_MAX = 4 << 20, REQUEST_MAX = 1024, NEXT_MAX = 37 };

static struct {
    int port, count, each_ms, greedy;
    const char *path, *greedy_path;
} settings = {.port = 8080, .count = 500, .each_ms = 20};

struct reader {
    int fd;
    char token[TOKEN_MAX];
    char *answer;
    size_t got;
    char next[NEXT_MAX];
    long statuses[600], pages;
};

static atomic_bool is_ending;

static int dial(void)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)settings.port),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) bug("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static size_t whole(const struct reader *reader)
{
    const char *end = memmem(reader->answer, reader->got, "\r\n\r\n", 4);
    const char *length = end == NULL ? NULL : strcasestr(reader->answer, "\r\nContent-Length:");

    if (length == NULL) return SIZE_MAX;
    return (size_t)(end + 4 - reader->answer) + strtoul(length + 17, NULL, 10);
}

/* Where the list goes on; "" at its end. */
static void find_next(struct reader *reader)
{
    const char *next = memmem(reader->answer, reader->got, "],\"next\":\"", 10);

    reader->next[0] = '\0';
    if (next == NULL) return;
    memcpy(reader->next, next + 10, NEXT_MAX - 1);
    reader->next[NEXT_MAX - 1] = '\0';
}

static unsigned ask(struct reader *reader, const char *path)
{
    char request[REQUEST_MAX];
    const char *mark = strchr(path, '?') == NULL ? "?" : "&";
    const bool goes_on = reader->next[0] != '\0';
    const int size =
        snprintf(request, sizeof request,
                 "GET %s%s%s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
                 path, goes_on ? mark : "", goes_on ? "after=" : "", reader->next, reader->token);
    unsigned status;

    if (size >= REQUEST_MAX || write(reader->fd, request, (size_t)size) != size) bug("write");
    for (reader->got = 0; reader->got < whole(reader);) {
        const ssize_t got =
            read(reader->fd, reader->answer + reader->got, ANSWER_MAX - 1 - reader->got);

        if (got <= 0) bug("the connection has ended");
        reader->got += (size_t)got;
        reader->answer[reader->got] = '\0';
    }
    status = (unsigned)strtoul(reader->answer + 9, NULL, 10);
    reader->statuses[status < 600 ? status : 599]++;
    return status;
}

static void *be_greedy(void *cookie)
{
    struct reader *reader = cookie;

    while (!atomic_load(&is_ending)) {
        if (ask(reader, settings.greedy_path) == 200) {
            find_next(reader);
            reader->pages++;
        } else {
            usleep(10000); /* who is refused tries again soon, whatever was said to it */
        }
    }
    return NULL;
}

static int is_later(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void print_statuses(const char *name, const struct reader *readers, int count)
{
    const char *comma = "";

    printf(", \"%s\": {", name);
    for (int status = 0; status < 600; status++) {
        long sum = 0;

        for (int i = 0; i < count; i++)
            sum += readers[i].statuses[status];
        if (sum == 0) continue;
        printf("%s\"%d\": %ld", comma, status, sum);
        comma = ", ";
    }
    printf("}");
}

static void measure(struct reader *reader, int64_t *took_ns)
{
    for (int i = 0; i < settings.count; i++) {
        const int64_t began_ns = clock_steady_ns();

        reader->next[0] = '\0';
        ask(reader, settings.path);
        took_ns[i] = clock_steady_ns() - began_ns;
        usleep((useconds_t)settings.each_ms * 1000);
    }
}

static void read_settings(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *value = argv[i + 1];

        if (strcmp(argv[i], "--port") == 0)
            settings.port = atoi(value);
        else if (strcmp(argv[i], "--path") == 0)
            settings.path = value;
        else if (strcmp(argv[i], "--count") == 0)
            settings.count = atoi(value);
        else if (strcmp(argv[i], "--each-ms") == 0)
            settings.each_ms = atoi(value);
        else if (strcmp(argv[i], "--greedy") == 0)
            settings.greedy = atoi(value);
        else if (strcmp(argv[i], "--greedy-path") == 0)
            settings.greedy_path = value;
        else
            bug("bench-read: %s is no option", argv[i]);
    }
    if (settings.path == NULL || settings.count < 1 || settings.greedy > GREEDY_MAX ||
        (settings.greedy > 0 && settings.greedy_path == NULL))
        bug("bench-read: %s", help);
}

static void begin(struct reader *reader)
{
    reader->fd = dial();
    reader->answer = malloc(ANSWER_MAX);
    if (reader->answer == NULL) bug("out of memory");
    if (fgets(reader->token, sizeof reader->token, stdin) == NULL) bug("a token for each");
    reader->token[strcspn(reader->token, "\n")] = '\0';
}

int main(int argc, char **argv)
{
    static struct reader readers[1 + GREEDY_MAX];
    pthread_t threads[GREEDY_MAX];
    int64_t *took_ns;
    long pages = 0;

    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        puts(help);
        return 0;
    }
    read_settings(argc, argv);
    if ((took_ns = calloc((size_t)settings.count, sizeof *took_ns)) == NULL) bug("out of memory");
    for (int i = 0; i <= settings.greedy; i++)
        begin(&readers[i]);
    for (int i = 0; i < settings.greedy; i++)
        if (pthread_create(&threads[i], NULL, be_greedy, &readers[1 + i]) != 0) bug("a thread");
    if (settings.greedy > 0) usleep(500000);
    measure(&readers[0], took_ns);
    atomic_store(&is_ending, true);
    for (int i = 0; i < settings.greedy; i++) {
        pthread_join(threads[i], NULL);
        pages += readers[1 + i].pages;
    }
    qsort(took_ns, (size_t)settings.count, sizeof *took_ns, is_later);
    printf("{\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"pages\": %ld",
           (double)took_ns[settings.count / 2] / 1e6,
           (double)took_ns[settings.count * 99 / 100] / 1e6,
           (double)took_ns[settings.count - 1] / 1e6, pages);
    print_statuses("statuses", &readers[0], 1);
    print_statuses("greedy", &readers[1], settings.greedy);
    printf("}\n");
    return 0;
}
