#include "files/people/login_limits.hpp"

#include <algorithm>
#include <cmath>

namespace disgrafs::files {

namespace {

double seconds(Duration time) { return static_cast<double>(time.count()) * 1e-6; }

}  // namespace

Result<void> LoginLimits::take(std::string const& name, std::string const& address, Duration now) {
    auto& by_name = bucket(names_, name, name_per_second, now);
    auto& by_address = bucket(addresses_, address, address_per_second, now);
    auto const wait = std::max(
        (by_name.taken + 1 - name_burst) / name_per_second,
        (by_address.taken + 1 - address_burst) / address_per_second
    );
    if (wait > 0) {
        auto const whole = static_cast<int>(std::ceil(wait));
        return fail(Errc::exhausted, "too many attempts to sign in: wait {} s", whole);
    }
    by_name.taken += 1;
    by_address.taken += 1;
    return {};
}

void LoginLimits::give_back(std::string const& name, std::string const& address) {
    // The name is proved to be its owner's; the address gets back this one attempt.
    names_.erase(name);
    auto const found = addresses_.find(address);
    if (found != addresses_.end()) found->second.taken = std::max(0.0, found->second.taken - 1);
}

LoginLimits::Bucket& LoginLimits::bucket(
    Table& table, std::string const& key, double per_second, Duration now
) {
    auto const refilled = [&](Bucket const& each) {
        return std::max(0.0, each.taken - seconds(now - each.since) * per_second);
    };
    if (table.size() >= table_max && !table.contains(key)) {
        std::erase_if(table, [&](auto const& each) { return refilled(each.second) == 0; });
        if (table.size() >= table_max) {
            auto const least = std::ranges::min_element(table, {}, [&](auto const& each) {
                return refilled(each.second);
            });
            table.erase(least);
        }
    }
    auto& found = table.try_emplace(key, Bucket{0, now}).first->second;
    found.taken = refilled(found);
    found.since = now;
    return found;
}

}  // namespace disgrafs::files
