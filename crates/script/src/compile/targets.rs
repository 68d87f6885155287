//! Targets of assignments: names, attributes, subscripts, and sequences of targets; deletion; augmented assignment.

use ruff_python_ast::{Expr, StmtAugAssign};
use ruff_text_size::Ranged;

use super::Compiler;
use super::expressions::operator;
use crate::code::Op;

impl Compiler<'_> {
    /// Stores what is on the stack into a target.
    pub(super) fn store_target(&mut self, target: &Expr) {
        match target {
            Expr::Name(name) => {
                self.at(name.range);
                self.store(&name.id);
            }
            Expr::Attribute(one) => {
                self.expression(&one.value);
                self.at(one.range);
                let name = self.private(&one.attr);
                let site = self.asm().site(&name);
                self.asm().emit(Op::StoreAttribute(site), -2);
            }
            Expr::Subscript(one) => {
                self.expression(&one.value);
                self.index(&one.slice);
                self.at(one.range);
                self.asm().emit(Op::StoreItem, -3);
            }
            Expr::List(one) => self.store_sequence(&one.elts, target),
            Expr::Tuple(one) => self.store_sequence(&one.elts, target),
            Expr::Starred(one) => self.store_target(&one.value),
            other => self.fault("cannot assign to expression", other.range()),
        }
    }

    /// `a, *b, c = …`
    fn store_sequence(&mut self, items: &[Expr], whole: &Expr) {
        self.at(whole.range());
        let stars: Vec<usize> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| matches!(item, Expr::Starred(_)))
            .map(|(at, _)| at)
            .collect();
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        match stars.as_slice() {
            [] => self.asm().emit(Op::Unpack(count), i64::from(count) - 1),
            [star] => {
                let before = u32::try_from(*star).unwrap_or(u32::MAX);
                let after = count - 1 - before;
                if before > 0xff || after > 0xffff {
                    self.fault(
                        "too many expressions in star-unpacking assignment",
                        whole.range(),
                    );
                    return;
                }
                self.asm()
                    .emit(Op::UnpackStar(before | after << 16), i64::from(count) - 1);
            }
            _ => {
                self.fault("multiple starred expressions in assignment", whole.range());
                return;
            }
        }
        for item in items {
            self.store_target(item);
        }
    }

    /// `del target`
    pub(super) fn delete_target(&mut self, target: &Expr) {
        self.at(target.range());
        match target {
            Expr::Name(name) => self.delete(&name.id),
            Expr::Attribute(one) => {
                self.expression(&one.value);
                self.at(one.range);
                let name = self.private(&one.attr);
                let site = self.asm().site(&name);
                self.asm().emit(Op::DeleteAttribute(site), -1);
            }
            Expr::Subscript(one) => {
                self.expression(&one.value);
                self.index(&one.slice);
                self.at(one.range);
                self.asm().emit(Op::DeleteItem, -2);
            }
            Expr::List(one) => one.elts.iter().for_each(|item| self.delete_target(item)),
            Expr::Tuple(one) => one.elts.iter().for_each(|item| self.delete_target(item)),
            other => self.fault("cannot delete expression", other.range()),
        }
    }

    /// `target ∘= value`: the target's object and index are evaluated once.
    pub(super) fn augmented(&mut self, one: &StmtAugAssign) {
        let operator = operator(one.op);
        match &*one.target {
            Expr::Attribute(target) => {
                self.expression(&target.value);
                self.asm().emit(Op::Duplicate, 1);
                self.at(target.range);
                let name = self.private(&target.attr);
                let site = self.asm().site(&name);
                self.asm().emit(Op::LoadAttribute(site), 0);
                self.expression(&one.value);
                self.at(one.range);
                self.asm().emit(Op::InPlace(operator), -1);
                // `object value` is stored as `value object`.
                self.asm().emit(Op::Swap, 0);
                let site = self.asm().site(&name);
                self.asm().emit(Op::StoreAttribute(site), -2);
            }
            Expr::Subscript(target) => {
                self.expression(&target.value);
                self.index(&target.slice);
                self.asm().emit(Op::DuplicateTwo, 2);
                self.at(target.range);
                self.asm().emit(Op::LoadItem, -1);
                self.expression(&one.value);
                self.at(one.range);
                self.asm().emit(Op::InPlace(operator), -1);
                // `object index value` is stored as `value object index`.
                self.asm().emit(Op::RotateThree, 0);
                self.asm().emit(Op::StoreItem, -3);
            }
            Expr::Name(target) => {
                self.at(target.range);
                self.load(&target.id);
                self.expression(&one.value);
                self.at(one.range);
                self.asm().emit(Op::InPlace(operator), -1);
                self.store(&target.id);
            }
            other => self.fault("illegal expression for augmented assignment", other.range()),
        }
    }
}
