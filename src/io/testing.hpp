#pragma once

/// \file io/testing.hpp  Small help for the tests of every module: scenarios and folders.

#include <filesystem>
#include <functional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <gtest/gtest.h>

#include "io/loop.hpp"
#include "io/task.hpp"

namespace disgrafs {

/// Runs a scenario on a real loop; an error that leaves it fails the test.
///
///     TEST(Wake, …) { passes([&](auto executor) { return scenario(executor, …); }); }
inline void passes(std::function<Task<void>(boost::asio::any_io_executor)> scenario) {
    auto const result = run_loop(std::move(scenario));
    EXPECT_TRUE(result) << result.error().message << " (" << result.error().where.file_name() << ":"
                        << result.error().where.line() << ")";
}

/// A folder of its own for the test that runs, removed with it.
class TemporaryFolder {
 public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "disgrafs-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string const& path() const { return path_; }

 private:
    std::string path_;
};

}  // namespace disgrafs
