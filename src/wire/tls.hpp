#pragma once

/// \file wire/tls.hpp  TLS (1.2 and 1.3) upon a Stream: what comes out is a Stream again.
///
///     CO_TRY(auto const context, TlsContext::for_server(certificate));
///     CO_TRY(auto stream, co_await make_tls_stream(std::move(tcp), context, ""));
///
/// OpenSSL works on memory; the bytes go by the Stream, so TLS runs in simulation too. A peer that
/// ends without saying so (close_notify) is an error, not an end: what it sent may be cut short.

#include <memory>
#include <string>

#include "io/network.hpp"
#include "io/task.hpp"
#include "wire/certificate.hpp"

namespace disgrafs::wire {

/// Whom a client believes. All empty: the authorities that the machine trusts, and the name.
struct TlsTrust {
    std::string authorities_pem;  ///< Only these, and the name.
    std::string fingerprint;      ///< Exactly this certificate (fingerprint_of), by whatever name.
};

class TlsContext {
 public:
    ~TlsContext();
    TlsContext(TlsContext const&) = delete;
    TlsContext& operator=(TlsContext const&) = delete;

    /// Errors: invalid (not PEM, or the key is another's).
    static Result<std::shared_ptr<TlsContext const>> for_server(Certificate const& certificate);
    /// Errors: invalid (not PEM, no fingerprint).
    static Result<std::shared_ptr<TlsContext const>> for_client(TlsTrust trust);

 private:
    friend class TlsCore;
    TlsContext();
    struct State;
    std::unique_ptr<State> state_;
};

/// Shake hands over `inner`. `server_name` (client only) is the host that was asked for.
/// Errors: denied (the certificate is not trusted), unavailable (no TLS, or it broke), cancelled.
Task<std::unique_ptr<Stream>> make_tls_stream(
    std::unique_ptr<Stream> inner,
    std::shared_ptr<TlsContext const> context,
    std::string server_name
);

/// Made by make_tls_stream.
bool is_tls(Stream const& stream);

}  // namespace disgrafs::wire
