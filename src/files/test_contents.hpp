#pragma once

/// \file files/test_contents.hpp  A fake of cluster::Contents for tests: bytes as rows of the
/// store.
///
/// It keeps the contract that matters here: nothing is readable before its rows are committed, rows
/// cannot be committed twice, released content is gone.

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

#include "cluster/contents.hpp"
#include "kv/store.hpp"

namespace disgrafs::files {

class TestContents final : public cluster::Contents {
 public:
    explicit TestContents(kv::Store& store) : store_(store) {}

    Task<std::unique_ptr<cluster::ContentWriter>> begin(
        Context /*context*/, cluster::ContentOptions /*options*/
    ) override {
        cluster::ContentId const id{.block = 7, .index = ++last_};
        ++begun;
        std::unique_ptr<cluster::ContentWriter> writer = std::make_unique<Writer>(id);
        co_return writer;
    }
    Task<Bytes> read(
        Context /*context*/, cluster::ContentId id, std::uint64_t offset, std::size_t size
    ) override {
        CO_TRY(auto const row, co_await store_.get(key(id)));
        if (!row) co_return fail(Errc::not_found, "no content");
        auto const begin = std::min<std::uint64_t>(offset, row->value.size());
        auto const end = std::min<std::uint64_t>(begin + size, row->value.size());
        auto const at = row->value.begin();
        co_return Bytes(at + static_cast<long>(begin), at + static_cast<long>(end));
    }
    Task<std::vector<kv::Write>> release(cluster::ContentId id) override {
        CO_TRY(auto const row, co_await store_.get(key(id)));
        if (!row) co_return fail(Errc::not_found, "no content");
        std::vector<kv::Write> rows;
        rows.push_back({key(id), std::nullopt});
        co_return rows;
    }
    Task<cluster::ContentPlaces> places(cluster::ContentId /*id*/) override {
        co_return cluster::ContentPlaces{};
    }

    /// How many contents exist.
    Task<std::size_t> count() {
        CO_TRY(auto const page, co_await store_.scan(kv::Range::prefix("V"), 10'000));
        co_return page.entries.size();
    }
    void skip_ids(std::uint64_t count) { last_ += count; }

    int begun = 0;

 private:
    static std::string key(cluster::ContentId id) {
        return fmt::format("V{:016x}{:016x}", id.block, id.index);
    }

    class Writer final : public cluster::ContentWriter {
     public:
        explicit Writer(cluster::ContentId id) : id_(id) {}
        Task<void> write(Bytes piece) override {
            bytes_.insert(bytes_.end(), piece.begin(), piece.end());
            co_return Result<void>{};
        }
        Task<cluster::StoredContent> finish() override {
            cluster::StoredContent stored;
            stored.id = id_;
            stored.size_bytes = bytes_.size();
            crypto_hash_sha256(
                reinterpret_cast<unsigned char*>(stored.sha256.data()),
                reinterpret_cast<unsigned char const*>(bytes_.data()),
                bytes_.size()
            );
            stored.rows.push_back({key(id_), bytes_});
            stored.preconditions.push_back({key(id_), 0});
            co_return stored;
        }

     private:
        cluster::ContentId id_;
        Bytes bytes_;
    };

    kv::Store& store_;
    std::uint64_t last_ = 0;
};

}  // namespace disgrafs::files
