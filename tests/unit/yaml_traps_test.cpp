// Every trap of yaml-cpp 0.7 that was measured, each with the outcome we promise instead.
#include <string>

#include "base/report.hpp"
#include "base/source_map.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"
#include "yaml/ahead.hpp"
#include "yaml/value.hpp"

using namespace rigtopo;

namespace {

struct Parsed {
  SourceMap sources;
  Diagnostics out;
  std::optional<Value> value;
};

Parsed parsed(const std::string& text) {
  Parsed p;
  const FileId file = p.sources.add("rig.yaml", text);
  p.value = parse_yaml(p.sources, file, p.out);
  return p;
}

/// The one diagnostic of a text that must be refused.
Diagnostic refused(const std::string& text) {
  Parsed p = parsed(text);
  CHECK_FALSE(p.value);
  REQUIRE_FALSE(p.out.empty());
  return p.out.all().front();
}

bool stands_at(Source s, std::uint32_t line, std::uint32_t column) {
  UNSCOPED_INFO("at " << s.line << ":" << s.column);
  return s.line == line && s.column == column;
}

const Value& get(const Value& map, std::string_view key) {
  const Entry* entry = map.find(key);
  REQUIRE(entry != nullptr);
  return entry->value;
}

std::string repeated(int times, std::string_view text) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

/// `[[...1...]]` as the value of a key.
std::string brackets(int levels) {
  return "a: " + repeated(levels, "[") + "1" + repeated(levels, "]") + "\n";
}

/// `levels` lists of nine, each of nine aliases of the one before.
std::string nested_aliases(int levels) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < levels; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
            repeated(8, below + ", ") + below + "]\n";
  }
  return text;
}

}  // namespace

// ---- places
// --------------------------------------------------------------------------------------

TEST_CASE("yaml: marks count from 1 and keys keep their own place", "[yaml][S010]") {
  const Parsed p = parsed("board: x\ngpus:\n  - {model: y}\n");
  REQUIRE(p.value);
  CHECK(stands_at(get(*p.value, "board").at, 1, 8));
  // yaml-cpp gives a block sequence the mark of its first item; the key is on line 2.
  CHECK(stands_at(p.value->find("gpus")->key_at, 2, 1));
  CHECK(stands_at(get(*p.value, "gpus").items.at(0).at, 3, 5));
}

TEST_CASE("yaml: columns and lengths count characters, not bytes", "[yaml]") {
  const Parsed p = parsed("{éé: 1, b: naïve}");
  REQUIRE(p.value);
  // {éé: 1, b  -> `b` is the 9th character (the 11th byte).
  CHECK(stands_at(p.value->find("b")->key_at, 1, 9));
  CHECK(p.value->find("éé")->key_at.length == 2);
  CHECK(get(*p.value, "b").at.length == 5);
}

TEST_CASE("yaml: columns stay right far into a long line of wide characters", "[yaml]") {
  // 1000 items of `é, ` are 3000 characters (4000 bytes) after `[`; `last` starts at column 3002.
  const Parsed p = parsed("[" + repeated(1000, "é, ") + "last]");
  REQUIRE(p.value);
  CHECK(stands_at(p.value->items.back().at, 1, 3002));
  CHECK(stands_at(p.value->items.at(500).at, 1, 1502));
}

TEST_CASE("yaml: the underline covers quotes and ends with the line", "[yaml]") {
  const Parsed p = parsed("a: \"1 \\\" 2\"  # c\nb: 'it''s'\nc: one\n  two\nd: |\n  block\n");
  REQUIRE(p.value);
  CHECK(get(*p.value, "a").at.length == 8);  // "1 \" 2"
  CHECK(get(*p.value, "a").text == "1 \" 2");
  CHECK(get(*p.value, "b").at.length == 7);  // 'it''s'
  CHECK(get(*p.value, "c").at.length == 3);  // goes on in the next line
  CHECK(get(*p.value, "c").text == "one two");
  CHECK(stands_at(get(*p.value, "d").at, 5, 4));  // the bar
  CHECK(get(*p.value, "d").at.length == 1);
}

