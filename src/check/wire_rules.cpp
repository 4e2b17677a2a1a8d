// Copper of power cables: voltage at the far end, current in the wires, plugs that share a cable,
// modular cables of other supplies. Currents come from physics/power, copper from physics/wire.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "check/power_phrases.hpp"
#include "check/rule.hpp"
#include "physics/wire.hpp"

namespace rigtopo {
namespace {

constexpr Volts least_at_card{11.04};  // 12 V - 8 %

/// A fed inlet with what it carries and the parts of its cable.
struct LoadedFeed {
  const PlacedFeed* feed = nullptr;
  InletLoad load;
  FeedParts parts;
  std::string inlet() const { return feed->inlet(); }
};

std::vector<LoadedFeed> loaded_feeds(const Rig& rig, const std::vector<PlacedFeed>& feeds) {
  std::vector<LoadedFeed> list;
  for (InletLoad& load : inlet_loads(rig)) {
    const PlacedFeed* feed = feed_of_cable(feeds, load.at, load.cable);
    if (feed == nullptr || load.carried.value <= 0) continue;
    FeedParts parts{load.plug, {}, rig.project->part<PowerCable>(feed->feed->part.value_or(""))};
    for (const auto& from : feed->feed->from) {
      const Output* output = output_at(rig, from.value_or(""));
      if (output != nullptr) parts.outputs.push_back(output);
    }
    if (!parts.outputs.empty()) list.push_back({feed, std::move(load), std::move(parts)});
  }
  return list;
}

std::string name_of(const Stretch& s, const LoadedFeed& f) {
  return s.cable != nullptr ? "`" + s.cable->id + "`"
                            : "the cable of `" + f.feed->feed->from.front().value_or("?") + "`";
}

Label gauge_label(const Stretch& s) {
  return {either(s.gauge.at, s.cable != nullptr ? s.cable->at : s.output->at),
          "wire size given here"};
}

// ---- voltage
// -------------------------------------------------------------------------------------

void low_voltage(const Rig& rig, Reporter& out) {
  const auto feeds = all_feeds(rig);
  int unknown = 0;
  for (const LoadedFeed& f : loaded_feeds(rig, feeds)) {
    const std::string id = owner_of(f.feed->feed->from.front().value_or(""));
    const Supply* supply = supply_part(rig, id);
    const Estimate<Volts> drop = voltage_drop(f.parts, f.load.carried / Volts{12});
    if (supply == nullptr || !drop.known()) {
      ++unknown;
      continue;
    }
    if (!supply->voltage.known()) {
      out.assume(fmt::format("`{}` gives 12 V: no set point is sourced (unverified)", supply->id));
    }
    const Volts there = supply->voltage.value_or(Volts{12}) - *drop;
    if (!exceeds(least_at_card, there)) continue;
    const Pair pair = distinct(there.value, least_at_card.value);
    Diagnostic& d =
        out.report(f.feed->at(rig), {f.feed->owner, id},
                   fmt::format("`{}` gets {} V at {} W, less than the {} V that cards accept",
                               f.inlet(), pair.actual, number(f.load.carried.value), pair.limit),
                   there, least_at_card, "V");
    d.confidence = weakest(drop.confidence, f.load.confidence);
    d.help = "use shorter cables, thicker wire, or more of them";
  }
  if (unknown > 0) {
    out.left_out(
        fmt::format("voltage at {} fed inlet{}: wire size or length of the cables is not "
                    "known",
                    unknown, unknown == 1 ? "" : "s"));
  }
}

// ---- current
// -------------------------------------------------------------------------------------

/// Calls `judge` with every stretch whose wires are known.
template <class Judge>
void each_stretch(const Rig& rig, Judge judge) {
  const auto feeds = all_feeds(rig);
  for (const LoadedFeed& f : loaded_feeds(rig, feeds)) {
    for (const Stretch& s : stretches(f.parts)) {
      const Estimate<Watts> most = ampacity_of(s);
      if (most.known()) judge(f, s, most);
    }
  }
}

std::string wire_words(const Stretch& s, const LoadedFeed& f) {
  return fmt::format("{} ({} wires of AWG {}) passes", name_of(s, f), s.wires, *s.gauge);
}

void wire_over_ampacity(const Rig& rig, Reporter& out) {
  each_stretch(rig, [&](const LoadedFeed& f, const Stretch& s, const Estimate<Watts>& most) {
    if (!exceeds(f.load.carried, *most)) return;
    Diagnostic& d = out.report(
        f.feed->at(rig), {f.feed->owner},
        fmt::format("{} {} to `{}`", wire_words(s, f), of_limit(f.load.carried, *most), f.inlet()),
        f.load.carried, *most, "W");
    d.labels.push_back(gauge_label(s));
    d.confidence = weakest(most.confidence, f.load.confidence);
    d.help = "use a cable of thicker wire, or more cables";
  });
}

void wire_hot_in_bundle(const Rig& rig, Reporter& out) {
  each_stretch(rig, [&](const LoadedFeed& f, const Stretch& s, const Estimate<Watts>& free_air) {
    const Watts most = *free_air * bundle_share();
    if (!exceeds(f.load.carried, most) || exceeds(f.load.carried, *free_air)) return;  // W110
    Diagnostic& d =
        out.report(f.feed->at(rig), {f.feed->owner},
                   fmt::format("{} {} to `{}` once it is bundled with other warm wires",
                               wire_words(s, f), of_limit(f.load.carried, most), f.inlet()),
                   f.load.carried, most, "W");
    d.labels.push_back(gauge_label(s));
    d.confidence = Confidence::unverified;
    d.help = "use thicker wire, or keep the cable apart and in moving air";
  });
}

// ---- several plugs on one cable
// ------------------------------------------------------------------

/// What the plugs of one cable or chain pass in all, and how many of them pass anything.
struct OnOneCable {
  Watts carried;
  int plugs = 0;
  Confidence sure = Confidence::verified;
};

OnOneCable on_one_cable(const Rig& rig, const std::vector<OutputLoad>& loads,
                        const std::string& supply_id, const OutputGroup& group) {
  OnOneCable sum;
  for (const OutputLoad& o : loads) {
    if (owner_of(o.id) != supply_id || output_at(rig, o.id) != group.outputs.front()) continue;
    sum.carried += o.carried;
    sum.plugs += 1;
    sum.sure = weakest(sum.sure, o.confidence);
  }
  return sum;
}

/// Calls `judge` with every cable, or every chain, of the supplies of the layout.
template <class Judge>
void each_group(const Rig& rig, OutputGroup::Kind kind, Judge judge) {
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    const Supply* supply = supply_part(rig, id);
    if (supply == nullptr) continue;
    for (const OutputGroup& g : output_groups(*supply, breakout_part(rig, id))) {
      if (g.kind == kind && g.limit.known()) judge(id, g);
    }
  }
}

/// Where nobody says which plugs share a cable, two of one card may hang on a single one.
void assume_own_cables(const Rig& rig, Reporter& out) {
  std::map<std::pair<std::string, const Output*>, int> used;
  for (const OutputLoad& o : out.physics().output_loads()) {
    const Output* output = output_at(rig, o.id);
    const bool pcie = o.plug == Plug::pcie_6pin || o.plug == Plug::pcie_8pin;
    if (output == nullptr || !pcie || output->one_cable.known()) continue;
    if (output->needs_cable.value_or(false)) continue;  // a cable part for each
    const Supply* supply = supply_part(rig, owner_of(o.id));
    if (supply == nullptr || ++used[{owner_of(o.id), output}] != 2) continue;
    out.assume(
        fmt::format("each PCIe plug of `{}` in use has a cable of its own: nobody says "
                    "which share one (unverified)",
                    supply->id));
    out.rests_on(Confidence::unverified);
  }
}

void pigtail_overloaded(const Rig& rig, Reporter& out) {
  assume_own_cables(rig, out);
  const auto& loads = out.physics().output_loads();
  each_group(rig, OutputGroup::Kind::cable, [&](const std::string& id, const OutputGroup& g) {
    const OnOneCable on = on_one_cable(rig, loads, id, g);
    if (!exceeds(on.carried, *g.limit) || on.plugs < 2) return;
    Diagnostic& d = out.report(supply_place(rig, id), {id},
                               fmt::format("{} plugs of the one cable `{}.{}` pass {} in all",
                                           on.plugs, id, g.id, of_limit(on.carried, *g.limit)),
                               on.carried, *g.limit, "W");
    d.labels.push_back({g.at, "cable described here"});
    d.confidence = weakest(on.sure, g.limit.confidence);
    d.help = "feed each plug of a card by a cable of its own";
  });
}

/// Feeds of risers that hang on a chain, one of each riser.
std::vector<const PlacedFeed*> risers_on(const Rig& rig, const std::vector<PlacedFeed>& feeds,
                                         const std::string& supply_id, const OutputGroup& chain) {
  std::vector<const PlacedFeed*> list;
  std::set<std::pair<std::string, const Riser*>> seen;
  for (const PlacedFeed& f : feeds) {
    if (f.riser == nullptr) continue;
    const bool here =
        std::any_of(f.feed->from.begin(), f.feed->from.end(), [&](const Fact<std::string>& from) {
          const std::string address = from.value_or("");
          return owner_of(address) == supply_id && output_at(rig, address) == chain.outputs.front();
        });
    if (here && seen.insert({f.owner, f.riser}).second) list.push_back(&f);
  }
  return list;
}

void chain_feeds_several_risers(const Rig& rig, Reporter& out) {
  const auto feeds = all_feeds(rig);
  const auto& loads = out.physics().output_loads();
  each_group(rig, OutputGroup::Kind::chain, [&](const std::string& id, const OutputGroup& g) {
    const OnOneCable on = on_one_cable(rig, loads, id, g);
    const auto risers = risers_on(rig, feeds, id, g);
    const bool over = on.plugs > 1 && exceeds(on.carried, *g.limit);
    if (risers.size() < 2 && !over) return;
    std::vector<std::string> subject{id};
    for (const PlacedFeed* f : risers) subject.push_back(f->owner);
    Diagnostic& d =
        out.report(risers.size() < 2 ? supply_place(rig, id) : risers[1]->at(rig), subject,
                   fmt::format("{} on the one Molex chain `{}.{}` take {}",
                               risers.size() < 2 ? fmt::format("{} plugs", on.plugs)
                                                 : fmt::format("{} risers", risers.size()),
                               id, g.id, of_limit(on.carried, *g.limit)),
                   on.carried, *g.limit, "W");
    if (!over) d.severity = Severity::warning;
    d.labels.push_back({g.at, "chain described here"});
    d.confidence = weakest(on.sure, g.limit.confidence);
    d.help = "feed one riser from each chain";
  });
}

// ---- modular cables
// ------------------------------------------------------------------------------

void foreign_modular_cable(const Rig& rig, Reporter& out) {
  for (const PlacedFeed& f : all_feeds(rig)) {
    const PowerCable* cable = rig.project->part<PowerCable>(f.feed->part.value_or(""));
    if (cable == nullptr || !cable->fits_family.known()) continue;
    std::set<std::string> told;
    for (const auto& from : f.feed->from) {
      const std::string id = owner_of(from.value_or(""));
      const Supply* supply = supply_part(rig, id);
      if (supply == nullptr || !told.insert(id).second) continue;
      if (!supply->cable_family.known()) {
        out.not_checked(fmt::format("nobody says whose modular cables fit `{}` (`{}` on {})",
                                    supply->id, cable->id, id));
        continue;
      }
      if (*supply->cable_family == *cable->fits_family) continue;
      Diagnostic& d =
          out.report(f.at(rig), {f.owner, id, cable->id},
                     fmt::format("`{}` is a cable for `{}`, `{}` takes those of `{}`", cable->id,
                                 *cable->fits_family, id, *supply->cable_family));
      d.labels.push_back({cable->fits_family.at, "cable described here"});
      d.help = "use the cables that came with the supply";
    }
  }
}

constexpr std::array wire_table{
    Rule{{"W109", "low-voltage-at-inlet", Severity::warning,
          "A plug gets less than 11.04 V under load.",
          "Cards accept 12 V less 8 %. Wire and contacts between supply and card lose voltage in "
          "both directions; below that a card throttles or the machine hangs. Thin or long cables "
          "and breakout boards that sense at the wrong end do it.",
          "Intel ATX 3 design guide, table 3-5; copper 1.724e-8 ohm m"},
         low_voltage},
    Rule{
        {"W110", "wire-over-ampacity", Severity::error,
         "Wires of a cable carry more than they may in free air.",
         "AWG 18 carries 16 A inside a case, AWG 22 7 A. Beyond that the insulation softens, "
         "whatever the plugs at both ends are rated for.",
         "chassis wiring table of the Handbook of Electronic Tables and Formulas, AWG 10 to 24, as "
         "at https://w2.electrodragon.com/cable-dat/cable-power-dat/cable-AWG-dat/cable-AWG-dat.md "
         "(secondary)"},
        wire_over_ampacity},
    Rule{{"W111", "wire-hot-in-bundle", Severity::warning,
          "Wires of a cable carry more than they may in a bundle.",
          "Wires that lie together can't give off their heat: a bundle carries about half of what "
          "the wires carry alone.",
          "0.5 to 0.7 of the free-air value is common practice (unverified)"},
         wire_hot_in_bundle},
    Rule{
        {"W112", "pigtail-overloaded", Severity::error,
         "Plugs that share one cable pass more than the cable may.",
         "Two 8-pin plugs on one cable promise a card 300 W, and the wires and the one plug at the "
         "supply carry all of it. AWG 18 is planned with 150 W a cable, AWG 16 with 300 W. Where "
         "nobody "
         "says which plugs share a cable, each is assumed to have its own.",
         "SilverStone's manuals: 12.5 A, 150 W, through one PCIe cable and connector, "
         "https://silverstonetek.com/en/tech-talk/wh_pcie-connection?page=1; 300 W at AWG 16 is a "
         "planning figure (unverified)"},
        pigtail_overloaded},
    Rule{{"W113", "chain-feeds-several-risers", Severity::error,
          "One Molex chain feeds more than one riser, or more than its first plug bears.",
          "A slot may draw 66 W of 12 V; the chain's one wire and its first plug carry the sum. "
          "Over "
          "54 W, what the lowest claim for a Molex pin (4.5 A) bears, it is an error; several "
          "risers "
          "below that a warning, since their slots may draw more than was measured.",
          "https://cryptoage.com/en/1580-why-the-serial-ata-power-connector-sata-is-so-dangerous-"
          "for-assembling-mining-rigs.html (secondary)"},
         chain_feeds_several_risers},
    Rule{{"W114", "foreign-modular-cable", Severity::error,
          "A modular cable was made for another supply.",
          "The plugs at the supply's side follow no standard: the same shape carries 12 V where "
          "another maker, or another model, has ground. Owners have lost boards and drives so.",
          "https://garry.blog/oops/ (secondary)"},
         foreign_modular_cable}};

}  // namespace

std::span<const Rule> wire_rules() { return wire_table; }

}  // namespace rigtopo
