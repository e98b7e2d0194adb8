/* The one way out for what cannot go on. A seam: here the process ends; a simulator, which links another, ends the node
 * whose turn it is and goes on with the others.
 */
#pragma once

enum ending {
    ENDING_BUG,    /* abort(3): what was decided just then may be the cause */
    ENDING_FAILED, /* exit code 1, at once: what is true now, only a new start can tell */
};

/* Any thread, and a signal handler: what is open stays as it is. */
_Noreturn void ending(enum ending how);
