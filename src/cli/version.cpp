// The version, as the build system knows it. Kept apart so that a new version recompiles one file.
#include "rigtopo/rigtopo.hpp"

namespace rigtopo {

std::string_view version() { return RIGTOPO_VERSION; }

}  // namespace rigtopo
