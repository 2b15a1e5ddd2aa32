#pragma once

/// \file analysis/analyse_service.hpp  Whoever analyses one file: a process, an actor, a fake.

#include "analysis/findings.hpp"
#include "base/bytes.hpp"
#include "io/task.hpp"

namespace disgrafs::analysis {

class AnalyseService {
 public:
    virtual ~AnalyseService() = default;

    /// Analyse one file; `body` holds its first bytes (at most limits::request_body_bytes) and
    /// lives until the task completes. What goes wrong with the file comes back as the status of
    /// its Findings, which are within limits and carry the request's id.
    /// Errors: unavailable (no analyser can be started; the file is not to blame), cancelled.
    virtual Task<Findings> analyse(AnalyseRequest request, ByteView body) = 0;
};

}  // namespace disgrafs::analysis
