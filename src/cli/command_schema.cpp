// `rigtopo schema`: JSON Schema of a spec, a layout or a kind of part, from the field tables.
#include <fmt/format.h>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "yaml/schema.hpp"

namespace rigtopo {

int schema_command(Invocation& call) {
  const std::string& what = call.words.front();
  if (what == "spec") {
    call.io.out << schema_document("rigtopo spec", struct_schema<Spec>());
    return exit_good;
  }
  if (what == "layout") {
    call.io.out << schema_document("rigtopo layout", struct_schema<Layout>());
    return exit_good;
  }
  if (const Kind* kind = find_kind(what)) {
    call.io.out << schema_document(fmt::format("rigtopo part: {}", kind->id), kind->schema());
    return exit_good;
  }
  std::vector<std::string> names{"spec", "layout"};
  for (const Kind& k : kinds()) names.emplace_back(k.id);
  const auto near = did_you_mean(what, names);
  call.session.problems.report(
      codes::bad_command_line, {}, fmt::format("there is no schema of `{}`", what),
      near ? fmt::format("did you mean `{}`?", *near) : "there are " + listed(names));
  return end_with_problems(call.session, call.io, exit_bad_input);
}

}  // namespace rigtopo
