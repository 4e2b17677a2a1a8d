// Runs every cases/*.test: one file with its inputs, a command line, exit status and expected
// words.
//   --- NAME        the lines up to the next mark are written to a file of that name
//   $ rigtopo ...   runs in the folder of those files (words split at blanks, no quoting;
//                   {source} stands for the source tree)
//   ? N             expected exit status of the command before
//   > TEXT          a line of standard output contains TEXT
//   ! TEXT          a line of standard error contains TEXT
//   !> TEXT         no line of standard output contains TEXT
//   + NAME / - NAME the file exists / does not exist afterwards
// Lines that start with '#' before the first mark are comments.
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <vector>

#include "rigtopo/rigtopo.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace fs = std::filesystem;
using rigtopo::test::TempDir;

namespace {

/// The program works on paths relative to the current folder; tests run one at a time.
class InFolder {
 public:
  explicit InFolder(const fs::path& folder) : before_(fs::current_path()) {
    fs::current_path(folder);
  }
  InFolder(const InFolder&) = delete;
  InFolder& operator=(const InFolder&) = delete;
  ~InFolder() { fs::current_path(before_); }

 private:
  fs::path before_;
};

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

bool has_line_with(const std::string& text, const std::string& part) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

Outcome run_line(const std::string& line) {
  std::istringstream words(line);
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) {
    const std::string mark = "{source}";
    if (word.starts_with(mark)) word.replace(0, mark.size(), RIGTOPO_SOURCE_DIR);
    arguments.push_back(word);
  }
  REQUIRE(!arguments.empty());
  REQUIRE(arguments.front() == "rigtopo");
  arguments.erase(arguments.begin());
  Outcome outcome;
  outcome.status = rigtopo::run(arguments, outcome.out, outcome.err);
  return outcome;
}

void expect(const std::string& line, const Outcome& outcome) {
  CAPTURE(line, outcome.out, outcome.err);
  const auto after = [&](std::size_t n) {
    return line.size() > n ? line.substr(n) : std::string();
  };
  if (line.starts_with("? ")) {
    CHECK(outcome.status == std::stoi(after(2)));
  } else if (line.starts_with("> ")) {
    CHECK(has_line_with(outcome.out, after(2)));
  } else if (line.starts_with("!> ")) {
    CHECK_FALSE(has_line_with(outcome.out, after(3)));
  } else if (line.starts_with("! ")) {
    CHECK(has_line_with(outcome.err, after(2)));
  } else if (line.starts_with("+ ")) {
    CHECK(fs::exists(after(2)));
  } else if (line.starts_with("- ")) {
    CHECK_FALSE(fs::exists(after(2)));
  } else if (!line.empty() && !line.starts_with('#')) {
    FAIL("no such mark");
  }
}

void run_case(const fs::path& path) {
  TempDir folder;
  const InFolder inside(folder.path());
  std::istringstream lines(rigtopo::test::read_text(path));
  std::string file;
  std::string content;
  Outcome outcome;
  const auto finish_file = [&] {
    if (!file.empty()) rigtopo::test::write_text(folder.path() / file, content);
    file.clear();
    content.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("--- ")) {
      finish_file();
      file = line.substr(4);
    } else if (line.starts_with("$ ")) {
      finish_file();
      outcome = run_line(line.substr(2));
    } else if (!file.empty()) {
      content += line + "\n";
    } else {
      expect(line, outcome);
    }
  }
}

}  // namespace

TEST_CASE("cli: every case file holds", "[cli]") {
  std::vector<fs::path> cases;
  for (const auto& entry :
       fs::directory_iterator(fs::path(RIGTOPO_SOURCE_DIR) / "tests/cli/cases")) {
    if (entry.path().extension() == ".test") cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  REQUIRE(cases.size() >= 10);
  for (const fs::path& path : cases) {
    DYNAMIC_SECTION(path.stem().string()) { run_case(path); }
  }
}
