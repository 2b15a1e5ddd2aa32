#pragma once

/// \file wire/openssl.hpp  Owners of what OpenSSL gives out, and its errors as ours. Inside wire/.

#include <memory>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace disgrafs::wire {

template <auto free>
struct OpensslFree {
    template <typename Thing>
    void operator()(Thing* thing) const {
        free(thing);
    }
};
template <typename Thing, auto free>
using Openssl = std::unique_ptr<Thing, OpensslFree<free>>;

using OpensslKey = Openssl<EVP_PKEY, EVP_PKEY_free>;
using OpensslX509 = Openssl<X509, X509_free>;
using OpensslBio = Openssl<BIO, BIO_free>;
using OpensslExtension = Openssl<X509_EXTENSION, X509_EXTENSION_free>;

/// The reason that OpenSSL noted last, and forgets now.
inline std::string openssl_reason() {
    auto const* const reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason == nullptr ? "unknown" : reason;
}

/// A memory BIO that reads `text`, which outlives it.
inline OpensslBio bio_of(std::string const& text) {
    return OpensslBio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace disgrafs::wire
