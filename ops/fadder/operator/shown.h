/* What the program says to people, whoever wrote what it says: nothing in it is obeyed by a terminal, nor turns or hides what
 * stands around it (text_show). */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* From here on stdout and stderr are so. Before anything is written, and before any thread is started. */
void shown_begin(void);

/* JSON on stdout, readable by people and by programs: what a terminal obeys is escaped as JSON has it. */
void shown_json(const char *json, size_t size);

/* A file that is for people to read, fd its descriptor, which it takes over. Until fclose. */
FILE *shown_open(int fd);
