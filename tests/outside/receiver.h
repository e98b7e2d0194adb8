/* Runs a program of tests/system/receivers beside a test: it prints its port, and ends when its
 * standard input does. */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct receiver {
    pid_t pid;
    int in;
    unsigned port; /* 0: what it needs is not installed here */
};

static inline struct receiver receiver_start(const char *script, const char *where)
{
    struct receiver receiver;
    int in[2], out[2];
    FILE *said;

    if (pipe(in) != 0 || pipe(out) != 0) abort();
    receiver.pid = fork();
    if (receiver.pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execl("/usr/bin/python3", "/usr/bin/python3", script, where, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    receiver.in = in[1];
    said = fdopen(out[0], "r");
    if (said == NULL || fscanf(said, "%u", &receiver.port) != 1) receiver.port = 0;
    fclose(said);
    return receiver;
}

static inline void receiver_stop(struct receiver *receiver)
{
    close(receiver->in);
    waitpid(receiver->pid, NULL, 0);
}

/* A port at which nobody listens, and nobody else can before the test ends. */
static inline unsigned closed_port(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof any;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(fd, (struct sockaddr *)&any, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&any, &size) != 0)
        abort();
    return ntohs(any.sin_port);
}
