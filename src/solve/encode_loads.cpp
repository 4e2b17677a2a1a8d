// What supplies, breakout boards, the board's slots and circuits carry in sum. Cards are counted in
// unary by class and side first and weighed after, so that sums have few distinct weights; every
// sum holds from its power limit upwards.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "solve/amounts.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {
namespace {

/// Watts of things that hang on the board's supply whatever is placed where.
double host_watts(const Choices& c) {
  return platform_power(c.project).value.value_or(Watts{0}).value +
         cpu_power(c.project).value.value_or(Watts{0}).value;
}

constexpr std::size_t most_optional = 6;  // inlets of a board whose subsets are looked at

}  // namespace

/// Total power counts once: a slot draw that is only assumed is part of what the plugs may carry,
/// and adds to it only where somebody else feeds the plugs; a sourced one adds to plugs less that
/// draw.
double Encoding::watts_of(std::size_t device_class, Side side, std::size_t level) const {
  const CardDraw draw = c_.draw(c_.classes[device_class], level);
  return (side == Side::plugs ? draw.aux_expected : draw.slot_expected).value;
}

/// The sum at every power limit. A higher limit implies the lower ones, so an equal sum is not
/// repeated.
void Encoding::each_level(const std::function<std::vector<Term>(std::size_t)>& terms, long bound,
                          const std::vector<Lit>& when, DemandId id) {
  std::vector<Term> before;
  for (std::size_t j = 0; j < level_.size(); ++j) {
    std::vector<Term> now = terms(j);
    const bool same = j > 0 && std::equal(now.begin(), now.end(), before.begin(), before.end(),
                                          [](const Term& a, const Term& b) {
                                            return a.weight == b.weight && a.count == b.count;
                                          });
    if (same) continue;
    std::vector<Lit> all = when;
    all.push_back(level_[j]);
    f_.weighted_at_most(now, bound, all, id);
    before = std::move(now);
  }
}

/// A supply that feeds something is there, and hangs on one circuit.
void Encoding::place_supplies() {
  const auto& circuits = c_.project.spec.mains.circuits;
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    std::vector<Lit> reasons{board_supply_[s]};
    for (const PortVars& port : ports_) {
      reasons.push_back(port.plugs[s]);
      reasons.push_back(port.riser_feed[s]);
    }
    for (const Lit r : reasons) f_.implies({r}, {supply_used_[s]});
    f_.implies({supply_used_[s]}, reasons);
    circuit_.push_back(f_.fresh(circuits.size()));
    if (circuits.empty()) continue;
    f_.implies({supply_used_[s]}, circuit_[s]);
    f_.at_most_one(circuit_[s]);
    for (std::size_t q = 0; q < circuits.size(); ++q) {
      f_.implies({circuit_[s][q]}, {supply_used_[s]});
      const Supply& part = *c_.supplies[s].use->part;
      const bool rated = circuits[q].volts.known() && circuits[q].breaker.known() &&
                         rating_at(part, *circuits[q].volts).known();
      if (rated) continue;
      f_.clause({-circuit_[s][q]},
                f_.demand({"P103",
                           "mains-voltage-unfit",
                           fmt::format("`{}` has a rating at the voltage of circuit `{}`", part.id,
                                       circuits[q].id.value_or("?")),
                           circuits[q].at,
                           {part.id}}));
    }
  }
  at_volts_.resize(c_.supplies.size());
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    for (std::size_t q = 0; q < circuits.size(); ++q) {
      if (!circuits[q].volts.known()) continue;
      Lit& here = at_volts_[s][circuits[q].volts->value];
      if (here == 0) here = f_.fresh();
      f_.implies({circuit_[s][q]}, {here});
    }
  }
  // P111
  for (std::size_t q = 0; q < circuits.size(); ++q) {
    if (!circuits[q].outlets.known()) continue;
    const std::vector<Lit> plugged = plugged_into(q);
    const auto outlets = static_cast<std::size_t>(*circuits[q].outlets);
    if (plugged.size() <= outlets) continue;
    f_.at_most(plugged, outlets,
               f_.demand({"P111",
                          "outlets-exceeded",
                          fmt::format("circuit `{}` has {} outlets", circuits[q].id.value_or("?"),
                                      outlets),
                          circuits[q].outlets.at,
                          {circuits[q].id.value_or("?")}}));
  }
}

