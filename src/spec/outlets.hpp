// Outlets by their usual names: what they carry, at which voltage, and which plugs fit. What is too
// much is decided in check/.
#pragma once

#include <array>
#include <string_view>

#include "rigtopo/units.hpp"

namespace rigtopo {

struct OutletKind {
  std::string_view id;
  Amps amps;        // of the standard
  Amps continuous;  // advised for hours
  Volts least;      // mains it is made for; both 0 for outlets of units, which take any
  Volts most;
  std::array<std::string_view, 3> plugs;  // that fit; empty ones are none

  /// Is it made for this mains voltage?
  bool made_for(Volts mains) const {
    return most.value <= 0 || (!(mains < least) && !(most < mains));
  }
};
/// By name, blanks and case aside: "BS1363" and "BS 1363" are one. nullptr when it is not listed.
const OutletKind* outlet_kind(std::string_view id);
/// Does a plug go into it without an adapter?
bool takes_plug(const OutletKind& outlet, std::string_view plug);

}  // namespace rigtopo
