// Between the breaker and the supplies: plugs and outlets, shared neutrals, UPS and PDU, leakage,
// inrush, and what one tripped breaker leaves half alive. Loads of circuits are mains_rules.cpp.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/power_phrases.hpp"
#include "check/rule.hpp"
#include "physics/outage.hpp"
#include "spec/outlets.hpp"

namespace rigtopo {
namespace {

constexpr std::size_t many_supplies = 4;  // that start together on one household breaker
constexpr Amps inrush_each{30};           // at 115 V; 60 A at 230 V: one maker's cold start
constexpr Amps leakage_each{0.0035};      // most that a plugged-in device may leak
constexpr double leakage_share = 0.3;     // of the residual current a breaker trips at

// ---- plugs and outlets
// ---------------------------------------------------------------------------

/// The circuit of a supply that is plugged into it directly, not through a UPS or PDU.
const CircuitRow* wall_of(const Rig& rig, const SupplyPlace& place) {
  const std::string id = place.circuit.value_or("");
  return rig.project->mains_unit(id) == nullptr ? rig.project->circuit(id) : nullptr;
}

std::vector<std::string> supplies_on_unit(const Rig& rig, const MainsUnit& unit) {
  std::vector<std::string> ids;
  for (const SupplyPlace& s : rig.layout.supplies) {
    if (s.id.known() && s.circuit.known() && s.circuit.value == unit.id.value) ids.push_back(*s.id);
  }
  return ids;
}

void cord_plug_unfit(const Rig& rig, Reporter& out) {
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    const CircuitRow* circuit = wall_of(rig, place);
    const Cord* cord = rig.project->part<Cord>(place.cord_part.value_or(""));
    const Supply* supply = supply_part(rig, id);
    if (cord != nullptr && supply != nullptr && cord->inlet.known() &&
        supply->mains_inlet.known() && *cord->inlet != *supply->mains_inlet) {
      Diagnostic& d = out.report(either(place.cord_part.at, supply_place(rig, id)), {id, cord->id},
                                 fmt::format("`{}` fits a {} inlet, `{}` has {}", cord->id,
                                             word(*cord->inlet), id, word(*supply->mains_inlet)));
      d.labels.push_back({cord->inlet.at, "cord described here"});
      d.help = fmt::format("use a cord for {}", word(*supply->mains_inlet));
    }
    if (circuit == nullptr || cord == nullptr || !circuit->outlet.known()) continue;
    const OutletKind* row = outlet_kind(*circuit->outlet);
    if (row == nullptr || !cord->plug.known()) {
      out.not_checked(fmt::format(
          "whether `{}` fits `{}` ({}): {}", cord->id, *circuit->outlet, id,
          row == nullptr ? "that outlet is not in the table" : "nobody says which plug it has"));
      continue;
    }
    if (takes_plug(*row, *cord->plug)) continue;
    Diagnostic& d = out.report(
        either(place.cord_part.at, supply_place(rig, id)), {id, cord->id},
        fmt::format("cord `{}` of `{}` has {}, the outlets of circuit `{}` "
                    "are {}",
                    cord->id, id, *cord->plug, circuit->id.value_or("?"), *circuit->outlet));
    d.labels.push_back({circuit->outlet.at, "outlets given here"});
    d.labels.push_back({cord->plug.at, "cord described here"});
    d.help = "use a cord with the right plug, never an adapter";
  }
}

/// All supplies on a UPS or PDU draw through the one outlet that it hangs on.
void unit_outlet_overloaded(const Rig& rig, const std::vector<SupplyLoad>& loads,
                            const MainsUnit& unit, Reporter& out) {
  const CircuitRow* circuit = rig.project->circuit(unit.circuit.value_or(""));
  if (circuit == nullptr || !circuit->outlet.known() || !circuit->volts.known()) return;
  const OutletKind* row = outlet_kind(*circuit->outlet);
  if (row == nullptr || !unit.id.known()) return;  // said of the circuit
  Watts sum;
  for (const std::string& id : supplies_on_unit(rig, unit)) {
    const SupplyLoad* s = load_of(loads, id);
    if (s != nullptr && s->wall.known()) sum += *s->wall;
  }
  const Amps drawn = sum / *circuit->volts;
  const Amps limit = row->continuous;
  if (!exceeds(drawn, limit)) return;
  const Pair pair = distinct(drawn.value, limit.value);
  Diagnostic& d = out.report(
      unit.at, {*unit.id},
      fmt::format("`{}` draws {} A of the {} A that one {} outlet is good for over hours", *unit.id,
                  pair.actual, pair.limit, *circuit->outlet),
      drawn, limit, "A");
  d.labels.push_back({circuit->outlet.at, "outlets given here"});
  d.confidence = Confidence::secondary;
  d.help = "plug one of its supplies into another circuit";
}

void outlet_overloaded(const Rig& rig, Reporter& out) {
  const auto& all = out.physics().supply_loads();
  for (const MainsUnit& unit : rig.project->spec.mains.units) {
    unit_outlet_overloaded(rig, all, unit, out);
  }
  for (const SupplyLoad& s : all) {
    const SupplyPlace* place = rig.layout.supply(s.id);
    const CircuitRow* circuit = place == nullptr ? nullptr : wall_of(rig, *place);
    if (circuit == nullptr || !circuit->outlet.known() || !circuit->volts.known()) continue;
    const OutletKind* row = outlet_kind(*circuit->outlet);
    if (row == nullptr) {
      out.left_out(fmt::format("`{}` of circuit `{}` is not in the table of outlets",
                               *circuit->outlet, circuit->id.value_or("?")));
      continue;
    }
    if (!s.wall.known()) continue;  // P110 has said what is missing
    const Amps drawn = *s.wall / *circuit->volts;
    const Amps limit = row->continuous;
    if (!exceeds(drawn, limit)) continue;
    const Pair pair = distinct(drawn.value, limit.value);
    Diagnostic& d = out.report(
        supply_place(rig, s.id), {s.id, circuit->id.value_or("?")},
        fmt::format("`{}` draws {} A of the {} A that one {} outlet is good for over hours{}", s.id,
                    pair.actual, pair.limit, *circuit->outlet,
                    exceeds(drawn, row->amps)
                        ? fmt::format("; its standard ends at {} A", number(row->amps.value))
                        : ""),
        drawn, limit, "A");
    d.labels.push_back({circuit->outlet.at, "outlets given here"});
    d.confidence = weakest(s.wall.confidence, Confidence::secondary);
    d.help = "use a stronger outlet on a circuit of its own, or spread the load over two supplies";
  }
}

// ---- neutrals, residual current, inrush
// ----------------------------------------------------------

void shared_neutral(const Rig& rig, Reporter& out) {
  std::map<std::string, std::vector<const CircuitRow*>> by_neutral;
  for (const CircuitRow& row : rig.project->spec.mains.circuits) {
    if (!row.shared_neutral.known() || !row.id.known()) continue;
    if (!supplies_on(rig, *row.id).empty()) by_neutral[*row.shared_neutral].push_back(&row);
  }
  for (const auto& [neutral, rows] : by_neutral) {
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const CircuitRow& a = *rows.front();
      const CircuitRow& b = *rows[i];
      const bool apart = a.leg.known() && b.leg.known() && *a.leg != *b.leg;
      if (apart) continue;
      const bool same = a.leg.known() && b.leg.known();
      Diagnostic& d = out.report(
          b.shared_neutral.at, {*a.id, *b.id},
          fmt::format(
              "circuits `{}` and `{}` share the neutral `{}`{}", *a.id, *b.id, neutral,
              same ? fmt::format(" and hang on one leg, `{}`: it carries the sum of both", *a.leg)
                   : ", and nobody says that they hang on different legs"));
      d.labels.push_back({a.shared_neutral.at, "the other circuit"});
      d.confidence = Confidence::user;
      d.help = "have an electrician look before both carry load";
    }
  }
}

