// The only file that knows yaml-cpp: text to Value, by its parser events. Its node tree is not
// used, since that would be built in full before any limit could stop it. The traps of yaml-cpp 0.7
// end here: byte columns counted from 0, marks of aliases and empty values, duplicate keys, merge
// keys, several documents, cycles, alias bombs, deep nesting, and exceptions.
#include <algorithm>
#include <cstdint>
#include <exception>
#include <map>
#include <numeric>
#include <sstream>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "base/codes.hpp"
#include "yaml/value.hpp"

namespace rigtopo {
namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t most_nodes = 200'000;

/// Thrown through yaml-cpp to end its parser once going on would be unsafe; always after a report.
struct Stop {};

/// Bytes from the opening to the closing quote of `written`; nullopt when it is not closed.
std::optional<std::size_t> quoted_length(std::string_view written) {
  const char quote = written.front();
  for (std::size_t i = 1; i < written.size(); ++i) {
    if (written[i] == '\\' && quote == '"') {
      ++i;
    } else if (written[i] == quote) {
      if (quote == '"' || i + 1 == written.size() || written[i + 1] != quote) return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

/// `text` behind anchor and tag: `&a !!str "x"` gives `"x"`.
std::string_view without_properties(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  while (text.starts_with('&') || text.starts_with('!')) {
    text.remove_prefix(std::min(text.find_first_of(blanks), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    while (text.starts_with('#')) {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
      text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    }
  }
  return text;
}

/// How many values a tree has and how many levels below its root; counting ends above `enough`.
struct Extent {
  std::size_t nodes = 0;
  std::size_t height = 0;
};
void measure(const Value& value, std::size_t level, std::size_t enough, Extent& extent) {
  if (++extent.nodes > enough) return;
  extent.height = std::max(extent.height, level);
  for (const Value& item : value.items) measure(item, level + 1, enough, extent);
  for (const Entry& entry : value.entries) measure(entry.value, level + 1, enough, extent);
}

/// Builds the tree in place from the events of the parser. Faults that leave the rest readable are
/// collected; the others end the run.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceMap& sources, FileId file, Diagnostics& out)
      : sources_(sources), file_(file), out_(out) {
    root_.at = {file, 1, 1, 1};
  }

  bool failed() const { return failed_; }
  Value finished() { return std::move(root_); }

  Source place(const YAML::Mark& mark, std::size_t bytes = 1) const {
    if (mark.is_null() || mark.line < 0) return {file_, 1, 1, 1};
    return sources_.locate(file_, static_cast<std::uint32_t>(mark.line),
                           static_cast<std::uint32_t>(mark.column), bytes);
  }

  // ---- what the parser calls -------------------------------------------------------------------

  void OnDocumentStart(const YAML::Mark&) override { ++documents_; }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    only_one_document(mark);
    if (skipped_ > 0) return;
    if (at_key()) {
      start_entry("", place(mark));
      return fail(codes::key_not_scalar, place(mark), "a key is empty", "write `key: value`");
    }
    // The mark is that of the next token, which may be on another line: the key stays to blame.
    add_node(fallback_place());
    remember(anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    only_one_document(mark);
    if (skipped_ > 0) return;
    Value scalar;
    scalar.kind = Value::Kind::scalar;
    scalar.text = text;
    scalar.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    scalar.at = place_of_scalar(mark, text);
    if (at_key()) {
      if (goes_over_line_end(mark, text)) {
        fail(codes::yaml_syntax, scalar.at, "a key goes over the end of its line",
             "is there a `:` missing in this line?");
      }
      start_entry(text, scalar.at, tag != "!");
      if (anchor != 0) anchored_keys_[anchor] = std::move(scalar);
      return;
    }
    const Source at = scalar.at;
    add_node(at) = std::move(scalar);
    remember(anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    only_one_document(mark);
    if (skipped_ > 0) return;
    if (at_key()) return alias_as_key(place(mark), anchor);
    Value& node = add_node(place(mark));
    if (const auto key = anchored_keys_.find(anchor); key != anchored_keys_.end()) {
      node = key->second;
    } else if (const auto path = anchors_.find(anchor); path != anchors_.end()) {
      expand(node, path->second, place(mark));
    }  // else the anchor stood in something that was refused already
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, Value::Kind::sequence);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, Value::Kind::map);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  /// A list or map that is being filled. It stays where it is until it is closed, since nothing is
  /// added to its parent meanwhile.
  struct Open {
    Value* value;
    bool has_key = false;  // a map whose last entry waits for its value
  };
  using Path = std::vector<std::size_t>;  // index of a child on each level, from the root

  void fail(const Code& code, Source at, std::string message, std::string help) {
    failed_ = true;
    out_.report(code, at, std::move(message), std::move(help));
  }

  void only_one_document(const YAML::Mark& mark) {
    if (documents_ < 2) return;
    const std::string_view text = sources_.text(file_);
    if (text.starts_with("---") || text.find("\n---") != std::string_view::npos ||
        text.find("\n...") != std::string_view::npos) {
      fail(codes::several_documents, place(mark),
           "the file holds several YAML documents; only one is read",
           "remove the `---` line or split the file");
    } else {
      fail(codes::yaml_syntax, place(mark), "text follows after the end of the value",
           "check the indentation and the brackets up to here");
    }
    throw Stop{};
  }

  /// Words of a key that stand on several lines: YAML forbids it, yaml-cpp joins them.
  bool goes_over_line_end(const YAML::Mark& mark, std::string_view text) const {
    const std::string_view written = without_properties(from(mark));
    if (written.starts_with('"') || written.starts_with('\'')) {
      return written.substr(0, quoted_length(written).value_or(1)).find('\n') != std::string::npos;
    }
    return !written.starts_with(text);
  }

  /// The text from a mark on.
  std::string_view from(const YAML::Mark& mark) const {
    const std::string_view all = sources_.text(file_);
    if (mark.is_null() || mark.line < 0) return {};
    const std::string_view line = sources_.line(file_, static_cast<std::uint32_t>(mark.line) + 1);
    if (line.data() == nullptr) return {};
    const auto line_start = static_cast<std::size_t>(line.data() - all.data());
    return all.substr(std::min(all.size(), line_start + static_cast<std::size_t>(mark.column)));
  }

  /// The place of the scalar itself, where the mark may be that of its anchor or tag. Ends the run
  /// when a quote is not closed: yaml-cpp takes the rest of the file for the scalar then, unless
  /// the file ends in the middle of a line.
  Source place_of_scalar(const YAML::Mark& mark, const std::string& text) {
    const std::string_view marked = from(mark);
    if (marked.empty()) return place(mark);
    const std::string_view written = without_properties(marked);
    YAML::Mark own = mark;
    for (const char c : marked.substr(0, marked.size() - written.size())) {
      own.column = c == '\n' ? 0 : own.column + 1;
      own.line += c == '\n' ? 1 : 0;
    }
    if (written.starts_with('|') || written.starts_with('>')) return place(own);
    if (!written.starts_with('"') && !written.starts_with('\'')) return place(own, text.size());
    const std::optional<std::size_t> length = quoted_length(written);
    if (length) return place(own, *length);  // never longer than the line
    fail(codes::yaml_syntax, place(own), "a quote is never closed", "add the missing quote");
    throw Stop{};
  }

  bool at_key() const {
    return !open_.empty() && open_.back().value->is_map() && !open_.back().has_key;
  }

  /// Where a value without a place of its own is looked for: its key, else the list it is in.
  Source fallback_place() const {
    if (open_.empty()) return root_.at;
    const Value& parent = *open_.back().value;
    return parent.is_map() ? parent.entries.back().key_at : parent.at;
  }

  void start_entry(std::string key, Source at, bool plain = false) {
    if (plain && key == "<<") {
      fail(codes::merge_key, at, "the merge key `<<` is not part of YAML 1.2 and is not read here",
           "write the values out, or use `but:` and `extends:`");
    }
    open_.back().value->entries.push_back({std::move(key), at, {}});
    open_.back().has_key = true;
  }

  /// The next value of the innermost list or map, or the root.
  Value& add_node(Source at) {
    count(1, open_.size(), at);
    if (open_.empty()) {
      root_.at = at;
      return root_;
    }
    Value& parent = *open_.back().value;
    open_.back().has_key = false;
    Value& node = parent.is_map() ? parent.entries.back().value : parent.items.emplace_back();
    node.at = at;
    return node;
  }

  void count(std::size_t nodes, std::size_t depth, Source at) {
    nodes_ += nodes;
    if (depth > deepest) {
      fail(codes::nesting_too_deep, at, "values are nested more than 64 deep",
           "a spec needs fewer than ten levels; is this the right file?");
      throw Stop{};
    }
    if (nodes_ > most_nodes) {
      fail(codes::too_many_nodes, at, "the file expands to more than 200000 values",
           "aliases (`*`) of aliases multiply; write the values out");
      throw Stop{};
    }
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Value::Kind kind) {
    only_one_document(mark);
    if (skipped_ > 0 || at_key()) {
      count(1, open_.size() + ++skipped_, place(mark));
      if (skipped_ == 1) start_entry("", place(mark));
      return;
    }
    Value& node = add_node(place(mark));
    node.kind = kind;
    remember(anchor);
    open_.push_back({&node});
  }

  void close() {
    if (skipped_ > 0) {
      if (--skipped_ == 0) fail_as_key(open_.back().value->entries.back().key_at);
      return;
    }
    if (open_.back().value->is_map()) report_duplicates(*open_.back().value);
    open_.pop_back();
  }

  void fail_as_key(Source at) {
    fail(codes::key_not_scalar, at, "a key must be a word, not a list or a map",
         "write `key: value`");
  }

  void report_duplicates(const Value& map) {
    std::vector<std::size_t> order(map.entries.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key = [&](std::size_t i) -> const std::string& { return map.entries[i].key; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    std::map<std::size_t, std::size_t> first_of;  // later entry to the first of that key
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
      if (key(order[i]) != key(order[first])) {
        first = i;
      } else if (key(order[i]) != "<<" && !key(order[i]).empty()) {
        first_of[order[i]] = order[first];
      }
    }
    for (const auto& [later, first] : first_of) {
      failed_ = true;
      Diagnostic& d =
          out_.report(codes::duplicate_key, map.entries[later].key_at,
                      "`" + key(later) + "` is given twice in the same map", "keep one of the two");
      d.labels.push_back({map.entries[first].key_at, "first given here"});
    }
  }

  // ---- anchors and aliases ---------------------------------------------------------------------

  /// Notes where the value just added stands. As a path: addresses change while the tree grows.
  void remember(YAML::anchor_t anchor) {
    if (anchor == 0) return;
    Path path;
    for (const Open& o : open_) {
      const Value& parent = *o.value;
      path.push_back((parent.is_map() ? parent.entries.size() : parent.items.size()) - 1);
    }
    anchors_[anchor] = std::move(path);
  }

  const Value& at_path(const Path& path) const {
    const Value* value = &root_;
    for (const std::size_t i : path) {
      value = value->is_map() ? &value->entries[i].value : &value->items[i];
    }
    return *value;
  }

  void alias_as_key(Source at, YAML::anchor_t anchor) {
    const auto key = anchored_keys_.find(anchor);
    const auto path = anchors_.find(anchor);
    const Value* named = key != anchored_keys_.end() ? &key->second
                         : path != anchors_.end()    ? &at_path(path->second)
                                                     : nullptr;
    if (named != nullptr && named->is_scalar()) return start_entry(named->text, at);
    start_entry("", at);
    fail_as_key(at);
  }

  /// Puts a copy of the anchored value into `node`.
  void expand(Value& node, const Path& path, Source at) {
    const Value& anchored = at_path(path);
    const bool cyclic = std::any_of(open_.begin(), open_.end(),
                                    [&](const Open& o) { return o.value == &anchored; });
    if (cyclic) {
      return fail(codes::alias_cycle, at, "an alias stands inside the value it refers to",
                  "write the value out instead of using `*`");
    }
    Extent extent;
    measure(anchored, 0, most_nodes, extent);
    count(extent.nodes - 1, open_.size() + extent.height, at);
    node = Value(anchored);
  }

  const SourceMap& sources_;
  FileId file_;
  Diagnostics& out_;
  Value root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Path> anchors_;
  std::map<YAML::anchor_t, Value> anchored_keys_;
  std::size_t nodes_ = 0;
  std::size_t skipped_ = 0;  // depth inside a key that is a list or map
  int documents_ = 0;
  bool failed_ = false;
};

/// yaml-cpp's words are those of a parser; the faults that people make get ours.
struct Words {
  std::string_view theirs;  // part of the message
  std::string_view ours;
  std::string_view help;
};
constexpr Words translations[] = {
    {"bad file", "values are nested too deep to be read",
     "a spec needs fewer than ten levels; is this the right file?"},
    {"illegal tab", "a tab is used for indentation", "indent with spaces"},
    {"end of sequence flow", "a `[` is never closed", "add the missing `]`"},
    {"end of map flow", "a `{` is never closed", "add the missing `}`"},
    {"anchor is not defined", "the alias (`*`) refers to an anchor (`&`) that is not there",
     "quote the text if it only begins with `*`"},
    {"EOF in scalar", "a quote is never closed", "add the missing quote"},
    {"illegal map value", "a `:` is not expected here",
     "quote texts that hold `: `, and check the indentation"},
    {"end of map not found", "the indentation does not match the lines above",
     "start all keys of a map in the same column"},
    {"end of sequence not found", "the indentation does not match the lines above",
     "start all items of a list in the same column"},
};

void report_syntax(const std::string& message, Source at, Diagnostics& out) {
  for (const Words& words : translations) {
    if (message.find(words.theirs) == std::string::npos) continue;
    const Code& code = words.theirs == "bad file" ? codes::nesting_too_deep : codes::yaml_syntax;
    out.report(code, at, std::string(words.ours), std::string(words.help));
    return;
  }
  out.report(codes::yaml_syntax, at, "not valid YAML: " + message);
}

/// What yaml-cpp passes over in silence, found before it runs: a lone carriage return, which most
/// editors show as a line end but which it takes as part of a word or comment; and lines that begin
/// with `%` anywhere but at the top, or with an unknown word.
bool has_hidden_text(std::string_view text, const TreeBuilder& builder, Diagnostics& out) {
  bool at_top = true;
  int line = 0;
  for (std::size_t begin = 0; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view written = text.substr(begin, end - begin);
    begin = end + 1;
    if (line == 0 && written.starts_with("\xEF\xBB\xBF")) written.remove_prefix(3);
    if (end < text.size() && written.ends_with('\r')) written.remove_suffix(1);
    YAML::Mark mark;
    mark.line = line;
    if (const std::size_t lone = written.find('\r'); lone != std::string_view::npos) {
      mark.column = static_cast<int>(lone);
      out.report(codes::yaml_syntax, builder.place(mark), "a carriage return stands inside a line",
                 "save the file with LF line ends");
      return true;
    }
    const bool directive = written.starts_with("%YAML ") || written.starts_with("%TAG ");
    if (written.starts_with('%') && !(at_top && directive)) {
      out.report(codes::yaml_syntax, builder.place(mark),
                 "a line that begins with `%` would be ignored", "indent or quote it");
      return true;
    }
    at_top = at_top && (directive || written.starts_with('#') ||
                        written.find_first_not_of(" \t") == std::string_view::npos);
  }
  return false;
}

}  // namespace

std::optional<Value> parse_yaml(const SourceMap& sources, FileId file, Diagnostics& out) {
  TreeBuilder builder(sources, file, out);
  if (has_hidden_text(sources.text(file), builder, out)) return std::nullopt;
  try {
    std::istringstream stream{std::string(sources.text(file))};
    YAML::Parser parser(stream);
    // Twice and no more: a second document ends the builder, and on some texts (`!x: 1` and a line
    // `: y`) the parser makes empty documents without end.
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
    if (builder.failed()) return std::nullopt;
    return builder.finished();
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& e) {
    report_syntax(e.msg, builder.place(e.mark), out);
  } catch (const std::exception& e) {
    report_syntax(e.what(), {file, 1, 1, 1}, out);
  }
  return std::nullopt;
}

}  // namespace rigtopo