TEST_CASE("yaml: an empty value has the place of its key", "[yaml]") {
  const Parsed p = parsed("a:\nb: 1\nc: ~\nd: null\ne:\n");
  REQUIRE(p.value);
  // yaml-cpp says line 2, column 1 for `a`, which is the key `b`.
  for (const auto& [key, line] : {std::pair{"a", 1u}, {"c", 3u}, {"d", 4u}, {"e", 5u}}) {
    CHECK(get(*p.value, key).is_null());
    CHECK(stands_at(get(*p.value, key).at, line, 1));
  }
}

TEST_CASE("yaml: an alias has the anchor's place, its key its own", "[yaml]") {
  const Parsed p = parsed("psu: &a {watts: 1200}\npsu2: *a\nlist: [*a, *a]\n");
  REQUIRE(p.value);
  CHECK(stands_at(p.value->find("psu2")->key_at, 2, 1));
  CHECK(get(*p.value, "psu2").at.line == 1);
  CHECK(get(get(*p.value, "psu2"), "watts").text == "1200");
  CHECK(get(get(*p.value, "list").items.at(1), "watts").text == "1200");
}

TEST_CASE("yaml: an anchor may be given anew and stand on words, nothing or keys", "[yaml]") {
  const Parsed p =
      parsed("a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &n\nf: *n\n&k key: v\ng: *k\n? *k\n: 3\n");
  REQUIRE_FALSE(p.value);  // `key` is there twice, once through its alias
  CHECK(p.out.all().front().code == "S011");
  const Parsed good = parsed("a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &n\nf: *n\n&k key: v\ng: *k\n");
  REQUIRE(good.value);
  CHECK(get(*good.value, "b").text == "1");
  CHECK(get(*good.value, "d").text == "2");
  CHECK(get(*good.value, "f").is_null());
  CHECK(get(*good.value, "g").text == "key");
}

TEST_CASE("yaml: line ends and byte order mark make no difference", "[yaml]") {
  const Parsed crlf = parsed("a: 1\r\nb:\r\nc: 'x\r\n  y'\r\n");
  REQUIRE(crlf.value);
  CHECK(get(*crlf.value, "a").text == "1");
  CHECK(stands_at(crlf.value->find("b")->key_at, 2, 1));
  CHECK(get(*crlf.value, "c").text == "x y");
  CHECK(crlf.sources.line(static_cast<FileId>(1), 1) == "a: 1");
  const Parsed bom = parsed(
      "\xEF\xBB\xBF"
      "a: 1\nb: 2\n");
  REQUIRE(bom.value);
  CHECK(get(*bom.value, "a").text == "1");
  CHECK(stands_at(bom.value->find("a")->key_at, 1, 1));
  CHECK(stands_at(get(*bom.value, "a").at, 1, 4));
  CHECK(stands_at(bom.value->find("b")->key_at, 2, 1));
}

// ---- what the text says
// --------------------------------------------------------------------------

TEST_CASE("yaml: scalars keep their text", "[yaml]") {
  const Parsed p = parsed(
      "octal: 010\nhex: 0x10\nparts: 1_000\ninf: .inf\nnan: .nan\nyes: yes\nslot: \"40:01\"\n"
      "plain_slot: 40:01\nversion: 1.10\nquoted: '450'\ntagged: !!str 5\nexponent: 1e3\n"
      "date: 2024-01-01\nblanks: \"  12  \"\n");
  REQUIRE(p.value);
  for (const auto& [key, text] : {std::pair{"octal", "010"},
                                  {"hex", "0x10"},
                                  {"parts", "1_000"},
                                  {"inf", ".inf"},
                                  {"nan", ".nan"},
                                  {"yes", "yes"},
                                  {"slot", "40:01"},
                                  {"plain_slot", "40:01"},
                                  {"version", "1.10"},
                                  {"quoted", "450"},
                                  {"tagged", "5"},
                                  {"exponent", "1e3"},
                                  {"date", "2024-01-01"},
                                  {"blanks", "  12  "}}) {
    INFO(key);
    CHECK(get(*p.value, key).is_scalar());
    CHECK(get(*p.value, key).text == text);
  }
  for (const char* key : {"slot", "quoted", "tagged", "blanks"}) CHECK(get(*p.value, key).quoted);
  for (const char* key : {"octal", "plain_slot", "yes"}) CHECK_FALSE(get(*p.value, key).quoted);
}

