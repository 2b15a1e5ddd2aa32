/// \file fuzz/graph_rows.cpp  Rows of the graph as an image reads them when it is opened.
///
/// The input is a list of rows: key run, value run. Each is loaded; what is refused is refused with
/// corrupt, and what is drawn can be looked at.

#include <cstddef>
#include <cstdint>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/assert.hpp"
#include "graph/ram_image.hpp"

namespace disgrafs::graph {
namespace {

void look(RamImage const& image) {
    for (auto const id : image.with_label("")) {
        DISGRAFS_ASSERT(image.node(id) != nullptr, "node {} has no record", id.value);
        auto const out = image.edges(id, Direction::out).size();
        DISGRAFS_ASSERT(out == image.degree(id, Direction::out, ""), "{} edges", out);
        auto const children = image.children(id, "", 1'000'000).size();
        DISGRAFS_ASSERT(children == image.child_count(id), "{} children", children);
        if (auto const place = image.place(id)) {
            auto const child = image.child(place->folder, place->name);
            DISGRAFS_ASSERT(child && child->node == id, "node {} is lost", id.value);
        }
    }
}

void load_rows(ByteView bytes) {
    boost::asio::io_context context;
    RamImage image(context.get_executor());
    ByteReader reader(bytes);
    while (!reader.at_end() && reader.ok()) {
        kv::Entry row;
        row.key = reader.text();
        auto const value = reader.run();
        row.value = Bytes(value.begin(), value.end());
        row.revision = 1;
        if (row.key.empty()) continue;
        auto const loaded = image.load(row);
        if (!loaded) DISGRAFS_ASSERT(loaded.error().code == Errc::corrupt, "another error");
    }
    look(image);
}

}  // namespace
}  // namespace disgrafs::graph

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    disgrafs::graph::load_rows({reinterpret_cast<std::byte const*>(data), size});
    return 0;
}
