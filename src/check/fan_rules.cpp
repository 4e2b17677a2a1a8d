// Fans, rows and the room: fans too weak for their place, in stall, or without a spare; coolers
// without room; what the room has to carry away. Silent without an air model, as T101 says.
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <string>

#include "check/air_limits.hpp"
#include "physics/power.hpp"

namespace rigtopo {
namespace {

// 5 mmH2O (engineering figure for fans before fin stacks and filters, secondary).
constexpr Pascals weak_pressure{5 * 9.80665};
// One slot (0.8 in) for coolers that breathe from the side.
constexpr Millimetres breathing_space{20.32};
// 1 W = 3.412 BTU/h.
constexpr double btu_per_hour = 3.412;
// The warmth of the room may be off by as much as the model itself.
constexpr Kelvins steady_room{5};
// Class A2 of ASHRAE TC 9.9: 1 K less for each 300 m over 900 m.
constexpr Metres derated_from{900};
constexpr double metres_a_kelvin = 300;

// ---- fans
// ----------------------------------------------------------------------------------------

std::optional<Fact<Pascals>> top_pressure(const Fan& fan) {
  if (fan.shut_off.known()) return fan.shut_off;
  if (!fan.curve.empty() && fan.curve.front().pressure.known()) return fan.curve.front().pressure;
  return std::nullopt;
}

/// "passive card `gpu0`" or "filter `dust`" that a fan in this row works against; empty: nothing.
std::string worked_against(const Rig& rig, const FanPosition& row) {
  const Frame& frame = *rig.project->frame;
  for (const FrameOpening& p : frame.air.passages) {
    if (!p.filter.value_or(false)) continue;
    if (p.to.value == row.from.value || p.from.value == row.to.value) {
      return "filter `" + p.id.value_or("?") + "`";
    }
  }
  for (const DeviceUse& use : rig.project->devices) {
    const DevicePlace* place = rig.layout.device(use.id);
    if (place == nullptr || use.part->cooler.value != Cooler::passive) continue;
    const CardBreath breath = breath_of(frame, *use.part, *place);
    const bool pressed = breath.from && row.to.value == *breath.from && *breath.from != "room";
    const bool sucked = breath.to && row.from.value == *breath.to && *breath.to != "room";
    if (pressed || sucked) return "passive card `" + use.id + "`";
  }
  return "";
}

void fan_weak(const Rig& rig, Reporter& out) {
  if (out.physics().air_state().model != AirModel::network) return;
  std::set<std::pair<std::string, const FanPosition*>> seen;
  for (const FanUse& use : rig.project->fans) {
    if (!seen.emplace(use.part->id, use.position).second) continue;
    const std::string against = worked_against(rig, *use.position);
    if (against.empty()) continue;
    const auto rated = top_pressure(*use.part);
    if (!rated) {
      out.not_checked("pressure of `" + use.part->id + "` is not known");
      continue;
    }
    const Pascals pressure = **rated * (use.speed * use.speed);
    if (!exceeds(weak_pressure, pressure)) continue;
    Diagnostic& d = out.report(
        use.at, {use.id, use.part->id},
        fmt::format("`{}` gives at most {} Pa and works against the {}; fans for that give 49 Pa "
                    "and more",
                    use.part->id, number(pressure.value, 1), against),
        pressure, weak_pressure, "Pa");
    d.confidence = rated->confidence;
    d.labels.push_back({rated->at, "pressure given here"});
  }
}

void fan_stalled(const Rig& /*rig*/, Reporter& out) {
  const AirState& air = out.physics().air_state();
  if (!air.solved) return;
  for (const FanAir& fan : air.fans) {
    if (fan.flow.value < 0 || !exceeds(fan.stall, fan.flow)) continue;
    Diagnostic& d =
        out.report(fan.at, {fan.id, fan.part->id},
                   fmt::format("`{}` runs at {} of its {}{}", fan.id, flow_text(fan.flow),
                               flow_text(fan.free_flow),
                               fan.stall_assumed ? "; axial fans stall below 40 %"
                                                 : "; it stalls below " + flow_text(fan.stall)));
    fill(d, air, in_cfm(fan.flow).value, in_cfm(fan.stall).value, "CFM");
    if (fan.stall_assumed) d.confidence = Confidence::unverified;
  }
}

/// What goes over its limit in `air`: "`gpu3` would breathe air of 52 °C"; empty: nothing.
struct Broken {
  std::string words;
  double actual = 0;
  double limit = 0;
  double over() const { return actual - limit; }
};
Broken broken_limit(const AirState& air) {
  Broken worst;
  const auto hold = [&](Celsius actual, std::optional<Celsius> limit, const std::string& words) {
    if (!limit || !exceeds(actual, *limit)) return;
    const Broken one{std::isfinite(actual.value)
                         ? fmt::format("{} {}", words, temperature_text(actual))
                         : "no air would reach the cards",
                     actual.value, limit->value};
    if (worst.words.empty() || worst.over() < one.over()) worst = one;
  };
  for (const CardAir& card : air.cards) {
    hold(card.inlet, max_inlet(card), "`" + card.id + "` would breathe air of");
    hold(card.outlet, hottest_exhaust, "air would leave `" + card.id + "` with");
    const Fact<Celsius>& core = card.device->airflow.max_core;
    if (card.core) hold(*card.core, core.value, "the chip of `" + card.id + "` would reach");
  }
  return worst;
}

void no_spare_fan(const Rig& rig, Reporter& out) {
  const AirState& air = out.physics().air_state();
  if (!air.solved || air.model != AirModel::network) return;
  if (!broken_limit(air).words.empty()) return;  // broken with all fans: others say so
  Broken worst;
  const FanAir* which = nullptr;
  int broken = 0;
  for (const FanAir& fan : air.fans) {
    const AirState without = air_state(rig, fan.id);
    if (!without.solved) {
      for (const std::string& m : without.missing) out.not_checked(m + " (" + fan.id + " off)");
      continue;
    }
    const Broken one = broken_limit(without);
    if (one.words.empty()) continue;
    ++broken;
    if (which == nullptr || worst.over() < one.over()) {
      worst = one;
      which = &fan;
    }
  }
  if (which == nullptr) return;
  Diagnostic& d = out.report(which->at, {which->id, which->part->id},
                             fmt::format("with `{}` standing still {}; so it is with {} of {} fans",
                                         which->id, worst.words, broken, air.fans.size()));
  d.confidence = Confidence::unverified;  // what a fan that stands still lets back is an estimate
  if (std::isfinite(worst.actual)) fill(d, air, worst.actual, worst.limit, "°C");
  d.confidence = Confidence::unverified;
}

// ---- rows
// ----------------------------------------------------------------------------------------

void cooler_crowded(const Rig& rig, Reporter& out) {
  if (out.physics().air_state().model == AirModel::none) return;
  for (const FanSide& side : fan_sides(rig)) {
    const DeviceUse* use = rig.project->device(side.card);
    if (use == nullptr || (use->part->cooler.value != Cooler::open &&
                           use->part->cooler.value != Cooler::flow_through)) {
      continue;
    }
    if (!side.gap.known()) {
      out.not_checked(side.gap.missing, side.card);
      continue;
    }
    if (!exceeds(breathing_space, *side.gap)) continue;
    Diagnostic& d = out.report(
        place_of(rig, side.card), {side.card, side.next},
        fmt::format("`{}` breathes through {} to `{}`; open coolers want a free slot, 20.3 mm",
                    side.card, to_text(*side.gap), side.next),
        *side.gap, breathing_space, "mm");
    d.confidence = side.gap.confidence;
  }
}

// ---- room
// ----------------------------------------------------------------------------------------

/// What the room gets: the supplies at the wall where all are known, else what the parts draw.
Estimate<Watts> heat_of(const Rig& rig) {
  Estimate<Watts> heat;
  Watts sum{0};
  for (const SupplyLoad& load : supply_loads(rig)) {
    heat.rests_on(load.wall);
    heat.confidence = weakest(heat.confidence, load.confidence);
    heat.missing.insert(heat.missing.end(), load.missing.begin(), load.missing.end());
    sum += load.wall.value.value_or(load.expected);
  }
  if (heat.missing.empty() && sum > Watts{0}) heat.value = sum;
  return heat;
}

Source room_place(const Rig& rig) {
  const RoomRow& room = rig.project->spec.room;
  return either(either(room.at, room.temperature.at),
                either(rig.project->spec.frame ? rig.project->spec.frame->value.at : Source{},
                       rig.project->spec.at));
}

void room_heat(const Rig& rig, Reporter& out) {
  if (out.physics().air_state().model == AirModel::none) return;
  const Estimate<Watts> heat = heat_of(rig);
  if (!heat.known()) {
    out.not_checked(heat.missing, "heat of the room");
    return;
  }
  Diagnostic& d =
      out.report(room_place(rig), {"room"},
                 fmt::format("the room gets {} of heat, {} BTU/h, as long as all cards work",
                             to_text(*heat), number((*heat).value * btu_per_hour, 0)));
  d.confidence = heat.confidence;
}

void room_warms(const Rig& rig, Reporter& out) {
  const RoomRow& room = rig.project->spec.room;
  const AirState& air = out.physics().air_state();
  const Estimate<Watts> heat = heat_of(rig);
  if (air.model == AirModel::none || !room.ventilation.known() || !heat.known()) return;
  const double carried = heat_flow(litres_per_second(*room.ventilation), air.density);
  const Kelvins rise{(*heat).value / carried};
  if (!exceeds(rise, steady_room)) return;
  Diagnostic& d =
      out.report(room.ventilation.at, {"room"},
                 std::isfinite(rise.value)
                     ? fmt::format("{} of heat warm the room by {} K over the air that comes in",
                                   to_text(*heat), number(rise.value, 1))
                     : fmt::format("{} of heat have no way out of the room", to_text(*heat)));
  d.confidence = heat.confidence;
  if (std::isfinite(rise.value)) {
    d.actual = rise.value;
    d.limit = steady_room.value;
    d.unit = "K";
  }
  d.help = fmt::format("{} of outside air or {} of cooling keep it within 5 K",
                       flow_text(flow_for(*heat, steady_room, air.density)), to_text(*heat));
}

void thin_air(const Rig& rig, Reporter& out) {
  const Fact<Metres>& altitude = rig.project->spec.room.altitude;
  const AirState& air = out.physics().air_state();
  if (!air.solved || !altitude.known() || !exceeds(*altitude, derated_from)) return;
  const Kelvins less{(*altitude - derated_from).value / metres_a_kelvin};
  for (const CardAir& card : air.cards) {
    const std::optional<Celsius> limit = max_inlet(card);
    if (!limit) continue;  // T103 says that nobody knows it
    const Celsius derated{limit->value - less.value};
    if (!exceeds(card.inlet, derated) || exceeds(card.inlet, *limit)) continue;
    Diagnostic& d =
        out.report(altitude.at, {card.id},
                   fmt::format("`{}` breathes air of {}; at {} m its {} fall to {}", card.id,
                               temperature_text(card.inlet), number(altitude->value, 0),
                               temperature_text(*limit), temperature_text(derated)));
    fill(d, air, card.inlet.value, derated.value, "°C");
    d.confidence = Confidence::unverified;
  }
}

constexpr std::array fan_table{
    Rule{{"T107", "fan-too-weak", Severity::warning,
          "A fan of low pressure works against a passive card or a dense filter.",
          "Fin stacks and filters take tens of pascals. A fan that gives less than 5 mmH2O at best "
          "moves next to nothing through them, whatever its free flow: the air escapes elsewhere.",
          "ariezlabs.com/blog/p40: desktop fans lack the pressure for a Tesla P40 (secondary)"},
         fan_weak},
    Rule{{"T110", "cooler-crowded", Severity::warning,
          "A cooler that breathes from the side has less than a slot of room.",
          "Open coolers draw from the gap beside them. With less than a free slot they breathe "
          "little, and what they breathe comes warm from the back of the next card.",
          "zotac.com, spacing recommendations: one free slot between cards"},
         cooler_crowded},
    Rule{
        {"T111", "room-heat", Severity::note, "What the room has to carry away.",
         "All power ends as heat in the room: 1 W is 3.412 BTU/h. A portable air conditioner takes "
         "away 8,000 to 14,000 BTU/h and draws power of its own.",
         "conservation of energy; 1 W = 3.412 BTU/h"},
        room_heat},
    Rule{{"T112", "room-warms-up", Severity::note,
          "The room warms up by more than the model may be off.",
          "The rig breathes the room. When the ventilation given lets it warm by more than 5 K, "
          "`room: temperature` is not the warmest air the rig will breathe.",
          "W = rho cp Q dT"},
         room_warms},
    Rule{{"T113", "fan-stalled", Severity::warning,
          "A fan works in the part of its curve where it stalls.",
          "Left of the dip that axial fans have at 40 % to 60 % of their free flow the flow "
          "separates from the blades: loud, uneven, and several flows fit one pressure. Less "
          "resistance or another fan moves it out of there.",
          "engineering figure (unverified); `stall:` of the fan part overrides it"},
         fan_stalled},
    Rule{{"T114", "no-spare-fan", Severity::warning, "When one fan fails, a card gets too warm.",
          "Fans fail. Every fan in turn is taken for standing still, which also lets air back "
          "through it; the flow is solved again and held against the limits of the cards.",
          "flow network of the frame; a still fan costs its shut-off pressure at its free flow "
          "(estimate, unverified)"},
         no_spare_fan},
    Rule{{"T115", "thin-air", Severity::warning,
          "At this height a card may breathe less warm air than it does.",
          "Thin air carries less heat: 14 % less at 1500 m, which the flow network counts. Makers "
          "also lower the warmest inlet by 1 K for each 300 m over 900 m.",
          "ASHRAE TC 9.9 thermal guidelines, class A2 (from memory, unverified)"},
         thin_air}};

}  // namespace

std::span<const Rule> fan_rules() { return fan_table; }

}  // namespace rigtopo
