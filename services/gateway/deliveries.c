/* A partner's last deliveries in a file of fixed slots: two rings, one for what the partner signed
 * and one for what only names it, so that noise pushes out noise. */
#include "deliveries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/files.h"
#include "base/log.h"
#include "core/error.h"
#include "core/text.h"

enum {
    LOGS_MAX = 64, /* mapped at a time; the one used longest ago gives way */
    DIRECTORY_MAX = FILES_PATH_MAX,
    PATH_SIZE = DIRECTORY_MAX + ID_TEXT_SIZE + 1,
    SLOTS = 2 * DELIVERIES_KEPT, /* the signed ones' ring, then the others' */
    FILE_SIZE = SLOTS * sizeof(struct delivery),
};

_Static_assert(sizeof(struct delivery) == 256, "a slot in the file has 256 bytes");

struct log {
    struct id partner;
    struct delivery *slots; /* NULL: this place is free */
    uint64_t last;          /* sequence */
    size_t next[2];         /* slot to write, of those who are signed and of the others */
    uint64_t used;
};

struct deliveries {
    char directory[DIRECTORY_MAX];
    uint64_t uses, failures;
    struct log logs[LOGS_MAX];
};

/* One. */

static void add_printable(char *to, size_t room, const char *text)
{
    size_t used = strlen(to);

    for (; *text != '\0' && used + 1 < room; text++)
        to[used++] = *text > ' ' && *text <= '~' ? *text : '?';
    to[used] = '\0';
}

void delivery_set(struct delivery *delivery, int64_t at_ms, unsigned status, const char *id,
                  const char *code)
{
    memset(delivery, 0, sizeof *delivery);
    delivery->at_ms = at_ms;
    delivery->status = (uint16_t)status;
    add_printable(delivery->id, sizeof delivery->id, id == NULL ? "" : id);
    add_printable(delivery->code, sizeof delivery->code, code);
}

void delivery_add_field(struct delivery *delivery, const char *field)
{
    if (strlen(delivery->fields) + strlen(field) + 2 > sizeof delivery->fields) return;
    if (delivery->fields[0] != '\0') add_printable(delivery->fields, sizeof delivery->fields, ",");
    add_printable(delivery->fields, sizeof delivery->fields, field);
}

void delivery_set_strangers(struct delivery *delivery, uint32_t count)
{
    delivery->strangers = (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX);
}

static uint32_t check_of(const struct delivery *delivery)
{
    return crc32c(0, &delivery->status, sizeof *delivery - sizeof delivery->check);
}

static bool is_whole(const struct delivery *delivery)
{
    return delivery->sequence != 0 && delivery->check == check_of(delivery);
}

/* The files. */

static void path_of(const char *directory, struct id partner, char path[PATH_SIZE])
{
    char name[ID_TEXT_SIZE];

    id_write(partner, name);
    snprintf(path, PATH_SIZE, "%s/%s", directory, name);
}

/* All of the file's room is taken at once: a map over a hole in a full disk would be the end. */
static struct delivery *map(const char *directory, struct id partner)
{
    char path[PATH_SIZE];
    void *at = MAP_FAILED;
    int fd;

    path_of(directory, partner, path);
    fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return NULL;
    if ((errno = posix_fallocate(fd, 0, FILE_SIZE)) == 0)
        at = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return at == MAP_FAILED ? NULL : at;
}

static void unmap(struct log *log)
{
    if (log->slots != NULL) munmap(log->slots, FILE_SIZE);
    log->slots = NULL;
}

static void find_ends(struct log *log)
{
    uint64_t last[2] = {0, 0};

    log->next[0] = log->next[1] = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        const size_t ring = i / DELIVERIES_KEPT;

        if (!is_whole(&log->slots[i]) || log->slots[i].sequence < last[ring]) continue;
        last[ring] = log->slots[i].sequence;
        log->next[ring] = (i + 1) % DELIVERIES_KEPT;
    }
    log->last = last[0] > last[1] ? last[0] : last[1];
}

static struct log *open_log(struct deliveries *deliveries, struct log *log, struct id partner)
{
    unmap(log);
    if ((log->slots = map(deliveries->directory, partner)) == NULL) return NULL;
    log->partner = partner;
    find_ends(log);
    return log;
}

static struct log *log_of(struct deliveries *deliveries, struct id partner)
{
    struct log *least = &deliveries->logs[0];

