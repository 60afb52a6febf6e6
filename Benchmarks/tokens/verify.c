// The bare time of a signature check: EVP_PKEY_verify over a digest, everything set up before.
//   verify rsa|ec SECONDS      prints microseconds of CPU time for one
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COUNT = 64 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(int isGood) {
    if (!isGood) {
        fputs("verify: OpenSSL refuses\n", stderr);
        exit(1);
    }
}

int main(int count, char **words) {
    if (count != 3) return 2;
    int isRSA = strcmp(words[1], "rsa") == 0;
    EVP_PKEY *key = isRSA ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    EVP_PKEY_CTX *sign = EVP_PKEY_CTX_new(key, NULL), *verify = EVP_PKEY_CTX_new(key, NULL);
    check(EVP_PKEY_sign_init(sign) == 1 && EVP_PKEY_verify_init(verify) == 1);
    check(EVP_PKEY_CTX_set_signature_md(sign, EVP_sha256()) == 1);
    check(EVP_PKEY_CTX_set_signature_md(verify, EVP_sha256()) == 1);
    static unsigned char digest[COUNT][32], signature[COUNT][512];
    size_t length[COUNT];
    for (int i = 0; i < COUNT; i++) {
        memset(digest[i], i, 32);
        length[i] = sizeof signature[i];
        check(EVP_PKEY_sign(sign, signature[i], &length[i], digest[i], 32) == 1);
    }
    double begin = now(), end = begin + atof(words[2]);
    long done = 0;
    while (now() < end)
        for (int i = 0; i < COUNT; i++, done++)
            check(EVP_PKEY_verify(verify, signature[i], length[i], digest[i], 32) == 1);
    printf("%.3f\n", (now() - begin) * 1e6 / done);
    return 0;
}
