// The plain model: solved anew it reaches what solve() reaches, with sums as they are and as
// clauses; and its text in each format.
#include <fmt/format.h>
#include <sstream>

#include "property/tiny_rig.hpp"
#include "solve/model_text.hpp"
#include "solve/solve.hpp"
#include "support/catch.hpp"

using namespace rigtopo;
using namespace rigtopo::test;

namespace {

/// Values of all levels at the optimum; nullopt when the model has no solution.
std::optional<std::vector<double>> optimum(const PlainModel& model) {
  Sat sat;
  Formula formula(sat);
  formula.fresh(static_cast<std::size_t>(model.variables));
  for (const auto& clause : model.clauses) formula.clause(clause);
  for (const Sum& sum : model.sums) {
    std::vector<Term> terms;
    for (const Weighted& w : sum.terms) terms.push_back({w.weight, {w.lit}});
    formula.weighted_at_most(std::move(terms), sum.bound);
  }
  Lexicographic optimiser(formula);
  if (optimiser.start() != Answer::sat) return std::nullopt;
  std::vector<double> values;
  for (const CostLevel& level : model.levels) {
    std::vector<Soft> softs;
    for (const Weighted& w : level.costs) softs.push_back({w.lit, w.weight});
    values.push_back(level.offset +
                     level.step * static_cast<double>(optimiser.minimise(softs).cost));
  }
  return values;
}

std::string text_of(std::string_view format, const PlainModel& model) {
  for (const ModelFormat& f : model_formats()) {
    if (f.name != format) continue;
    std::ostringstream out;
    f.write(model, out);
    return out.str();
  }
  return "";
}

PlainModel small_model() {
  PlainModel model;
  model.board = "a board";
  model.variables = 3;
  model.clauses = {{1, -2}, {}};
  model.sums = {{{{2, 1}, {3, -3}}, 4}};
  model.levels = {{"price: parts to buy", "EUR", 0, 0.01, {{250, 1}, {100, -2}}},
                  {"links: all", "GB/s", 63, -0.1, {{5, 3}}}};
  return model;
}

std::string comments(const std::string& mark) {
  return mark + " 0-1 model of a board, by rigtopo\n" + mark +
         " level 1: price: parts to buy [EUR] = 0 + 0.01 * cost\n" + mark +
         " level 2: links: all [GB/s] = 63 - 0.1 * cost\n" + mark +
         " left out: lessons learned during the search, the choice among equals\n";
}

}  // namespace

TEST_CASE("the plain model has the optimum of the search") {
  int solved = 0;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    RigBuilder builder = tiny_rig(random);
    const Project project = builder.project();
    SolveOptions options;
    options.judge = [&](const Layout& layout) { return error_codes(project, layout); };
    const SolveResult result = solve(project, options);
    INFO("seed " << seed);
    if (result.status == SolveStatus::unknown) continue;
    for (const bool encoded : {false, true}) {
      const auto values = optimum(plain_model(project, project.board(), "", encoded));
      REQUIRE(values.has_value() == (result.status == SolveStatus::optimal));
      if (!values) continue;
      REQUIRE(values->size() == result.objective.size());
      for (std::size_t i = 0; i < values->size(); ++i) {
        CHECK(values->at(i) == Approx(result.objective[i].value).margin(1e-6));
      }
      ++solved;
    }
  }
  CHECK(solved >= 20);
}

TEST_CASE("a sum under conditions is a sum that holds always") {
  PlainModel model;
  model.at_most({{3, {1, 2}}, {2, {-4}}}, 5, {3});  // 3 of 8 too many when x3
  REQUIRE(model.sums.size() == 1);
  CHECK(model.sums[0].bound == 8);
  CHECK(model.sums[0].terms == std::vector<Weighted>{{3, 1}, {3, 2}, {3, 3}, {2, -4}});
  model.at_most({{1, {1, 2}}}, 2, {});  // never too many
  CHECK(model.sums.size() == 1);
  model.at_most({{1, {1, -1, 2}}}, 1, {});  // one of x1 and its negation is true anyway
  CHECK(model.sums.back().bound == 0);
  CHECK(model.sums.back().terms == std::vector<Weighted>{{1, 2}});
}

TEST_CASE("the text of a model") {
  const PlainModel model = small_model();
  CHECK(text_of("opb", model) == "* #variable= 3 #constraint= 3\n" + comments("*") +
                                     "min: +250 x1 +100 ~x2 ;\n"
                                     "* then min: +5 x3 ;\n"
                                     "+1 x1 +1 ~x2 >= 1 ;\n"
                                     "+0 x1 >= 1 ;\n"
                                     "-2 x1 -3 ~x3 >= -4 ;\n");
  CHECK(text_of("smtlib", model) == comments(";") +
                                        "(set-option :opt.priority lex)\n"
                                        "(declare-fun x1 () Bool)\n"
                                        "(declare-fun x2 () Bool)\n"
                                        "(declare-fun x3 () Bool)\n"
                                        "(assert (or false x1 (not x2)))\n"
                                        "(assert (or false))\n"
                                        "(assert ((_ pble 4 2 3) x1 (not x3)))\n"
                                        "(assert-soft (not x1) :weight 250 :id level1)\n"
                                        "(assert-soft x2 :weight 100 :id level1)\n"
                                        "(assert-soft (not x3) :weight 5 :id level2)\n"
                                        "(check-sat)\n(get-objectives)\n");
  CHECK(text_of("aspif", model) == "asp 1 0 0\n" + comments("10") +
                                       "1 1 3 1 2 3 0 0\n"
                                       "1 0 0 0 2 -1 2\n"
                                       "1 0 0 0 0\n"
                                       "1 0 0 1 5 2 1 2 -3 3\n"
                                       "2 2 2 1 250 -2 100\n"
                                       "2 1 1 3 5\n"
                                       "0\n");
  PlainModel clauses = model;
  clauses.sums.clear();
  CHECK(text_of("wcnf", clauses) == comments("c") +
                                        "250 -1 0\n"
                                        "100 2 0\n"
                                        "c then 2 5 -3 0\n"
                                        "h 1 -2 0\n"
                                        "h 0\n");
}
