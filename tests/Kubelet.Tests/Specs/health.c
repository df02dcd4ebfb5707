/*
 * The gRPC health service on port 5000, as far as a probe needs it: HTTP/2 in the clear, one call a connection. Asked for "sick" it answers NOT_SERVING,
 * for nothing SERVING, for any other service NOT_FOUND.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DATA = 0, HEADERS = 1, SETTINGS = 4, PING = 6, END_STREAM = 1, ACK = 1, END_HEADERS = 4 };

static int read_all(int fd, unsigned char *to, int count)
{
    for (int got; count > 0; to += got, count -= got)
        if ((got = read(fd, to, count)) <= 0)
            return 0;
    return 1;
}

static void send_frame(int fd, int type, int flags, int stream, const void *payload, int length)
{
    unsigned char frame[256] = {0, length >> 8, length, type, flags, stream >> 24, stream >> 16, stream >> 8, stream};
    memcpy(frame + 9, payload, length);
    if (write(fd, frame, 9 + length) < 0)
        close(fd);
}

/* A header block is made of literals (RFC 7541): 0x88 is ":status: 200", 0x5f the name "content-type", 0x00 a name that follows. */
static void answer(int fd, int stream, const unsigned char *request, int length)
{
    static const char head[] = "\x88\x5f\x10" "application/grpc";
    static const char served[] = "\x00\x0b" "grpc-status" "\x01" "0";
    static const char not_found[] = "\x00\x0b" "grpc-status" "\x01" "5" "\x00\x0c" "grpc-message" "\x0f" "unknown service";
    int is_sick = length > 7 && length - 7 == 4 && !memcmp(request + 7, "sick", 4);
    /* A message: not compressed, two bytes long, field 1 of type number, the status. */
    const unsigned char body[] = {0, 0, 0, 0, 2, 0x08, is_sick ? 2 : 1};

    send_frame(fd, HEADERS, END_HEADERS, stream, head, sizeof head - 1);
    if (length > 5 && !is_sick) {
        send_frame(fd, HEADERS, END_HEADERS | END_STREAM, stream, not_found, sizeof not_found - 1);
        return;
    }
    send_frame(fd, DATA, 0, stream, body, sizeof body);
    send_frame(fd, HEADERS, END_HEADERS | END_STREAM, stream, served, sizeof served - 1);
}

static void serve(int fd)
{
    unsigned char head[9], payload[16384], request[256], preface[24];
    int length = 0;
    send_frame(fd, SETTINGS, 0, 0, "", 0);
    if (!read_all(fd, preface, sizeof preface))
        return;
    while (read_all(fd, head, sizeof head)) {
        int count = head[0] << 16 | head[1] << 8 | head[2], type = head[3], flags = head[4];
        int stream = head[5] << 24 | head[6] << 16 | head[7] << 8 | head[8];
        if (count > (int)sizeof payload || !read_all(fd, payload, count))
            return;
        if ((type == SETTINGS || type == PING) && !(flags & ACK))
            send_frame(fd, type, ACK, 0, payload, type == PING ? count : 0);
        if (type == DATA && length + count <= (int)sizeof request) {
            memcpy(request + length, payload, count);
            length += count;
            if (flags & END_STREAM)
                answer(fd, stream, request, length);
        }
    }
}

int main(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(5000)};
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&any, sizeof any) || listen(listener, 16))
        return 1;
    for (;;) {
        int fd = accept(listener, 0, 0);
        if (fork() == 0) {
            serve(fd);
            exit(0);
        }
        close(fd);
    }
}
