/* Checking a service: its journal's chain, and that its state is the fold of it. In a process of
 * its own, with one thread. */
#pragma once

#include <stdio.h>

struct files;
struct service;

/* files: FADDER_HOME. 0: all holds, said on told (NULL: nowhere). 1: the first difference, on stderr. 2: it could not
 * be checked. */
int verify_run(const struct service *service, struct files *files, FILE *told);
