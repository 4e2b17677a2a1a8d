// Encodings: pairwise and totalizer for counts, reduced ordered decision diagrams with interval
// memo for weighted sums (Abio et al. 2012). All in one polarity: a sum may look larger than it is,
// never smaller.
#include "solve/formula.hpp"

#include <algorithm>
#include <limits>

#include "solve/plain_model.hpp"

namespace rigtopo {

/// Counts and sums are recorded as they are; else (when recording) as the clauses they become.
bool Formula::records_sums() const { return model_ != nullptr && !model_->encoded; }

std::vector<Lit> Formula::fresh(std::size_t count) {
  std::vector<Lit> lits(count);
  for (Lit& l : lits) l = fresh();
  return lits;
}

DemandId Formula::demand(Demand d) {
  if (accepted_ && accepted_(d)) return waived;
  const std::string key = d.code + "\n" + std::to_string(static_cast<int>(d.at.file)) + ":" +
                          std::to_string(d.at.line) + ":" + std::to_string(d.at.column) + "\n" +
                          d.words;
  const auto [it, is_new] = known_.emplace(key, static_cast<DemandId>(demands_.size()));
  if (is_new) {
    demands_.push_back(std::move(d));
    selectors_.push_back(fresh());
    if (all_ != 0) implies({all_}, {selectors_.back()});
  }
  return it->second;
}

Lit Formula::all_demands() {
  if (all_ == 0) {
    all_ = fresh();
    for (const Lit s : selectors_) implies({all_}, {s});
  }
  return all_;
}

void Formula::clause(std::vector<Lit> lits, DemandId id) {
  if (id == waived) return;
  if (model_ != nullptr) {
    model_->clauses.push_back(std::move(lits));
    return;
  }
  if (id != always) lits.push_back(-selector(id));
  sat_.clause(lits);
}

void Formula::implies(const std::vector<Lit>& all, const std::vector<Lit>& any, DemandId id) {
  std::vector<Lit> lits = any;
  for (const Lit l : all) lits.push_back(-l);
  clause(std::move(lits), id);
}

void Formula::at_most_one(const std::vector<Lit>& lits, DemandId id) {
  if (lits.size() <= 6 && !records_sums()) {
    for (std::size_t i = 0; i < lits.size(); ++i) {
      for (std::size_t k = i + 1; k < lits.size(); ++k) clause({-lits[i], -lits[k]}, id);
    }
    return;
  }
  at_most(lits, 1, id);
}

void Formula::exactly_one(const std::vector<Lit>& lits, DemandId id) {
  clause(lits, id);
  at_most_one(lits, id);
}

std::vector<Lit> Formula::counter(const std::vector<Lit>& lits, std::size_t up_to) {
  if (lits.size() <= 1 || up_to == 0) {
    return up_to == 0 ? std::vector<Lit>{} : lits;
  }
  if (records_sums()) {
    std::vector<Lit> counted = fresh(std::min(up_to, lits.size()));
    model_->count(lits, counted);
    return counted;
  }
  const auto middle = lits.begin() + static_cast<std::ptrdiff_t>(lits.size() / 2);
  const std::vector<Lit> a = counter({lits.begin(), middle}, up_to);
  const std::vector<Lit> b = counter({middle, lits.end()}, up_to);
  std::vector<Lit> out(std::min(up_to, a.size() + b.size()));
  for (Lit& l : out) l = fresh();
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t k = 0; k <= b.size(); ++k) {
      if (i + k == 0 || i + k > out.size()) continue;
      std::vector<Lit> both;
      if (i > 0) both.push_back(a[i - 1]);
      if (k > 0) both.push_back(b[k - 1]);
      implies(both, {out[i + k - 1]});
    }
  }
  for (std::size_t j = 1; j < out.size(); ++j) implies({out[j]}, {out[j - 1]});
  return out;
}

void Formula::at_most(const std::vector<Lit>& lits, std::size_t n, DemandId id) {
  if (lits.size() <= n || id == waived) return;
  if (records_sums()) {
    model_->at_most({{1, lits}}, static_cast<long>(n), {});
    return;
  }
  if (n == 0) {
    for (const Lit l : lits) clause({-l}, id);
    return;
  }
  clause({-counter(lits, n + 1).at(n)}, id);
}

void Formula::at_least(const std::vector<Lit>& lits, std::size_t n, DemandId id) {
  if (n == 0) return;
  if (n > lits.size()) {
    clause({}, id);
    return;
  }
  std::vector<Lit> missing;
  for (const Lit l : lits) missing.push_back(-l);
  at_most(missing, lits.size() - n, id);
}

/// Decision diagram of one sum, with one branch for each value of a count. A node stands for "the
/// terms from `index` on fit into what is left"; all amounts left within its interval give the same
/// node. Built first and written as clauses afterwards, since it may turn out too large.
class Formula::Diagram {
 public:
  Diagram(const std::vector<Term>& terms, std::size_t most_nodes)
      : terms_(terms), most_nodes_(most_nodes), memo_(terms.size() + 1) {
    rest_.assign(terms_.size() + 1, 0);
    for (std::size_t i = terms_.size(); i-- > 0;) {
      rest_[i] = rest_[i + 1] + terms_[i].weight * static_cast<long>(terms_[i].count.size());
    }
  }

  struct Node {
    enum Kind { no, yes, inner } kind = no;
    std::size_t place = 0;  // in inner_
    long least = 0;         // interval of amounts left
    long most = 0;
    bool same_as(const Node& other) const { return kind == other.kind && place == other.place; }
  };

