#pragma once

/// \file io/testing.hpp  Small help for the tests of every module: scenarios, folders, golden rows.

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <gtest/gtest.h>

#include "base/bytes.hpp"
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

/// A key and its value in the store.
struct GoldenRow {
    std::string key;
    Bytes value;
};

/// Lines "name key value" of a fixture, in hexadecimal digits; "-" is an empty value.
inline std::map<std::string, GoldenRow> read_golden_rows(std::string const& path) {
    std::map<std::string, GoldenRow> rows;
    std::ifstream file(path);
    std::string name;
    std::string key;
    std::string value;
    while (file >> name >> key >> value) {
        auto const key_bytes = from_hex(key);
        auto const value_bytes = from_hex(value == "-" ? "" : value);
        EXPECT_TRUE(key_bytes && value_bytes) << name;
        rows[name] = {std::string(as_text(*key_bytes)), *value_bytes};
    }
    EXPECT_FALSE(rows.empty()) << path;
    return rows;
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
