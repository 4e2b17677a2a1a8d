// How much signal a channel loses: budget, shares, riser parts, bands. Decides what stands in for
// figures that nobody gives; what to say about a band is up to check/.
#include <algorithm>
#include <cmath>

#include "physics/link.hpp"

namespace rigtopo {
namespace {

// End to end, root complex die to endpoint die, at the Nyquist frequency of each generation (4, 8,
// 16 GHz). Gen4 28 dB and Gen5 36 dB: Astera Labs, https://www.asteralabs.com/tag/pci-sig/ . Gen3
// 22 dB is in common use; no source was found (unverified).
constexpr double budget_gen3 = 22;
constexpr double budget_gen4 = 28;
constexpr double budget_gen5 = 36;

// Gen5 split: CPU package 9, CEM connector 1.5, add-in card 9.5, so 16 left for the board (Astera
// Labs, same page). Other generations take the same shares of their total (unverified).
constexpr double package_gen5 = 9;
constexpr double connector_gen5 = 1.5;
constexpr double card_gen5 = 9.5;

// A board that does not say what its traces lose is taken to use half of what is left for it:
// 8 dB gen5, 6.2 gen4, 4.9 gen3 (unverified; boards route the near slots with less).
constexpr double board_share = 0.5;

// Astera Labs, https://asteralabs.com/?p=19489 : keep 10 to 20 % in hand. The lower end is taken.
constexpr double reserve_share = 0.10;

// Passive adapter card at gen5, measured by NVIDIA with a ConnectX-8 auxiliary card:
// https://networking-docs.nvidia.com/connectx8hw/channel-insertion-loss . Scaled like the budget.
constexpr double adapter_gen5 = 2.5;

// 30 AWG twinax, dB per metre at 4, 8 and 16 GHz (unverified; makers' data would replace it).
constexpr double twinax_gen3 = 4.5;
constexpr double twinax_gen4 = 7;
constexpr double twinax_gen5 = 11;

// Ribbon without a figure, as a multiple of twinax: 15 dB/m at gen4 (unverified). Set so that 200
// mm at gen4 on a default board is amber, 400 mm is red and 900 mm deeply so: builders report
// flawless links at 200 mm, and errors as soon as links come up at 900 mm
// (https://www.mov-axbx.com/wopr/wopr_risers.html).
constexpr double ribbon_over_twinax = 15.0 / 7.0;

// What a trace or adapter loses at half the frequency, as a share: about 0.55 for board material
// (unverified); rounded up. A part made for a better generation loses no more than this leaves of
// its share there.
constexpr double per_octave = 0.6;

/// gen1 and gen2 lose less than gen3 everywhere, and nobody needs them judged more finely.
PcieGen judged_as(PcieGen g) { return std::max(g, PcieGen::gen3); }

double total_of(PcieGen g) {
  if (g == PcieGen::gen3) return budget_gen3;
  return g == PcieGen::gen4 ? budget_gen4 : budget_gen5;
}

double twinax_per_metre(PcieGen g) {
  if (g == PcieGen::gen3) return twinax_gen3;
  return g == PcieGen::gen4 ? twinax_gen4 : twinax_gen5;
}

/// Shares of the budget are sourced for gen5 only.
Confidence share_confidence(PcieGen g) {
  return g == PcieGen::gen5 ? Confidence::secondary : Confidence::unverified;
}

/// The default share of a part, `share` of the whole budget: of this generation, or of the better
/// one that it is made for, at the lower frequency; whichever is less.
double default_share(double share, PcieGen g, PcieGen made_for) {
  const PcieGen best = std::clamp(judged_as(made_for), g, PcieGen::gen5);
  const int steps = static_cast<int>(best) - static_cast<int>(g);
  return std::min(share * total_of(g), share * total_of(best) * std::pow(per_octave, steps));
}

bool restarts(const Riser& r) { return r.retimer.value_or(r.is(RiserType::retimer)); }
bool amplifies(const Riser& r) { return r.is(RiserType::redriver); }

/// What a part without a figure at `g` is taken to lose.
Estimate<Decibels> default_loss(const Riser& riser, PcieGen g) {
  Estimate<Decibels> loss;
  loss.confidence = Confidence::unverified;
  const double scale = total_of(g) / budget_gen5;
  if (!riser.is(RiserType::ribbon) && !riser.is(RiserType::cable)) {
    loss.value = Decibels{
        default_share(adapter_gen5 / budget_gen5, g, riser.generation.value_or(PcieGen::gen1))};
    return loss;
  }
  if (!riser.length.known()) {
    loss.missing.push_back("length of `" + riser.id + "` is not known");
    return loss;
  }
  const double per_metre =
      twinax_per_metre(g) * (riser.is(RiserType::ribbon) ? ribbon_over_twinax : 1.0);
  // The length of a ribbon or cable in metres, and the connector at its far end.
  loss.value = Decibels{per_metre * riser.length->value / 1000.0 + connector_gen5 * scale};
  return loss;
}

}  // namespace

std::optional<LossBudget> loss_budget(PcieGen generation) {
  if (generation > PcieGen::gen5) return std::nullopt;
  const double total = total_of(judged_as(generation));
  const double scale = total / budget_gen5;
  LossBudget b;
  b.total = Decibels{total};
  b.package = Decibels{package_gen5 * scale};
  b.connector = Decibels{connector_gen5 * scale};
  b.card = Decibels{card_gen5 * scale};
  b.board = b.total - b.package - b.connector - b.card;
  b.reserve = Decibels{reserve_share * total};
  return b;
}

RiserLoss riser_loss(const Riser& riser, PcieGen generation) {
  const PcieGen g = judged_as(generation);
  const Fact<Decibels>* exact = nullptr;
  const LossAt* above = nullptr;  // a figure at a higher frequency: no less than the loss at ours
  double scaled_up = 0;           // from a lower frequency
  for (const LossAt& row : riser.loss) {
    if (!row.generation.known() || !row.loss.known() || *row.generation > PcieGen::gen5) continue;
    const PcieGen at = judged_as(*row.generation);
    if (at == g && (exact == nullptr || *row.loss > **exact)) exact = &row.loss;
    if (at > g && (above == nullptr || *row.loss < *above->loss)) above = &row;
    if (at < g) {
      scaled_up = std::max(scaled_up, row.loss->value * twinax_per_metre(g) / twinax_per_metre(at));
    }
  }
  if (exact == nullptr && above != nullptr) exact = &above->loss;
  RiserLoss result;
  if (exact != nullptr) {
    result.loss.value = **exact;
    result.loss.confidence = exact->confidence;
    return result;
  }
  result.assumed = true;
  result.loss = default_loss(riser, g);
  if (result.loss.known() && scaled_up > (*result.loss).value) {
    result.loss.value = Decibels{scaled_up};
  }
  result.loss.missing.push_back("no loss figure for `" + riser.id + "` at gen" +
                                std::to_string(static_cast<int>(generation)));
  return result;
}

namespace {

/// One stretch of the channel between two points where the signal is made anew.
struct Hop {
  std::vector<LossSegment> segments;
  double sum = 0;
  Confidence confidence = Confidence::verified;
  std::vector<std::string> missing;
  bool unknown = false;

