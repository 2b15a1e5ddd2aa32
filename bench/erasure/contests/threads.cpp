// threads k= m= shard= works= [cpu=0]: one thread encodes whole shards; two threads each encode one
// half of the range of all shards, at the same time. Wall time; a turn is long enough to hide that
// a thread is started for it. With cpu=1: CPU time of the first of two, that is what the wall clock
// would show if nobody else used the machine.

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "contest.hpp"
#include "erasure/codec.hpp"
#include "stripes.hpp"

namespace disgrafs::erasure::bench {
namespace {

/// The bytes [from, to) of every stream.
struct Part {
    std::vector<ConstShard> sources = {};
    std::vector<MutableShard> outs = {};

    Part(Streams const& streams, std::size_t from, std::size_t to) {
        for (auto const source : streams.sources) {
            sources.push_back(source.subspan(from, to - from));
        }
        for (auto const out : streams.outs) {
            outs.push_back(out.subspan(from, to - from));
        }
    }
};

void encode(Encoder const& encoder, Part const& part, std::size_t works) {
    for (std::size_t i = 0; i < works; ++i) {
        encoder.encode(part.sources, part.outs);
    }
}

}  // namespace

Contest make_threads(Request const& request, Peers const& /*peers*/) {
    auto const layout = layout_of(request);
    auto const works = request.number("works");
    auto const stripes = std::make_shared<Stripes>(layout, request.number("shard"), 1);
    auto const streams = stripes->encoding()[0];
    auto const size = streams.size_bytes;
    Encoder const encoder(layout);
    Contest contest{
        .contestants = {},
        .is_wall_time = request.number("cpu") == 0,
        .works = works,
        .kept = stripes
    };
    auto const two =
        [=, left = Part(streams, 0, size / 2), right = Part(streams, size / 2, size)](std::size_t) {
            std::thread second([&] { encode(encoder, right, works); });
            encode(encoder, left, works);
            second.join();
        };
    contest.contestants.push_back({"ours", two});
    contest.contestants.push_back({"one thread", [=, whole = Part(streams, 0, size)](std::size_t) {
                                       encode(encoder, whole, works);
                                   }});
    return contest;
}

}  // namespace disgrafs::erasure::bench
