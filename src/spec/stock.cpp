// What is there and what may be bought: `stock:` rows to parts with amounts and prices, supplies to
// single units, and one currency for all. What is best bought is decided in solve/.
#include <algorithm>
#include <array>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "spec/loading.hpp"

namespace rigtopo {

namespace {

constexpr int most_pieces = 1000;
// A unit that may be bought is a variable of the search; nobody puts more than 8 of one supply into
// a rig of 8 cards.
constexpr int most_supplies_each = 8;
constexpr std::array<std::string_view, 7> stock_kinds{"riser", "supply",   "breakout", "cable",
                                                      "cord",  "expander", "bridge"};

bool is_stock_kind(std::string_view kind) {
  return std::find(stock_kinds.begin(), stock_kinds.end(), kind) != stock_kinds.end();
}

std::string stock_kind_list() {
  std::vector<std::string> ids(stock_kinds.begin(), stock_kinds.end());
  return listed(ids);
}

bool no_more_to_buy(const StockRow& row) { return row.buy.known() && *row.buy == Buy::none; }

/// Amounts and price of a row; false when nothing of it can be used.
bool set_amounts(const StockRow& row, StockUse& use, Loading& l) {
  check_between(row.owned, "owned", 0, most_pieces, l.out);
  check_between(row.max, "max", 0, most_pieces, l.out);
  use.owned = row.owned.value_or(0);
  if (row.max.known()) {
    use.max = *row.max;
  } else if (no_more_to_buy(row) || (row.owned.known() && !row.buy.known())) {
    use.max = use.owned;
  }
  if (row.max.known() && use.owned > *row.max) {
    l.out.report(
        codes::contradictory, row.max.at,
        "`max` is " + std::to_string(*row.max) + "; " + std::to_string(use.owned) + " are owned",
        "`max` counts the owned ones too");
  }
  if (row.max.known() && no_more_to_buy(row) && *row.max > use.owned) {
    l.out.report(codes::contradictory, row.buy.at,
                 "`buy: none`, and `max` is more than the " + std::to_string(use.owned) + " owned");
  }
  const bool may_buy = !use.max || *use.max > use.owned;
  if (use.owned == 0 && may_buy && !use.price.known()) {
    l.out.report(codes::missing_key, row.at,
                 "`" + use.part_id + "` is neither owned nor has a price, so it can't be used",
                 "add `owned:` or `price:`");
    return false;
  }
  return use.owned > 0 || may_buy;
}

void add_part_row(const StockRow& row, int index, Loading& l) {
  const PartPtr part = l.written(*row.part, row.but ? &*row.but : nullptr, "");
  if (part == nullptr) return;
  StockUse use;
  use.row = index;
  use.kind = kind_of(*part);
  use.holder = part;
  use.part_id = base_of(*part).id;
  use.at = row.at;
  use.price = row.price.known() ? row.price : base_of(*part).price;
  if (!is_stock_kind(use.kind)) {
    l.out.report(
        codes::wrong_kind, row.part->value.at,
        "`" + use.part_id + "` is a part of kind `" + use.kind + "`; stock holds " +
            stock_kind_list(),
        std::holds_alternative<Device>(*part) ? "cards and drives go under `devices:`" : "");
    return;
  }
  if (row.breakout.known() && use.kind != "supply") {
    l.out.report(codes::contradictory, row.breakout.at,
                 "`breakout` on a part of kind `" + use.kind + "`; it belongs on supplies");
  } else if (row.breakout.known()) {
    if (l.named(row.breakout, "breakout") != nullptr) use.breakout = *row.breakout;
  }
  if (set_amounts(row, use, l)) l.project.stock.push_back(std::move(use));
}

/// A row that limits how many of a part may be used holds against `buy: any` too.
bool limited_by_row(const Project& project, std::string_view id) {
  return std::any_of(project.stock.begin(), project.stock.end(), [&](const StockUse& use) {
    if (use.row < 0) return use.part_id == id;  // an earlier `buy: any`
    const StockRow& row = project.spec.stock[static_cast<std::size_t>(use.row)];
    return use.part_id == id && (!use.max || row.max.known() || no_more_to_buy(row));
  });
}

void add_kind_row(const StockRow& row, Loading& l) {
  for (const std::string& id : l.catalog.index().ids(*row.kind)) {
    if (limited_by_row(l.project, id)) continue;
    const PartPtr part = l.named(Fact<std::string>(id, row.at), *row.kind);
    if (part == nullptr || !base_of(*part).price.known()) continue;
    StockUse use;
    use.kind = *row.kind;
    use.holder = part;
    use.part_id = id;
    use.price = base_of(*part).price;
    use.at = row.at;
    l.project.stock.push_back(std::move(use));
  }
}

/// `kind:` rows say `buy:` and nothing else.
bool check_kind_row(const StockRow& row, Diagnostics& out) {
  if (!is_stock_kind(*row.kind)) {
    const bool known = find_kind(*row.kind) != nullptr;
    const std::vector<std::string> ids(stock_kinds.begin(), stock_kinds.end());
    out.report(known ? codes::wrong_kind : codes::unknown_choice, row.kind.at,
               "`" + *row.kind + "` is no kind of part that stock holds: " + stock_kind_list(),
               suggestion(*row.kind, ids));
    return false;
  }
  if (!row.buy.known()) {
    if (!row.buy.at.known()) {
      out.report(codes::missing_key, row.at, "`buy` is missing beside `kind: " + *row.kind + "`",
                 "write `{kind: " + *row.kind + ", buy: any}`");
    }
    return false;
  }
  if (row.but || row.owned.known() || row.max.known() || row.price.known() ||
      row.breakout.known()) {
    out.report(codes::contradictory, row.at,
               "a row with `kind:` stands for many parts; it takes `buy` and nothing else",
               "name one part with `part:` instead");
    return false;
  }
  return true;
}

void add_row(const StockRow& row, int index, Loading& l) {
  if (row.part && row.kind.known()) {
    l.out.report(codes::contradictory, row.kind.at,
                 "a row of stock has `part:` or `kind:`, not both");
  } else if (row.part) {
    add_part_row(row, index, l);
  } else if (row.kind.known()) {
    if (check_kind_row(row, l.out) && *row.buy == Buy::any) add_kind_row(row, l);
  } else if (!row.kind.at.known()) {
    l.out.report(codes::missing_key, row.at, "`part` is missing in a row of stock",
                 "write `{part: ..., owned: 1}`, or `{kind: riser, buy: any}`");
  }
}

// ---- supplies
// --------------------------------------------------------------------------------------

bool fits(const Breakout& breakout, const Supply& supply) {
  return std::any_of(breakout.fits.begin(), breakout.fits.end(), [&](const Fact<SupplyType>& type) {
    return type.known() && supply.type.known() && *type == *supply.type;
  });
}

/// Breakout boards of stock, handed out to supplies that have no outputs and name none.
class Breakouts {
 public:
  explicit Breakouts(const Project& project) {
    for (const StockUse& use : project.stock) {
      if (use.kind != "breakout") continue;
      const bool buyable = use.price.known();
      left_.push_back({&use, use.owned, !buyable ? use.owned : use.max.value_or(most_pieces)});
    }
  }