void rcd_leakage(const Rig& rig, Reporter& out) {
  for (const CircuitRow& row : rig.project->spec.mains.circuits) {
    if (!row.rcd.known() || !row.id.known()) continue;
    const auto supplies = supplies_on(rig, *row.id);
    const Amps leaks = leakage_each * static_cast<double>(supplies.size());
    const Amps limit = *row.rcd * leakage_share;
    if (!exceeds(leaks, limit)) continue;
    std::vector<std::string> subject{*row.id};
    subject.insert(subject.end(), supplies.begin(), supplies.end());
    Diagnostic& d = out.report(
        row.rcd.at, subject,
        fmt::format("{} supplies may leak {} mA to earth, a residual current breaker of {} mA "
                    "bears {} mA without nuisance",
                    supplies.size(), number(leaks.value * 1000), number(row.rcd->value * 1000),
                    number(limit.value * 1000)),
        leaks, limit, "A");
    d.confidence = Confidence::unverified;
    d.help = "spread the supplies over circuits with breakers of their own";
  }
}

void inrush_on_one_breaker(const Rig& rig, Reporter& out) {
  if (rig.project->spec.power.start.value == StartOrder::staggered) return;
  for (const CircuitRow& row : rig.project->spec.mains.circuits) {
    if (!row.id.known()) continue;
    const auto supplies = supplies_on(rig, *row.id);
    if (supplies.size() < many_supplies) continue;
    const bool high = row.volts.known() && row.volts->value > 160;
    Amps sum;
    bool sourced = true;
    for (const std::string& id : supplies) {
      const Supply* supply = supply_part(rig, id);
      const bool known = supply != nullptr && supply->inrush.known();
      sourced = sourced && known;
      sum += known ? *supply->inrush : inrush_each * (high ? 2.0 : 1.0);
    }
    std::vector<std::string> subject{*row.id};
    subject.insert(subject.end(), supplies.begin(), supplies.end());
    Diagnostic& d = out.report(
        row.at, subject,
        fmt::format("{} supplies start at once on circuit `{}`: about {} A for some milliseconds "
                    "from its breaker",
                    supplies.size(), *row.id, number(sum.value)));
    d.confidence = sourced ? Confidence::secondary : Confidence::unverified;
    d.help = "give them mains one after another, and say so: `power: {start: staggered}`";
  }
}

