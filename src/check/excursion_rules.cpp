// Peaks that last longer than a millisecond, what they heat, and cards that run above their limit.
// The shortest peaks are P104 in power_rules.cpp; how peaks add up is physics/excursions.hpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <string>

#include "check/power_phrases.hpp"
#include "check/rule.hpp"
#include "physics/excursions.hpp"

namespace rigtopo {
namespace {

constexpr double big_card_share = 0.4;  // of a supply's rating
constexpr double calm_card_peak = 1.3;  // times its power: no worry for an old supply

// ---- windows
// -------------------------------------------------------------------------------------

struct WindowFinding {
  WindowLoad load;
  Watts limit;
  Estimate<Percent> ability;
  double share() const { return load.synchronised.value / limit.value; }
};

/// The window in which a supply comes closest to, or goes furthest over, what it survives. Only
/// windows that somebody sourced: without figures on either side P104 has said what there is to
/// say.
std::optional<WindowFinding> worst_window(const Rig& rig, const SupplyLoad& s, const Supply& supply,
                                          Watts rating) {
  std::optional<WindowFinding> worst;
  for (const Window window : {Window::ms_10, Window::ms_100}) {
    WindowFinding found{window_load(rig, s, window), rating, excursion_ability(supply, window)};
    if (found.load.cards == 0 || (!found.ability.known() && !found.load.any_sourced)) continue;
    if (found.ability.known()) found.limit = rating * (found.ability.value->value / 100);
    if (!worst || found.share() > worst->share()) worst = std::move(found);
  }
  return worst;
}

/// "were the cards independent, 3 or more of 8 would peak at once 0.6 % of the time"
std::string if_independent(const SupplyLoad& s, const WindowFinding& found) {
  const double each = (found.load.synchronised - s.expected).value / found.load.cards;
  if (each <= 0) return "";
  const double room = std::max(0.0, (found.limit - s.expected).value);
  const int least = std::min(found.load.cards, static_cast<int>(std::floor(room / each)) + 1);
  const double chance =
      chance_of_peaks(found.load.cards, least, row_of(found.load.window).duty) * 100;
  return fmt::format(
      "; were they independent, {} or more of {} would peak at once {:.2g} % of the "
      "time",
      least, found.load.cards, chance);
}

void peaks_over_window(const Rig& rig, Reporter& out) {
  for (const SupplyLoad& s : out.physics().supply_loads()) {
    const Supply* supply = supply_part(rig, s.id);
    const Estimate<Watts> rating = judged_rating(rig, s);
    if (supply == nullptr || !rating.known() || exceeds(s.expected, *rating)) continue;  // P101
    const auto found = worst_window(rig, s, *supply, *rating);
    if (!found) continue;
    if (!found->load.missing.empty()) {
      out.not_checked(found->load.missing, s.id);
      continue;
    }
    const WindowRow& row = row_of(found->load.window);
    if (!found->load.sourced) {
      out.assume(
          "cards without measured excursions peak at 1.5 times their power for 10 ms and 1.15 "
          "times "
          "for 100 ms (unverified)");
    }
    if (!exceeds(found->load.synchronised, found->limit)) continue;
    Diagnostic& d =
        out.report(supply_place(rig, s.id), {s.id},
                   fmt::format("peaks of all its cards at once bring `{}` to {} for up to {}{}",
                               s.id, of_limit(found->load.synchronised, found->limit), row.words,
                               if_independent(s, *found)),
                   found->load.synchronised, found->limit, "W");
    d.labels.push_back({supply->at, "supply described here"});
    d.confidence =
        weakest(found->load.confidence,
                found->ability.known() ? found->ability.confidence : Confidence::unverified);
    d.help =
        "spread the cards, lower their power limit, or use a supply rated for excursions "
        "(ATX 3)";
  }
}

void rms_over_rating(const Rig& rig, Reporter& out) {
  for (const SupplyLoad& s : out.physics().supply_loads()) {
    const Supply* supply = supply_part(rig, s.id);
    const Estimate<Watts> rating = judged_rating(rig, s);
    if (supply == nullptr || !rating.known() || exceeds(s.expected, *rating)) continue;  // P101
    const std::optional<WindowLoad> worst = hottest_window(rig, s);
    if (!worst || !exceeds(worst->rms, *rating)) continue;
    Diagnostic& d = out.report(
        supply_place(rig, s.id), {s.id},
        fmt::format("`{}` heats as if it carried {} without peaks: its mean of {} has peaks of {} "
                    "for {}",
                    s.id, of_limit(worst->rms, *rating), to_text(s.expected),
                    to_text(worst->synchronised), row_of(worst->window).words),
        worst->rms, *rating, "W");
    d.labels.push_back({supply->at, "supply described here"});
    d.confidence = weakest(worst->confidence, rating.confidence);
    d.help = "leave a few per cent of the rating free";
  }
}

// ---- old supplies
// --------------------------------------------------------------------------------

/// Does nobody say that this card's peaks are mild?
bool may_peak_high(const Device& card) {
  const Estimate<Watts> peak = card_peak(card, std::nullopt);
  return !peak.known() || !card.power.known() || exceeds(*peak, *card.power * calm_card_peak);
}

void big_card_on_old_supply(const Rig& rig, Reporter& out) {
  for (const SupplyLoad& s : out.physics().supply_loads()) {
    const Supply* supply = supply_part(rig, s.id);
    const Estimate<Watts> rating = judged_rating(rig, s);
    if (supply == nullptr || !rating.known()) continue;
    if (excursion_ability(*supply, Window::us_100).known()) continue;
    const Watts limit = *rating * big_card_share;
    for (const Load& part : s.loads) {
      const DeviceUse* use = rig.project->device(part.subject);
      if (use == nullptr || use->kind != "gpu" || !exceeds(part.expected, limit)) continue;
      if (!may_peak_high(*use->part)) continue;
      Diagnostic& d = out.report(
          supply_place(rig, s.id), {s.id, use->id},
          fmt::format("`{}` alone takes {} W of the {} W of `{}`, for which no excursions are "
                      "promised",
                      use->id, number(part.expected.value), number((*rating).value), s.id),
          part.expected, limit, "W");
      d.labels.push_back({supply->at, "supply described here"});
      d.confidence = Confidence::unverified;
      d.help = "use a supply rated for excursions (ATX 3), or a larger one";
    }
  }
}

// ---- cards over their limit
// ----------------------------------------------------------------------

void limit_overshoot(const Rig& rig, Reporter& out) {
  for (const SupplyLoad& s : out.physics().supply_loads()) {
    const Estimate<Watts> rating = judged_rating(rig, s);
    if (!rating.known() || exceeds(s.expected, *rating)) continue;  // P101
    Watts more = s.expected;
    Confidence sure = weakest(s.confidence, rating.confidence);
    const DeviceUse* example = nullptr;
    for (const Load& part : s.loads) {
      const DeviceUse* use = rig.project->device(part.subject);
      if (use == nullptr || !use->part->overshoot.known()) continue;
      more += part.expected * (use->part->overshoot->value / 100);
      sure = weakest(sure, use->part->overshoot.confidence);
      example = use;
    }
    if (example == nullptr || !exceeds(more, *rating)) continue;
    Diagnostic& d = out.report(
        supply_place(rig, s.id), {s.id},
        fmt::format("`{}` would carry {} when its cards run above their limit, as `{}` was seen to",
                    s.id, of_limit(more, *rating), example->part->id),
        more, *rating, "W");
    d.labels.push_back({example->part->overshoot.at, "overshoot given here"});
    d.confidence = sure;
    d.help = "lower the power limit by as much, or leave that much of the rating free";
  }
}

constexpr std::array excursion_table{
    Rule{{"P116", "peaks-over-window", Severity::warning,
          "Peaks of cards at the same moment exceed what a supply survives for 10 or 100 ms.",
          "A supply may promise twice its rating for 100 us and a fifth more for 100 ms; longer "
          "peaks trip it by heat or over-current. Cards in tensor parallel work peak together, so "
          "this adds all of them up; how often independent ones would is said beside it.",
          "Intel ATX12VO design guide 613768, tables 3-3 and 3-4; measured card excursions"},
         peaks_over_window},
    Rule{{"P117", "rms-over-rating", Severity::error,
          "With its cards' peaks a supply heats more than its rating allows.",
          "Supplies are tested with peaks whose root mean square over the period is the rating: "
          "1000 W with 2000 W for a twentieth of the time leaves 918 W between. A load with the "
          "same mean and measured peaks is held against that; it lies a few per cent above the "
          "mean. A supply that is too hot shuts down.",
          "Intel ATX12VO design guide 613768, table 3-4; measured card excursions"},
         rms_over_rating},
    Rule{{"P118", "big-card-on-old-supply", Severity::warning,
          "One card takes over 40 % of a supply that promises no excursions.",
          "Ampere and later cards peak at 1.5 to 2 times their power for a millisecond. Supplies "
          "from before ATX 3 have tripped on one such card though their rating was enough.",
          "common experience with ATX 2 supplies (unverified)"},
         big_card_on_old_supply},
    Rule{{"P119", "limit-overshoot", Severity::warning,
          "Cards that run above their power limit would overload a supply.",
          "Some cards draw more than their limit under sustained load: eight RTX PRO 6000 drew "
          "640 W each at a limit of 600 W, all at once.",
          "https://github.com/voipmonitor/rtx6kpro, hardware/gpu-configs.md"},
         limit_overshoot}};

}  // namespace

std::span<const Rule> excursion_rules() { return excursion_table; }

}  // namespace rigtopo