/// How each card loads each supply: through its plugs and through its slot.
void Encoding::split_draws() {
  draws_.resize(ports_.size());
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    const PortVars& port = ports_[p];
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      const DeviceClass& c = c_.classes[k];
      std::vector<Draw> row(c_.supplies.size());
      const bool assumed = c_.draw(c, 0).slot_assumed;
      for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
        // Drives in sockets of the board draw from whoever feeds it.
        const Lit slot = in_slot(c) ? port.slot[s] : host_supply(p, s);
        row[s].slot = f_.fresh();
        if (c.part->inlets.empty()) {
          f_.implies({port.device[k], slot}, {row[s].slot});
          continue;
        }
        row[s].plugs = f_.fresh();
        f_.implies({port.device[k], port.plugs[s]}, {row[s].plugs});
        f_.implies({port.device[k], slot}, assumed ? std::vector<Lit>{row[s].slot, port.plugs[s]}
                                                   : std::vector<Lit>{row[s].slot});
      }
      draws_[p].push_back(std::move(row));
    }
  }
}

/// Cards of one class on one side of one supply, counted.
void Encoding::count_draws() {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    std::vector<Counted> row;
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      for (const Side side : {Side::plugs, Side::slot}) {
        std::vector<Lit> lits;
        for (const auto& port : draws_) {
          const Lit l = side_of(port[k][s], side);
          if (l != 0) lits.push_back(l);
        }
        if (lits.empty()) continue;
        row.push_back({k, side, f_.counter(lits, c_.classes[k].members.size())});
      }
    }
    counted_.push_back(std::move(row));
  }
}

std::vector<Term> Encoding::supply_terms(std::size_t supply, std::size_t level) const {
  std::vector<Term> terms{{load_units(host_watts(c_)), {board_supply_[supply]}}};
  for (const Counted& c : counted_[supply]) {
    const long weight = load_units(watts_of(c.device_class, c.side, level));
    terms.push_back({weight, c.count});
  }
  return terms;
}

void Encoding::load_supply(std::size_t supply, double watts, const std::vector<Lit>& when,
                           DemandId id) {
  each_level([&](std::size_t j) { return supply_terms(supply, j); }, limit_units(watts), when, id);
}

/// P101, P112: expected load within the rating at the circuit's voltage, and within inlet and cord.
void Encoding::load_supplies() {
  count_draws();
  const auto& circuits = c_.project.spec.mains.circuits;
  const MainsCode code = c_.project.spec.mains.code.value_or(MainsCode::nec);
  if (!cpu_power(c_.project).known()) {
    f_.clause({}, f_.demand({"P101",
                             "supply-overloaded",
                             fmt::format("power of `{}` is not known", c_.project.cpu->id),
                             c_.project.cpu->at,
                             {c_.project.cpu->id}}));
  }
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const Supply& part = *c_.supplies[s].use->part;
    const std::string id = c_.supplies[s].use->id;
    if (circuits.empty()) {
      const double least = lowest_rating(part);
      load_supply(s, least, {supply_used_[s]},
                  f_.demand({"P101",
                             "supply-overloaded",
                             fmt::format("`{}` carries no more than {}, its lowest rating", id,
                                         to_text(Watts{least})),
                             c_.supplies[s].use->at,
                             {id}}));
      continue;
    }
    for (const auto& [volts, here] : at_volts_[s]) {
      const Estimate<Watts> rating = rating_at(part, Volts{volts});
      if (!rating.known()) continue;
      load_supply(s, (*rating).value, {here},
                  f_.demand({"P101",
                             "supply-overloaded",
                             fmt::format("`{}` carries no more than {} at {}", id, to_text(*rating),
                                         to_text(Volts{volts})),
                             c_.supplies[s].use->at,
                             {id}}));
      const double efficiency = part.efficiency.value_or(default_efficiency()).value / 100;
      Amps cord = inlet_rating(part.mains_inlet.value_or(MainsInlet::c14), code);
      const Cord* pinned = cord_of(s);
      if (pinned != nullptr) cord = std::min(cord, pinned->current.value_or(cord));
      const double through_cord = (Volts{volts} * cord).value * efficiency;
      if (through_cord >= (*rating).value) continue;
      load_supply(s, through_cord, {here},
                  f_.demand({"P112",
                             "cord-overloaded",
                             fmt::format("`{}` draws no more than {} through its mains inlet", id,
                                         to_text(cord)),
                             c_.supplies[s].use->at,
                             {id}}));
    }
  }
}

