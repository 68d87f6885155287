//! `match`: the subject and its parts are kept in slots of their own; names are bound once a whole pattern fits.

use ruff_python_ast::{
    Identifier, Pattern, PatternMatchClass, PatternMatchMapping, PatternMatchSequence, Singleton,
    StmtMatch,
};
use ruff_text_size::{Ranged, TextRange};

use super::Compiler;
use super::assemble::Label;
use crate::code::{Comparison, Op};
use crate::value::Value;

/// How many slots a pattern keeps values in.
pub(super) fn kept_by(pattern: &Pattern) -> u32 {
    let all = |patterns: &[Pattern]| patterns.iter().map(|one| 1 + kept_by(one)).sum::<u32>();
    match pattern {
        Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => 0,
        Pattern::MatchSequence(one) => all(&one.patterns),
        Pattern::MatchMapping(one) => 3 + all(&one.patterns),
        Pattern::MatchClass(one) => {
            let named = one.arguments.keywords.iter();
            1 + all(&one.arguments.patterns)
                + named.map(|one| 1 + kept_by(&one.pattern)).sum::<u32>()
        }
        Pattern::MatchStar(_) => 1,
        Pattern::MatchAs(one) => 1 + one.pattern.as_deref().map_or(0, kept_by),
        Pattern::MatchOr(one) => all(&one.patterns),
    }
}

/// What a pattern found so far: the names and the slots of their values.
#[derive(Default)]
struct Found {
    names: Vec<(Identifier, u32)>,
    used: u32,
}

