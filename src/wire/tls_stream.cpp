#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "base/assert.hpp"
#include "wire/stream_io.hpp"
#include "wire/tls_context.hpp"

namespace disgrafs::wire {

namespace asio = boost::asio;
using boost::system::error_code;

/// The engine and the stream under it; outlives the TlsStream for what completes late.
///
///     inner → from_peer_ → OpenSSL → reader        writer → OpenSSL → to_peer_ → inner
///
/// Invariants: at most one read and one write of `inner` are under way; a writer is told only when
/// to_peer_ is empty, so what it wrote has left.
class TlsCore : public std::enable_shared_from_this<TlsCore> {
 public:
    using Done = Stream::Done;

    TlsCore(std::unique_ptr<Stream> stream, std::shared_ptr<TlsContext const> context)
        : inner(std::move(stream)),
          context_(std::move(context)),
          ssl_(SSL_new(context_->state_->context.get())),
          from_peer_(BIO_new(BIO_s_mem())),
          to_peer_(BIO_new(BIO_s_mem())),
          arrived_(read_bytes) {
        DISGRAFS_ASSERT(ssl_ && from_peer_ != nullptr && to_peer_ != nullptr, "OpenSSL: no memory");
        SSL_set_bio(ssl_.get(), from_peer_, to_peer_);  // which owns both from now on
    }

    Task<void> shake_hands(std::string server_name) {
        auto const& wanted = *context_->state_;
        if (wanted.is_server) {
            SSL_set_accept_state(ssl_.get());
        } else {
            SSL_set_connect_state(ssl_.get());
            expect_name(server_name);
        }
        while (true) {
            ERR_clear_error();
            auto const done = SSL_do_handshake(ssl_.get());
            auto const state = SSL_get_error(ssl_.get(), done);
            auto const broken = state == SSL_ERROR_SSL ? reason() : Result<void>();
            auto const sent = co_await send_all();  // an alert too
            CO_TRY_OK(broken);
            CO_TRY_OK(sent);
            if (done == 1) break;
            if (state != SSL_ERROR_WANT_READ) co_return fail(Errc::unavailable, "TLS: broken");
            CO_TRY(auto const size, co_await read_some(*inner, arrived_));
            if (size == 0) co_return fail(Errc::unavailable, "TLS: the peer ended the handshake");
            BIO_write(from_peer_, arrived_.data(), static_cast<int>(size));
        }
        co_return wanted.is_server ? Result<void>() : believe();
    }

    void start_read(asio::mutable_buffer into, Done done) {
        DISGRAFS_ASSERT(!reader_, "two reads of one stream");
        into_ = into;
        reader_ = std::move(done);
        read_on(true);
    }

    void start_write(std::vector<asio::const_buffer> const& parts, Done done) {
        DISGRAFS_ASSERT(!writer_, "two writes to one stream");
        writer_ = std::move(done);
        auto const taken = encrypt(parts);
        if (!taken) return end_write(asio::error::connection_aborted, 0, true);
        written_ = *taken;
        flush();
        if (!is_flushing_) end_write({}, written_, true);
    }

    /// Tell the peer that no more comes, after what is on its way.
    void shut_down() {
        if (std::exchange(is_shut_, true)) return;
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        flush();
        if (!is_flushing_) inner->shutdown_send();
    }

    void cancel_read() { read_signal_.emit(asio::cancellation_type::terminal); }
    void cancel_write() { write_signal_.emit(asio::cancellation_type::terminal); }

    std::unique_ptr<Stream> inner;

 private:
    static constexpr std::size_t read_bytes = 64U << 10U;
    static constexpr std::size_t write_bytes_max = 256U << 10U;

    /// Asks for the name, and checks it, unless the fingerprint decides.
    void expect_name(std::string const& name) {
        if (name.empty()) return;
        auto* const parameters = SSL_get0_param(ssl_.get());
        bool const is_ip = X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1;
        if (is_ip) return;
        ERR_clear_error();
        SSL_set_tlsext_host_name(ssl_.get(), name.c_str());
        SSL_set1_host(ssl_.get(), name.c_str());
    }

