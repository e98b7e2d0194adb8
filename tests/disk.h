/* A disk that loses what was not flushed: what a program writes to files named data.mdb, LMDB too, goes through
 * here; when the power goes, they are as they were at their last flush. It can also refuse to write.
 *
 * Whoever links disk.c has its pwrite, pwritev, writev and fdatasync, in shared libraries as well. One thread
 * at a time writes.
 */
#pragma once

/* From now on. */
void disk_watch(void);

/* The power goes: afterwards nothing is written in that folder that was not flushed. The files are closed by then. */
void disk_lose_what_was_not_flushed(const char *folder);

/* Every write and flush of a file in that folder fails with EIO from now on; NULL: none does. */
void disk_fail(const char *folder);
/* After so many more. */
void disk_fail_after(const char *folder, unsigned writes);
