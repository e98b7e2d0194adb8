/* A service that is open: its directory locked, its journal, state and keys at hand, nothing running. What runs it
 * are the steps of threads.h, by however many threads.
 */
#pragma once

#include <stdbool.h>

#include "vault/vault.h"

struct error;
struct files;
struct running;
struct service;

/* files: where it has its own (FADDER_HOME); they outlive it. growth: of its keys. Lives until node_close. */
struct running *node_create(const struct service *service, struct files *files,
                            enum vault_growth growth);
/* ERROR_BUSY `running`: another has it open. */
bool node_open(struct running *running, struct error *err);
/* Also one that could not be opened. is_clean: it has ended as it should, so that its state may be believed. */
void node_close(struct running *running, bool is_clean);
