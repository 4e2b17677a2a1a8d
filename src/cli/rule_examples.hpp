// The shipped specs that must and must not raise a rule, as `explain` shows them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rigtopo {

struct RuleExample {
  std::string file;   // as it can be given to `rigtopo check`
  std::string words;  // what it is about: its first comment
  std::string line;   // the line to blame; empty for an example that passes
};
/// The first example (by name) of a rule that fails or passes; nullopt when none came with the
/// program.
std::optional<RuleExample> rule_example(std::string_view code, bool fails);

}  // namespace rigtopo
