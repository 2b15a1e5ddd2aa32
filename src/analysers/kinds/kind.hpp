#pragma once

/// \file analysers/kinds/kind.hpp  What kind of content a file is, and what people call it.

#include <memory>
#include <string>
#include <string_view>

#include "analysers/content.hpp"
#include "base/result.hpp"

namespace disgrafs::analysers {

enum class Reader : std::uint8_t {
    none,
    plain_text,
    data,
    markdown,
    html,
    source,
    pdf,
    image,
    svg,
    media
};

struct Kind {
    Reader reader = Reader::none;  ///< Who reads it further.
    std::string media_type;        ///< "image/png"
    std::string format;            ///< For people: "PNG", "C++", "Word document".
};

/// libmagic with its database, loaded once.
class Magic {
 public:
    /// Errors: unavailable (the database cannot be loaded).
    static Result<Magic> load();

    struct Answer {
        std::string media_type;  ///< "application/octet-stream" when it cannot tell.
        bool is_text = false;
    };
    [[nodiscard]] Answer look(ByteView bytes) const;

 private:
    struct Close {
        void operator()(void* cookie) const;
    };
    explicit Magic(void* cookie) : cookie_(cookie) {}
    std::unique_ptr<void, Close> cookie_;
};

/// By content first, then by the name's extension, then by what the uploader claimed.
Kind kind_of(Content const& content, Magic const& magic);

/// What a name alone tells: extension or whole name ("Makefile"). Reader::none when nothing.
Kind kind_by_name(std::string_view name);

}  // namespace disgrafs::analysers
