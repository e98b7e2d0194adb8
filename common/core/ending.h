/* The one way out for what cannot go on. A seam: here the process ends; a simulator, which links another, ends the node
 * whose turn it is and goes on with the others.
 */
#pragma once

/* What was wrong, said once before the end: by whom the log says, until then on standard error as it is. What
 * goes wrong in saying it goes to standard error, too. */
typedef void ending_teller(const char *text);
void ending_told_by(ending_teller *teller);
void ending_tell(const char *text);

enum ending {
    ENDING_BUG,    /* abort(3): what was decided just then may be the cause */
    ENDING_FAILED, /* exit code 1, at once: what is true now, only a new start can tell */
};

/* Any thread, and a signal handler: what is open stays as it is. */
_Noreturn void ending(enum ending how);
