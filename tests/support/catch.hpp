// One include for Catch2 v2 (Debian 12) and v3; write to the common subset only.
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#define RIGTOPO_CATCH 3
#else
#include <catch2/catch.hpp>
#define RIGTOPO_CATCH 2
#endif
