#pragma once

/// \file wire/work_service.hpp  How a worker gets files to analyse and gives findings back.
///
/// HTTP + JSON between worker and index server, authorised by the member's key (header
/// X-Member: id:hex HMAC(key, method ‖ path ‖ body)):
///   POST /cluster/v1/work/lease     {"count": n} → {"tasks": [WorkTask …]}, waits up to 20 s for
///   work GET  /cluster/v1/work/{lease}/content        → the file's first 64 MiB POST
///   /cluster/v1/work/{lease}/findings       findings (docs/formats/analyse.md) → 204 POST
///   /cluster/v1/work/{lease}/failed         {"reason"} → 204
/// A lease that is not renewed by an answer within its time returns to the queue; a task that was
/// tried attempts_max times is marked failed with its last reason.

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs::wire {

struct WorkTask {
    std::uint64_t lease = 0;
    NodeId file;
    std::uint64_t version = 0;
    std::string name;
    std::string media_type;
    std::uint64_t size_bytes = 0;
    std::uint32_t attempt = 1;
    Duration lease_time{0};
};

std::string to_json(std::vector<WorkTask> const& tasks);
Result<std::vector<WorkTask>> parse_work_tasks(std::string_view json);

}  // namespace disgrafs::wire
