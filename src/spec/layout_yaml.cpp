// The text of layout.yaml: the tree of layout_json as YAML a person likes to read. Rows that fit a
// line are written in one; text is quoted when another YAML reader could take it for something
// else.
#include <algorithm>
#include <cctype>
#include <set>

#include "spec/layout_json.hpp"

namespace rigtopo {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t line_width = 120;

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Words that mean something else to YAML 1.1 or 1.2, or to us.
bool is_reserved(std::string_view text) {
  static const std::set<std::string, std::less<>> reserved{
      "null", "true", "false", "yes", "no", "on", "off", "y", "n", "unknown"};
  std::string lower;
  for (const char c : text) {
    lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return reserved.contains(lower);
}

/// Could be read as a number, a date or a time: no letter beyond those of hex and exponents.
bool looks_numeric(std::string_view text) {
  const char first = text.front();
  const bool starts =
      (first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.';
  return starts &&
         text.find_first_not_of("0123456789abcdefABCDEFoOxX+-._:") == std::string_view::npos;
}

bool plain(std::string_view text) {
  constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+- ";
  return !text.empty() && text.find_first_not_of(safe) == std::string_view::npos &&
         text.front() != ' ' && text.back() != ' ' && text.front() != '-' && !is_hash(text) &&
         !is_reserved(text) && !looks_numeric(text);
}

std::string scalar(const Json& value) {
  if (value.is_string() && plain(value.get_ref<const std::string&>())) {
    return value.get<std::string>();
  }
  // JSON's quoted text is YAML's double-quoted text.
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string flow(const Json& value) {
  std::string text;
  if (value.is_object()) {
    for (const auto& [key, item] : value.items()) {
      text += (text.empty() ? "" : ", ") + scalar(key) + ": " + flow(item);
    }
    return "{" + text + "}";
  }
  if (value.is_array()) {
    for (const Json& item : value) text += (text.empty() ? "" : ", ") + flow(item);
    return "[" + text + "]";
  }
  return scalar(value);
}

void write_block(const Json& value, std::size_t indent, std::string& out);

/// What follows `key:` or `-`: on the same line when it fits, else as a block below.
void write_value(const Json& value, std::size_t indent, std::size_t column, std::string& out) {
  const std::string text = flow(value);
  const bool leaf = !value.is_structured() || value.empty();
  if (leaf || column + 1 + text.size() <= line_width) {
    out += " " + text + "\n";
    return;
  }
  out += "\n";
  write_block(value, indent, out);
}

void write_entries(const Json& object, std::size_t indent, bool first_in_line, std::string& out) {
  for (const auto& [key, item] : object.items()) {
    if (!first_in_line) out.append(indent, ' ');
    first_in_line = false;
    const std::string name = scalar(key) + ":";
    out += name;
    write_value(item, indent + 2, indent + name.size(), out);
  }
}

void write_block(const Json& value, std::size_t indent, std::string& out) {
  if (value.is_object()) {
    write_entries(value, indent, false, out);
    return;
  }
  for (const Json& item : value) {
    out.append(indent, ' ');
    out += "-";
    write_value(item, indent + 2, indent + 1, out);
  }
}

}  // namespace

std::string layout_yaml(const Layout& layout) {
  std::string out;
  const Json tree = layout_json(layout);
  for (const auto& [key, item] : tree.items()) {
    out += key + ":";
    const bool rows =
        key == "devices" || key == "supplies" || key == "board_power" || key == "expanders";
    if (!rows || item.empty()) {
      write_value(item, 2, key.size() + 1, out);
      continue;
    }
    out += "\n";
    for (const Json& row : item) {
      out += "  -";
      if (key == "devices" || key == "expanders") {
        out += " ";
        write_entries(row, 4, true, out);
      } else {
        write_value(row, 4, 3, out);
      }
    }
  }
  return out;
}

}  // namespace rigtopo
