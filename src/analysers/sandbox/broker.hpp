#pragma once

/// \file analysers/sandbox/broker.hpp  Opens the few files that a confined process may ask for.
///
/// Poppler opens tables of Chinese, Japanese and Korean fonts only when a document names them. The
/// kernel hands such an open to the parent, which opens the file itself, reading only and only in
/// the folders of the list, and puts the descriptor into the child. Everything else is refused.

#include <string_view>

namespace disgrafs::analysers {

/// Whether a confined process may read this path: below a listed folder, without "..".
bool may_open(std::string_view path);

/// Answers one open that waits on `listener` (readable by poll). A process that died meanwhile is
/// no error.
void answer_open(int listener);

}  // namespace disgrafs::analysers
