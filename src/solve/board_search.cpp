// Ranks the layouts of one board. Each that is found rules something out: itself and its like where
// more are wanted, what it outdoes where a front is wanted, what the judge refused or what physics
// showed to be too hot. Then as many levels as need it are optimised anew.
#include "solve/board_search.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.hpp"
#include "solve/explain.hpp"
#include "spec/allow.hpp"

namespace rigtopo {
namespace {

constexpr int most_disagreements = 3;
constexpr int most_lessons = 60;           // see encode_peaks.cpp
constexpr std::size_t longest_front = 50;  // points

double milliseconds_since(BoardSearch::Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(BoardSearch::Clock::now() - start).count();
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

}  // namespace

bool is_waived(const Project& project, std::string_view today, const Demand& demand) {
  if (std::find(waivable.begin(), waivable.end(), demand.code) == waivable.end()) return false;
  return std::any_of(project.spec.allow.begin(), project.spec.allow.end(),
                     [&](const AllowRow& row) {
                       return term_of(row, today) == AllowTerm::open &&
                              covers(row, demand.code, demand.name, demand.subject);
                     });
}

BoardSearch::BoardSearch(const Project& project, const Board& board, const SolveOptions& options,
                         std::optional<Clock::time_point> deadline,
                         SolveResult::Statistics& statistics)
    : project_(project),
      options_(options),
      deadline_(deadline),
      statistics_(statistics),
      choices_(project, board),
      formula_(sat_) {
  sat_.limit(deadline_, options_.interrupted);
  formula_.waive([this](const Demand& d) { return is_waived(project_, options_.today, d); });
}

BoardResult BoardSearch::run() {
  const auto start = Clock::now();
  Encoding encoding(choices_, formula_);
  levels_ = encoding.wish_levels(options_.front);
  statistics_.encode_ms += milliseconds_since(start);
  const auto solving = Clock::now();
  result_.rejected = choices_.rejected;
  result_.assumptions = assumptions_of(project_, levels_);
  Lexicographic optimiser(formula_);
  noted_ = Clock::now();
  const Answer first = optimiser.start();
  note("first layout");
  if (first == Answer::sat) rank(encoding, optimiser);
  conclude(optimiser.answer());
  statistics_.variables = sat_.variables();
  statistics_.clauses = sat_.clauses();
  statistics_.calls += sat_.calls();
  statistics_.solve_ms += milliseconds_since(solving);
  return std::move(result_);
}

/// What was done since the last note.
void BoardSearch::note(std::string what) {
  statistics_.phases.push_back(
      {std::move(what), sat_.calls() - noted_calls_, milliseconds_since(noted_)});
  noted_ = Clock::now();
  noted_calls_ = sat_.calls();
}

/// One layout after the other, from the first model on.
void BoardSearch::rank(Encoding& encoding, Lexicographic& optimiser) {
  std::optional<std::size_t> kept = 0;
  while (kept) {
    const bool in_time = optimise(optimiser, encoding, *kept);
    Layout layout = encoding.extract();
    if (!is_refused(encoding, layout)) {
      result_.layouts.push_back({std::move(layout), reached_, in_time});
      if (is_enough()) return;
      formula_.clause(options_.front.empty() ? encoding.differs_from_last()
                                             : encoding.improves_on(levels_, costs_));
    }
    if (!in_time || disagreements_ > most_disagreements || lessons_ > most_lessons) return;
    kept = optimiser.resume();
  }
  result_.all = optimiser.answer() == Answer::unsat;
}

/// The layouts asked for, or of a front as many as anybody would look at.
bool BoardSearch::is_enough() const {
  return result_.layouts.size() >= (options_.front.empty() ? options_.top : longest_front);
}

/// All levels but the first `kept`, which stand. False when time ran out.
bool BoardSearch::optimise(Lexicographic& optimiser, const Encoding& encoding, std::size_t kept) {
  std::size_t standing = 0;  // levels that are not supported are none of the optimiser's
  std::size_t first = 0;
  while (first < levels_.size() && standing < kept) standing += levels_[first++].supported ? 1 : 0;
  reached_.resize(first);
  costs_.resize(first);
  bool in_time = true;
  for (std::size_t i = first; i < levels_.size(); ++i) {
    in_time = optimise(optimiser, levels_[i]) && in_time;
    if (!in_time) reached_.back().proved = false;
  }
  in_time = in_time && optimiser.settle(encoding.canonical());
  note("settling");
  return in_time;
}

bool BoardSearch::optimise(Lexicographic& optimiser, const WishLevel& level) {
  ObjectiveLevel shown;
  shown.level = static_cast<int>(reached_.size()) + 1;
  shown.wish = level.wish;
  shown.what = level.what;
  shown.unit = level.unit;
  shown.maximise = level.maximise;
  LevelResult r{0, 0, true};
  if (level.supported) {
    const auto report = [&](long cost, long bound) {
      if (!options_.progress) return;
      options_.progress({level.what, number(level.value(cost), 1) + " " + level.unit,
                         number(level.value(bound), 1)});
    };
    r = level.bounded ? optimiser.minimise(*level.bounded, report)
                      : optimiser.minimise(level.softs, report);
    shown.value = level.value(r.cost);
    shown.bound = level.value(r.bound);
    shown.proved = r.proved;
  }
  note(level.what);
  reached_.push_back(std::move(shown));
  costs_.push_back(r.cost);
  return r.proved;
}

/// Does physics or the judge refuse the layout? Then it is not tried again.
bool BoardSearch::is_refused(Encoding& encoding, const Layout& layout) {
  if (learns(encoding, layout)) return true;
  const std::vector<std::string> errors = options_.judge(layout);
  if (errors.empty()) return false;
  std::vector<Lit> other;
  for (const Lit l : encoding.true_decisions()) other.push_back(-l);
  formula_.clause(std::move(other));
  refused_for_.insert(errors.begin(), errors.end());
  ++disagreements_;
  return true;
}

/// Loadings that are too hot are excluded.
bool BoardSearch::learns(Encoding& encoding, const Layout& layout) {
  std::vector<Encoding::HotLoading> hot = encoding.hot_supplies(layout);
  std::erase_if(hot, [&](const Encoding::HotLoading& h) {
    return is_waived(project_, options_.today, {"P117", "rms-over-rating", "", {}, {h.supply}});
  });
  if (hot.empty()) return false;
  refused_for_.insert("P117");
  for (const Encoding::HotLoading& h : hot) encoding.forbid(h);
  ++lessons_;
  return true;
}

void BoardSearch::conclude(Answer last) {
  if (!result_.layouts.empty()) {
    const RankedLayout& best = result_.layouts.front();
    const bool levels = std::all_of(best.objective.begin(), best.objective.end(),
                                    [](const ObjectiveLevel& l) { return l.proved; });
    result_.status = levels && best.proved ? SolveStatus::optimal : SolveStatus::feasible;
  } else if (disagreements_ > 0 || (lessons_ > 0 && last != Answer::unsat)) {
    // Blocking a layout that the judge refused must not look like a proof.
    result_.assumptions.push_back(refusal());
  } else if (last == Answer::unsat) {
    result_.status = SolveStatus::infeasible;
    result_.conflict = explain_conflict(formula_);
  }
}

std::string BoardSearch::refusal() const {
  const bool air = std::all_of(refused_for_.begin(), refused_for_.end(),
                               [](const std::string& code) { return code.starts_with('T'); });
  std::string codes;
  for (const std::string& code : refused_for_) codes += (codes.empty() ? "" : ", ") + code;
  return fmt::format("{} layouts of the solver did not pass the full check ({}): {}",
                     disagreements_ + lessons_, codes,
                     air ? "the search knows no air; add fans, or pin the cards to other mounts"
                         : "please report this");
}

}  // namespace rigtopo
