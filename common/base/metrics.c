/* One sorted list of metrics; values are relaxed atomics, and are put into words when somebody
 * asks. */
#include "base/metrics.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"

#define MICROSECONDS(n) (n) * INT64_C(1000)
#define MILLISECONDS(n) (n) * INT64_C(1000000)

const struct metrics_scale metrics_seconds = {
    .count = 17,
    .bounds = {MICROSECONDS(50), MICROSECONDS(100), MICROSECONDS(250), MICROSECONDS(500),
               MILLISECONDS(1), MICROSECONDS(2500), MILLISECONDS(5), MILLISECONDS(10),
               MILLISECONDS(25), MILLISECONDS(50), MILLISECONDS(100), MILLISECONDS(250),
               MILLISECONDS(500), MILLISECONDS(1000), MILLISECONDS(2500), MILLISECONDS(5000),
               MILLISECONDS(10000)},
    .divisor = 1000000000,
};

const struct metrics_scale metrics_sizes = {
    .count = 13,
    .bounds = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096},
    .divisor = 1,
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct metrics_metric *first; /* sorted by name, then labels: a family stands together */

static int compare(const struct metrics_metric *a, const struct metrics_metric *b)
{
    int by_name = strcmp(a->name, b->name);

    return by_name != 0
               ? by_name
               : strcmp(a->labels == NULL ? "" : a->labels, b->labels == NULL ? "" : b->labels);
}

/* Of different owners any number may be called the same. */
static bool is_same(const struct metrics_metric *a, const struct metrics_metric *b)
{
    return a->owner == b->owner && compare(a, b) == 0;
}

void metrics_add(struct metrics_metric *metric)
{
    struct metrics_metric **at = &first;

    pthread_mutex_lock(&lock);
    while (*at != NULL && compare(*at, metric) < 0)
        at = &(*at)->next;
    for (struct metrics_metric *one = *at; one != NULL && compare(one, metric) == 0;
         one = one->next)
        if (is_same(one, metric)) bug("metrics: two are named %s", metric->name);
    metric->next = *at;
    *at = metric;
    pthread_mutex_unlock(&lock);
}

void metrics_remove(struct metrics_metric *metric)
{
    pthread_mutex_lock(&lock);
    for (struct metrics_metric **at = &first; *at != NULL; at = &(*at)->next) {
        if (*at != metric) continue;
        *at = metric->next;
        break;
    }
    pthread_mutex_unlock(&lock);
}

void metrics_count(struct metrics_metric *counter, uint64_t by)
{
    atomic_fetch_add_explicit(&counter->value, (int64_t)by, memory_order_relaxed);
}

void metrics_set(struct metrics_metric *gauge, int64_t value)
{
    atomic_store_explicit(&gauge->value, value, memory_order_relaxed);
}

void metrics_change(struct metrics_metric *gauge, int64_t by)
{
    atomic_fetch_add_explicit(&gauge->value, by, memory_order_relaxed);
}

void metrics_observe(struct metrics_metric *histogram, int64_t value)
{
    const struct metrics_scale *scale = histogram->scale;
    size_t bucket = 0;

    while (bucket < scale->count && value > scale->bounds[bucket])
        bucket++;
    atomic_fetch_add_explicit(&histogram->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->value, value, memory_order_relaxed);
}

/* Text that counts on past its end, as snprintf does. */
struct text {
    char *at;
    size_t size, used;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
    bool is_full = text->used >= text->size;
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(is_full ? NULL : text->at + text->used, is_full ? 0 : text->size - text->used,
                     format, args);
    va_end(args);
    if (size < 0) bug("metrics: vsnprintf failed");
    text->used += (size_t)size;
}

static void add_head(struct text *text, const struct metrics_metric *metric)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};

    add(text, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name,
        kinds[metric->kind]);
}

static void add_plain(struct text *text, const struct metrics_metric *metric)
{
    int64_t value = atomic_load_explicit(&metric->value, memory_order_relaxed);

    if (metric->labels == NULL)
        add(text, "%s %" PRId64 "\n", metric->name, value);
    else
        add(text, "%s{%s} %" PRId64 "\n", metric->name, metric->labels, value);
}

static void add_bucket(struct text *text, const struct metrics_metric *metric, const char *bound,
                       uint64_t count)
{
    bool has_labels = metric->labels != NULL;

    add(text, "%s_bucket{%s%sle=\"%s\"} %" PRIu64 "\n", metric->name,
        has_labels ? metric->labels : "", has_labels ? "," : "", bound, count);
}

static void add_histogram(struct text *text, const struct metrics_metric *metric)
{
    const struct metrics_scale *scale = metric->scale;
    const char *open = metric->labels == NULL ? "" : "{", *close = *open == '\0' ? "" : "}";
    const char *labels = metric->labels == NULL ? "" : metric->labels;
    double sum = (double)atomic_load_explicit(&metric->value, memory_order_relaxed);
    uint64_t count = 0;
    char bound[32];

    for (size_t i = 0; i < scale->count; i++) {
        count += atomic_load_explicit(&metric->buckets[i], memory_order_relaxed);
        snprintf(bound, sizeof bound, "%.9g", (double)scale->bounds[i] / (double)scale->divisor);
        add_bucket(text, metric, bound, count);
    }
    count += atomic_load_explicit(&metric->buckets[scale->count], memory_order_relaxed);
    add_bucket(text, metric, "+Inf", count);
    add(text, "%s_sum%s%s%s %.9g\n", metric->name, open, labels, close,
        sum / (double)scale->divisor);
    add(text, "%s_count%s%s%s %" PRIu64 "\n", metric->name, open, labels, close, count);
}

size_t metrics_write(const void *owner, char *text, size_t size)
{
    struct text written = {text, size, 0};
    const struct metrics_metric *metric, *before = NULL;

    pthread_mutex_lock(&lock);
    for (metric = first; metric != NULL; metric = metric->next) {
        if (metric->owner != NULL && metric->owner != owner) continue;
        if (before == NULL || strcmp(before->name, metric->name) != 0) add_head(&written, metric);
        if (metric->kind == METRICS_KIND_HISTOGRAM)
            add_histogram(&written, metric);
        else
            add_plain(&written, metric);
        before = metric;
    }
    pthread_mutex_unlock(&lock);
    if (written.used == 0 && size > 0) *text = '\0';
    return written.used;
}
