/* A call is a line, and no value can make it two. */
#include "test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "core/error.h"

enum { HEAD = 24 }; /* the time, and a space after it */

static int pipes[2], stderr_before;
static char line[4096];

/* What stderr got since the last time, its time taken off. */
static const char *said(void)
{
    ssize_t size;

    assert_int_equal(write(pipes[1], "|", 1), 1); /* so that nothing said does not block */
    size = read(pipes[0], line, sizeof line - 1);
    assert_true(size > 0);
    line[size - 1] = '\0';
    return size == 1 ? "" : line + HEAD + 1;
}

static void a_line_has_head_and_tail(void **state)
{
    (void)state;
    log_info("started", "batch=%d path=%s", 17, "/a/b");
    assert_string_equal(said(), "info registry started batch=17 path=/a/b\n");
    assert_int_equal(line[4], '-');
    assert_int_equal(line[10], 'T');
    assert_int_equal(line[19], '.');
    assert_int_equal(line[23], 'Z');
    assert_int_equal(line[HEAD], ' ');
}

static void each_conversion_is_written_as_printf_would(void **state)
{
    (void)state;
    log_info("x", "%d %5u %-3d| %08x %lld %zu %" PRIu64 " %ld %hhu %.2f %% %c %.*s %.3s %jd", -1,
             2U, 3, 0xbeefU, -8LL, (size_t)9, UINT64_MAX, -10L, (unsigned char)200, 1.255, 'c', 2,
             "abc", "defgh", (intmax_t)11);
    assert_string_equal(said(), "info registry x -1     2 3  | 0000beef -8 9 18446744073709551615 "
                                "-10 200 1.25 % c ab def 11\n");
}

static void values_cannot_make_lines_keys_or_colours(void **state)
{
    static const struct {
        const char *value, *written;
    } rows[] = {{"plain-1.2:/@,+", "plain-1.2:/@,+"},
                {"", "\"\""},
                {"two words", "\"two words\""},
                {"a=b", "\"a=b\""},
                {"a\"b\\c", "\"a\\\"b\\\\c\""},
                {"x\ninfo registry forged", "\"x\\x0ainfo registry forged\""},
                {"\r\x1b[31m", "\"\\x0d\\x1b[31m\""},
                {"\x7f", "\"\\x7f\""},
                {"å\xc2\x9b\xff", "\"\\xc3\\xa5\\xc2\\x9b\\xff\""},
                {"%s%n", "%s%n"},
                {NULL, "-"}};
    char expected[128];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        log_info("x", "k=%s end=1", rows[i].value);
        snprintf(expected, sizeof expected, "info registry x k=%s end=1\n", rows[i].written);
        assert_string_equal(said(), expected);
    }
}

static void a_character_is_a_value_too(void **state)
{
    (void)state;
    log_info("x", "k=%c", '\n');
    assert_string_equal(said(), "info registry x k=\"\\x0a\"\n");
}

static void a_long_line_is_cut_and_says_so(void **state)
{
    char value[3000];

    (void)state;
    for (size_t size = 900; size < sizeof value; size += 7) {
        memset(value, size % 2 == 0 ? 'v' : '\n', size);
        value[size] = '\0';
        log_info("x", "k=%s b=%s", value, value);
        said();
        assert_in_range(strlen(line), LOG_LINE_MAX - 10, LOG_LINE_MAX);
        assert_string_equal(line + strlen(line) - 4, "...\n");
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    }
}

static void a_level_past_the_setting_is_not_written(void **state)
{
    struct error err;

    (void)state;
    log_debug("x", "k=%d", 1);
    assert_string_equal(said(), "");
    assert_int_equal(setenv("FADDER_LOG", "debug", 1), 0);
    assert_true(log_start("registry", &err));
    log_debug("x", "k=%d", 1);
    assert_string_equal(said(), "debug registry x k=1\n");
    assert_int_equal(setenv("FADDER_LOG", "error", 1), 0);
    assert_true(log_start("registry", &err));
    log_warning("x", "k=%d", 1);
    log_word(LOG_INFO, "x");
    assert_string_equal(said(), "");
    log_error("x", "k=%d", 1);
    assert_string_equal(said(), "error registry x k=1\n");
    assert_int_equal(setenv("FADDER_LOG", "loud", 1), 0);
    assert_false(log_start("registry", &err));
    assert_string_equal(err.text, "FADDER_LOG must be error, warning, info or debug");
    assert_int_equal(unsetenv("FADDER_LOG"), 0);
    assert_true(log_start("registry", &err));
}

static void an_error_is_one_line_with_its_first_fault(void **state)
{
    struct error err;

    (void)state;
    error_set(&err, ERROR_INVALID, "bad", "two\nlines");
    log_failure(LOG_WARNING, "refused", &err);
    assert_string_equal(said(), "warning registry refused code=bad text=\"two\\x0alines\"\n");
    error_add_fault(&err, "person.email", "not an address");
    error_add_fault(&err, "person.phone", "not a number");
    log_failure(LOG_ERROR, "refused", &err);
    assert_string_equal(said(), "error registry refused code=bad text=\"two\\x0alines\" faults=2 "
                                "field=person.email what=\"not an address\"\n");
}

static void a_word_alone_is_a_line(void **state)
{
    (void)state;
    log_word(LOG_INFO, "stopped");
    assert_string_equal(said(), "info registry stopped\n");
}

/* In a process of its own, as it ends that. */
static void what_bug_says_is_a_line(void **state)
{
    int status;
    pid_t pid;

    (void)state;
    if ((pid = fork()) == 0) bug("a \"mistake\" of %d lines\n", 2);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_string_equal(said(), "error registry bug text=\"a \\\"mistake\\\" of 2 lines\\x0a\"\n");
    assert_int_equal(line[10], 'T');
}

static int divert(void **state)
{
    struct error err;

    (void)state;
    unsetenv("FADDER_LOG");
    stderr_before = dup(STDERR_FILENO);
    if (pipe(pipes) != 0 || dup2(pipes[1], STDERR_FILENO) < 0) return -1;
    return log_start("registry", &err) ? 0 : -1;
}

static int restore(void **state)
{
    (void)state;
    dup2(stderr_before, STDERR_FILENO);
    close(stderr_before);
    close(pipes[0]);
    close(pipes[1]);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, divert, restore)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_has_head_and_tail),
        TEST(each_conversion_is_written_as_printf_would),
        TEST(values_cannot_make_lines_keys_or_colours),
        TEST(a_character_is_a_value_too),
        TEST(a_long_line_is_cut_and_says_so),
        TEST(a_level_past_the_setting_is_not_written),
        TEST(an_error_is_one_line_with_its_first_fault),
        TEST(a_word_alone_is_a_line),
        TEST(what_bug_says_is_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
