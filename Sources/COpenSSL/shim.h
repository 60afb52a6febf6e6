#ifndef POSTERN_COPENSSL_H
#define POSTERN_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <openssl/x509_vfy.h>

// OpenSSL offers these only as macros, which Swift cannot import.
static inline long postern_SSL_CTX_set_min_proto_version(SSL_CTX *c, int v) { return SSL_CTX_set_min_proto_version(c, v); }
static inline long postern_SSL_CTX_set_mode(SSL_CTX *c, long m) { return SSL_CTX_set_mode(c, m); }
static inline void postern_SSL_CTX_set_read_ahead(SSL_CTX *c, int on) { SSL_CTX_set_read_ahead(c, on); }
static inline long postern_SSL_CTX_set_session_cache_mode(SSL_CTX *c, long m) { return SSL_CTX_set_session_cache_mode(c, m); }
static inline long postern_SSL_CTX_set1_groups_list(SSL_CTX *c, const char *l) { return SSL_CTX_set1_groups_list(c, l); }
static inline long postern_SSL_set_tlsext_host_name(SSL *s, const char *n) { return SSL_set_tlsext_host_name(s, n); }
static inline long postern_SSL_CTX_set_servername_callback(SSL_CTX *c, int (*f)(SSL *, int *, void *)) {
    return SSL_CTX_set_tlsext_servername_callback(c, f);
}
static inline long postern_SSL_CTX_set_servername_arg(SSL_CTX *c, void *a) { return SSL_CTX_set_tlsext_servername_arg(c, a); }
static inline int postern_EVP_PKEY_CTX_set_rsa_padding(EVP_PKEY_CTX *c, int p) { return EVP_PKEY_CTX_set_rsa_padding(c, p); }
static inline int postern_EVP_PKEY_CTX_set_rsa_pss_saltlen(EVP_PKEY_CTX *c, int l) { return EVP_PKEY_CTX_set_rsa_pss_saltlen(c, l); }
static inline long postern_BIO_get_mem_data(BIO *b, char **p) { return BIO_get_mem_data(b, p); }
static inline EVP_PKEY *postern_EVP_RSA_gen(unsigned int bits) { return EVP_RSA_gen(bits); }
static inline EVP_PKEY *postern_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }

// The SSL_OP_ bits are made by a function-like macro.
static inline uint64_t postern_SSL_OP_server(void) {
    return SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
        | SSL_OP_PRIORITIZE_CHACHA;
}
static inline uint64_t postern_SSL_OP_no_ticket(void) { return SSL_OP_NO_TICKET; }
static inline int postern_SSL_CTX_new_ex_index(CRYPTO_EX_free *release) {
    return SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, release);
}

#endif
