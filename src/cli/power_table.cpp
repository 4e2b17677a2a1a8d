// The table of common power limits. Judged by check; speeds come from the catalogue's power curves.
#include "cli/power_table.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <set>

#include "base/text.hpp"
#include "cli/table.hpp"
#include "physics/power.hpp"
#include "physics/power_curve.hpp"

namespace rigtopo {
namespace {

constexpr double row_step = 25;   // W between rows
constexpr double limit_step = 5;  // W: quantum of the wish `power`

struct Card {
  std::string id;
  const Device* part = nullptr;
};

/// Graphics cards of the layout whose limit can be set.
std::vector<Card> limited_cards(const Project& project, const Layout& layout) {
  std::vector<Card> cards;
  for (const DevicePlace& place : layout.devices) {
    const DeviceUse* use = project.device(place.id.value_or(""));
    if (use == nullptr || use->kind != "gpu") continue;
    if (!use->part->power.known() || !use->part->power_limits.known()) continue;
    cards.push_back({use->id, use->part});
  }
  return cards;
}

Watts accepted(const Device& part, Watts limit) {
  return std::clamp(limit, part.power_limits->least, part.power_limits->most);
}

Layout limited(Layout layout, const std::vector<Card>& cards, Watts limit) {
  for (const Card& card : cards) {
    std::erase_if(layout.power_limits,
                  [&](const auto& set) { return set.key.value_or("") == card.id; });
    layout.power_limits.push_back(
        {Fact<std::string>(card.id), Fact<Watts>(accepted(*card.part, limit))});
  }
  return layout;
}

/// The spec without its own words on limits: the table is about all that the cards accept.
std::optional<Project> without_limits(const Project& project) {
  Spec spec = project.spec;
  for (DeviceRow& row : spec.devices) row.power_limit = {};
  for (auto& pin : spec.pins) pin.value.power_limit = {};
  Diagnostics ignored;
  return replanned(project, std::move(spec), ignored);
}

std::optional<Watts> at_the_wall(const Rig& rig) {
  Watts sum;
  for (const SupplyLoad& supply : supply_loads(rig)) {
    if (!supply.wall.known()) return std::nullopt;
    sum = sum + *supply.wall;
  }
  return sum;
}

PowerTable::Row judged(Session& session, const Rig& rig, Watts limit) {
  PowerTable::Row row;
  row.limit = limit;
  row.wall = at_the_wall(rig);
  std::set<std::string> against;
  const CheckResult result = session.judge(rig);
  for (const Diagnostic& d : result.diagnostics.all()) {
    if (d.severity == Severity::error && !d.allowed_by) against.insert(d.code);
    row.only_by_limit = row.only_by_limit || d.code == "P113";
  }
  row.against.assign(against.begin(), against.end());
  return row;
}

/// Curves of the catalogue that hold for one of the cards, with the card.
using CardCurves = std::vector<std::pair<Card, PartPtr>>;
CardCurves curves_of(const Project& project, const std::vector<Card>& cards) {
  CardCurves found;
  for (const std::string& id : project.catalog->index().ids("power-curve")) {
    Diagnostics ignored;  // `parts lint` speaks about parts that nobody named
    const PartPtr part = project.catalog->load(id, "power-curve", {}, ignored);
    if (part == nullptr) continue;
    const auto& gpus = std::get<PowerCurve>(*part).gpus;
    const auto card = std::find_if(cards.begin(), cards.end(), [&](const Card& c) {
      return std::any_of(gpus.begin(), gpus.end(),
                         [&](const auto& gpu) { return gpu.value_or("") == c.part->id; });
    });
    if (card != cards.end()) found.emplace_back(*card, part);
  }
  return found;
}

PowerTable::Measured column(const Card& card, const PowerCurve& curve) {
  return {card.part->id, curve.work.value_or(""), curve.work.citation, curve.work.confidence};
}

/// Most that fits between a limit that does and one that does not; both multiples of the step or
/// the ends of the range.
Watts highest_between(Watts fits, Watts fails, const std::function<bool(Watts)>& passes) {
  while (fails.value - fits.value > limit_step) {
    const double middle = (fits.value + fails.value) / 2;
    const Watts next{std::ceil(middle / limit_step) * limit_step};
    if (next == fails) return fits;
    (passes(next) ? fits : fails) = next;
  }
  return fits;
}

std::string percent(std::optional<double> share) {
  return share ? fmt::format("{:.0f} %", *share * 100) : "";
}

std::string verdict_of(const PowerTable::Row& row) {
  if (!row.fits()) {
    std::string codes;
    for (const std::string& code : row.against) codes += " " + code;
    return "no:" + codes;
  }
  return row.only_by_limit ? "only while it is set" : "yes";
}

}  // namespace

std::optional<PowerTable> power_table(Session& session, const Project& project,
                                      const Layout& layout) {
  const std::optional<Project> freed = without_limits(project);
  const std::vector<Card> cards = limited_cards(project, layout);
  if (cards.empty() || !freed) return std::nullopt;
  const auto row_at = [&](Watts limit) {
    return judged(session, build_rig(*freed, limited(layout, cards, limit)), limit);
  };
  Watts most = *cards.front().part->power;
  Watts least = cards.front().part->power_limits->least;
  for (const Card& card : cards) {
    most = std::max(most, *card.part->power);
    least = std::min(least, card.part->power_limits->least);
  }
  PowerTable table;
  const CardCurves curves = curves_of(project, cards);
  for (const auto& [card, part] : curves) {
    table.measured.push_back(column(card, std::get<PowerCurve>(*part)));
  }
  Watts next = most;
  while (!(next < least)) {
    PowerTable::Row row = row_at(next);
    for (const auto& [card, part] : curves) {
      row.kept.push_back(
          speed_kept(std::get<PowerCurve>(*part), accepted(*card.part, next), *card.part->power));
    }
    if (row.fits() && !table.highest) {
      table.highest =
          table.rows.empty() ? next : highest_between(next, table.rows.back().limit, [&](Watts w) {
            return row_at(w).fits();
          });
    }
    table.rows.push_back(std::move(row));
    if (next == least) break;
    next = std::max(least, Watts{(std::ceil(next.value / row_step) - 1) * row_step});
  }
  return table;
}

std::string power_table_text(const std::optional<PowerTable>& found) {
  if (!found) {
    return "\nNo table of power limits: nobody says which limits the cards of this layout accept\n";
  }
  const PowerTable& table = *found;
  std::vector<std::string> headings{">limit", ">wall", "fits"};
  for (std::size_t i = 0; i < table.measured.size(); ++i) {
    headings.push_back(fmt::format(">speed [{}]", i + 1));
  }
  TextTable rows(std::move(headings));
  for (const PowerTable::Row& row : table.rows) {
    std::vector<std::string> cells{to_text(row.limit),
                                   row.wall ? fmt::format("{:.0f} W", row.wall->value) : "?",
                                   verdict_of(row)};
    for (const auto& kept : row.kept) cells.push_back(percent(kept));
    rows.row(std::move(cells));
  }
  std::string text = "\nOne power limit for all cards (`nvidia-smi -pl`), on this layout\n";
  text += rows.text();
  text += table.highest
              ? fmt::format("  the highest that fits is {}\n", to_text(*table.highest))
              : std::string("  none fits: the codes above have other reasons than the cards\n");
  for (std::size_t i = 0; i < table.measured.size(); ++i) {
    const PowerTable::Measured& m = table.measured[i];
    text += "  " +
            wrapped(fmt::format("[{}] `{}`, {} ({}, {})", i + 1, m.gpu, m.work, m.source,
                                to_string(m.confidence)),
                    "      ") +
            "\n";
  }
  if (table.measured.empty())
    return text + "  speed: nobody measured these cards that we know of\n";
  return text +
         "  speed: share of the speed as shipped that is left; straight lines between "
         "published points\n";
}

}  // namespace rigtopo
