#pragma once

/// \file wire/certificate.hpp  A certificate that the cluster makes for itself, and where it is
/// kept.
///
/// EC P-256, signed by itself, ten years, for the names and addresses given. It protects the way
/// and is trusted by who has seen its fingerprint; a browser warns until it is told. A certificate
/// of an authority is used the same way: put its files in place of ours.

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/task.hpp"

namespace disgrafs::wire {

struct Certificate {
    std::string chain_pem;  ///< The certificate, and those between it and its authority.
    std::string key_pem;    ///< Private.
};

/// `names`: "localhost", "127.0.0.1", "::1", "nas.example.org". Errors: invalid (a name with odd
/// characters, or none), io (OpenSSL).
Result<Certificate> make_certificate(std::vector<std::string> const& names, Timestamp now);

/// Names that a certificate cannot carry ("my host") are left out. `tls-certificate.pem` and
/// `tls-key.pem` (0600) of `disk`, made when there is no certificate. Errors: those of
/// make_certificate and Disk; invalid (a certificate without its key).
Task<Certificate> keep_certificate(Disk& disk, Clock& clock, std::vector<std::string> names);

/// SHA-256 of the first certificate, 64 hex digits. Errors: invalid (no certificate).
Result<std::string> fingerprint_of(std::string const& chain_pem);

}  // namespace disgrafs::wire
