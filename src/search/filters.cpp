#include "search/filters.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "search/tokens.hpp"

namespace disgrafs::search {

namespace {

using Filter = std::function<bool(NodeId)>;
namespace label = graph::label;

Filter tag_filter(std::string const& value, graph::Image const& image) {
    return [wanted = fold(value), &image](NodeId node) {
        for (auto const& edge : image.edges(node, graph::Direction::out, graph::edge::tagged)) {
            auto const* tag = image.node(edge.to);
            if (tag == nullptr || edge["state"].text() == "rejected") continue;
            if (fold((*tag)["name"].text()) == wanted) return true;
        }
        return false;
    };
}

/// type:folder, type:pdf (ending), type:image (first half of the media type), type:image/png.
Filter type_filter(std::string const& value, graph::Image const& image) {
    return [wanted = to_lower_ascii(value), &image](NodeId node) {
        auto const* record = image.node(node);
        if (record == nullptr) return false;
        if (record->has_label(label::folder)) return wanted == "folder";
        if (wanted == "file") return true;
        auto const media = (*record)["media_type"].text();
        auto const ending = to_lower_ascii((*record)["ext"].text());
        return ending == wanted || media == wanted ||
               (media.starts_with(wanted) && media.substr(wanted.size()).starts_with('/'));
    };
}

/// Below a folder, given by its path from the root.
Filter folder_filter(std::string const& value, graph::Image const& image) {
    std::vector<std::string> wanted;
    for (auto const name : split(value, '/')) wanted.emplace_back(name);
    return [wanted = std::move(wanted), &image](NodeId node) {
        std::vector<std::string_view> names;
        while (auto const place = image.place(node)) {
            names.push_back(place->name);
            node = place->folder;
        }
        std::ranges::reverse(names);
        return names.size() > wanted.size() &&
               std::equal(wanted.begin(), wanted.end(), names.begin());
    };
}

Filter owner_filter(std::string const& value, graph::Image const& image) {
    return [value, &image](NodeId node) {
        auto const* record = image.node(node);
        return record != nullptr && (*record)["owner"].text() == value;
    };
}

Result<std::int64_t> parse_day(std::string const& field, std::string const& value) {
    std::tm parts{};
    auto const* end = ::strptime(value.c_str(), "%Y-%m-%d", &parts);
    if (end == nullptr || *end != '\0') {
        return fail(
            Errc::invalid, "search: {}: takes a day like 2026-11-24, not '{}'", field, value
        );
    }
    return static_cast<std::int64_t>(::timegm(&parts)) * 1'000'000;
}

Result<Filter> time_filter(
    std::string const& field, std::string const& value, graph::Image const& image
) {
    TRY(auto const day, parse_day(field, value));
    auto const is_before = field == "before";
    return Filter([day, is_before, &image](NodeId node) {
        auto const* record = image.node(node);
        if (record == nullptr) return false;
        auto const modified = (*record)["modified"].integer();
        return is_before ? modified < day : modified >= day;
    });
}

Result<Filter> size_filter(std::string const& value, graph::Image const& image) {
    struct Unit {
        std::string_view name;
        std::uint64_t bytes;
    };
    constexpr std::array units{
        Unit{"kb", 1'000},
        Unit{"mb", 1'000'000},
        Unit{"gb", 1'000'000'000},
        Unit{"k", 1'000},
        Unit{"m", 1'000'000},
        Unit{"g", 1'000'000'000},
        Unit{"b", 1}
    };
    auto rest = to_lower_ascii(value);
    auto const is_less = rest.starts_with('<');
    if (is_less || rest.starts_with('>')) rest.erase(0, 1);
    std::uint64_t unit = 1;
    for (auto const& [name, bytes] : units) {
        if (!rest.ends_with(name)) continue;
        unit = bytes;
        rest.resize(rest.size() - name.size());
        break;
    }
    auto const number = parse_number(rest);
    if (!number || *number > UINT64_MAX / unit) {
        return fail(Errc::invalid, "search: size: takes >1mb or <10k, not '{}'", value);
    }
    return Filter([limit = *number * unit, is_less, &image](NodeId node) {
        auto const* record = image.node(node);
        if (record == nullptr || !record->has_label(label::file)) return false;
        auto const size = static_cast<std::uint64_t>((*record)["size"].integer());
        return is_less ? size < limit : size > limit;
    });
}

}  // namespace

Result<Filter> make_filter(
    std::string const& field, std::string const& value, graph::Image const& image
) {
    if (field == "tag") return tag_filter(value, image);
    if (field == "type") return type_filter(value, image);
    if (field == "in") return folder_filter(value, image);
    if (field == "owner") return owner_filter(value, image);
    if (field == "size") return size_filter(value, image);
    return time_filter(field, value, image);
}

}  // namespace disgrafs::search
