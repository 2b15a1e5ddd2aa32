#pragma once

/// \file files/people/login_limits.hpp  How often one may try to sign in.
///
/// A bucket for each name and one for each address: a failure puts a drop into both, time lets them
/// run out, and who brings the right password empties that of its name. An overfull bucket refuses
/// all attempts. Those under way are not counted, but few (files/people/passwords.hpp), and each
/// that fails counts: so bursts are paid for later. In RAM: a restart forgets. The tables are
/// bounded; a full one drops what has run out, then what is least full.

#include <string>
#include <unordered_map>

#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs::files {

class LoginLimits {
 public:
    /// Errors: exhausted, with the seconds to wait.
    Result<void> check(std::string const& name, std::string const& address, Duration now);
    void note_failure(std::string const& name, std::string const& address, Duration now);
    void note_success(std::string const& name);

    [[nodiscard]] std::size_t size() const { return names_.size() + addresses_.size(); }

    static constexpr double name_burst = 10;
    static constexpr double address_burst = 30;
    static constexpr double name_per_second = 1.0 / 6;
    static constexpr double address_per_second = 1.0 / 2;
    static constexpr std::size_t table_max = 10'000;

 private:
    struct Bucket {
        double drops = 0;
        Duration since{};
    };
    using Table = std::unordered_map<std::string, Bucket>;

    static Bucket& bucket(Table& table, std::string const& key, double per_second, Duration now);

    Table names_;
    Table addresses_;
};

}  // namespace disgrafs::files
