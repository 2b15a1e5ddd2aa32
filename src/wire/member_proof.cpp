#include "wire/member_proof.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/bytes.hpp"
#include "wire/json.hpp"

namespace disgrafs::wire {
namespace json = boost::json;
namespace {

constexpr std::size_t hex_bytes_max = 128;
constexpr JsonLimits message_limits{.bytes_max = 4U << 10U, .depth_max = 4};

Result<std::string> parse_one(
    std::string_view text, std::string_view field, std::string_view what
) {
    TRY(auto fields, JsonFields::parse(text, std::string(what), message_limits));
    auto value = fields.text(field, hex_bytes_max);
    if (value.empty()) fields.refuse(field, "must not be empty");
    TRY_OK(fields.finish());
    return value;
}

std::string write_one(std::string_view field, std::string_view value) {
    json::object out;
    out[field] = value;
    return json::serialize(out);
}

}  // namespace

std::string rejoin_proof(Key const& key, std::string_view disk_id, std::string_view address) {
    auto const text = "rejoin" + std::string(disk_id) + std::string(address);
    return to_hex(hmac_sha256(as_bytes(text), key));
}

std::string session_proof(Key const& key, std::string_view nonce) {
    auto const text = "member" + std::string(nonce);
    return to_hex(hmac_sha256(as_bytes(text), key));
}

bool equal_proof(std::string_view a, std::string_view b) {
    return equal_secret(as_bytes(a), as_bytes(b));
}

std::string challenge_json(std::string_view nonce) { return write_one("nonce", nonce); }
Result<std::string> parse_challenge(std::string_view text) {
    return parse_one(text, "nonce", "challenge");
}
std::string proof_json(std::string_view proof) { return write_one("proof", proof); }
Result<std::string> parse_proof(std::string_view text) { return parse_one(text, "proof", "proof"); }

}  // namespace disgrafs::wire