impl Compiler<'_> {
    /// `match subject: case …`
    pub(super) fn match_statement(&mut self, one: &StmtMatch) {
        let end = self.asm().label();
        self.expression(&one.subject);
        let mut found = Found::default();
        let subject = self.keep(&mut found);
        let before = found.used;
        for (at, case) in one.cases.iter().enumerate() {
            let next = self.asm().label();
            let mut found = Found {
                used: before,
                ..Found::default()
            };
            if case.guard.is_none() && at + 1 < one.cases.len() {
                self.refuse_irrefutable(&case.pattern);
            }
            self.pattern(&case.pattern, subject, &mut found, next);
            for (name, slot) in std::mem::take(&mut found.names) {
                self.asm().emit(Op::LoadLocal(slot), 1);
                self.at(name.range());
                self.store(&name);
            }
            if let Some(guard) = &case.guard {
                self.condition(guard, false, next);
            }
            self.statements(&case.body);
            self.asm().jump(Op::Jump, end, 0);
            self.asm().bind(next);
        }
        self.asm().bind(end);
    }

    /// A pattern that fits everything must stand last.
    fn refuse_irrefutable(&mut self, pattern: &Pattern) {
        let Pattern::MatchAs(one) = pattern else {
            return;
        };
        match (&one.pattern, &one.name) {
            (None, None) => self.fault("wildcard makes remaining patterns unreachable", one.range),
            (None, Some(name)) => {
                let text = format!("name capture '{name}' makes remaining patterns unreachable");
                self.fault(&text, one.range);
            }
            _ => {}
        }
    }

    /// Keeps what is on the stack in a new slot.
    fn keep(&mut self, found: &mut Found) -> u32 {
        let first = self.here().kept;
        let slot = u32::try_from(first).unwrap_or(u32::MAX) + found.used;
        found.used += 1;
        self.asm().emit(Op::StoreLocal(slot), -1);
        slot
    }

    fn kept(&mut self, slot: u32) {
        self.asm().emit(Op::LoadLocal(slot), 1);
    }

    /// Goes on where the subject in the slot fits, else at `fail`; the stack is then as it was.
    fn pattern(&mut self, pattern: &Pattern, subject: u32, found: &mut Found, fail: Label) {
        self.at(pattern.range());
        match pattern {
            Pattern::MatchValue(one) => {
                self.kept(subject);
                self.expression(&one.value);
                self.at(one.range);
                self.asm().emit(Op::Compare(Comparison::Equal), -1);
                self.asm().jump(Op::JumpIfFalse, fail, -1);
            }
            Pattern::MatchSingleton(one) => {
                self.kept(subject);
                self.push(match one.value {
                    Singleton::None => Value::None,
                    Singleton::True => Value::Bool(true),
                    Singleton::False => Value::Bool(false),
                });
                self.asm().emit(Op::Compare(Comparison::Is), -1);
                self.asm().jump(Op::JumpIfFalse, fail, -1);
            }
            Pattern::MatchSequence(one) => self.sequence_pattern(one, subject, found, fail),
            Pattern::MatchMapping(one) => self.mapping_pattern(one, subject, found, fail),
            Pattern::MatchClass(one) => self.class_pattern(one, subject, found, fail),
            Pattern::MatchStar(one) => {
                if let Some(name) = &one.name {
                    self.capture(name, subject, found);
                }
            }
            Pattern::MatchAs(one) => {
                if let Some(inner) = &one.pattern {
                    self.pattern(inner, subject, found, fail);
                }
                if let Some(name) = &one.name {
                    self.capture(name, subject, found);
                }
            }
            Pattern::MatchOr(one) => self.either(&one.patterns, one.range, subject, found, fail),
        }
    }

    /// The name will stand for what is in the slot.
    fn capture(&mut self, name: &Identifier, subject: u32, found: &mut Found) {
        if found.names.iter().any(|(known, _)| known.id == name.id) {
            let text = format!("multiple assignments to name '{name}' in pattern");
            self.fault(&text, name.range());
            return;
        }
        self.kept(subject);
        let slot = self.keep(found);
        found.names.push((name.clone(), slot));
    }

    fn either(
        &mut self,
        alternatives: &[Pattern],
        range: TextRange,
        subject: u32,
        found: &mut Found,
        fail: Label,
    ) {
        let fits = self.asm().label();
        let before = found.names.len();
        let mut bound: Option<Vec<(Identifier, u32)>> = None;
        for (at, alternative) in alternatives.iter().enumerate() {
            let last = at + 1 == alternatives.len();
            if !last {
                self.refuse_irrefutable(alternative);
            }
            let next = if last { fail } else { self.asm().label() };
            self.pattern(alternative, subject, found, next);
            let here = found.names.split_off(before);
            match &bound {
                None => bound = Some(here),
                Some(first) => {
                    let same = first.len() == here.len()
                        && first
                            .iter()
                            .all(|(name, _)| here.iter().any(|(other, _)| other.id == name.id));
                    if !same {
                        self.fault("alternative patterns bind different names", range);
                    }
                    // The first alternative says where each name's value is kept.
                    for (name, slot) in &here {
                        if let Some((_, kept)) = first.iter().find(|(known, _)| known.id == name.id)
                        {
                            self.kept(*slot);
                            self.asm().emit(Op::StoreLocal(*kept), -1);
                        }
                    }
                }
            }
            if !last {
                self.asm().jump(Op::Jump, fits, 0);
                self.asm().bind(next);
            }
        }
        self.asm().bind(fits);
        found.names.extend(bound.unwrap_or_default());
    }

    /// Asks an instruction that leaves its answer beside the subject.
    fn ask(&mut self, op: Op, subject: u32) {
        self.kept(subject);
        self.asm().emit(op, 1);
        self.asm().emit(Op::Swap, 0);
        self.asm().emit(Op::Pop, -1);
    }

    /// The subject's length must be this, or at least this.
    fn length(&mut self, subject: u32, length: usize, at_least: bool, fail: Label) {
        self.ask(Op::GetLength, subject);
        self.push(Value::from(length));
        let comparison = if at_least {
            Comparison::GreaterEqual
        } else {
            Comparison::Equal
        };
        self.asm().emit(Op::Compare(comparison), -1);
        self.asm().jump(Op::JumpIfFalse, fail, -1);
    }

    /// Takes so many values off the stack into slots, the first on top, then tries the patterns on them.
    fn parts(&mut self, patterns: &[&Pattern], found: &mut Found, fail: Label) {
        let mut slots = Vec::new();
        for _ in patterns {
            slots.push(self.keep(found));
        }
        for (pattern, slot) in patterns.iter().zip(slots) {
            self.pattern(pattern, slot, found, fail);
        }
    }

    fn sequence_pattern(
        &mut self,
        one: &PatternMatchSequence,
        subject: u32,
        found: &mut Found,
        fail: Label,
    ) {
        self.ask(Op::MatchSequence, subject);
        self.asm().jump(Op::JumpIfFalse, fail, -1);
        let stars: Vec<usize> = one
            .patterns
            .iter()
            .enumerate()
            .filter(|(_, pattern)| matches!(pattern, Pattern::MatchStar(_)))
            .map(|(at, _)| at)
            .collect();
        if stars.len() > 1 {
            self.fault(
                "multiple starred expressions in sequence pattern",
                one.range,
            );
            return;
        }
        let count = one.patterns.len() - stars.len();
        self.length(subject, count, !stars.is_empty(), fail);
        self.kept(subject);
        let all = u32::try_from(one.patterns.len()).unwrap_or(u32::MAX);
        let op = match stars.first() {
            Some(&star) => {
                let before = u32::try_from(star).unwrap_or(u32::MAX);
                Op::UnpackStar(before | (all - 1 - before) << 16)
            }
            None => Op::Unpack(all),
        };
        self.asm().emit(op, i64::from(all) - 1);
        self.parts(&one.patterns.iter().collect::<Vec<_>>(), found, fail);
    }

    fn mapping_pattern(
        &mut self,
        one: &PatternMatchMapping,
        subject: u32,
        found: &mut Found,
        fail: Label,
    ) {
        self.ask(Op::MatchMapping, subject);
        self.asm().jump(Op::JumpIfFalse, fail, -1);
        let count = one.keys.len();
        if count > 0 {
            self.length(subject, count, true, fail);
        }
        for key in &one.keys {
            self.expression(key);
        }
        self.at(one.range);
        let all = u32::try_from(count).unwrap_or(u32::MAX);
        self.asm().emit(Op::BuildTuple(all), 1 - i64::from(all));
        let keys = self.keep(found);
        if count > 0 {
            self.kept(subject);
            self.kept(keys);
            self.asm().emit(Op::MatchKeys, 0);
            let values = self.keep(found);
            self.asm().emit(Op::Pop, -1);
            self.kept(values);
            self.asm().jump(Op::JumpIfNone, fail, -1);
            self.kept(values);
            self.asm().emit(Op::Unpack(all), i64::from(all) - 1);
            self.parts(&one.patterns.iter().collect::<Vec<_>>(), found, fail);
        }
        if let Some(rest) = &one.rest {
            self.kept(keys);
            self.kept(subject);
            self.asm().emit(Op::MatchRest, -1);
            let slot = self.keep(found);
            self.capture(rest, slot, found);
        }
    }

    fn class_pattern(
        &mut self,
        one: &PatternMatchClass,
        subject: u32,
        found: &mut Found,
        fail: Label,
    ) {
        let positional = one.arguments.patterns.iter();
        let named = one.arguments.keywords.iter();
        let patterns: Vec<&Pattern> = positional
            .chain(named.clone().map(|keyword| &keyword.pattern))
            .collect();
        self.kept(subject);
        self.expression(&one.cls);
        self.at(one.range);
        let names = named.map(|keyword| Value::Str(self.machine.name(&keyword.attr)));
        let names = Value::tuple(names.collect());
        self.push(names);
        let count = u32::try_from(one.arguments.patterns.len()).unwrap_or(u32::MAX);
        self.asm().emit(Op::MatchClass(count), -2);
        let values = self.keep(found);
        self.kept(values);
        self.asm().jump(Op::JumpIfNone, fail, -1);
        self.kept(values);
        let all = u32::try_from(patterns.len()).unwrap_or(u32::MAX);
        self.asm().emit(Op::Unpack(all), i64::from(all) - 1);
        self.parts(&patterns, found, fail);
    }
}
