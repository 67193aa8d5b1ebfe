// SPDX-License-Identifier: BSD-3-Clause
// Running texts, files and the prompt.
#include "hoc_interpreter.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/format.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <unistd.h>

#include "model/model.hpp"
#include "nrn/api/build_tag.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "parser.hpp"
#include "template_class.hpp"

namespace nrn::hoc {
namespace {

/// Something to call later: parsed at the first call, in the scope it was written in.
class Statement final : public Callable {
  public:
    Statement(HocInterpreter& h, std::string text, Object* context) : interpreter_(h), text_(std::move(text)), context_(context) {}
    Value call(CallArgs& args) override {
        interpreter_.execute_text(text_, dynamic_cast<TemplateInstance*>(context_.get()), true, args.values());
        return {};
    }
    [[nodiscard]] std::string name() const override { return text_; }
    [[nodiscard]] Kind kind() const override { return Kind::Procedure; }

  private:
    HocInterpreter& interpreter_;
    std::string text_;
    ObjectPtr context_;
};

std::string read_all(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorKind::Io, fmt::format("the file `{}` cannot be read", file.string()));
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

HocInterpreter::HocInterpreter(Runtime& runtime) : runtime_(runtime) {
    register_language_functions(*this);
    if (const Symbol* epsilon = runtime.scope().find("float_epsilon")) float_epsilon_ = epsilon->data;
}
HocInterpreter::~HocInterpreter() = default;

namespace {

NameOracle oracle_of(Runtime& runtime) {
    return [&runtime](const std::string& name, bool external) {
        const Symbol* s = runtime.scope().find(name);
        return s && (external || s->built_in || s->kind == Symbol::Kind::Class || s->kind == Symbol::Kind::RangeVariable ||
                     (s->kind == Symbol::Kind::Function && s->callable && !dynamic_cast<HocFunction*>(s->callable.get())));
    };
}

}  // namespace

void HocInterpreter::run_text(const std::string& name, const std::string& text, bool stop_at_error) {
    const std::uint32_t source = runtime_.sources().add(name, text);
    auto parser = std::make_shared<Parser>(tokenize(source, text), oracle_of(runtime_));
    auto* pushed = pushed_objects.empty() ? nullptr : static_cast<TemplateInstance*>(pushed_objects.back().get());
    if (pushed) parser->use_template(static_cast<TemplateClass&>(pushed->cls()).shared_body().get());
    InstanceScope scope(*this, pushed, nullptr);
    const std::size_t depth = runtime_.model().stack().depth();
    while (true) {
        try {
            StmtPtr s = parser->next_statement();
            if (!s) return;
            std::shared_ptr<Stmt> kept(std::move(s));
            if (kept->kind == Stmt::Kind::Define || kept->kind == Stmt::Kind::Template) keep(kept);
            top_level_ = true;
            (void)run(*kept);
            // object_push changes whose names the next line means.
            auto* now_pushed = pushed_objects.empty() ? nullptr : static_cast<TemplateInstance*>(pushed_objects.back().get());
            if (now_pushed != pushed) {
                pushed = now_pushed;
                parser->use_template(pushed ? static_cast<TemplateClass&>(pushed->cls()).shared_body().get() : nullptr);
                instance_ = pushed;
            }
            if (kept->kind != Stmt::Kind::Expression) runtime_.model().stack().unwind(std::max(depth, runtime_.model().stack().depth()));
        } catch (const StopRequest&) {
            runtime_.model().stack().unwind(depth);
        } catch (const Error&) {
            runtime_.model().stack().unwind(depth);
            if (stop_at_error) throw;
            parser->skip_line();
        }
    }
}

void HocInterpreter::run_file(const std::filesystem::path& file, std::span<const std::string>) {
    run_text(file.string(), read_all(file), true);
}

void HocInterpreter::execute(std::string_view text, Object* context, std::string_view source_name) {
    if (auto* instance = dynamic_cast<TemplateInstance*>(context)) {
        execute_text(std::string(text), instance, false);
        return;
    }
    run_text(std::string(source_name), std::string(text), true);
}

void HocInterpreter::execute_text(const std::string& text, TemplateInstance* context, bool braces, std::span<const Value> arguments) {
    const std::string whole = braces ? "{" + text + "}" : text;
    const std::uint32_t source = runtime_.sources().add("<execute>", whole);
    Parser parser(tokenize(source, whole), oracle_of(runtime_));
    std::shared_ptr<TemplateBody> body;
    if (context) {
        body = static_cast<TemplateClass&>(context->cls()).shared_body();
        parser.use_template(body.get());
    }
    Frame frame;  // $1 of a statement that is called with arguments
    frame.arguments = arguments;
    InstanceScope scope(*this, context, arguments.empty() ? nullptr : &frame);
    while (StmtPtr s = parser.next_statement()) {
        std::shared_ptr<Stmt> kept(std::move(s));
        if (kept->kind == Stmt::Kind::Define || kept->kind == Stmt::Kind::Template) keep(kept);
        top_level_ = !braces;
        if (run(*kept) == Flow::Stop) throw StopRequest{};
    }
}

Value HocInterpreter::evaluate(std::string_view expression, Object* context) {
    const std::uint32_t source = runtime_.sources().add("<expression>", std::string(expression));
    Parser parser(tokenize(source, expression), oracle_of(runtime_));
    auto* instance = dynamic_cast<TemplateInstance*>(context);
    if (instance) parser.use_template(static_cast<TemplateClass&>(instance->cls()).shared_body().get());
    const ExprPtr e = parser.whole_expression();
    InstanceScope scope(*this, instance, nullptr);
    return evaluate(*e);
}

CallablePtr HocInterpreter::compile(std::string_view statement, Object* context) {
    return make_counted<Statement>(*this, std::string(statement), context);
}

std::vector<std::string> HocInterpreter::complete(std::string_view prefix) {
    std::vector<std::string> found;
    for (const Symbol* s : runtime_.scope().all())
        if (s->name.starts_with(prefix)) found.push_back(s->name);
    return found;
}

int HocInterpreter::interactive(bool tty) {
    int status = 0;
    std::string pending;
    bool at_end = false;
    const auto open_braces = [](const std::string& text) {
        long depth = 0;
        bool quoted = false, templ = false;
        std::istringstream words(text);
        for (std::string w; words >> w;) {
            if (w == "begintemplate") templ = true;
            if (w == "endtemplate") templ = false;
        }
        bool comment = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i], next = i + 1 < text.size() ? text[i + 1] : '\0';
            if (comment) {
                comment = !(c == '*' && next == '/');
            } else if (quoted) {
                if (c == '\\') ++i;
                quoted = c != '"' && c != '\n';
            } else if (c == '/' && next == '/') {
                while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
            } else if (c == '/' && next == '*') {
                comment = true;
                ++i;
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{') {
                ++depth;
            } else if (c == '}') {
                --depth;
            }
        }
        if (comment) return true;
        return depth > 0 || templ;
    };
    while (!at_end) {
        std::string line;
        if (tty) {
            char* typed = readline(pending.empty() ? "oc>" : ">");
            if (!typed) break;
            line = typed;
            if (!line.empty()) add_history(typed);
            std::free(typed);
        } else if (!std::getline(std::cin, line)) {
            if (pending.empty()) break;
            at_end = true;  // what is still open is reported
        }
        pending += line + "\n";
        if (!at_end && open_braces(pending)) continue;
        const std::string text = std::exchange(pending, {});
        try {
            run_text(tty ? "<prompt>" : "<stdin>", text, true);
        } catch (const Error& error) {
            runtime_.console().err(runtime_.render(error));
            if (!tty) status = 1;
        }
        runtime_.console().flush();
    }
    return status;
}

namespace {
std::unique_ptr<Interpreter> create(Runtime& runtime) { return std::make_unique<HocInterpreter>(runtime); }
const InterpreterFactory factory{"hoc", create};
}  // namespace

}  // namespace nrn::hoc

NRN_CXX_PLUGIN(NRN_PLUGIN_INTERPRETER, "hoc", "1.0.0", "") { return &nrn::hoc::factory; }
