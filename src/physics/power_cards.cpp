// Constants of power and the draw of single parts: cards, CPU, platform, supplies. Who feeds whom
// is power.cpp.
#include <algorithm>

#include "physics/power.hpp"

namespace rigtopo {

Watts plug_rating(Plug plug) {
  switch (plug) {
    // 6-pin 75 W, 8-pin 150 W, 12VHPWR and 12V-2x6 600 W: Intel ATX Version 3.0 Multi Rail Desktop
    // Platform Power Supply Design Guide (336521), table 3-5,
    // https://easymanua.ls/intel/atx-3-0/manual?p=26 .
    case Plug::pcie_6pin:
      return Watts{75};
    case Plug::pcie_8pin:
      return Watts{150};
    case Plug::twelve_volt_2x6:
      return Watts{600};
    // Exxact support note "PCIe 8-pin vs EPS-12V 8-pin" (secondary); 4 pins of 7 A would be 336 W.
    case Plug::eps_8pin:
      return Watts{300};
    // Two 12 V pins of 5.5 A (unverified): what the 24-pin connector can pass on to slots.
    case Plug::atx_24pin:
      return Watts{132};
    // SATA: three 12 V pins of 1.5 A,
    // https://stefanholmes.com/home/pcie-risers-with-sata-power-adapters/ . Molex: reports range
    // from 4.5 to 11 A (secondary); the least is planned with.
    case Plug::molex:
    case Plug::sata:
      return Watts{54};
  }
  return Watts{0};
}

Watts slot_allowance() {
  // PCI Express Card Electromechanical Specification: 5.5 A of 12 V in an x16 graphics slot.
  return Volts{12} * Amps{5.5};
}

Amps inlet_rating(MainsInlet inlet, MainsCode code) {
  // IEC 60320: C14 10 A, C20 16 A; North American (UL) listings of the same inlets: 15 A and 20 A.
  if (code == MainsCode::iec) return Amps{inlet == MainsInlet::c14 ? 10.0 : 16.0};
  return Amps{inlet == MainsInlet::c14 ? 15.0 : 20.0};
}

Percent default_efficiency() {
  // Of a plain 80 PLUS Bronze class unit at full load (unverified).
  return Percent{88};
}

double unit_efficiency(const MainsUnit& unit) {
  if (unit.efficiency.known()) return unit.efficiency->value / 100;
  // The low end of double conversion, 85 to 95 %; line-interactive ones pass on 90 % and more:
  // https://electrical-engineering.app/qa/75440/what-is-the-typical-efficiency-range-of-a-ups
  return unit.kind.value_or(MainsUnitKind::ups) == MainsUnitKind::ups ? 0.85 : 1.0;
}

Watts drawn_through(const MainsUnit& unit, Watts passed) {
  return passed * (1 / unit_efficiency(unit));
}

Estimate<Watts> platform_power(const Project& project) {
  const PlatformRow& row = project.spec.platform;
  Estimate<Watts> power;
  if (row.total.known()) {
    power.value = *row.total;
    power.rests_on(row.total);
    return power;
  }
  // 5 W a DIMM, 10 W a drive, 30 W for board and management controller (planning figures,
  // secondary).
  power.confidence = Confidence::secondary;
  int dimms = row.memory.value_or(0);
  if (!row.memory.known()) {
    // All eight channels of a server socket are taken to be filled.
    dimms = 8 * project.cpu_count;
    power.confidence = Confidence::unverified;
    power.missing.emplace_back("number of DIMMs is not given");
  }
  power.value = 5.0 * Watts{static_cast<double>(dimms)} +
                10.0 * Watts{static_cast<double>(row.drives.value_or(0))} + Watts{30} +
                row.other.value_or(Watts{0});
  return power;
}

Estimate<Watts> cpu_power(const Project& project) {
  Estimate<Watts> power;
  if (!project.cpu->tdp.known()) {
    power.missing.push_back("power of `" + project.cpu->id + "` is not known");
    return power;
  }
  power.value = *project.cpu->tdp * static_cast<double>(project.cpu_count);
  power.rests_on(project.cpu->tdp);
  return power;
}

CardDraw card_draw(const Device& device, std::optional<Watts> limit) {
  CardDraw draw;
  draw.takes_aux = !device.inlets.empty();
  if (limit) {
    draw.total.value = *limit;
  } else if (device.power.known()) {
    draw.total.value = *device.power;
    draw.total.rests_on(device.power);
  } else {
    draw.total.missing.push_back("power of `" + device.id + "` is not known");
  }
  const Watts total = draw.total.value.value_or(Watts{0});
  // An unverified draw below the allowance is no reason to expect less than the standard allows.
  const Fact<Watts>& slot = device.slot_power;
  draw.slot_assumed = !slot.known() || (slot.confidence == Confidence::unverified &&
                                        exceeds(slot_allowance(), *slot));
  draw.slot_expected = draw.slot_assumed ? slot_allowance() : *slot;
  draw.slot_worst = std::max(draw.slot_expected, slot_allowance());
  if (!draw.takes_aux) {
    // Everything comes through the connector it sits in.
    draw.slot_assumed = false;
    draw.slot_expected = draw.total.known() ? total : slot_allowance();
    draw.slot_worst = draw.slot_expected;
    return draw;
  }
  if (draw.total.known()) {
    draw.slot_expected = std::min(draw.slot_expected, total);
    draw.slot_worst = std::min(draw.slot_worst, total);
  }
  if (!draw.slot_assumed) draw.split = slot.confidence;
  draw.aux_expected = draw.slot_assumed ? total : total - draw.slot_expected;
  draw.aux_worst = total;
  return draw;
}

Estimate<Watts> card_peak(const Device& device, std::optional<Watts> limit) {
  Estimate<Watts> peak;
  const Estimate<Watts> total = card_draw(device, limit).total;
  peak.rests_on(total);
  if (!total.known()) return peak;
  std::optional<Watts> measured = device.peak.value;
  peak.rests_on(device.peak);
  if (!measured) {
    for (const Excursion& e : device.excursions) {
      if (!e.power.known()) continue;
      measured = std::max(measured.value_or(Watts{0}), *e.power);
      peak.rests_on(e.power);
    }
  }
  if (!measured || !device.power.known() || device.power->value <= 0) {
    // Measured cards peak at 1.5 to 2 times their power below 1 ms (unverified as a general rule).
    peak.value = *total * 2.0;
    peak.confidence = Confidence::unverified;
    peak.missing.push_back("no measured peak for `" + device.id + "`");
    return peak;
  }
  peak.value = std::max(*total, *measured * (*total / *device.power));
  return peak;
}

Estimate<Watts> output_rating(const Output& output) {
  Estimate<Watts> rating;
  rating.value = plug_rating(output.plug.value_or(Plug::pcie_6pin));
  if (!output.plug.known()) rating.missing.emplace_back("plug is not known");
  const auto lower = [&](std::optional<Watts> watts, Confidence sure) {
    if (!watts) return;
    rating.value = std::min(*rating.value, *watts);
    rating.confidence = weakest(rating.confidence, sure);
  };
  lower(output.power.value, output.power.confidence);
  for (const Fact<Amps>* amps : {&output.current, &output.fuse}) {
    if (amps->known()) lower(Volts{12} * **amps, amps->confidence);
  }
  return rating;
}

Estimate<Watts> rating_at(const Supply& supply, Volts mains) {
  Estimate<Watts> rating;
  bool covered = false;
  for (const SupplyRating& r : supply.ratings) {
    // A band that nobody states is taken to hold everywhere, and not to be sure of.
    const bool here =
        !r.mains.known() || (!exceeds(r.mains->least, mains) && !exceeds(mains, r.mains->most));
    if (!here) continue;
    covered = true;
    if (!r.power.known()) continue;
    const Watts power = std::min(*r.power, r.power_12v.value_or(*r.power));
    if (rating.known() && power >= *rating) continue;
    rating.value = power;
    rating.confidence = r.mains.known() ? r.mains.confidence : Confidence::unverified;
    rating.rests_on(r.power);
    rating.rests_on(r.power_12v);
  }
  if (rating.known()) return rating;
  const std::string volts = std::to_string(static_cast<int>(mains.value));
  rating.missing.push_back(covered ? "rating of `" + supply.id + "` is not known"
                                   : "no rating at " + volts + " V for `" + supply.id + "`");
  return rating;
}

}  // namespace rigtopo
