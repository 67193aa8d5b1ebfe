// SPDX-License-Identifier: BSD-3-Clause
// Running texts and files.
#include "hoc_interpreter.hpp"

#include <fstream>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "compiler.hpp"
#include "interrupt_guard.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"
#include "parser.hpp"
#include "stdrun/standard_run.hpp"
#include "template_class.hpp"

namespace nrn::hoc {
namespace {

/// Something to call later: compiled at the first call, in the scope it was written in. It does not keep the object whose
/// scope that is, which often keeps the statement (`fih = new FInitializeHandler("p()", this)`), and does nothing once it is gone.
class Statement final : public Callable {
  public:
    Statement(HocInterpreter& h, std::string text, Object* context) : interpreter_(h), text_(std::move(text)), instance_(dynamic_cast<TemplateInstance*>(context)) {
        if (instance_) life_ = instance_->life();
    }
    Value call(CallArgs& args) override {
        if (instance_ && life_.expired()) return {};
        const ObjectPtr keep(instance_);
        if (!program_) program_ = interpreter_.compile_text(text_, instance_ ? &static_cast<TemplateClass&>(instance_->cls()) : nullptr, true);
        const auto running = program_;
        interpreter_.run_program(*running, instance_, args.values());
        return {};
    }
    [[nodiscard]] std::string name() const override { return text_; }
    [[nodiscard]] Kind kind() const override { return Kind::Procedure; }

