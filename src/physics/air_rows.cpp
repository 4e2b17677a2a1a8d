// Cards in a row: who stands on whose fan side, and what an open frame makes of it. An open frame
// is no duct: each card breathes the room and a share of what its neighbour on the fan side blows
// out. That is an estimate with a wide band, and never more.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "physics/air_state.hpp"
#include "physics/geometry.hpp"

namespace rigtopo {
namespace {

struct Standing {
  const DeviceUse* use = nullptr;
  Mount mount;
};

/// Cards in mounts, by row, in order of x; those without a position are left out.
std::map<std::string, std::vector<Standing>> rows_of(const Rig& rig) {
  std::map<std::string, std::vector<Standing>> rows;
  for (const Mount& mount : all_mounts(*rig.project->frame)) {
    if (!mount.id.known() || !mount.position.known()) continue;
    for (const DevicePlace& place : rig.layout.devices) {
      const DeviceUse* use = place.id.known() ? rig.project->device(*place.id) : nullptr;
      if (use == nullptr || use->kind != "gpu" || place.mount.value != *mount.id) continue;
      const Mount* row = mount_row(*rig.project->frame, *mount.id);
      const std::string fallback = row != nullptr ? row->id.value_or("") : "";
      rows[mount.row.value_or(fallback)].push_back({use, mount});
    }
  }
  for (auto& entry : rows) {
    std::stable_sort(entry.second.begin(), entry.second.end(),
                     [](const Standing& a, const Standing& b) {
                       return a.mount.position->x < b.mount.position->x;
                     });
  }
  return rows;
}

FanSide between(const Standing& card, const Standing& next) {
  FanSide side{card.use->id, next.use->id, {}};
  side.gap.rests_on(card.mount.position);
  side.gap.rests_on(next.mount.position);
  side.gap.rests_on(card.use->part->thickness);
  if (card.use->part->thickness.known()) {
    side.gap.value = next.mount.position->x - card.mount.position->x - *card.use->part->thickness;
  } else {
    side.gap.missing.push_back("thickness of `" + card.use->part->id + "` is not known");
  }
  return side;
}

}  // namespace

std::vector<FanSide> fan_sides(const Rig& rig) {
  std::vector<FanSide> sides;
  if (rig.project->frame == nullptr) return sides;
  for (const auto& [row, cards] : rows_of(rig)) {
    for (std::size_t i = 0; i + 1 < cards.size(); ++i) {
      sides.push_back(between(cards[i], cards[i + 1]));
    }
  }
  for (const DirectClearance& c : direct_clearances(rig)) {
    if (c.second.empty() || rig.project->device(c.first) == nullptr) continue;
    FanSide side{c.first, c.second, {}};
    side.gap.rests_on(c.thickness);
    side.gap.rests_on(c.room);
    if (c.thickness.known() && c.room.known()) side.gap.value = *c.room - *c.thickness;
    if (!c.room.known()) side.gap.missing.push_back("room beside `" + c.first + "` is not known");
    sides.push_back(std::move(side));
  }
  return sides;
}

namespace {

/// Own fans by the card's figures, else as much as a passive card needs.
void set_own_flow(CardAir& card, AirState& state) {
  const Fact<Cfm>& free = card.device->airflow.free_flow;
  if (free.known()) {
    card.flow = litres_per_second(*free);
    return;
  }
  card.flow = usual_need(card.device->power.value_or(card.heat));
  state.assumptions.push_back(fmt::format("the fans of `{}` move {} CFM (unverified)",
                                          card.device->id, number(in_cfm(card.flow).value, 0)));
}

CardAir* find(AirState& state, const std::string& id) {
  const auto it = std::find_if(state.cards.begin(), state.cards.end(),
                               [&](const CardAir& c) { return c.id == id; });
  return it == state.cards.end() ? nullptr : &*it;
}

void warm(CardAir& card, Celsius inlet, double density) {
  card.inlet = inlet;
  card.outlet = inlet + Kelvins{card.heat.value / heat_flow(card.flow, density)};
  const Fact<KelvinsPerWatt>& r = card.device->airflow.thermal_resistance;
  if (r.known()) card.core = card.inlet + *r * card.heat;
}

}  // namespace

void estimate_open_frame(const Rig& rig, AirState& state) {
  state.confidence = Confidence::unverified;
  for (CardAir& card : state.cards) {
    if (!card.own_fans) {
      state.missing.push_back("no fan moves air through `" + card.id + "`");
      continue;
    }
    set_own_flow(card, state);
    warm(card, state.room, state.density);
  }
  std::vector<FanSide> sides = fan_sides(rig);
  for (const FanSide& side : sides) {
    state.missing.insert(state.missing.end(), side.gap.missing.begin(), side.gap.missing.end());
  }
  if (!state.missing.empty()) return;
  // From the free end of each row to the other: fan_sides() lists a row in order of x.
  std::reverse(sides.begin(), sides.end());
  for (const FanSide& side : sides) {
    CardAir* card = find(state, side.card);
    const CardAir* next = find(state, side.next);
    if (card == nullptr || next == nullptr) continue;
    const Kelvins hot = next->outlet - state.room;
    warm(*card, state.room + hot * entrained_share(*side.gap), state.density);
  }
  for (const CardAir& card : state.cards) {
    state.heat += card.heat;
    state.through += card.flow;
  }
  state.solved = true;
}

}  // namespace rigtopo
