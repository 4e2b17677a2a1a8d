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

void judge_plug_in_outlet(const Rig& rig, const SupplyPlace& place, const CircuitRow& circuit,
                          const Cord& cord, Reporter& out) {
  const std::string id = place.id.value_or("?");
  const OutletKind* row = outlet_kind(*circuit.outlet);
  if (row == nullptr || !cord.plug.known()) {
    out.not_checked(fmt::format(
        "whether `{}` fits `{}` ({}): {}", cord.id, *circuit.outlet, id,
        row == nullptr ? "that outlet is not in the table" : "nobody says which plug it has"));
    return;
  }
  if (takes_plug(*row, *cord.plug)) return;
  Diagnostic& d =
      out.report(either(place.cord_part.at, supply_place(rig, id)), {id, cord.id},
                 fmt::format("cord `{}` of `{}` has {}, the outlets of circuit `{}` "
                             "are {}",
                             cord.id, id, *cord.plug, circuit.id.value_or("?"), *circuit.outlet));
  d.labels.push_back({circuit.outlet.at, "outlets given here"});
  d.labels.push_back({cord.plug.at, "cord described here"});
  d.help = "use a cord with the right plug, never an adapter";
}

/// Nobody names the outlet: the plug tells which one it must be, and that has a voltage.
void judge_plug_alone(const Rig& rig, const SupplyPlace& place, const CircuitRow& circuit,
                      const Cord& cord, Reporter& out) {
  const std::string id = place.id.value_or("?");
  const OutletKind* row = cord.plug.known() ? outlet_of_plug(*cord.plug) : nullptr;
  if (row == nullptr) {
    out.not_checked(fmt::format(
        "which outlet `{}` needs ({}): {}", cord.id, id,
        cord.plug.known() ? "its plug is not in the table" : "nobody says which plug it has"));
    return;
  }
  if (!circuit.volts.known() || row->made_for(*circuit.volts)) return;
  Diagnostic& d = out.report(
      either(place.cord_part.at, supply_place(rig, id)), {id, cord.id},
      fmt::format("cord `{}` of `{}` has {}, a plug for {} to {}; circuit `{}` has {}", cord.id, id,
                  *cord.plug, to_text(row->mains.least), to_text(row->mains.most),
                  circuit.id.value_or("?"), to_text(*circuit.volts)));
  d.labels.push_back({circuit.volts.at, "voltage given here"});
  d.labels.push_back({cord.plug.at, "cord described here"});
  d.help = "use a cord with the right plug, never an adapter";
}

void cord_plug_unfit(const Rig& rig, Reporter& out) {
  if (no_mains(rig, out)) return;
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
    if (circuit == nullptr || cord == nullptr) continue;
    circuit->outlet.known() ? judge_plug_in_outlet(rig, place, *circuit, *cord, out)
                            : judge_plug_alone(rig, place, *circuit, *cord, out);
  }
}

const Cord* cord_of(const Rig& rig, const SupplyPlace& place) {
  return rig.project->part<Cord>(place.cord_part.value_or(""));
}

/// "one NEMA 5-15R outlet"
std::string words_of(const Contact& contact) {
  return contact.by_plug ? fmt::format("a {} plug", contact.kind->plugs.front())
                         : fmt::format("one {} outlet", contact.kind->id);
}

/// Error over what the standard allows; a warning over what is good for hours.
void judge_contact(const Contact& contact, const std::string& id, Amps drawn, Confidence sure,
                   Source at, const CircuitRow& circuit, Reporter& out) {
  const bool over = exceeds(drawn, contact.kind->amps);
  const Amps limit = over ? contact.kind->amps : contact.kind->continuous;
  out.limit(fmt::format("{} through {}", id, words_of(contact)), drawn.value,
            contact.kind->amps.value, "A");
  if (!exceeds(drawn, limit)) return;
  const Pair pair = distinct(drawn.value, limit.value);
  Diagnostic& d = out.report(
      at, {id, circuit.id.value_or("?")},
      fmt::format("`{}` draws {} A of the {} A that {} is {}", id, pair.actual, pair.limit,
                  words_of(contact), over ? "made for" : "good for over hours"),
      drawn, limit, "A");
  if (!over) d.severity = Severity::warning;
  if (circuit.outlet.known()) d.labels.push_back({circuit.outlet.at, "outlets given here"});
  d.confidence = weakest(sure, Confidence::secondary);
  d.help = "use a stronger outlet on a circuit of its own, or spread the load over two supplies";
}

