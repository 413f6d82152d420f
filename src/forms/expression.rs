//! Conditions and calculations, in CEL (Common Expression Language, cel-spec).

use crate::toml_text::{Faults, did_you_mean};
use cel::common::ast::{Expr, LiteralValue};
use cel::objects::{Key, Map};
use cel::{Env, ExecutionError, Program, Value as Cel};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// What an expression may call beside the operators and macros.
const FUNCTIONS: &[&str] = &["size", "contains", "startsWith", "endsWith", "int", "double", "string", "sum"];
/// The macros, and what they turn into.
const MACROS: &[&str] = &["has", "all", "exists", "exists_one", "map", "filter"];
const VARIABLES: &[&str] = &["answers", "applicant", "today"];
const APPLICANT: &[&str] = &["logged_in", "age", "acting_for"];

/// One compiled expression. Only a definition that has been checked holds one.
#[derive(Debug)]
pub struct Expression {
    program: Program,
    /// The answers it looks at.
    pub(super) answers: BTreeSet<String>,
    /// Where it begins in the file.
    pub(super) offset: usize,
    /// Answers compared with a text: id, text, offset in the file. For the check that the text can ever be the answer.
    pub(super) compared: Vec<(String, String, usize)>,
    /// Where each answer is named in the file.
    pub(super) named_at: Vec<(String, usize)>,
}

impl Expression {
    /// Compiles `source`, whose first character stands at `offset` of the file.
    pub(super) fn compile(source: &str, offset: usize, faults: &mut Faults<'_>) -> Option<Self> {
        if let Some(at) = too_deep(source) {
            faults.add(
                offset + at,
                "the expression is nested too deep, or too long",
                "divide it: let computed fields hold its parts",
            );
            return None;
        }
        let program = match ENV.compile(source) {
            Ok(program) => program,
            Err(errors) => {
                for error in &errors.errors {
                    let (line, column) = error.pos;
                    faults.add(
                        offset + byte_of(source, line, column),
                        format!(
                            "the expression cannot be read: {}",
                            error.msg.split(" expecting ").next().unwrap_or_default()
                        ),
                        "write CEL, for example answers.children > 2 && answers.kind == 'new'",
                    );
                }
                return None;
            }
        };
        let mut walk =
            Walk { program: &program, offset, faults, bound: Vec::new(), named: Vec::new(), compared: Vec::new() };
        walk.visit(program.expression());
        let (named_at, compared) = (walk.named, walk.compared);
        let answers = named_at.iter().map(|(id, _)| id.clone()).collect();
        Some(Expression { program, answers, offset, compared, named_at })
    }

    /// Its value; `None` when it has none, as when a sum is taken of a text.
    fn value(&self, facts: &Facts) -> Option<Cel> {
        let mut context = cel::Context::with_env(ENV.clone());
        context.add_function("sum", sum).ok()?;
        context.add_variable_from_value("answers", Cel::Map(Map { map: facts.answers.clone() }));
        context.add_variable_from_value("applicant", Cel::Map(Map { map: facts.applicant.clone() }));
        context.add_variable_from_value("today", Cel::String(facts.today.clone()));
        self.program.execute(&context).ok()
    }

    /// True when it holds; an expression without a value does not.
    pub(super) fn holds(&self, facts: &Facts) -> bool {
        matches!(self.value(facts), Some(Cel::Bool(true)))
    }

    /// False only when it has a value and that is false: a check over answers that are not all there says nothing.
    pub(super) fn fails(&self, facts: &Facts) -> bool {
        matches!(self.value(facts), Some(Cel::Bool(false)))
    }

    /// Its value as a finite number.
    pub(super) fn number(&self, facts: &Facts) -> Option<f64> {
        match self.value(facts)? {
            Cel::Int(n) => Some(n as f64),
            Cel::UInt(n) => Some(n as f64),
            Cel::Float(n) if n.is_finite() => Some(n),
            _ => None,
        }
    }
}

/// What expressions can see. Shared with each evaluation rather than copied for it: a form has many.
#[derive(Default)]
pub(super) struct Facts {
    answers: Arc<HashMap<Key, Cel>>,
    applicant: Arc<HashMap<Key, Cel>>,
    today: Arc<String>,
}

