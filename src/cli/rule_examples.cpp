// Reads examples of rules: see rule_examples.hpp.
#include "cli/rule_examples.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "cli/session.hpp"

namespace rigtopo {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view mark = "# expect: ";

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

/// Reads the leading comment and the line that is marked with the code.
RuleExample read_example(const fs::path& path, std::string_view code) {
  RuleExample example{path.string(), {}, {}};
  std::ifstream file(path);
  bool heading = true;
  for (std::string line; std::getline(file, line);) {
    heading = heading && line.starts_with("# ");
    if (heading && !line.starts_with("# verdict:")) {
      example.words += (example.words.empty() ? "" : " ") + trimmed(line.substr(2));
    }
    const std::size_t at = line.find(mark);
    const bool ours = at != std::string::npos && line.find(code, at) != std::string::npos;
    if (ours && example.line.empty()) example.line = trimmed(line.substr(0, at));
  }
  return example;
}

}  // namespace

std::optional<RuleExample> rule_example(std::string_view code, bool fails) {
  std::error_code error;
  std::vector<fs::path> paths;
  const fs::path folder = shipped_folder(Shipped::rule_examples) / code;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().starts_with(fails ? "bad-" : "good-")) {
      paths.push_back(entry.path());
    }
  }
  if (error || paths.empty()) return std::nullopt;
  return read_example(*std::min_element(paths.begin(), paths.end()), code);
}

}  // namespace rigtopo
