// Loads: what supplies, breakout boards, circuits and slots carry stays within their limits; and
// pins of power. Amounts are whole hundredths of a watt: loads are rounded up, limits down.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "solve/amounts.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {
/// P101, P112: expected load within the rating at the circuit's voltage, and within inlet and cord.
void Encoding::load_supplies() {
  const auto& circuits = c_.project.spec.mains.circuits;
  const MainsCode code = c_.project.spec.mains.code.value_or(MainsCode::nec);
  const double platform = platform_watts(c_);
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const Supply& part = *c_.supplies[s].use->part;
    const std::string id = c_.supplies[s].use->id;
    // Unary counts by class and side.
    struct Side {
      std::size_t device_class;
      int side;  // 0 plugs, 1 slot, 2 both
      std::vector<Lit> count;
    };
    std::vector<Side> sides;
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      for (int side = 0; side < 3; ++side) {
        std::vector<Lit> lits;
        for (std::size_t p = 0; p < ports_.size(); ++p) {
          const Draw& d = draws_[p][k][s];
          const Lit l = side == 0 ? d.plugs_only : side == 1 ? d.slot_only : d.both;
          if (l != 0) lits.push_back(l);
        }
        if (lits.empty()) continue;
        sides.push_back({k, side, f_.counter(lits, c_.classes[k].members.size())});
      }
    }
    const auto terms_at = [&](std::size_t level) {
      std::vector<Term> terms{{load_units(platform), board_supply_[s]}};
      for (const Side& side : sides) {
        const CardDraw draw = c_.draw(c_.classes[side.device_class], level);
        const double watts = side.side == 0   ? draw.aux_expected.value
                             : side.side == 1 ? draw.slot_expected.value
                                              : draw.total.value.value_or(Watts{0}).value;
        for (const Lit l : side.count) terms.push_back({load_units(watts), l});
      }
      return terms;
    };
    const auto within = [&](double watts, const std::vector<Lit>& when, const DemandId demand) {
      for (std::size_t j = 0; j < level_.size(); ++j) {
        std::vector<Lit> all = when;
        all.push_back(level_[j]);
        f_.weighted_at_most(terms_at(j), limit_units(watts), all, demand);
      }
    };
    if (circuits.empty()) {
      // No mains given: the lowest rating of any band is what counts.
      std::optional<double> least;
      for (const SupplyRating& r : part.ratings) {
        if (r.power.known()) least = std::min(least.value_or(r.power->value), r.power->value);
      }
      within(least.value_or(0), {supply_used_[s]},
             f_.demand({"P101",
                        "supply-overloaded",
                        fmt::format("`{}` carries no more than {:.0f} W, its lowest rating", id,
                                    least.value_or(0)),
                        c_.supplies[s].use->at,
                        {id}}));
      continue;
    }
    std::map<double, std::vector<Lit>> by_volts;
    for (std::size_t q = 0; q < circuits.size(); ++q) {
      if (circuits[q].volts.known()) by_volts[circuits[q].volts->value].push_back(circuit_[s][q]);
    }
    for (const auto& [volts, lits] : by_volts) {
      const Estimate<Watts> rating = rating_at(part, Volts{volts});
      if (!rating.known()) continue;
      const Lit here = f_.fresh();
      for (const Lit l : lits) f_.implies({l}, {here});
      within((*rating).value, {here},
             f_.demand({"P101",
                        "supply-overloaded",
                        fmt::format("`{}` carries no more than {} at {}", id, to_text(*rating),
                                    to_text(Volts{volts})),
                        c_.supplies[s].use->at,
                        {id}}));
      const double efficiency = part.efficiency.value_or(default_efficiency()).value / 100;
      const Amps cord = inlet_rating(part.mains_inlet.value_or(MainsInlet::c14), code);
      const double through_cord = (Volts{volts} * cord).value * efficiency;
      if (through_cord >= (*rating).value) continue;
      within(through_cord, {here},
             f_.demand({"P112",
                        "cord-overloaded",
                        fmt::format("`{}` draws no more than {} through its mains inlet", id,
                                    to_text(cord)),
                        c_.supplies[s].use->at,
                        {id}}));
    }
  }
}

