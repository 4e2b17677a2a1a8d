// solve(): for each candidate board encode, optimise level by level, settle what is left, hand the
// layout to the judge; or explain why there is none.
#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "solve/encoding.hpp"
#include "solve/explain.hpp"
#include "spec/allow.hpp"

namespace rigtopo {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int most_disagreements = 3;
constexpr int most_lessons =
    60;  // loadings of supplies that heat them too much, see encode_peaks.cpp

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

/// Result for one board.
struct BoardResult {
  SolveStatus status = SolveStatus::unknown;
  std::vector<ObjectiveLevel> objective;
  std::optional<Layout> layout;
  std::vector<Diagnostic> conflict;
  std::vector<Rejection> rejected;
  std::vector<std::string> assumptions;
};

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::vector<std::string> assumptions_of(const Project& project,
                                        const std::vector<WishLevel>& levels) {
  std::vector<std::string> list;
  for (const WishLevel& l : levels) {
    if (!l.supported) {
      list.push_back(
          fmt::format("the wish `{}` ({}) is not solved yet: it had no influence", l.wish, l.what));
    }
  }
  if (project.spec.mains.circuits.empty()) {
    list.emplace_back(
        "no circuits are given: supplies are held to the lowest rating of their label "
        "and nothing is known about breakers");
  }
  return list;
}

/// Limits that the search stops holding to when the spec waives them; what has no number stays.
constexpr std::array waivable{"G101"sv, "G102"sv, "G103"sv, "G104"sv, "P105"sv, "P106"sv,
                              "P107"sv, "P108"sv, "P110"sv, "P112"sv, "P117"sv, "P128"sv,
                              "P129"sv, "P134"sv, "G108"sv, "T101"sv};

bool is_waived(const Project& project, std::string_view today, const Demand& demand) {
  if (std::find(waivable.begin(), waivable.end(), demand.code) == waivable.end()) return false;
  return std::any_of(project.spec.allow.begin(), project.spec.allow.end(),
                     [&](const AllowRow& row) {
                       return term_of(row, today) == AllowTerm::open &&
                              covers(row, demand.code, demand.name, demand.subject);
                     });
}

class BoardSearch {
 public:
  BoardSearch(const Project& project, const Board& board, const SolveOptions& options,
              std::optional<Clock::time_point> deadline, SolveResult::Statistics& statistics)
      : project_(project),
        options_(options),
        deadline_(deadline),
        statistics_(statistics),
        choices_(project, board) {}

  BoardResult run() {
    for (int lessons = 0; lessons <= most_lessons; ++lessons) {
      const std::size_t before = hot_.size();
      if (attempt()) return std::move(result_);
      if (hot_.size() == before && blocked_.size() > most_disagreements) break;
    }
    result_.status = SolveStatus::unknown;
    result_.layout.reset();
    std::string codes;
    const bool air = std::all_of(refused_for_.begin(), refused_for_.end(),
                                 [](const std::string& code) { return code.starts_with('T'); });
    for (const std::string& code : refused_for_) codes += (codes.empty() ? "" : ", ") + code;
    result_.assumptions.push_back(
        fmt::format("{} layouts of the solver did not pass the full check ({}): {}",
                    blocked_.size() + hot_.size(), codes,
                    air ? "the search knows no air; add fans, or pin the cards to other mounts"
                        : "please report this"));
    return std::move(result_);
  }

 private:
  /// One full optimisation. False when the judge refused the layout, which is then blocked.
  bool attempt() {
    const auto start = Clock::now();
    Sat sat;
    sat.limit(deadline_, options_.interrupted);
    Formula formula(sat);
    formula.waive([&](const Demand& d) { return is_waived(project_, options_.today, d); });
    Encoding encoding(choices_, formula);
    const std::vector<WishLevel> levels = encoding.wish_levels();
    for (const auto& decisions : blocked_) {
      std::vector<Lit> other;
      for (const Lit l : decisions) other.push_back(-l);
      formula.clause(std::move(other));
    }
    for (const Encoding::HotLoading& hot : hot_) encoding.forbid(hot);
    statistics_.encode_ms += milliseconds_since(start);
    const auto solving = Clock::now();
    result_.rejected = choices_.rejected;
    result_.assumptions = assumptions_of(project_, levels);
    const bool done = search(formula, encoding, levels);
    statistics_.variables = sat.variables();
    statistics_.clauses = sat.clauses();
    statistics_.calls += sat.calls();
    statistics_.solve_ms += milliseconds_since(solving);
    return done;
  }

