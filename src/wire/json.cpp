#include "wire/json.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/stream_parser.hpp>

#include "base/text.hpp"

namespace disgrafs::wire {
namespace json = boost::json;

Result<json::value> parse_json(std::string_view text, std::string_view what, JsonLimits limits) {
    if (text.size() > limits.bytes_max) {
        return fail(
            Errc::exhausted,
            "{}: {} bytes of JSON, at most {} are read",
            what,
            text.size(),
            limits.bytes_max
        );
    }
    json::parse_options options;
    options.max_depth = limits.depth_max;
    json::stream_parser parser({}, options);
    json::error_code error;
    auto const read = parser.write_some(text.data(), text.size(), error);
    if (!error) parser.finish(error);
    if (!error && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
        error = json::error::extra_data;
    }
    if (error) {
        return fail(Errc::invalid, "{}: no JSON at byte {}: {}", what, read, error.message());
    }
    return parser.release();
}

JsonFields::JsonFields(json::object const& object, std::string what)
    : object_(&object), what_(std::move(what)) {}

Result<JsonFields> JsonFields::parse(std::string_view text, std::string what, JsonLimits limits) {
    TRY(auto value, parse_json(text, what, limits));
    if (!value.is_object()) return fail(Errc::invalid, "{}: must be a JSON object", what);
    auto const owned = std::make_shared<json::value const>(std::move(value));
    JsonFields fields(owned->get_object(), std::move(what));
    fields.owned_ = owned;
    return fields;
}

std::string JsonFields::text(std::string_view name, std::size_t size_max) {
    auto const* const value = find(name, true);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        refuse(name, "must be a text");
        return {};
    }
    auto const& found = value->get_string();
    std::string_view const view(found.data(), found.size());
    if (view.size() > size_max) {
        refuse(name, fmt::format("has {} bytes, at most {} are allowed", view.size(), size_max));
        return {};
    }
    if (!is_utf8(view)) {
        refuse(name, "must be UTF-8");
        return {};
    }
    return std::string(view);
}

std::string JsonFields::text(std::string_view name, std::size_t size_max, std::string otherwise) {
    return find(name, false) == nullptr ? std::move(otherwise) : text(name, size_max);
}

std::uint64_t JsonFields::number(std::string_view name, std::uint64_t most) {
    auto const* const value = find(name, true);
    if (value == nullptr) return 0;
    std::uint64_t number = 0;
    if (value->is_uint64()) {
        number = value->get_uint64();
    } else if (value->is_int64() && value->get_int64() >= 0) {
        number = static_cast<std::uint64_t>(value->get_int64());
    } else {
        refuse(name, "must be a whole number, 0 or more");
        return 0;
    }
    if (number > most) {
        refuse(name, fmt::format("is {}, at most {} is allowed", number, most));
        return 0;
    }
    return number;
}

std::uint64_t JsonFields::number(
    std::string_view name, std::uint64_t most, std::uint64_t otherwise
) {
    return find(name, false) == nullptr ? otherwise : number(name, most);
}

bool JsonFields::flag(std::string_view name) {
    auto const* const value = find(name, true);
    if (value == nullptr) return false;
    if (!value->is_bool()) {
        refuse(name, "must be true or false");
        return false;
    }
    return value->get_bool();
}

bool JsonFields::flag(std::string_view name, bool otherwise) {
    return find(name, false) == nullptr ? otherwise : flag(name);
}

json::array const& JsonFields::array(std::string_view name, std::size_t count_max) {
    static json::array const none;
    auto const* const value = find(name, true);
    if (value == nullptr) return none;
    if (!value->is_array()) {
        refuse(name, "must be a list");
        return none;
    }
    auto const& found = value->get_array();
    if (found.size() > count_max) {
        refuse(
            name, fmt::format("has {} elements, at most {} are allowed", found.size(), count_max)
        );
        return none;
    }
    return found;
}

void JsonFields::refuse(std::string_view name, std::string_view problem) {
    if (problem_.empty()) problem_ = fmt::format("{}: \"{}\" {}", what_, name, problem);
}

bool JsonFields::has(std::string_view name) const {
    auto const* const value = object_->if_contains({name.data(), name.size()});
    return value != nullptr && !value->is_null();
}

Result<void> JsonFields::finish() const {
    if (!problem_.empty()) return fail(Errc::invalid, "{}", problem_);
    return {};
}

json::value const* JsonFields::find(std::string_view name, bool needed) {
    if (!problem_.empty()) return nullptr;
    if (has(name)) return object_->if_contains({name.data(), name.size()});
    if (needed) refuse(name, "is missing");
    return nullptr;
}

}  // namespace disgrafs::wire
