#pragma once

/// \file analysis/analyse_process.hpp  One disgrafs-analyze process: started, fed, watched, ended.
///
/// The process starts with the first file and ends after a minute without one. It forks for each
/// file, so a file that crashes or stalls harms only its own fork, and the process itself says so.
/// Should the process stall, die or talk nonsense all the same, it is killed, the file gets the
/// status failed or timed_out with the reason, and the next file starts a new process.
///
/// Concurrency: one event loop, one file at a time; a second call waits for the first. More files
/// at once: more AnalyseProcess objects. The process dies with the thread that started it.

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "analysis/analyse_service.hpp"
#include "base/time.hpp"
#include "io/clock.hpp"
#include "io/task.hpp"

namespace disgrafs::analysis {

struct AnalyseProcessOptions {
    std::string program;                             ///< Path of disgrafs-analyze.
    std::vector<std::string> arguments;              ///< After the program's name.
    Duration idle_limit = std::chrono::seconds(60);  ///< Ended after this long without a file.
    Duration grace = std::chrono::seconds(60);  ///< Beyond AnalyseLimits::time_ms, for loading.
};

class AnalyseProcess : public AnalyseService {
 public:
    /// `clock` outlives this object.
    AnalyseProcess(
        boost::asio::any_io_executor executor, Clock& clock, AnalyseProcessOptions options
    );
    ~AnalyseProcess() override;  ///< Kills the process and waits for its end.

    Task<Findings> analyse(AnalyseRequest request, ByteView body) override;

    /// Ends the process when it is idle; the owner awaits this, and cancels it to stop.
    Task<void> run();

    /// The process id while there is a process, else 0.
    [[nodiscard]] int process_id() const;
    /// Processes started so far.
    [[nodiscard]] std::uint64_t starts() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace disgrafs::analysis
