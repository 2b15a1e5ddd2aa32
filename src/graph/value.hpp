#pragma once

/// \file graph/value.hpp  What a property may hold.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"

namespace disgrafs::graph {

/// null, boolean, integer, float, string, list of values. (Temporal types and maps come with
/// openCypher, with tags of their own: the encoding has room.)
struct Value;
using List = std::vector<Value>;
struct Value {
    std::variant<std::monostate, bool, std::int64_t, double, std::string, List> is;

    Value() = default;
    Value(bool value) : is(value) {}
    Value(std::int64_t value) : is(value) {}
    Value(int value) : is(std::int64_t{value}) {}
    Value(double value) : is(value) {}
    Value(std::string value) : is(std::move(value)) {}
    Value(std::string_view value) : is(std::string(value)) {}
    Value(char const* value) : is(std::string(value)) {}
    Value(List value) : is(std::move(value)) {}

    [[nodiscard]] bool is_null() const { return is.index() == 0; }
    /// The value when it has that type, else the fallback.
    [[nodiscard]] std::string_view text(std::string_view fallback = {}) const;
    [[nodiscard]] std::int64_t integer(std::int64_t fallback = 0) const;
    [[nodiscard]] double number(double fallback = 0) const;  ///< Integer or float.
    [[nodiscard]] bool boolean(bool fallback = false) const;

    friend bool operator==(Value const&, Value const&) = default;
};

/// Ordered by key, so that the encoding of equal properties is equal.
using Properties = std::map<std::string, Value, std::less<>>;

}  // namespace disgrafs::graph
