// Limits that several outputs or supplies share: rails, plugs on one cable, UPS and PDU; and
// supplies that must not be several. The rest of power is encode_power.cpp and encode_loads.cpp.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "physics/wire.hpp"
#include "solve/amounts.hpp"
#include "solve/encoding.hpp"
#include "spec/outlets.hpp"

namespace rigtopo {

namespace {

/// By OutputGroup::Kind.
struct GroupDemand {
  const char* code;
  const char* name;
  const char* words;
};
constexpr std::array<GroupDemand, 3> group_demands{
    {{"P120", "rail-overloaded", "rail"},
     {"W112", "pigtail-overloaded", "cable"},
     {"W113", "chain-feeds-several-risers", "Molex chain"}}};

}  // namespace

/// P120, W112, W113: outputs of one rail, plugs of one cable or chain, stay within its limit
/// together.
void Encoding::load_groups() {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const SupplyUse& use = *c_.supplies[s].use;
    for (const OutputGroup& g : output_groups(*use.part, use.breakout)) {
      const GroupDemand& row = group_demands[static_cast<std::size_t>(g.kind)];
      const DemandId rated =
          f_.demand({row.code,
                     row.name,
                     fmt::format("{} `{}` of `{}` carries no more than {}", row.words, g.id, use.id,
                                 g.limit.known() ? to_text(*g.limit) : "nobody knows"),
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

/// The cord that a pin puts on a supply; nullptr: the one that came with it.
const Cord* Encoding::cord_of(std::size_t supply) const {
  for (const auto& pin : c_.project.spec.pins) {
    if (pin.key.value != c_.supplies[supply].use->id) continue;
    return c_.project.part<Cord>(pin.value.cord.value_or(""));
  }
  return nullptr;
}

/// Of what the circuit gives for a supply, what reaches its outputs: its own losses and those of a
/// UPS before it.
double Encoding::efficiency_of(std::size_t supply) const {
  const MainsUnit* unit = unit_of(supply);
  const Supply& part = *c_.supplies[supply].use->part;
  return part.efficiency.value_or(default_efficiency()).value / 100 *
         (unit == nullptr ? 1.0 : unit_efficiency(*unit));
}

/// P128, P129, P134: cords that pins name, and outlets.
void Encoding::fit_cords() {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const Cord* cord = cord_of(s);
    const Fact<MainsInlet>& inlet = c_.supplies[s].use->part->mains_inlet;
    if (cord != nullptr && cord->inlet.known() && inlet.known() && *cord->inlet != *inlet) {
      f_.clause({-supply_used_[s]},
                f_.demand({"P128",
                           "cord-plug-unfit",
                           fmt::format("`{}` fits a {} inlet", cord->id, word(*cord->inlet)),
                           c_.supplies[s].use->at,
                           {c_.supplies[s].use->id, cord->id}}));
    }
    for (std::size_t q = 0; q < circuit_[s].size(); ++q) {
      fit_cord(s, q);
      load_contact(s, q);
    }
  }
}

/// Plug in outlet, both at their voltage, and behind a breaker that they bear.
void Encoding::fit_cord(std::size_t s, std::size_t q) {
  const CircuitRow& circuit = c_.project.spec.mains.circuits[q];
  const std::string id = circuit.id.value_or("?");
  const Cord* cord = unit_of(s) == nullptr ? cord_of(s) : nullptr;
  const bool plug = cord != nullptr && cord->plug.known();
  const OutletKind* outlet = circuit.outlet.known() ? outlet_kind(*circuit.outlet) : nullptr;
  const OutletKind* own = plug ? outlet_of_plug(*cord->plug) : nullptr;
  const bool fits = circuit.outlet.known()
                        ? outlet != nullptr && plug && takes_plug(*outlet, *cord->plug)
                        : own != nullptr && circuit.volts.known() && own->made_for(*circuit.volts);
  if (cord != nullptr && !fits) {
    f_.clause({-circuit_[s][q]},
              f_.demand({"P128",
                         "cord-plug-unfit",
                         fmt::format("cord `{}` fits the outlets of circuit `{}`", cord->id, id),
                         circuit.at,
                         {c_.supplies[s].use->id, cord->id}}));
  }
  Amps most = outlet != nullptr ? outlet->breaker : Amps{0};
  if (!circuit.outlet.known() && plug) most = strongest_breaker(*cord->plug);
  if (most.value <= 0 || !circuit.breaker.known() || !exceeds(*circuit.breaker, most)) return;
  f_.clause({-circuit_[s][q]},
            f_.demand({"P134",
                       "outlet-weaker-than-breaker",
                       fmt::format("the outlets of circuit `{}` bear its breaker of {}", id,
                                   to_text(*circuit.breaker)),
                       circuit.breaker.at,
                       {id}}));
}

/// P129: through one outlet no more than its standard allows.
void Encoding::load_contact(std::size_t s, std::size_t q) {
  const CircuitRow& circuit = c_.project.spec.mains.circuits[q];
  if (unit_of(s) != nullptr || !circuit.volts.known()) return;
  const std::optional<Contact> contact = weakest_contact(circuit.outlet, cord_of(s));
  if (!contact) return;
  const SupplyUse& use = *c_.supplies[s].use;
  const Estimate<Watts> rating = rating_at(*use.part, *circuit.volts);
  const double through = (*circuit.volts * contact->kind->amps).value * efficiency_of(s);
  if (!rating.known() || through >= (*rating).value) return;
  load_supply(
      s, through, {circuit_[s][q]},
      f_.demand({"P129",
                 "outlet-overloaded",
                 fmt::format("`{}` draws no more than {} through one outlet of `{}`", use.id,
                             to_text(contact->kind->amps), circuit.id.value_or("?")),
                 circuit.at,
                 {use.id, circuit.id.value_or("?")}}));
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
  load_behind_unit(supplies, *unit.power, rated);
  const CircuitRow* circuit = c_.project.circuit(id);
  const auto contact =
      circuit == nullptr ? std::nullopt : weakest_contact(circuit->outlet, nullptr);
  if (!contact || !circuit->volts.known()) return;
  const Watts through = *circuit->volts * contact->kind->amps - unit.charging.value_or(Watts{0});
  load_behind_unit(
      supplies, through * unit_efficiency(unit),
      f_.demand({"P129",
                 "outlet-overloaded",
                 fmt::format("`{}` draws no more than {} through one outlet of `{}`", id,
                             to_text(contact->kind->amps), circuit->id.value_or("?")),
                 circuit->at,
                 {id, circuit->id.value_or("?")}}));
}

/// What supplies draw of the unit they hang on is no more than this.
void Encoding::load_behind_unit(const std::vector<std::size_t>& supplies, Watts most,
                                DemandId demand) {
  const double host = platform_power(c_.project).value.value_or(Watts{0}).value +
                      cpu_power(c_.project).value.value_or(Watts{0}).value;
  each_level(
      [&](std::size_t j) {
        std::vector<Term> terms;
        for (const std::size_t s : supplies) {
          const Supply& part = *c_.supplies[s].use->part;
          const double efficiency = part.efficiency.value_or(default_efficiency()).value / 100;
          terms.push_back({load_units(host / efficiency), {board_supply_[s]}});
          for (const Counted& c : counted_[s]) {
            terms.push_back(
                {load_units(watts_of(c.device_class, c.side, j) / efficiency), c.count});
          }
        }
        return terms;
      },
      limit_units(most.value), {}, demand);
}

}  // namespace rigtopo
