// Composition: what several commands do with the layers below, in one place: load a project, choose
// a layout (from a file, from pins, by solving), judge it, gather what a picture or a report needs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source_map.hpp"
#include "check/check.hpp"
#include "cli/io.hpp"
#include "render/render.hpp"
#include "solve/repairs.hpp"
#include "solve/solve.hpp"
#include "spec/spec.hpp"

namespace rigtopo {

/// What comes with the program: the catalogue, and specs that must and must not raise a rule.
enum class Shipped { catalog, rule_examples };
/// Its folder: beside an installed program, else in the source tree it was built from, else where
/// it was going to be installed. It may not exist.
std::filesystem::path shipped_folder(Shipped what);

/// State of one run: texts read, problems found, folders to look in.
class Session {
 public:
  std::vector<std::filesystem::path> extra_catalogs;  // --catalog, in order
  std::string today;                                  // --today or SOURCE_DATE_EPOCH; may be empty
  std::string format = "text";
  bool json() const { return format == "json"; }

  std::shared_ptr<ReadAhead> ahead = std::make_shared<ReadAhead>();
  SourceMap sources;
  Diagnostics problems;  // of text, parts, command line; findings of rules are in CheckResult

  /// Shipped catalogue first (found beside the program, else the compiled-in places), then extra
  /// ones.
  LoadOptions load_options() const;
  Catalog catalog();

  /// nullopt when the spec, a part, a pin or a bridge is bad; all problems are in `problems`.
  /// `layout_path`, not empty, is a file that will be asked for next.
  std::optional<Project> load(const std::string& spec_path, const std::string& layout_path = {});

  CheckResult judge(const Rig& rig) const { return check(rig, {.today = today}); }

  /// `wanted` with the judge, interruption and the day in place; progress to `io.err` when that is
  /// a terminal. Holds references to all three.
  SolveOptions prepared(const Project& project, SolveOptions wanted, const Io& io) const;
  SolveResult solve(const Project& project, SolveOptions wanted, const Io& io) const;
  /// Repairs of what solve() proved infeasible.
  std::vector<Repair> repairs(const Project& project, const SolveResult& result,
                              const SolveOptions& wanted, const Io& io) const;

  /// Title, verdict line and findings for a picture.
  PictureContext picture_context(const Project& project, const CheckResult& result) const;
};

/// "pass", "warn: 2 warnings", "fail: 1 error, 2 warnings".
std::string verdict_line(const CheckResult& result);

/// Codes of its warnings, sorted, each once.
std::vector<std::string> warning_codes(const CheckResult& result);

/// Prints problems to `io.err` as text, or (format json) as a document to `io.out`, and returns
/// `status`. The way every command ends when its input was bad.
int end_with_problems(Session& session, Io& io, int status);

}  // namespace rigtopo