    for (size_t i = 0; i < LOGS_MAX; i++) {
        struct log *log = &deliveries->logs[i];

        if (log->slots != NULL && id_equal(log->partner, partner)) return log;
        if (log->slots == NULL ? least->slots != NULL
                               : least->slots != NULL && log->used < least->used)
            least = log;
    }
    return open_log(deliveries, least, partner);
}

struct deliveries *deliveries_open(const char *directory, struct error *err)
{
    struct deliveries *deliveries = calloc(1, sizeof *deliveries);

    if (deliveries == NULL) bug("out of memory");
    if (strlen(directory) >= sizeof deliveries->directory) bug("a long path: %s", directory);
    text_copy(deliveries->directory, sizeof deliveries->directory, directory);
    if (mkdir(directory, 0700) == 0 || errno == EEXIST) return deliveries;
    error_set(err, ERROR_BROKEN, "deliveries", "%s: %s", directory, strerror(errno));
    free(deliveries);
    return NULL;
}

const char *deliveries_directory(const struct deliveries *deliveries)
{
    return deliveries->directory;
}

void deliveries_close(struct deliveries *deliveries)
{
    if (deliveries == NULL) return;
    for (size_t i = 0; i < LOGS_MAX; i++)
        unmap(&deliveries->logs[i]);
    free(deliveries);
}

void deliveries_add(struct deliveries *deliveries, struct id partner, bool is_signed,
                    const struct delivery *delivery)
{
    struct log *log = log_of(deliveries, partner);
    const size_t ring = is_signed ? 0 : 1;
    struct delivery *slot;

    if (log == NULL) {
        if ((deliveries->failures++ & 1023) == 0)
            log_error("delivery_not_kept", "reason=%s", strerror(errno));
        return;
    }
    log->used = ++deliveries->uses;
    slot = &log->slots[ring * DELIVERIES_KEPT + log->next[ring]];
    log->next[ring] = (log->next[ring] + 1) % DELIVERIES_KEPT;
    *slot = *delivery;
    slot->sequence = ++log->last;
    slot->check = check_of(slot);
}

bool deliveries_has(struct deliveries *deliveries, struct id partner)
{
    char path[PATH_SIZE];

    for (size_t i = 0; i < LOGS_MAX; i++)
        if (deliveries->logs[i].slots != NULL && id_equal(deliveries->logs[i].partner, partner))
            return true;
    path_of(deliveries->directory, partner, path);
    return access(path, R_OK) == 0;
}

static int by_sequence(const void *a, const void *b)
{
    const uint64_t x = ((const struct delivery *)a)->sequence;
    const uint64_t y = ((const struct delivery *)b)->sequence;

    return x < y ? 1 : x > y ? -1 : 0;
}

static size_t read_ring(int fd, size_t ring, struct delivery found[DELIVERIES_KEPT])
{
    size_t count = 0;

    for (size_t i = 0; i < DELIVERIES_KEPT; i++) {
        struct delivery *to = &found[count];
        const off_t at = (off_t)((ring * DELIVERIES_KEPT + i) * sizeof *to);

        if (pread(fd, to, sizeof *to, at) != (ssize_t)sizeof *to || !is_whole(to)) continue;
        to->id[sizeof to->id - 1] = to->code[sizeof to->code - 1] = '\0';
        to->fields[sizeof to->fields - 1] = '\0';
        count++;
    }
    qsort(found, count, sizeof *found, by_sequence);
    return count;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many of the unsigned to show: all there is room for, a few in any case. */
static size_t unsigned_shown(size_t signed_count, size_t unsigned_count)
{
    const size_t rest = DELIVERIES_KEPT - signed_count;

    return smaller(unsigned_count, rest > DELIVERIES_UNSIGNED ? rest : DELIVERIES_UNSIGNED);
}

size_t deliveries_read(const char *directory, struct id partner,
                       struct delivery found[DELIVERIES_KEPT])
{
    struct delivery others[DELIVERIES_KEPT];
    char path[PATH_SIZE];
    size_t count, shown;
    int fd;

    path_of(directory, partner, path);
    if ((fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) < 0) return 0;
    count = read_ring(fd, 0, found);
    shown = unsigned_shown(count, read_ring(fd, 1, others));
    close(fd);
    count = smaller(count, DELIVERIES_KEPT - shown);
    memcpy(&found[count], others, shown * sizeof *others);
    qsort(found, count + shown, sizeof *found, by_sequence);
    return count + shown;
}
