// What a person reads of several layouts: the next best ones, the points of a front, and why a
// device is not on a port.
#pragma once

#include <string>

#include "solve/why.hpp"

namespace rigtopo {

/// A line a layout after the first: what it is worse in, and how it differs. Empty when there is
/// one layout only.
std::string alternatives_summary(const SolveResult& result);

/// A table of the points of a front, and for each what is gained and given up beside the one
/// before.
std::string front_summary(const SolveResult& result, const std::vector<Wish>& front);

/// The answer to `--why`, in words.
std::string why_summary(const WhyAnswer& answer, const SourceMap& sources, bool colour);

}  // namespace rigtopo
