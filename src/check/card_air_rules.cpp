// What cards breathe: enough, cool enough, the right way round. Everything comes from air_state();
// without an air model these rules are silent and T101 says why.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <string>

#include "check/air_limits.hpp"

namespace rigtopo {

std::optional<Celsius> max_inlet(const CardAir& card) {
  const Fact<Celsius>& own = card.device->airflow.max_inlet;
  if (own.known()) return *own;
  if (card.device->cooler.value == Cooler::passive) return usual_max_inlet();
  return std::nullopt;
}

std::string temperature_text(Celsius t) {
  return std::isfinite(t.value) ? number(t.value, 1) + " °C" : "no limit";
}
std::string flow_text(LitresPerSecond flow) { return number(in_cfm(flow).value, 1) + " CFM"; }

void fill(Diagnostic& d, const AirState& air, double actual, double limit, std::string unit) {
  d.actual = actual;
  d.limit = limit;
  d.unit = std::move(unit);
  d.confidence = air.confidence;
}

namespace {

// A rise of 15 K is usual for enclosed machines, 20 K is much (engineering figures: 20 °F to 30 °F
// typical for racks, insidehpc.com, "Calculating CFMs for HPC power and cooling").
constexpr Kelvins usual_rise{15};
constexpr Kelvins high_rise{20};
// Twice the accuracy of the model.
constexpr Kelvins much_preheating{10};

std::string band_text(const AirState& air) {
  return fmt::format("{} by {} K", air.model == AirModel::open ? "an estimate, off" : "off",
                     number(air.band.value, 0));
}

/// Air through a card, whichever way.
LitresPerSecond passing(const CardAir& card) { return LitresPerSecond{std::abs(card.flow.value)}; }
double used(const CardAir& card) { return card.needed / passing(card); }

/// Slowing down to its lowest power limit does not save a card that gets too little air even for
/// that.
bool slows_down_enough(const CardAir& card) {
  const Fact<Range<Watts>>& limits = card.device->power_limits;
  if (!std::isfinite(used(card)) || !(card.heat > Watts{0})) return false;
  const Watts least = limits.known() ? std::min(limits->least, card.heat) : card.heat * 0.5;
  return !exceeds(card.needed * (least / card.heat), passing(card));
}

/// Every rule below speaks of a solved state; this one says what is missing for all of them.
void card_starved(const Rig& /*rig*/, Reporter& out) {
  const AirState& air = out.physics().air_state();
  for (const std::string& m : air.missing) {
    out.not_checked(m + " (air flow: T102 to T115 did not run)");
  }
  for (const std::string& u : air.undecided) out.undecided(u + " (air flow)");
  if (!air.solved) return;
  out.rests_on(air.confidence);
  for (const std::string& a : air.assumptions) out.assume(a);
  out.assume(fmt::format("temperatures may be {} K off ({})", number(air.band.value, 0),
                         to_string(air.confidence)));
  const CardAir* tightest = nullptr;
  for (const CardAir& card : air.cards) {
    if (card.own_fans) continue;
    if (tightest == nullptr || used(*tightest) < used(card)) tightest = &card;
    if (!exceeds(card.needed, passing(card))) continue;
    Diagnostic& d = out.report(
        card.at, {card.id},
        fmt::format("`{}` gets {} of the {} that {} need{}", card.id, flow_text(passing(card)),
                    flow_text(card.needed), to_text(card.heat),
                    card.need_assumed ? " with air of " + temperature_text(card.inlet) : ""));
    d.confidence = card.need_assumed ? Confidence::unverified : air.confidence;
    if (!slows_down_enough(card)) {
      d.severity = Severity::error;
      d.message += "; it shuts down, for at its lowest power limit it needs more as well";
    }
    if (!std::isfinite(card.needed.value)) continue;
    fill(d, air, in_cfm(passing(card)).value, in_cfm(card.needed).value, "CFM");
    if (card.need_assumed) d.confidence = Confidence::unverified;
  }
  if (tightest == nullptr || !std::isfinite(used(*tightest))) return;
  out.limit("need of `" + tightest->id + "`, the tightest, against its air",
            in_cfm(tightest->needed).value, in_cfm(passing(*tightest)).value, "CFM");
}

void inlet_too_warm(const Rig& /*rig*/, Reporter& out) {
  const AirState& air = out.physics().air_state();
  if (!air.solved) return;
  const CardAir* warmest = nullptr;  // of those with a limit
  for (const CardAir& card : air.cards) {
    const std::optional<Celsius> limit = max_inlet(card);
    if (!limit) {
      out.not_checked(fmt::format("warmest air for `{}` is not known", card.device->id));
      continue;
    }
    const bool assumed = !card.device->airflow.max_inlet.known();
    if (assumed) {
      out.assume(fmt::format("`{}` takes air of up to {} (as the NVIDIA GRID K2; unverified)",
                             card.device->id, temperature_text(*limit)));
    }
    if (warmest == nullptr || warmest->inlet < card.inlet) warmest = &card;
    if (!exceeds(card.inlet, *limit)) continue;
    Diagnostic& d = out.report(
        card.at, {card.id},
        fmt::format("`{}` would breathe air of {}, {}; it takes {}", card.id,
                    temperature_text(card.inlet), band_text(air), temperature_text(*limit)));
    fill(d, air, card.inlet.value, limit->value, "°C");
    if (assumed) d.confidence = Confidence::unverified;
  }
  if (warmest == nullptr || !std::isfinite(warmest->inlet.value)) return;
  out.limit("air into `" + warmest->id + "`, the warmest", warmest->inlet.value,
            max_inlet(*warmest)->value, "°C");
}

void exhaust_too_hot(const Rig& /*rig*/, Reporter& out) {
  const AirState& air = out.physics().air_state();
  if (!air.solved) return;
  const CardAir* hottest = nullptr;
  for (const CardAir& card : air.cards) {
    if (hottest == nullptr || hottest->outlet < card.outlet) hottest = &card;
    if (!exceeds(card.outlet, hottest_exhaust)) continue;
    const bool moves = std::isfinite(card.outlet.value);
    Diagnostic& d = out.report(
        card.at, {card.id},
        moves ? fmt::format("air leaves `{}` with {}, {}; {} is what a passive card is made for",
                            card.id, temperature_text(card.outlet), band_text(air),
                            temperature_text(hottest_exhaust))
              : fmt::format("no air passes `{}`, which gives off {}", card.id, to_text(card.heat)));
    d.confidence = air.confidence;
    if (moves) fill(d, air, card.outlet.value, hottest_exhaust.value, "°C");
  }
  if (hottest != nullptr && std::isfinite(hottest->outlet.value)) {
    out.limit("air out of `" + hottest->id + "`, the hottest", hottest->outlet.value,
              hottest_exhaust.value, "°C");
  }
}

void core_too_hot(const Rig& /*rig*/, Reporter& out) {
  const AirState& air = out.physics().air_state();
  if (!air.solved) return;
  for (const CardAir& card : air.cards) {
    const Fact<Celsius>& limit = card.device->airflow.max_core;
    if (!card.core || !limit.known()) continue;
    out.limit("chip of `" + card.id + "`", card.core->value, limit->value, "°C");
    if (!exceeds(*card.core, *limit)) continue;
    Diagnostic& d = out.report(
        card.at, {card.id},
        fmt::format("the chip of `{}` would reach {}, {}; it slows down at {}", card.id,
                    temperature_text(*card.core), band_text(air), temperature_text(*limit)));
    fill(d, air, card.core->value, limit->value, "°C");
    d.labels.push_back({limit.at, "limit given here"});
  }
}

void box_starved(const Rig& rig, Reporter& out) {
  const AirState& air = out.physics().air_state();
  if (!air.solved || air.model != AirModel::network) return;
  const Kelvins rise = air.mean_rise();
  if (!std::isfinite(rise.value)) return;
  out.limit("warming of the air through the frame", rise.value, high_rise.value, "K");
  if (!exceeds(rise, high_rise)) return;
  const Frame& frame = *rig.project->frame;
  Diagnostic& d = out.report(
      either(rig.project->spec.frame ? rig.project->spec.frame->value.at : Source{},
             rig.project->spec.at),
      {frame.id},
      fmt::format("{} of air take {} out of `{}` and warm by {} K; 15 K is usual, 20 K is much",
                  flow_text(air.through), to_text(air.heat), frame.id, number(rise.value, 1)));
  fill(d, air, rise.value, high_rise.value, "K");
  d.help = fmt::format("a rise of 15 K takes {}",
                       flow_text(flow_for(air.heat, usual_rise, air.density)));
}

void air_preheated(const Rig& /*rig*/, Reporter& out) {
  const AirState& air = out.physics().air_state();
  if (!air.solved) return;
  for (const CardAir& card : air.cards) {
    const Kelvins warmer = card.inlet - air.room;
    if (!std::isfinite(warmer.value) || !exceeds(warmer, much_preheating)) continue;
    Diagnostic& d = out.report(
        card.at, {card.id},
        fmt::format("`{}` breathes air that others have warmed by {} K over the room, {}", card.id,
                    number(warmer.value, 1), band_text(air)));
    fill(d, air, warmer.value, much_preheating.value, "K");
  }
}

/// Fans and cards that the rest of the machine blows through the wrong way.
void report_backwards(const AirState& air, Reporter& out) {
  for (const CardAir& card : air.cards) {
    if (card.flow.value >= 0) continue;
    Diagnostic& d =
        out.report(card.at, {card.id},
                   fmt::format("air runs backwards through `{}`: {} from where it should blow to",
                               card.id, flow_text(LitresPerSecond{-card.flow.value})));
    d.confidence = air.confidence;
  }
  for (const FanAir& fan : air.fans) {
    if (fan.flow.value >= 0) continue;
    Diagnostic& d = out.report(fan.at, {fan.id, fan.part->id},
                               fmt::format("the other fans press {} backwards through `{}`",
                                           flow_text(LitresPerSecond{-fan.flow.value}), fan.id));
    d.confidence = air.confidence;
  }
}

/// A flow-through card blows out of its back, which faces the fans of the card before it.
void report_blown_at(const Rig& rig, Reporter& out) {
  for (const FanSide& side : fan_sides(rig)) {
    const DeviceUse* card = rig.project->device(side.card);
    const DeviceUse* next = rig.project->device(side.next);
    if (card == nullptr || next == nullptr) continue;
    const bool sucks = card->part->cooler.value == Cooler::open ||
                       card->part->cooler.value == Cooler::flow_through;
    if (!sucks || next->part->cooler.value != Cooler::flow_through) continue;
    if (card->part->cooler.value == Cooler::flow_through) continue;  // both blow the same way
    Diagnostic& d = out.report(
        place_of(rig, side.card), {side.card, side.next},
        fmt::format("`{}` blows through its back at the fans of `{}`", side.next, side.card));
    d.confidence = next->part->cooler.confidence;
  }
}

void air_against_air(const Rig& rig, Reporter& out) {
  const AirState& air = out.physics().air_state();
  if (air.model == AirModel::none) return;
  if (air.solved) report_backwards(air, out);
  report_blown_at(rig, out);
}

constexpr std::string_view k2 =
    "NVIDIA GRID K2 board specification BD-06580-001: 20 CFM fully ducted for 225 W, air of 45 °C";
constexpr std::string_view model = "flow network of the frame; accuracy 5 K, in open frames 10 K";

constexpr std::array card_air_table{
    Rule{
        {"T102", "passive-card-starved", Severity::warning,
         "Less air passes a card without fans than its power needs.",
         "A passive card slows down within minutes: a warning. Where the air is too little even "
         "for "
         "its lowest power limit (half its power when nobody gives one) it shuts the machine down: "
         "an error. The flow is solved from fan curves and resistances; a card whose maker gives "
         "no "
         "figure is held against that of the GRID K2: 0.089 CFM a watt with air of 45 °C, less "
         "with "
         "cooler air.",
         k2},
        card_starved},
    Rule{{"T103", "inlet-too-warm", Severity::warning,
          "A card would breathe warmer air than its maker allows.",
          "Makers promise full power only up to an inlet temperature. Over it the card slows down, "
          "and memory and converters, which have no sensor of their own, age faster.",
          k2},
         inlet_too_warm},
    Rule{{"T104", "exhaust-too-hot", Severity::warning,
          "The air that leaves a card is hotter than passive cards are made for.",
          "At the limits of the GRID K2 the air leaves with 65 °C while the chip is at its 92 °C. "
          "Hotter air means that no fin temperature is left between air and chip, and what stands "
          "behind the card is baked.",
          k2},
         exhaust_too_hot},
    Rule{{"T105", "core-too-hot", Severity::warning,
          "The chip of a card would get so hot that it slows down.",
          "Inlet temperature plus thermal resistance times power, where the part gives a thermal "
          "resistance. For passive cards it holds at the needed flow only.",
          "RTX PRO 6000 power sweeps of github.com/voipmonitor/rtx6kpro: 0.07 K/W to 0.28 K/W"},
         core_too_hot},
    Rule{{"T106", "frame-starved", Severity::warning,
          "The air through an enclosed frame warms by more than 20 K.",
          "All power ends as heat in the air that passes the frame: CFM = 1.76 W/K at sea level. "
          "Beyond 20 K the air behind the cards gets too hot for cables, drives and supplies.",
          "insidehpc.com, Calculating CFMs for HPC power and cooling"},
         box_starved},
    Rule{{"T108", "air-preheated", Severity::warning,
          "A card breathes air that others have warmed by more than 10 K.",
          "In a row along the air path the second card breathes the exhaust of the first, and gaps "
          "beside a fan wall lead hot air back to its intake. 10 K is twice what the model may be "
          "off.",
          model},
         air_preheated},
    Rule{{"T109", "air-against-air", Severity::warning, "Fans or cards blow against one another.",
          "A fan that stronger ones press backwards is an open hole; a card that breathes from its "
          "exhaust side warms what should cool the others; a flow-through cooler blows out of its "
          "back, at the fans of the card that stands there.",
          model},
         air_against_air}};

}  // namespace

std::span<const Rule> card_air_rules() { return card_air_table; }

}  // namespace rigtopo
