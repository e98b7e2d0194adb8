/* The operator's subcommands, each in a file of its own. They get the arguments from their own name
 * on (argv[0] is "add" of `fadder partner add`) and return the exit code: 0 done, 1 did not go, 2
 * not understood. What is an answer goes to standard output, all else to standard error. */
#pragma once

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

int command_up(int argc, char **argv);
int command_begin(int argc, char **argv);
int command_down(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_status(int argc, char **argv);
int command_settings(int argc, char **argv);
int command_programme_add(int argc, char **argv);
int command_programme_show(int argc, char **argv);
int command_partner_add(int argc, char **argv);
int command_partner_log(int argc, char **argv);
int command_token_add(int argc, char **argv);
int command_endpoint_add(int argc, char **argv);
int command_delivery_show(int argc, char **argv);
int command_delivery_retry(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_say(int argc, char **argv);
int command_load(int argc, char **argv);
int command_export(int argc, char **argv);
int command_erasure_proof(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_keys_backup(int argc, char **argv);
int command_keys_restore(int argc, char **argv);
int command_keys_rotate(int argc, char **argv);
int command_follow(int argc, char **argv);
int command_resume(int argc, char **argv);
int command_clock_confirm(int argc, char **argv);
int command_peers(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_quarantine_show(int argc, char **argv);
int command_quarantine_replay(int argc, char **argv);
int command_match(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_fairness(int argc, char **argv);
