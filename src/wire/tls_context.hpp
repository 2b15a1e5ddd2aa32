#pragma once

/// \file wire/tls_context.hpp  What stands behind a TlsContext. Inside wire/.

#include <string>

#include "wire/openssl.hpp"
#include "wire/tls.hpp"

namespace disgrafs::wire {

struct TlsContext::State {
    Openssl<SSL_CTX, SSL_CTX_free> context;
    bool is_server = false;
    std::string fingerprint;  ///< Of the only certificate that a client believes, or empty.
};

}  // namespace disgrafs::wire
