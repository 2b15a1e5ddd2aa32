// checksum size=: CRC32C of one run of bytes.

#include "erasure/checksum.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

#include "contest.hpp"
#include "stripes.hpp"

namespace disgrafs::erasure::bench {

Contest make_checksum(Request const& request, Peers const& peers) {
    auto const size = request.number("size");
    auto const memory = std::make_shared<Memory>(size);
    auto* const bytes = memory->at(0);
    auto const sum = std::make_shared<std::uint32_t volatile>();
    Contest contest{.contestants = {}, .kept = memory};
    contest.contestants.push_back({"ours", [bytes, size, sum](std::size_t) {
                                       *sum = crc32c({bytes, size});
                                   }});
    for (auto const& isal : peers.isal) {
        contest.contestants.push_back({isal.name(), [isal, bytes, size, sum](std::size_t) {
                                           auto* const from =
                                               reinterpret_cast<unsigned char*>(bytes);
                                           *sum = isal.crc32c(from, size);
                                       }});
    }
    return contest;
}

}  // namespace disgrafs::erasure::bench
