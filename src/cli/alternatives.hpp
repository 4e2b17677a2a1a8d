// What a person reads beside the best layout: the next best ones, the points of a front, why a
// device is not on a port, and what would make an infeasible rig work.
#pragma once

#include <string>

#include "check/check.hpp"
#include "solve/repairs.hpp"
#include "solve/why.hpp"

namespace rigtopo {

/// A line a layout after the first: what it is worse in, and how it differs. Empty when no more
/// than one is wanted.
std::string alternatives_summary(const Project& project, const SolveResult& result,
                                 std::size_t wanted);

/// A table of the points of a front, and for each what is gained and given up beside the one
/// before.
std::string front_summary(const SolveResult& result, const std::vector<Wish>& front);

/// Changes that make an infeasible rig work, each with its place in the spec and what the check
/// warns of then; `checks` has one for each.
std::string repairs_summary(const std::vector<Repair>& repairs,
                            const std::vector<CheckResult>& checks, std::string_view currency);

/// The answer to `--why`, in words.
std::string why_summary(const WhyAnswer& answer, const SourceMap& sources, bool colour);

}  // namespace rigtopo
