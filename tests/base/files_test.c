/* Files of a node: whole or not at all, for its owner alone, where it is opened whatever directory the process is in. */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "core/error.h"

static char home[] = "/tmp/fadder-files-XXXXXX";
static struct files *files;

static void read_back(const char *name, const char *expected)
{
    char text[64] = "";
    size_t size = sizeof text - 1;

    assert_true(files_read(files, name, text, &size));
    assert_int_equal(size, strlen(expected));
    assert_string_equal(text, expected);
}

static bool is_part(void *cookie, const char *name)
{
    *(bool *)cookie |= strstr(name, ".part") != NULL;
    return true;
}

static void what_is_written_is_there_as_a_whole(void **unused)
{
    bool has_part = false;
    unsigned mode;
    size_t size = 10;

    (void)unused;
    assert_true(files_make(files, "one") && files_make(files, "one"));
    assert_false(files_is_exposed(files, "one", &mode));
    assert_int_equal(mode, 0700);
    assert_false(files_is_there(files, "one/name"));
    assert_false(files_read(files, "one/name", (char[10]){0}, &size));
    for (int kept = 0; kept < 2; kept++) {
        assert_true(files_write(files, "one/name", "first", 5, kept == 1));
        read_back("one/name", "first");
        assert_true(files_write(files, "one/name", "2nd", 3, kept == 1));
        read_back("one/name", "2nd");
    }
    files_each(files, "one", is_part, &has_part);
    assert_false(has_part);
    assert_true(files_rename(files, "one/name", "one/other"));
    assert_false(files_is_there(files, "one/name"));
    read_back("one/other", "2nd");
    assert_true(files_remove(files, "one/other") && files_remove(files, "one/other"));
    assert_true(files_remove(files, "one"));
    assert_false(files_is_there(files, "one"));
}

static void what_cannot_be_written_leaves_what_was_there(void **unused)
{
    (void)unused;
    assert_true(files_make(files, "one"));
    assert_true(files_write(files, "one/name", "before", 6, true));
    assert_true(files_make(files, "one/.name.part")); /* in the way */
    assert_false(files_write(files, "one/name", "after", 5, true));
    read_back("one/name", "before");
    assert_true(files_remove(files, "one/.name.part"));
    assert_true(files_write(files, "one/.name.part", "half", 4, false)); /* as an end left it */
    assert_true(files_write(files, "one/name", "before", 6, true));
    assert_false(files_write(files, "nowhere/name", "after", 5, true));
    assert_int_equal(errno, ENOENT);
    assert_true(files_remove(files, "one/name") && files_remove(files, "one"));
}

static void it_is_the_same_place_wherever_the_process_goes(void **unused)
{
    char path[FILES_PATH_MAX];

    (void)unused;
    assert_int_equal(chdir("/"), 0);
    assert_true(files_write(files, "name", "here", 4, false));
    files_path(files, "name", path);
    assert_int_equal(access(path, F_OK), 0);
    assert_true(files_remove(files, "name"));
}

static void a_directory_is_locked_once(void **unused)
{
    struct error err;
    int lock, other;

    (void)unused;
    assert_true(files_make(files, "one"));
    assert_false(files_is_locked(files, "one"));
    assert_true(files_lock(files, "one", "one", &lock, &err));
    assert_true(files_is_locked(files, "one"));
    assert_false(files_lock(files, "one", "one", &other, &err));
    assert_string_equal(err.code, "running");
    files_unlock(lock);
    files_unlock(other);
    assert_false(files_is_locked(files, "one"));
    assert_false(files_lock(files, "none", "none", &other, &err));
    assert_int_equal(err.kind, ERROR_BROKEN);
    assert_true(files_remove(files, "one"));
}

static void one_is_read_and_written_in_places(void **unused)
{
    struct file *file;
    char path[FILES_PATH_MAX], bytes[8];
    uint64_t size;
    unsigned mode;

    (void)unused;
    assert_null(file_open(files, "places"));
    assert_true(files_write(files, "places", "01234567", 8, false));
    assert_non_null(file = file_open(files, "places"));
    assert_true(file_write(file, 6, "ab", 2) && file_write(file, 8, "cd", 2) && file_flush(file));
    assert_true(file_size(file, &size));
    assert_int_equal(size, 10);
    assert_int_equal(file_read(file, 4, bytes, sizeof bytes), 6);
    assert_memory_equal(bytes, "45abcd", 6);
    assert_int_equal(file_read(file, 100, bytes, sizeof bytes), 0);
    assert_false(file_is_exposed(file, &mode));
    files_path(files, "places", path);
    assert_int_equal(chmod(path, 0640), 0);
    assert_true(file_is_exposed(file, &mode));
    assert_int_equal(mode, 0640);
    file_close(file);
    assert_true(files_remove(files, "places"));
}

