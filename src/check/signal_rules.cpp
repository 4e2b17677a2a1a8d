// Signal: bands of insertion loss, never a hard number that pretends precision, and what riser
// users have found out the hard way.
#include <array>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "check/rule.hpp"
#include "physics/link.hpp"

namespace rigtopo {
namespace {

/// A device whose link is decided from end to end.
struct SignalLink {
  const DevicePlace* place = nullptr;
  std::string id;
  Source at;
  LinkPath path;
  TrainedLink trained;

  const SignalLoss& loss() const { return trained.loss; }
};

/// Links of devices, then the uplinks of switches and bifurcation cards.
std::vector<SignalLink> signal_links(const Rig& rig) {
  std::vector<SignalLink> list;
  const auto add = [&](const DevicePlace& place) {
    std::optional<LinkPath> path = rig.link_path(place);
    if (!path || !path->chain_decided) return;
    std::optional<TrainedLink> trained = trained_link(*path);
    if (!trained) return;
    const Source chain = place.chain.empty() ? place.port.at : place.chain.front().at;
    list.push_back({&place, place.id.value_or("?"), either(chain, place_of(rig, place)),
                    *std::move(path), *std::move(trained)});
  };
  for (const DevicePlace& place : rig.layout.devices) add(place);
  for (const DevicePlace& place : rig.layout.expanders) add(place);
  return list;
}

LossBudget budget_of(const SignalLoss& loss) {
  return loss_budget(loss.generation).value_or(LossBudget{});
}

/// The riser that loses most, for a label into its file.
const Riser* worst_riser(const SignalLink& link) {
  const Riser* worst = nullptr;
  double most = 0;
  for (const auto& entry : link.path.chain) {
    const Estimate<Decibels> loss = riser_loss(*entry.first, link.loss().generation).loss;
    if (!loss.known() || (worst != nullptr && (*loss).value <= most)) continue;
    worst = entry.first;
    most = (*loss).value;
  }
  return worst;
}

/// Loss against budget, and where most of it is lost. Both bands speak the same sentence.
Diagnostic& report_loss(Reporter& out, const SignalLink& link) {
  const SignalLoss& loss = link.loss();
  const LossBudget budget = budget_of(loss);
  const Pair pair = distinct((*loss.total).value, budget.total.value);
  std::string text = fmt::format("`{}` loses about {} dB of the {} dB that {} allows", link.id,
                                 pair.actual, pair.limit, to_text(loss.generation));
  std::vector<std::string> subject{link.id};
  const Riser* riser = worst_riser(link);
  if (riser != nullptr) {
    subject.push_back(riser->id);
    text += fmt::format(", {} of it in `{}`", to_text(*riser_loss(*riser, loss.generation).loss),
                        riser->id);
  }
  Diagnostic& d =
      out.report(link.at, std::move(subject), std::move(text), *loss.total, budget.total, "dB");
  if (riser != nullptr) d.labels.push_back({riser->at, "riser described here"});
  d.confidence = loss.total.confidence;
  return d;
}

void signal_lost(const Rig& rig, Reporter& out) {
  for (const SignalLink& link : signal_links(rig)) {
    const SignalLoss& loss = link.loss();
    if (!loss.total.known()) {
      out.not_checked(loss.total.missing, link.id);
      continue;
    }
    out.rests_on(loss.total.confidence);
    out.limit(fmt::format("{} signal loss at {} ({})", link.id, to_text(loss.generation),
                          to_string(loss.band)),
              (*loss.total).value, budget_of(loss).total.value, "dB");
    if (loss.board_assumed) {
      out.assume(
          "from CPU to connector a link loses half of what the standard leaves for the "
          "board, where the board has no figure (unverified)");
    }
    for (const auto& entry : link.path.chain) {
      if (!riser_loss(*entry.first, loss.generation).assumed) continue;
      out.assume(
          fmt::format("`{}` loses what is typical of a poor part of its type: it has no "
                      "figure at {} (unverified)",
                      entry.first->id, to_text(loss.generation)));
    }
    if (loss.band != Band::red || loss.field_trap) continue;  // a trap is L203
    report_loss(out, link).help =
        "use a shorter or better riser, one with a retimer, or set the port to a lower generation";
  }
}

void signal_thin(const Rig& rig, Reporter& out) {
  for (const SignalLink& link : signal_links(rig)) {
    const SignalLoss& loss = link.loss();
    if (!loss.total.known() || loss.band != Band::amber || loss.field_trap) continue;
    const std::string cure = "watch the error counters (AER) under load, or use a shorter riser";
    report_loss(out, link).help =
        loss.assumed ? "a figure for the riser would settle it; " + cure : cure;
  }
}

/// "900 mm of passive ribbon"
std::string ribbon_text(const LinkPath& path) {
  Millimetres sum{0};
  for (const auto& entry : path.chain) {
    const bool ribbon = entry.first->type.value_or(RiserType::ribbon) == RiserType::ribbon;
    if (ribbon) sum += entry.first->length.value_or(Millimetres{0});
  }
  return to_text(sum) + " of passive ribbon";
}

void long_passive_ribbon(const Rig& rig, Reporter& out) {
  for (const SignalLink& link : signal_links(rig)) {
    if (!link.loss().field_trap) continue;
    std::vector<std::string> subject{link.id};
    for (const auto& entry : link.path.chain) subject.push_back(entry.first->id);
    Diagnostic& d =
        out.report(link.at, std::move(subject),
                   fmt::format("`{}` runs {} over {}: {}", link.id, to_text(link.loss().generation),
                               ribbon_text(link.path), link.loss().field_reason));
    d.labels.push_back({link.path.chain.front().first->at, "riser described here"});
    d.confidence = Confidence::secondary;
    d.help =
        "use a cable kit with a retimer or redriver, or a ribbon of 300 mm or less; a lower "
        "generation on the same ribbon is no sure cure";
  }
}

void riser_unproven(const Rig& rig, Reporter& out) {
  for (const SignalLink& link : signal_links(rig)) {
    for (const auto& entry : link.path.chain) {
      const Riser& riser = *entry.first;
      if (!riser.proven.known() || *riser.proven >= link.trained.generation) continue;
      Diagnostic& d = out.report(
          link.at, {link.id, riser.id},
          fmt::format("`{}` runs `{}` at {}, where users have it working up to {} only", link.id,
                      riser.id, to_text(link.trained.generation), to_text(*riser.proven)));
      d.labels.push_back({riser.proven.at, "experience noted here"});
      d.confidence = riser.proven.confidence;
      d.help = fmt::format("set the port to {}, or use another riser", to_text(*riser.proven));
    }
  }
}

constexpr std::array signal_table{
    Rule{{"L201", "signal-lost", Severity::error,
          "A link loses more signal than its generation allows.",
          "From CPU to card each stretch of board, cable and connector takes its share of the "
          "signal. Over the budget the link floods with errors, falls back, or drops the card "
          "under load. The sum is good to about 3 dB, which is why it is judged in bands.",
          "Loss budgets: https://www.asteralabs.com/tag/pci-sig/ (gen4 28 dB, gen5 36 dB)"},
         signal_lost},
    Rule{{"L202", "signal-thin", Severity::warning,
          "A link has little signal left over, or rests on a riser nobody has figures for.",
          "Within the reserve of a tenth of the budget a link usually works and shows corrected "
          "errors under load. Boards, CPUs and cards differ enough to tip it over.",
          "Reserve of 10 to 20 %: https://asteralabs.com/?p=19489"},
         signal_thin},
    Rule{{"L203", "long-passive-ribbon", Severity::error,
          "A passive ribbon is longer than what has been seen to work at its generation.",
          "A 900 mm ribbon sold as \"PCIe 4.0\" gave a flood of errors on every link as soon as it "
          "came up. The label on a ribbon is no measurement; length is what counts.",
          "https://www.mov-axbx.com/wopr/wopr_risers.html"},
         long_passive_ribbon},
    Rule{{"L204", "riser-unproven", Severity::warning,
          "A riser part runs faster than users have confirmed it to.",
          "Some riser parts are sold for a generation at which they fail in practice. What users "
          "report counts for more than what is printed on the box.",
          "field reports named in the part file"},
         riser_unproven}};

}  // namespace

std::span<const Rule> signal_rules() { return signal_table; }

}  // namespace rigtopo