/// Ways to feed an inlet from some outputs of a supply; `with` 0: whoever its owner is.
std::vector<Lit> Encoding::on_outputs(std::size_t supply, const std::vector<bool>& wanted,
                                      const InletVars& inlet, Lit with) {
  std::vector<Lit> lits;
  for (const FeedVar& f : inlet.feeds) {
    if (f.supply != supply || !wanted[f.choice.output]) continue;
    lits.push_back(with == 0 ? f.lit : both_of(f.lit, with));
  }
  return lits;
}

/// What hangs on some outputs of a supply, by class, side and share of the inlet.
void Encoding::count_outputs_of(std::size_t supply, const std::vector<bool>& wanted,
                                std::vector<Shared>& counted, std::vector<Term>& fixed) {
  std::map<std::tuple<std::size_t, Side, double>, std::vector<Lit>> groups;
  const auto add = [&](std::size_t k, Side side, double share, const std::vector<Lit>& lits) {
    auto& group = groups[{k, side, share}];
    group.insert(group.end(), lits.begin(), lits.end());
  };
  for (const PortVars& port : ports_) {
    for (const OwnerVars& owner : port.cards) {
      const auto parts = power_shares(c_.classes[owner.device_class].part->inlets);
      for (std::size_t i = 0; i < owner.inlets.size(); ++i) {
        add(owner.device_class, Side::plugs, parts[i],
            on_outputs(supply, wanted, owner.inlets[i], 0));
        // Plugs of a switch carry the slots below it too.
        if (!below_.contains(owner.device_class)) continue;
        for (const Below& b : below_[owner.device_class]) {
          for (const Lit card : b.lits) {
            add(b.device_class, Side::slot, parts[i],
                on_outputs(supply, wanted, owner.inlets[i], card));
          }
        }
      }
    }
    for (const OwnerVars& owner : port.risers) {
      if (!owner.feeds_slot) continue;
      const auto parts = power_shares(owner.riser->inlets);
      for (std::size_t k = 0; k < c_.classes.size(); ++k) {
        for (std::size_t i = 0; i < owner.inlets.size() && in_slot(c_.classes[k]); ++i) {
          add(k, Side::slot, parts[i], on_outputs(supply, wanted, owner.inlets[i], port.device[k]));
        }
      }
    }
  }
  for (const auto& [key, lits] : groups) {
    const auto& [k, side, share] = key;
    counted.push_back({{k, side, f_.counter(lits, lits.size())}, share});
  }
  for (const BoardInletVars& inlet : board_inlets_) {
    // What it carries depends on the other inlets: no more than it may.
    for (const FeedVar& f : inlet.feeds) {
      if (f.supply != supply || !wanted[f.choice.output]) continue;
      const Watts most = std::min(f.choice.inlet_limit, f.choice.output_limit);
      fixed.push_back({load_units(most.value), {f.lit}});
    }
  }
}

/// A literal that is true when both are.
Lit Encoding::both_of(Lit a, Lit b) {
  const auto [it, is_new] = both_.emplace(std::minmax(a, b), 0);
  if (is_new) {
    it->second = f_.fresh();
    f_.implies({a, b}, {it->second});
  }
  return it->second;
}