static void a_map_is_there_for_the_next(void **unused)
{
    char *at;

    (void)unused;
    assert_non_null(at = files_map(files, "page", 4096));
    assert_int_equal(at[7], 0);
    at[7] = 'x';
    files_unmap(at, 4096);
    assert_non_null(at = files_map(files, "page", 4096));
    assert_int_equal(at[7], 'x');
    files_unmap(at, 4096);
    assert_true(files_remove(files, "page"));
    assert_null(files_map(files, "nowhere/page", 4096));
}

static void there_is_room(void **unused)
{
    uint64_t bytes = 0;

    (void)unused;
    assert_true(files_room(files, &bytes));
    assert_true(bytes > 0);
}

/* Whose it is, and who may write to it. */

static void at(const char *name, char path[128])
{
    snprintf(path, 128, "%s/root/%s", home, name);
}

static void no_link_is_followed(void **unused)
{
    static const char *const names[] = {"link", "leads/name", "leads/to/name"};
    char path[128], elsewhere[128];
    size_t size = 4;

    (void)unused;
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", home);
    assert_int_equal(mkdir(elsewhere, 0700), 0);
    at("leads", path);
    assert_int_equal(symlink(elsewhere, path), 0);
    at("link", path);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_null(file_open(files, names[i]));
        assert_true(errno == ELOOP || errno == ENOTDIR);
        assert_null(files_map(files, names[i], 4096));
        assert_false(files_read(files, names[i], (char[4]){0}, &size));
    }
    assert_false(files_write(files, "leads/name", "here", 4, false));
    assert_false(files_make(files, "leads/directory"));
    assert_false(files_rename(files, "link", "leads/name"));
    assert_int_equal(rmdir(elsewhere), 0);                     /* nothing has come into it */
    assert_true(files_write(files, "link", "here", 4, false)); /* in its place */
    read_back("link", "here");
    assert_true(files_remove(files, "link") && files_remove(files, "leads"));
}

static void said(const char *directory, const char *what)
{
    struct error err = {.text = "nothing"};

    if (files_own(files, directory, &err)) fail_msg("nothing is said of: %s", what);
    assert_int_equal(err.kind, ERROR_BROKEN);
    assert_string_equal(err.code, "home");
    if (strstr(err.text, what) == NULL) fail_msg("'%s' without '%s'", err.text, what);
}

static void what_is_ours_is_not_others_to_write(void **unused)
{
    char path[128], other[128];
    struct error err;

    (void)unused;
    assert_true(files_own(files, "one", &err) && files_own(files, "one", &err));
    assert_true(files_make(files, "one/two") && files_write(files, "one/two/name", "x", 1, false));
    assert_true(files_own(files, "one", &err));
    at("one/two/name", path);
    assert_int_equal(chmod(path, 0620), 0);
    said("one", "one/two/name may be written by others (mode 0620): chmod go-w it.");
    assert_int_equal(chmod(path, 0600), 0);
    at("one/two", other);
    assert_int_equal(chmod(other, 0707), 0);
    said("one", "one/two may be written by others (mode 0707): chmod go-w it.");
    assert_int_equal(chmod(other, 0755), 0);
    assert_true(files_own(files, "one", &err));
    at("one/two/link", other);
    assert_int_equal(symlink(path, other), 0);
    said("one", "one/two/link is a link, and none is followed");
    assert_int_equal(unlink(other), 0);
    assert_true(files_remove(files, "one/two/name") && files_remove(files, "one/two") &&
                files_remove(files, "one"));
}