  Node build(std::size_t index, long left) {
    if (left < 0) return {Node::no, 0, -infinity, -1};
    if (left >= rest_[index]) return {Node::yes, 0, rest_[index], infinity};
    const auto known = memo_[index].upper_bound(left);
    if (known != memo_[index].begin() && left <= std::prev(known)->second.most) {
      return std::prev(known)->second;
    }
    const Term& term = terms_[index];
    std::vector<Node> children;
    Node node{Node::inner, 0, -infinity, infinity};
    for (std::size_t n = 0; n <= term.count.size(); ++n) {
      if (too_large()) return node;
      const long used = term.weight * static_cast<long>(n);
      children.push_back(build(index + 1, left - used));
      const Node& child = children.back();
      if (child.least > -infinity) node.least = std::max(node.least, child.least + used);
      if (child.most < infinity) node.most = std::min(node.most, child.most + used);
    }
    if (std::all_of(children.begin(), children.end(),
                    [&](const Node& c) { return c.same_as(children.front()); })) {
      node.kind = children.front().kind;
      node.place = children.front().place;
    } else {
      node.place = inner_.size();
      inner_.push_back({index, std::move(children)});
    }
    memo_[index].emplace(node.least, node);
    return node;
  }

  bool too_large() const { return inner_.size() > most_nodes_; }

  /// Clauses of all nodes; the literal of the last one, which is the root.
  Lit write(Formula& formula) const {
    std::vector<Lit> lits;
    for (const Inner& node : inner_) {
      lits.push_back(formula.fresh());
      for (std::size_t n = 0; n < node.children.size(); ++n) {
        const Node& child = node.children[n];
        if (child.kind == Node::yes || (n > 0 && child.same_as(node.children[n - 1]))) continue;
        std::vector<Lit> clause{-lits.back()};
        if (n > 0) clause.push_back(-terms_[node.index].count[n - 1]);
        if (child.kind == Node::inner) clause.push_back(lits[child.place]);
        formula.clause(std::move(clause));
      }
    }
    return lits.back();
  }

 private:
  static constexpr long infinity = std::numeric_limits<long>::max() / 4;

  struct Inner {
    std::size_t index = 0;
    std::vector<Node> children;
  };

  const std::vector<Term>& terms_;
  std::size_t most_nodes_;
  std::vector<long> rest_;
  std::vector<std::map<long, Node>> memo_;  // by the least amount left
  std::vector<Inner> inner_;                // children before parents
};

void Formula::weighted_at_most(std::vector<Term> terms, long bound, const std::vector<Lit>& when,
                               DemandId id) {
  if (out_of_time() || id == waived) return;
  std::erase_if(terms, [](const Term& t) { return t.weight <= 0 || t.count.empty(); });
  if (records_sums()) {
    model_->at_most(terms, bound, when);
    return;
  }
  std::stable_sort(terms.begin(), terms.end(),
                   [](const Term& a, const Term& b) { return a.weight > b.weight; });
  Diagram diagram(terms, most_nodes_);
  const Diagram::Node root = diagram.build(0, bound);
  if (diagram.too_large()) {
    watch({std::move(terms), bound, when, id});
  } else if (root.kind == Diagram::Node::no) {
    implies(when, {}, id);
  } else if (root.kind == Diagram::Node::inner) {
    implies(when, {diagram.write(*this)}, id);
  }
}

// ---- sums that are watched
// --------------------------------------------------------------------------------------

void Formula::watch(WatchedSum sum) {
  if (watched_.empty()) sat_.refine_with([this] { return refine(); });
  watched_.push_back(std::move(sum));
}

namespace {

/// How many of a count the last model has.
std::size_t counted(const Sat& sat, const Term& term) {
  std::size_t n = term.count.size();
  while (n > 0 && !sat.value(term.count[n - 1])) --n;
  return n;
}

}  // namespace

/// What of the last model is too much for a sum: as few of each count as are enough for that, the
/// light ones given up first. Empty when the sum holds.
std::vector<Lit> Formula::excess(const WatchedSum& sum) const {
  std::vector<std::size_t> have;
  long total = 0;
  for (const Term& t : sum.terms) {
    have.push_back(counted(sat_, t));
    total += t.weight * static_cast<long>(have.back());
  }
  if (total <= sum.bound) return {};
  std::vector<Lit> much;
  for (std::size_t i = sum.terms.size(); i-- > 0;) {
    const Term& term = sum.terms[i];
    const std::size_t all = have[i];
    for (std::size_t n = 0; n < all; ++n) {
      const long less = total - term.weight * static_cast<long>(all - n);
      if (less <= sum.bound || (n > 0 && !sat_.value(term.count[n - 1]))) continue;
      total = less;
      have[i] = n;
      break;
    }
    if (have[i] > 0) much.push_back(term.count[have[i] - 1]);
  }
  return much;
}

bool Formula::refine() {
  std::vector<std::pair<std::vector<Lit>, DemandId>> lessons;
  for (const WatchedSum& sum : watched_) {
    const bool on = sum.id < 0 || sat_.value(selector(sum.id));
    if (!on ||
        !std::all_of(sum.when.begin(), sum.when.end(), [&](Lit l) { return sat_.value(l); })) {
      continue;
    }
    std::vector<Lit> much = excess(sum);
    if (much.empty()) continue;
    much.insert(much.end(), sum.when.begin(), sum.when.end());
    lessons.emplace_back(std::move(much), sum.id);
  }
  for (const auto& [much, id] : lessons) implies(much, {}, id);
  return !lessons.empty();
}

}  // namespace rigtopo