/// P108: all ports of a breakout board together.
void Encoding::load_breakouts() {
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    const Breakout* breakout = c_.supplies[s].use->breakout;
    if (breakout == nullptr) continue;
    const std::string id = c_.supplies[s].use->id;
    const DemandId rated =
        f_.demand({"P108",
                   "breakout-overloaded",
                   fmt::format("breakout board `{}` of `{}` passes no more than {}", breakout->id,
                               id, to_text(*breakout->bus_power)),
                   breakout->bus_power.at,
                   {id}});
    std::vector<bool> wanted;
    for (const OutputKind& kind : c_.supplies[s].outputs) wanted.push_back(kind.on_breakout);
    load_outputs(s, wanted, *breakout->bus_power, rated);
  }
}

/// Some outputs of a supply together carry no more than this.
void Encoding::load_outputs(std::size_t supply, const std::vector<bool>& wanted, Watts most,
                            DemandId rated) {
  std::vector<Shared> counted;
  std::vector<Term> fixed;
  count_outputs_of(supply, wanted, counted, fixed);
  const auto terms_at = [&](std::size_t j) {
    std::vector<Term> terms = fixed;
    for (const Shared& c : counted) {
      const double watts = watts_of(c.cards.device_class, c.cards.side, j) * c.share;
      terms.push_back({load_units(watts), c.cards.count});
    }
    return terms;
  };
  each_level(terms_at, limit_units(most.value), {}, rated);
}

/// P110: a circuit carries what its supplies draw at the wall, and what else hangs on it.
void Encoding::load_circuits() {
  const auto& circuits = c_.project.spec.mains.circuits;
  const bool nec = c_.project.spec.mains.code.value_or(MainsCode::nec) == MainsCode::nec;
  for (std::size_t q = 0; q < circuits.size(); ++q) {
    if (!circuits[q].volts.known() || !circuits[q].breaker.known()) continue;
    const Watts most = *circuits[q].volts * *circuits[q].breaker * (nec ? 0.8 : 1.0);
    const Watts left = most - circuits[q].other_load.value_or(Watts{0});
    const std::string id = circuits[q].id.value_or("?");
    const DemandId holds = f_.demand(
        {"P110",
         "circuit-overloaded",
         fmt::format("circuit `{}` ({} {}) carries no more than {}{}{}", id,
                     to_text(*circuits[q].volts), to_text(*circuits[q].breaker), to_text(most),
                     nec ? " for hours" : "",
                     left < most ? fmt::format(", {} of it for this rig", to_text(left)) : ""),
         circuits[q].at,
         {id}});
    const std::vector<CircuitCounted> counted = count_on_circuit(q);
    // An empty circuit is no matter, however much else hangs on it.
    const Lit used = f_.fresh();
    for (const auto& c : circuit_) f_.implies({c[q]}, {used});
    const std::vector<Term> charging = charging_on(q);
    const auto terms_at = [&](std::size_t j) {
      std::vector<Term> terms = charging;
      for (const CircuitCounted& c : counted) {
        const double watts =
            c.host ? host_watts(c_) : watts_of(c.cards.device_class, c.cards.side, j);
        terms.push_back({load_units(watts / c.efficiency), c.cards.count});
      }
      return terms;
    };
    each_level(terms_at, limit_units(left.value), {used}, holds);
    if (nec) continue;
    calm_circuits_.push_back(f_.fresh());
    const Watts calm = 0.8 * (*circuits[q].volts * *circuits[q].breaker);
    const Watts rest = calm - circuits[q].other_load.value_or(Watts{0});
    each_level(terms_at, limit_units(rest.value), {used, calm_circuits_.back()}, always);
  }
}

