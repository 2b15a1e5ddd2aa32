#include "erasure/galois.hpp"

namespace disgrafs::erasure {

// The compiler fills the tables here, and nowhere else.
template class Field<8, 0x11D>;
template class Field<16, 0x1100B>;

}  // namespace disgrafs::erasure
