// Why there is no layout: a smallest set of clashing demands, each in the builder's words with the
// rule it stands for and the place in the spec. Safety limits appear; nothing here offers to relax
// one.
#include "solve/explain.hpp"

#include <algorithm>
#include <numeric>

#include "solve/solve.hpp"

namespace rigtopo {

namespace {

using Demands = std::vector<DemandId>;  // sorted where it says so

/// Asks the formula about sets of demands.
class Questions {
 public:
  explicit Questions(Formula& formula) : formula_(formula), sat_(formula.sat()) {}

  Answer solve(const Demands& ids) {
    std::vector<Lit> lits;
    for (const DemandId id : ids) lits.push_back(formula_.selector(id));
    ++asked_;
    return sat_.solve(lits);
  }
  /// After unsat: those of `ids` that the proof used.
  Demands failed(const Demands& ids) const {
    Demands used;
    for (const DemandId id : ids) {
      if (sat_.failed(formula_.selector(id))) used.push_back(id);
    }
    return used;
  }
  /// After sat: is the demand met by that layout?
  bool met(DemandId id) const { return sat_.value(formula_.selector(id)); }
  Demands all() const {
    Demands ids(formula_.demands().size());
    std::iota(ids.begin(), ids.end(), 0);
    return ids;
  }
  int asked() const { return asked_; }

 private:
  Formula& formula_;
  Sat& sat_;
  int asked_ = 0;
};

/// Leaves members out one by one. Empty when all demands together do not clash.
Demands reduced(Questions& questions) {
  const Demands all = questions.all();
  if (questions.solve(all) != Answer::unsat) return {};
  Demands core = questions.failed(all);
  for (std::size_t i = 0; i < core.size();) {
    Demands without = core;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    const Answer answer = questions.solve(without);
    if (answer == Answer::unknown) break;
    // What was kept so far stays in front, so that no member is tried twice.
    if (answer == Answer::unsat) {
      core = questions.failed(without);
    } else {
      ++i;
    }
  }
  return core;
}

bool meet(const Demands& a, const Demands& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](DemandId id) { return std::find(b.begin(), b.end(), id) != b.end(); });
}

/// Adds to `chosen` up to `room` demands so that it meets every set.
bool hit_all(const std::vector<Demands>& sets, Demands& chosen, std::size_t room) {
  const auto missed = std::find_if(sets.begin(), sets.end(),
                                   [&](const Demands& set) { return !meet(set, chosen); });
  if (missed == sets.end()) return true;
  if (room == 0) return false;
  for (const DemandId id : *missed) {
    chosen.push_back(id);
    if (hit_all(sets, chosen, room - 1)) return true;
    chosen.pop_back();
  }
  return false;
}

/// Demands that a layout which meets `kept` must give up: those that it does not meet and that
/// can't be added one after the other.
Demands given_up(Questions& questions, Demands kept) {
  Demands open;
  for (const DemandId id : questions.all()) {
    const bool asked = std::find(kept.begin(), kept.end(), id) != kept.end();
    if (!asked) (questions.met(id) ? kept : open).push_back(id);
  }
  Demands left;
  for (const DemandId id : open) {
    kept.push_back(id);
    if (questions.solve(kept) == Answer::sat) continue;
    kept.pop_back();
    left.push_back(id);
  }
  return left;
}

// A search for a smaller conflict ends after so many questions: a count, not a time, so that the
// answer does not depend on the machine.
constexpr int most_questions = 400;
// Hitting sets grow fast with the size; conflicts that large are not read as one anyway.
constexpr std::size_t large = 6;

}  // namespace

std::vector<DemandId> minimal_conflict(Formula& formula) {
  Questions questions(formula);
  return reduced(questions);
}

// Whatever clashes holds a member of everything that some layout had to give up. The smallest set
// that does so is the conflict, or there is a layout for it, and one more set (Ignatiev et al.,
// "Smallest MUS extraction with minimal hitting set dualization", 2015).
std::vector<DemandId> smallest_conflict(Formula& formula) {
  Questions questions(formula);
  const Demands core = reduced(questions);
  std::vector<Demands> sets;
  for (std::size_t size = 1; size < core.size() && size <= large;) {
    Demands chosen;
    if (!hit_all(sets, chosen, size)) {
      ++size;
      continue;
    }
    const Answer answer = questions.solve(chosen);
    if (answer == Answer::unsat) return questions.failed(chosen);
    if (answer == Answer::unknown || questions.asked() > most_questions) break;
    sets.push_back(given_up(questions, chosen));
  }
  return core;
}

std::vector<Diagnostic> explain_conflict(Formula& formula) {
  std::vector<Diagnostic> conflict;
  const std::vector<DemandId> core = smallest_conflict(formula);
  for (const DemandId id : core) {
    const Demand& demand = formula.demands().at(static_cast<std::size_t>(id));
    Diagnostic d;
    d.code = demand.code;
    d.name = demand.name;
    d.severity = Severity::error;
    d.message = demand.words;
    d.at = demand.at;
    d.subject = demand.subject;
    conflict.push_back(std::move(d));
  }
  if (core.empty()) {
    Diagnostic d;
    const Code& code = demand_codes().front();
    d.code = code.code;
    d.name = code.name;
    d.severity = Severity::error;
    d.message = "these parts cannot be combined, whatever is demanded of them";
    conflict.push_back(std::move(d));
  }
  return conflict;
}

}  // namespace rigtopo
