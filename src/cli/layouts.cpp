// Reading, pinning or solving for a layout; printing why there is none.
#include "cli/layouts.hpp"

#include "cli/documents.hpp"
#include "cli/solve_request.hpp"
#include "cli/summary.hpp"

namespace rigtopo {

std::optional<Layout> given_layout(Invocation& call, Project& project) {
  Session& session = call.session;
  if (!call.has("layout")) return pinned_layout(project, session.problems);
  std::optional<Layout> layout =
      read_layout(call.text("layout"), session.sources, session.problems, session.ahead.get());
  if (layout) match_layout(*layout, project, session.sources, session.problems);
  return layout;
}

std::optional<Layout> given_or_solved_layout(Invocation& call, Project& project, int& status) {
  Session& session = call.session;
  if (call.has("layout")) {
    std::optional<Layout> layout = given_layout(call, project);
    if (layout && session.problems.errors() == 0) return layout;
    status = end_with_problems(session, call.io, exit_bad_input);
    return std::nullopt;
  }
  if (!beyond_search(project).empty()) {  // what the pins fix is all there is
    Layout layout = pinned_layout(project, session.problems);
    if (session.problems.errors() == 0) return layout;
    status = end_with_problems(session, call.io, exit_bad_input);
    return std::nullopt;
  }
  SolveOptions wanted;
  wanted.time_limit_s = time_limit(call);
  if (session.problems.errors() != 0) {
    status = end_with_problems(session, call.io, exit_bad_input);
    return std::nullopt;
  }
  SolveResult result = session.solve(project, wanted, call.io);
  if (!result.layouts.empty()) return std::move(result.layouts.front());
  call.io.err << objective_summary(project, result, session.sources,
                                   {.colour = call.io.colour_err});
  status = result.status == SolveStatus::infeasible ? exit_findings : exit_gave_up;
  return std::nullopt;
}

}  // namespace rigtopo
