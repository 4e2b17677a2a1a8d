// The plain model as text. Every format starts with comments that say what the levels are, how a
// cost is turned into its value, and what the model leaves out:
//
//   level 1: links: link of the slowest GPU [GB/s] = 31.5 - 0.1 * cost
//
// Variable n of the model is x<n> (opb, smtlib) or n (wcnf, aspif). Levels are minimised in order:
//
//   opb     pseudo-Boolean competition: `min:` is level 1; `* then min: ... ;` are the others, each
//           to be minimised after what comes before it was pinned
//   wcnf    MaxSAT evaluation (hard clauses are `h ...`): the clauses that solve() searches, soft
//           clauses for level 1; `c then WEIGHT LIT 0` with the number of its level for the others
//   smtlib  SMT-LIB 2 for z3: `assert-soft` with `:id level1`, `level2` ... and lexicographic order
//   aspif   gringo's intermediate format for clingo and clasp: `#minimize` with falling priorities
//
// What is left out: the lessons that solve() learns from layouts that physics or the full check
// refuses (peaks that heat a supply, air), the choice among equals, and the other boards of the
// spec. A layout of the model may therefore be refused, and its optimum be better than solve()'s.
#pragma once

#include <array>
#include <ostream>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "solve/plain_model.hpp"

namespace rigtopo {

struct ModelFormat {
  std::string_view name;
  bool encoded;  // of the plain model
  void (*write)(const PlainModel& model, std::ostream& out);
};

/// All formats, by name.
std::span<const ModelFormat> model_formats();

}  // namespace rigtopo
