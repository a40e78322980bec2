/* Reads 1,000,000 rows of 11 columns (about 1.1 kB) through libpq, as the yardstick for the
 * Swift program beside it. Same statement, single-row mode, binary results; every value is turned
 * into what a C program would keep: numbers converted, texts copied to the heap.
 *
 *   cc -O2 -I/usr/include/postgresql stream.c -lpq -o stream && ./stream URL
 */
#include <endian.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static uint64_t sum;

static int64_t int8(PGresult *r, int c) {
    uint64_t v;
    memcpy(&v, PQgetvalue(r, 0, c), 8);
    return (int64_t)be64toh(v);
}

static int32_t int4(PGresult *r, int c) {
    uint32_t v;
    memcpy(&v, PQgetvalue(r, 0, c), 4);
    return (int32_t)be32toh(v);
}

static void text(PGresult *r, int c) {
    int n = PQgetlength(r, 0, c);
    char *copy = malloc(n + 1);
    memcpy(copy, PQgetvalue(r, 0, c), n);
    copy[n] = 0;
    sum += (unsigned char)copy[n / 2];
    free(copy);
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    PGconn *conn = PQconnectdb(argv[1]);
    if (PQstatus(conn) != CONNECTION_OK) { fprintf(stderr, "%s", PQerrorMessage(conn)); return 1; }
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    PQclear(PQprepare(conn, "bench", "SELECT * FROM bench", 0, NULL));
    PQsendQueryPrepared(conn, "bench", 0, NULL, NULL, NULL, 1);
    PQsetSingleRowMode(conn);
    PGresult *r;
    long rows = 0;
    while ((r = PQgetResult(conn))) {
        if (PQresultStatus(r) == PGRES_SINGLE_TUPLE) {
            rows++;
            sum += int8(r, 0) + int4(r, 1) + int8(r, 2) + int8(r, 3);
            sum += PQgetvalue(r, 0, 4)[0];
            for (int c = 5; c < 10; c++) text(r, c);
            if (!PQgetisnull(r, 0, 10)) text(r, 10);
        } else if (PQresultStatus(r) != PGRES_TUPLES_OK) {
            fprintf(stderr, "%s", PQresultErrorMessage(r));
            return 1;
        }
        PQclear(r);
    }
    clock_gettime(CLOCK_MONOTONIC, &b);
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    double wall = b.tv_sec - a.tv_sec + (b.tv_nsec - a.tv_nsec) / 1e9;
    double cpu = u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    printf("C      %ld rows  %.0f rows/s  CPU %.2f s  RSS %ld kB  (%lu)\n", rows, rows / wall, cpu,
           u.ru_maxrss, (unsigned long)(sum & 0xff));
    PQfinish(conn);
    return 0;
}
