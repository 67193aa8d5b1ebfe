// SPDX-License-Identifier: BSD-3-Clause
// The List object: objects in order. Its methods are in classes/list.cpp.
#pragma once
#include <vector>

#include "nrn/api/object.hpp"

namespace nrn {

class List : public Object {
  public:
    explicit List(Class& cls) : Object(cls) {}
    std::vector<ObjectPtr> items;
};

}  // namespace nrn
