#pragma once

/// \file io/real_file.hpp  An open file of the machine; made by Disk::open. Inside io/ only.

#include <memory>
#include <string>

#include "io/disk.hpp"
#include "io/posix.hpp"

namespace disgrafs {

std::unique_ptr<File> make_real_file(Pool& pool, Fd fd, std::string name);

}  // namespace disgrafs
