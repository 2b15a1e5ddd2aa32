#pragma once

/// \file cluster/keys.hpp  The keys that the cluster owns in the store (docs/formats/keys.md).
///
///     W b block                    an intent block: upload ids (block, 0 … size−1) may be in use
///     W u upload                   what became of an upload: aborted, released, or a re-encode
///     M upload, stripe             where one stripe lies: layout, node and block checksums per
///     shard V content                    a content: size, SHA-256, the upload that holds its bytes
///     now R s upload, stripe           a stripe that waits for repair R c content a content that
///     waits to be re-encoded to its wanted layout
///
/// M and the shards of a node (wire::ShardId) sort alike.

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "cluster/contents.hpp"

namespace disgrafs::cluster {

struct StripeId {
    UploadId upload;
    std::uint32_t stripe = 0;

    friend auto operator<=>(StripeId const&, StripeId const&) = default;
};

std::string block_key(std::uint64_t block);
std::string upload_key(UploadId upload);
std::string stripe_key(StripeId id);
std::string content_key(ContentId content);
std::string stripe_repair_key(StripeId id);
std::string content_repair_key(ContentId content);

/// Prefixes for scans.
std::string block_prefix();
std::string upload_prefix();
std::string stripe_prefix();
std::string stripe_prefix(UploadId upload);
std::string content_prefix();
std::string stripe_repair_prefix();
std::string content_repair_prefix();

/// Errors: corrupt (not such a key).
Result<std::uint64_t> parse_block_key(std::string_view key);
Result<UploadId> parse_upload_key(std::string_view key);  ///< Of W u, V and R c.
Result<StripeId> parse_stripe_key(std::string_view key);  ///< Of M and R s.

}  // namespace disgrafs::cluster

template <>
struct std::hash<disgrafs::cluster::StripeId> {
    std::size_t operator()(disgrafs::cluster::StripeId const& id) const noexcept {
        return std::hash<disgrafs::UploadId>{}(id.upload) ^
               ((static_cast<std::size_t>(id.stripe) + 1) * 0x165667B19E3779F9ULL);
    }
};
