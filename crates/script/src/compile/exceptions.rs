//! `try`, `with`, and the ways out of them: what is around a place is seen to before it is left.

use ruff_python_ast::{
    ExceptHandler, ExceptHandlerExceptHandler, Stmt, StmtTry, StmtWith, WithItem,
};
use ruff_text_size::Ranged;

use super::assemble::Label;
use super::scope::Reach;
use super::{Around, Block, Compiler};
use crate::code::{CodeKind, Op};
use crate::value::Value;

impl Compiler<'_> {
    /// From here on exceptions go to the handler.
    fn protect(&mut self, handler: Label) {
        let range = self.asm().protect();
        self.here().protected.push((range, handler));
    }

    /// The range begun last ends here.
    fn end_protection(&mut self) {
        if let Some((range, handler)) = self.here().protected.pop() {
            self.asm().protected(range, handler);
        }
    }

    /// Something is around what follows; ranges opened after this belong to it.
    pub(super) fn enter_block(&mut self, around: Around) {
        let open = self.here().protected.len();
        self.here().blocks.push(Block { around, open });
    }

    pub(super) fn leave_block(&mut self) {
        self.here().blocks.pop();
    }

    /// Sees to everything around this place down to the block of this number, from the inside out. With `keeps`, the
    /// value on top of the stack is on its way out and stays. What follows is compiled as if nothing had been left.
    pub(super) fn leave_blocks(&mut self, down_to: usize, keeps: bool) {
        let (depth, handling) = (self.asm().depth(), self.asm().handling);
        let mut left = Vec::new();
        let mut broken = Vec::new();
        while self.here().blocks.len() > down_to {
            let Some(block) = self.here().blocks.pop() else {
                break;
            };
            // What is run on the way out is not protected by what is being left.
            while self.here().protected.len() > block.open {
                if let Some((range, handler)) = self.here().protected.pop() {
                    self.asm().protected(range, handler);
                    broken.push((range, handler));
                }
            }
            self.leave_one(&block.around, keeps);
            left.push(block);
        }
        while let Some(block) = left.pop() {
            self.here().blocks.push(block);
        }
        while let Some((range, handler)) = broken.pop() {
            let range = self.asm().again(range);
            self.here().protected.push((range, handler));
        }
        if keeps {
            self.asm().set_depth(depth);
        }
        self.asm().handling = handling;
    }

    fn leave_one(&mut self, around: &Around, keeps: bool) {
        match around {
            Around::Loop(one) => {
                for _ in 0..one.kept {
                    self.drop_under(keeps);
                }
            }
            Around::Finally(body) => {
                if keeps {
                    self.enter_block(Around::Kept);
                }
                self.statements(body);
                if keeps {
                    self.leave_block();
                }
            }
            Around::With => {
                if keeps {
                    self.asm().emit(Op::Swap, 0);
                }
                self.asm().emit(Op::ExitWith, -1);
            }
            Around::Handler(name) => {
                self.asm().emit(Op::EndHandler, 0);
                self.asm().handling = self.asm().handling.saturating_sub(1);
                if let Some(name) = name {
                    self.clear(name);
                }
            }
            Around::Raised => {
                self.asm().emit(Op::EndHandler, 0);
                self.asm().handling = self.asm().handling.saturating_sub(1);
                self.drop_under(keeps);
            }
            Around::Kept => self.drop_under(keeps),
            // A way out of an `except*` is refused where it begins.
            Around::Group => {}
        }
    }

    fn drop_under(&mut self, keeps: bool) {
        if keeps {
            self.asm().emit(Op::Swap, 0);
        }
        self.asm().emit(Op::Pop, -1);
    }

    /// Unbinds a handler's name, bound or not.
    fn clear(&mut self, name: &str) {
        match self.reach(name) {
            Reach::Local => {
                let slot = self.slot(name);
                self.asm().emit(Op::ClearLocal(slot), 0);
            }
            Reach::Cell | Reach::Free => {
                let slot = self.slot(name);
                self.asm().emit(Op::ClearCell(slot), 0);
            }
            Reach::Named | Reach::Global => {
                self.push(Value::None);
                self.store(name);
                self.delete(name);
            }
        }
    }

    /// What was raised lies on the stack: it is being handled from here on. Values under it: `under`.
    fn begin_handler(&mut self, handler: Label, under: i64) {
        self.asm().bind(handler);
        self.asm().set_depth(under + 1);
        self.asm().emit(Op::BeginHandler, 0);
        self.asm().handling += 1;
    }

    /// `try: … except …: … else: … finally: …`
    pub(super) fn try_statement(&mut self, one: &StmtTry) {
        if one.finalbody.is_empty() {
            self.try_except(one);
            return;
        }
        let (failed, end) = (self.asm().label(), self.asm().label());
        let (depth, handling) = (self.asm().depth(), self.asm().handling);
        self.enter_block(Around::Finally(one.finalbody.clone()));
        self.protect(failed);
        if one.handlers.is_empty() {
            self.statements(&one.body);
        } else {
            self.try_except(one);
        }
        self.end_protection();
        self.leave_block();
        self.statements(&one.finalbody);
        self.asm().jump(Op::Jump, end, 0);
        self.begin_handler(failed, depth);
        self.enter_block(Around::Raised);
        self.statements(&one.finalbody);
        self.leave_block();
        self.asm().emit(Op::Reraise, -1);
        self.asm().handling = handling;
        self.asm().bind(end);
        self.asm().set_depth(depth);
    }

    fn try_except(&mut self, one: &StmtTry) {
        let (failed, end) = (self.asm().label(), self.asm().label());
        let (depth, handling) = (self.asm().depth(), self.asm().handling);
        self.protect(failed);
        self.statements(&one.body);
        self.end_protection();
        self.statements(&one.orelse);
        self.asm().jump(Op::Jump, end, 0);
        self.begin_handler(failed, depth);
        if one.is_star {
            self.group_handlers(&one.handlers, depth);
        } else {
            for handler in &one.handlers {
                let ExceptHandler::ExceptHandler(handler) = handler;
                self.handler(handler, depth, end);
            }
            // Nobody wanted it.
            self.asm().emit(Op::Reraise, -1);
        }
        self.asm().handling = handling;
        self.asm().bind(end);
        self.asm().set_depth(depth);
    }

    /// One `except`; what does not fit stays on the stack for the next.
    fn handler(&mut self, one: &ExceptHandlerExceptHandler, depth: i64, end: Label) {
        let (next, cleanup) = (self.asm().label(), self.asm().label());
        let handling = self.asm().handling;
        self.at(one.range);
        if let Some(wanted) = &one.type_ {
            self.expression(wanted);
            self.at(wanted.range());
            self.asm().emit(Op::ExceptionMatches, 0);
            self.asm().jump(Op::JumpIfFalse, next, -1);
        }
        match &one.name {
            Some(name) => {
                self.at(name.range());
                self.store(name);
            }
            None => self.asm().emit(Op::Pop, -1),
        }
        self.enter_block(Around::Handler(one.name.as_ref().map(ToString::to_string)));
        if one.name.is_some() {
            self.protect(cleanup);
        }
        self.statements(&one.body);
        if one.name.is_some() {
            self.end_protection();
        }
        self.leave_block();
        self.asm().emit(Op::EndHandler, 0);
        self.asm().handling = handling - 1;
        if let Some(name) = &one.name {
            self.clear(name);
        }
        self.asm().jump(Op::Jump, end, 0);
        self.asm().handling = handling;
        if let Some(name) = &one.name {
            self.asm().bind(cleanup);
            self.asm().set_depth(depth + 1);
            self.clear(name);
            self.asm().emit(Op::Reraise, -1);
        }
        self.asm().bind(next);
        self.asm().set_depth(depth + 1);
    }

    /// `except*`: each takes its part of the group; what is left, and what the handlers raise, is raised together.
    fn group_handlers(&mut self, handlers: &[ExceptHandler], depth: i64) {
        // Below: the exception, a list of what handlers raised, and the rest of the exception.
        let handling = self.asm().handling;
        self.asm().emit(Op::Duplicate, 1);
        self.asm().emit(Op::BuildList(0), 1);
        self.asm().emit(Op::Swap, 0);
        for handler in handlers {
            let ExceptHandler::ExceptHandler(one) = handler;
            let (other, failed, next) =
                (self.asm().label(), self.asm().label(), self.asm().label());
            self.at(one.range);
            if let Some(wanted) = &one.type_ {
                self.expression(wanted);
                self.at(wanted.range());
            }
            self.asm().emit(Op::SplitGroup, 0);
            self.asm().emit(Op::Duplicate, 1);
            self.asm().jump(Op::JumpIfNone, other, -1);
            self.asm().emit(Op::BeginHandler, 0);
            self.asm().handling += 1;
            match &one.name {
                Some(name) => self.store(name),
                None => self.asm().emit(Op::Pop, -1),
            }
            self.enter_block(Around::Group);
            self.protect(failed);
            self.statements(&one.body);
            self.end_protection();
            self.leave_block();
            if let Some(name) = &one.name {
                self.clear(name);
            }
            self.asm().emit(Op::EndHandler, 0);
            self.asm().jump(Op::Jump, next, 0);
            self.asm().bind(failed);
            self.asm().set_depth(depth + 4);
            if let Some(name) = &one.name {
                self.clear(name);
            }
            self.asm().emit(Op::EndHandler, 0);
            self.asm().handling = handling;
            self.asm().emit(Op::ListAppend(1), -1);
            self.asm().jump(Op::Jump, next, 0);
            self.asm().bind(other);
            self.asm().set_depth(depth + 4);
            self.asm().emit(Op::Pop, -1);
            self.asm().bind(next);
            self.asm().set_depth(depth + 3);
        }
        let done = self.asm().label();
        self.asm().emit(Op::JoinGroups, -2);
        self.asm().emit(Op::Duplicate, 1);
        self.asm().jump(Op::JumpIfNone, done, -1);
        self.asm().emit(Op::Reraise, -1);
        self.asm().bind(done);
        self.asm().set_depth(depth + 1);
        self.asm().emit(Op::Pop, -1);
        self.asm().emit(Op::EndHandler, 0);
    }

    /// `with manager as target, …: body`
    pub(super) fn with(&mut self, one: &StmtWith) {
        if one.is_async {
            self.fault("'async with' outside async function", one.range);
            return;
        }
        self.with_items(&one.items, &one.body);
    }

    fn with_items(&mut self, items: &[WithItem], body: &[Stmt]) {
        let Some((item, rest)) = items.split_first() else {
            self.statements(body);
            return;
        };
        let (failed, suppressed, end) =
            (self.asm().label(), self.asm().label(), self.asm().label());
        let (depth, handling) = (self.asm().depth(), self.asm().handling);
        let place = item.context_expr.range();
        self.expression(&item.context_expr);
        self.at(place);
        self.asm().emit(Op::EnterWith, 1);
        // `exit value`: the value is stored under protection, with the exit alone below it.
        self.asm().set_depth(depth + 1);
        self.enter_block(Around::With);
        self.protect(failed);
        self.asm().set_depth(depth + 2);
        match &item.optional_vars {
            Some(target) => self.store_target(target),
            None => self.asm().emit(Op::Pop, -1),
        }
        self.with_items(rest, body);
        self.end_protection();
        self.leave_block();
        self.at(place);
        self.asm().emit(Op::ExitWith, -1);
        self.asm().jump(Op::Jump, end, 0);
        self.begin_handler(failed, depth + 1);
        self.asm().emit(Op::ExitWithException, 1);
        self.asm().jump(Op::JumpIfTrue, suppressed, -1);
        self.asm().emit(Op::Reraise, -1);
        self.asm().bind(suppressed);
        self.asm().set_depth(depth + 2);
        self.asm().emit(Op::EndHandler, 0);
        self.asm().emit(Op::Pop, -1);
        self.asm().emit(Op::Pop, -1);
        self.asm().handling = handling;
        self.asm().bind(end);
        self.asm().set_depth(depth);
    }

    /// `return value`
    pub(super) fn return_statement(&mut self, one: &ruff_python_ast::StmtReturn) {
        if self.here().kind != CodeKind::Function {
            self.fault("'return' outside function", one.range);
            return;
        }
        let depth = self.asm().depth();
        match &one.value {
            Some(value) => self.expression(value),
            None => self.push(Value::None),
        }
        if self.in_group() {
            self.fault(
                "'break', 'continue' and 'return' cannot appear in an except* block",
                one.range,
            );
        }
        self.leave_blocks(0, true);
        self.at(one.range);
        self.asm().emit(Op::Return, -1);
        self.asm().set_depth(depth);
    }

    fn in_group(&mut self) -> bool {
        self.here()
            .blocks
            .iter()
            .any(|block| matches!(block.around, Around::Group))
    }
}
