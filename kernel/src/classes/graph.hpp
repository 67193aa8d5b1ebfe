// SPDX-License-Identifier: BSD-3-Clause
// The Graph object without a screen: it keeps its lines, labels and ranges, and can write them as text.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/object.hpp"

namespace nrn {

class Graph final : public Object, public Holder {
  public:
    explicit Graph(Class& cls) : Object(cls) {}

    struct Line {
        std::string label;
        int color = 1, brush = 1;
        std::vector<double> x, y;
        // What plot(x) adds to the line, if it follows something.
        RefPtr variable;
        std::string expression;
        CallablePtr evaluate;   // of `expression`, in the scope of the object that was given with it
        bool broken = false;    // the expression failed: it is left alone
        [[nodiscard]] bool follows() const { return variable || !expression.empty(); }
    };
    struct Mark { double x, y; char style; double size; int color; };
    struct Label { double x, y; std::string text; };

    /// The line that `line(x, y)` continues.
    Line& begin_line(std::string label);
    Line& current_line();
    /// Writes each line as a table of x and y.
    [[nodiscard]] std::string text() const;

    std::vector<std::unique_ptr<Line>> lines;
    std::vector<Mark> marks;
    std::vector<Label> labels;
    double size[4] = {0, 200, 0, 100};  // x from, x to, y from, y to
    int color = 1, brush = 1;
    long current = -1;
    bool simulation = false;            // simgraph: plots while cvode runs
    std::string save_name;
    std::string x_expression;
    CallablePtr crosshair;

    void visit_held(HeldVisitor& visitor) const override {
        for (const auto& line : lines) {
            visitor.visit(line->variable);
            visitor.visit(line->evaluate);
        }
        visitor.visit(crosshair);
    }
};

}  // namespace nrn
