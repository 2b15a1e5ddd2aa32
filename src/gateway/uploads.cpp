#include "gateway/uploads.hpp"

#include <memory>
#include <string>
#include <utility>

namespace disgrafs::gateway {

namespace {

constexpr Duration pause = std::chrono::milliseconds(250);

}  // namespace

std::unique_ptr<Uploads::Running> Uploads::begin(
    Context const& context, std::string path, std::uint64_t size
) {
    UploadProgress progress{
        .id = context.request_id,
        .path = std::move(path),
        .user = context.user,
        .received_bytes = 0,
        .size_bytes = size,
        .is_done = false
    };
    return std::make_unique<Running>(*this, std::move(progress));
}

void Uploads::Running::add(std::size_t size_bytes) {
    progress_.received_bytes += size_bytes;
    auto const now = owner_.clock_.steady();
    if (told_ == Duration(0)) told_ = now;  // Small uploads end before they are worth a word.
    if (now - told_ < pause) return;
    told_ = now;
    owner_.tell_(progress_);
}

void Uploads::Running::finish() {
    progress_.is_done = true;
    owner_.tell_(progress_);
}

}  // namespace disgrafs::gateway