impl Facts {
    pub(super) fn new(context: &super::Context) -> Self {
        let who = &context.applicant;
        let text = |t: &str| Cel::String(Arc::new(t.to_owned()));
        let applicant = [
            ("logged_in", Cel::Bool(who.logged_in)),
            ("age", who.age.map_or(Cel::Null, Cel::Int)),
            ("acting_for", who.acting_for.map_or(Cel::Null, |a| text(a.word()))),
        ];
        Facts {
            answers: Arc::default(),
            applicant: Arc::new(applicant.into_iter().map(|(k, v)| (key(k), v)).collect()),
            today: Arc::new(context.at.day().to_string()),
        }
    }

    /// An answer, or null for a question that is hidden or not answered. With `fraction` every number is a double, so that
    /// sums and products of them always have the same type.
    pub(super) fn set(&mut self, id: &str, value: Option<&serde_json::Value>, fraction: bool) {
        Arc::make_mut(&mut self.answers).insert(key(id), value.map_or(Cel::Null, |v| to_cel(v, fraction)));
    }
}

fn key(text: &str) -> Key {
    Key::String(Arc::new(text.to_owned()))
}

fn to_cel(value: &serde_json::Value, fraction: bool) -> Cel {
    use serde_json::Value as Json;
    match value {
        Json::Null => Cel::Null,
        Json::Bool(b) => Cel::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(whole) if !fraction => Cel::Int(whole),
            _ => n.as_f64().map_or(Cel::Null, Cel::Float),
        },
        Json::String(s) => Cel::String(Arc::new(s.clone())),
        Json::Array(items) => Cel::List(Arc::new(items.iter().map(|i| to_cel(i, fraction)).collect())),
        Json::Object(members) => {
            Cel::Map(Map { map: Arc::new(members.iter().map(|(k, v)| (key(k), to_cel(v, fraction))).collect()) })
        }
    }
}

/// `sum(answers.budget.map(row, row.amount))`: of numbers, with what is not answered as nothing. Reckoned in hundredths,
/// so that ten öre and twenty öre are thirty.
fn sum(list: Arc<Vec<Cel>>) -> Result<f64, ExecutionError> {
    let mut hundredths = 0f64;
    for item in list.iter() {
        hundredths += match item {
            Cel::Int(n) => *n as f64 * 100.0,
            Cel::UInt(n) => *n as f64 * 100.0,
            Cel::Float(n) => (n * 100.0).round(),
            Cel::Null => 0.0,
            _ => return Err(ExecutionError::function_error("sum", "not a number")),
        };
    }
    Ok(hundredths / 100.0)
}

/// Longer or deeper expressions are nobody's condition; the parser's recursion would end the program.
const LONGEST: usize = 2_000;
const DEEPEST: usize = 16;

/// Where an expression begins to be too deep for the parser: brackets within brackets, signs before signs, a choice
/// within a choice. Brackets within quotes count too; no text of a condition has so many.
fn too_deep(source: &str) -> Option<usize> {
    let (mut brackets, mut signs, mut choices) = (0usize, 0usize, 0usize);
    for (at, c) in source.char_indices() {
        match c {
            '(' | '[' | '{' => brackets += 1,
            ')' | ']' | '}' => brackets = brackets.saturating_sub(1),
            '?' => choices += 1,
            _ => {}
        }
        signs = match c {
            '!' | '-' => signs + 1,
            c if c.is_whitespace() => signs,
            _ => 0,
        };
        if at >= LONGEST || [brackets, signs, choices].iter().any(|depth| *depth > DEEPEST) {
            return Some(at);
        }
    }
    None
}

/// The byte that a line and column (both from 1) of the expression stand at.
fn byte_of(source: &str, line: isize, column: isize) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let column = usize::try_from(column).unwrap_or(1).max(1);
    let before: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = source.get(before..).unwrap_or_default();
    before + rest.char_indices().nth(column - 1).map_or(rest.trim_end().len(), |(n, _)| n)
}

/// Walks an expression for the names it uses.
struct Walk<'p, 'f, 't> {
    program: &'p Program,
    offset: usize,
    faults: &'f mut Faults<'t>,
    bound: Vec<String>,
    named: Vec<(String, usize)>,
    compared: Vec<(String, String, usize)>,
}