  bool search(Formula& formula, Encoding& encoding, const std::vector<WishLevel>& levels) {
    Lexicographic optimiser(formula, formula.selectors());
    const Answer first = optimiser.start();
    if (first != Answer::sat) {
      result_.status = first == Answer::unsat ? SolveStatus::infeasible : SolveStatus::unknown;
      // Blocking a layout that the judge refused must not look like a proof.
      if (first == Answer::unsat && !blocked_.empty()) result_.status = SolveStatus::unknown;
      if (result_.status == SolveStatus::infeasible) result_.conflict = explain_conflict(formula);
      return true;
    }
    result_.objective.clear();
    bool in_time = true;
    for (const WishLevel& level : levels) in_time = optimise(optimiser, level, in_time);
    in_time = in_time && optimiser.settle(encoding.canonical());
    const bool proved = std::all_of(result_.objective.begin(), result_.objective.end(),
                                    [](const ObjectiveLevel& l) { return l.proved; });
    result_.status = proved && in_time ? SolveStatus::optimal : SolveStatus::feasible;
    Layout layout = encoding.extract();
    if (learns(encoding.hot_supplies(layout))) return false;
    const std::vector<std::string> errors = options_.judge(layout);
    if (!errors.empty()) {
      blocked_.push_back(encoding.true_decisions());
      refused_for_.insert(errors.begin(), errors.end());
      return false;
    }
    result_.layout = std::move(layout);
    return true;
  }

  /// Loadings that are too hot are excluded, and the search starts again.
  bool learns(std::vector<Encoding::HotLoading> hot) {
    std::erase_if(hot, [&](const Encoding::HotLoading& h) {
      return is_waived(project_, options_.today, {"P117", "rms-over-rating", "", {}, {h.supply}});
    });
    if (hot.empty()) return false;
    refused_for_.insert("P117");
    hot_.insert(hot_.end(), hot.begin(), hot.end());
    return true;
  }

  bool optimise(Lexicographic& optimiser, const WishLevel& level, bool in_time) {
    ObjectiveLevel shown;
    shown.level = static_cast<int>(result_.objective.size()) + 1;
    shown.wish = level.wish;
    shown.what = level.what;
    shown.unit = level.unit;
    shown.maximise = level.maximise;
    if (!level.supported) {
      result_.objective.push_back(std::move(shown));
      return in_time;
    }
    const auto report = [&](long cost, long bound) {
      if (!options_.progress) return;
      options_.progress({level.what, number(level.value(cost), 1) + " " + level.unit,
                         number(level.value(bound), 1)});
    };
    const LevelResult r = level.bounded ? optimiser.minimise(*level.bounded, report)
                                        : optimiser.minimise(level.softs, report);
    shown.value = level.value(r.cost);
    shown.bound = level.value(r.bound);
    shown.proved = r.proved && in_time;
    result_.objective.push_back(std::move(shown));
    return in_time && r.proved;
  }

  const Project& project_;
  const SolveOptions& options_;
  std::optional<Clock::time_point> deadline_;
  SolveResult::Statistics& statistics_;
  Choices choices_;
  std::vector<std::vector<Lit>> blocked_;  // decisions of layouts that the judge refused
  std::vector<Encoding::HotLoading> hot_;  // what it learned from supplies that peaks heat too much
  std::set<std::string> refused_for_;      // codes of its findings
  BoardResult result_;
};

/// Is `a` better than `b`, level by level.
bool better(const BoardResult& a, const BoardResult& b) {
  if (!a.layout || !b.layout) return a.layout.has_value() && !b.layout.has_value();
  for (std::size_t i = 0; i < std::min(a.objective.size(), b.objective.size()); ++i) {
    const ObjectiveLevel& x = a.objective[i];
    const ObjectiveLevel& y = b.objective[i];
    if (x.value == y.value) continue;
    return x.maximise ? x.value > y.value : x.value < y.value;
  }
  return false;
}

/// Where there are several boards to choose from, each has a conflict of its own.
void append_conflict(const Project& project, const Board& board,
                     const std::vector<Diagnostic>& of_board, std::vector<Diagnostic>& all) {
  for (Diagnostic d : of_board) {
    if (project.boards.size() > 1) d.message = fmt::format("on `{}`: {}", board.id, d.message);
    all.push_back(std::move(d));
  }
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
  std::optional<BoardResult> best;
  std::vector<Diagnostic> conflict;
  bool all_settled = true;  // every board is either proved optimal or proved infeasible
  for (std::size_t b = 0; b < project.boards.size(); ++b) {
    BoardSearch search(project, project.board(b), options, deadline, result.statistics);
    BoardResult found = search.run();
    all_settled = all_settled &&
                  (found.status == SolveStatus::optimal || found.status == SolveStatus::infeasible);
    append_conflict(project, project.board(b), found.conflict, conflict);
    if (!best || better(found, *best)) best = std::move(found);
  }
  if (!best) return result;
  result.status = best->status;
  if (result.status == SolveStatus::optimal && !all_settled) result.status = SolveStatus::feasible;
  if (result.status == SolveStatus::infeasible && !all_settled)
    result.status = SolveStatus::unknown;
  result.objective = std::move(best->objective);
  if (result.status == SolveStatus::infeasible) result.conflict = std::move(conflict);
  result.rejected = std::move(best->rejected);
  result.assumptions = std::move(best->assumptions);
  const bool idle =
      std::any_of(project.expanders.begin(), project.expanders.end(),
                  [&](const ExpanderUse& use) { return pin_of(project, use.id) == nullptr; });
  if (idle) {
    result.assumptions.emplace_back(
        "switches and bifurcation cards in stock are not used: only pins place them");
  }
  if (best->layout) result.layouts.push_back(std::move(*best->layout));
  return result;
}

}  // namespace rigtopo
