#include "cluster/keys.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace disgrafs::cluster {
namespace {

std::string key_of(char space, char kind, UploadId id) {
    return KeyWriter(space).u8(static_cast<std::uint8_t>(kind)).u64(id.block).u64(id.index).take();
}

std::string prefix_of(char space, char kind) { return {space, kind}; }

constexpr std::size_t id_bytes = 16;

}  // namespace

std::string block_key(std::uint64_t block) { return KeyWriter('W').u8('b').u64(block).take(); }
std::string upload_key(UploadId upload) { return key_of('W', 'u', upload); }
std::string stripe_key(StripeId id) {
    return KeyWriter('M').u64(id.upload.block).u64(id.upload.index).u32(id.stripe).take();
}
std::string content_key(ContentId content) {
    return KeyWriter('V').u64(content.block).u64(content.index).take();
}
std::string stripe_repair_key(StripeId id) {
    return key_of('R', 's', id.upload) + KeyWriter(' ').u32(id.stripe).take().substr(1);
}
std::string content_repair_key(ContentId content) { return key_of('R', 'c', content); }

std::string block_prefix() { return prefix_of('W', 'b'); }
std::string upload_prefix() { return prefix_of('W', 'u'); }
std::string stripe_prefix() { return "M"; }
std::string stripe_prefix(UploadId upload) {
    return KeyWriter('M').u64(upload.block).u64(upload.index).take();
}
std::string content_prefix() { return "V"; }
std::string stripe_repair_prefix() { return prefix_of('R', 's'); }
std::string content_repair_prefix() { return prefix_of('R', 'c'); }

Result<std::uint64_t> parse_block_key(std::string_view key) {
    constexpr std::size_t size = 2 + 8;
    if (key.size() != size || !key.starts_with(block_prefix())) {
        return fail(Errc::corrupt, "{} is no key of an intent block", to_hex(as_bytes(key)));
    }
    return KeyReader(key.substr(1)).u64();
}

Result<UploadId> parse_upload_key(std::string_view key) {
    auto const kind_bytes = key.size() - std::min(key.size(), id_bytes);
    auto const kind = key.substr(0, kind_bytes);
    if (kind != upload_prefix() && kind != content_prefix() && kind != content_repair_prefix()) {
        return fail(Errc::corrupt, "{} is no key of an upload", to_hex(as_bytes(key)));
    }
    KeyReader in(key.substr(kind_bytes - 1));
    UploadId id;
    id.block = in.u64();
    id.index = in.u64();
    return id;
}

Result<StripeId> parse_stripe_key(std::string_view key) {
    constexpr std::size_t size = id_bytes + 4;
    auto const kind_bytes = key.size() - std::min(key.size(), size);
    auto const kind = key.substr(0, kind_bytes);
    if (kind != stripe_prefix() && kind != stripe_repair_prefix()) {
        return fail(Errc::corrupt, "{} is no key of a stripe", to_hex(as_bytes(key)));
    }
    KeyReader in(key.substr(kind_bytes - 1));
    StripeId id;
    id.upload.block = in.u64();
    id.upload.index = in.u64();
    id.stripe = in.u32();
    return id;
}

}  // namespace disgrafs::cluster
