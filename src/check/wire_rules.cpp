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

void pigtail_overloaded(const Rig& rig, Reporter& out) {
  const auto& loads = out.physics().output_loads();
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    const Supply* supply = supply_part(rig, id);
    if (supply == nullptr) continue;
    for (const OutputGroup& g : output_groups(*supply, breakout_part(rig, id))) {
      if (g.kind != OutputGroup::Kind::cable || !g.limit.known()) continue;
      Watts carried;
      int plugs = 0;
      for (const OutputLoad& o : loads) {
        if (owner_of(o.id) != id || output_at(rig, o.id) != g.outputs.front()) continue;
        carried += o.carried;
        ++plugs;
      }
      if (!exceeds(carried, *g.limit) || plugs < 2) continue;
      Diagnostic& d = out.report(supply_place(rig, id), {id},
                                 fmt::format("{} plugs of the one cable `{}.{}` pass {} in all",
                                             plugs, id, g.id, of_limit(carried, *g.limit)),
                                 carried, *g.limit, "W");
      d.labels.push_back({g.at, "cable described here"});
      d.confidence = Confidence::unverified;
      d.help = "feed each plug of a card by a cable of its own";
    }
  }
}

void chain_feeds_several_risers(const Rig& rig, Reporter& out) {
  std::map<std::pair<std::string, const Output*>, std::vector<const PlacedFeed*>> chains;
  const auto feeds = all_feeds(rig);
  for (const PlacedFeed& f : feeds) {
    if (f.riser == nullptr) continue;
    for (const auto& from : f.feed->from) {
      const Output* output = output_at(rig, from.value_or(""));
      if (output == nullptr || output->plug.value != Plug::molex) continue;
      if (output->one_cable.value_or(false)) {
        chains[{owner_of(from.value_or("")), output}].push_back(&f);
      }
    }
  }
  for (const auto& [chain, on_it] : chains) {
    if (on_it.size() < 2) continue;
    std::vector<std::string> subject;
    for (const PlacedFeed* f : on_it) subject.push_back(f->owner);
    Diagnostic& d =
        out.report(on_it[1]->at(rig), subject,
                   fmt::format("{} risers hang on the one Molex chain `{}.{}`", on_it.size(),
                               chain.first, chain.second->id.value_or("?")));
    d.labels.push_back({chain.second->at, "chain described here"});
    d.help = "feed one riser from each chain";
  }
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
    Rule{{"W110", "wire-over-ampacity", Severity::error,
          "Wires of a cable carry more than they may in free air.",
          "AWG 18 carries 16 A inside a case, AWG 22 7 A. Beyond that the insulation softens, "
          "whatever the plugs at both ends are rated for.",
          "chassis wiring table, https://turbinecar.com; handbook values for AWG 22 and 24"},
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
         "supply carry all of it. AWG 18 is planned with 150 W a cable, AWG 16 with 300 W.",
         "https://www.techoverwrite.com/never-reuse-same-pigtail-pcie-cable-new-video/ "
         "(secondary)"},
        pigtail_overloaded},
    Rule{{"W113", "chain-feeds-several-risers", Severity::warning,
          "One Molex chain feeds more than one riser.",
          "A slot may draw 66 W of 12 V; the chain's one wire and its first plug carry the sum. "
          "Claims for a Molex pin range from 4.5 to 11 A.",
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