static void anothers_is_not_ours(void **unused)
{
    char path[128];
    struct error err;
    size_t size = 1;

    (void)unused;
    if (geteuid() != 0) skip(); /* only root gives away */
    assert_true(files_own(files, "one", &err) && files_write(files, "one/name", "x", 1, false));
    at("one/name", path);
    assert_int_equal(chown(path, 12345, 12345), 0);
    said("one",
         "one/name belongs to user 12345, and this runs as 0: run it as 12345, or chown 0 it.");
    assert_null(file_open(files, "one/name"));
    assert_int_equal(errno, EPERM);
    assert_false(files_read(files, "one/name", (char[1]){0}, &size));
    at("one", path);
    assert_int_equal(chown(path, 12345, 12345), 0);
    said("one", "one belongs to user 12345");
    assert_true(files_remove(files, "one/name") && files_remove(files, "one"));
}

/* Root's, of a group, and nobody takes away another's. */
static void several_may_share_one(void **unused)
{
    static const mode_t not_shared[] = {0770, 01777, 01773};
    char path[128], other[128];
    struct error err;
    unsigned mode;

    (void)unused;
    if (geteuid() != 0) skip();
    assert_true(files_own(files, "one", &err) && files_write(files, "one/name", "x", 1, false));
    at("one", path);
    at("one/name", other);
    assert_int_equal(chown(other, 12345, 12345), 0);
    assert_int_equal(chmod(path, 01770), 0);
    assert_true(files_own(files, "one", &err));
    assert_false(files_is_exposed(files, "one", &mode));
    assert_null(file_open(files, "one/name")); /* it is there, and not to be believed */
    for (size_t i = 0; i < sizeof not_shared / sizeof not_shared[0]; i++) {
        assert_int_equal(chmod(path, not_shared[i]), 0);
        said("one", "one may be written by others");
        assert_true(files_is_exposed(files, "one", &mode));
    }
    assert_int_equal(chown(path, 12345, 12345), 0);
    assert_int_equal(chmod(path, 01770), 0);
    said("one", "one belongs to user 12345");
    assert_true(files_remove(files, "one/name") && files_remove(files, "one"));
}

static void refused_home(const char *root, const char *what)
{
    struct error err = {.text = "nothing"};

    assert_null(files_open(root, &err));
    if (strstr(err.text, what) == NULL) fail_msg("'%s' without '%s'", err.text, what);
}

static void a_home_is_our_own(void **unused)
{
    char path[128], link[128];
    struct error err;
    struct files *again;

    (void)unused;
    snprintf(path, sizeof path, "%s/other", home);
    snprintf(link, sizeof link, "%s/link", home);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(symlink(path, link), 0);
    refused_home(link, "/link is a link");
    strcat(link, "/");
    refused_home(link, "/link is a link");
    assert_int_equal(chmod(path, 0775), 0);
    refused_home(path, "/other may be written by others (mode 0775): chmod go-w it.");
    assert_int_equal(chmod(path, 0755), 0);
    assert_non_null(again = files_open(path, &err));
    files_close(again);
    if (geteuid() == 0) {
        assert_int_equal(chown(path, 12345, 12345), 0);
        refused_home(path, "/other belongs to user 12345");
    }
    link[strlen(link) - 1] = '\0';
    assert_int_equal(unlink(link), 0);
    assert_int_equal(rmdir(path), 0);
}

static int set_up(void **unused)
{
    char root[64];
    struct error err;

    (void)unused;
    if (mkdtemp(home) == NULL) return 1;
    snprintf(root, sizeof root, "%s/root", home);
    files = files_open(root, &err);
    return files == NULL || files_open("/nowhere/at/all", &err) != NULL;
}

static int tear_down(void **unused)
{
    char root[64];

    (void)unused;
    files_close(files);
    snprintf(root, sizeof root, "%s/root", home);
    return rmdir(root) != 0 || rmdir(home) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_there_as_a_whole),
        cmocka_unit_test(what_cannot_be_written_leaves_what_was_there),
        cmocka_unit_test(it_is_the_same_place_wherever_the_process_goes),
        cmocka_unit_test(a_directory_is_locked_once),
        cmocka_unit_test(one_is_read_and_written_in_places),
        cmocka_unit_test(a_map_is_there_for_the_next),
        cmocka_unit_test(there_is_room),
        cmocka_unit_test(no_link_is_followed),
        cmocka_unit_test(what_is_ours_is_not_others_to_write),
        cmocka_unit_test(anothers_is_not_ours),
        cmocka_unit_test(several_may_share_one),
        cmocka_unit_test(a_home_is_our_own),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
