// Outlets by their usual names: what they carry, at which voltage, and which plugs fit. What is too
// much is decided in check/.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/parts_power.hpp"
#include "rigtopo/units.hpp"

namespace rigtopo {

/// Mains voltage that something is made for; both 0: any.
struct MainsBand {
  Volts least;
  Volts most;
};

struct OutletKind {
  std::string_view id;
  Amps amps;                              // of the standard
  Amps continuous;                        // advised for hours
  Amps breaker;                           // largest that may protect a circuit with several of it
  MainsBand mains;                        // outlets of units take any
  std::array<std::string_view, 3> plugs;  // that fit, its own first; empty ones are none

  /// Is it made for this mains voltage?
  bool made_for(Volts volts) const {
    return mains.most.value <= 0 || (!(volts < mains.least) && !(mains.most < volts));
  }
};
/// By name, blanks and case aside: "BS1363" and "BS 1363" are one. nullptr when it is not listed.
const OutletKind* outlet_kind(std::string_view id);
/// The outlet whose own plug this is: it tells voltage and current where nobody names the outlet.
/// nullptr when it is not listed.
const OutletKind* outlet_of_plug(std::string_view plug);
/// Largest breaker that may protect a circuit with outlets for a plug; 0 A when it is not listed.
Amps strongest_breaker(std::string_view plug);
/// Does a plug go into it without an adapter?
bool takes_plug(const OutletKind& outlet, std::string_view plug);

/// The weaker of the outlets of a circuit and the plug of a cord.
struct Contact {
  const OutletKind* kind = nullptr;
  bool by_plug = false;  // the plug tells: it is the weaker one, or nobody names the outlet
};
/// nullopt when neither is named, or none of them listed.
std::optional<Contact> weakest_contact(const Fact<std::string>& outlet, const Cord* cord);

}  // namespace rigtopo
