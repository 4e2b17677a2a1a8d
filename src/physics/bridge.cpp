// Distances of bridges; positions come from geometry.cpp and expander_place.cpp.
#include "physics/bridge.hpp"

#include <algorithm>
#include <cmath>

#include "physics/expander_place.hpp"

namespace rigtopo {
namespace {

// A bridge reaches this far along the card and above its edge (unverified). Cards of one row are
// level within millimetres, rows of mounts a card's height apart.
constexpr Millimetres bridge_depth{30};

Estimate<Position> unknown_place(const std::string& id) {
  Estimate<Position> at;
  at.missing.push_back("place of `" + id + "` is not known");
  return at;
}

}  // namespace

Stand stand_in_slot(const Rig& rig, const PortChoice& port) {
  const bool slot = port.socket == Socket::slot;
  return {!slot                      ? ""
          : port.expander != nullptr ? port.expander_id
                                     : "board",
          port_position(port), port_place(rig, port)};
}

Stand stand_in_mount(const Mount& mount) {
  Stand stand;
  stand.in_frame.value = mount.position.value;
  stand.in_frame.rests_on(mount.position);
  if (!mount.position.known()) stand.in_frame = unknown_place(mount.id.value_or("?"));
  return stand;
}

Stand stand_of(const Rig& rig, const DevicePlace& place) {
  const std::string mount = place.mount.value_or("");
  if (mount == "direct" && place.chain.empty()) {
    for (const PortChoice& p : rig.ports) {
      if (p.id == place.port.value_or("")) return stand_in_slot(rig, p);
    }
  }
  if (rig.project->frame != nullptr) {
    for (const Mount& m : all_mounts(*rig.project->frame)) {
      if (m.id.value_or("") == mount) return stand_in_mount(m);
    }
  }
  return {"", {}, unknown_place(place.id.value_or("?"))};
}

std::vector<Estimate<Position>> side_by_side(const std::vector<Stand>& stands) {
  const bool one_holder = std::all_of(stands.begin(), stands.end(), [&](const Stand& s) {
    return !s.holder.empty() && s.holder == stands.front().holder;
  });
  std::vector<Estimate<Position>> places;
  for (const Stand& s : stands) places.push_back(one_holder ? s.from_holder : s.in_frame);
  return places;
}

BridgeFit bridge_fit(const Position& a, const Position& b, Millimetres span) {
  const double apart = std::abs((a.x - b.x).value);
  const double across = std::abs((a.y - b.y).value) + std::abs((a.z - b.z).value);
  return {Millimetres{apart}, Millimetres{across},
          Millimetres{std::abs(apart - span.value) + across}};
}

bool stands_below(const Position& at, const Position& a, const Position& b) {
  const auto [from, to] = std::minmax(a.x, b.x);
  const auto level = [](Millimetres here, Millimetres there) {
    return std::abs((here - there).value) < bridge_depth.value;
  };
  return at.x > from && at.x < to && level(at.y, a.y) && level(at.z, a.z);
}

Overhead overhead(const Device& below, bool is_gpu, const Device& a, const Device& b) {
  if (is_gpu && !below.nvlinks.known()) return Overhead::unknown;
  if (is_gpu && *below.nvlinks > 0) return Overhead::blocked;
  if (!below.height.known() || !a.height.known() || !b.height.known()) return Overhead::unknown;
  return *below.height > std::min(*a.height, *b.height) ? Overhead::blocked : Overhead::free;
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

bool unlike(const Device& a, const Device& b) {
  const bool chips = a.chip.known() && b.chip.known() && *a.chip != *b.chip;
  return chips || (a.memory.known() && b.memory.known() && *a.memory != *b.memory);
}

}  // namespace rigtopo
