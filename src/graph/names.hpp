#pragma once

/// \file graph/names.hpp  Words that occur often (labels, types, property keys) as small numbers.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace disgrafs::graph {

/// Numbers words 0, 1, 2 … in the order in which they are first seen. Words are never forgotten:
/// the returned text lives as long as the table.
class Names {
 public:
    Names() = default;
    Names(Names const&) = delete;  // numbers_ points into words_
    Names& operator=(Names const&) = delete;

    std::uint32_t number(std::string_view word) {
        if (auto const found = find(word)) return *found;
        auto const next = static_cast<std::uint32_t>(words_.size());
        words_.emplace_back(word);
        numbers_.emplace(words_.back(), next);
        return next;
    }
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view word) const {
        auto const found = numbers_.find(word);
        if (found == numbers_.end()) return std::nullopt;
        return found->second;
    }
    [[nodiscard]] std::string_view word(std::uint32_t number) const { return words_[number]; }
    [[nodiscard]] std::size_t size() const { return words_.size(); }

 private:
    std::deque<std::string> words_;
    std::unordered_map<std::string_view, std::uint32_t> numbers_;  ///< Views into words_.
};

}  // namespace disgrafs::graph
