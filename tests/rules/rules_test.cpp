// Every fixture tests/rules/<code>/*.yaml is judged; what is said about which line must be exactly
// what its comments `# expect: P103 W105` say. `bad-` files expect their own code, `good-` files
// must not. A first line `# verdict: warn` holds the verdict too. A first line `# layout of:
// x.yaml` makes it a layout file, judged against that spec of tests/rules/specs.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "rules/judged.hpp"
#include "support/catch.hpp"

namespace {

namespace fs = std::filesystem;
using namespace rigtopo;
using rigtopo::test::Judged;
using rigtopo::test::rules_folder;

/// Code and line, as often as they are expected or said.
using Marks = std::multiset<std::pair<std::size_t, std::string>>;

struct Fixture {
  fs::path path;
  std::string code;  // of the folder
  bool bad = false;
  Marks expected;
  std::string verdict;
  std::string spec;  // of a layout file

  Judged judged() const {
    if (spec.empty()) return Judged(path);
    return Judged(rules_folder() / "specs" / spec, path);
  }
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

Fixture read_fixture(const fs::path& path) {
  Fixture f{path,
            path.parent_path().filename().string(),
            path.filename().string().starts_with("bad-"),
            {},
            {},
            {}};
  const auto lines = lines_of(path);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("# layout of: ")) f.spec = lines[i].substr(13);
    if (lines[i].starts_with("# verdict: ")) f.verdict = lines[i].substr(11);
    const std::string mark = "# expect: ";
    const std::size_t at = lines[i].find(mark);
    if (at == std::string::npos) continue;
    std::istringstream words(lines[i].substr(at + mark.size()));
    for (std::string code; words >> code;) f.expected.emplace(i + 1, code);
  }
  return f;
}

std::vector<Fixture> fixtures() {
  std::vector<fs::path> paths;
  for (const auto& folder : fs::directory_iterator(rules_folder())) {
    const std::string name = folder.path().filename().string();
    if (!folder.is_directory() || name == "catalog" || name == "specs") continue;
    for (const auto& file : fs::directory_iterator(folder)) paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Fixture> list;
  for (const fs::path& path : paths) list.push_back(read_fixture(path));
  return list;
}

std::string text_of(const Marks& marks) {
  std::string text;
  for (const auto& [line, code] : marks) {
    text += (text.empty() ? "" : ", ") + code + " in line " + std::to_string(line);
  }
  return text.empty() ? "nothing" : text;
}

Marks said(const Judged& judged) {
  Marks marks;
  for (const Diagnostic& d : judged.said().all()) {
    const bool here = judged.loaded() && d.at.file == judged.file_id();
    marks.emplace(here || !judged.loaded() ? d.at.line : 0, d.code);
  }
  return marks;
}

TEST_CASE("rules: every fixture says what it expects, where it expects it", "[rules]") {
  for (const Fixture& f : fixtures()) {
    DYNAMIC_SECTION(f.code << " " << f.path.filename().string()) {
      const Judged judged = f.judged();
      INFO(judged.messages());
      REQUIRE(judged.loaded());
      CHECK(text_of(said(judged)) == text_of(f.expected));
      if (!f.verdict.empty()) CHECK(to_string(judged.result().verdict) == f.verdict);
    }
  }
}

TEST_CASE("rules: bad fixtures expect their rule, good ones do not", "[rules]") {
  for (const Fixture& f : fixtures()) {
    INFO(f.path.string());
    const bool expects_own = std::any_of(f.expected.begin(), f.expected.end(),
                                         [&](const auto& mark) { return mark.second == f.code; });
    CHECK(f.path.extension() == ".yaml");
    CHECK((f.bad || f.path.filename().string().starts_with("good-")));
    CHECK(expects_own == f.bad);
  }
}

TEST_CASE("rules: each has a bad and a good fixture", "[rules]") {
  std::map<std::string, int> bad;
  std::map<std::string, int> good;
  for (const Fixture& f : fixtures()) ++(f.bad ? bad : good)[f.code];
  for (const Rule* rule : all_rules()) {
    INFO(rule->code.code);
    CHECK(bad[std::string(rule->code.code)] >= 1);
    CHECK(good[std::string(rule->code.code)] >= 1);
    bad.erase(std::string(rule->code.code));
    good.erase(std::string(rule->code.code));
  }
  CHECK(bad.empty());  // no folder without a rule
  CHECK(good.empty());
}

TEST_CASE("rules: numbers, help and confidence of findings", "[rules]") {
  for (const Fixture& f : fixtures()) {
    if (!f.bad) continue;
    const Judged judged = f.judged();
    for (const Diagnostic& d : judged.result().diagnostics.all()) {
      INFO(f.path.string() << "\n" << d.code << " " << d.message);
      CHECK_FALSE(d.message.empty());
      CHECK_FALSE(d.message.ends_with("."));
      CHECK((d.message.front() == '`' ||
             std::islower(static_cast<unsigned char>(d.message.front())) ||
             std::isdigit(static_cast<unsigned char>(d.message.front()))));
      CHECK_FALSE(d.subject.empty());
      CHECK(d.actual.has_value() == d.limit.has_value());
      CHECK(d.actual.has_value() == !d.unit.empty());
      for (const Label& label : d.labels) CHECK(label.at.known());
    }
  }
}

TEST_CASE("rules: a waived finding stays and the verdict is at best warn", "[rules][allow]") {
  for (const Fixture& f : fixtures()) {
    if (!f.bad || !f.spec.empty()) continue;  // a layout has no `allow:`
    std::ifstream file(f.path);
    std::string spec((std::istreambuf_iterator<char>(file)), {});
    spec += "allow:\n";
    std::set<std::string> codes;
    for (const auto& mark : f.expected) codes.insert(mark.second);
    for (const std::string& code : codes) {
      if (find_rule(code) != nullptr) spec += "  - {code: " + code + ", reason: known here}\n";
    }
    const Judged judged = Judged::text(spec);
    INFO(f.path.string() << "\n" << judged.messages());
    REQUIRE(judged.loaded());
    const Diagnostic* own = judged.finding(f.code);
    REQUIRE(own != nullptr);
    CHECK(own->allowed_by == "known here");
    CHECK(judged.result().diagnostics.errors() == 0);
    CHECK(judged.result().verdict != Verdict::pass);
    CHECK(judged.result().verdict != Verdict::fail);
  }
}

}  // namespace
