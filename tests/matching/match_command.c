/* `fadder match` in a directory of its own: its files, and what it prints and says. */
#include "test.h"

#include "match_command.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "operator/command.h"

static char folder[] = "/tmp/fadder-match-XXXXXX";
static char said[1 << 16], printed[1 << 16], got[1 << 16];

void match_put(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void get(const char *name, char *text, size_t size)
{
    FILE *file = fopen(name, "rb");
    size_t used = 0;

    if (file != NULL) {
        used = fread(text, 1, size - 1, file);
        fclose(file);
    }
    text[used] = '\0';
}

const char *match_get(const char *name)
{
    get(name, got, sizeof got);
    return got;
}

int match_run(const char *const *arguments)
{
    char *argv[24] = {(char *)(uintptr_t) "match"};
    int argc = 1, out, err, code;

    for (; arguments[argc - 1] != NULL; argc++)
        argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
    fflush(stdout);
    fflush(stderr);
    out = dup(1);
    err = dup(2);
    assert_non_null(freopen("stdout", "wb", stdout));
    assert_non_null(freopen("stderr", "wb", stderr));
    code = command_match(argc, argv);
    fflush(stdout);
    fflush(stderr);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    get("stdout", printed, sizeof printed);
    get("stderr", said, sizeof said);
    return code;
}

const char *match_printed(void)
{
    return printed;
}

const char *match_said(void)
{
    return said;
}

void assert_said(const char *sentence)
{
    if (strstr(said, sentence) == NULL) fail_msg("not said: %s\nbut: %s", sentence, said);
}

void assert_in(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) fail_msg("not there: %s\nin: %s", part, text);
}

int match_enter(void **unused)
{
    (void)unused;
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

int match_leave(void **unused)
{
    DIR *entries = opendir(".");

    (void)unused;
    for (struct dirent *one; entries != NULL && (one = readdir(entries)) != NULL;)
        if (one->d_name[0] != '.') unlink(one->d_name);
    closedir(entries);
    return chdir("/") != 0 || rmdir(folder) != 0;
}
