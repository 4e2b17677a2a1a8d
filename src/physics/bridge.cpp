// Distances of bridges; positions come from geometry.cpp and expander_place.cpp.
#include "physics/bridge.hpp"

#include <algorithm>
#include <cmath>

namespace rigtopo {

BridgeFit bridge_fit(const Position& a, const Position& b, Millimetres span) {
  const double apart = std::abs((a.x - b.x).value);
  const double across = std::abs((a.y - b.y).value) + std::abs((a.z - b.z).value);
  return {Millimetres{apart}, Millimetres{across},
          Millimetres{std::abs(apart - span.value) + across}};
}

BridgeMate bridge_mate(const Bridge& bridge, const Device& card) {
  if (!card.nvlinks.known()) return BridgeMate::unknown;
  if (*card.nvlinks == 0) return BridgeMate::no_connector;
  if (bridge.fits.empty()) return BridgeMate::fits;
  const bool made_for = std::any_of(bridge.fits.begin(), bridge.fits.end(), [&](const auto& f) {
    return f.known() && (*f == card.id || *f == card.chip.value_or(""));
  });
  return made_for ? BridgeMate::fits : BridgeMate::other_card;
}

}  // namespace rigtopo
