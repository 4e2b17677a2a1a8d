// P117: peaks that heat a supply beyond its rating. What they heat is no sum over the cards, so no
// constraint stands for it from the start: a layout is held against physics, and from a supply that
// is too hot the model learns its loading. More cards, or a higher limit, heat no less, so nothing
// above that loading is tried again.
#include <algorithm>
#include <fmt/format.h>

#include "physics/excursions.hpp"
#include "solve/amounts.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {
namespace {

/// Voltage of the circuit that the layout hangs a supply on; 0: none.
double volts_of(const Project& project, const Layout& layout, std::string_view supply) {
  const SupplyPlace* place = layout.supply(supply);
  const CircuitRow* row = place == nullptr ? nullptr : project.circuit(place->circuit.value_or(""));
  return row == nullptr ? 0 : row->volts.value_or(Volts{0}).value;
}

}  // namespace

/// Cards of the model that a load of a supply stands for; false when it is none of them.
bool Encoding::count_load(const Load& load, HotLoading& hot) const {
  if (load.subject == "platform" || load.subject.starts_with("cpu")) return hot.host = true;
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    const DeviceClass& c = c_.classes[k];
    const bool member = std::any_of(c.members.begin(), c.members.end(),
                                    [&](const DeviceUse* m) { return m->id == load.subject; });
    if (!member) continue;
    const bool plugs = !c.part->inlets.empty() && load.side != FedSide::slot;
    // A slot draw that is only assumed counts where somebody else feeds the plugs: see watts_of().
    const bool slot = load.side == FedSide::slot ||
                      (load.side == FedSide::whole && !(plugs && c_.draw(c, 0).slot_assumed));
    if (plugs) ++hot.cards[{k, Side::plugs}];
    if (slot) ++hot.cards[{k, Side::slot}];
    return true;
  }
  return false;
}

std::vector<Encoding::HotLoading> Encoding::hot_supplies(const Layout& layout) const {
  std::vector<HotLoading> list;
  const Rig rig = build_rig(c_.project, layout);
  std::size_t level = 0;
  while (level + 1 < level_.size() && is(level_[level + 1])) ++level;
  for (const SupplyLoad& load : supply_loads(rig)) {
    const SupplyUse* use = c_.project.supply(load.id);
    const auto hottest = hottest_window(rig, load);
    if (use == nullptr || !hottest) continue;
    const Watts rating = load.rating.value.value_or(Watts{lowest_rating(*use->part)});
    if (!exceeds(hottest->rms, rating)) continue;
    HotLoading hot{load.id, use->part, volts_of(c_.project, layout, load.id), level, false, {}};
    const bool whole = std::all_of(load.loads.begin(), load.loads.end(),
                                   [&](const Load& l) { return count_load(l, hot); });
    if (whole) list.push_back(std::move(hot));  // else the judge refuses the layout
  }
  return list;
}

void Encoding::forbid(const HotLoading& hot) {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const SupplyUse& use = *c_.supplies[s].use;
    if (use.part != hot.part) continue;
    std::vector<Lit> clause{-level_[hot.level]};
    if (hot.host) clause.push_back(-board_supply_[s]);
    if (hot.volts > 0) {
      const auto here = at_volts_[s].find(hot.volts);
      if (here == at_volts_[s].end()) continue;
      clause.push_back(-here->second);
    }
    bool possible = true;
    for (const auto& cards : hot.cards) {
      const auto counted =
          std::find_if(counted_[s].begin(), counted_[s].end(), [&](const Counted& c) {
            return c.device_class == cards.first.first && c.side == cards.first.second;
          });
      const std::size_t count = cards.second;
      possible = possible && counted != counted_[s].end() && counted->count.size() >= count;
      if (possible) clause.push_back(-counted->count[count - 1]);
    }
    if (!possible) continue;
    f_.clause(std::move(clause),
              f_.demand({"P117",
                         "rms-over-rating",
                         fmt::format("peaks heat `{}` no more than its rating does", use.id),
                         use.at,
                         {use.id}}));
  }
}

}  // namespace rigtopo