TEST_CASE("yaml: quoted nothing is text, plain nothing is null", "[yaml]") {
  const Parsed p = parsed("a: \"\"\nb: '~'\nc: \"null\"\nd: ~\n");
  REQUIRE(p.value);
  for (const char* key : {"a", "b", "c"}) CHECK(get(*p.value, key).is_scalar());
  CHECK(get(*p.value, "d").is_null());
}

TEST_CASE("yaml: empty text is a null value", "[yaml]") {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "---\n...\n"}) {
    INFO(text);
    const Parsed p = parsed(text);
    REQUIRE(p.value);
    CHECK(p.value->is_null());
    CHECK(p.value->at.known());
  }
}

// ---- what is refused
// -----------------------------------------------------------------------------

TEST_CASE("yaml: a duplicate key is refused and both places are shown", "[yaml][S011]") {
  const Diagnostic d = refused("psu0: a\npsu1: b\npsu0: c\n");
  CHECK(d.code == "S011");
  CHECK(stands_at(d.at, 3, 1));
  REQUIRE(d.labels.size() == 1);
  CHECK(stands_at(d.labels[0].at, 1, 1));
}

TEST_CASE("yaml: every duplicate is reported, in the order of the file", "[yaml][S011]") {
  const Parsed p = parsed("z: 1\na: 1\nz: 2\na: 2\nz: {q: 1, \"q\": 2}\n");
  CHECK_FALSE(p.value);
  std::vector<std::string> places;
  for (const Diagnostic& d : p.out.all()) {
    places.push_back(std::to_string(d.at.line) + "<" + std::to_string(d.labels.at(0).at.line));
  }
  // The inner map closes first.
  CHECK(places == std::vector<std::string>{"5<5", "3<1", "4<2", "5<1"});
}

TEST_CASE("yaml: a value that contains itself is refused", "[yaml][S017]") {
  CHECK(refused("a: &s [*s]\n").code == "S017");
  CHECK(refused("a: &s {b: {c: *s}}\n").code == "S017");
  CHECK(refused("&root\na: 1\nb: *root\n").code == "S017");
  CHECK(stands_at(refused("a: &s [1, *s]\n").at, 1, 11));  // the alias, not the anchor
}

TEST_CASE("yaml: several documents are refused", "[yaml][S012]") {
  const Diagnostic d = refused("a: 1\n---\nb: 2\n");
  CHECK(d.code == "S012");
  CHECK(d.at.line == 3);
  CHECK(refused("a: 1\n---\n").code == "S012");
  CHECK(refused("a: 1\n...\nb: 2\n").code == "S012");
  CHECK(refused("---\na: 1\n---\n---\n").code == "S012");
  CHECK(parsed("--- # one\na: 1\n...\n").value);
}

TEST_CASE("yaml: text after the value is not dropped", "[yaml][S010]") {
  // yaml-cpp's Load reads the first value of each and says nothing about the rest.
  for (const char* text : {"[1]\n]\n", "{a: 1} b\n", "!x: 1\n: y\n"}) {
    INFO(text);
    CHECK(refused(text).code == "S010");
  }
}

TEST_CASE("yaml: the merge key is refused with a way out", "[yaml][S013]") {
  const Diagnostic d = refused("base: &b {a: 1}\nmerge: {<<: *b, c: 2}\n");
  CHECK(d.code == "S013");
  CHECK(stands_at(d.at, 2, 9));
  CHECK(d.help.find("extends") != std::string::npos);
  CHECK(parsed("\"<<\": quoted is a key like any other\n").value);
}

