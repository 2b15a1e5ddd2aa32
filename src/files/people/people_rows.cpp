#include "files/people/people_rows.hpp"

#include <algorithm>

#include <sodium.h>

namespace disgrafs::files {

namespace {

constexpr std::uint8_t format_1 = 1;

template <std::size_t Size>
void copy_into(std::array<std::byte, Size>& out, ByteView bytes) {
    if (bytes.size() == Size) std::ranges::copy(bytes, out.begin());
}

Result<void> check_format(ByteReader& in, char const* what) {
    auto const format = in.u8();
    if (format == format_1) return {};
    return fail(Errc::corrupt, "a {} row of format {}", what, format);
}

}  // namespace

std::string password_key(NodeId user) { return KeyWriter('L').u8('p').u64(user.value).take(); }

std::string session_key(TokenHash const& token) {
    return std::string(session_prefix) + std::string(as_text(token));
}

Result<NodeId> parse_password_key(std::string_view key) {
    KeyReader reader(key);
    reader.u8();
    NodeId const user{reader.u64()};
    auto const is_right = key.size() == 10 && key.starts_with(password_prefix) && reader.ok();
    if (!is_right) return fail(Errc::corrupt, "{} is no password key", to_hex(as_bytes(key)));
    return user;
}

Result<TokenHash> parse_session_key(std::string_view key) {
    TokenHash token{};
    auto const is_right =
        key.size() == session_prefix.size() + token.size() && key.starts_with(session_prefix);
    if (!is_right) return fail(Errc::corrupt, "{} is no session key", to_hex(as_bytes(key)));
    copy_into(token, as_bytes(key.substr(session_prefix.size())));
    return token;
}

Bytes encode(PasswordRow const& row) {
    ByteWriter out;
    out.u8(format_1).u64(row.epoch).u8(row.is_first ? 1 : 0);
    out.u64(row.hash.passes).u64(row.hash.memory_bytes).raw(row.hash.salt).raw(row.hash.hash);
    return out.take();
}

Bytes encode(SessionRow const& row) {
    ByteWriter out;
    out.u8(format_1).u64(row.user.value).u64(row.epoch);
    out.u64(static_cast<std::uint64_t>(row.created.us));
    out.u64(static_cast<std::uint64_t>(row.expires.us));
    return out.take();
}

Result<PasswordRow> decode_password(ByteView bytes) {
    ByteReader in(bytes);
    TRY_OK(check_format(in, "password"));
    PasswordRow row;
    row.epoch = in.u64();
    row.is_first = in.u8() != 0;
    row.hash.passes = in.u64();
    row.hash.memory_bytes = in.u64();
    copy_into(row.hash.salt, in.raw(row.hash.salt.size()));
    copy_into(row.hash.hash, in.raw(row.hash.hash.size()));
    TRY_OK(in.finish("a password row"));
    return row;
}

Result<SessionRow> decode_session(ByteView bytes) {
    ByteReader in(bytes);
    TRY_OK(check_format(in, "session"));
    SessionRow row;
    row.user.value = in.u64();
    row.epoch = in.u64();
    row.created.us = static_cast<std::int64_t>(in.u64());
    row.expires.us = static_cast<std::int64_t>(in.u64());
    TRY_OK(in.finish("a session row"));
    return row;
}

TokenHash hash_of(std::string_view token) {
    TokenHash hash{};
    crypto_hash_sha256(
        reinterpret_cast<unsigned char*>(hash.data()),
        reinterpret_cast<unsigned char const*>(token.data()),
        token.size()
    );
    return hash;
}

}  // namespace disgrafs::files
