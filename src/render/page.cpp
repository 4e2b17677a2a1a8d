// The page around a drawing: title and verdict above, notes, legend and title block below.
#include <algorithm>

#include "base/text.hpp"
#include "render/svg.hpp"

namespace rigtopo {
namespace {

constexpr double page_margin = 20;
constexpr double least_width = 760;
constexpr double block_width = 300;
constexpr double block_height = 52;
constexpr double legend_row = 18;
constexpr double sample_width = 26;

const TextStyle small{9.5, Color::ink, false, Anchor::start};
const TextStyle block_heading{9.5, Color::muted, true, Anchor::start};

double entry_width(const LegendEntry& e) {
  const double sample = e.sample == LegendEntry::Sample::text ? 0 : sample_width + 5;
  return sample + text_width(e.label, small.size) + 16;
}

std::string sample(const LegendEntry& e, double x, double y, std::string_view hatch_id) {
  const double middle = y - 3.5;
  const Rect box{x, y - 9, 22, 11};
  switch (e.sample) {
    case LegendEntry::Sample::line:
      return svg_line(x, middle, x + sample_width, middle, {e.color, e.width, 0, e.dash});
    case LegendEntry::Sample::twin_line:
      return svg_line(x, middle - 1.2, x + sample_width, middle - 1.2,
                      {e.color, e.width, 0, e.dash}) +
             svg_line(x, middle + 1.2, x + sample_width, middle + 1.2,
                      {e.color, e.width, 0, e.dash});
    case LegendEntry::Sample::box:
      return svg_rect(box, e.color, {Color::line, 0.8, 2, ""});
    case LegendEntry::Sample::hatch:
      return svg_rect(box, e.color, {Color::line, 0.8, 2, ""}) + svg_pattern_rect(box, hatch_id);
    case LegendEntry::Sample::text:
      return "";
  }
  return "";
}

struct Legend {
  std::string content;
  double height = 0;
};

Legend draw_legend(const PageText& page, double y, double width) {
  Legend legend;
  if (page.legend.empty()) return legend;
  legend.content = svg_text(page_margin, y + 16, "Legend", block_heading);
  double x = page_margin;
  double line = y + 33;
  for (const LegendEntry& e : page.legend) {
    if (x > page_margin && x + entry_width(e) > page_margin + width) {
      x = page_margin;
      line += legend_row;
    }
    legend.content += sample(e, x, line, page.id + "-hatch");
    const double gap = e.sample == LegendEntry::Sample::text ? 0 : sample_width + 5;
    legend.content += svg_text(x + gap, line, e.label, small);
    x += entry_width(e);
  }
  legend.height = line + 6 - y;
  legend.content = "<g id=\"" + page.id + "-legend\">\n" + legend.content + "</g>\n";
  return legend;
}

std::string draw_block(const PageText& page, const PictureContext& context, double x, double y) {
  const Stroke stroke{Color::line, 0.9, 0, ""};
  const double split = 190;
  const TextStyle key{7, Color::muted, false, Anchor::start};
  const TextStyle value{9.5, Color::ink, false, Anchor::start};
  const TextStyle name{9.5, Color::ink, true, Anchor::start};
  const auto fitted = [](std::string_view text, double width, bool bold) {
    return shortened(text, width, 10, bold);
  };
  const std::string spec = context.spec_file.empty() ? "none" : context.spec_file;
  std::string out = svg_rect({x, y, block_width, block_height}, Color::none, stroke);
  out += svg_line(x, y + 26, x + block_width, y + 26, stroke);
  out += svg_line(x + split, y, x + split, y + block_height, stroke);
  out += svg_text(x + 6, y + 9, "spec", key);
  out += svg_text(x + 6, y + 21, fitted(spec, split - 12, true), name);
  out += svg_text(x + split + 6, y + 9, "drawing", key);
  out += svg_text(x + split + 6, y + 21, page.id, value);
  out += svg_text(x + 6, y + 35, "spec hash", key);
  out += svg_text(x + 6, y + 47, context.spec_sha256.substr(0, 16), value);
  out += svg_text(x + split + 6, y + 35, "made by", key);
  out +=
      svg_text(x + split + 6, y + 47, fitted(context.tool, block_width - split - 12, false), value);
  return "<g id=\"" + page.id + "-titleblock\">\n" + out + "</g>\n";
}

std::string draw_notes(const PageText& page, double y, double width, double& height) {
  std::string out;
  double line = y;
  for (const std::string& note : page.notes) {
    for (const std::string& part : wrapped(drawable(note), width, 10, false)) {
      line += 13;
      out += svg_text(page_margin, line, part, {9.5, Color::alarm, false, Anchor::start});
    }
  }
  height = page.notes.empty() ? 0 : line - y + 8;
  return page.notes.empty() ? "" : "<g id=\"" + page.id + "-notes\">\n" + out + "</g>\n";
}

std::string draw_head(const PageText& page, const PictureContext& context, double width,
                      double& height) {
  double y = page_margin;
  std::string out;
  for (const std::string& part : wrapped(drawable(page.title), width, 16, true)) {
    out += svg_text(page_margin, y + 8, part, {16, Color::ink, true, Anchor::start});
    y += 19;
  }
  const bool bad = !context.verdict.starts_with("pass") && !context.verdict.empty();
  const std::string verdict = shortened(context.verdict, width, 11, true);
  const double used = text_width(verdict, 10.5, true) + 8;
  if (!verdict.empty()) {
    out += svg_text(page_margin, y + 5, verdict,
                    {10.5, bad ? Color::alarm : Color::ink, true, Anchor::start});
  }
  // The summary goes beside the verdict where it fits, else below.
  double x = verdict.empty() ? page_margin : page_margin + used;
  if (x + text_width(page.summary, 10.5) > page_margin + width) {
    x = page_margin;
    y += verdict.empty() ? 0 : 15;
  }
  for (const std::string& part :
       wrapped(drawable(page.summary), page_margin + width - x, 11, false)) {
    out += svg_text(x, y + 5, part, {10.5, Color::muted, false, Anchor::start});
    y += 15;
  }
  height = y;
  return out;
}

std::string open_document(const PageText& page, const PictureContext& context, double width,
                          double height) {
  const std::string id = page.id;
  const std::string w = coordinate(width);
  const std::string h = coordinate(height);
  std::string description = page.summary;
  if (!context.verdict.empty()) description = context.verdict + ". " + description;
  if (!page.spoken.empty()) description += ". " + page.spoken;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<svg xmlns=\"http://www.w3.org/2000/svg\" "
         "xmlns:xlink=\"http://www.w3.org/1999/xlink\" id=\"" +
         id + "\" role=\"img\" aria-labelledby=\"" + id + "-title " + id +
         "-description\" lang=\"en\" width=\"" + w + "pt\" height=\"" + h + "pt\" viewBox=\"0 0 " +
         w + " " + h + "\">\n<title id=\"" + id + "-title\">" + xml_escaped(drawable(page.title)) +
         "</title>\n<desc id=\"" + id + "-description\">" + xml_escaped(drawable(description)) +
         "</desc>\n<style>\n" + style_sheet() + "</style>\n" +
         svg_rect({0, 0, width, height}, Color::paper);
}

}  // namespace

std::string svg_page(const PageText& page, const Drawing& drawing, const PictureContext& context) {
  const double width = std::max(drawing.width + 2 * page_margin, least_width);
  const double inner = width - 2 * page_margin;
  double y = 0;
  std::string body = draw_head(page, context, inner, y);
  y += 4;
  // Drawings hang from the left: what is wider than the page decides its width.
  body += "<g transform=\"translate(" + coordinate(page_margin + (inner - drawing.width) / 2) +
          " " + coordinate(y) + ")\">\n" + drawing.content + "</g>\n";
  y += drawing.height + 8;
  double notes = 0;
  body += draw_notes(page, y, inner, notes);
  y += notes + 6;
  body += svg_line(page_margin, y, width - page_margin, y, {Color::line, 1, 0, ""});
  const Legend legend = draw_legend(page, y, inner - block_width - 20);
  body += legend.content;
  body += draw_block(page, context, width - page_margin - block_width, y + 9);
  const double height = y + std::max(legend.height, block_height + 9) + 14;
  return open_document(page, context, width, height) + body + "</svg>\n";
}

}  // namespace rigtopo
