#include "graph/value.hpp"

namespace disgrafs::graph {

std::string_view Value::text(std::string_view fallback) const {
    auto const* held = std::get_if<std::string>(&is);
    return held != nullptr ? std::string_view(*held) : fallback;
}

std::int64_t Value::integer(std::int64_t fallback) const {
    auto const* held = std::get_if<std::int64_t>(&is);
    return held != nullptr ? *held : fallback;
}

double Value::number(double fallback) const {
    if (auto const* held = std::get_if<double>(&is)) return *held;
    if (auto const* held = std::get_if<std::int64_t>(&is)) return static_cast<double>(*held);
    return fallback;
}

bool Value::boolean(bool fallback) const {
    auto const* held = std::get_if<bool>(&is);
    return held != nullptr ? *held : fallback;
}

}  // namespace disgrafs::graph
