/// \file files/find.cpp  A file or folder by path or by id.

#include "files/operations.hpp"

namespace disgrafs::files {

Result<Entry> find_entry(Core& core, NodeId user, std::string const& path) {
    TRY(auto const node, core.resolve(user, path));
    return core.describe(user, node);
}

Result<Entry> entry_of(Core& core, NodeId user, NodeId node) {
    TRY_OK(core.seen(user, node));
    return core.describe(user, node);
}

}  // namespace disgrafs::files
