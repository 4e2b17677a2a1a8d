// Power behind the wall: supplies, outputs, plugs, slots, breakout boards. What each carries comes
// from physics/; here it meets its limit. Whether everything is fed at all is feed_rules.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/power_phrases.hpp"
#include "check/rule.hpp"

namespace rigtopo {
namespace {

constexpr double advised_share = 0.8;  // of a supply's rating, for continuous load

// ---- supplies: words
// -----------------------------------------------------------------------------

/// A slot alone, at the allowance of the standard because nobody measured the card.
bool is_assumed_slot(const Rig& rig, const Load& part) {
  const DeviceUse* use = rig.project->device(part.subject);
  return use != nullptr && part.side == FedSide::slot &&
         card_draw(*use->part, std::nullopt).slot_assumed &&
         !exceeds(part.expected, slot_allowance()) && !exceeds(slot_allowance(), part.expected);
}

/// "450 W + 280 W + 50 W and 6 slots at the 66 W allowance": the sum as a builder would add it up.
std::string arithmetic(const Rig& rig, const SupplyLoad& load) {
  std::string sum;
  int assumed_slots = 0;
  for (const Load& part : load.loads) {
    if (part.expected.value <= 0) continue;
    if (is_assumed_slot(rig, part)) {
      ++assumed_slots;
      continue;
    }
    sum += (sum.empty() ? "" : " + ") + to_text(part.expected);
  }
  if (assumed_slots > 0) {
    sum += fmt::format("{}{} slot{} at the {} allowance", sum.empty() ? "" : " and ", assumed_slots,
                       assumed_slots == 1 ? "" : "s", to_text(slot_allowance()));
  }
  return sum;
}

/// " at 120 V", or nothing while the circuit is open.
std::string at_mains(const Rig& rig, const std::string& supply_id) {
  const SupplyPlace* place = rig.layout.supply(supply_id);
  const CircuitRow* circuit =
      place == nullptr ? nullptr : rig.project->circuit(place->circuit.value_or(""));
  return circuit == nullptr || !circuit->volts.known() ? "" : " at " + to_text(*circuit->volts);
}

/// The band of mains voltage whose rating is meant.
Source rating_place(const Rig& rig, const std::string& supply_id, Watts rating) {
  const Supply* supply = supply_part(rig, supply_id);
  if (supply == nullptr) return {};
  for (const SupplyRating& r : supply->ratings) {
    if (!r.power.known()) continue;
    const Watts power = std::min(*r.power, r.power_12v.value_or(*r.power));
    if (!exceeds(power, rating) && !exceeds(rating, power)) return r.at;
  }
  return supply->at;
}

// ---- supplies: assumptions
// -----------------------------------------------------------------------

bool hangs_somewhere(const DevicePlace& place) { return place.port.known(); }

void assume_slots(const Rig& rig, Reporter& out) {
  for (const DevicePlace& place : rig.layout.devices) {
    const DeviceUse* use = rig.project->device(place.id.value_or(""));
    if (use == nullptr || !hangs_somewhere(place)) continue;
    const Device& card = *use->part;
    const bool in_slot = card.edge.value_or(Socket::slot) == Socket::slot;
    if (!in_slot || card.inlets.empty()) continue;
    const Fact<Watts>& slot = card.slot_power;
    if (card_draw(card, std::nullopt).slot_assumed) {
      out.assume(
          fmt::format("`{}` may draw {} of 12 V from its slot, the allowance of the standard: {} "
                      "(verified as a "
                      "limit)",
                      card.id, to_text(slot_allowance()),
                      slot.known() ? fmt::format("its {} are unverified", to_text(*slot))
                                   : "no measured draw is sourced"));
    } else if (slot.confidence == Confidence::unverified) {
      out.assume(fmt::format(
          "`{}` draws {} of 12 V from its slot and only the rest of its power through its plugs "
          "(unverified)",
          card.id, to_text(*slot)));
    }
  }
}

void assume_platform(const Rig& rig, Reporter& out) {
  const PlatformRow& row = rig.project->spec.platform;
  if (rig.layout.board_power.empty()) return;
  const Estimate<Watts> power = platform_power(*rig.project);
  if (!power.known()) return;
  const std::string watts = to_text(*power);
  if (row.total.known()) {
    out.assume("everything but CPU and devices draws " + watts + ", as the spec says (" +
               std::string(to_string(power.confidence)) + ")");
    return;
  }
  out.assume(fmt::format(
      "everything but CPU and devices draws {}: 5 W a DIMM, 10 W a drive, 30 W for "
      "board and controller{}{} ({})",
      watts, row.other.known() ? ", and `other`" : "",
      row.memory.known() ? "" : ", with all memory channels filled", to_string(power.confidence)));
}

/// Says so where the lowest band stands in for a voltage that nobody gave.
void assume_mains(const Rig& rig, const SupplyLoad& s, Reporter& out) {
  const Supply* supply = supply_part(rig, s.id);
  if (supply == nullptr || s.rating.known()) return;
  out.assume(
      fmt::format("`{}` is judged by its lowest rating: the spec names no circuits "
                  "(unverified)",
                  supply->id));
}

// ---- supplies: rules
// -----------------------------------------------------------------------------

/// Another supply with room for the plugs of one card whose move would bring `s` within its rating.
std::string roomy_supply(const Rig& rig, const std::vector<SupplyLoad>& loads, const SupplyLoad& s,
                         Watts rating) {
  const SupplyLoad* best = nullptr;
  std::string card;
  Watts room;
  for (const Load& part : s.loads) {
    const DeviceUse* use = rig.project->device(part.subject);
    if (use == nullptr || use->part->inlets.empty() || part.side == FedSide::slot) continue;
    const CardDraw draw = card_draw(*use->part, [&]() -> std::optional<Watts> {
      const Fact<Watts>* limit = rig.layout.power_limit(use->id);
      return limit == nullptr ? std::nullopt : limit->value;
    }());
    const bool both = part.side == FedSide::whole;
    const Watts left = s.expected - part.expected + (both ? draw.slot_expected : Watts{0});
    if (exceeds(left, rating)) continue;
    for (const SupplyLoad& other : loads) {
      const Estimate<Watts> limit = judged_rating(rig, other);
      if (other.id == s.id || !limit.known()) continue;
      const Watts free = *limit - other.expected;
      if (exceeds(draw.aux_expected, free) || free <= room) continue;
      best = &other;
      card = use->id;
      room = free;
    }
  }
  return best == nullptr ? ""
                         : fmt::format("`{}` has {:.0f} W free, enough for the plugs of `{}`",
                                       best->id, std::floor(room.value), card);
}

std::string overload_help(const Rig& rig, const std::vector<SupplyLoad>& loads, const SupplyLoad& s,
                          Watts rating) {
  const auto holds = [&](const Rig& trial) {
    const auto now = supply_loads(trial);
    const SupplyLoad* load = load_of(now, s.id);
    return load != nullptr && !exceeds(load->expected, rating);
  };
  const bool slots = std::any_of(s.loads.begin(), s.loads.end(),
                                 [&](const Load& l) { return is_assumed_slot(rig, l); });
  return alternatives(
      {roomy_supply(rig, loads, s, rating), limit_remedy(rig, cards_to_limit(rig, {s}), holds),
       slots ? "use risers with their own 12 V, so that slots do not load `" + s.id + "`" : ""});
}

void supply_overloaded(const Rig& rig, Reporter& out) {
  assume_slots(rig, out);
  assume_platform(rig, out);
  const bool circuits = !rig.project->spec.mains.circuits.empty();
  const auto& loads = out.physics().supply_loads();
  for (const SupplyLoad& s : loads) {
    const SupplyPlace* place = rig.layout.supply(s.id);
    out.not_checked(s.missing, s.id);
    const Estimate<Watts> rating = judged_rating(rig, s);
    if (circuits && (place == nullptr || !place->circuit.known())) {
      out.undecided(fmt::format("`{}` has no circuit yet", s.id));
      continue;
    }
    if (!rating.known()) {
      out.not_checked(rating.missing, s.id);
      continue;
    }
    assume_mains(rig, s, out);
    const Confidence sure = weakest(s.confidence, rating.confidence);
    out.rests_on(sure);
    out.limit(fmt::format("{} expected load{}", s.id, at_mains(rig, s.id)), s.expected.value,
              (*rating).value, "W");
    if (!exceeds(s.expected, *rating)) continue;
    Diagnostic& d =
        out.report(supply_place(rig, s.id), {s.id},
                   fmt::format("`{}` would carry {}{}: {}", s.id, of_limit(s.expected, *rating),
                               at_mains(rig, s.id), arithmetic(rig, s)),
                   s.expected, *rating, "W");
    d.labels.push_back({rating_place(rig, s.id, *rating), "rating declared here"});
    d.confidence = sure;
    d.help = overload_help(rig, loads, s, *rating);
  }
}

void supply_near_limit(const Rig& rig, Reporter& out) {
  for (const SupplyLoad& s : out.physics().supply_loads()) {
    const Estimate<Watts> rating = judged_rating(rig, s);
    if (!rating.known() || exceeds(s.expected, *rating)) continue;
    const bool worst = exceeds(s.worst, *rating);
    const Watts advised = *rating * advised_share;
    if (!worst && !exceeds(s.expected, advised)) continue;
    Diagnostic& d = out.report(
        supply_place(rig, s.id), {s.id},
        worst ? fmt::format("`{}` would carry {}{} if its cards drew all they may through slot and "
                            "plugs",
                            s.id, of_limit(s.worst, *rating), at_mains(rig, s.id))
              : fmt::format("`{}` carries {}{}, more than 80 % of its rating", s.id,
                            of_limit(s.expected, *rating), at_mains(rig, s.id)),
        worst ? s.worst : s.expected, worst ? *rating : advised, "W");
    d.labels.push_back({rating_place(rig, s.id, *rating), "rating declared here"});
    d.confidence = weakest(s.confidence, rating.confidence);
    d.help = limit_remedy(rig, cards_to_limit(rig, {s}), [&](const Rig& trial) {
      const auto now = supply_loads(trial);
      const SupplyLoad* load = load_of(now, s.id);
      return load != nullptr && !exceeds(load->worst, *rating) && !exceeds(load->expected, advised);
    });
  }
}

void assume_peaks(const Rig& rig, const SupplyLoad& s, Reporter& out) {
  for (const Load& load : s.loads) {
    const DeviceUse* use = rig.project->device(load.subject);
    if (use == nullptr || use->part->peak.known() || !use->part->excursions.empty()) continue;
    out.assume(
        fmt::format("`{}` peaks at twice its power for about a millisecond: no measured peak "
                    "is sourced (unverified)",
                    use->part->id));
  }
}

void peaks_over_rating(const Rig& rig, Reporter& out) {
  for (const SupplyLoad& s : out.physics().supply_loads()) {
    const Supply* supply = supply_part(rig, s.id);
    const Estimate<Watts> rating = judged_rating(rig, s);
    if (supply == nullptr || !rating.known()) continue;
    if (!s.peak.known()) {
      out.not_checked(s.peak.missing, s.id);
      continue;
    }
    assume_peaks(rig, s, out);
    const Percent ability = supply->excursion_1ms.value_or(Percent{100});
    if (!supply->excursion_1ms.known()) {
      out.assume(
          fmt::format("`{}` delivers no more than its rating even for a millisecond: no "
                      "excursion ability is sourced (unverified)",
                      supply->id));
    }
    const Watts limit = *rating * (ability.value / 100);
    if (!exceeds(*s.peak, limit)) continue;
    Diagnostic& d = out.report(
        supply_place(rig, s.id), {s.id},
        fmt::format("peaks of all its cards at once bring `{}` to {} for about a millisecond", s.id,
                    of_limit(*s.peak, limit)),
        *s.peak, limit, "W");
    d.labels.push_back({either(supply->excursion_1ms.at, rating_place(rig, s.id, *rating)),
                        supply->excursion_1ms.known() ? "excursion ability declared here"
                                                      : "rating declared here"});
    d.confidence =
        weakest(s.peak.confidence, supply->excursion_1ms.known() ? supply->excursion_1ms.confidence
                                                                 : Confidence::unverified);
    d.help =
        "spread the cards, lower their power limit, or use a supply rated for excursions "
        "(ATX 3)";
  }
}

// ---- outputs, plugs, slots, breakout boards
// ------------------------------------------------------

/// Lowers the power limit of the card that a wire feeds, as far as that helps.
template <class Wires>
std::string wire_remedy(const Rig& rig, const std::string& owner, const std::string& wire,
                        Wires wires) {
  const DeviceUse* use = rig.project->device(owner);
  if (use == nullptr) return "";
  return limit_remedy(rig, {use->id}, [&](const Rig& trial) {
    const auto now = wires(trial);
    return std::all_of(now.begin(), now.end(), [&](const auto& other) {
      return other.id != wire || !exceeds(other.carried, other.rating);
    });
  });
}

void output_overloaded(const Rig& rig, Reporter& out) {
  const auto feeds = all_feeds(rig);
  for (const OutputLoad& o : out.physics().output_loads()) {
    out.not_checked(o.missing, o.id);
    if (o.carried.value <= 0) continue;
    const PlacedFeed* feed = feed_from(feeds, o.id);
    const std::string owner = feed != nullptr ? feed->owner : owner_of(o.feeds);
    out.rests_on(o.confidence);
    out.limit(fmt::format("{} to {}", o.id, o.feeds), o.carried.value, o.rating.value, "W");
    if (!exceeds(o.carried, o.rating) || is_one_plug(o, feed)) continue;
    Diagnostic& d = out.report(
        either(o.at, owner_place(rig, owner)), {owner, owner_of(o.id), o.id},
        fmt::format("output `{}` ({}) carries {} to `{}`", o.id, word(o.plug),
                    of_limit(o.carried, o.rating), feed != nullptr ? feed->inlet() : o.feeds),
        o.carried, o.rating, "W");
    if (const Output* part = output_at(rig, o.id)) {
      d.labels.push_back({either(part->power.at, part->at), "output described here"});
    }
    d.confidence = o.confidence;
    const auto wires = [](const Rig& trial) { return output_loads(trial); };
    d.help = alternatives({"use an adapter with more inputs, or a stronger output",
                           wire_remedy(rig, owner, o.id, wires)});
  }
}

void plug_overloaded(const Rig& rig, Reporter& out) {
  const auto feeds = all_feeds(rig);
  for (const InletLoad& i : out.physics().inlet_loads()) {
    const PlacedFeed* feed = feed_of_cable(feeds, i.at, i.cable);
    const std::string inlet = feed != nullptr ? feed->inlet() : i.id;
    const std::string owner = owner_of(inlet);
    out.not_checked(i.missing, inlet);
    if (i.carried.value <= 0) continue;
    out.rests_on(i.confidence);
    if (!exceeds(i.carried, i.rating)) continue;
    Diagnostic& d = out.report(either(i.at, owner_place(rig, owner)), {owner, i.cable},
                               fmt::format("plug `{}` ({}) takes {} through cable `{}`", inlet,
                                           word(i.plug), of_limit(i.carried, i.rating), i.cable),
                               i.carried, i.rating, "W");
    const PowerCable* cable =
        feed == nullptr ? nullptr : rig.project->part<PowerCable>(feed->feed->part.value_or(""));
    if (cable != nullptr && exceeds(plug_rating(i.plug), i.rating)) {
      d.labels.push_back({either(cable->power.at, cable->at), "cable rating declared here"});
    }
    d.confidence = i.confidence;
    const auto wires = [](const Rig& trial) { return inlet_loads(trial); };
    d.help = owner == "board"
                 ? "feed every 12 V inlet of the board, or use risers with their own 12 V"
                 : alternatives({"use a cable or adapter rated for it",
                                 wire_remedy(rig, owner, i.id, wires)});
  }
}

void slots_overloaded(const Rig& rig, Reporter& out) {
  const SlotNetLoad net = slot_net_load(rig);
  if (net.cards == 0) return;
  out.not_checked(net.missing, "board");
  if (!net.limit.known()) {
    // The standard asks every slot to pass its allowance; what the inlets pass on is P106.
    out.assume(
        fmt::format("`{}` passes {} of 12 V to every slot, as the standard asks: it states no "
                    "sum over its slots (unverified)",
                    rig.board != nullptr ? rig.board->id : "the board", to_text(slot_allowance())));
    out.left_out(fmt::format("no sum of 12 V over the slots of `{}` is known ({} card{} {})",
                             rig.board != nullptr ? rig.board->id : "the board", net.cards,
                             net.cards == 1 ? "" : "s",
                             (net.cards == 1 ? "draws " : "draw ") + to_text(net.expected)));
    out.rests_on(Confidence::unverified);
    return;
  }
  const Confidence sure = weakest(net.limit.confidence, net.confidence);
  out.rests_on(sure);
  out.limit("12 V through the board's slots", net.expected.value, (*net.limit).value, "W");
  if (!exceeds(net.expected, *net.limit)) return;
  std::vector<std::string> subject{"board"};
  subject.insert(subject.end(), net.subjects.begin(), net.subjects.end());
  Diagnostic& d = out.report(
      board_place(rig), subject,
      fmt::format("{} card{} draw {} of 12 V through the slots of `{}`", net.cards,
                  net.cards == 1 ? "" : "s", of_limit(net.expected, *net.limit), rig.board->id),
      net.expected, *net.limit, "W");
  d.labels.push_back({rig.board->slot_power_limit.at, "limit declared here"});
  d.confidence = sure;
  d.help = "use risers with their own 12 V for some of them";
}

void breakout_overloaded(const Rig& rig, Reporter& out) {
  const auto& loads = out.physics().output_loads();
  for (const SupplyPlace& place : rig.layout.supplies) {
    const std::string id = place.id.value_or("?");
    const Breakout* breakout = breakout_part(rig, id);
    if (breakout == nullptr) continue;
    const Watts carried = through_breakout(rig, loads, id);
    if (carried.value <= 0) continue;
    const Fact<Watts>& bus = breakout->bus_power;
    if (!bus.known()) {
      out.not_checked(fmt::format("no bus rating for `{}` ({})", breakout->id, id));
      continue;
    }
    out.rests_on(bus.confidence);
    out.limit(fmt::format("{} breakout board", id), carried.value, bus->value, "W");
    if (!exceeds(carried, *bus)) continue;
    Diagnostic& d = out.report(supply_place(rig, id), {id, breakout->id},
                               fmt::format("breakout board `{}` of `{}` passes {}", breakout->id,
                                           id, of_limit(carried, *bus)),
                               carried, *bus, "W");
    d.labels.push_back({bus.at, "bus rating declared here"});
    d.confidence = bus.confidence;
    d.help = "move a card to another supply, or use a breakout board rated for it";
  }
}

constexpr std::array power_table{
    Rule{
        {"P101", "supply-overloaded", Severity::error,
         "A supply is expected to carry more than its rating at the mains voltage in use.",
         "Each card's board power counts once, split between slot and plugs. The supply behind the "
         "slots is judged by what the cards draw there: the measured draw where one is sourced, "
         "else the 66 W that the standard allows. Server supplies are rated lower at 100 to 127 V. "
         "An overloaded supply shuts down, and takes the system with it when it also feeds the "
         "board.",
         "rating on the supply's label; PCIe CEM slot allowance of 5.5 A at 12 V"},
        supply_overloaded},
    Rule{{"P102", "supply-near-limit", Severity::warning,
          "A supply runs over 80 % of its rating, or over it at the worst split of its cards.",
          "At the worst split the cards draw their full power through the plugs and, on the supply "
          "behind the slots, the full allowance there. Continuous load above four fifths leaves "
          "nothing for peaks, heat and age.",
          "common practice for continuous load; https://miningtech.no/en/strømforsyning-guide"},
         supply_near_limit},
    Rule{{"P104", "peaks-over-rating", Severity::warning,
          "Power peaks of cards at the same moment exceed what a supply can deliver for a "
          "millisecond.",
          "Cards in tensor parallel work start their kernels together, so peaks add up. ATX 3 "
          "supplies must deliver up to twice their rating for 100 us; older ones promise nothing "
          "and some trip.",
          "Intel ATX12VO design guide, table 3-3"},
         peaks_over_rating},
    Rule{{"P105", "output-overloaded", Severity::error,
          "An output or breakout port carries more than its plug or its maker allows.",
          "A 6-pin is rated 75 W, an 8-pin 150 W, a 12V-2x6 600 W. A port of a breakout board that "
          "states no more is taken by the standard of its plug.",
          "Intel ATX 3 design guide, table 3-5"},
         output_overloaded},
    Rule{{"P106", "plug-overloaded", Severity::error,
          "A plug of a card, riser or board takes more than plug and cable are rated for.",
          "The weakest of plug and cable part counts. 12V-2x6 plugs have hardly any reserve: one "
          "bad "
          "pin overloads the others. The 24-pin plug has two 12 V pins for all slots behind it; "
          "seven cards at 66 W are 462 W, and 24-pin plugs have melted so.",
          "Intel ATX 3 design guide, table 3-5; two 12 V pins of the 24-pin plug"},
         plug_overloaded},
    Rule{
        {"P107", "slots-overloaded", Severity::error,
         "Cards draw more 12 V through the board's slots than the board can pass.",
         "All slot power comes through the board's inlets and its copper. Where the maker states a "
         "sum for all slots, that is the limit whatever each slot alone could pass. A builder with "
         "more "
         "than two cards in slots found the wire of the board's extra inlet browned by heat.",
         "design rule: the sum that the part's own source states (`slot_power_limit`); the "
         "mechanism "
         "measured at http://nerdralph.blogspot.com/2017/03/riser-recycling.html"},
        slots_overloaded},
    Rule{{"P108", "breakout-overloaded", Severity::error,
          "A breakout board passes more than its bus is rated for.",
          "The ports may be fine one by one while copper and edge connector of the board are not.",
          "maker's rating of the breakout board"},
         breakout_overloaded}};

}  // namespace

std::span<const Rule> power_rules() { return power_table; }

}  // namespace rigtopo
