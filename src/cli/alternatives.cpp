// Words for what tells layouts apart. Values come from the objective, differences from the layouts.
#include "cli/alternatives.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "base/report.hpp"
#include "base/text.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"
#include "exchange/tables.hpp"

namespace rigtopo {
namespace {

std::string amount(const ObjectiveLevel& l) {
  return number(l.value, 1) + (l.unit.empty() ? "" : " " + l.unit);
}

/// "links of all GPUs together 176.4 GB/s instead of 189 GB/s", for each level that differs; the
/// tail only where nothing else does.
std::vector<std::string> changes(const Levels& now, const Levels& before) {
  std::vector<std::string> wishes;
  std::vector<std::string> tail;
  for (std::size_t i = 0; i < std::min(now.size(), before.size()); ++i) {
    if (now[i].value == before[i].value) continue;
    auto& list = now[i].wish.starts_with("tail") ? tail : wishes;
    list.push_back(
        fmt::format("{} {} instead of {}", now[i].what, amount(now[i]), amount(before[i])));
  }
  return wishes.empty() ? tail : wishes;
}

std::map<std::string, std::string> parts_by_port(const Layout& layout) {
  std::map<std::string, std::string> parts;
  for (const DevicePlace& d : layout.devices) parts[d.port.value_or("?")] = d.part.value_or("?");
  return parts;
}

std::map<std::string, int> parts_used(const Project& project, const Layout& layout) {
  std::map<std::string, int> used;
  for (const PartLine& line : parts_list(build_rig(project, layout))) used[line.part] += line.count;
  return used;
}

/// "psu0: PCIE1 PCIE2; psu1: PCIE3".
std::string grouping(const Layout& layout) {
  std::map<std::string, std::string> ports;
  for (const DevicePlace& d : layout.devices) {
    if (d.power.aux.empty() || d.power.aux.front().from.empty()) continue;
    std::string& list = ports[owner_of(d.power.aux.front().from.front().value_or("?"))];
    list += (list.empty() ? "" : " ") + d.port.value_or("?");
  }
  std::string text;
  for (const auto& [supply, list] : ports) {
    text += (text.empty() ? "" : "; ") + supply + ": " + list;
  }
  return text;
}

/// How two layouts differ: ports and parts, else which cards share a supply.
std::string difference(const Project& project, const Layout& now, const Layout& before) {
  const auto here = parts_by_port(now);
  const auto there = parts_by_port(before);
  std::vector<std::string> moved;
  for (const auto& [port, part] : here) {
    const auto it = there.find(port);
    if (it == there.end() || it->second != part) {
      moved.push_back(fmt::format("`{}` on {}", part, port));
    }
  }
  auto used = parts_used(project, now);
  for (const auto& [part, n] : parts_used(project, before)) used[part] -= n;
  for (const auto& [part, n] : used) {
    if (n != 0) moved.push_back(fmt::format("{:+d} `{}`", n, part));
  }
  if (!moved.empty()) return fmt::to_string(fmt::join(moved, ", "));
  const std::string groups = grouping(now);
  return groups == grouping(before) ? "other mounts" : "plugs on " + groups;
}

}  // namespace

std::string alternatives_summary(const Project& project, const SolveResult& result,
                                 std::size_t wanted) {
  if (wanted < 2 || result.layouts.empty()) return "";
  std::string text = "\nNext best layouts\n";
  for (std::size_t i = 1; i < result.layouts.size(); ++i) {
    const auto worse = changes(result.objectives[i], result.objectives[0]);
    text += fmt::format("{:3}. {}\n     differs in: {}\n", i + 1,
                        worse.empty() ? std::string("as good in every level")
                                      : fmt::to_string(fmt::join(worse, "; ")),
                        difference(project, result.layouts[i], result.layouts[0]));
  }
  if (result.complete) {
    text += "  There are no others that a builder would tell apart.\n";
  } else if (result.layouts.size() < wanted) {
    text += fmt::format("  The search was cut short at {} of {}; the last may not be the best.\n",
                        result.layouts.size(), wanted);
  }
  return text;
}

std::string front_summary(const SolveResult& result, const std::vector<Wish>& front) {
  if (result.layouts.empty()) return "";
  std::set<std::string> wishes;
  for (const Wish w : front) wishes.insert(std::string(word(w)));
  std::vector<std::string> heads{"point"};
  for (const ObjectiveLevel& l : result.objective) {
    if (wishes.contains(l.wish)) heads.push_back(">" + l.what);
  }
  heads.emplace_back("proved");
  TextTable table(heads);
  std::string words;
  for (std::size_t i = 0; i < result.layouts.size(); ++i) {
    std::vector<std::string> row{std::to_string(i + 1)};
    std::vector<std::string> gained;
    std::vector<std::string> lost;
    bool proved = true;
    for (std::size_t k = 0; k < result.objectives[i].size(); ++k) {
      const ObjectiveLevel& l = result.objectives[i][k];
      if (!wishes.contains(l.wish)) continue;
      row.push_back(amount(l));
      proved = proved && l.proved;
      if (i == 0) continue;
      const ObjectiveLevel& before = result.objectives[i - 1][k];
      if (before.value == l.value) continue;
      const bool better = l.maximise == (l.value > before.value);
      (better ? gained : lost)
          .push_back(fmt::format("{} {} instead of {}", l.what, amount(l), amount(before)));
    }
    row.emplace_back(proved ? "yes" : "no");
    table.row(row);
    if (i > 0) {
      words += fmt::format("  point {} gains {} and gives up {}\n", i + 1,
                           fmt::to_string(fmt::join(gained, ", ")),
                           fmt::to_string(fmt::join(lost, ", ")));
    }
  }
  return "\nFront: nothing is better in all of these wishes\n" + table.text() + words +
         (result.complete ? "" : "  More points may exist: the search was cut short.\n");
}

std::string repairs_summary(const std::vector<Repair>& repairs,
                            const std::vector<CheckResult>& checks, std::string_view currency) {
  if (repairs.empty()) {
    return "\nNo small change that makes it work was found; there may be one.\n";
  }
  std::string text = "\nWhat would make it work (each was solved, and the check finds no error)\n";
  for (std::size_t i = 0; i < repairs.size(); ++i) {
    const Repair& r = repairs[i];
    std::vector<std::string> words;
    std::string edits;
    for (const RepairChange& change : r.changes) {
      words.push_back(change.words);
      for (const SpecEdit& e : change.edits) {
        edits += fmt::format("     {}: {}\n", e.path,
                             e.before.empty()  ? e.after
                             : e.after.empty() ? "taken out"
                                               : e.before + " -> " + e.after);
      }
    }
    text += fmt::format(
        "{:3}. {}{}\n{}", i + 1, fmt::to_string(fmt::join(words, ", and ")),
        r.price > 0 ? fmt::format(" (then {} {} to buy)", number(r.price, 2), currency) : "",
        edits);
    const std::vector<std::string> warnings = warning_codes(checks.at(i));
    if (warnings.empty()) continue;
    const auto codes = fmt::to_string(fmt::join(warnings, ", "));
    text += "     " + wrapped(fmt::format("then warned of: {}", codes), "     ") + "\n";
  }
  return text;
}

std::string why_summary(const WhyAnswer& answer, const SourceMap& sources, bool colour) {
  std::string text = fmt::format("\nWhy not {} on {}?\n", answer.device, answer.port);
  switch (answer.verdict) {
    case WhyVerdict::chosen:
      text += "  It is there, or a card like it.\n";
      break;
    case WhyVerdict::equal:
      text +=
          "  It could be: such a layout is as good in every level. Equals are settled by their "
          "order.\n";
      break;
    case WhyVerdict::costs: {
      text += answer.board.empty() ? "  It could be, at a cost:\n"
                                   : fmt::format("  It could be, on board `{}`:\n", answer.board);
      for (const std::string& c : changes(answer.changed, answer.best)) text += "  - " + c + "\n";
      break;
    }
    case WhyVerdict::impossible: {
      text += "  It cannot be: these demands clash with it.\n";
      Diagnostics conflict;
      for (const Diagnostic& d : answer.conflict) conflict.add(d);
      text += report_text(conflict, sources, {.colour = colour});
      break;
    }
    case WhyVerdict::unknown:
      text += "  Not known: no layout to compare with, or no proof in time.\n";
      break;
  }
  for (const Rejection& r : answer.rejected) {
    text += fmt::format("  - {} [{}]: {}\n", r.choice, r.code, r.why);
  }
  return text;
}

}  // namespace rigtopo
