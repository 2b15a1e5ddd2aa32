#pragma once

/// \file wire/json.hpp  Reading JSON that others wrote: limits first, then fields by name.
///
///     TRY(auto fields, JsonFields::parse(body, "join request"));
///     JoinRequest request;
///     request.token = fields.text("token", 256);
///     TRY_OK(fields.finish());                    // the first thing that was wrong, by its name
///
/// Like ByteReader, fields never fail one by one: the first problem is kept, later reads give zero
/// or empty values, and finish() tells. Unknown fields are ignored: newer members may send more.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "base/result.hpp"

namespace disgrafs::wire {

struct JsonLimits {
    std::size_t bytes_max = 1U << 20U;
    std::size_t depth_max = 16;  ///< Arrays and objects within each other.
};

/// `what` names the text in the error. Errors: invalid (with the byte where it went wrong),
/// exhausted (larger than the limit).
Result<boost::json::value> parse_json(
    std::string_view text, std::string_view what, JsonLimits limits = {}
);

class JsonFields {
 public:
    /// Of an object that the caller keeps alive. `what` names it in errors: "task 3".
    JsonFields(boost::json::object const& object, std::string what);
    /// Parse `text`, which must be an object; the fields own it. Errors: those of parse_json.
    static Result<JsonFields> parse(
        std::string_view text, std::string what, JsonLimits limits = {}
    );

    /// UTF-8 of at most `size_max` bytes. The second form: `otherwise` when it is absent or null.
    std::string text(std::string_view name, std::size_t size_max);
    std::string text(std::string_view name, std::size_t size_max, std::string otherwise);
    /// An integer 0 … `most`.
    std::uint64_t number(std::string_view name, std::uint64_t most = ~0ULL);
    std::uint64_t number(std::string_view name, std::uint64_t most, std::uint64_t otherwise);
    bool flag(std::string_view name);
    bool flag(std::string_view name, bool otherwise);
    /// The array under `name`, of at most `count_max` elements; empty after a problem.
    boost::json::array const& array(std::string_view name, std::size_t count_max);

    /// Note a problem of the caller's own: `name` `problem`.
    void refuse(std::string_view name, std::string_view problem);
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] bool ok() const { return problem_.empty(); }
    /// Errors: invalid, saying the first thing that was wrong.
    [[nodiscard]] Result<void> finish() const;

 private:
    boost::json::value const* find(std::string_view name, bool needed);

    std::shared_ptr<boost::json::value const> owned_;
    boost::json::object const* object_;
    std::string what_;
    std::string problem_;
};

}  // namespace disgrafs::wire
