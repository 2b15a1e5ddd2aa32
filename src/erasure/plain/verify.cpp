#include "erasure/plain/verify.hpp"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <span>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/reader.hpp"
#include "erasure/plain/rows.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {
namespace {

class Verifying {
 public:
    Verifying(PlainShape const& shape, std::span<PlainPayload* const> shards)
        : shape_(shape), shards_(shards), rows_(shape), spare_(plain_row_bytes(shape.layout)) {
        report_.shards.resize(shards.size());
    }

    /// False: something is damaged in the stretch, which is no single block.
    Result<bool> look(Stretch stretch) {
        std::vector<int> have;
        for (std::size_t place = 0; place < shards_.size(); ++place) {
            auto const index = shards_[place]->index();
            bool const is_first = std::ranges::find(have, index) == have.end();
            auto const out =
                is_first ? rows_.row(index, stretch) : MutableShard(spare_).first(stretch.size);
            auto const read = shards_[place]->read(stretch.offset, out);
            if (read) {
                if (is_first) {
                    have.push_back(index);
                }
            } else if (read.error().code != Errc::corrupt && read.error().code != Errc::io) {
                return std::unexpected(read.error());
            } else if (!stretch.is_block()) {
                return false;
            } else {
                note_lost(report_.shards[place], stretch);
            }
        }
        compare(stretch, have);
        return true;
    }
    PlainReport take() { return std::move(report_); }

 private:
    static void note_lost(PlainReport::Shard& shard, Stretch stretch) {
        if (shard.lost_blocks++ == 0) {
            shard.first_lost = stretch.offset / unit_bytes;
        }
    }
    void compare(Stretch stretch, std::vector<int> const& have) {
        if (have.size() < shape_.layout.k) {
            report_.lost_blocks += (stretch.size + unit_bytes - 1) / unit_bytes;
            return;
        }
        report_.is_compared = report_.is_compared || have.size() > shape_.layout.k;
        auto const verdict = rows_.examine(stretch, have);
        report_.fits = report_.fits && verdict.fits;
        report_.is_liar_told = report_.is_liar_told && (verdict.fits || !verdict.liars.empty());
        for (std::size_t place = 0; place < shards_.size(); ++place) {
            bool const lies =
                std::ranges::find(verdict.liars, shards_[place]->index()) != verdict.liars.end();
            report_.shards[place].is_liar = report_.shards[place].is_liar || lies;
        }
    }

    PlainShape shape_;
    std::span<PlainPayload* const> shards_;
    PlainRows rows_;
    Bytes spare_;
    PlainReport report_;
};

}  // namespace

bool PlainReport::is_good() const {
    return fits && std::ranges::all_of(shards, [](Shard const& s) { return s.lost_blocks == 0; });
}

Result<PlainReport> verify_plain_shards(
    PlainShape const& shape, std::span<PlainPayload* const> shards
) {
    Verifying verifying(shape, shards);
    TRY_OK(each_stretch(shape, [&](Stretch stretch) { return verifying.look(stretch); }));
    return verifying.take();
}

}  // namespace disgrafs::erasure