  private:
    HocInterpreter& interpreter_;
    std::string text_;
    TemplateInstance* instance_;
    std::weak_ptr<const void> life_;
    std::shared_ptr<const HocInterpreter::Program> program_;
};

std::string read_all(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorKind::Io, fmt::format("the file `{}` cannot be read", file.string()));
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

HocInterpreter::HocInterpreter(Runtime& runtime) : runtime_(runtime), vm_(std::make_unique<Vm>(*this)) { register_language_functions(*this); }
HocInterpreter::~HocInterpreter() = default;

bool HocInterpreter::is_global(const std::string& name) const {
    const Symbol* s = runtime_.scope().find(name);
    return s && (s->built_in || s->kind == Symbol::Kind::Class || s->kind == Symbol::Kind::RangeVariable ||
                 (s->kind == Symbol::Kind::Function && s->callable && !dynamic_cast<HocFunction*>(s->callable.get())));
}

bool HocInterpreter::is_declared(const std::string& name) const { return runtime_.scope().find(name) || was_seen(name) || standard_run_has(name); }

TemplateInstance* HocInterpreter::pushed() const { return pushed_objects.empty() ? nullptr : static_cast<TemplateInstance*>(pushed_objects.back().get()); }

std::uint32_t HocInterpreter::source_of(const std::string& name, const std::string& text) {
    constexpr std::size_t kShort = 200, kMost = 10000;
    if (text.size() > kShort) return runtime_.sources().add(name, text);
    const auto [known, is_new] = sources_.try_emplace(name + "\n" + text, 0);
    if (is_new) known->second = runtime_.sources().add(name, text);
    const std::uint32_t source = known->second;
    if (sources_.size() > kMost) sources_.clear();
    return source;
}

void HocInterpreter::run_text(const std::string& name, const std::string& given, Lines lines, TemplateInstance* host) {
    std::string text = given;
    for (std::size_t i = text.find('\r'); i != std::string::npos; i = text.find('\r', i + 1))
        if (i + 1 == text.size() || text[i + 1] != '\n') text[i] = '\n';  // old files end their lines with a carriage return alone
    const std::uint32_t source = source_of(name, text);
    Parser parser(source, text, *this);
    Compiler compiler(runtime_.scope(), implied_numbers);
    running_.push_back(&parser);
    const struct Ended {
        std::vector<Parser*>& running;
        ~Ended() { running.pop_back(); }
    } ended{running_};
    const std::size_t depth = runtime_.model().stack().depth();
    while (true) {
        // object_push changes whose names the next line means.
        const ObjectPtr self(pushed() ? pushed() : host);
        auto* instance = static_cast<TemplateInstance*>(self.get());
        parser.use_template(instance ? static_cast<TemplateClass&>(instance->cls()).shared_body().get() : nullptr, instance && !pushed());
        try {
            const StmtPtr s = parser.next_statement();
            if (!s) return;
            const std::shared_ptr<Code> code = compiler.statement(*s, true);
            (void)vm_->run(*code, instance);
            // A statement of the program itself leaves no section pushed; files that it loads, and other languages, may.
            if (lines == Lines::OfProgram) runtime_.model().stack().unwind(depth);
        } catch (const StopRequest&) {
            runtime_.model().stack().unwind(depth);
        } catch (const Error&) {
            runtime_.model().stack().unwind(depth);
            throw;
        }
    }
}

void HocInterpreter::run_file(const std::filesystem::path& file, std::span<const std::string>) {
    const InterruptGuard guard(runtime_, InterruptGuard::Impatience::Ends);
    run_text(file.string(), read_all(file), Lines::OfProgram);
}

void HocInterpreter::execute(std::string_view text, Object* context, std::string_view source_name) {
    auto* instance = dynamic_cast<TemplateInstance*>(context);
    std::optional<InterruptGuard> guard;
    if (source_name == "<-c>") guard.emplace(runtime_, InterruptGuard::Impatience::Ends);
    if (instance && source_name == kStatement) execute_text(std::string(text), instance, false);
    else run_text(std::string(source_name), std::string(text), Lines::Loaded, instance);
}

std::shared_ptr<const HocInterpreter::Program> HocInterpreter::compile_text(const std::string& text, TemplateClass* context, bool braces) {
    const std::string whole = braces ? "{" + text + "}" : text;
    const std::uint32_t source = source_of("<execute>", whole);
    const std::shared_ptr<TemplateBody> body = context ? context->shared_body() : nullptr;
    Parser parser(source, whole, *this);
    parser.use_template(body.get());
    Compiler compiler(runtime_.scope(), implied_numbers);
    auto program = std::make_shared<Program>();
    while (const StmtPtr s = parser.next_statement()) program->push_back(compiler.statement(*s, !braces));
    return program;
}

void HocInterpreter::run_program(const Program& program, TemplateInstance* context, std::span<const Value> arguments) {
    for (const auto& code : program) (void)vm_->run(*code, context, arguments);
}

void HocInterpreter::execute_text(const std::string& text, TemplateInstance* context, bool braces, std::span<const Value> arguments) {
    auto* cls = context ? &static_cast<TemplateClass&>(context->cls()) : nullptr;
    if (!braces) {  // may define what the next statement needs
        const std::uint32_t source = source_of("<execute>", text);
        const std::shared_ptr<TemplateBody> body = cls ? cls->shared_body() : nullptr;
        Parser parser(source, text, *this);
        parser.use_template(body.get());
        Compiler compiler(runtime_.scope(), implied_numbers);
        while (const StmtPtr s = parser.next_statement()) {
            const std::shared_ptr<Code> code = compiler.statement(*s, true);
            (void)vm_->run(*code, context, arguments);
        }
        return;
    }
    constexpr std::size_t kKeptTexts = 1000;
    const std::string key = (cls ? cls->name() : std::string()) + "\n" + text;
    auto found = compiled_.find(key);
    if (found == compiled_.end()) {
        if (compiled_.size() >= kKeptTexts) compiled_.clear();
        found = compiled_.emplace(key, compile_text(text, cls, true)).first;
    }
    const auto program = found->second;
    run_program(*program, context, arguments);
}

Value HocInterpreter::evaluate(std::string_view expression, Object* context) {
    const std::string text(expression);
    const std::uint32_t source = source_of("<expression>", text);
    Parser parser(source, text, *this);
    auto* instance = dynamic_cast<TemplateInstance*>(context);
    if (instance) parser.use_template(static_cast<TemplateClass&>(instance->cls()).shared_body().get());
    const ExprPtr e = parser.whole_expression();
    const std::shared_ptr<Code> code = Compiler(runtime_.scope(), implied_numbers).expression(*e);
    return vm_->run(*code, instance);
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

std::optional<std::string_view> HocInterpreter::following_text() {
    if (running_.empty()) return {};
    return running_.back()->rest();
}

void HocInterpreter::skip_following_text(std::size_t n) {
    if (!running_.empty()) running_.back()->skip(n);
}

void HocInterpreter::dump(const std::filesystem::path& file, std::string_view what) {
    if (what != "ast" && what != "bytecode") throw Error(ErrorKind::Argument, fmt::format("--dump={} is not known: ast or bytecode", what));
    const std::string text = read_all(file);
    Parser parser(runtime_.sources().add(file.string(), text), text, *this);
    Compiler compiler(runtime_.scope(), implied_numbers);
    while (const StmtPtr s = parser.next_statement()) runtime_.print(what == "ast" ? print_tree(*s) : disassemble(*compiler.statement(*s, true)));
}

}  // namespace nrn::hoc
