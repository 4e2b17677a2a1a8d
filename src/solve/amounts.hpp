// How the constraints on power see watts: whole hundredths, loads rounded up and limits down; and
// how power is shared among inlets.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "physics/power.hpp"
#include "solve/choices.hpp"

namespace rigtopo {

inline long load_units(double watts) { return static_cast<long>(std::ceil(watts * 100 - 1e-4)); }
inline long limit_units(double watts) { return static_cast<long>(std::floor(watts * 100 + 1e-4)); }

/// Share of each inlet in the power of its side: by the rating of its plug, as physics shares it.
inline std::vector<double> power_shares(const std::vector<Inlet>& inlets) {
  double sum = 0;
  std::vector<double> parts;
  for (const Inlet& i : inlets) {
    parts.push_back(i.plug.known() ? plug_rating(*i.plug).value : 0);
    sum += parts.back();
  }
  for (double& p : parts) p = sum > 0 ? p / sum : 0;
  return parts;
}

/// Where the spec names no circuits the lowest rating of any band counts; 0 when one is not known.
inline double lowest_rating(const Supply& part) {
  std::optional<double> least;
  for (const SupplyRating& r : part.ratings) {
    if (!r.power.known()) return 0;
    const Watts power = std::min(*r.power, r.power_12v.value_or(*r.power));
    least = std::min(least.value_or(power.value), power.value);
  }
  return least.value_or(0);
}

/// Is it a card in a slot (else in an M.2 socket or the like, which the board feeds, or a switch)?
inline bool in_slot(const DeviceClass& c) {
  return c.expander == nullptr && c.part->edge.value_or(Socket::slot) == Socket::slot;
}

}  // namespace rigtopo