TEST_CASE("yaml: aliases of aliases hit the node budget", "[yaml][S015]") {
  CHECK(parsed(nested_aliases(4)).value);  // 9^4 = 6561 in the last list
  // Eight levels: 9^8 = 43 million values from 400 bytes.
  CHECK(refused(nested_aliases(8)).code == "S015");
  CHECK(refused(repeated(250'000, "- a\n")).code == "S015");
}

TEST_CASE("yaml: nesting is limited, in brackets and in blocks", "[yaml][S014]") {
  CHECK(parsed(brackets(63)).value);
  CHECK(refused(brackets(64)).code == "S014");
  // yaml-cpp itself gives up at 500 with the words "bad file"; far more must not exhaust the stack.
  for (const int levels : {70, 499, 500, 100'000}) {
    const Diagnostic d = refused(brackets(levels));
    CHECK(d.code == "S014");
    CHECK(d.message == "values are nested more than 64 deep");
    CHECK(refused(repeated(levels, "[")).code == "S014");
    CHECK(refused(repeated(levels, "{a: ")).code == "S014");
    CHECK(refused(repeated(levels, "? ")).code == "S014");
  }
  std::string block;
  for (int i = 0; i < 100; ++i) block += repeated(i, " ") + "a:\n";
  CHECK(refused(block + repeated(100, " ") + "b: 1\n").code == "S014");
  CHECK(refused(repeated(2000, "- ") + "x\n").code == "S014");
}

TEST_CASE("yaml: aliases do not get round the limit of depth", "[yaml][S014]") {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 80; ++i) {
    const std::string n = std::to_string(i);
    text += "a" + n + ": &a" + n + " [*a" + std::to_string(i - 1) + "]\n";
  }
  CHECK(refused(text).code == "S014");
}

TEST_CASE("yaml: brackets inside words are no nesting", "[yaml]") {
  CHECK(parsed(repeated(100, "- see [1 and {2\n")).value);
  CHECK(parsed("a: |\n  " + repeated(100, "[{") + "\nb: \"" + repeated(100, "[") + "\"\n").value);
}

TEST_CASE("yaml: a key that is no word is refused", "[yaml][S016]") {
  CHECK(refused("? [x]\n: 1\n").code == "S016");
  CHECK(refused("{[a, b]: 1}\n").code == "S016");
  CHECK(refused("{{a: {b: c}}: 1}\n").code == "S016");
  CHECK(refused("a: &l [x]\n? *l\n: 1\n").code == "S016");
  CHECK(refused(": no key\n").code == "S016");
  // What follows is still read.
  const Parsed p = parsed("? [x, [y]]\n: {z: 1}\nb: 1\nb: 2\n");
  REQUIRE(p.out.all().size() == 2);
  CHECK(stands_at(p.out.all()[0].at, 1, 3));
  CHECK(p.out.all()[1].code == "S011");
}

TEST_CASE("yaml: syntax faults are told in our words with a place", "[yaml][S010]") {
  struct Fault {
    const char* text;
    const char* message;
    std::uint32_t line;
  };
  for (const Fault& f : {Fault{"a: [1, 2\nb: 3\n", "a `[` is never closed", 2},
                         {"a: {b: 1\nc: 3\n", "a `{` is never closed", 2},
                         {"a: 1\n\tb: 2\n", "a tab is used for indentation", 2},
                         {"a: \"open\nb: 1\n", "a quote is never closed", 1},
                         {"a: b: c\n", "a `:` is not expected here", 1},
                         {"a: 1\n b: 2\n", "a `:` is not expected here", 2},
                         {"  a: 1\n b: 2\n", "text follows after the end of the value", 2}}) {
    INFO(f.text);
    const Diagnostic d = refused(f.text);
    CHECK(d.code == "S010");
    CHECK(d.message == f.message);
    CHECK(d.at.line == f.line);
    CHECK_FALSE(d.help.empty());
  }
}

TEST_CASE("yaml: an open quote does not swallow the keys after it", "[yaml][S010]") {
  // yaml-cpp takes the rest of the file for the text, without a word, when the last line has an
  // end.
  for (const char* text : {"a: \"open\nmax: 8\n", "a: 'it''s\nmax: 8\n", "a: &q !!str \"x\nb: 1\n",
                           "b: 1\na: \"x\\\"\n", "- 'b\n- c\n", "\"a: 1\nb: 2\n", "a: \"x"}) {
    INFO(text);
    CHECK(refused(text).message == "a quote is never closed");
  }
  const Parsed p = parsed("a: &q # why\n  !!str \"x\ny\"\nb: 'z\n  z'\nc: it's \"fine\n");
  REQUIRE(p.value);
  CHECK(get(*p.value, "a").text == "x y");
  CHECK(stands_at(get(*p.value, "a").at, 2, 9));  // the quote, not the anchor
  CHECK(get(*p.value, "c").text == "it's \"fine");
}

TEST_CASE("yaml: no line is ignored in silence", "[yaml][S010]") {
  // yaml-cpp takes each line with `%` for a directive and drops it, a limit for instance.
  for (const char* text : {"a: 1\n%max: 8\n", "%max: 8\na: 1\n", "a: 1\n%YAML 1.2\n"}) {
    INFO(text);
    CHECK(refused(text).message == "a line that begins with `%` would be ignored");
  }
  CHECK(parsed("# top\n%YAML 1.2\n---\na: 80 %\nb: |\n  %x\n").value);
  // Editors show two lines here, yaml-cpp one comment.
  const Diagnostic lone = refused("a: 1\n# note\rmax: 8\nb: 2\n");
  CHECK(lone.code == "S010");
  CHECK(stands_at(lone.at, 2, 7));
  CHECK(refused("a: 1\rb: 2\r").code == "S010");
}

TEST_CASE("yaml: a key ends in its line", "[yaml][S010]") {
  // yaml-cpp joins the lines to the key `board cpu`.
  const Diagnostic d = refused("name: x\n? board\n  cpu\n: y\n");
  CHECK(d.message == "a key goes over the end of its line");
  CHECK(stands_at(d.at, 2, 3));
  CHECK(refused("name: x\nboard\ncpu: y\n").code == "S010");
  CHECK(refused("\"a\n b\": 1\n").code == "S010");
  CHECK(parsed("a b  c: 1\n'it''s': 2\n\"\\u00e9\": 3\n&x !!str k: 4\n").value);
}

TEST_CASE("yaml: an alias of nothing is refused", "[yaml][S010]") {
  const Diagnostic anchor = refused("a: *nope\n");
  CHECK(anchor.code == "S010");
  CHECK(stands_at(anchor.at, 1, 4));
  CHECK(anchor.message.find("anchor") != std::string::npos);
}

// ---- laying over, files
// --------------------------------------------------------------------------

TEST_CASE("yaml: overlaying merges maps, replaces lists and keeps places", "[yaml]") {
  SourceMap sources;
  Diagnostics out;
  const auto base =
      parse_yaml(sources, sources.add("base", "a: {x: 1, y: 2}\nl: [1, 2]\nm: {z: 1}\n"), out);
  const auto over =
      parse_yaml(sources, sources.add("over", "a: {y: 3}\nl: [9]\nn: 4\nm: 5\n"), out);
  REQUIRE((base && over));
  const Value merged = overlaid(*base, *over);
  CHECK(get(get(merged, "a"), "x").text == "1");
  CHECK(get(get(merged, "a"), "x").at.file == static_cast<FileId>(1));
  CHECK(get(get(merged, "a"), "y").text == "3");
  CHECK(get(get(merged, "a"), "y").at.file == static_cast<FileId>(2));
  CHECK(get(merged, "l").items.size() == 1);
  CHECK(get(merged, "n").text == "4");
  CHECK(get(merged, "m").text == "5");
  CHECK(merged.entries.size() == 4);
}

TEST_CASE("files: what cannot be read is named", "[files][S001][S002][S003]") {
  test::TempDir folder;
  Diagnostics out;
  const auto unread = [&](const std::string& name) {
    CHECK_FALSE(read_text_file((folder.path() / name).string(), out));
    const Diagnostic& d = out.all().back();
    CHECK(d.message.find("`" + (folder.path() / name).string() + "`") != std::string::npos);
    return d.code;
  };
  CHECK(unread("missing.yaml") == "S001");
  // yaml-cpp's LoadFile throws std::ios_base::failure for a folder, which is none of its
  // exceptions.
  CHECK(unread("") == "S001");
  for (const auto& [name, bytes] : {std::pair{"binary", std::string("\x7f"
                                                                    "ELF\0\0",
                                                                    6)},
                                    {"latin1", "caf\xE9\n"},
                                    {"overlong", "a\xC0\x80"},
                                    {"surrogate", "a\xED\xA0\x80"},
                                    {"cut", "a\xE2\x82"},
                                    {"outside", "a\xF4\x90\x80\x80"}}) {
    INFO(name);
    test::write_text(folder.path() / name, bytes);
    CHECK(unread(name) == "S002");
  }
  test::write_text(folder.path() / "huge", std::string(50'000'000, 'a'));
  CHECK(unread("huge") == "S003");
  test::write_text(folder.path() / "good", "naïve: ☃ 𝄞\n");
  CHECK(read_text_file((folder.path() / "good").string(), out) == "naïve: ☃ 𝄞\n");
}

TEST_CASE("files: an endless one is given up at the limit", "[files][S003]") {
  Diagnostics out;
  // /dev/zero has no end; only the limit of size can stop it.
  CHECK_FALSE(read_text_file("/dev/zero", out));
  CHECK(out.all().at(0).code == "S003");
}

TEST_CASE("files: a missing file is blamed on the place that names it", "[files][S001]") {
  SourceMap sources;
  Diagnostics out;
  const FileId spec = sources.add("rig.yaml", "board: nowhere.yaml\n");
  CHECK_FALSE(read_yaml("/nonexistent/nowhere.yaml", sources, out, {spec, 1, 8, 12}));
  CHECK(stands_at(out.all().at(0).at, 1, 8));
}

TEST_CASE("files: reading and parsing in one step keeps the name as written", "[files]") {
  test::TempDir folder;
  test::write_text(folder.path() / "a.yaml", "x: 1\n");
  const std::string path = (folder.path() / "a.yaml").string();
  SourceMap sources;
  Diagnostics out;
  const auto read = read_yaml(path, sources, out);
  REQUIRE(read);
  CHECK(sources.name(read->file) == path);
  const auto& value = read->value;
  REQUIRE(value);
  CHECK(sources.name(value->at.file) == path);
  CHECK(sources.line(value->at.file, 1) == "x: 1");
  CHECK(sources.line(value->at.file, 3).empty());
  CHECK(sources.name(FileId::none).empty());
}

TEST_CASE("files: reading ahead gives what reading gives", "[files]") {
  test::TempDir folder;
  std::vector<std::string> paths;
  for (int i = 0; i < 20; ++i) {
    paths.push_back((folder.path() / (std::to_string(i) + ".yaml")).string());
    // A good one, one that is no YAML, one with a key given twice.
    test::write_text(paths.back(), i % 3 == 0   ? "x: {a: [1, two], n: " + std::to_string(i) + "}\n"
                                   : i % 3 == 1 ? "x: [1\ny: 2\n"
                                                : "x: 1\nx: 2\n");
  }
  paths.push_back((folder.path() / "nowhere.yaml").string());
  SourceMap plain_sources;
  SourceMap ahead_sources;
  Diagnostics plain;
  Diagnostics ahead;
  ReadAhead reader;
  reader.start(paths);
  reader.start({paths[3]});  // said twice
  ahead_sources.add("spec.yaml", "");
  plain_sources.add("spec.yaml", "");
  for (const std::string& path : paths) {
    const auto a = read_yaml(path, plain_sources, plain, {FileId{1}, 1, 1, 1});
    const auto b = reader.read(path, ahead_sources, ahead, {FileId{1}, 1, 1, 1});
    INFO(path);
    REQUIRE(a.has_value() == b.has_value());
    if (!a) continue;
    CHECK(a->file == b->file);
    REQUIRE(a->value.has_value() == b->value.has_value());
    if (!a->value) continue;
    CHECK(b->value->at == a->value->at);
    CHECK(b->value->find("x")->key_at == a->value->find("x")->key_at);
    const Value& in_a = a->value->find("x")->value;
    const Value& in_b = b->value->find("x")->value;
    REQUIRE(in_a.entries.size() == in_b.entries.size());
    if (in_a.entries.empty()) continue;
    CHECK(in_b.entries[0].value.items[1].text == "two");
    CHECK(in_b.entries[0].value.items[1].at == in_a.entries[0].value.items[1].at);
    CHECK(in_b.entries[1].value.text == in_a.entries[1].value.text);
  }
  CHECK(report_text(plain, plain_sources, {}) == report_text(ahead, ahead_sources, {}));
  // A file that was taken is read anew.
  CHECK(reader.read(paths[0], ahead_sources, ahead)->value);
}
