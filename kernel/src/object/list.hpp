// SPDX-License-Identifier: BSD-3-Clause
// The List object: objects in order. Its methods are in classes/list.cpp.
#pragma once
#include <boost/container/deque.hpp>

#include "nrn/api/object.hpp"

namespace nrn {

/// Scripts use Lists as queues: taken from both ends at once. An empty one has no memory of its own.
using Objects = boost::container::deque<ObjectPtr, void, boost::container::deque_options_t<boost::container::block_size<32U>>>;

class List : public Object {
  public:
    explicit List(Class& cls) : Object(cls) {}
    Objects items;
};

}  // namespace nrn
