// Inside spec/: does everything that a layout names exist.
#pragma once

#include "spec/spec.hpp"

namespace rigtopo {

/// Reports (S034, S031, S035) every id in `layout` that leads nowhere in `project`.
void check_references(const Layout& layout, const Project& project, Diagnostics& out);

}  // namespace rigtopo
