/* Files: a directory that is one node's own, and what lies in it by relative names ("registry/state.mark"). A seam, as
 * clock.h: what stands behind it may be another.
 *
 * What is made is for its owner alone (0600, 0700). No link is followed, neither in place of a directory nor of a file, and
 * what is opened is a plain file of our own or root's: else errno is ELOOP, ENOTDIR or EPERM. False leaves the reason in errno
 * unless there is an err. Any thread may call; one at a time changes what has one name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct file;
struct files;

enum { FILES_PATH_MAX = 256 };

/* Made where it is not there, but not what it lies in. It has to be our own or root's, and others may not write to it. */
struct files *files_open(const char *root, struct error *err);
void files_close(struct files *files);

/* The process goes there, for those who open by names of their own. */
bool files_go(const struct files *files);

/* A path to a name in it, for those who open by path (ZeroMQ, LMDB): short, however deep it lies, and good as long as
 * the files are open, wherever the process or the directory goes. */
void files_path(const struct files *files, const char *name, char path[FILES_PATH_MAX]);

/* Directories. */
bool files_make(struct files *files, const char *directory);
/* Made where it is not there. It and all that is in it are our own or root's, none is a link, others may write to none:
 * else ERROR_BROKEN "home" names the first that is not so, and what makes it right. In one that several share, for a
 * group (root's, with the sticky bit, so that nobody takes away another's), what belongs to others is theirs. */
bool files_own(struct files *files, const char *directory, struct error *err);
/* The lock on one, until it is given back; what: who is running already when ERROR_BUSY `running` says so. */
bool files_lock(struct files *files, const char *directory, const char *what, int *lock,
                struct error *err);
bool files_is_locked(struct files *files, const char *directory);
void files_unlock(int lock);
/* What is in a directory, by name, until visit returns false. */
typedef bool files_visit(void *cookie, const char *name);
void files_each(struct files *files, const char *directory, files_visit *visit, void *cookie);
/* When what is in a directory last changed, by the file system's clock; 0: it is not there. */
int64_t files_changed_ns(struct files *files, const char *directory);
/* What a name lies in is not lost: that the name is there, or is there no more. */
bool files_flush_around(struct files *files, const char *name);
/* Bytes that are free where it all lies. */
bool files_room(struct files *files, uint64_t *bytes);
/* Less than so many times what has to stay free (FADDER_DISK_MIN): somebody is told, in time. */
enum { FILES_LITTLE_ROOM = 4 };

/* Whole files. files_read: false when it is not there; *size is the room, then what was read. files_write: it is there
 * as a whole or not at all, whatever happens; with is_kept also after the power goes. */
bool files_is_there(struct files *files, const char *name);
bool files_read(struct files *files, const char *name, void *to, size_t *size);
bool files_write(struct files *files, const char *name, const void *bytes, size_t size,
                 bool is_kept);
/* When it was written last, in ms since 1970. */
bool files_written_ms(struct files *files, const char *name, int64_t *ms);
/* As files_write with is_kept, for everybody to read (0644), in a directory that everybody may look through. */
bool files_publish(struct files *files, const char *name, const void *bytes, size_t size);
bool files_make_public(struct files *files, const char *directory);
/* As files_read, of what anybody has published who may write in that directory: whose it is does not matter, only that nobody
 * else can write to it. */
bool files_read_published(struct files *files, const char *name, void *to, size_t *size);
/* A secret of ours. Made whole or not at all, and only where the name is free: of two who make one at the same time one
 * has made it (errno EEXIST for the other). Read only if it is a plain file that is ours and closed to others, and no
 * link leads there: ERROR_NOT_FOUND, or ERROR_BROKEN `exposed` with what would be right. */
bool files_make_secret(struct files *files, const char *name, const void *bytes, size_t size);
bool files_read_secret(struct files *files, const char *name, void *to, size_t *size,
                       struct error *err);
bool files_rename(struct files *files, const char *from, const char *to);
/* A file, or an empty directory; none is fine. */
bool files_remove(struct files *files, const char *name);
/* Bytes that outlive the process, shared with the kernel. NULL: the reason is in errno. Until files_unmap. */
void *files_map(struct files *files, const char *name, size_t size);
void files_unmap(void *at, size_t size);

/* One that is read and written in places; NULL: it is not there, or the reason is in errno. Until file_close. */
struct file *file_open(struct files *files, const char *name);
void file_close(struct file *file);
bool file_size(const struct file *file, uint64_t *bytes);
/* Whether others than the owner may look at it, or at a directory (files_is_exposed), unless several share that (see
 * files_own): there each file has its owner. *mode is its mode. */
bool file_is_exposed(const struct file *file, unsigned *mode);
bool files_is_exposed(struct files *files, const char *directory, unsigned *mode);
/* Short only where the file ends; -1: the reason is in errno. */
int64_t file_read(const struct file *file, uint64_t at, void *bytes, size_t size);
bool file_write(const struct file *file, uint64_t at, const void *bytes, size_t size);
/* What is behind so many bytes is gone. */
bool file_cut(const struct file *file, uint64_t size);
bool file_flush(const struct file *file);
