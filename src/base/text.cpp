// Numbers, suggestions, escaping. to_chars is used for digits: it knows no locale.
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace rigtopo {
namespace {

std::string fixed(double value, int decimals) {
  std::array<char, 400> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::fixed, decimals);
  return error == std::errc{} ? std::string(buffer.data(), end) : "?";
}

/// Decimals that show 3 significant digits, none for numbers of three digits and more.
int decimals_for(double value) {
  const double size = std::fabs(value);
  if (size == 0 || size >= 100) return 0;
  if (size >= 10) return 1;
  return size >= 1 ? 2 : std::min(12, 2 - static_cast<int>(std::floor(std::log10(size))));
}

/// Edit distance with adjacent transpositions (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of the run of digits at `i`.
std::size_t digits_at(std::string_view text, std::size_t i) {
  std::size_t n = 0;
  while (i + n < text.size() && is_digit(text[i + n])) ++n;
  return n;
}

}  // namespace

std::string number(double value, int decimals) {
  if (!std::isfinite(value)) return "?";
  std::string text = fixed(value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

Pair distinct(double actual, double limit) {
  int decimals = std::max(decimals_for(actual), decimals_for(limit));
  Pair pair{number(actual, decimals), number(limit, decimals)};
  while (pair.actual == pair.limit && actual != limit && decimals < 12) {
    ++decimals;
    pair = {number(actual, decimals), number(limit, decimals)};
  }
  return pair;
}

std::string to_text(Watts w) { return number(w.value, 1) + " W"; }
std::string to_text(Volts v) { return number(v.value, 2) + " V"; }
std::string to_text(Amps a) { return number(a.value, 1) + " A"; }
std::string to_text(Millimetres mm) { return number(mm.value, 1) + " mm"; }
std::string to_text(Decibels db) { return number(db.value, 1) + " dB"; }
std::string to_text(GigabytesPerSecond b) { return number(b.value, 1) + " GB/s"; }
std::string to_text(Celsius t) { return number(t.value, 1) + " °C"; }
std::string to_text(Lanes l) { return fmt::format("x{}", l.value); }
std::string to_text(PcieGen g) { return fmt::format("gen{}", static_cast<int>(g)); }
std::string to_text(const Money& m) { return number(m.amount, 2) + " " + m.currency; }

std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > word.size() + least || word.size() > candidate.size() + least) continue;
    const std::size_t d = distance(word, candidate);
    if (d >= least) continue;
    least = d;
    best = candidate;
  }
  return best;
}

std::string listed(std::span<const std::string> ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) text += i + 1 == ids.size() ? " and " : ", ";
    text += "`" + ids[i] + "`";
  }
  return text;
}

std::string owner_of(std::string_view address) {
  return std::string(address.substr(0, address.find('.')));
}

std::string xml_attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

std::size_t character_length(std::string_view text, std::size_t i) {
  // The well-formed sequences of RFC 3629, section 4: range of the first byte, of the second,
  // length. Further bytes are 80 to BF.
  struct Form {
    unsigned char first_low, first_high, second_low, second_high;
    std::size_t length;
  };
  static constexpr std::array<Form, 9> forms = {{{0x00, 0x7F, 0, 0, 1},
                                                 {0xC2, 0xDF, 0x80, 0xBF, 2},
                                                 {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                                 {0xE1, 0xEC, 0x80, 0xBF, 3},
                                                 {0xED, 0xED, 0x80, 0x9F, 3},
                                                 {0xEE, 0xEF, 0x80, 0xBF, 3},
                                                 {0xF0, 0xF0, 0x90, 0xBF, 4},
                                                 {0xF1, 0xF3, 0x80, 0xBF, 4},
                                                 {0xF4, 0xF4, 0x80, 0x8F, 4}}};
  const auto is_between = [&](std::size_t k, unsigned char low, unsigned char high) {
    const auto byte = static_cast<unsigned char>(text[i + k]);
    return low <= byte && byte <= high;
  };
  for (const Form& form : forms) {
    if (!is_between(0, form.first_low, form.first_high)) continue;
    if (i + form.length > text.size()) return 0;
    if (form.length > 1 && !is_between(1, form.second_low, form.second_high)) return 0;
    for (std::size_t k = 2; k < form.length; ++k) {
      if (!is_between(k, 0x80, 0xBF)) return 0;
    }
    return form.length;
  }
  return 0;
}

std::string printable(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    const auto lead = static_cast<unsigned char>(text[i]);
    // The second block of control characters is U+0080 to U+009F: C2 80 to C2 9F.
    const bool second_block =
        lead == 0xC2 && length == 2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (text[i] == '\n' || text[i] == '\r') {
      out += ' ';
    } else if (length == 0 || second_block || lead == 0x7F || (lead < 0x20 && lead != '\t')) {
      out += replacement;
    } else {
      out += text.substr(i, length);
    }
    i += std::max<std::size_t>(1, length);
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t n = 0; n < most && end < text.size(); ++n) {
    end += std::max<std::size_t>(1, character_length(text, end));
  }
  if (end >= text.size()) return std::string(text);
  return std::string(text.substr(0, end)) + "…";
}

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const std::size_t m = digits_at(a, i);
    const std::size_t n = digits_at(b, j);
    if (m == 0 || n == 0) {
      if (a[i] != b[j]) {
        return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      }
      ++i;
      ++j;
      continue;
    }
    const auto trimmed = [](std::string_view digits) {
      return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
    };
    const std::string_view x = trimmed(a.substr(i, m));
    const std::string_view y = trimmed(b.substr(j, n));
    if (x.size() != y.size()) return x.size() < y.size();
    if (x != y) return x < y;
    i += m;
    j += n;
  }
  if (i < a.size() || j < b.size()) return i >= a.size();
  return a < b;  // equal but for leading zeros: any fixed order will do
}

}  // namespace rigtopo
