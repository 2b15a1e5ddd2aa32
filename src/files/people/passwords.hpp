#pragma once

/// \file files/people/passwords.hpp  Passwords as Argon2id hashes (RFC 9106, by libsodium).
///
/// One hash takes 64 MiB and about 100 ms of a core: at most four run at once, on the cpu pool, and
/// a limited number waits.

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "io/pool.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "io/wake.hpp"

namespace disgrafs::files {

inline constexpr std::size_t password_bytes_min = 8;
inline constexpr std::size_t password_bytes_max = 1024;

struct PasswordHash {
    std::uint64_t passes = 0;
    std::uint64_t memory_bytes = 0;
    std::array<std::byte, 16> salt{};
    std::array<std::byte, 32> hash{};
};

/// Errors: invalid (too short, too long, not UTF-8).
Result<void> check_password(std::string_view password);

class Passwords {
 public:
    Passwords(Pool& cpu, Random& random, boost::asio::any_io_executor executor);

    /// Errors: exhausted (too many wait), io (no memory).
    Task<PasswordHash> hash(std::string password);
    /// A hash of no known password; to compare with it takes as long as with any other.
    PasswordHash unknown();
    /// True when it is the password of this hash. Takes the same time either way.
    Task<bool> is_right(std::string password, PasswordHash hash);

 private:
    PasswordHash new_form();  ///< With a salt, without the hash.
    Task<PasswordHash> derive(std::string password, PasswordHash form);

    Pool& cpu_;
    Random& random_;
    Semaphore at_once_;
};

}  // namespace disgrafs::files
