#pragma once

/// \file files/people/login_limits.hpp  How often one may try to sign in.
///
/// A bucket for each name and one for each address: an attempt takes a token from both, success
/// puts them back, time refills them. In RAM: a restart forgets. The tables are bounded; full ones
/// drop what has refilled, then what is fullest.

#include <string>
#include <unordered_map>

#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs::files {

class LoginLimits {
 public:
    /// Errors: exhausted, with the seconds to wait.
    Result<void> take(std::string const& name, std::string const& address, Duration now);
    void give_back(std::string const& name, std::string const& address);

    [[nodiscard]] std::size_t size() const { return names_.size() + addresses_.size(); }

    static constexpr double name_burst = 10;
    static constexpr double address_burst = 30;
    static constexpr double name_per_second = 1.0 / 6;
    static constexpr double address_per_second = 1.0 / 2;
    static constexpr std::size_t table_max = 10'000;

 private:
    struct Bucket {
        double taken = 0;
        Duration since{};
    };
    using Table = std::unordered_map<std::string, Bucket>;

    static Bucket& bucket(Table& table, std::string const& key, double per_second, Duration now);

    Table names_;
    Table addresses_;
};

}  // namespace disgrafs::files
