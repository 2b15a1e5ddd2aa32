#include "cluster/content/sha256.hpp"

#include <openssl/evp.h>

#include "base/assert.hpp"

namespace disgrafs::cluster {

struct Sha256Stream::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    State() = default;
    State(State const&) = delete;
    State& operator=(State const&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
    auto const begun = EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
    DISGRAFS_ASSERT(begun == 1, "OpenSSL has no SHA-256");
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::add(ByteView piece) {
    auto const added = EVP_DigestUpdate(state_->context, piece.data(), piece.size());
    DISGRAFS_ASSERT(added == 1, "OpenSSL refused {} bytes", piece.size());
}

Sha256 Sha256Stream::finish() {
    Sha256 digest{};
    unsigned size = 0;
    auto* const out = reinterpret_cast<unsigned char*>(digest.data());
    auto const ended = EVP_DigestFinal_ex(state_->context, out, &size);
    DISGRAFS_ASSERT(ended == 1 && size == digest.size(), "a digest of {} bytes", size);
    return digest;
}

}  // namespace disgrafs::cluster
