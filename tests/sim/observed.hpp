#pragma once

/// \file sim/observed.hpp  A running hash of all that the people of a simulation saw: what they
/// asked, what was answered, which bytes came back.

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace disgrafs::sim {

/// FNV-1a, 64 bits: order matters.
class Observed {
 public:
    void add(ByteView bytes) {
        for (auto const byte : bytes) hash_ = (hash_ ^ static_cast<std::uint8_t>(byte)) * prime;
    }
    void add(std::string_view text) {
        add(as_bytes(text));
        add(std::uint64_t{text.size()});
    }
    void add(std::uint64_t number) {
        for (auto shift = 0; shift < 64; shift += 8) {
            hash_ = (hash_ ^ ((number >> static_cast<unsigned>(shift)) & 0xFFU)) * prime;
        }
    }
    /// An answer without its value; a refusal with its code and its words.
    template <typename T>
    void add(Result<T> const& answer) {
        if (answer) return add(std::uint64_t{1});
        add(static_cast<std::uint64_t>(answer.error().code));
        add(std::string_view(answer.error().message));
    }

    [[nodiscard]] std::uint64_t hash() const { return hash_; }

 private:
    static constexpr std::uint64_t prime = 1'099'511'628'211ULL;
    std::uint64_t hash_ = 14'695'981'039'346'656'037ULL;
};

}  // namespace disgrafs::sim
