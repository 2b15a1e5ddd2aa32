#pragma once

/// \file kv/log_table.hpp  The keys of the log store in RAM, with the versions that snapshots still
/// see.
///
/// Concurrency: one event loop.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kv/store.hpp"

namespace disgrafs::kv {

class LogTable {
 public:
    void write(Write const& write, Revision revision);

    [[nodiscard]] std::optional<Entry> get(std::string const& key, Revision at) const;
    [[nodiscard]] Page scan(Range const& range, std::size_t limit, Revision at) const;
    /// 0: absent.
    [[nodiscard]] Revision revision_of(std::string const& key) const;
    /// All newest entries, ascending.
    [[nodiscard]] std::vector<Entry> entries() const;

    /// Versions that `at` sees are kept until unpin().
    void pin(Revision at);
    void unpin(Revision at);

 private:
    struct Version {
        Revision revision = 0;
        std::optional<Bytes> value;
    };
    using Versions = std::vector<Version>;  ///< Ascending; all but the last are kept for a pin.

    static Version const* visible(Versions const& versions, Revision at);
    /// Forgets what no pin sees; true when nothing is left.
    bool prune(Versions& versions) const;

    std::map<std::string, Versions, std::less<>> keys_;
    std::multiset<Revision> pins_;
    std::set<std::string> crowded_;  ///< Keys with something to prune once pins go.
};

}  // namespace disgrafs::kv