    static Result<void> reason() { return fail(Errc::unavailable, "TLS: {}", openssl_reason()); }

    /// A client's judgement of the certificate, before it sends anything.
    Result<void> believe() {
        auto const shown = shown_fingerprint();
        if (shown.empty()) return fail(Errc::denied, "TLS: the server showed no certificate");
        auto const& wanted = context_->state_->fingerprint;
        if (shown == wanted) return {};
        if (!wanted.empty()) {
            return fail(Errc::denied, "TLS: the certificate has another fingerprint: {}", shown);
        }
        auto const verified = SSL_get_verify_result(ssl_.get());
        if (verified == X509_V_OK) return {};
        return fail(
            Errc::denied,
            "TLS: the certificate is not trusted: {}; its fingerprint is {}",
            X509_verify_cert_error_string(verified),
            shown
        );
    }

    /// Of the peer's certificate; empty when it showed none.
    std::string shown_fingerprint() {
        OpensslX509 const shown(SSL_get1_peer_certificate(ssl_.get()));
        constexpr std::size_t sha256_bytes = 32;
        Bytes digest(sha256_bytes);
        unsigned size = 0;
        auto* const out = reinterpret_cast<unsigned char*>(digest.data());
        bool const is_there = shown && X509_digest(shown.get(), EVP_sha256(), out, &size) == 1;
        return is_there ? to_hex(digest) : std::string();
    }

    Task<void> send_all() {
        auto const out = take_output();
        if (out.empty()) co_return Result<void>();
        std::vector<ByteView> parts;
        parts.emplace_back(out);
        co_return co_await write_all(*inner, std::move(parts));
    }

    Bytes take_output() {
        Bytes out(BIO_ctrl_pending(to_peer_));
        if (!out.empty()) BIO_read(to_peer_, out.data(), static_cast<int>(out.size()));
        return out;
    }

    // Reading: decrypt what is here; else ask for more.

    void read_on(bool is_first) {
        std::size_t done = 0;
        int state = SSL_ERROR_NONE;
        auto* const target = static_cast<std::byte*>(into_.data());
        ERR_clear_error();
        while (done < into_.size()) {
            std::size_t size = 0;
            auto const ok = SSL_read_ex(ssl_.get(), target + done, into_.size() - done, &size);
            if (ok != 1) {
                state = SSL_get_error(ssl_.get(), ok);
                break;
            }
            done += size;
        }
        flush();  // the engine may want to say something of its own
        if (done != 0 || into_.size() == 0) return end_read({}, done, is_first);
        if (state == SSL_ERROR_ZERO_RETURN) return end_read(asio::error::eof, 0, is_first);
        if (state != SSL_ERROR_WANT_READ) {
            ERR_clear_error();
            return end_read(asio::error::connection_aborted, 0, is_first);
        }
        asio::mutable_buffer const buffer(arrived_.data(), arrived_.size());
        auto arrive = [self = shared_from_this()](error_code error, std::size_t size) {
            self->arrive(error, size);
        };
        inner->async_read_some(
            buffer, asio::bind_cancellation_slot(read_signal_.slot(), std::move(arrive))
        );
    }

    void arrive(error_code error, std::size_t size) {
        // An end without close_notify: somebody may have cut the rest off.
        if (error == asio::error::eof) error = asio::error::connection_aborted;
        if (error) return end_read(error, 0, false);
        BIO_write(from_peer_, arrived_.data(), static_cast<int>(size));
        read_on(false);
    }

    /// Never from within start_read(): Asio's rule for completions.
    void end_read(error_code error, std::size_t size, bool is_first) {
        auto done = std::exchange(reader_, nullptr);
        if (!is_first) return done(error, size);
        auto later = [done = std::move(done), error, size]() mutable { done(error, size); };
        asio::post(inner->get_executor(), std::move(later));
    }

    // Writing: encrypt a run, send all that the engine has to say, then tell the writer.

