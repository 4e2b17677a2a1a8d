// solve(): the search on each candidate board, and the best of them all; or why there is none.
#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>

#include "solve/board_search.hpp"

namespace rigtopo {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<Code, 3> demand_table{{
    {"I100", "no-layout", Severity::error, "No layout exists, whatever is demanded.",
     "The board, the parts and the devices cannot be combined at all: for example no riser in "
     "stock "
     "mates with any port.",
     ""},
    {"I101", "device-demanded", Severity::error, "The spec wants these devices in the rig.",
     "In a conflict this stands for the devices of one row: with fewer of them, or others, there "
     "may "
     "be a layout.",
     ""},
    {"I102", "pinned", Severity::error, "The spec fixes this as built.",
     "In a conflict this stands for one pin: without it there may be a layout.", ""},
}};

/// Below 0 when `a` is better than `b`, above 0 when it is worse; level by level, those alone that
/// are `counted`.
template <class Counted>
int compare(const Levels& a, const Levels& b, const Counted& counted) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (!counted(a[i]) || a[i].value == b[i].value) continue;
    return (a[i].maximise ? a[i].value > b[i].value : a[i].value < b[i].value) ? -1 : 1;
  }
  return 0;
}

/// The levels of one wish.
auto of(Wish wish) {
  return [wish](const ObjectiveLevel& l) { return l.wish == word(wish); };
}

/// Is `a` no worse than `b` in any wish of a front?
bool covers(const Levels& a, const Levels& b, const std::vector<Wish>& front) {
  return std::all_of(front.begin(), front.end(),
                     [&](Wish wish) { return compare(a, b, of(wish)) <= 0; });
}

/// Layouts of all boards, best first; of a front those that no other outdoes, equal points once.
std::vector<RankedLayout> merged(std::vector<RankedLayout> list, const SolveOptions& options) {
  std::stable_sort(list.begin(), list.end(), [](const RankedLayout& a, const RankedLayout& b) {
    return compare(a.objective, b.objective, [](const ObjectiveLevel&) { return true; }) < 0;
  });
  if (options.front.empty()) {
    if (list.size() > options.top) list.resize(options.top);
    return list;
  }
  // Wishes of the front come first in the order, so what covers a point stands before it.
  std::vector<RankedLayout> front;
  for (RankedLayout& point : list) {
    const bool covered = std::any_of(front.begin(), front.end(), [&](const RankedLayout& other) {
      return covers(other.objective, point.objective, options.front);
    });
    if (!covered) front.push_back(std::move(point));
  }
  return front;
}

/// Where there are several boards to choose from, each has a conflict of its own.
void append_conflict(const Project& project, const Board& board,
                     const std::vector<Diagnostic>& of_board, std::vector<Diagnostic>& all) {
  for (Diagnostic d : of_board) {
    if (project.boards.size() > 1) d.message = fmt::format("on `{}`: {}", board.id, d.message);
    all.push_back(std::move(d));
  }
}

void add_once(std::string words, std::vector<std::string>& list) {
  if (std::find(list.begin(), list.end(), words) == list.end()) list.push_back(std::move(words));
}

}  // namespace

std::string_view to_string(SolveStatus s) {
  constexpr std::string_view names[] = {"optimal", "feasible", "infeasible", "unknown"};
  return names[static_cast<int>(s)];
}

std::span<const Code> demand_codes() { return demand_table; }

SolveResult solve(const Project& project, const SolveOptions& options) {
  SolveResult result;
  if (std::string why = beyond_search(project); !why.empty()) {
    result.assumptions.push_back(std::move(why));
    return result;  // unknown: neither found nor proved
  }
  std::optional<Clock::time_point> deadline;
  if (options.time_limit_s) {
    deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(*options.time_limit_s));
  }
  std::vector<RankedLayout> found;
  bool settled = true;  // every board is either proved optimal or proved infeasible
  result.complete = true;
  for (std::size_t b = 0; b < project.boards.size(); ++b) {
    BoardSearch search(project, project.board(b), options, deadline, result.statistics);
    BoardResult board = search.run();
    settled = settled &&
              (board.status == SolveStatus::optimal || board.status == SolveStatus::infeasible);
    result.complete = result.complete && (board.all || board.status == SolveStatus::infeasible);
    append_conflict(project, project.board(b), board.conflict, result.conflict);
    std::move(board.layouts.begin(), board.layouts.end(), std::back_inserter(found));
    for (Rejection& r : board.rejected) {
      if (project.boards.size() > 1) r.why = fmt::format("on `{}`: {}", project.board(b).id, r.why);
      result.rejected.push_back(std::move(r));
    }
    for (std::string& a : board.assumptions) add_once(std::move(a), result.assumptions);
  }
  found = merged(std::move(found), options);
  if (!found.empty()) {
    result.status = settled ? SolveStatus::optimal : SolveStatus::feasible;
    result.conflict.clear();
  } else {
    result.status = settled ? SolveStatus::infeasible : SolveStatus::unknown;
  }
  for (RankedLayout& ranked : found) {
    if (!ranked.proved) ranked.objective.back().proved = false;  // not settled among its equals
    result.layouts.push_back(std::move(ranked.layout));
    result.objectives.push_back(std::move(ranked.objective));
  }
  if (!result.objectives.empty()) result.objective = result.objectives.front();
  const bool idle =
      std::any_of(project.expanders.begin(), project.expanders.end(),
                  [&](const ExpanderUse& use) { return pin_of(project, use.id) == nullptr; });
  if (idle) {
    result.assumptions.emplace_back(
        "switches and bifurcation cards in stock are not used: only pins place them");
  }
  return result;
}

}  // namespace rigtopo
