// The proof engine behind six calls. CaDiCaL is known to sat.cpp alone.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace rigtopo {

/// A variable or its negation: n or -n, never 0.
using Lit = int;

enum class Answer { sat, unsat, unknown };

class Sat {
 public:
  Sat();
  ~Sat();
  Sat(const Sat&) = delete;
  Sat& operator=(const Sat&) = delete;

  Lit fresh();
  /// All of `lits` in one clause. The empty clause makes everything unsatisfiable.
  void clause(std::span<const Lit> lits);
  /// Solves under `assumptions`. `unknown` when the limit is reached or the flag is set.
  Answer solve(std::span<const Lit> assumptions);
  /// The same, giving up (`unknown`) after so many conflicts.
  Answer solve_within(std::span<const Lit> assumptions, int conflicts);
  /// Asked after every model: adds clauses that it breaks and returns true, and the search goes on;
  /// false accepts it.
  void refine_with(std::function<bool()> refine) { refine_ = std::move(refine); }
  /// Value in the last model; false for variables made since.
  bool value(Lit lit) const;
  /// The last model, and making an earlier one the last again.
  const std::vector<bool>& model() const { return model_; }
  void restore(std::vector<bool> model) { model_ = std::move(model); }
  /// After unsat: whether the proof used this assumption.
  bool failed(Lit assumption) const;

  /// No call runs past `deadline` or after `*interrupted` became true.
  void limit(std::optional<std::chrono::steady_clock::time_point> deadline,
             const volatile bool* interrupted);
  bool out_of_time() const;

  int variables() const { return variables_; }
  int clauses() const { return clauses_; }
  int calls() const { return calls_; }

 private:
  struct Engine;
  Answer solve(std::span<const Lit> assumptions, std::optional<int> conflicts);
  Answer solve_once(std::span<const Lit> assumptions, std::optional<int> conflicts);

  std::unique_ptr<Engine> engine_;
  std::vector<bool> model_;
  std::function<bool()> refine_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  const volatile bool* interrupted_ = nullptr;
  int variables_ = 0;
  int clauses_ = 0;
  int calls_ = 0;
};

}  // namespace rigtopo