    std::optional<std::size_t> encrypt(std::vector<asio::const_buffer> const& parts) {
        std::size_t done = 0;
        for (auto const& part : parts) {
            auto const size = std::min(part.size(), write_bytes_max - done);
            if (size == 0) continue;
            std::size_t taken = 0;
            ERR_clear_error();
            if (is_shut_ || SSL_write_ex(ssl_.get(), part.data(), size, &taken) != 1) {
                ERR_clear_error();
                return std::nullopt;
            }
            done += taken;
        }
        return done;
    }

    void flush() {
        if (is_flushing_) return;  // who flushes takes what has come meanwhile
        out_ = take_output();
        if (out_.empty()) return;
        out_at_ = 0;
        is_flushing_ = true;
        send_some();
    }

    void send_some() {
        asio::const_buffer const rest(out_.data() + out_at_, out_.size() - out_at_);
        auto sent = [self = shared_from_this()](error_code error, std::size_t size) {
            self->have_sent(error, size);
        };
        inner->async_write_some(
            rest, asio::bind_cancellation_slot(write_signal_.slot(), std::move(sent))
        );
    }

    void have_sent(error_code error, std::size_t size) {
        if (error) {
            is_flushing_ = false;
            return end_write(error, 0, false);
        }
        out_at_ += size;
        if (out_at_ < out_.size()) return send_some();
        is_flushing_ = false;
        flush();
        if (is_flushing_) return;
        if (is_shut_) inner->shutdown_send();
        end_write({}, written_, false);
    }

    void end_write(error_code error, std::size_t size, bool is_first) {
        auto done = std::exchange(writer_, nullptr);
        if (!done) return;  // it was the engine's own word
        if (!is_first) return done(error, size);
        auto later = [done = std::move(done), error, size]() mutable { done(error, size); };
        asio::post(inner->get_executor(), std::move(later));
    }

    std::shared_ptr<TlsContext const> context_;
    Openssl<SSL, SSL_free> ssl_;
    BIO* from_peer_;
    BIO* to_peer_;
    Bytes arrived_;
    asio::mutable_buffer into_;
    Done reader_;
    asio::cancellation_signal read_signal_;
    Bytes out_;
    std::size_t out_at_ = 0;
    bool is_flushing_ = false;
    bool is_shut_ = false;
    std::size_t written_ = 0;
    Done writer_;
    asio::cancellation_signal write_signal_;
};

namespace {

class TlsStream final : public Stream {
 public:
    explicit TlsStream(std::shared_ptr<TlsCore> core) : core_(std::move(core)) {}
    ~TlsStream() override { core_->inner->close(); }
    TlsStream(TlsStream const&) = delete;
    TlsStream& operator=(TlsStream const&) = delete;

    executor_type get_executor() override { return core_->inner->get_executor(); }
    [[nodiscard]] Address peer() const override { return core_->inner->peer(); }
    void close() override { core_->inner->close(); }
    void shutdown_send() override { core_->shut_down(); }

 private:
    void start_read(asio::mutable_buffer into, Done done) override {
        core_->start_read(into, std::move(done));
    }
    void start_write(Gather const& parts, Done done) override {
        core_->start_write({parts.begin(), parts.end()}, std::move(done));
    }
    void cancel_read() override { core_->cancel_read(); }
    void cancel_write() override { core_->cancel_write(); }

    std::shared_ptr<TlsCore> core_;
};

}  // namespace

Task<std::unique_ptr<Stream>> make_tls_stream(
    std::unique_ptr<Stream> inner,
    std::shared_ptr<TlsContext const> context,
    std::string server_name
) {
    auto const core = std::make_shared<TlsCore>(std::move(inner), std::move(context));
    CO_TRY_OK(co_await core->shake_hands(std::move(server_name)));
    co_return std::make_unique<TlsStream>(core);
}

bool is_tls(Stream const& stream) { return dynamic_cast<TlsStream const*>(&stream) != nullptr; }

}  // namespace disgrafs::wire