  void add(std::string what, Estimate<Decibels> loss) {
    confidence = weakest(confidence, loss.confidence);
    if (loss.known()) {
      sum += (*loss).value;
    } else {
      unknown = true;
    }
    missing.insert(missing.end(), loss.missing.begin(), loss.missing.end());
    segments.push_back({std::move(what), std::move(loss)});
  }
  void add(std::string what, Decibels loss, Confidence sure) {
    Estimate<Decibels> e;
    e.value = loss;
    e.confidence = sure;
    add(std::move(what), std::move(e));
  }
};

/// Loss of the traces from the CPU to the port.
Estimate<Decibels> board_loss(const LinkPath& path, const LossBudget& budget, PcieGen g,
                              bool& assumed) {
  Estimate<Decibels> worst;
  PcieGen made_for = PcieGen::gen5;
  for (const BoardConnector* c : path.connectors) {
    made_for = std::min(made_for, c->generation.value_or(PcieGen::gen1));
    // The figure holds at the generation of the connector; at lower ones it is less.
    if (!c->board_loss.known() || judged_as(c->generation.value_or(PcieGen::gen1)) < g) continue;
    if (!worst.known() || *c->board_loss > *worst) worst.value = *c->board_loss;
    worst.rests_on(c->board_loss);
  }
  if (worst.known()) return worst;
  assumed = true;
  const double share = budget.board.value * board_share / budget.total.value;
  worst.value = Decibels{default_share(share, g, made_for)};
  worst.confidence = Confidence::unverified;
  worst.missing.push_back("no board loss for `" + path.port + "`");
  return worst;
}

bool worse(const Hop& a, const Hop& b) {
  if (a.unknown != b.unknown) return a.unknown;
  return a.sum > b.sum;
}

/// A bifurcation card as the adapter that it is.
Riser as_adapter(const Expander& card) {
  Riser adapter;
  adapter.id = card.id;
  adapter.type = RiserType::host_adapter;
  adapter.loss = card.loss;
  return adapter;
}

/// Walks the chain; adds every stretch between retimers, and whether a riser took a default. A
/// switch starts anew, with a package like the CPU's; a bifurcation card lengthens the way.
void walk(const LinkPath& path, const LossBudget& budget, PcieGen g, SignalLoss& result,
          std::vector<Hop>& stretches) {
  const Confidence sure = share_confidence(g);
  if (path.behind != nullptr && !path.from_switch() && path.uplink != nullptr) {
    walk(*path.uplink, budget, g, result, stretches);
    const Riser adapter = as_adapter(*path.behind);
    const RiserLoss own = riser_loss(adapter, g);
    result.assumed = result.assumed || own.assumed;
    stretches.back().add(adapter.id, own.loss);
    if (path.behind->retimer.value_or(false)) {
      stretches.emplace_back();
      stretches.back().add(adapter.id, own.loss);
    }
  } else {
    stretches.back().add(path.from_switch() ? "switch package" : "CPU package", budget.package,
                         sure);
    stretches.back().add("board to " + path.port,
                         board_loss(path, budget, g, result.board_assumed));
  }
  stretches.back().add("connector of " + path.port, budget.connector, sure);
  for (const auto& entry : path.chain) {
    const Riser& riser = *entry.first;
    const RiserLoss own = riser_loss(riser, g);
    result.assumed = result.assumed || own.assumed;
    // A retimer hears all of its part's loss and has to overcome it again: what lies on which side
    // of the chip, and in its package, is not known.
    stretches.back().add(riser.id, own.loss);
    if (restarts(riser)) {
      stretches.emplace_back();
      stretches.back().add(riser.id, own.loss);
    } else if (amplifies(riser) && riser.gain.known()) {
      // It makes good what was lost so far, never more.
      const double gain = std::min(riser.gain->value, std::max(0.0, stretches.back().sum));
      stretches.back().add("gain of " + riser.id, Decibels{-gain}, riser.gain.confidence);
    }
  }
}

std::vector<Hop> stretches_of(const LinkPath& path, const LossBudget& budget, PcieGen g,
                              SignalLoss& result) {
  std::vector<Hop> stretches(1);
  walk(path, budget, g, result, stretches);
  stretches.back().add("card", budget.card, share_confidence(g));
  return stretches;
}

/// Passive ribbons so long that builders saw errors flood in as soon as links came up: 900 mm at
/// gen4 (https://www.mov-axbx.com/wopr/wopr_risers.html). Limits between that and the lengths that
/// are reported to work: 900 mm gen3, 600 mm gen4, 300 mm gen5 (unverified).
void find_field_trap(const LinkPath& path, PcieGen generation, SignalLoss& result) {
  double ribbons = 0;
  for (const LinkPath* p = &path; p != nullptr; p = p->from_switch() ? nullptr : p->uplink.get()) {
    if (p->behind != nullptr && p->behind->retimer.value_or(false)) return;
    for (const auto& entry : p->chain) {
      const Riser& riser = *entry.first;
      if (restarts(riser) || amplifies(riser)) return;
      if (riser.is(RiserType::ribbon)) ribbons += riser.length.value_or(Millimetres{0}).value;
    }
  }
  double limit = 0;
  if (generation == PcieGen::gen3) limit = 900;
  if (generation == PcieGen::gen4) limit = 600;
  if (generation >= PcieGen::gen5) limit = 300;
  if (limit <= 0 || !exceeds(Millimetres{ribbons}, Millimetres{limit})) return;
  result.field_trap = true;
  result.field_reason =
      "builders report a flood of errors on long passive ribbons as soon as links come up "
      "(https://www.mov-axbx.com/wopr/wopr_risers.html)";
}

Band band_of(const SignalLoss& loss, const LossBudget& budget) {
  if (!loss.margin.known() || *loss.margin < Decibels{0}) return Band::red;
  const bool thin = !exceeds(*loss.margin, budget.reserve);
  return thin || loss.assumed ? Band::amber : Band::green;
}

}  // namespace

std::string_view to_string(Band b) {
  switch (b) {
    case Band::green:
      return "green";
    case Band::amber:
      return "amber";
    case Band::red:
      return "red";
  }
  return "?";
}

SignalLoss signal_loss(const LinkPath& path, PcieGen generation) {
  SignalLoss result;
  result.generation = generation;
  find_field_trap(path, generation, result);
  const std::optional<LossBudget> budget = loss_budget(generation);
  if (!budget) {
    result.total.confidence = Confidence::unverified;
    result.total.missing.push_back("no loss budget for gen" +
                                   std::to_string(static_cast<int>(generation)));
    result.margin = result.total;
    return result;
  }
  std::vector<Hop> stretches = stretches_of(path, *budget, judged_as(generation), result);
  const auto worst = std::max_element(stretches.begin(), stretches.end(),
                                      [](const Hop& a, const Hop& b) { return worse(b, a); });
  result.segments = std::move(worst->segments);
  result.total.confidence = worst->confidence;
  result.total.missing = std::move(worst->missing);
  if (!path.chain_decided) {
    worst->unknown = true;
    result.total.missing.push_back("riser of `" + path.port + "` is not decided");
  }
  if (!worst->unknown) result.total.value = Decibels{worst->sum};
  result.margin = result.total;
  if (result.total.known()) result.margin.value = budget->total - *result.total;
  result.band = band_of(result, *budget);
  return result;
}

}  // namespace rigtopo
