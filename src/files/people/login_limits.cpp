#include "files/people/login_limits.hpp"

#include <algorithm>
#include <cmath>

namespace disgrafs::files {

namespace {

double seconds(Duration time) { return static_cast<double>(time.count()) * 1e-6; }

}  // namespace

Result<void> LoginLimits::check(std::string const& name, std::string const& address, Duration now) {
    auto const& by_name = bucket(names_, name, name_per_second, now);
    auto const& by_address = bucket(addresses_, address, address_per_second, now);
    auto const wait = std::max(
        (by_name.drops + 1 - name_burst) / name_per_second,
        (by_address.drops + 1 - address_burst) / address_per_second
    );
    if (wait <= 0) return {};
    auto const whole = static_cast<std::int64_t>(std::ceil(wait));
    return fail(Errc::exhausted, "too many attempts to sign in: wait {} s", whole);
}

void LoginLimits::note_failure(std::string const& name, std::string const& address, Duration now) {
    bucket(names_, name, name_per_second, now).drops += 1;
    bucket(addresses_, address, address_per_second, now).drops += 1;
}

void LoginLimits::note_success(std::string const& name) { names_.erase(name); }

LoginLimits::Bucket& LoginLimits::bucket(
    Table& table, std::string const& key, double per_second, Duration now
) {
    auto const left = [&](Bucket const& each) {
        return std::max(0.0, each.drops - seconds(now - each.since) * per_second);
    };
    if (table.size() >= table_max && !table.contains(key)) {
        std::erase_if(table, [&](auto const& each) { return left(each.second) == 0; });
        if (table.size() >= table_max) {
            auto const least = std::ranges::min_element(table, {}, [&](auto const& each) {
                return left(each.second);
            });
            table.erase(least);
        }
    }
    auto& found = table.try_emplace(key, Bucket{0, now}).first->second;
    found.drops = left(found);
    found.since = now;
    return found;
}

}  // namespace disgrafs::files
