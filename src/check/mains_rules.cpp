// Mains: circuits by the country's code, outlets, cords, supplies that do not run at the voltage,
// and limits that only hold while software keeps a cap.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "check/power_phrases.hpp"
#include "check/rule.hpp"
#include "spec/outlets.hpp"

namespace rigtopo {
namespace {

/// The code that holds; the loader sets the default.
MainsCode code_of(const Rig& rig) { return rig.project->spec.mains.code.value_or(MainsCode::nec); }

// ---- voltage
// -------------------------------------------------------------------------------------

bool covers(const SupplyRating& r, Volts mains) {
  // A band that nobody states may hold everywhere: P101 tells that its rating is open.
  return !r.mains.known() || (!exceeds(r.mains->least, mains) && !exceeds(mains, r.mains->most));
}

void mains_voltage_unfit(const Rig& rig, Reporter& out) {
  if (no_mains(rig, out)) return;
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    const Supply* supply = supply_part(rig, id);
    const CircuitRow* circuit = rig.project->circuit(place.circuit.value_or(""));
    if (supply == nullptr || circuit == nullptr || !circuit->volts.known()) continue;
    const auto& ratings = supply->ratings;
    const bool fits = std::any_of(ratings.begin(), ratings.end(), [&](const SupplyRating& r) {
      return covers(r, *circuit->volts);
    });
    if (fits || ratings.empty()) continue;
    Diagnostic& d =
        out.report(either(place.circuit.at, supply_place(rig, id)), {id, circuit->id.value_or("?")},
                   fmt::format("`{}` (`{}`) does not run at the {} of circuit `{}`", id, supply->id,
                               to_text(*circuit->volts), circuit->id.value_or("?")));
    for (const SupplyRating& r : ratings) {
      d.labels.push_back(
          {r.at, fmt::format("runs at {} to {}", to_text(r.mains->least), to_text(r.mains->most))});
    }
    d.help = "use a circuit of its voltage, or another supply";
  }
}

// ---- circuits
// ------------------------------------------------------------------------------------

/// The pessimistic default for supplies without a sourced efficiency.
void assume_efficiency(const Rig& rig, Reporter& out) {
  for (const SupplyPlace& place : rig.layout.supplies) {
    const Supply* supply = supply_part(rig, place.id.value_or(""));
    if (supply == nullptr || supply->efficiency.known() || !place.circuit.known()) continue;
    out.assume(
        fmt::format("`{}` passes {:.0f} % of what it draws from the wall: no efficiency is "
                    "sourced (unverified)",
                    supply->id, default_efficiency().value));
  }
}

/// What stands between supplies and circuit and loses power on the way.
void assume_units(const Rig& rig, Reporter& out) {
  for (const MainsUnit& unit : rig.project->spec.mains.units) {
    const std::string id = unit.id.value_or("?");
    const auto& supplies = rig.layout.supplies;
    const bool used = std::any_of(supplies.begin(), supplies.end(), [&](const SupplyPlace& place) {
      return rig.project->mains_unit(place.circuit.value_or("")) == &unit;
    });
    if (!used || unit.kind.value != MainsUnitKind::ups) continue;
    if (!unit.efficiency.known()) {
      out.assume(
          fmt::format("`{}` passes on {:.0f} % of what it draws: no efficiency is given "
                      "(unverified)",
                      id, unit_efficiency(unit) * 100));
    }
    if (!unit.charging.known()) {
      out.assume(
          fmt::format("charging the battery of `{}` is not counted on its circuit: nobody "
                      "says what it draws (unverified)",
                      id));
    }
  }
}

void assume_code(const Rig& rig, Reporter& out) {
  if (rig.project->spec.mains.code.at.known() || rig.project->spec.mains.circuits.empty()) return;
  out.assume(
      "circuits and mains inlets are judged by North American rules (NEC, UL): the spec "
      "names no code (user)");
}

/// A card limit under which the circuit holds.
std::string circuit_remedy(const Rig& rig, const CircuitLoad& circuit, Watts limit) {
  std::vector<SupplyLoad> behind;
  for (SupplyLoad& s : supply_loads(rig)) {
    const bool here =
        std::find(circuit.supplies.begin(), circuit.supplies.end(), s.id) != circuit.supplies.end();
    if (here) behind.push_back(std::move(s));
  }
  return limit_remedy(rig, cards_to_limit(rig, behind), [&](const Rig& trial) {
    const auto now = circuit_loads(trial);
    return std::all_of(now.begin(), now.end(), [&](const CircuitLoad& c) {
      return c.id != circuit.id || !exceeds(c.expected, limit);
    });
  });
}

/// Another circuit that could take one of the supplies.
std::string free_circuit(const Rig& rig, const std::vector<CircuitLoad>& circuits,
                         const CircuitLoad& full) {
  std::vector<SupplyLoad> loads = supply_loads(rig);
  std::sort(loads.begin(), loads.end(), [](const SupplyLoad& a, const SupplyLoad& b) {
    return a.wall.value.value_or(Watts{}) < b.wall.value.value_or(Watts{});
  });
  const Watts over = full.expected - full.continuous;
  for (const SupplyLoad& s : loads) {
    const bool here =
        std::find(full.supplies.begin(), full.supplies.end(), s.id) != full.supplies.end();
    const Supply* supply = supply_part(rig, s.id);
    if (!here || supply == nullptr || !s.wall.known() || exceeds(over, *s.wall)) continue;
    for (const CircuitLoad& c : circuits) {
      const CircuitRow* row = rig.project->circuit(c.id);
      const bool outlet =
          row != nullptr && (!row->outlets.known() || c.outlets_used < *row->outlets);
      if (c.id == full.id || !outlet || !c.missing.empty()) continue;
      const Watts free = c.continuous - c.expected;
      const Estimate<Watts> rating = rating_at(*supply, c.volts);
      if (exceeds(*s.wall, free) || !rating.known() || exceeds(s.expected, *rating)) continue;
      return fmt::format("move `{}` to circuit `{}`, which has {:.0f} W free", s.id, c.id,
                         std::floor(free.value));
    }
  }
  return "";
}

void circuit_overloaded(const Rig& rig, Reporter& out) {
  if (no_mains(rig, out)) return;
  assume_efficiency(rig, out);
  assume_units(rig, out);
  assume_code(rig, out);
  const bool nec = code_of(rig) == MainsCode::nec;
  const auto& circuits = out.physics().circuit_loads();
  for (const CircuitLoad& c : circuits) {
    if (c.supplies.empty()) continue;
    if (!c.missing.empty()) {
      out.not_checked(c.missing, "circuit " + c.id);
      continue;
    }
    out.rests_on(c.confidence);
    out.limit(
        fmt::format("circuit {} ({} {}), for hours", c.id, to_text(c.volts), to_text(c.breaker)),
        c.expected.value, c.continuous.value, "W");
    if (!exceeds(c.expected, c.continuous)) continue;
    const bool trips = exceeds(c.expected, c.trip);
    const Watts limit = trips ? c.trip : c.continuous;
    std::vector<std::string> subject{c.id};
    subject.insert(subject.end(), c.supplies.begin(), c.supplies.end());
    Diagnostic& d = out.report(
        c.at, subject,
        fmt::format(
            "circuit `{}` would carry {}: {}{}", c.id, of_limit(c.expected, limit),
            trips ? "more than its breaker" : "more than 80 % of its breaker, for hours",
            c.other.value > 0 ? fmt::format(" ({} of it are other loads)", to_text(c.other)) : ""),
        c.expected, limit, "W");
    if (!nec && !trips) d.severity = Severity::warning;  // 80 % is advice there
    d.confidence = c.confidence;
    d.help = alternatives({free_circuit(rig, circuits, c), circuit_remedy(rig, c, c.continuous),
                           "use a stronger circuit"});
  }
}

void outlets_exceeded(const Rig& rig, Reporter& out) {
  if (no_mains(rig, out)) return;
  for (const CircuitLoad& c : out.physics().circuit_loads()) {
    const CircuitRow* row = rig.project->circuit(c.id);
    if (row == nullptr || !row->outlets.known()) continue;
    const Count used{c.outlets_used};
    const Count there{*row->outlets};
    if (!exceeds(used, there)) continue;
    std::vector<std::string> subject{c.id};
    subject.insert(subject.end(), c.supplies.begin(), c.supplies.end());
    out.report(row->outlets.at, subject,
               fmt::format("{} supplies hang on circuit `{}`, which has {} outlet{}",
                           c.outlets_used, c.id, *row->outlets, *row->outlets == 1 ? "" : "s"),
               used, there, "outlets")
        .help = "move a supply to another circuit; strips plugged into strips are a fire hazard";
  }
}

// ---- cords
// ---------------------------------------------------------------------------------------

/// What a supply's mains inlet and cord may carry, and on which circuit.
struct CordLimit {
  const CircuitRow* circuit = nullptr;
  Amps limit;
  std::string what;  // "C14 inlet"
  Label label;
};

std::optional<CordLimit> cord_limit(const Rig& rig, const std::string& supply_id) {
  const Supply* supply = supply_part(rig, supply_id);
  const SupplyPlace* place = rig.layout.supply(supply_id);
  if (supply == nullptr || place == nullptr) return std::nullopt;
  const CircuitRow* circuit = rig.project->circuit(place->circuit.value_or(""));
  if (circuit == nullptr || !circuit->volts.known()) return std::nullopt;
  const MainsInlet inlet = supply->mains_inlet.value_or(MainsInlet::c14);
  CordLimit limit{circuit,
                  inlet_rating(inlet, code_of(rig)),
                  fmt::format("{} inlet", word(inlet)),
                  {either(supply->mains_inlet.at, supply->at), "supply described here"}};
  const Cord* cord = rig.project->part<Cord>(place->cord_part.value_or(""));
  if (cord != nullptr && cord->current.known() && *cord->current < limit.limit) {
    limit.limit = *cord->current;
    limit.what = "cord";
    limit.label = {cord->current.at, "cord rating declared here"};
  }
  return limit;
}

void cord_overloaded(const Rig& rig, Reporter& out) {
  if (no_mains(rig, out)) return;
  for (const SupplyLoad& s : out.physics().supply_loads()) {
    const std::optional<CordLimit> cord = cord_limit(rig, s.id);
    if (!cord) continue;
    if (!s.wall.known()) {
      out.not_checked(s.missing, s.id);
      continue;
    }
    const Supply* supply = supply_part(rig, s.id);
    const Cord* part = rig.project->part<Cord>(rig.layout.supply(s.id)->cord_part.value_or(""));
    if (part != nullptr && !part->current.known()) {
      out.not_checked(fmt::format("nobody says what cord `{}` carries ({})", part->id, s.id));
    }
    if (!supply->mains_inlet.known()) {
      out.assume(fmt::format("`{}` has a C14 inlet, the weaker one: none is sourced (unverified)",
                             supply->id));
    }
    const Volts volts = *cord->circuit->volts;
    const Amps drawn = *s.wall / volts;
    out.rests_on(s.wall.confidence);
    out.limit(fmt::format("{} {}", s.id, cord->what), drawn.value, cord->limit.value, "A");
    if (!exceeds(drawn, cord->limit)) continue;
    const Pair pair = distinct(drawn.value, cord->limit.value);
    Diagnostic& d = out.report(supply_place(rig, s.id), {s.id},
                               fmt::format("`{}` draws {} A of {} A through its {} at {}", s.id,
                                           pair.actual, pair.limit, cord->what, to_text(volts)),
                               drawn, cord->limit, "A");
    d.labels.push_back(cord->label);
    d.confidence = s.wall.confidence;
    d.help = alternatives({"use a circuit of higher voltage, or a supply with a C20 inlet",
                           limit_remedy(rig, cards_to_limit(rig, {s}), [&](const Rig& trial) {
                             const auto now = supply_loads(trial);
                             const SupplyLoad* load = load_of(now, s.id);
                             return load != nullptr && load->wall.known() &&
                                    !exceeds(*load->wall / volts, cord->limit);
                           })});
  }
}

// ---- at default limits
// ---------------------------------------------------------------------------

std::string boot_help(std::string_view danger) {
  return "set the limits in a unit that runs at boot; until it has run, load can " +
         std::string(danger);
}

void supplies_at_default(const Rig& rig, Reporter& out) {
  const auto& capped = out.physics().supply_loads();
  for (const SupplyLoad& s : out.physics().supply_loads(Caps::default_limits)) {
    const Estimate<Watts> rating = judged_rating(rig, s);
    const SupplyLoad* now = load_of(capped, s.id);
    if (!rating.known() || !exceeds(s.expected, *rating)) continue;
    if (now == nullptr || exceeds(now->expected, *rating)) continue;  // P101
    Diagnostic& d = out.report(supply_place(rig, s.id), {s.id},
                               fmt::format("`{}` holds only under the power limits: at the cards' "
                                           "defaults it would carry {}",
                                           s.id, of_limit(s.expected, *rating)),
                               s.expected, *rating, "W");
    d.confidence = weakest(s.confidence, rating.confidence);
    d.help = boot_help("shut the supply down");
  }
}

void cords_at_default(const Rig& rig, Reporter& out) {
  const auto& capped = out.physics().supply_loads();
  for (const SupplyLoad& s : out.physics().supply_loads(Caps::default_limits)) {
    const std::optional<CordLimit> cord = cord_limit(rig, s.id);
    const SupplyLoad* now = load_of(capped, s.id);
    if (!cord || now == nullptr || !s.wall.known() || !now->wall.known()) continue;
    const Volts volts = *cord->circuit->volts;
    const Amps drawn = *s.wall / volts;
    if (!exceeds(drawn, cord->limit) || exceeds(*now->wall / volts, cord->limit)) continue;  // P112
    const Pair pair = distinct(drawn.value, cord->limit.value);
    Diagnostic& d = out.report(supply_place(rig, s.id), {s.id},
                               fmt::format("the {} of `{}` holds only under the power limits: at "
                                           "the cards' defaults it would carry {} A of {} A",
                                           cord->what, s.id, pair.actual, pair.limit),
                               drawn, cord->limit, "A");
    d.confidence = s.wall.confidence;
    d.help = boot_help("overheat it");
  }
}

/// Outlets that bear a supply as P129 judges it, and no more at the cards' defaults.
void outlets_at_default(const Rig& rig, Reporter& out) {
  const auto& capped = out.physics().supply_loads();
  for (const SupplyLoad& s : out.physics().supply_loads(Caps::default_limits)) {
    const SupplyPlace* place = rig.layout.supply(s.id);
    const SupplyLoad* now = load_of(capped, s.id);
    if (place == nullptr || now == nullptr || !s.wall.known() || !now->wall.known()) continue;
    const std::string on = place->circuit.value_or("");
    const CircuitRow* circuit = rig.project->circuit(on);
    if (circuit == nullptr || rig.project->mains_unit(on) != nullptr) continue;
    const Cord* cord = rig.project->part<Cord>(place->cord_part.value_or(""));
    const auto contact = weakest_contact(circuit->outlet, cord);
    if (!contact || !circuit->volts.known()) continue;
    const Amps drawn = *s.wall / *circuit->volts;
    const Amps limit = contact->kind->amps;
    if (!exceeds(drawn, limit) || exceeds(*now->wall / *circuit->volts, limit)) continue;  // P129
    const Pair pair = distinct(drawn.value, limit.value);
    Diagnostic& d = out.report(supply_place(rig, s.id), {s.id},
                               fmt::format("the outlet of `{}` holds only under the power limits: "
                                           "at the cards' defaults it would carry {} A of {} A",
                                           s.id, pair.actual, pair.limit),
                               drawn, limit, "A");
    d.confidence = s.wall.confidence;
    d.help = boot_help("overheat it");
  }
}

void breakouts_at_default(const Rig& rig, Reporter& out) {
  const auto& capped = out.physics().output_loads();
  const auto& at_default = out.physics().output_loads(Caps::default_limits);
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    const Breakout* breakout = breakout_part(rig, id);
    if (breakout == nullptr || !breakout->bus_power.known()) continue;
    const Watts bus = *breakout->bus_power;
    const Watts carried = through_breakout(rig, at_default, id);
    if (!exceeds(carried, bus) || exceeds(through_breakout(rig, capped, id), bus))
      continue;  // P108
    Diagnostic& d =
        out.report(supply_place(rig, id), {id, breakout->id},
                   fmt::format("breakout board `{}` of `{}` holds only under the power limits: at "
                               "the cards' defaults it would pass {}",
                               breakout->id, id, of_limit(carried, bus)),
                   carried, bus, "W");
    d.confidence = breakout->bus_power.confidence;
    d.help = boot_help("overheat it");
  }
}

