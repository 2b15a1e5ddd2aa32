#include "kv/decide.hpp"

#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace disgrafs::kv {
namespace {

class Decision {
 public:
    Decision(Revision last, RevisionOf const& revision_of)
        : last_(last), revision_of_(revision_of) {}

    Result<Revision> accept(Batch& batch) {
        TRY_OK(check(batch));
        auto const before = last_ + events_.size();
        if (batch.writes.empty()) return before;
        auto const revision = before + 1;
        auto event = std::make_shared<Event>();
        event->revision = revision;
        event->writes = std::move(batch.writes);
        for (auto const& write : event->writes) overlay_[write.key] = write.value ? revision : 0;
        events_.push_back(std::move(event));
        return revision;
    }
    std::vector<EventPtr> take() { return std::move(events_); }

 private:
    Result<void> check(Batch const& batch) const {
        for (auto const& wanted : batch.preconditions) {
            auto const changed = overlay_.find(wanted.key);
            auto found = changed != overlay_.end() ? changed->second : revision_of_(wanted.key);
            if (!found) return std::unexpected(std::move(found).error());
            if (*found == wanted.revision) continue;
            return fail(
                Errc::conflict,
                "key {} changed at revision {}, not {}",
                to_hex(as_bytes(wanted.key)),
                *found,
                wanted.revision
            );
        }
        return {};
    }

    Revision last_;
    RevisionOf const& revision_of_;
    std::vector<EventPtr> events_;
    std::unordered_map<std::string_view, Revision> overlay_;  ///< Keys live in events_.
};

}  // namespace

std::vector<EventPtr> decide(Group& group, Revision last, RevisionOf const& revision_of) {
    Decision decision(last, revision_of);
    for (auto& pending : group.commits) pending.answer = decision.accept(pending.batch);
    return decision.take();
}

}  // namespace disgrafs::kv