/// Batteries of UPS on a circuit that charge while their supplies draw.
std::vector<Term> Encoding::charging_on(std::size_t q) {
  std::vector<Term> terms;
  for (const MainsUnit& unit : c_.project.spec.mains.units) {
    if (!unit.charging.known()) continue;
    const Lit there = f_.fresh();
    for (std::size_t s = 0; s < circuit_.size(); ++s) {
      if (unit_of(s) == &unit) f_.implies({circuit_[s][q]}, {there});
    }
    terms.push_back({load_units(unit.charging->value), {there}});
  }
  return terms;
}

/// Cards and host on a circuit, by what is lost between.
std::vector<Encoding::CircuitCounted> Encoding::count_on_circuit(std::size_t q) {
  std::map<double, std::vector<std::size_t>> by_efficiency;
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    by_efficiency[efficiency_of(s)].push_back(s);
  }
  std::vector<CircuitCounted> list;
  for (const auto& [efficiency, supplies] : by_efficiency) {
    const Lit host = f_.fresh();
    for (const std::size_t s : supplies) f_.implies({board_supply_[s], circuit_[s][q]}, {host});
    list.push_back({efficiency, true, {0, Side::plugs, {host}}});
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      for (const Side side : {Side::plugs, Side::slot}) {
        std::vector<Lit> lits;
        for (const auto& port : draws_) {
          Lit here = 0;
          for (const std::size_t s : supplies) {
            const Lit l = side_of(port[k][s], side);
            if (l == 0) continue;
            if (here == 0) here = f_.fresh();
            f_.implies({l, circuit_[s][q]}, {here});
          }
          if (here != 0) lits.push_back(here);
        }
        if (lits.empty()) continue;
        list.push_back(
            {efficiency, false, {k, side, f_.counter(lits, c_.classes[k].members.size())}});
      }
    }
  }
  return list;
}

/// Cards whose slot hangs on the board's 12 V: all but those behind risers that cut it.
void Encoding::count_slot_net() {
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    if (!in_slot(c_.classes[k])) continue;
    std::vector<Lit> lits;
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      if (c_.above(p)) continue;  // the switch feeds it
      lits.push_back(f_.fresh());
      for (std::size_t h = 0; h < c_.chains[p].size(); ++h) {
        if (c_.chains[p][h].feed == SlotFeed::own) continue;
        f_.implies({ports_[p].device[k], ports_[p].chain[h]}, {lits.back()});
      }
    }
    if (lits.empty()) continue;
    slot_net_.push_back({k, Side::slot, f_.counter(lits, c_.classes[k].members.size())});
  }
}

std::vector<Term> Encoding::slot_terms(std::size_t level) const {
  std::vector<Term> terms;
  for (const Counted& c : slot_net_) {
    const long weight = load_units(watts_of(c.device_class, Side::slot, level));
    terms.push_back({weight, c.count});
  }
  return terms;
}

/// P107: 12 V through the board's slots, where the board says what it can pass.
void Encoding::load_slots() {
  if (!c_.board.slot_power_limit.known()) return;
  each_level([&](std::size_t j) { return slot_terms(j); },
             limit_units(c_.board.slot_power_limit->value), {},
             f_.demand({"P107",
                        "slots-overloaded",
                        fmt::format("the board passes no more than {} of 12 V to its slots",
                                    to_text(*c_.board.slot_power_limit)),
                        c_.board.slot_power_limit.at,
                        {c_.board.id}}));
}

/// P105, P106: plugs of the board share what CPU and slots draw.
void Encoding::limit_board_inlets() {
  std::vector<std::size_t> cpu;
  std::vector<std::size_t> slots;
  for (std::size_t i = 0; i < board_inlets_.size(); ++i) {
    const BoardInlet& part = *board_inlets_[i].part;
    if (!part.plug.known()) continue;  // cannot be fed at all
    (part.use.value_or(InletUse::board) == InletUse::cpu ? cpu : slots).push_back(i);
  }
  share_among(cpu, true);
  share_among(slots, false);
}

