// What a diagnostic looks like, as text and as JSON.
#include "base/report.hpp"

#include <algorithm>

#include "base/codes.hpp"
#include "base/report_json.hpp"
#include "support/catch.hpp"

using namespace rigtopo;

namespace {

struct Fixture {
  SourceMap sources;
  Diagnostics out;
  FileId file;
  Fixture() : file(sources.add("rig.yaml", "name: é\nfeeds: [gpu0, gpu1]\n")) {}
};

}  // namespace

TEST_CASE("report: place, line, caret, label, help", "[report]") {
  Fixture f;
  Diagnostic& d =
      f.out.report(codes::unknown_id, {f.file, 2, 9, 4}, "`gpu0` is not there", "add it");
  d.labels.push_back({{f.file, 1, 7, 1}, "named here"});
  CHECK(report_text(f.out, f.sources) ==
        "rig.yaml:2:9: error[S034]: `gpu0` is not there\n"
        "    2 | feeds: [gpu0, gpu1]\n"
        "      |         ^^^^\n"
        "  rig.yaml:1:7: note: named here\n"
        "  help: add it\n");
}

TEST_CASE("report: the caret stands under characters, not bytes", "[report]") {
  Fixture f;
  // `é` is two bytes at byte column 6 (from 0): the 7th character.
  f.out.report(codes::bad_value, f.sources.locate(f.file, 0, 6, 2), "bad");
  CHECK(report_text(f.out, f.sources) ==
        "rig.yaml:1:7: error[S022]: bad\n    1 | name: é\n      |       ^\n");
}

TEST_CASE("report: tabs are kept under the line", "[report]") {
  SourceMap sources;
  Diagnostics out;
  const FileId file = sources.add("rig.yaml", "a:\t[x, y]\n");
  out.report(codes::bad_value, {file, 1, 5, 1}, "bad");
  CHECK(report_text(out, sources) ==
        "rig.yaml:1:5: error[S022]: bad\n    1 | a:\t[x, y]\n      |   \t ^\n");
}

TEST_CASE("report: the caret run ends with the line", "[report]") {
  Fixture f;  // line 2 has 19 characters: 11 from column 9 on
  f.out.report(codes::bad_value, {f.file, 2, 9, 1000}, "bad");
  CHECK(report_text(f.out, f.sources) ==
        "rig.yaml:2:9: error[S022]: bad\n    2 | feeds: [gpu0, gpu1]\n      |         " +
            std::string(11, '^') + "\n");
}

TEST_CASE("report: of a very long line only the surroundings are shown", "[report]") {
  SourceMap sources;
  Diagnostics out;
  const std::string line =
      "[" + std::string(100'000, 'a') + ", wrong, " + std::string(100'000, 'b') + "]";
  const FileId file = sources.add("rig.yaml", line);
  out.report(codes::bad_value, {file, 1, 100'004, 5}, "bad");
  const std::string text = report_text(out, sources);
  CHECK(text.size() < 500);
  // The caret stands under `wrong`, both counted in characters (the ellipsis is one).
  const std::size_t shown = text.find("    1 | ");
  const std::size_t carets = text.find("      | ", shown);
  REQUIRE(shown != std::string::npos);
  REQUIRE(carets != std::string::npos);
  const std::size_t ellipsis_bytes = std::string("…").size() - 1;
  CHECK(text.find("wrong") - shown - ellipsis_bytes == text.find("^^^^^") - carets);
}

TEST_CASE("report: nothing of a file acts on the terminal", "[report]") {
  SourceMap sources;
  Diagnostics out;
  const FileId file = sources.add("rig\x1b]0;x.yaml", "a: \x1b[2J x\n");
  out.report(codes::bad_value, {file, 1, 9, 1}, "`\x1b[31m` is\nbad", "\x9b");
  const std::string text = report_text(out, sources);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x9b') == std::string::npos);
  CHECK(text.find("is bad\n") != std::string::npos);
}

TEST_CASE("report: an empty line has no snippet", "[report]") {
  SourceMap sources;
  Diagnostics out;
  const FileId file = sources.add("rig.yaml", "\n\n");
  out.report(codes::missing_key, {file, 1, 1, 1}, "`board` is missing");
  CHECK(report_text(out, sources) == "rig.yaml:1:1: error[S021]: `board` is missing\n");
}

TEST_CASE("report: weak evidence is said, strong is not", "[report]") {
  Fixture f;
  f.out.report(codes::bad_value, {}, "weak").confidence = Confidence::unverified;
  f.out.report(codes::bad_value, {}, "strong").confidence = Confidence::secondary;
  CHECK(report_text(f.out, f.sources) ==
        "error[S022]: weak\n  note: rests on figures nobody has verified\nerror[S022]: strong\n");
}

TEST_CASE("report: colour only when asked for, and always ended", "[report]") {
  Fixture f;
  f.out.report(codes::bad_value, {f.file, 2, 9, 4}, "bad", "help");
  f.out.report(codes::stale_layout, {}, "old");
  CHECK(report_text(f.out, f.sources).find('\x1b') == std::string::npos);
  const std::string text = report_text(f.out, f.sources, {.colour = true, .cap = 50});
  CHECK(text.find("\x1b[1;31merror[S022]\x1b[0m: \x1b[1mbad\x1b[0m\n") != std::string::npos);
  CHECK(text.find("\x1b[1;33mwarning[S036]\x1b[0m") != std::string::npos);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      plain += text[i];
    }
  }
  CHECK(plain == report_text(f.out, f.sources));
}

