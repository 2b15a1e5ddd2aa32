#pragma once

/// \file analysis/worker_pages.hpp  What a worker says about itself over HTTP: /metrics and
/// /api/v1/health, as storage nodes do.

#include <cstddef>
#include <cstdint>
#include <string>

#include "wire/http.hpp"
#include "wire/member_client.hpp"

namespace disgrafs::analysis {

class WorkerPages {
 public:
    /// `member` and `busy`, the files it has now, outlive this.
    WorkerPages(wire::MemberClient const& member, std::uint32_t const& busy, std::size_t processes)
        : member_(member), busy_(busy), processes_(processes) {}

    void add_to(wire::HttpRoutes& routes);

    /// {"status": "ok" | "not_member" | "no_lease", "role", "id", "name", "busy", "processes", …}
    [[nodiscard]] std::string health_json() const;
    [[nodiscard]] bool is_healthy() const;

 private:
    [[nodiscard]] char const* status() const;
    Task<void> health(wire::HttpExchange& exchange) const;

    wire::MemberClient const& member_;
    std::uint32_t const& busy_;
    std::size_t processes_;
};

}  // namespace disgrafs::analysis
