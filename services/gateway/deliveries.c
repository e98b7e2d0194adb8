#include "deliveries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "runtime/crc32c.h"
#include "runtime/log.h"

enum {
    RINGS_MAX = 64, /* mapped at a time; the one used longest ago gives way */
    PATH_SIZE = 192,
    RING_SIZE = DELIVERIES_KEPT * sizeof(struct delivery),
};

_Static_assert(sizeof(struct delivery) == 256, "a slot in the file has 256 bytes");

struct ring {
    struct id partner;
    struct delivery *slots; /* NULL: this place is free */
    uint64_t last;          /* sequence */
    uint64_t used;
};

struct deliveries {
    char directory[128];
    uint64_t uses, failures;
    struct ring rings[RINGS_MAX];
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
    delivery->status = status;
    add_printable(delivery->id, sizeof delivery->id, id == NULL ? "" : id);
    add_printable(delivery->code, sizeof delivery->code, code);
}

void delivery_add_field(struct delivery *delivery, const char *field)
{
    if (strlen(delivery->fields) + strlen(field) + 2 > sizeof delivery->fields) return;
    if (delivery->fields[0] != '\0') add_printable(delivery->fields, sizeof delivery->fields, ",");
    add_printable(delivery->fields, sizeof delivery->fields, field);
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
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return NULL;
    if ((errno = posix_fallocate(fd, 0, RING_SIZE)) == 0)
        at = mmap(NULL, RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return at == MAP_FAILED ? NULL : at;
}

static void unmap(struct ring *ring)
{
    if (ring->slots != NULL) munmap(ring->slots, RING_SIZE);
    ring->slots = NULL;
}

static struct ring *open_ring(struct deliveries *deliveries, struct ring *ring, struct id partner)
{
    unmap(ring);
    if ((ring->slots = map(deliveries->directory, partner)) == NULL) return NULL;
    ring->partner = partner;
    ring->last = 0;
    for (size_t i = 0; i < DELIVERIES_KEPT; i++)
        if (is_whole(&ring->slots[i]) && ring->slots[i].sequence > ring->last)
            ring->last = ring->slots[i].sequence;
    return ring;
}

static struct ring *ring_of(struct deliveries *deliveries, struct id partner)
{
    struct ring *least = &deliveries->rings[0];

    for (size_t i = 0; i < RINGS_MAX; i++) {
        struct ring *ring = &deliveries->rings[i];

        if (ring->slots != NULL && id_equal(ring->partner, partner)) return ring;
        if (ring->slots == NULL ? least->slots != NULL
                                : least->slots != NULL && ring->used < least->used)
            least = ring;
    }
    return open_ring(deliveries, least, partner);
}

struct deliveries *deliveries_open(const char *directory, struct error *err)
{
    struct deliveries *deliveries = calloc(1, sizeof *deliveries);

    if (deliveries == NULL) bug("out of memory");
    snprintf(deliveries->directory, sizeof deliveries->directory, "%s", directory);
    if (mkdir(directory, 0700) == 0 || errno == EEXIST) return deliveries;
    error_set(err, ERROR_BROKEN, "deliveries", "%s: %s", directory, strerror(errno));
    free(deliveries);
    return NULL;
}

void deliveries_close(struct deliveries *deliveries)
{
    if (deliveries == NULL) return;
    for (size_t i = 0; i < RINGS_MAX; i++)
        unmap(&deliveries->rings[i]);
    free(deliveries);
}

void deliveries_add(struct deliveries *deliveries, struct id partner,
                    const struct delivery *delivery)
{
    struct ring *ring = ring_of(deliveries, partner);
    struct delivery *slot;

    if (ring == NULL) {
        if ((deliveries->failures++ & 1023) == 0)
            log_error("delivery_not_kept", "reason=%s", strerror(errno));
        return;
    }
    ring->used = ++deliveries->uses;
    ring->last++;
    slot = &ring->slots[ring->last % DELIVERIES_KEPT];
    *slot = *delivery;
    slot->sequence = ring->last;
    slot->check = check_of(slot);
}

bool deliveries_has(struct deliveries *deliveries, struct id partner)
{
    char path[PATH_SIZE];

    for (size_t i = 0; i < RINGS_MAX; i++)
        if (deliveries->rings[i].slots != NULL && id_equal(deliveries->rings[i].partner, partner))
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

size_t deliveries_read(const char *directory, struct id partner,
                       struct delivery found[DELIVERIES_KEPT])
{
    char path[PATH_SIZE];
    size_t count = 0;
    int fd;

    path_of(directory, partner, path);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) return 0;
    for (size_t i = 0; i < DELIVERIES_KEPT; i++) {
        struct delivery *to = &found[count];
        const ssize_t size = pread(fd, to, sizeof *to, (off_t)(i * sizeof *to));

        if (size != (ssize_t)sizeof *to || !is_whole(to)) continue;
        to->id[sizeof to->id - 1] = to->code[sizeof to->code - 1] = '\0';
        to->fields[sizeof to->fields - 1] = '\0';
        count++;
    }
    close(fd);
    qsort(found, count, sizeof *found, by_sequence);
    return count;
}
