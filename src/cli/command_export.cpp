// `rigtopo export`: the 0-1 model that solve() searches, as text for other solvers.
#include <fmt/format.h>
#include <sstream>

#include "base/codes.hpp"
#include "cli/commands.hpp"
#include "cli/output_folder.hpp"
#include "solve/model_text.hpp"

namespace rigtopo {
namespace {

const ModelFormat* format_named(std::string_view name, Diagnostics& problems) {
  std::vector<std::string> names;
  for (const ModelFormat& f : model_formats()) {
    if (f.name == name) return &f;
    names.emplace_back(f.name);
  }
  const auto near = did_you_mean(name, names);
  problems.report(codes::bad_command_line, {}, fmt::format("there is no model format `{}`", name),
                  near ? fmt::format("did you mean `{}`?", *near) : "there are " + listed(names));
  return nullptr;
}

/// The board of --board, or the only one of the spec.
const Board* board_wanted(Invocation& call, const Project& project) {
  const std::string wanted = call.text("board");
  std::vector<std::string> ids;
  for (std::size_t b = 0; b < project.boards.size(); ++b) {
    const Board& board = project.board(b);
    if (board.id == wanted || (wanted.empty() && project.boards.size() == 1)) return &board;
    ids.push_back(board.id);
  }
  call.session.problems.report(codes::bad_command_line, {},
                               wanted.empty()
                                   ? "the spec has several boards, and each has a model of its own"
                                   : fmt::format("the spec has no board `{}`", wanted),
                               "name one with --board: " + listed(ids));
  return nullptr;
}

/// Is there a model at all?
bool can_be_searched(const Project& project, Diagnostics& problems) {
  const std::string why = beyond_search(project);
  if (why.empty()) return true;
  problems.report(codes::bad_command_line, {}, "this spec has no 0-1 model", why);
  return false;
}

}  // namespace

int export_command(Invocation& call) {
  Session& session = call.session;
  const ModelFormat* format = format_named(call.words.front(), session.problems);
  std::optional<Project> project;
  if (format != nullptr) project = session.load(call.words.back());
  const Board* board = project ? board_wanted(call, *project) : nullptr;
  if (board == nullptr || !can_be_searched(*project, session.problems)) {
    return end_with_problems(session, call.io, exit_bad_input);
  }
  const PlainModel model = plain_model(*project, *board, session.today, format->encoded);
  if (!call.has("output") || call.text("output") == "-") {
    format->write(model, call.io.out);
    return exit_good;
  }
  std::ostringstream text;
  format->write(model, text);
  if (write_file(call.text("output"), text.str(), session.problems)) return exit_good;
  return end_with_problems(session, call.io, exit_unwritten);
}

}  // namespace rigtopo