  PartPtr take(const Supply& supply, bool owned) {
    for (Left& left : left_) {
      int& amount = owned && left.owned > 0 ? left.owned : left.all;
      if (left.all < 1 || amount < 1 || !fits(std::get<Breakout>(*left.use->holder), supply)) {
        continue;
      }
      if (&amount == &left.owned) --left.owned;
      --left.all;
      return left.use->holder;
    }
    return nullptr;
  }

 private:
  struct Left {
    const StockUse* use;
    int owned;
    int all;
  };
  std::vector<Left> left_;
};

/// The breakout a unit carries: its pin, its row, or the first of stock that fits.
PartPtr breakout_for(const SupplyUse& unit, const StockUse& use, Breakouts& breakouts, Loading& l) {
  Fact<std::string> wanted;
  if (!use.breakout.empty()) {
    const StockRow& row = l.project.spec.stock[static_cast<std::size_t>(use.row)];
    wanted = row.breakout;
  }
  for (const auto& [id, pin] : l.project.spec.pins) {
    if (id.known() && *id == unit.id && pin.breakout.known()) wanted = pin.breakout;
  }
  if (!wanted.known()) {
    return unit.part->outputs.empty() ? breakouts.take(*unit.part, unit.owned) : nullptr;
  }
  PartPtr part = l.named(wanted, "breakout");
  if (part != nullptr && !fits(std::get<Breakout>(*part), *unit.part)) {
    l.out.report(codes::contradictory, wanted.at,
                 "the breakout `" + *wanted + "` does not fit `" + use.part_id +
                     "`, a supply of type " +
                     (unit.part->type.known() ? std::string(word(*unit.part->type)) : "unknown"));
    return nullptr;
  }
  return part;
}

void add_supplies(Loading& l) {
  Breakouts breakouts(l.project);
  for (std::size_t i = 0; i < l.project.stock.size(); ++i) {
    const StockUse& use = l.project.stock[i];
    if (use.kind != "supply") continue;
    const int more = use.price.known() ? use.max.value_or(most_supplies_each) : use.owned;
    const int units = std::max(std::min(use.owned, 64), std::min(more, most_supplies_each));
    for (int n = 0; n < units; ++n) {
      SupplyUse unit;
      unit.id = "psu" + std::to_string(l.project.supplies.size());
      unit.holder = use.holder;
      unit.part = &std::get<Supply>(*use.holder);
      unit.stock = static_cast<int>(i);
      unit.owned = n < use.owned;
      unit.at = use.at;
      unit.breakout_holder = breakout_for(unit, use, breakouts, l);
      if (unit.breakout_holder != nullptr) {
        unit.breakout = &std::get<Breakout>(*unit.breakout_holder);
      }
      l.project.supplies.push_back(std::move(unit));
    }
  }
}

/// Expanders are placed by pins alone, so a bought one is no choice of the search.
void add_expanders(Loading& l) {
  for (std::size_t i = 0; i < l.project.stock.size(); ++i) {
    const StockUse& use = l.project.stock[i];
    if (use.kind != "expander") continue;
    const int more = use.price.known() ? use.max.value_or(most_supplies_each) : use.owned;
    const int units = std::max(std::min(use.owned, 64), std::min(more, most_supplies_each));
    for (int n = 0; n < units; ++n) {
      ExpanderUse unit;
      unit.id = "sw" + std::to_string(l.project.expanders.size());
      unit.holder = use.holder;
      unit.part = &std::get<Expander>(*use.holder);
      unit.stock = static_cast<int>(i);
      unit.owned = n < use.owned;
      unit.at = use.at;
      l.project.expanders.push_back(std::move(unit));
    }
  }
}

/// Sums of money mean something in one currency only.
void check_currency(Loading& l) {
  const Fact<Money>* first = nullptr;
  for (const StockUse& use : l.project.stock) {
    const bool may_buy = !use.max || *use.max > use.owned;
    if (!may_buy || !use.price.known()) continue;
    const std::string currency = use.price->currency;
    if (first == nullptr) {
      first = &use.price;
      l.project.currency = currency;
    } else if (currency != l.project.currency) {
      const bool written_here = use.price.at.file == l.project.file_id;
      l.out
          .report(codes::contradictory, written_here ? use.price.at : use.at,
                  "`" + use.part_id + "` costs " + to_text(*use.price) + ", another price is in " +
                      l.project.currency,
                  "write `price:` in " + l.project.currency + " on its row of `stock:`")
          .labels.push_back({first->at, "the other price"});
      return;
    }
  }
}

}  // namespace

void load_stock(Loading& loading) {
  const std::vector<StockRow>& rows = loading.project.spec.stock;
  for (std::size_t i = 0; i < rows.size(); ++i) add_row(rows[i], static_cast<int>(i), loading);
  loading.project.currency = "USD";
  check_currency(loading);
  add_supplies(loading);
  add_expanders(loading);
}

}  // namespace rigtopo
