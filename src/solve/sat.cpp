// CaDiCaL as the proof engine. The model is copied out at once, since adding a clause drops it.
#include "solve/sat.hpp"

#include <cadical.hpp>

namespace rigtopo {

struct Sat::Engine : CaDiCaL::Terminator {
  explicit Engine(const Sat& owner) : sat(owner) {
    solver.set("quiet", 1);  // it would print to standard output
    solver.connect_terminator(this);
  }
  ~Engine() override { solver.disconnect_terminator(); }
  bool terminate() override { return sat.out_of_time(); }

  const Sat& sat;
  CaDiCaL::Solver solver;
};

Sat::Sat() : engine_(std::make_unique<Engine>(*this)) {}
Sat::~Sat() = default;

Lit Sat::fresh() { return ++variables_; }

void Sat::clause(std::span<const Lit> lits) {
  for (const Lit l : lits) engine_->solver.add(l);
  engine_->solver.add(0);
  ++clauses_;
}

Answer Sat::solve_within(std::span<const Lit> assumptions, int conflicts) {
  return solve(assumptions, conflicts);
}

Answer Sat::solve(std::span<const Lit> assumptions) { return solve(assumptions, std::nullopt); }

Answer Sat::solve(std::span<const Lit> assumptions, std::optional<int> conflicts) {
  Answer answer = solve_once(assumptions, conflicts);
  while (answer == Answer::sat && refine_ && refine_()) answer = solve_once(assumptions, conflicts);
  return answer;
}

Answer Sat::solve_once(std::span<const Lit> assumptions, std::optional<int> conflicts) {
  if (out_of_time()) return Answer::unknown;
  ++calls_;
  if (conflicts) engine_->solver.limit("conflicts", *conflicts);  // holds for the next call alone
  for (const Lit l : assumptions) engine_->solver.assume(l);
  const int result = engine_->solver.solve();
  if (result == 20) return Answer::unsat;
  if (result != 10) return Answer::unknown;
  model_.assign(static_cast<std::size_t>(variables_) + 1, false);
  for (int v = 1; v <= variables_; ++v) {
    model_[static_cast<std::size_t>(v)] = engine_->solver.val(v) > 0;
  }
  return Answer::sat;
}

bool Sat::value(Lit lit) const {
  const auto v = static_cast<std::size_t>(lit < 0 ? -lit : lit);
  const bool positive = v < model_.size() && model_[v];
  return lit < 0 ? !positive : positive;
}

bool Sat::failed(Lit assumption) const { return engine_->solver.failed(assumption); }

void Sat::limit(std::optional<std::chrono::steady_clock::time_point> deadline,
                const volatile bool* interrupted) {
  deadline_ = deadline;
  interrupted_ = interrupted;
}

bool Sat::out_of_time() const {
  if (interrupted_ != nullptr && *interrupted_) return true;
  return deadline_ && std::chrono::steady_clock::now() >= *deadline_;
}

}  // namespace rigtopo
