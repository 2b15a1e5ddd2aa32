#pragma once

/// \file wire/member_proof.hpp  How a member shows that it holds its key, without showing the key.
///
/// On a new WebSocket the index server speaks first: {"nonce": "<64 hex>"}. The member answers
/// {"proof": "<64 hex>"}, session_proof() of that nonce. Only then come heartbeats and leases. An
/// order is a JSON object with a text field "order"; a lease has none. docs/formats/membership.md.

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wire/ticket.hpp"

namespace disgrafs::wire {

/// JoinRequest::proof: hex HMAC(key, "rejoin" ‖ disk_id ‖ address).
std::string rejoin_proof(Key const& key, std::string_view disk_id, std::string_view address);
/// Hex HMAC(key, "member" ‖ nonce), the nonce as the text that was sent.
std::string session_proof(Key const& key, std::string_view nonce);
/// In constant time for texts of one length.
bool equal_proof(std::string_view a, std::string_view b);

std::string challenge_json(std::string_view nonce);
Result<std::string> parse_challenge(std::string_view json);  ///< The nonce. Errors: invalid.
std::string proof_json(std::string_view proof);
Result<std::string> parse_proof(std::string_view json);  ///< The proof. Errors: invalid.

}  // namespace disgrafs::wire