// ---- UPS and PDU
// ---------------------------------------------------------------------------------

void unit_overloaded(const Rig& rig, Reporter& out) {
  const auto& loads = out.physics().supply_loads();
  for (const MainsUnit& unit : rig.project->spec.mains.units) {
    const auto ids = supplies_on_unit(rig, unit);
    if (ids.empty() || !unit.id.known()) continue;
    if (!unit.power.known()) {
      out.not_checked(fmt::format("nobody says what `{}` can pass on", *unit.id));
      continue;
    }
    Watts sum;
    Confidence sure = Confidence::user;
    bool whole = true;
    for (const std::string& id : ids) {
      const SupplyLoad* s = load_of(loads, id);
      if (s == nullptr || !s->wall.known()) {
        if (s != nullptr) out.not_checked(s->missing, id);
        whole = false;
        continue;
      }
      sum += *s->wall;
      sure = weakest(sure, s->wall.confidence);
    }
    out.limit(fmt::format("{} {}", word(unit.kind.value_or(MainsUnitKind::pdu)), *unit.id),
              sum.value, unit.power->value, "W");
    if (!whole || !exceeds(sum, *unit.power)) continue;
    std::vector<std::string> subject{*unit.id};
    subject.insert(subject.end(), ids.begin(), ids.end());
    Diagnostic& d = out.report(
        unit.at, subject,
        fmt::format("`{}` would pass {} to {}", *unit.id, of_limit(sum, *unit.power), listed(ids)),
        sum, *unit.power, "W");
    d.confidence = sure;
    d.help = "plug one of the supplies into a circuit directly, or use a larger unit";
  }
}

void unit_outlets_exceeded(const Rig& rig, Reporter& out) {
  for (const MainsUnit& unit : rig.project->spec.mains.units) {
    const auto ids = supplies_on_unit(rig, unit);
    if (!unit.outlets.known() || !unit.id.known()) continue;
    const Count used{static_cast<int>(ids.size())};
    const Count there{*unit.outlets};
    if (!exceeds(used, there)) continue;
    std::vector<std::string> subject{*unit.id};
    subject.insert(subject.end(), ids.begin(), ids.end());
    out.report(unit.outlets.at, subject,
               fmt::format("{} supplies hang on `{}`, which has {} outlet{}", ids.size(), *unit.id,
                           there.value, there.value == 1 ? "" : "s"),
               used, there, "outlets")
        .help = "plug a supply into a circuit directly, or use a larger unit";
  }
}

