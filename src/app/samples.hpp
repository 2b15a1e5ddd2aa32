#pragma once

/// \file app/samples.hpp  The sample files of a first start, put in like anyone's files.

#include <string>

#include "io/task.hpp"
#include "wire/http.hpp"

namespace disgrafs::app {

/// Signs in as admin and puts every file of the samples folder under /samples by the public API.
/// Errors: not_found (no samples folder), those of the API.
Task<void> put_samples(wire::HttpClient& client, std::string url, std::string password);

}  // namespace disgrafs::app
