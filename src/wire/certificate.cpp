#include "wire/certificate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "base/log.hpp"
#include "wire/openssl.hpp"

namespace disgrafs::wire {
namespace {

constexpr auto certificate_file = "tls-certificate.pem";
constexpr auto key_file = "tls-key.pem";
constexpr std::size_t pem_bytes_max = 256U << 10U;
constexpr std::size_t name_bytes_max = 253;

bool is_address(std::string const& name) {
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    return ::inet_pton(AF_INET, name.c_str(), ignored.data()) == 1 ||
           ::inet_pton(AF_INET6, name.c_str(), ignored.data()) == 1;
}

/// "300.1.2.3" is neither an address nor a name; "12345" is a name (of a container, say).
bool looks_like_address(std::string_view name) {
    bool const has_dots_only = name.find_first_not_of("0123456789.") == std::string_view::npos &&
                               name.find('.') != std::string_view::npos;
    return has_dots_only || name.find(':') != std::string_view::npos;
}

bool is_name(std::string const& name) {
    auto const is_plain = [](char c) {
        bool const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return is_letter || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '*';
    };
    if (name.empty() || name.size() > name_bytes_max) return false;
    if (!std::ranges::all_of(name, is_plain)) return false;
    return !looks_like_address(name) || is_address(name);
}

/// "DNS:localhost,IP:127.0.0.1".
std::string alternative_names(std::vector<std::string> const& names) {
    std::string text;
    for (auto const& name : names) {
        text += (text.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
    }
    return text;
}

Result<void> add_extension(X509& certificate, int kind, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
    OpensslExtension const extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    if (!extension || X509_add_ext(&certificate, extension.get(), -1) != 1) {
        return fail(Errc::invalid, "certificate for {}: {}", value, openssl_reason());
    }
    return {};
}

std::string written(auto write) {
    OpensslBio const out(BIO_new(BIO_s_mem()));
    write(out.get());
    char* data = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Result<std::string> read_pem(Result<Bytes> read) {
    if (read) return std::string(as_text(*read));
    if (read.error().code == Errc::not_found) return std::string();
    return std::unexpected(std::move(read).error());
}

}  // namespace

Result<Certificate> make_certificate(std::vector<std::string> const& names, Timestamp now) {
    if (names.empty() || !std::ranges::all_of(names, is_name)) {
        return fail(Errc::invalid, "a certificate needs names: letters, digits, dots, hyphens");
    }
    OpensslKey const key(EVP_EC_gen("P-256"));
    OpensslX509 const certificate(X509_new());
    if (!key || !certificate) return fail(Errc::io, "make a key: {}", openssl_reason());

    std::array<unsigned char, 8> serial{};
    RAND_bytes(serial.data(), serial.size());
    serial.front() &= 0x7F;  // positive
    constexpr long day = 24L * 60 * 60;
    auto const now_s = static_cast<time_t>(now.us / 1'000'000);
    X509_set_version(certificate.get(), X509_VERSION_3);
    Openssl<BIGNUM, BN_free> const number(BN_bin2bn(serial.data(), serial.size(), nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), now_s - day);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), now_s + 3650 * day);
    X509_set_pubkey(certificate.get(), key.get());
    auto* const subject = X509_get_subject_name(certificate.get());
    auto const* const organisation = reinterpret_cast<unsigned char const*>("DisGraFS cluster");
    X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, organisation, -1, -1, 0);
    auto const* const common = reinterpret_cast<unsigned char const*>(names.front().c_str());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, common, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    TRY_OK(add_extension(*certificate, NID_subject_alt_name, alternative_names(names)));
    TRY_OK(add_extension(*certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
    TRY_OK(add_extension(*certificate, NID_key_usage, "critical,digitalSignature,keyCertSign"));
    TRY_OK(add_extension(*certificate, NID_ext_key_usage, "serverAuth"));
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) {
        return fail(Errc::io, "sign a certificate: {}", openssl_reason());
    }
    Certificate made;
    made.chain_pem = written([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); });
    made.key_pem = written([&](BIO* out) {
        PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return made;
}

Task<Certificate> keep_certificate(Disk& disk, Clock& clock, std::vector<std::string> names) {
    Certificate kept;
    CO_TRY(kept.chain_pem, read_pem(co_await read_file(disk, certificate_file, pem_bytes_max)));
    CO_TRY(kept.key_pem, read_pem(co_await read_file(disk, key_file, pem_bytes_max)));
    bool const has_chain = !kept.chain_pem.empty();
    bool const has_key = !kept.key_pem.empty();
    if (has_chain && has_key) co_return kept;
    if (has_chain) {
        co_return fail(Errc::invalid, "{} has no {} beside it", certificate_file, key_file);
    }
    // A key alone is what a start leaves that broke off between the two: both are made anew.
    std::erase_if(names, [](std::string const& name) { return !is_name(name); });
    CO_TRY(kept, make_certificate(names, clock.now()));
    CO_TRY_OK(co_await replace_file(disk, key_file, as_bytes(kept.key_pem)));
    CO_TRY_OK(co_await replace_file(disk, certificate_file, as_bytes(kept.chain_pem)));
    LOG_INFO("made a TLS certificate", kv("names", alternative_names(names)));
    co_return kept;
}

Result<std::string> fingerprint_of(std::string const& chain_pem) {
    auto const bio = bio_of(chain_pem);
    OpensslX509 const certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    Bytes digest(32);
    unsigned size = 0;
    auto* const out = reinterpret_cast<unsigned char*>(digest.data());
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), out, &size) != 1) {
        return fail(Errc::invalid, "no certificate: {}", openssl_reason());
    }
    return to_hex(digest);
}

}  // namespace disgrafs::wire
