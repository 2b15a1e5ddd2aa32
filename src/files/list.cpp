/// \file files/list.cpp  A page of a folder, in byte order of the names.
///
/// Costs O(page) in a folder that the user may read, O(what the user sees there) in others.

#include <algorithm>
#include <string_view>
#include <utility>

#include "files/operations.hpp"
#include "files/places.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t limit_max = 1000;

/// Those that exist for the user behind `after`, one more than the page holds if there are more.
std::vector<graph::Child> children_for(
    Core const& core, NodeId user, NodeId folder, ListOptions const& options
) {
    auto const wanted = options.limit + 1;
    auto const& image = core.image();
    if (core.rights.of(user, folder).read) return image.children(folder, options.after, wanted);
    std::vector<graph::Child> found;
    for (auto const node : core.rights.shown_in(user, folder)) {
        auto const place = image.place(node);
        if (!place || place->name <= options.after) continue;
        found.push_back({place->name, node, place->edge, place->revision});
    }
    auto const end = found.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, found.size()));
    std::ranges::partial_sort(found, end, {}, &graph::Child::name);
    found.erase(end, found.end());
    return found;
}

std::uint64_t total_of(Core const& core, NodeId user, NodeId folder) {
    if (core.rights.of(user, folder).read) return core.image().child_count(folder);
    return core.rights.shown_in(user, folder).size();
}

}  // namespace

Result<Listing> list_folder(
    Core& core, NodeId user, std::string const& path, ListOptions const& options
) {
    if (options.limit < 1 || options.limit > limit_max) {
        return fail(Errc::invalid, "a page has 1 to {} entries, not {}", limit_max, options.limit);
    }
    TRY(auto const folder, core.resolve(user, path));
    if (!is_folder(*core.image().node(folder))) {
        return fail(Errc::invalid, "{} is a file, not a folder", core.rights.path(folder));
    }
    Listing listing;
    listing.folder = core.describe(user, folder);
    listing.total = total_of(core, user, folder);
    auto children = children_for(core, user, folder, options);
    if (children.size() > options.limit) {
        children.resize(options.limit);
        listing.next = std::string(children.back().name);
    }
    for (auto const& child : children) listing.entries.push_back(core.describe(user, child.node));
    return listing;
}

}  // namespace disgrafs::files
