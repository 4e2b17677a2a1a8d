// Palette, style sheet, text metrics.
#include "render/style.hpp"

#include <array>
#include <cmath>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace rigtopo {
namespace {

struct ColorRow {
  Color color;
  std::string_view light;
  std::string_view dark;
};

// Hues after Okabe and Ito (safe for colour-blind readers), purple darkened for contrast; brown,
// olive and slate are added for supplies beyond four.
constexpr std::array color_rows{
    ColorRow{Color::none, "none", "none"},
    ColorRow{Color::ink, "#1b1f24", "#e8ecf0"},
    ColorRow{Color::paper, "#ffffff", "#11161c"},
    ColorRow{Color::panel, "#f4f6f8", "#1a2129"},
    ColorRow{Color::line, "#8a929b", "#7d8793"},
    ColorRow{Color::muted, "#57606a", "#a9b3bd"},
    ColorRow{Color::track, "#e1e5e9", "#333c46"},
    ColorRow{Color::blue, "#0072b2", "#4ea8e0"},
    ColorRow{Color::orange, "#e69f00", "#f2b530"},
    ColorRow{Color::green, "#009e73", "#2fc79b"},
    ColorRow{Color::vermillion, "#d55e00", "#ff8a3d"},
    ColorRow{Color::alarm, "#a84300", "#ff9a55"},
    ColorRow{Color::purple, "#aa4499", "#dd86cf"},
    ColorRow{Color::sky, "#56b4e9", "#7cc8f4"},
    ColorRow{Color::brown, "#8c510a", "#cf9a5b"},
    ColorRow{Color::olive, "#6b7a00", "#b3c24a"},
    ColorRow{Color::slate, "#3d4f7c", "#93a7dc"},
    ColorRow{Color::blue_tint, "#dcebf5", "#17324a"},
    ColorRow{Color::orange_tint, "#fcefcf", "#45350c"},
    ColorRow{Color::green_tint, "#d5efe6", "#103d31"},
    ColorRow{Color::vermillion_tint, "#fbe3d3", "#4d2812"},
    ColorRow{Color::purple_tint, "#f1dfee", "#43233d"},
    ColorRow{Color::sky_tint, "#e2f1fb", "#1b3a4d"},
    ColorRow{Color::brown_tint, "#f3e6d3", "#42301a"},
    ColorRow{Color::olive_tint, "#eef1d2", "#363c12"},
    ColorRow{Color::slate_tint, "#e3e8f3", "#27304a"},
};

const ColorRow& row_of(Color c) {
  for (const ColorRow& row : color_rows) {
    if (row.color == c) return row;
  }
  RIGTOPO_ASSERT(false && "every colour has a row");
  return color_rows.front();
}

// Dashes differ from one another and from the ones of degraded and open links.
constexpr std::array supply_marks{
    SupplyMark{Color::blue, Color::blue_tint, "", "", "solid"},
    SupplyMark{Color::orange, Color::orange_tint, "dash-2", "12 5", "dashed"},
    SupplyMark{Color::green, Color::green_tint, "dash-3", "10 3 2 3", "dash-dot"},
    SupplyMark{Color::purple, Color::purple_tint, "dash-4", "3 3", "dotted"},
    SupplyMark{Color::sky, Color::sky_tint, "dash-5", "18 4", "long-dashed"},
    SupplyMark{Color::brown, Color::brown_tint, "dash-6", "10 3 2 3 2 3", "dash-dot-dot"},
    SupplyMark{Color::olive, Color::olive_tint, "dash-7", "5 6", "wide-dotted"},
    SupplyMark{Color::slate, Color::slate_tint, "dash-8", "14 3 5 3", "long-short"},
};

constexpr std::array pairs{
    TextPair{Color::ink, Color::paper},
    TextPair{Color::ink, Color::panel},
    TextPair{Color::muted, Color::paper},
    TextPair{Color::muted, Color::panel},
    TextPair{Color::alarm, Color::paper},
    TextPair{Color::alarm, Color::panel},
    TextPair{Color::ink, Color::blue_tint},
    TextPair{Color::muted, Color::blue_tint},
    TextPair{Color::alarm, Color::blue_tint},
    TextPair{Color::ink, Color::orange_tint},
    TextPair{Color::muted, Color::orange_tint},
    TextPair{Color::alarm, Color::orange_tint},
    TextPair{Color::ink, Color::green_tint},
    TextPair{Color::muted, Color::green_tint},
    TextPair{Color::alarm, Color::green_tint},
    TextPair{Color::ink, Color::vermillion_tint},
    TextPair{Color::muted, Color::vermillion_tint},
    TextPair{Color::alarm, Color::vermillion_tint},
    TextPair{Color::ink, Color::purple_tint},
    TextPair{Color::muted, Color::purple_tint},
    TextPair{Color::alarm, Color::purple_tint},
    TextPair{Color::ink, Color::sky_tint},
    TextPair{Color::muted, Color::sky_tint},
    TextPair{Color::alarm, Color::sky_tint},
    TextPair{Color::ink, Color::brown_tint},
    TextPair{Color::muted, Color::brown_tint},
    TextPair{Color::alarm, Color::brown_tint},
    TextPair{Color::ink, Color::olive_tint},
    TextPair{Color::muted, Color::olive_tint},
    TextPair{Color::alarm, Color::olive_tint},
    TextPair{Color::ink, Color::slate_tint},
    TextPair{Color::muted, Color::slate_tint},
    TextPair{Color::alarm, Color::slate_tint},
};

void add_dash(std::string& css, std::string_view name, std::string_view array) {
  if (name.empty()) return;
  css += "." + std::string(name) + ">path,path." + std::string(name) +
         "{stroke-dasharray:" + std::string(array) + "}\n";
}

void add_dark(std::string& css, std::string_view light, std::string_view dark) {
  for (const std::string_view attribute : {"fill", "stroke"}) {
    css += "svg [" + std::string(attribute) + "=\"" + std::string(light) + "\"]{" +
           std::string(attribute) + ":" + std::string(dark) + "}";
  }
  css += "\n";
}

// Advance widths of Arial in thousandths of the size, ' ' to '~': the figures of the Helvetica
// metrics published with PostScript, which Graphviz estimates with, too.
constexpr std::array<int, 95> advance{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

constexpr std::array<int, 95> bold_advance{
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584};

/// Characters outside ASCII that the pictures write themselves; others count as wide.
int advance_of(char32_t c, bool bold) {
  if (c >= 0x20 && c < 0x7f) {
    return (bold ? bold_advance : advance)[static_cast<std::size_t>(c - 0x20)];
  }
  switch (c) {
    case 0xa0:  // no-break space
    case 0xb7:  // middle dot
      return 278;
    case 0xb0:
      return 400;  // degree
    case 0xd7:
      return 584;  // multiplication sign
    case 0x2265:
      return 549;  // greater or equal
    case 0x2026:
      return 1000;  // ellipsis
    default:
      return c < 0x2e80 ? 760 : 1000;
  }
}

struct Decoded {
  char32_t character = 0xfffd;
  std::size_t length = 1;
};

/// Next character of `text`; U+FFFD and one byte where it is not UTF-8.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : (lead >= 0xe0 ? 3 : 2);
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  char32_t c = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    c = (c << 6) | (byte(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = c >= 0xd800 && c <= 0xdfff;
  if (c < least[length] || surrogate || c > 0x10ffff) return {};
  return {c, length};
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c & 0xfffe) == 0xfffe ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string_view hex(Color c) { return row_of(c).light; }
std::string_view dark_hex(Color c) { return row_of(c).dark; }

std::string style_sheet() {
  std::string css =
      "text{font-family:Arial,'Liberation Sans',Helvetica,sans-serif;white-space:pre}\n";
  for (const SupplyMark& mark : supply_marks) add_dash(css, mark.css_class, mark.dash_array);
  add_dash(css, degraded_class, degraded_dash);
  add_dash(css, open_class, open_dash);
  css += "@media screen and (prefers-color-scheme:dark){\n";
  for (const ColorRow& row : color_rows) {
    if (row.color != Color::none) add_dark(css, row.light, row.dark);
  }
  return css + "}\n";
}

std::span<const TextPair> text_pairs() { return pairs; }

const SupplyMark& supply_mark(int index) {
  RIGTOPO_ASSERT(index >= 0);
  return supply_marks[static_cast<std::size_t>(index) % supply_marks.size()];
}

Color generation_color(PcieGen g) {
  switch (g) {
    case PcieGen::gen1:
      return Color::olive;
    case PcieGen::gen2:
      return Color::brown;
    case PcieGen::gen3:
      return Color::orange;
    case PcieGen::gen4:
      return Color::blue;
    case PcieGen::gen5:
      return Color::green;
    case PcieGen::gen6:
      return Color::purple;
  }
  return Color::line;
}

double lane_width(int lanes) {
  if (lanes >= 16) return 4.5;
  return lanes >= 8 ? 3 : 1.6;
}

double text_width(std::string_view text, double size, bool bold) {
  int sum = 0;
  while (!text.empty()) {
    const Decoded next = decode(text);
    sum += advance_of(next.character, bold);
    text.remove_prefix(next.length);
  }
  return sum * size / 1000;
}

std::string coordinate(double value) { return number(value, 2); }

std::string drawable_xml(std::string_view text) { return xml_escaped(drawable(text)); }

std::string drawable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.character == 0xfffd) {
      out += "\xef\xbf\xbd";
    } else if (next.character == '\n' || next.character == '\t') {
      out += ' ';
    } else if (!is_control(next.character)) {
      out += text.substr(0, next.length);
    }
    text.remove_prefix(next.length);
  }
  return out;
}

std::string safe_id(std::string_view name) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string id;
  for (const char c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '.' || c == '-' || c == '_';
    if (plain) {
      id += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    id += '_';
    id += digits[byte >> 4];
    id += digits[byte & 0xf];
  }
  return id;
}

std::string watt_number(Watts w) { return number(w.value, std::fabs(w.value) < 100 ? 1 : 0); }

}  // namespace rigtopo
