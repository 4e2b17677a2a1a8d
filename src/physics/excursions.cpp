// Peaks by window: what cards draw, what supplies promise, and how peaks add up.
#include "physics/excursions.hpp"

#include <algorithm>
#include <cmath>

#include "physics/power_walk.hpp"

namespace rigtopo {
namespace {

constexpr std::array<WindowRow, 4> rows{{{Milliseconds{0.1}, 0.05, 200, 150, "100 us"},
                                         {Milliseconds{1}, 0.08, 180, 145, "1 ms"},
                                         {Milliseconds{10}, 0.125, 160, 135, "10 ms"},
                                         {Milliseconds{100}, 0.25, 120, 110, "100 ms"}}};

/// Peaks of a window last longer than this.
Milliseconds shorter_than(Window window) {
  return window == Window::us_100 ? Milliseconds{0}
                                  : rows[static_cast<std::size_t>(window) - 1].peak;
}

/// Cards without measured excursions, in multiples of their power: worst of the consumer
/// generations (unverified planning figures).
double planning_multiple(Window window) {
  switch (window) {
    case Window::us_100:
    case Window::ms_1:
      return 2.0;
    case Window::ms_10:
      return 1.5;
    case Window::ms_100:
      return 1.15;
  }
  return 2.0;
}

/// The part of a card's peak that this load of a supply sees.
Watts at_peak(const Load& load, const CardDraw& draw, Watts peak) {
  const Watts total = draw.total.value.value_or(Watts{0});
  if (total.value <= 0) return load.expected;
  if (!draw.takes_aux) return load.expected * (peak / total);
  if (load.side == FedSide::slot) return load.worst;  // the slot gives no more than it may
  if (load.side == FedSide::plugs) return load.expected * (peak / total);
  return std::min(draw.slot_worst + draw.aux_expected * (peak / total), std::max(peak, total));
}

}  // namespace

const WindowRow& row_of(Window window) { return rows[static_cast<std::size_t>(window)]; }

Watts base_load(Watts rating, double duty, double peak_share) {
  const double left = 1 - duty * peak_share * peak_share;
  return left <= 0 ? Watts{0} : rating * std::sqrt(left / (1 - duty));
}

Watts rms_load(Watts mean, Watts peak, double duty) {
  const double base = std::max(0.0, (mean.value - duty * peak.value) / (1 - duty));
  return Watts{std::sqrt(duty * peak.value * peak.value + (1 - duty) * base * base)};
}

Estimate<Percent> excursion_ability(const Supply& supply, Window window) {
  const std::array<const Fact<Percent>*, 4> stated{&supply.excursion_100us, &supply.excursion_1ms,
                                                   &supply.excursion_10ms, &supply.excursion_100ms};
  Estimate<Percent> ability;
  for (auto i = static_cast<std::size_t>(window); i < stated.size(); ++i) {
    if (!stated[i]->known()) continue;
    ability.value = **stated[i];
    ability.rests_on(*stated[i]);
    return ability;
  }
  ability.missing.push_back("no excursion ability of `" + supply.id + "` for " +
                            std::string(row_of(window).words));
  return ability;
}

Estimate<Watts> card_window_peak(const Device& device, std::optional<Watts> limit, Window window) {
  Estimate<Watts> peak;
  const Estimate<Watts> total = card_draw(device, limit).total;
  peak.rests_on(total);
  if (!total.known()) return peak;
  if (device.excursions.empty() || !device.power.known() || device.power->value <= 0) {
    const Estimate<Watts> shortest = card_peak(device, limit);
    peak.value = std::min(*total * planning_multiple(window), *shortest);
    peak.confidence = Confidence::unverified;
    peak.missing.push_back("no excursions of `" + device.id + "` are measured");
    return peak;
  }
  peak.value = *total;
  const double scale = *total / *device.power;
  for (const Excursion& e : device.excursions) {
    if (!e.window.known() || !e.power.known() || *e.window <= shorter_than(window)) continue;
    peak.rests_on(e.power);
    peak.value = std::max(*peak.value, *e.power * scale);
  }
  return peak;
}

WindowLoad window_load(const Rig& rig, const SupplyLoad& load, Window window) {
  WindowLoad sum;
  sum.window = window;
  sum.confidence = load.confidence;
  sum.missing = load.missing;
  sum.sourced = true;
  for (const Load& part : load.loads) {
    const DeviceUse* use = rig.project->device(part.subject);
    if (use == nullptr || use->kind != "gpu") {
      sum.synchronised += part.expected;
      continue;
    }
    const auto limit = limit_of(rig, use->id, Caps::as_set);
    const Estimate<Watts> peak = card_window_peak(*use->part, limit, window);
    if (!peak.known()) {
      sum.missing.insert(sum.missing.end(), peak.missing.begin(), peak.missing.end());
      continue;
    }
    const Watts seen = at_peak(part, card_draw(*use->part, limit), *peak);
    sum.synchronised += seen;
    if (!exceeds(seen, part.expected)) continue;  // a slot gives no more than it does anyway
    const bool sourced = !use->part->excursions.empty();
    sum.sourced = sum.sourced && sourced;
    sum.any_sourced = sum.any_sourced || sourced;
    sum.cards += 1;
    sum.confidence = weakest(sum.confidence, peak.confidence);
  }
  sum.sourced = sum.sourced && sum.any_sourced;
  sum.rms = rms_load(load.expected, std::max(sum.synchronised, load.expected), row_of(window).duty);
  return sum;
}

std::optional<WindowLoad> hottest_window(const Rig& rig, const SupplyLoad& load) {
  std::optional<WindowLoad> hottest;
  for (const Window window : windows) {
    WindowLoad now = window_load(rig, load, window);
    if (!now.sourced || !now.missing.empty()) continue;
    if (!hottest || now.rms > hottest->rms) hottest = std::move(now);
  }
  return hottest;
}

double chance_of_peaks(int cards, int least, double duty) {
  double sum = 0;
  for (int k = std::max(least, 0); k <= cards; ++k) {
    double ways = 1;
    for (int i = 0; i < k; ++i) ways = ways * (cards - i) / (i + 1);
    sum += ways * std::pow(duty, k) * std::pow(1 - duty, cards - k);
  }
  return sum;
}

}  // namespace rigtopo