/// P108: all ports of a breakout board together.
void Encoding::load_breakouts() {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const Breakout* breakout = c_.supplies[s].use->breakout;
    if (breakout == nullptr || !breakout->bus_power.known()) continue;
    const std::string id = c_.supplies[s].use->id;
    const DemandId rated =
        f_.demand({"P108",
                   "breakout-overloaded",
                   fmt::format("breakout board `{}` of `{}` passes no more than {}", breakout->id,
                               id, to_text(*breakout->bus_power)),
                   breakout->bus_power.at,
                   {id}});
    for (std::size_t j = 0; j < level_.size(); ++j) {
      std::vector<Term> terms;
      const auto add = [&](const InletVars& inlet, double watts) {
        for (const FeedVar& f : inlet.feeds) {
          if (f.supply != s) continue;
          terms.push_back({load_units(watts), f.lit});
        }
      };
      for (std::size_t p = 0; p < ports_.size(); ++p) {
        for (const OwnerVars& owner : ports_[p].cards) {
          const DeviceClass& c = c_.classes[owner.device_class];
          const auto parts = shares(plugs_of(c.part->inlets));
          for (std::size_t i = 0; i < owner.inlets.size(); ++i) {
            add(owner.inlets[i], c_.draw(c, j).aux_expected.value * parts[i]);
          }
        }
        for (const OwnerVars& owner : ports_[p].risers) {
          const auto parts = shares(plugs_of(owner.riser->inlets));
          double slot = 0;
          for (const DeviceClass& c : c_.classes) {
            if (in_slot(c)) slot = std::max(slot, c_.draw(c, j).slot_expected.value);
          }
          for (std::size_t i = 0; i < owner.inlets.size(); ++i)
            add(owner.inlets[i], slot * parts[i]);
        }
      }
      f_.weighted_at_most(std::move(terms), limit_units(breakout->bus_power->value), {level_[j]},
                          rated);
    }
  }
}

/// P110: a circuit carries what its supplies draw at the wall, and what else hangs on it.
void Encoding::load_circuits() {
  const auto& circuits = c_.project.spec.mains.circuits;
  const bool nec = c_.project.spec.mains.code.value_or(MainsCode::nec) == MainsCode::nec;
  const double platform = platform_watts(c_);
  std::map<double, std::vector<std::size_t>> by_efficiency;
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const Supply& part = *c_.supplies[s].use->part;
    by_efficiency[part.efficiency.value_or(default_efficiency()).value / 100].push_back(s);
  }
  for (std::size_t q = 0; q < circuits.size(); ++q) {
    if (!circuits[q].volts.known() || !circuits[q].breaker.known()) continue;
    const double breaker = (*circuits[q].volts * *circuits[q].breaker).value;
    const double limit =
        breaker * (nec ? 0.8 : 1.0) - circuits[q].other_load.value_or(Watts{0}).value;
    struct Side {
      std::size_t device_class;
      int side;
      double efficiency;
      std::vector<Lit> count;
    };
    std::vector<Side> sides;
    std::vector<std::pair<double, Lit>> boards;
    for (const auto& [efficiency, supplies] : by_efficiency) {
      const Lit board = f_.fresh();
      for (const std::size_t s : supplies) f_.implies({board_supply_[s], circuit_[s][q]}, {board});
      boards.emplace_back(efficiency, board);
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        for (int side = 0; side < 3; ++side) {
          std::vector<Lit> lits;
          for (std::size_t p = 0; p < ports_.size(); ++p) {
            Lit here = 0;
            for (const std::size_t s : supplies) {
              const Draw& d = draws_[p][k][s];
              const Lit l = side == 0 ? d.plugs_only : side == 1 ? d.slot_only : d.both;
              if (l == 0) continue;
              if (here == 0) here = f_.fresh();
              f_.implies({l, circuit_[s][q]}, {here});
            }
            if (here != 0) lits.push_back(here);
          }
          if (lits.empty()) continue;
          sides.push_back({k, side, efficiency, f_.counter(lits, c_.classes[k].members.size())});
        }
      }
    }
    const DemandId holds = f_.demand(
        {"P110",
         "circuit-overloaded",
         fmt::format("circuit `{}` ({} {}) carries no more than {:.0f} W for hours, {:.0f} W of it "
                     "for this rig",
                     circuits[q].id.value_or("?"), to_text(*circuits[q].volts),
                     to_text(*circuits[q].breaker), breaker * (nec ? 0.8 : 1.0), limit),
         circuits[q].at,
         {circuits[q].id.value_or("?")}});
    for (std::size_t j = 0; j < level_.size(); ++j) {
      std::vector<Term> terms;
      for (const auto& [efficiency, lit] : boards) {
        terms.push_back({load_units(platform / efficiency), lit});
      }
      for (const Side& side : sides) {
        const CardDraw draw = c_.draw(c_.classes[side.device_class], j);
        const double watts = side.side == 0   ? draw.aux_expected.value
                             : side.side == 1 ? draw.slot_expected.value
                                              : draw.total.value.value_or(Watts{0}).value;
        for (const Lit l : side.count) terms.push_back({load_units(watts / side.efficiency), l});
      }
      f_.weighted_at_most(std::move(terms), limit_units(limit), {level_[j]}, holds);
    }
  }
}