/// Fed inlets carry shares by the rating of their plugs. One whose cable or output is weaker than
/// its plug limits them all.
void Encoding::share_among(const std::vector<std::size_t>& inlets, bool cpu) {
  double all = 0;
  std::vector<std::size_t> optional;
  std::map<double, std::vector<Lit>> by_strength;  // share of the plug's rating that a feed bears
  for (const std::size_t i : inlets) {
    const BoardInletVars& inlet = board_inlets_[i];
    const double rating = plug_rating(*inlet.part->plug).value;
    if (inlet.fed != 0 && optional.size() == most_optional) {
      f_.clause({-inlet.fed});  // left out, to keep this short
      continue;
    }
    all += rating;
    if (inlet.fed != 0) optional.push_back(i);
    for (const FeedVar& f : inlet.feeds) {
      const Watts bears = std::min(f.choice.inlet_limit, f.choice.output_limit);
      by_strength[std::min(1.0, bears.value / rating)].push_back(f.lit);
    }
  }
  const DemandId rated =
      f_.demand({"P106",
                 "plug-overloaded",
                 fmt::format("power plugs of the board pass what {} draw{}, "
                             "at most {}",
                             cpu ? "its CPU" : "its slots", cpu ? "s" : "", to_text(Watts{all})),
                 c_.board_at,
                 {"board", c_.board.id}});
  const double cpu_watts = cpu_power(c_.project).value.value_or(Watts{0}).value;
  for (const auto& [strength, feeds] : by_strength) {
    const Lit there = f_.fresh();
    for (const Lit l : feeds) f_.implies({l}, {there});
    for (std::size_t unfed = 0; unfed < std::size_t{1} << optional.size(); ++unfed) {
      double rating = all;
      std::vector<Lit> when{there};
      for (std::size_t i = 0; i < optional.size(); ++i) {
        if ((unfed >> i & 1) == 0) continue;
        rating -= plug_rating(*board_inlets_[optional[i]].part->plug).value;
        when.push_back(-board_inlets_[optional[i]].fed);
      }
      const double most = rating * strength;
      if (!cpu) {
        each_level([&](std::size_t j) { return slot_terms(j); }, limit_units(most), when, rated);
      } else if (exceeds(Watts{cpu_watts}, Watts{most})) {
        f_.implies(when, {}, rated);
      }
    }
  }
}

/// Equal supplies that no pin names are used from the first on: the first of them feeds the board
/// if any does, the others stand in the order of their circuits. Every layout has such a twin.
void Encoding::order_equals() {
  const std::set<std::string> named = pinned_supplies();
  std::vector<bool> done(c_.supplies.size(), false);
  for (std::size_t s = 0; s < c_.supplies.size(); ++s) {
    if (done[s]) continue;
    std::size_t before = s;
    for (std::size_t t = s + 1; t < c_.supplies.size(); ++t) {
      const SupplyUse& a = *c_.supplies[s].use;
      const SupplyUse& b = *c_.supplies[t].use;
      if (a.part != b.part || a.breakout != b.breakout || a.stock != b.stock) continue;
      if (named.contains(a.id) || named.contains(b.id)) continue;
      done[t] = true;
      f_.implies({supply_used_[t]}, {supply_used_[before]});
      f_.clause({-board_supply_[t]});
      for (std::size_t q = 0; q < circuit_[t].size() && before != s; ++q) {
        f_.implies({circuit_[t][q]},
                   {circuit_[before].begin(),
                    circuit_[before].begin() + static_cast<std::ptrdiff_t>(q) + 1});
      }
      before = t;
    }
  }
}

std::set<std::string> Encoding::pinned_supplies() const {
  std::set<std::string> ids;
  for (const auto& pin : c_.project.spec.pins) {
    ids.insert(*pin.key.value);
    if (pin.value.supply.known()) ids.insert(*pin.value.supply);
    for (const auto* feeds : {&pin.value.aux, &pin.value.riser}) {
      for (const Feed& feed : *feeds) {
        for (const auto& from : feed.from) {
          const std::string address = from.value_or("");
          ids.insert(owner_of(address));
        }
      }
    }
  }
  return ids;
}

}  // namespace rigtopo