impl Walk<'_, '_, '_> {
    fn at(&self, id: u64) -> usize {
        let within = self.program.source_info().offset_for(id).map_or(0, |(start, _)| start as usize);
        self.offset + within
    }

    fn visit(&mut self, node: &cel::IdedExpr) {
        match &node.expr {
            Expr::Ident(name) => self.variable(name, node.id),
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(name) if name == "answers" => {
                    let at = self.at(node.id);
                    self.named.push((select.field.clone(), at));
                }
                Expr::Ident(name) if name == "applicant" => {
                    if !APPLICANT.contains(&select.field.as_str()) {
                        let at = self.at(node.id);
                        self.faults.add(
                            at,
                            format!("nothing is known of applicant.{}", select.field),
                            did_you_mean(&select.field, APPLICANT),
                        );
                    }
                }
                _ => self.visit(&select.operand),
            },
            Expr::Call(call) => {
                self.function(&call.func_name, node.id);
                self.comparison(&call.func_name, &call.args, node.id);
                call.target.iter().for_each(|t| self.visit(t));
                call.args.iter().for_each(|a| self.visit(a));
            }
            Expr::Comprehension(c) => {
                self.visit(&c.iter_range);
                self.visit(&c.accu_init);
                let before = self.bound.len();
                self.bound.extend([c.iter_var.clone(), c.accu_var.clone()]);
                self.bound.extend(c.iter_var2.clone());
                self.visit(&c.loop_cond);
                self.visit(&c.loop_step);
                self.visit(&c.result);
                self.bound.truncate(before);
            }
            Expr::List(list) => list.elements.iter().for_each(|e| self.visit(e)),
            Expr::Map(_) | Expr::Struct(_) => {
                let at = self.at(node.id);
                self.faults.add(at, "maps cannot be made in these expressions", "compare answers with values");
            }
            Expr::Literal(_) | Expr::Unspecified => {}
        }
    }

    fn variable(&mut self, name: &str, id: u64) {
        if name == "answers" {
            let at = self.at(id);
            self.faults.add(at, "`answers` is used without a question", "write answers.<id of the question>");
        } else if !VARIABLES.contains(&name) && !name.starts_with('@') && !self.bound.iter().any(|b| b == name) {
            let at = self.at(id);
            self.faults.add(
                at,
                format!("`{name}` is not known here"),
                format!("write answers.{name} for the answer to a question; else there are applicant.* and today"),
            );
        }
    }

    fn function(&mut self, name: &str, id: u64) {
        let operator = name.contains('_') && !MACROS.contains(&name) || name.starts_with('@') || name == "!_";
        if !operator && !FUNCTIONS.contains(&name) {
            let known: Vec<&str> = FUNCTIONS.iter().chain(MACROS).copied().collect();
            // A call stands where its parenthesis does; its name is what should be pointed at.
            let at = self.at(id);
            let named = self.faults.text().get(..at).is_some_and(|before| before.ends_with(name));
            let at = if named { at - name.len() } else { at };
            self.faults.add(at, format!("there is no function `{name}`"), did_you_mean(name, &known));
        }
    }

    fn comparison(&mut self, operator: &str, sides: &[cel::IdedExpr], id: u64) {
        let ("_==_" | "_!=_" | "@in", [left, right]) = (operator, sides) else { return };
        let answer = |e: &cel::IdedExpr| match &e.expr {
            Expr::Select(s) if matches!(&s.operand.expr, Expr::Ident(n) if n == "answers") => Some(s.field.clone()),
            _ => None,
        };
        let text = |e: &cel::IdedExpr| match &e.expr {
            Expr::Literal(LiteralValue::String(s)) => Some(s.inner().to_owned()),
            _ => None,
        };
        let at = self.at(id);
        for (one, other) in [(left, right), (right, left)] {
            let Some(field) = answer(one) else { continue };
            let texts: Vec<String> = match &other.expr {
                Expr::List(list) => list.elements.iter().filter_map(text).collect(),
                _ => text(other).into_iter().collect(),
            };
            self.compared.extend(texts.into_iter().map(|t| (field.clone(), t, at)));
        }
    }
}
