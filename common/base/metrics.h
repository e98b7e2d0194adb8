/* Metrics: counters, gauges and histograms for Prometheus (text format 0.0.4).
 *
 * A metric is a static object, made in the file whose business it is, that registers itself before
 * main:
 *
 *     METRICS_COUNTER(commits, "fadder_commits_total", "Commits of the journal.")
 *     METRICS_SECONDS(commit_time, "fadder_commit_seconds", "How long a commit takes.")
 *     ...
 *     metrics_count(&commits, 1);
 *     metrics_observe(&commit_time, clock_steady_ns() - began_ns);
 *
 * Names are snake_case with the unit last (_total, _seconds, _bytes). Counting is a relaxed atomic
 * addition, from any thread. Values are no personal data, labels are few.
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum metrics_kind { METRICS_KIND_COUNTER, METRICS_KIND_GAUGE, METRICS_KIND_HISTOGRAM };

enum { METRICS_BUCKETS_MAX = 20 };

/* Upper bounds, ascending, and by what a value is divided when it is written. */
struct metrics_scale {
    size_t count;
    int64_t bounds[METRICS_BUCKETS_MAX];
    int64_t divisor;
};
extern const struct metrics_scale metrics_seconds; /* of nanoseconds: 50 us to 10 s */
extern const struct metrics_scale metrics_sizes;   /* of things: 1 to 4096, in powers of two */

struct metrics_metric {
    enum metrics_kind kind;
    const char *name, *help;
    const void *owner;                 /* the node whose it is; NULL: the process */
    const char *labels;                /* such as service="registry", or NULL; kept, not copied */
    const struct metrics_scale *scale; /* of a histogram */
    _Atomic int64_t value;             /* a histogram's sum */
    _Atomic uint64_t buckets[METRICS_BUCKETS_MAX + 1]; /* of a histogram; the last has no bound */
    struct metrics_metric *next;
};

/* Static metrics. They stand at 0 until touched, and are written all the same. */
#define METRICS_COUNTER(variable, name_, help_) \
    METRICS_STATIC_(variable, METRICS_KIND_COUNTER, name_, help_, NULL)
#define METRICS_GAUGE(variable, name_, help_) \
    METRICS_STATIC_(variable, METRICS_KIND_GAUGE, name_, help_, NULL)
#define METRICS_SECONDS(variable, name_, help_) \
    METRICS_STATIC_(variable, METRICS_KIND_HISTOGRAM, name_, help_, &metrics_seconds)
#define METRICS_SIZES(variable, name_, help_) \
    METRICS_STATIC_(variable, METRICS_KIND_HISTOGRAM, name_, help_, &metrics_sizes)

/* Register one that was filled in by hand (kind, name, help, labels, scale), such as one for each
 * service that is followed; it must live until metrics_remove. Two of one owner with the same name and
 * labels are a bug. */
void metrics_add(struct metrics_metric *metric);
void metrics_remove(struct metrics_metric *metric);

void metrics_count(struct metrics_metric *counter, uint64_t by);
void metrics_set(struct metrics_metric *gauge, int64_t value);
void metrics_change(struct metrics_metric *gauge, int64_t by);
void metrics_observe(struct metrics_metric *histogram, int64_t value);

/* Write an owner's, and all of the process, sorted by name, with a final NUL; the text's length. If that is not less than size, the
 * text was cut: come again with more room. A histogram's lines agree with each other, different
 * metrics are not of the same moment. */
size_t metrics_write(const void *owner, char *text, size_t size);

#define METRICS_STATIC_(variable, kind_, name_, help_, scale_)         \
    static struct metrics_metric variable = {                          \
        .kind = kind_, .name = name_, .help = help_, .scale = scale_}; \
    __attribute__((constructor)) static void variable##_add_(void)     \
    {                                                                  \
        metrics_add(&variable);                                        \
    }
