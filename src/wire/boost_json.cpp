/// \file wire/boost_json.cpp  The one place where Boost.JSON is compiled; others include its
/// headers.

#include <boost/json/src.hpp>
