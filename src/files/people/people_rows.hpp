#pragma once

/// \file files/people/people_rows.hpp  What is kept of people outside the graph
/// (docs/formats/keys.md).
///
///     L p user         → Argon2id hash, epoch, whether it is the administrator's first password
///     L s SHA-256      → session: user, epoch, created, expires. The key is the token's SHA-256.
///
/// A session counts while its epoch is the password's: a new password ends all others at once.

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "files/people/passwords.hpp"

namespace disgrafs::files {

using TokenHash = std::array<std::byte, 32>;

struct PasswordRow {
    PasswordHash hash;
    std::uint64_t epoch = 0;
    bool is_first = false;
};

struct SessionRow {
    NodeId user;
    std::uint64_t epoch = 0;
    Timestamp created;
    Timestamp expires;
};

inline constexpr std::string_view password_prefix = "Lp";
inline constexpr std::string_view session_prefix = "Ls";

std::string password_key(NodeId user);
std::string session_key(TokenHash const& token);
/// Errors: corrupt.
Result<NodeId> parse_password_key(std::string_view key);
Result<TokenHash> parse_session_key(std::string_view key);

Bytes encode(PasswordRow const& row);
Bytes encode(SessionRow const& row);
/// Errors: corrupt.
Result<PasswordRow> decode_password(ByteView bytes);
Result<SessionRow> decode_session(ByteView bytes);

TokenHash hash_of(std::string_view token);

}  // namespace disgrafs::files
