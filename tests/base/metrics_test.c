/* What is counted is written as Prometheus reads it. */
#include "test.h"

#include <pthread.h>
#include <string.h>

#include "base/metrics.h"

METRICS_COUNTER(refused, "fadder_test_refused_total", "Refused.")
METRICS_GAUGE(waiting, "fadder_test_waiting", "Waiting.")
METRICS_SECONDS(took, "fadder_test_seconds", "Took.")
METRICS_SIZES(batch, "fadder_test_batch_events", "Events in a batch.")

static char text[16384];

static void assert_written(const char *expected)
{
    assert_in_range(metrics_write(NULL, text, sizeof text), 1, sizeof text - 1);
    if (strstr(text, expected) == NULL) fail_msg("not there:\n%s\nbut:\n%s", expected, text);
}

static void what_was_never_touched_is_zero(void **state)
{
    (void)state;
    assert_written("# HELP fadder_test_refused_total Refused.\n"
                   "# TYPE fadder_test_refused_total counter\n"
                   "fadder_test_refused_total 0\n");
}

static void counters_count_and_gauges_stand(void **state)
{
    (void)state;
    metrics_count(&refused, 1);
    metrics_count(&refused, 41);
    metrics_set(&waiting, 7);
    metrics_change(&waiting, -9);
    assert_written("fadder_test_refused_total 42\n");
    assert_written("# TYPE fadder_test_waiting gauge\nfadder_test_waiting -2\n");
}

/* A bound is part of its bucket; a bucket holds all that are no larger. */
static void a_histogram_of_sizes_is_cumulative(void **state)
{
    (void)state;
    for (int64_t size = 1; size <= 5; size++)
        metrics_observe(&batch, size);
    metrics_observe(&batch, 5000);
    assert_written("# TYPE fadder_test_batch_events histogram\n"
                   "fadder_test_batch_events_bucket{le=\"1\"} 1\n"
                   "fadder_test_batch_events_bucket{le=\"2\"} 2\n"
                   "fadder_test_batch_events_bucket{le=\"4\"} 4\n"
                   "fadder_test_batch_events_bucket{le=\"8\"} 5\n");
    assert_written("fadder_test_batch_events_bucket{le=\"4096\"} 5\n"
                   "fadder_test_batch_events_bucket{le=\"+Inf\"} 6\n"
                   "fadder_test_batch_events_sum 5015\n"
                   "fadder_test_batch_events_count 6\n");
}

static void a_histogram_of_nanoseconds_is_written_in_seconds(void **state)
{
    (void)state;
    metrics_observe(&took, 1500000);
    assert_written("fadder_test_seconds_bucket{le=\"5e-05\"} 0\n");
    assert_written("fadder_test_seconds_bucket{le=\"0.001\"} 0\n"
                   "fadder_test_seconds_bucket{le=\"0.0025\"} 1\n");
    assert_written("fadder_test_seconds_bucket{le=\"10\"} 1\n"
                   "fadder_test_seconds_bucket{le=\"+Inf\"} 1\n"
                   "fadder_test_seconds_sum 0.0015\n"
                   "fadder_test_seconds_count 1\n");
}

static void a_family_with_labels_has_one_head(void **state)
{
    static struct metrics_metric second = {.kind = METRICS_KIND_GAUGE,
                                           .name = "fadder_test_lag_batches",
                                           .help = "Behind.",
                                           .labels = "service=\"registry\""};
    static struct metrics_metric first = {.kind = METRICS_KIND_GAUGE,
                                          .name = "fadder_test_lag_batches",
                                          .help = "Behind.",
                                          .labels = "service=\"mentor-assignment\""};

    (void)state;
    metrics_add(&second);
    metrics_add(&first);
    metrics_set(&second, 3);
    assert_written("# HELP fadder_test_lag_batches Behind.\n"
                   "# TYPE fadder_test_lag_batches gauge\n"
                   "fadder_test_lag_batches{service=\"mentor-assignment\"} 0\n"
                   "fadder_test_lag_batches{service=\"registry\"} 3\n");
}

static void a_histogram_may_have_labels(void **state)
{
    static struct metrics_metric labelled = {.kind = METRICS_KIND_HISTOGRAM,
                                             .name = "fadder_test_sent_seconds",
                                             .help = "Sent.",
                                             .labels = "how=\"mail\"",
                                             .scale = &metrics_seconds};

    (void)state;
    metrics_add(&labelled);
    metrics_observe(&labelled, 20000000000);
    assert_written("fadder_test_sent_seconds_bucket{how=\"mail\",le=\"10\"} 0\n"
                   "fadder_test_sent_seconds_bucket{how=\"mail\",le=\"+Inf\"} 1\n"
                   "fadder_test_sent_seconds_sum{how=\"mail\"} 20\n"
                   "fadder_test_sent_seconds_count{how=\"mail\"} 1\n");
}

static void text_that_does_not_fit_is_cut_and_its_length_told(void **state)
{
    char small[100];
    size_t size = metrics_write(NULL, text, sizeof text);

    (void)state;
    memset(small, 'x', sizeof small);
    assert_int_equal(metrics_write(NULL, small, 60), size);
    assert_int_equal(strlen(small), 59);
    assert_memory_equal(small, text, 59);
    assert_int_equal(small[60], 'x');
    assert_int_equal(metrics_write(NULL, NULL, 0), size);
    assert_int_equal(strlen(text), size);
}

static void *count(void *cookie)
{
    (void)cookie;
    for (int i = 0; i < 10000; i++) {
        metrics_count(&refused, 1);
        metrics_observe(&batch, 3);
    }
    return NULL;
}

static void threads_lose_no_count(void **state)
{
    int64_t before = refused.value;
    pthread_t threads[4];

    (void)state;
    for (int t = 0; t < 4; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, count, NULL), 0);
    for (int i = 0; i < 100; i++)
        metrics_write(NULL, text, sizeof text);
    for (int t = 0; t < 4; t++)
        assert_int_equal(pthread_join(threads[t], NULL), 0);
    assert_int_equal(refused.value, before + 40000);
    assert_int_equal(batch.buckets[2], 40000 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_never_touched_is_zero),
        cmocka_unit_test(counters_count_and_gauges_stand),
        cmocka_unit_test(a_histogram_of_sizes_is_cumulative),
        cmocka_unit_test(a_histogram_of_nanoseconds_is_written_in_seconds),
        cmocka_unit_test(a_family_with_labels_has_one_head),
        cmocka_unit_test(a_histogram_may_have_labels),
        cmocka_unit_test(text_that_does_not_fit_is_cut_and_its_length_told),
        cmocka_unit_test(threads_lose_no_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