TEST_CASE("report: nothing to say is nothing said", "[report]") {
  CHECK(report_text({}, {}).empty());
}

TEST_CASE("report: many of one code are counted, not dropped", "[report]") {
  Fixture f;
  for (int i = 0; i < 5; ++i) f.out.report(codes::bad_value, {}, "bad");
  CHECK(report_text(f.out, f.sources, {.colour = false, .cap = 2}) ==
        "error[S022]: bad\nerror[S022]: bad\nand 3 more S022\n");
}

TEST_CASE("report: a waived finding still shows, with its reason", "[report]") {
  Fixture f;
  f.out.report(codes::bad_value, {}, "bad").allowed_by = "measured";
  CHECK(report_text(f.out, f.sources) == "allowed error[S022]: bad\n  allowed: measured\n");
  CHECK(f.out.errors() == 0);
}

TEST_CASE("report: JSON has the fields of the contract, null where nothing is", "[report][json]") {
  Fixture f;
  Diagnostic& d = f.out.report(codes::bad_value, {}, "bad");
  d.actual = 5;
  d.limit = 4;
  d.unit = "W";
  d.subject = {"gpu0"};
  d.confidence = Confidence::secondary;
  CHECK(to_json(d, f.sources).dump() ==
        R"({"code":"S022","name":"bad-value","severity":"error","message":"bad","file":null,)"
        R"("line":null,"column":null,"subject":["gpu0"],"actual":5.0,"limit":4.0,"unit":"W",)"
        R"("confidence":"secondary","help":null,"allowed_by":null})");
}

TEST_CASE("report: JSON of a located, waived finding", "[report][json]") {
  Fixture f;
  Diagnostic& d =
      f.out.report(codes::unknown_id, {f.file, 2, 9, 4}, "`gpu0` is not there", "add it");
  d.allowed_by = "measured";
  CHECK(to_json(d, f.sources).dump() ==
        R"({"code":"S034","name":"unknown-id","severity":"error","message":"`gpu0` is not there",)"
        R"("file":"rig.yaml","line":2,"column":9,"subject":[],"actual":null,"limit":null,)"
        R"("unit":null,"confidence":null,"help":"add it","allowed_by":"measured"})");
}

TEST_CASE("report: diagnostics sort by place, then code", "[report]") {
  Fixture f;
  f.out.report(codes::bad_value, {f.file, 2, 1, 1}, "second");
  f.out.report(codes::unknown_key, {f.file, 1, 1, 1}, "first");
  f.out.report(codes::bad_value, {}, "nowhere");
  f.out.sort();
  CHECK(f.out.all()[0].message == "nowhere");
  CHECK(f.out.all()[1].message == "first");
}

TEST_CASE("codes: unique, complete and readable", "[codes]") {
  std::vector<std::string> seen;
  for (const Code* code : codes::text_codes()) {
    INFO(code->code);
    CHECK(code->code.size() == 4);
    CHECK_FALSE(code->summary.empty());
    CHECK_FALSE(code->why.empty());
    CHECK(code->name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-0123456789") ==
          std::string_view::npos);
    CHECK(std::find(seen.begin(), seen.end(), code->code) == seen.end());
    seen.emplace_back(code->code);
  }
  CHECK(std::is_sorted(seen.begin(), seen.end()));
}
