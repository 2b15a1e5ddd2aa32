#include "wire/tls.hpp"

#include <utility>

#include <openssl/pem.h>

#include "base/assert.hpp"
#include "wire/tls_context.hpp"

namespace disgrafs::wire {

TlsContext::TlsContext() : state_(std::make_unique<State>()) {}
TlsContext::~TlsContext() = default;

namespace {

Result<void> use_certificate(SSL_CTX& context, Certificate const& certificate) {
    auto const chain = bio_of(certificate.chain_pem);
    OpensslX509 const first(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
    if (!first || SSL_CTX_use_certificate(&context, first.get()) != 1) {
        return fail(Errc::invalid, "TLS certificate: {}", openssl_reason());
    }
    while (auto* const next = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)) {
        SSL_CTX_add0_chain_cert(&context, next);
    }
    ERR_clear_error();  // the end of the file
    auto const text = bio_of(certificate.key_pem);
    OpensslKey const key(PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr));
    if (!key || SSL_CTX_use_PrivateKey(&context, key.get()) != 1 ||
        SSL_CTX_check_private_key(&context) != 1) {
        return fail(Errc::invalid, "TLS key: {}", openssl_reason());
    }
    return {};
}

Result<void> trust_authorities(SSL_CTX& context, std::string const& pem) {
    auto* const store = SSL_CTX_get_cert_store(&context);
    auto const text = bio_of(pem);
    int count = 0;
    while (true) {
        OpensslX509 const authority(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
        if (!authority) break;
        X509_STORE_add_cert(store, authority.get());
        ++count;
    }
    ERR_clear_error();
    if (count == 0) return fail(Errc::invalid, "TLS authorities: no certificate in the PEM text");
    return {};
}

Openssl<SSL_CTX, SSL_CTX_free> new_context(SSL_METHOD const* method) {
    Openssl<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(method));
    DISGRAFS_ASSERT(context, "OpenSSL has no memory");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    return context;
}

}  // namespace

Result<std::shared_ptr<TlsContext const>> TlsContext::for_server(Certificate const& certificate) {
    std::shared_ptr<TlsContext> made(new TlsContext);
    made->state_->context = new_context(TLS_server_method());
    made->state_->is_server = true;
    TRY_OK(use_certificate(*made->state_->context, certificate));
    return made;
}

Result<std::shared_ptr<TlsContext const>> TlsContext::for_client(TlsTrust trust) {
    std::shared_ptr<TlsContext> made(new TlsContext);
    made->state_->context = new_context(TLS_client_method());
    auto& context = *made->state_->context;
    constexpr std::size_t fingerprint_digits = 64;
    if (!trust.fingerprint.empty()) {
        auto const digest = from_hex(trust.fingerprint);
        if (!digest || trust.fingerprint.size() != fingerprint_digits) {
            return fail(Errc::invalid, "a TLS fingerprint has 64 hexadecimal digits");
        }
        made->state_->fingerprint = to_hex(*digest);
        return made;
    }
    // The verdict is read after the handshake, so that a refusal can name the fingerprint.
    if (trust.authorities_pem.empty()) {
        SSL_CTX_set_default_verify_paths(&context);
    } else {
        TRY_OK(trust_authorities(context, trust.authorities_pem));
    }
    return made;
}

}  // namespace disgrafs::wire