/// All supplies on a UPS or PDU draw through the one outlet that it hangs on.
void unit_outlet_overloaded(const Rig& rig, const std::vector<SupplyLoad>& loads,
                            const MainsUnit& unit, Reporter& out) {
  const CircuitRow* circuit = rig.project->circuit(unit.circuit.value_or(""));
  if (circuit == nullptr || !circuit->volts.known() || !unit.id.known()) return;
  const std::optional<Contact> contact = weakest_contact(circuit->outlet, nullptr);
  const auto ids = supplies_on_unit(rig, unit);
  if (!contact || ids.empty()) return;  // not listed: said of the circuit
  Watts sum = unit.charging.value_or(Watts{0});
  Confidence sure = Confidence::user;
  for (const std::string& id : ids) {
    const SupplyLoad* s = load_of(loads, id);
    if (s == nullptr || !s->wall.known()) return;  // P131 has said what is missing
    sum += drawn_through(unit, *s->wall);
    sure = weakest(sure, s->wall.confidence);
  }
  judge_contact(*contact, *unit.id, sum / *circuit->volts, sure, unit.at, *circuit, out);
}

/// What outlets bear is not known where nobody names them, or by a name that is not listed.
void say_unknown_outlets(const Rig& rig, Reporter& out) {
  std::vector<std::string> unnamed;
  for (const CircuitRow& row : rig.project->spec.mains.circuits) {
    if (!row.id.known() || supplies_on(rig, *row.id).empty()) continue;
    if (!row.outlet.known()) {
      unnamed.push_back(*row.id);
    } else if (outlet_kind(*row.outlet) == nullptr) {
      out.left_out(
          fmt::format("`{}` of circuit `{}` is not in the table of outlets", *row.outlet, *row.id));
    }
  }
  if (unnamed.empty()) return;
  out.left_out(fmt::format("what the outlets of {} bear: the spec does not name them (`outlet:`)",
                           listed(unnamed)));
}

void outlet_overloaded(const Rig& rig, Reporter& out) {
  if (no_mains(rig, out)) return;
  const auto& all = out.physics().supply_loads();
  say_unknown_outlets(rig, out);
  for (const MainsUnit& unit : rig.project->spec.mains.units) {
    unit_outlet_overloaded(rig, all, unit, out);
  }
  for (const SupplyLoad& s : all) {
    const SupplyPlace* place = rig.layout.supply(s.id);
    const CircuitRow* circuit = place == nullptr ? nullptr : wall_of(rig, *place);
    if (circuit == nullptr || !circuit->volts.known() || !s.wall.known()) continue;  // P110
    const std::optional<Contact> contact = weakest_contact(circuit->outlet, cord_of(rig, *place));
    if (!contact) continue;
    judge_contact(*contact, s.id, *s.wall / *circuit->volts, s.wall.confidence,
                  supply_place(rig, s.id), *circuit, out);
  }
}

/// A plug that goes into no outlet which may hang on a breaker of that size.
void judge_plugs_on(const Rig& rig, const CircuitRow& circuit, Reporter& out) {
  for (const SupplyPlace& place : rig.layout.supplies) {
    const Cord* cord = cord_of(rig, place);
    if (wall_of(rig, place) != &circuit || cord == nullptr || !cord->plug.known()) continue;
    const Amps most = strongest_breaker(*cord->plug);
    if (most.value <= 0 || !exceeds(*circuit.breaker, most)) continue;  // not listed: P128
    const std::string id = place.id.value_or("?");
    Diagnostic& d = out.report(
        either(place.cord_part.at, supply_place(rig, id)), {circuit.id.value_or("?"), id, cord->id},
        fmt::format("cord `{}` of `{}` has {}: its outlets may hang on {} at most, circuit `{}` "
                    "has a breaker of {}",
                    cord->id, id, *cord->plug, to_text(most), circuit.id.value_or("?"),
                    to_text(*circuit.breaker)),
        *circuit.breaker, most, "A");
    d.labels.push_back({circuit.breaker.at, "breaker given here"});
    d.confidence = Confidence::secondary;
    d.help = "have a breaker put in that protects the outlet, or outlets that bear the breaker";
  }
}

