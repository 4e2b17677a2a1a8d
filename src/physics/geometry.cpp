// Lengths and clearances. Coordinates: x along the slots, y from the rear edge forward, z up.
#include "physics/geometry.hpp"

#include <algorithm>
#include <cmath>

namespace rigtopo {
namespace {

// Distance between neighbouring slots and brackets: 0.8 in (ATX specification 2.2).
constexpr double slot_pitch = 20.32;

// A riser runs along the axes, not straight; 10 % and at least 30 mm more for the way in and out of
// the connectors (design figure, unverified).
constexpr double slack_share = 0.10;
constexpr double least_slack = 30;

Estimate<Millimetres> known_or(const Fact<Millimetres>& fact, const std::string& missing) {
  Estimate<Millimetres> e;
  e.value = fact.value;
  e.rests_on(fact);
  if (!fact.known()) e.missing.push_back(missing);
  return e;
}

}  // namespace

Estimate<Position> port_position(const PortChoice& port) {
  Estimate<Position> mean;
  Position sum{};
  for (const BoardConnector* c : port.connectors) {
    if (!c->position.known()) {
      mean.missing.push_back("position of `" + c->id.value_or(port.id) + "` is not known");
      continue;
    }
    mean.rests_on(c->position);
    sum.x += c->position->x;
    sum.y += c->position->y;
    sum.z += c->position->z;
  }
  if (!mean.missing.empty() || port.connectors.empty()) return mean;
  const auto n = static_cast<double>(port.connectors.size());
  mean.value = Position{sum.x / n, sum.y / n, sum.z / n};
  return mean;
}

Estimate<Millimetres> route_needed(const PortChoice& port, const Board& board, const Frame& frame,
                                   const Mount& mount) {
  Estimate<Millimetres> needed;
  const Estimate<Position> from = port_position(port);
  needed.rests_on(from);
  needed.rests_on(mount.position);
  needed.rests_on(frame.board_origin);
  if (!mount.position.known()) {
    needed.missing.push_back("position of mount `" + mount.id.value_or("") + "` is not known");
  }
  if (!frame.board_origin.known()) {
    needed.missing.push_back("place of `" + board.id + "` in `" + frame.id + "` is not known");
  }
  if (!needed.missing.empty()) return needed;
  const Position& origin = *frame.board_origin;
  const Position& to = *mount.position;
  const double way = std::abs((origin.x + (*from).x - to.x).value) +
                     std::abs((origin.y + (*from).y - to.y).value) +
                     std::abs((origin.z + (*from).z - to.z).value);
  needed.value = Millimetres{way + std::max(slack_share * way, least_slack)};
  return needed;
}

Estimate<Millimetres> chain_length(const std::vector<std::pair<const Riser*, int>>& chain) {
  Estimate<Millimetres> length;
  Millimetres sum{0};
  for (const auto& entry : chain) {
    const Riser& riser = *entry.first;
    const RiserType type = riser.type.value_or(RiserType::ribbon);
    const bool bridges = type == RiserType::ribbon || type == RiserType::cable;
    if (riser.length.known()) {
      sum += *riser.length;
      length.rests_on(riser.length);
    } else if (bridges) {
      length.missing.push_back("length of `" + riser.id + "` is not known");
    }  // an adapter without a length bridges nothing
  }
  if (length.missing.empty()) length.value = sum;
  return length;
}

std::vector<Mount> mounts_of(const Rig& rig) {
  return rig.project->frame == nullptr ? std::vector<Mount>{} : all_mounts(*rig.project->frame);
}

std::vector<Mount> all_mounts(const Frame& frame) {
  std::vector<Mount> mounts;
  for (const Mount& row : frame.mounts) {
    const int count = row.count.value_or(1);
    if (count == 1) {
      mounts.push_back(row);
      continue;
    }
    const Fact<Millimetres>& pitch = row.pitch.known() ? row.pitch : row.thickness;
    for (int i = 0; i < count; ++i) {
      Mount m = row;
      m.id.value = row.id.value_or("") + "-" + std::to_string(i + 1);
      m.count.value = 1;
      if (i > 0 && m.position.known() && pitch.known()) {
        m.position.value->x += *pitch * static_cast<double>(i);
      } else if (i > 0) {
        m.position.value.reset();  // how far on nobody says
      }
      mounts.push_back(std::move(m));
    }
  }
  return mounts;
}

namespace {

/// Of a device or an expander.
template <class Body>
std::vector<FitCheck> fit_of(const Body& body, const Mount& mount) {
  const std::string card = "` is not known";
  const std::string id = mount.id.value_or("");
  const auto row = [&](const char* dimension, const Fact<Millimetres>& actual,
                       const Fact<Millimetres>& limit) {
    const std::string name(dimension);
    return FitCheck{name, known_or(actual, name + " of `" + body.id + card),
                    known_or(limit, name + " of mount `" + id + card)};
  };
  return {row("thickness", body.thickness, mount.thickness),
          row("length", body.length, mount.length), row("height", body.height, mount.height)};
}

}  // namespace

std::vector<FitCheck> fit(const Device& device, const Mount& mount) {
  return fit_of(device, mount);
}
std::vector<FitCheck> fit(const Expander& expander, const Mount& mount) {
  return fit_of(expander, mount);
}

namespace {

/// A used slot and where it is along x, within the row of slots it belongs to.
struct UsedSlot {
  std::string row;  // "": the board's; "sw0"
  std::string id;   // of the device or expander in it
  std::string part;
  const Fact<Millimetres>* thickness = nullptr;
  bool direct = false;
  Estimate<Position> position;
};

std::optional<UsedSlot> used_slot(const Rig& rig, const DevicePlace& place) {
  if (!place.port.known() || !place.id.known()) return std::nullopt;
  const auto port = std::find_if(rig.ports.begin(), rig.ports.end(),
                                 [&](const PortChoice& p) { return p.id == *place.port; });
  if (port == rig.ports.end() || port->socket != Socket::slot) return std::nullopt;
  const DeviceUse* device = rig.project->device(*place.id);
  const ExpanderUse* expander = rig.project->expander(*place.id);
  if (device == nullptr && expander == nullptr) return std::nullopt;
  // A switch without risers sits in its slot, whether or not it says so.
  const bool direct = place.mount.value == "direct" ||
                      (device == nullptr && !place.mount.known() && place.chain.empty());
  return UsedSlot{port->expander_id,
                  *place.id,
                  device != nullptr ? device->part->id : expander->part->id,
                  device != nullptr ? &device->part->thickness : &expander->part->thickness,
                  direct,
                  port_position(*port)};
}

/// Slots in use, row by row, those without a position last in theirs, else by x.
std::vector<UsedSlot> used_slots(const Rig& rig) {
  std::vector<UsedSlot> used;
  if (rig.board == nullptr) return used;
  for (const auto* places : {&rig.layout.devices, &rig.layout.expanders}) {
    for (const DevicePlace& place : *places) {
      if (auto slot = used_slot(rig, place)) used.push_back(*std::move(slot));
    }
  }
  std::stable_sort(used.begin(), used.end(), [](const UsedSlot& a, const UsedSlot& b) {
    if (a.row != b.row) return a.row < b.row;
    if (!a.position.known() || !b.position.known()) {
      return a.position.known() && !b.position.known();
    }
    return (*a.position).x < (*b.position).x;
  });
  return used;
}

/// Where the brackets of the frame end, along the board's x: counted from the first slot.
Estimate<Millimetres> end_of_brackets(const Rig& rig) {
  Estimate<Millimetres> end;
  const Frame* frame = rig.project->frame;
  if (frame == nullptr || !frame->expansion_positions.known()) {
    end.missing.emplace_back("number of expansion positions is not known");
    return end;
  }
  std::optional<Millimetres> first;
  for (const BoardConnector& c : rig.board->connectors) {
    if (c.socket.value != Socket::slot || !c.position.known()) continue;
    first = std::min(first.value_or(c.position->x), c.position->x);
    end.rests_on(c.position);
  }
  if (!first) {
    end.missing.push_back("slot positions of `" + rig.board->id + "` are not known");
    return end;
  }
  end.rests_on(frame->expansion_positions);
  end.value = *first + Millimetres{slot_pitch * *frame->expansion_positions};
  return end;
}

}  // namespace

std::vector<DirectClearance> direct_clearances(const Rig& rig) {
  std::vector<DirectClearance> clearances;
  const std::vector<UsedSlot> used = used_slots(rig);
  for (std::size_t i = 0; i < used.size(); ++i) {
    const UsedSlot& card = used[i];
    const bool neighbour = i + 1 < used.size() && used[i + 1].row == card.row;
    if (!card.direct || (!neighbour && !card.row.empty())) continue;
    DirectClearance c;
    c.first = card.id;
    c.thickness = known_or(*card.thickness, "thickness of `" + card.part + "` is not known");
    c.room.rests_on(card.position);
    if (neighbour) {
      c.second = used[i + 1].id;
      c.room.rests_on(used[i + 1].position);
      if (card.position.known() && used[i + 1].position.known()) {
        c.room.value = (*used[i + 1].position).x - (*card.position).x;
      }
    } else {
      const Estimate<Millimetres> end = end_of_brackets(rig);
      c.room.rests_on(end);
      if (card.position.known() && end.known()) c.room.value = *end - (*card.position).x;
    }
    clearances.push_back(std::move(c));
  }
  return clearances;
}

}  // namespace rigtopo