// ---- a tripped breaker
// ---------------------------------------------------------------------------

void trip_splits_cards(const Rig& rig, Reporter& out) {
  for (const CircuitRow& row : rig.project->spec.mains.circuits) {
    if (!row.id.known()) continue;
    const auto supplies = supplies_on(rig, *row.id);
    if (supplies.empty()) continue;
    const Outage o = outage(rig, supplies);
    if (o.half.empty()) continue;
    std::vector<std::string> subject{*row.id};
    subject.insert(subject.end(), o.half.begin(), o.half.end());
    out.report(
           row.at, subject,
           fmt::format("when circuit `{}` trips, {} lose{} slot or plugs and keep{} the other{}",
                       *row.id, listed(o.half), o.half.size() == 1 ? "s" : "",
                       o.half.size() == 1 ? "s" : "", o.host ? "; the board stops" : ""))
        .help =
        "feed slot and plugs of a card from one circuit, or switch all circuits off "
        "together";
  }
}

constexpr std::array wall_table{
    Rule{
        {"P126", "circuit-trip-splits-card", Severity::warning,
         "One tripped breaker would leave cards with half of their power.",
         "A card whose slot has power while its plugs have none, or the reverse, hangs the bus and "
         "may pass current between the two. It happens when slot and plugs are fed from different "
         "circuits.",
         "walk over the power graph without the circuit's supplies"},
        trip_splits_cards},
    Rule{{"P127", "inrush-on-one-breaker", Severity::warning,
          "Four or more supplies start at once on one breaker.",
          "A cold supply draws 30 A at 115 V, 60 A at 230 V, for some milliseconds. The magnetic "
          "part of a household breaker acts from 3 to 5 times its rating, so several at once can "
          "trip it at every start though it carries them all day.",
          "https://manualmachine.com/silverstone/sstgm8002ug/8085495-user-manual"},
         inrush_on_one_breaker},
    Rule{{"P128", "cord-plug-unfit", Severity::error,
          "A mains cord does not fit its supply or its outlet.",
          "Plug and outlet tell what the wires behind them may carry: a 20 A plug does not go into "
          "a "
          "15 A outlet for that reason, and an adapter between them takes it away.",
          "NEMA WD 6, CEE 7, BS 1363, IEC 60320"},
         cord_plug_unfit},
    Rule{{"P129", "outlet-overloaded", Severity::warning,
          "A supply draws more through one outlet than that is good for over hours.",
          "A NEMA outlet carries 80 % of its rating for hours; Schuko and BS 1363 sockets are "
          "planned "
          "with 10 A. The contact in the outlet is the warmest place of the circuit.",
          "NEC 210.20; https://engx.theiet.org/f/wiring-and-regulations/25529/"
          "bs-1363-13a-socket-continuous-max-load"},
         outlet_overloaded},
    Rule{{"P130", "shared-neutral", Severity::warning,
          "Two circuits in use share a neutral and may hang on one leg.",
          "On different legs of a split-phase supply the currents in a shared neutral cancel; on "
          "one "
          "leg they add up, and no breaker watches the neutral.",
          "NEC 210.4 (multiwire branch circuits)"},
         shared_neutral},
    Rule{{"P131", "unit-overloaded", Severity::error,
          "A UPS or PDU passes more than it is rated for.",
          "An overloaded UPS drops its load at once, on battery if not before. Give its watts, not "
          "its volt-amperes.",
          "`mains: units:` of the spec"},
         unit_overloaded},
    Rule{{"P132", "unit-outlets-exceeded", Severity::error,
          "More supplies hang on a UPS or PDU than it has outlets.",
          "Power strips chained to one another are a fire hazard: all current of the chain runs "
          "through the first plug.",
          "`mains: units:` of the spec"},
         unit_outlets_exceeded},
    Rule{
        {"P133", "rcd-leakage", Severity::warning,
         "Filters of several supplies leak enough to trip a residual current breaker.",
         "Each may leak 3.5 mA to earth through its filter. A breaker of 30 mA may trip from 15 mA "
         "on, and a third of its rating is the most that should leak all the time.",
         "IEC 62368-1 touch current of earthed devices; IEC 60364-5-53"},
        rcd_leakage}};

}  // namespace

std::span<const Rule> wall_rules() { return wall_table; }

}  // namespace rigtopo
