/* Which start of the machine this is. A seam, as clock.h. Any thread may call. */
#pragma once

#include <stdint.h>

/* Milliseconds since the machine was started, also while it slept. */
int64_t boot_ms(void);

/* 36 letters of Linux's boot_id, or none where the system does not say. */
enum { BOOT_ID_SIZE = 64 };
void boot_id(char id[BOOT_ID_SIZE]);