/// P107: 12 V through the board's slots, where the board says what it can pass.
void Encoding::load_slots() {
  if (!c_.board.slot_power_limit.known()) return;
  const DemandId rated =
      f_.demand({"P107",
                 "slots-overloaded",
                 fmt::format("the board passes no more than {} of 12 V to its slots",
                             to_text(*c_.board.slot_power_limit)),
                 c_.board.slot_power_limit.at,
                 {c_.board.id}});
  for (std::size_t j = 0; j < level_.size(); ++j) {
    std::vector<Term> terms;
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        if (!in_slot(c_.classes[k])) continue;
        const Lit host = f_.fresh();
        for (std::size_t h = 0; h < ports_[p].chain.size(); ++h) {
          const SlotFeed feed = c_.chains[p][h].feed;
          if (feed == SlotFeed::own || feed == SlotFeed::none) continue;
          f_.implies({ports_[p].device[k], ports_[p].chain[h]}, {host});
        }
        terms.push_back({load_units(c_.draw(c_.classes[k], j).slot_expected.value), host});
      }
    }
    f_.weighted_at_most(std::move(terms), limit_units(c_.board.slot_power_limit->value),
                        {level_[j]}, rated);
  }
}

/// Supplies, circuits and feeds that the user fixed as built.
void Encoding::pin_power() {
  for (const auto& pin : c_.project.spec.pins) {
    const std::string& id = *pin.key.value;
    const Pin& p = pin.value;
    const auto fixed = [&](const std::string& what, Source at) {
      return f_.demand({"I102", "pinned", fmt::format("`{}` is pinned to {}", id, what), at, {id}});
    };
    for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
      const std::string supply = c_.supplies[s].use->id;
      if (p.supply.known() && supply != *p.supply) {
        const DemandId demand = fixed("`" + *p.supply + "`", p.supply.at);
        if (id == "board") f_.clause({-board_supply_[s]}, demand);
        for (std::size_t k = 0; k < c_.classes.size(); ++k) {
          if (c_.classes[k].pin != &p) continue;
          for (PortVars& port : ports_) f_.implies({port.device[k], port.plugs[s]}, {}, demand);
        }
      }
      if (p.circuit.known() && supply == id) {
        const DemandId demand = fixed("circuit `" + *p.circuit + "`", p.circuit.at);
        for (std::size_t q = 0; q < circuit_[s].size(); ++q) {
          const auto& row = c_.project.spec.mains.circuits[q];
          if (row.id.value_or("") != *p.circuit) f_.clause({-circuit_[s][q]}, demand);
        }
      }
    }
  }
}

}  // namespace rigtopo
