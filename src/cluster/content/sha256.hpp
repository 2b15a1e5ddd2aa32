#pragma once

/// \file cluster/content/sha256.hpp  The SHA-256 of a content, piece by piece (FIPS 180-4).

#include <memory>

#include "base/bytes.hpp"
#include "cluster/contents.hpp"

namespace disgrafs::cluster {

/// Pieces in order, one call at a time, from any thread.
class Sha256Stream {
 public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream const&) = delete;
    Sha256Stream& operator=(Sha256Stream const&) = delete;

    void add(ByteView piece);
    /// Of all pieces; once.
    Sha256 finish();

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace disgrafs::cluster
