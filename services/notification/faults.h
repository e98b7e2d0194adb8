/* What keeps mails from going out, whoever they are for, and is the operator's to mend.
 *
 * Each is said once when it begins and once when it is over, in the log, and is a gauge
 * (fadder_mail_fault) while it lasts, which `fadder status`, `fadder doctor` and /readyz tell of:
 * never once for each mail. It is over when a mail gets past where others failed; what
 * was forgotten when the service ended is found out by the next mail.
 *
 * The worker's thread.
 */
#pragma once

struct client_outcome;
struct faults;

struct faults *faults_create(void);
void faults_destroy(struct faults *faults);

/* There is no server that mails could go to. Until the service ends. */
void faults_no_server(struct faults *faults);

/* What came of a mail that was handed to the client. */
void faults_hear(struct faults *faults, const struct client_outcome *outcome);
