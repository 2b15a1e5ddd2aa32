#include "io/exception.hpp"

#include <exception>
#include <new>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "base/result.hpp"

namespace disgrafs {

Error error_of(std::exception_ptr const& caught) {
    try {
        std::rethrow_exception(caught);
    } catch (boost::system::system_error const& error) {
        bool const is_stop = error.code() == boost::asio::error::operation_aborted;
        return fail(is_stop ? Errc::cancelled : Errc::io, "{}", error.what()).error();
    } catch (std::bad_alloc const&) {
        return fail(Errc::exhausted, "no memory left").error();
    } catch (std::exception const& error) {
        return fail(Errc::io, "{}", error.what()).error();
    } catch (...) {
        return fail(Errc::io, "an exception of unknown type").error();
    }
}

}  // namespace disgrafs
