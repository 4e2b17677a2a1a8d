// Limits that several outputs or supplies share: rails, plugs on one cable, UPS and PDU; and
// supplies that must not be several. The rest of power is encode_power.cpp and encode_loads.cpp.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "physics/wire.hpp"
#include "solve/amounts.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {

/// P120, W112: outputs of one rail, and plugs of one cable, stay within its limit together.
void Encoding::load_groups() {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const SupplyUse& use = *c_.supplies[s].use;
    for (const OutputGroup& g : output_groups(*use.part, use.breakout)) {
      const bool rail = g.kind == OutputGroup::Kind::rail;
      const DemandId rated = f_.demand(
          {rail ? "P120" : "W112",
           rail ? "rail-overloaded" : "pigtail-overloaded",
           fmt::format("{} `{}` of `{}` carries no more than {}", rail ? "rail" : "cable", g.id,
                       use.id, g.limit.known() ? to_text(*g.limit) : "nobody knows"),
           g.at,
           {use.id}});
      std::vector<bool> wanted;
      for (const OutputKind& kind : c_.supplies[s].outputs) {
        wanted.push_back(std::find(g.outputs.begin(), g.outputs.end(), kind.output) !=
                         g.outputs.end());
      }
      load_outputs(s, wanted, g.limit.value.value_or(Watts{0}), rated);
    }
  }
}

/// P123: without a common return there is one supply.
void Encoding::join_returns() {
  const Fact<bool>& common = c_.project.spec.power.common_return;
  if (!common.known() || *common || supply_used_.size() < 2) return;
  f_.at_most(supply_used_, 1,
             f_.demand({"P123",
                        "no-common-return",
                        "one supply only: the 0 V of several is not joined",
                        common.at,
                        {"board"}}));
}

/// The UPS or PDU that a pin hangs a supply on; nullptr when there is none.
const MainsUnit* Encoding::unit_of(std::size_t supply) const {
  for (const auto& pin : c_.project.spec.pins) {
    if (pin.key.value != c_.supplies[supply].use->id) continue;
    return c_.project.mains_unit(pin.value.circuit.value_or(""));
  }
  return nullptr;
}

/// What takes an outlet of a circuit: each supply, and each unit once.
std::vector<Lit> Encoding::plugged_into(std::size_t q) {
  std::vector<Lit> plugged;
  std::map<const MainsUnit*, Lit> units;
  for (std::size_t s = 0; s < circuit_.size(); ++s) {
    const MainsUnit* unit = unit_of(s);
    if (unit == nullptr) {
      plugged.push_back(circuit_[s][q]);
      continue;
    }
    const auto [it, is_new] = units.try_emplace(unit, 0);
    if (is_new) it->second = f_.fresh();
    if (is_new) plugged.push_back(it->second);
    f_.implies({circuit_[s][q]}, {it->second});
  }
  return plugged;
}

/// P131, P132: what pins hang on a UPS or PDU.
void Encoding::load_units_of_mains() {
  for (const MainsUnit& unit : c_.project.spec.mains.units) {
    std::vector<std::size_t> supplies;
    for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
      if (unit_of(s) == &unit) supplies.push_back(s);
    }
    if (!supplies.empty()) load_unit(unit, supplies);
  }
}

void Encoding::load_unit(const MainsUnit& unit, const std::vector<std::size_t>& supplies) {
  const std::string id = unit.id.value_or("?");
  std::vector<Lit> used;
  for (const std::size_t s : supplies) used.push_back(supply_used_[s]);
  if (unit.outlets.known() && used.size() > static_cast<std::size_t>(*unit.outlets)) {
    f_.at_most(used, static_cast<std::size_t>(*unit.outlets),
               f_.demand({"P132",
                          "unit-outlets-exceeded",
                          fmt::format("`{}` has {} outlets", id, *unit.outlets),
                          unit.outlets.at,
                          {id}}));
  }
  const DemandId rated = f_.demand(
      {"P131",
       "unit-overloaded",
       unit.power.known() ? fmt::format("`{}` passes no more than {}", id, to_text(*unit.power))
                          : fmt::format("what `{}` can pass on is known", id),
       unit.at,
       {id}});
  if (!unit.power.known()) {
    for (const Lit u : used) f_.clause({-u}, rated);
    return;
  }
  each_level(
      [&](std::size_t j) {
        std::vector<Term> terms;
        for (const std::size_t s : supplies) {
          const Supply& part = *c_.supplies[s].use->part;
          const double efficiency = part.efficiency.value_or(default_efficiency()).value / 100;
          const double host = platform_power(c_.project).value.value_or(Watts{0}).value +
                              cpu_power(c_.project).value.value_or(Watts{0}).value;
          terms.push_back({load_units(host / efficiency), {board_supply_[s]}});
          for (const Counted& c : counted_[s]) {
            terms.push_back(
                {load_units(watts_of(c.device_class, c.side, j) / efficiency), c.count});
          }
        }
        return terms;
      },
      limit_units(unit.power->value), {}, rated);
}

}  // namespace rigtopo
