// Positions through expanders; lengths are geometry.cpp's.
#include "physics/expander_place.hpp"

#include <algorithm>

namespace rigtopo {
namespace {

Position sum(const Position& a, const Position& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }

Estimate<Position> not_known(std::string what) {
  Estimate<Position> e;
  e.missing.push_back(std::move(what));
  return e;
}

Estimate<Position> place_at(const Rig& rig, const PortChoice& port, int depth);

/// The upstream connector of an expander in frame coordinates.
Estimate<Position> expander_at(const Rig& rig, const std::string& id, int depth) {
  const DevicePlace* place = rig.layout.expander(id);
  if (place == nullptr || depth <= 0) return not_known("place of `" + id + "` is not known");
  if (place->mount.known() && *place->mount != "direct" && rig.project->frame != nullptr) {
    for (const Mount& m : all_mounts(*rig.project->frame)) {
      if (m.id.value != *place->mount || !m.position.known()) continue;
      Estimate<Position> at;
      at.value = m.position.value;
      at.rests_on(m.position);
      return at;
    }
  }
  if (place->chain.empty() && place->port.known()) {
    for (const PortChoice& p : rig.ports) {
      if (p.id == *place->port) return place_at(rig, p, depth - 1);
    }
  }
  return not_known("place of `" + id + "` is not known");
}

Estimate<Position> place_at(const Rig& rig, const PortChoice& port, int depth) {
  Estimate<Position> own = port_position(port);
  if (!own.known()) return own;
  Estimate<Position> base;
  if (port.expander != nullptr) {
    base = expander_at(rig, port.expander_id, depth);
  } else if (rig.project->frame != nullptr && rig.project->frame->board_origin.known()) {
    base.value = rig.project->frame->board_origin.value;
    base.rests_on(rig.project->frame->board_origin);
  } else {
    base = not_known("place of the board in the frame is not known");
  }
  if (!base.known()) return base;
  own.rests_on(base);
  own.value = sum(*base, *own);
  return own;
}

}  // namespace

Estimate<Position> port_place(const Rig& rig, const PortChoice& port) {
  return place_at(rig, port, static_cast<int>(rig.layout.expanders.size()) + 1);
}

Estimate<Millimetres> route_from(const Rig& rig, const PortChoice& port, const Mount& mount) {
  const Frame& frame = *rig.project->frame;
  if (port.expander == nullptr) return route_needed(port, *rig.board, frame, mount);
  const Estimate<Position> at = port_place(rig, port);
  Estimate<Millimetres> needed;
  needed.missing = at.missing;
  if (!at.known() || !frame.board_origin.known()) return needed;
  // As a connector of the board, so that slack and bends are reckoned in one place.
  BoardConnector seen;
  const Position& origin = *frame.board_origin;
  seen.position = Fact<Position>(
      Position{(*at).x - origin.x, (*at).y - origin.y, (*at).z - origin.z}, {}, at.confidence);
  PortChoice moved = port;
  moved.connectors = {&seen};
  return route_needed(moved, *rig.board, frame, mount);
}

}  // namespace rigtopo
