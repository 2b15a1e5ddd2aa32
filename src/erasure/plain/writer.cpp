#include "erasure/plain/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/rows.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::size_t pending_bytes_max = 4096;

/// One shard on its way into its file.
class ShardFile {
 public:
    ShardFile(PlainShape const& shape, PlainSink& sink) : shape_(shape), sink_(&sink) {}

    Result<void> begin(int index) {
        auto const header = encode_plain_header({.shape = shape_, .index = index});
        return sink_->write(0, header);
    }
    /// `bytes` begin at a block of the payload.
    Result<void> add(
        std::uint64_t offset, ByteView bytes, std::span<std::uint32_t const> checksums
    ) {
        TRY_OK(sink_->write(plain_header_bytes + offset, bytes));
        for (auto const checksum : checksums) {
            root_.add(checksum);
            pending_.u32(checksum);
        }
        return pending_.size() < pending_bytes_max ? Result<void>{} : flush();
    }
    Result<void> end(std::span<std::uint32_t const> roots) {
        TRY_OK(flush());
        return sink_->write(shape_.end_at(), encode_plain_end(shape_, roots));
    }
    [[nodiscard]] std::uint32_t root() const { return root_.finish(shape_.shard_bytes()); }

 private:
    Result<void> flush() {
        auto const checksums = std::exchange(pending_, {}).take();
        auto const at = shape_.checksums_at() + flushed_;
        flushed_ += checksums.size();
        return checksums.empty() ? Result<void>{} : sink_->write(at, checksums);
    }

    PlainShape shape_;
    PlainSink* sink_;
    PlainRoot root_;
    ByteWriter pending_;  ///< Block checksums that are not written yet.
    std::uint64_t flushed_ = 0;
};

Result<PlainShape> shape_for(
    PlainSource const& file, Layout layout, std::span<PlainSink* const> shards
) {
    PlainShape const shape{.layout = layout, .file_bytes = file.size_bytes()};
    TRY_OK(check(shape));
    auto const total = static_cast<std::size_t>(layout.total());
    DISGRAFS_ASSERT(shards.size() == total, "{} sinks for {} shards", shards.size(), total);
    return shape;
}

}  // namespace

Result<std::uint32_t> write_plain_shards(
    PlainSource& file, Layout layout, std::span<PlainSink* const> shards
) {
    TRY(auto const shape, shape_for(file, layout, shards));
    std::vector<ShardFile> files;
    for (auto* const sink : shards) {
        auto const index = static_cast<int>(files.size());
        TRY_OK(files.emplace_back(shape, *sink).begin(index));
    }
    PlainRows rows(shape);
    TRY_OK(each_stretch(shape, [&](Stretch stretch) -> Result<bool> {
        TRY_OK(rows.load(stretch, file));
        rows.encode_and_sum(stretch);
        for (int i = 0; i < layout.total(); ++i) {
            auto& shard = files[static_cast<std::size_t>(i)];
            TRY_OK(shard.add(stretch.offset, rows.row(i, stretch), rows.checksums(i)));
        }
        return true;
    }));
    std::vector<std::uint32_t> roots;
    roots.reserve(files.size());
    for (auto const& shard : files) {
        roots.push_back(shard.root());
    }
    for (auto& shard : files) {
        TRY_OK(shard.end(roots));
    }
    return plain_set_name(shape, roots);
}

Result<void> write_bare_shards(
    PlainSource& file, Layout layout, std::span<PlainSink* const> shards
) {
    TRY(auto const shape, shape_for(file, layout, shards));
    PlainRows rows(shape);
    return each_stretch(shape, [&](Stretch stretch) -> Result<bool> {
        TRY_OK(rows.load(stretch, file));
        rows.encode(stretch);
        for (int i = 0; i < layout.total(); ++i) {
            auto* const sink = shards[static_cast<std::size_t>(i)];
            TRY_OK(sink->write(stretch.offset, rows.row(i, stretch)));
        }
        return true;
    });
}

}  // namespace disgrafs::erasure
