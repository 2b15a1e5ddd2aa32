#pragma once

/// \file app/client/credentials.hpp  Which server, and who we are there.
///
/// $DISGRAFS_URL, $DISGRAFS_TOKEN and $DISGRAFS_FINGERPRINT win; else what `disgrafs login` kept in
/// $XDG_CONFIG_HOME/disgrafs/login.json or ~/.config/disgrafs/login.json (0600).

#include <string>

#include "base/result.hpp"

namespace disgrafs::app {

struct Credentials {
    std::string url;          ///< "http://127.0.0.1:8080", no slash at the end.
    std::string fingerprint;  ///< Of an https server whose certificate nobody signed; or empty.
    std::string token;
    std::string user;
};

/// Errors: not_found (nobody logged in: says how), io, corrupt.
Result<Credentials> load_credentials();
Result<void> save_credentials(Credentials const& credentials);
/// "host:port/" → "http://host:port". Errors: invalid.
Result<std::string> tidy_url(std::string url);

}  // namespace disgrafs::app