void circuits_at_default(const Rig& rig, Reporter& out) {
  const bool nec = code_of(rig) == MainsCode::nec;
  const auto& capped = out.physics().circuit_loads();
  const auto& at_default = out.physics().circuit_loads(Caps::default_limits);
  for (std::size_t i = 0; i < at_default.size(); ++i) {
    const CircuitLoad& c = at_default[i];
    const Watts limit = nec ? c.continuous : c.trip;
    if (c.supplies.empty() || !c.missing.empty() || !exceeds(c.expected, limit)) continue;
    if (exceeds(capped[i].expected, limit)) continue;  // P110
    Diagnostic& d = out.report(c.at, {c.id},
                               fmt::format("circuit `{}` holds only under the power limits: at the "
                                           "cards' defaults it would carry {}",
                                           c.id, of_limit(c.expected, limit)),
                               c.expected, limit, "W");
    d.confidence = c.confidence;
    d.help = boot_help("trip the breaker; or use a stronger circuit");
  }
}

/// Was a wire over its rating with the limits as set, and so told by P105 or P106?
template <class Wire>
bool over_anyway(const std::vector<Wire>& capped, const std::string& id) {
  return std::any_of(capped.begin(), capped.end(), [&](const Wire& now) {
    return now.id == id && exceeds(now.carried, now.rating);
  });
}

