#include "files/quota.hpp"

#include <utility>

#include "base/text.hpp"

namespace disgrafs::files {

Quota::Quota(Core const& core, std::string owner) : core_(core), owner_(std::move(owner)) {
    auto const& image = core_.image();
    auto const user = image.named(graph::label::user, owner_);
    if (!user) return;
    limit_bytes_ = static_cast<std::uint64_t>((*image.node(*user))["quota_bytes"].integer());
}

Task<Semaphore::Place> Quota::turn(Core& core) const {
    if (!is_limited()) co_return Semaphore::Place{};
    auto& line = core.quota_turns[owner_];
    if (!line) line = std::make_unique<Semaphore>(core.parts.executor, 1);
    co_return co_await line->acquire();
}

Result<void> Quota::check(std::uint64_t more) const {
    auto const used = core_.usage.used_bytes(owner_);
    if (!is_limited() || (used <= limit_bytes_ && more <= limit_bytes_ - used)) return {};
    return fail(
        Errc::exhausted,
        "{} keeps {} of {} allowed, {} more do not fit: empty the trash or ask for a larger quota",
        owner_,
        human_bytes(used),
        human_bytes(limit_bytes_),
        human_bytes(more)
    );
}

Result<void> Quota::claim(graph::Transaction& change, std::uint64_t more, std::uint64_t less)
    const {
    if (!is_limited() || more <= less) return {};
    change.lock("quota " + owner_);
    return check(more - less);
}

}  // namespace disgrafs::files
