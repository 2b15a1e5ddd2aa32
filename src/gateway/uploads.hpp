#pragma once

/// \file gateway/uploads.hpp  Uploads under way, told to their user's watchers at most four times a
/// second.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/context.hpp"
#include "io/clock.hpp"

namespace disgrafs::gateway {

struct UploadProgress {
    std::string id;  ///< The request id.
    std::string path;
    NodeId user;
    std::uint64_t received_bytes = 0;
    std::uint64_t size_bytes = 0;  ///< 0: unknown.
    bool is_done = false;
};

class Uploads {
 public:
    using Tell = std::function<void(UploadProgress const&)>;
    Uploads(Clock& clock, Tell tell) : clock_(clock), tell_(std::move(tell)) {}

    /// One upload; an unfinished one says nothing more when it dies.
    class Running {
     public:
        Running(Uploads& owner, UploadProgress progress)
            : owner_(owner), progress_(std::move(progress)) {}
        void add(std::size_t size_bytes);
        void finish();

     private:
        Uploads& owner_;
        UploadProgress progress_;
        Duration told_{0};
    };
    std::unique_ptr<Running> begin(Context const& context, std::string path, std::uint64_t size);

 private:
    Clock& clock_;
    Tell tell_;
};

}  // namespace disgrafs::gateway