template <class Wire>
void report_wire(const Rig& rig, const Wire& wire, const PlacedFeed* feed, const std::string& name,
                 std::string_view what, Reporter& out) {
  const std::string owner = feed != nullptr ? feed->owner : owner_of(wire.id);
  Diagnostic& d = out.report(either(wire.at, owner_place(rig, owner)), {owner, name},
                             fmt::format("{} `{}` holds only under the power limits: at the cards' "
                                         "defaults it would carry {}",
                                         what, name, of_limit(wire.carried, wire.rating)),
                             wire.carried, wire.rating, "W");
  d.confidence = wire.confidence;
  d.help = boot_help("overheat it; or use a stronger cable or more outputs");
}

void wires_at_default(const Rig& rig, Reporter& out) {
  const auto feeds = all_feeds(rig);
  const auto& outputs = out.physics().output_loads();
  for (const OutputLoad& o : out.physics().output_loads(Caps::default_limits)) {
    const PlacedFeed* feed = feed_from(feeds, o.id);
    if (!exceeds(o.carried, o.rating) || over_anyway(outputs, o.id)) continue;
    if (!is_one_plug(o, feed)) report_wire(rig, o, feed, o.id, "output", out);
  }
  const auto& inlets = out.physics().inlet_loads();
  for (const InletLoad& i : out.physics().inlet_loads(Caps::default_limits)) {
    if (!exceeds(i.carried, i.rating) || over_anyway(inlets, i.id)) continue;
    const PlacedFeed* feed = feed_of_cable(feeds, i.at, i.cable);
    report_wire(rig, i, feed, feed != nullptr ? feed->inlet() : i.id, "plug", out);
  }
}