/// Outlets of a circuit behind a breaker that lets more through than they bear.
void judge_outlets_of(const Rig& rig, const CircuitRow& circuit, const OutletKind& row,
                      Reporter& out) {
  const std::string id = circuit.id.value_or("?");
  const bool nec = rig.project->spec.mains.code.value_or(MainsCode::nec) == MainsCode::nec;
  const bool over = exceeds(*circuit.breaker, row.breaker);
  if (!over && (!nec || !exceeds(*circuit.breaker, row.amps))) return;
  if (!over && !circuit.outlets.known()) {
    out.assume(
        fmt::format("circuit `{}` has two or more outlets of {}: a single one must be of "
                    "its breaker's rating (user, to be made sure of)",
                    id, to_text(row.amps)));
    return;
  }
  if (!over && *circuit.outlets > 1) return;
  const Amps limit = over ? row.breaker : row.amps;
  Diagnostic& d = out.report(
      circuit.outlet.at, {id},
      over ? fmt::format("circuit `{}` has a breaker of {}, its {} outlets bear {} and may hang on "
                         "{} at most",
                         id, to_text(*circuit.breaker), row.id, to_text(row.amps),
                         to_text(row.breaker))
           : fmt::format("circuit `{}` has a breaker of {}, its only outlet is a {} and bears {}",
                         id, to_text(*circuit.breaker), row.id, to_text(row.amps)),
      *circuit.breaker, limit, "A");
  if (!over) d.severity = Severity::warning;  // P129 holds the load within the outlet
  d.labels.push_back({circuit.breaker.at, "breaker given here"});
  d.confidence = row.id.starts_with("NEMA") ? Confidence::verified : Confidence::secondary;
  d.help = "have a breaker put in that protects the outlet, or outlets that bear the breaker";
}

void outlet_weaker_than_breaker(const Rig& rig, Reporter& out) {
  if (no_mains(rig, out)) return;
  for (const CircuitRow& circuit : rig.project->spec.mains.circuits) {
    if (!circuit.id.known() || !circuit.breaker.known()) continue;  // P110
    if (supplies_on(rig, *circuit.id).empty()) continue;
    if (!circuit.outlet.known()) {
      judge_plugs_on(rig, circuit, out);
    } else if (const OutletKind* row = outlet_kind(*circuit.outlet)) {
      judge_outlets_of(rig, circuit, *row, out);
    }  // not listed: P129
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
  if (no_mains(rig, out)) return;
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
  if (no_mains(rig, out)) return;
  for (const CircuitRow& row : rig.project->spec.mains.circuits) {
    if (!row.id.known()) continue;
    const auto supplies = supplies_on(rig, *row.id);
    if (supplies.empty()) continue;
    const Blackout o = blackout(rig, supplies);
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
         "design rule, no published figure: the rig is walked again without the supplies of the "
         "circuit; sense pins of the plugs as in P109, joined copper as in W103"},
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
    Rule{{"P129", "outlet-overloaded", Severity::error,
          "A supply, UPS or PDU draws more through one outlet than that bears.",
          "Over the current of the outlet's or plug's standard is an error: contacts glow before "
          "any "
          "breaker trips. For hours a NEMA outlet carries 80 % of it, Schuko and BS 1363 sockets "
          "are "
          "planned with 10 A: over that is a warning. Where nobody names the outlet, the cord's "
          "plug "
          "tells which one it is.",
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
        rcd_leakage},
    Rule{{"P134", "outlet-weaker-than-breaker", Severity::error,
          "Outlets hang on a breaker that lets more through than they bear.",
          "A 30 A breaker never trips at 29 A, and a 15 A outlet with its plug and cord burns at "
          "that. "
          "Where a code allows a smaller outlet it says so: several 15 A ones on 20 A in North "
          "America, 13 A ones with fused plugs on a 32 A ring in Britain. Where nobody names the "
          "outlet, the cord's plug tells.",
          "NEC table 210.21(B)(3), quoted at https://forums.mikeholt.com/threads/"
          "nec-table-210-21-b-3.62287; national rules as listed in src/spec/outlets.cpp"},
         outlet_weaker_than_breaker}};

}  // namespace

std::span<const Rule> wall_rules() { return wall_table; }

}  // namespace rigtopo
