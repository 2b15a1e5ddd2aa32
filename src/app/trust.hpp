#pragma once

/// \file app/trust.hpp  Whom a program believes when it calls an https address.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wire/tls.hpp"

namespace disgrafs::app {

/// For `url`: nothing when it is plain http; with a `fingerprint` (64 hexadecimal digits, as
/// `disgrafs up` prints it) exactly that certificate; else what the machine's authorities signed.
/// Errors: invalid (no fingerprint).
Result<std::shared_ptr<wire::TlsContext const>> trust_for(
    std::string_view url, std::string const& fingerprint
);

}  // namespace disgrafs::app