/// The cards go back to their defaults at every reboot: what then?
void cap_is_only_defence(const Rig& rig, Reporter& out) {
  if (rig.layout.power_limits.empty()) return;
  supplies_at_default(rig, out);
  cords_at_default(rig, out);
  outlets_at_default(rig, out);
  circuits_at_default(rig, out);
  breakouts_at_default(rig, out);
  wires_at_default(rig, out);
}

constexpr std::array mains_table{
    Rule{
        {"P103", "mains-voltage-unfit", Severity::error,
         "A supply does not run at the voltage of its circuit.",
         "Many server and large ATX supplies run at 200 to 240 V only. At 120 V they do not start.",
         "label of the supply"},
        mains_voltage_unfit},
    Rule{{"P110", "circuit-overloaded", Severity::error,
          "A circuit carries more than its breaker allows for hours.",
          "Load that runs three hours or more counts as continuous: the NEC allows 80 % of the "
          "breaker (15 A at 120 V: 1440 W). Elsewhere 80 % is advice, told as a warning, and the "
          "breaker's own current the limit. Other things on the circuit count too.",
          "NEC 210.19 and 210.20"},
         circuit_overloaded},
    Rule{{"P111", "outlets-exceeded", Severity::error,
          "More supplies hang on a circuit than it has outlets.",
          "Power strips chained to one another are a fire hazard: all current of the chain runs "
          "through the first plug.",
          "`outlets:` of the spec"},
         outlets_exceeded},
    Rule{{"P112", "cord-overloaded", Severity::error,
          "A supply draws more current than its mains inlet and cord are rated for.",
          "A C13 cord with C14 inlet carries 10 A (15 A under UL), C19 with C20 16 A (20 A). At "
          "120 V a 1600 W supply can exceed the small one.",
          "IEC 60320"},
         cord_overloaded},
    Rule{{"P113", "cap-is-only-defence", Severity::warning,
          "Something holds only while software keeps the cards' power limits.",
          "Power limits are forgotten at every reboot until something sets them again. Cards under "
          "load right after a reboot draw their default.",
          "NVML, nvmlDeviceSetPowerManagementLimit: not persistent across reboots or driver "
          "unloads, "
          "https://docs.rs/nvml-binding/latest/nvml_binding/bindings/"
          "fn.nvmlDeviceSetPowerManagementLimit.html"},
         cap_is_only_defence}};

}  // namespace

std::span<const Rule> mains_rules() { return mains_table; }

}  // namespace rigtopo
